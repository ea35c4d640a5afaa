# shellcheck shell=sh
# The output of a run that succeeded: its report (--report) and its result. Sourced by parts.sh.

# Checks --report now: a mistake must not be found after the invocations were paid for.
check_report() {
    [ -n "$report" ] || return 0
    [ ! -d "$report" ] || die "$EXIT_USAGE" "--report: '$report' is a folder"
    report_dir=$(dirname -- "$report")
    [ -d "$report_dir" ] || die "$EXIT_USAGE" "--report: the folder '$report_dir' does not exist"
    probe=$(mktemp "$report_dir/.power-tune-XXXXXX" 2>/dev/null) || die "$EXIT_USAGE" "--report: cannot write in '$report_dir'"
    rm -f -- "$probe"
    add_to last --version
    (exec_with 'report last' pt-report) >/dev/null || exit "$EXIT_USAGE"
}

# write_report SOURCE...: writes the report, with the permissions of the user's own umask.
write_report() {
    [ -n "$report" ] || return 0
    (
        umask "$own_umask"
        exec_with report pt-report --quiet "--output=$report" "$@"
    )
}

# Writes the report of this run, if --report asks for one.
write_run_report() {
    [ -n "$report" ] || return 0
    if [ "$dry_run" = true ]; then
        say "a dry run measures nothing: --report is not applied"
        return 0
    fi
    write_report "$run_dir" || {
        say "the run succeeded, but its report was not written; to write it: pt-report --output FILE '$run_dir'"
        return 1
    }
}

# Ends a run that succeeded: judges --fail-if, writes the report, and prints the result last. When one of them
# fails, the result is still in the run directory.
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
        say "the run succeeded; its result is in '$run_dir/result.json'"
        end "$EXIT_FAILED"
    fi
    end "$delivered"
}
