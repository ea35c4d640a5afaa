# shellcheck shell=sh
# Signals, and how a run ends. Sourced by parts.sh.
#
# Signals, and what a run does then. "Cleanup" is the state Cleaner: restore $LATEST, delete the versions of
# the run.
#
#   first Ctrl-C (INT)          The stages get TERM. After cleanup the driver ends by the same signal, so that its
#                               parent process sees the cause. During cleanup: a message, cleanup continues, and
#                               the driver ends by the signal after it.
#   second Ctrl-C               A message that the function is being restored. Cleanup continues.
#   third Ctrl-C                Within 2 s of the second: cleanup is stopped (KILL), a message says how to finish
#                               it (power-tune --recover DIR), exit code 3. Later: as the second.
#   TERM, HUP                   As the first Ctrl-C. More of them only print the message.
#   PIPE (a reader is gone)     As TERM, but without a message: the messages may be what nobody reads any more.
#   a stage's reader is gone    The stage ends by SIGPIPE, which is not reported: the stage that ended first is the
#                               cause, and was reported.
#   a stage is killed           "STAGE: ended by signal N". The other stages get TERM. Then cleanup; exit code 1.
#   the run directory vanishes  The stage that needs it fails. Cleanup works from the plan in memory; exit code 1.
#   the driver is killed (KILL) The stages end with it (--parent), and pt-apply restores $LATEST first. Versions of
#                               the run remain until power-tune --recover DIR.
#
# With --local nothing needs to be restored: a signal kills the stages, and cleanup does nothing.
# tests/signals.bats has a test for each line.

# on_signal NAME: the trap of all signals; see the table above.
on_signal() {
    interrupted=yes
    [ -z "$signal" ] || [ "$1" != INT ] || on_repeated_interrupt
    earlier_signal=$signal
    signal=${signal:-$1}
    if local_is_over; then
        [ -z "$apply_pid" ] || kill -KILL "$apply_pid" 2>/dev/null || :
        stop_stages
    elif [ -z "$earlier_signal$cleaning" ]; then
        stop_stages
    elif [ "$1" != PIPE ]; then
        say "restoring the function; this takes a moment"
    fi
}

# Sets the traps of a run.
catch_signals() {
    trap 'on_signal INT' INT
    trap 'on_signal TERM' TERM
    trap 'on_signal HUP' HUP
    trap 'on_signal PIPE' PIPE
    trap end_unforeseen EXIT
}

last_interrupt=''

# Ctrl-C after an earlier signal. Two of them within 2 s stop the cleanup.
on_repeated_interrupt() {
    interrupt=$(date +%s)
    if [ -n "$last_interrupt" ] && [ $((interrupt - last_interrupt)) -le 2 ]; then
        [ -z "$apply_pid" ] || kill -KILL "$apply_pid" 2>/dev/null || :
        say "interrupted: cleanup is incomplete; to finish: power-tune --recover '$run_dir'"
        end "$EXIT_NOT_RESTORED"
    fi
    last_interrupt=$interrupt
}

# Ends the stages that run. On the embedded Lambda they are killed: the signal may have ended it too, there is
# nothing to restore, and a stage would retry its requests for a minute. The filters logparse and stats end
# with their input: the statistics of what was measured are written first.
stop_stages() {
    stop_signal=TERM
    ! local_is_over || stop_signal=KILL
    for running in $stages; do
        case $stop_signal,$running in
        TERM,logparse=* | TERM,stats=*) ;;
        *) kill -s "$stop_signal" "${running#*=}" 2>/dev/null || : ;;
        esac
    done
}

# wait_for PID: waits for a process, however many signals arrive meanwhile, and sets $status to its exit
# status. A wait that a signal interrupts is repeated. If the process had ended before that, the shell does not
# know it any more (127), and the status of the first wait is the exit status.
wait_for() {
    status=127
    while :; do
        interrupted='' waited=0
        wait "$1" 2>/dev/null || waited=$?
        [ "$waited" -eq 127 ] || status=$waited
        [ -n "$interrupted" ] || break
    done
}

# ---- ends -----------------------------------------------------------------------------------------------------------

# end STATUS: ends the program after everything is restored, and notes how the run ended.
end() {
    trap - INT TERM HUP PIPE EXIT
    note_end "$1"
    stop_local
    exit "$1"
}

# The trap on EXIT. The shell itself may end the program, for example when a redirection fails: the function
# is restored first.
end_unforeseen() {
    trap - EXIT
    [ -z "$begun" ] || CleanUpOnError
    note_end "$EXIT_FAILED"
    stop_local
}

# Ends the program by the signal that stopped the run, so that its parent process sees that signal.
end_by_signal() {
    [ ! -s "$run_dir/result.json" ] || say "the result is in '$run_dir/result.json'"
    note_end "$EXIT_FAILED" "$signal"
    stop_local
    trap - INT TERM HUP PIPE EXIT
    kill -s "$signal" $$
    exit "$EXIT_FAILED"
}
