# shellcheck shell=sh disable=SC2034,SC2154 # names that power-tune and its other parts share
# Gates, and the summary for a comment: what pipelines ask of a run. Sourced by power-tune.

# A condition that nobody can judge must not be found out when the run is paid for.
check_gate() {
    [ -z "$gate_options" ] || (exec_with "$gate_options" pt-gate --check) || exit "$EXIT_USAGE"
}

# A dry run measures nothing.
has_figures() {
    [ "$(plan_member .dryRun)" != true ]
}

# 0, 4 when a condition holds, and 1 when one cannot be judged.
judge_gate() {
    [ -n "$gate_options" ] || return 0
    has_figures || {
        say "a dry run measures nothing: there is nothing to judge"
        return 0
    }
    gate_status=0
    (exec_with "$gate_options" pt-gate "$run_dir") >/dev/null || gate_status=$?
    [ "$gate_status" -eq 0 ] || [ "$gate_status" -eq "$EXIT_GATE" ] || gate_status=$EXIT_FAILED
    return "$gate_status"
}

# The URL of the chart with everything encoded that could end a link.
chart_link() {
    jq -r '.stateMachine.visualization
        | gsub("(?<byte>[^!-~]|[()<>\\[\\]\\\\`\"])"; .byte | @uri | gsub("\\("; "%28") | gsub("\\)"; "%29"))' "$run_dir/result.json"
}

# The name is in a code span, which no byte of it may end.
write_summary() {
    # shellcheck disable=SC2016 # Markdown
    printf '### power-tune: `%s`\n\n' "$(printf %s "$(plan_member .functionName)" | tr -c 'A-Za-z0-9._:$-' '?')"
    (exec_with "$pick_options$choose_options" pt-pick --format table) <"$run_dir/stats.ndjson" | sed -n '1p;1q'
    echo
    (exec_with "$pick_options$choose_options" pt-pick --format markdown) <"$run_dir/stats.ndjson" || return
    printf '\n[Chart](%s)\n' "$(chart_link)"
    [ -n "$gate_options" ] || return 0
    echo
    (exec_with "$gate_options" pt-gate --format markdown "$run_dir") 2>/dev/null || [ "$?" -eq "$EXIT_GATE" ]
}

# The last that a good run writes.
print_result() {
    if [ -n "$summary" ] && has_figures; then
        write_summary
    else
        print <"$run_dir/result.json"
    fi
}
