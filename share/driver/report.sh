# shellcheck shell=sh disable=SC2034,SC2154 # names that power-tune and its other parts share
# What a good run leaves: its report, where one is asked for, and its result. Sourced by power-tune.

# What would fail at the end must not be found out when the run is paid for.
check_report() {
    [ -n "$report" ] || return 0
    [ ! -d "$report" ] || die "$EXIT_USAGE" "--report: '$report' is a folder"
    report_dir=$(dirname -- "$report")
    [ -d "$report_dir" ] || die "$EXIT_USAGE" "--report: there is no folder '$report_dir'"
    probe=$(mktemp "$report_dir/.power-tune-XXXXXX" 2>/dev/null) || die "$EXIT_USAGE" "--report: cannot write in '$report_dir'"
    rm -f -- "$probe"
    (exec_with "$report_options--version$sep" pt-report) >/dev/null || exit "$EXIT_USAGE"
}

# write_report SOURCE...: the file has the permissions that the person's own umask gives it.
write_report() {
    [ -n "$report" ] || return 0
    (
        umask "$own_umask"
        exec_with "$report_options" pt-report --quiet "--output=$report" "$@"
    )
}

write_run_report() {
    [ -n "$report" ] || return 0
    if [ "$(plan_member .dryRun)" = true ]; then
        say "a dry run measures nothing: there is no report"
        return 0
    fi
    write_report "$run_dir" || {
        say "the run is good, its report is not written; to write it: pt-report --output FILE '$run_dir'"
        return 1
    }
}

# The end of a good run: the result is printed last of all, and stays in the run directory when something is wrong.
deliver() {
    delivered=0
    judge_gate || delivered=$?
    write_run_report || delivered=$EXIT_FAILED
    if [ "$delivered" -eq "$EXIT_FAILED" ] || [ -n "$signal" ]; then
        [ -z "$signal" ] || end_by_signal
        say "the result is in '$run_dir/result.json'"
        end "$delivered"
    fi
    if ! print_result; then
        say "the run is good, its result is in '$run_dir/result.json'"
        end "$EXIT_FAILED"
    fi
    end "$delivered"
}
