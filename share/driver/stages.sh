# shellcheck shell=sh disable=SC2034,SC2154 # names that power-tune and its other parts share
# The stages of a run: processes that are joined by pipes, and the signals that end them. Sourced by
# power-tune.
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
#   a stage's reader is gone    The stage ends with status 141, which is not reported: the stage that ended first
#                               is the cause, and has reported it.
#   a stage is killed           "STAGE: ended by signal N". The other stages get TERM. Then cleanup; exit code 1.
#   the run directory vanishes  The stage that needs it fails. Cleanup works from the plan in memory; exit code 1.
#   the driver is killed (KILL) The stages end with it (--parent), and pt-apply restores $LATEST first. Versions of
#                               the run remain until power-tune --recover DIR.
#
# With --local nothing needs to be restored: a signal kills the stages, and cleanup does nothing.

# ---- signals --------------------------------------------------------------------------------------------------------

signal='' stages='' cleaning='' apply_pid='' last_interrupt=''

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

# Ctrl-C after an earlier signal. Two of them within 2 s stop the cleanup.
on_repeated_interrupt() {
    now=$(date +%s)
    if [ -n "$last_interrupt" ] && [ $((now - last_interrupt)) -le 2 ]; then
        [ -z "$apply_pid" ] || kill -KILL "$apply_pid" 2>/dev/null || :
        say "interrupted: cleanup is incomplete; to finish: power-tune --recover '$run_dir'"
        end "$EXIT_NOT_RESTORED"
    fi
    last_interrupt=$now
}

# Ends all stages. On the embedded Lambda they are killed: the signal may have ended it too, there is nothing
# to restore, and a stage would retry its requests for a minute.
stop_stages() {
    stop_signal=TERM
    ! local_is_over || stop_signal=KILL
    for pid in $stages; do
        kill -s "$stop_signal" "$pid" 2>/dev/null || :
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

# ---- the stages -----------------------------------------------------------------------------------------------------

# The driver opens both ends of the pipes between the stages. If each stage opened its own end by name, one
# would wait for ever when the stage at the other end was stopped before it opened the pipe. The next stage
# reads from descriptor 3.

# open_pipe NAME: opens a pipe; descriptor 4 reads from it, 5 writes to it.
open_pipe() {
    mkfifo "$run_dir/pipes/$1" || return
    exec 6<>"$run_dir/pipes/$1"
    exec 4<"$run_dir/pipes/$1"
    exec 5>"$run_dir/pipes/$1" 6>&-
    rm -f -- "$run_dir/pipes/$1"
}

# start NAME COMMAND...: starts a stage in the background. Its output goes to NAME.ndjson in the run directory
# and to the next stage.
start() {
    stage=$1
    shift
    open_pipe "$stage" || return
    "$@" <&3 >&5 3<&- 4<&- 5>&- &
    stages="$stages $!"
    pids="$pids $stage=$!"
    exec 3<&4 5>&- 4<&-
    open_pipe "${stage}_next" || return
    # A signal to the whole process group must not end it before it has written what was paid for.
    (
        trap '' INT TERM HUP
        exec tee -- "$run_dir/$stage.ndjson"
    ) <&3 >&5 3<&- 4<&- 5>&- &
    pids="$pids ${stage}_tee=$!"
    exec 3<&4 5>&- 4<&-
}

failed='' explained='' pids=''

# pid_of NAME: prints the process id of the last stage that was started with this name, or nothing.
pid_of() {
    case $pids in
    *" $1="*) printf '%s\n' "${pids##* "$1="}" | sed 's/ .*//' ;;
    esac
}

# finish NAME: waits for a stage and for the process that writes its records. If one of them failed, the other
# stages are stopped and $failed is set to the exit code of the run. A stage reports its own failures; only
# one that was killed cannot. A stage that ended because its reader is gone (141) or because it was stopped
# (143) is not the cause.
finish() {
    pid=$(pid_of "$1")
    [ -n "$pid" ] || return 0
    wait_for "$pid"
    stage_status=$status
    wait_for "$(pid_of "${1}_tee")"
    case $stage_status,$status in
    0,0 | 0,141 | 0,143) return 0 ;;
    0,*) explain "$1: cannot write its records to '$run_dir'" ;;
    141,* | 143,*) ;;
    *)
        if [ "$stage_status" -ge 128 ]; then
            explain "$1: ended by signal $((stage_status - 128))"
        fi
        explained=yes
        ;;
    esac
    case $stage_status in
    "$EXIT_NOT_RESTORED") failed=$stage_status ;;
    "$EXIT_USAGE") failed=${failed:-$stage_status} ;;
    *) failed=${failed:-$EXIT_FAILED} ;;
    esac
    stop_stages
}

# explain TEXT...: reports why the run failed. Only the first reason is reported, and none after a signal.
explain() {
    [ -n "$signal$explained" ] || say "$*"
    explained=yes
}
