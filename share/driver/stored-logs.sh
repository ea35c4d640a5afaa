# shellcheck shell=sh disable=SC2034,SC2154 # names that power-tune and its other parts share
# --from-logs: statistics and advice from existing logs, without an invocation. Sourced by power-tune.

# sort_logs WORD...: sorts the words into $logs (files) and $functions. Names and ARNs of functions contain no
# dot, and a slash only as the name of a log group.
sort_logs() {
    for word; do
        kind=logs
        case $word in
        -) ;;
        arn:*:function:* | /aws/*) kind=functions ;;
        *[!A-Za-z0-9_-]*) ;;
        *) kind=functions ;;
        esac
        [ ! -e "$word" ] || kind=logs
        case $kind in
        logs) logs=$logs$word$sep ;;
        functions) functions=$functions$word$sep ;;
        esac
    done
}

# Prints the measurements of all logs. A stage that fails appends its status to $work/failed; the others
# continue.
read_logs() {
    {
        [ -z "$functions" ] || (exec_with "$aws_options$fetch_options$functions" pt-logs) || echo "$?" >>"$work/failed"
    } | {
        [ -z "$functions" ] || pt-logparse || echo "$?" >>"$work/failed"
    }
    [ -z "$logs" ] || (exec_with "$logs" pt-logparse) || echo "$?" >>"$work/failed"
}

# Does --from-logs. Nothing is invoked, and no run directory is made.
from_logs() {
    check_report
    [ -z "$prices" ] || use_prices "$prices"
    [ -n "$arguments" ] || die "$EXIT_USAGE" "--from-logs: no log and no function named"
    [ -z "$pick_options" ] || check_pick_options
    call_with "$arguments" sort_logs
    region=${region:-${AWS_REGION:-${AWS_DEFAULT_REGION:-}}}
    [ -z "$region" ] || price_options=$price_options--region=$region$sep
    work=$(mktemp -d) || die "$EXIT_FAILED" "cannot create a folder for temporary files"
    trap 'rm -rf -- "$work"' EXIT
    trap 'exit "$EXIT_FAILED"' INT TERM HUP
    : >"$work/failed"
    [ -n "$logs" ] || exec </dev/null
    read_logs | (exec_with "$stats_options$price_options" pt-stats --by functionName,power) >"$work/stats" || exit
    status=$(sort -n "$work/failed" | tail -n 1)
    [ -s "$work/stats" ] || [ -z "$status" ] || exit "$status"
    status=0
    (exec_with "$advise_options$pick_options" pt-advise) <"$work/stats" >"$work/advice" || status=$?
    [ -n "$quiet" ] || [ "$status" -ne 0 ] || (exec_with "$advise_options$pick_options" pt-advise --format table) <"$work/stats" >&2
    if [ -n "$report" ] && [ "$status" -eq 0 ]; then
        cat "$work/stats" "$work/advice" >"$work/logs" && write_report "$work/logs" || status=$EXIT_FAILED
    fi
    print <"$work/advice" || status=$EXIT_FAILED
    [ "$status" -ne 0 ] || status=$(sort -n "$work/failed" | tail -n 1)
    exit "${status:-0}"
}
