# shellcheck shell=sh
# For CI pipelines: the conditions of --fail-if, and the summary for a comment on a pull request. Sourced by
# parts.sh.

# Checks --fail-if and --baseline now: a mistake must not be found after the invocations were paid for.
check_gate() {
    ! has gate || (exec_with gate pt-gate --check) || exit "$EXIT_USAGE"
}

# Judges the conditions of --fail-if. Returns 0 when none holds, 4 when one holds, 1 when one cannot be
# judged.
judge_gate() {
    has gate || return 0
    [ "$dry_run" != true ] || {
        say "a dry run measures nothing: --fail-if is not applied"
        return 0
    }
    gate_status=0
    (exec_with gate pt-gate "$run_dir") >/dev/null || gate_status=$?
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
    pick --format table <"$run_dir/stats.ndjson" | sed -n '1p;1q'
    echo
    pick --format markdown <"$run_dir/stats.ndjson" || return
    printf '\n[Chart](%s)\n' "$(chart_link)"
    has gate || return 0
    echo
    (exec_with gate pt-gate --format markdown "$run_dir") 2>/dev/null || [ "$?" -eq "$EXIT_GATE" ]
}

# Prints the result, or with --summary the summary: the last output of a run that succeeded.
print_result() {
    if [ -n "$summary" ] && [ "$dry_run" != true ]; then
        write_summary
    else
        print <"$run_dir/result.json"
    fi
}
