# shellcheck shell=sh disable=SC2034,SC2154 # names that power-tune and its other parts share
# For CI pipelines: the conditions of --fail-if, and the summary for a comment on a pull request. Sourced by
# power-tune.

# Checks --fail-if and --baseline now: a mistake must not be found after the invocations were paid for.
check_gate() {
    [ -z "$gate_options" ] || (exec_with "$gate_options" pt-gate --check) || exit "$EXIT_USAGE"
}

# True when the run has measurements: a dry run has none.
has_figures() {
    [ "$(plan_member .dryRun)" != true ]
}

# Judges the conditions of --fail-if. Returns 0 when none holds, 4 when one holds, 1 when one cannot be
# judged.
judge_gate() {
    [ -n "$gate_options" ] || return 0
    has_figures || {
        say "a dry run measures nothing: --fail-if is not applied"
        return 0
    }
    gate_status=0
    (exec_with "$gate_options" pt-gate "$run_dir") >/dev/null || gate_status=$?
    [ "$gate_status" -eq 0 ] || [ "$gate_status" -eq "$EXIT_GATE" ] || gate_status=$EXIT_FAILED
    return "$gate_status"
}

# Prints the URL of the chart, with every character encoded that could end a Markdown link.
chart_link() {
    jq -r '.stateMachine.visualization
        | gsub("(?<byte>[^!-~]|[()<>\\[\\]\\\\`\"])"; .byte | @uri | gsub("\\("; "%28") | gsub("\\)"; "%29"))' "$run_dir/result.json"
}

# Prints the summary as Markdown. The function's name is in a code span: bytes that could end it are replaced.
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

# Prints the result, or with --summary the summary: the last output of a run that succeeded.
print_result() {
    if [ -n "$summary" ] && has_figures; then
        write_summary
    else
        print <"$run_dir/result.json"
    fi
}
