# shellcheck shell=sh
# Messages, and output that may fail. Sourced by parts.sh.

# say TEXT...: one message on standard error. A message that cannot be written (the terminal is closed) must
# not end the run before the function is restored.
say() {
    printf '%s: %s\n' "$name" "$(safe "$*")" >&2 || :
}

# die STATUS TEXT...: a message, and the end of this process. For use before a run has begun.
die() {
    status=$1
    shift
    say "$*"
    exit "$status"
}

# print: copies standard input to standard output like cat, but reports a write error as this program's own
# message. When the reader has closed the pipe, there is nothing to report.
print() {
    (exec 3>&1) 2>/dev/null || {
        say "cannot write standard output: Bad file descriptor"
        return "$EXIT_FAILED"
    }
    print_status=0
    { print_problem=$(cat 2>&1 >&3); } 3>&1 || print_status=$?
    case $print_status in
    0 | 141) return "$print_status" ;;
    esac
    say "cannot write standard output: ${print_problem##*: }"
    return "$EXIT_FAILED"
}
