# shellcheck shell=sh disable=SC2034,SC2154 # names that power-tune and its other parts share
# The stages of a run: processes that pipes join, and the signals that end them. Sourced by power-tune.

# ---- signals --------------------------------------------------------------------------------------------------------

signal='' stages='' cleaning='' put_back_pid='' pressed=''

# The first signal stops the stages. While things are put back it only says so, but for who insists: Ctrl-C for the third
# time, within 2 s of the second, lets go. A broken pipe may be that of the messages, and is not talked about.
on_signal() {
    interrupted=yes
    [ -z "$signal" ] || [ "$1" != INT ] || insist
    earlier_signal=$signal
    signal=${signal:-$1}
    if local_is_over; then
        [ -z "$put_back_pid" ] || kill -KILL "$put_back_pid" 2>/dev/null || :
        stop_stages
    elif [ -z "$earlier_signal$cleaning" ]; then
        stop_stages
    elif [ "$1" != PIPE ]; then
        say "putting the function back; this takes a moment"
    fi
}

catch_signals() {
    trap 'on_signal INT' INT
    trap 'on_signal TERM' TERM
    trap 'on_signal HUP' HUP
    trap 'on_signal PIPE' PIPE
    trap end_unforeseen EXIT
}

insist() {
    now=$(date +%s)
    if [ -n "$pressed" ] && [ $((now - pressed)) -le 2 ]; then
        [ -z "$put_back_pid" ] || kill -KILL "$put_back_pid" 2>/dev/null || :
        say "let go: not everything was put back; to finish: power-tune --recover '$run_dir'"
        end "$EXIT_NOT_RESTORED"
    fi
    pressed=$now
}

# What ends a stage. One that works on an embedded Lambda, which the same signal may have ended, has nothing to put back and
# would try for a minute.
stop_stages() {
    stop_signal=TERM
    ! local_is_over || stop_signal=KILL
    for pid in $stages; do
        kill -s "$stop_signal" "$pid" 2>/dev/null || :
    done
}

# Waits for a process through any number of signals; its status is in $status. A wait that a signal has interrupted is repeated.
# If the process had ended before the signal, the shell no longer knows it (127): the first status is its own then.
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

# A stage is joined to the next by pipes that are opened here, at both ends: whoever opened one by its name would wait for
# ever when the process at its other end was stopped before it had opened its own. The next stage reads from 3.

# open_pipe NAME: a pipe that is read from 4 and written to 5.
open_pipe() {
    mkfifo "$run_dir/pipes/$1" || return
    exec 6<>"$run_dir/pipes/$1"
    exec 4<"$run_dir/pipes/$1"
    exec 5>"$run_dir/pipes/$1" 6>&-
    rm -f -- "$run_dir/pipes/$1"
}

# start NAME COMMAND...: a stage in the background; what it writes goes to the run directory and to the next stage.
start() {
    stage=$1
    shift
    open_pipe "$stage" || return
    "$@" <&3 >&5 3<&- 4<&- 5>&- &
    stages="$stages $!"
    pids="$pids $stage=$!"
    exec 3<&4 5>&- 4<&-
    open_pipe "${stage}_next" || return
    tee -- "$run_dir/$stage.ndjson" <&3 >&5 3<&- 4<&- 5>&- &
    pids="$pids ${stage}_tee=$!"
    exec 3<&4 5>&- 4<&-
}

failed='' said='' pids=''

# pid_of NAME: of the stage that was started last by that name; nothing when it was not started.
pid_of() {
    case $pids in
    *" $1="*) printf '%s\n' "${pids##* "$1="}" | sed 's/ .*//' ;;
    esac
}

# Waits for a stage and for what writes its records; a failure ends the run. Every stage says itself why it failed: only one
# that was killed cannot. One that ended because its reader went away, or because it was stopped, is not the cause.
finish() {
    pid=$(pid_of "$1")
    [ -n "$pid" ] || return 0
    wait_for "$pid"
    stage_status=$status
    wait_for "$(pid_of "${1}_tee")"
    case $stage_status,$status in
    0,0 | 0,141 | 0,143) return 0 ;;
    0,*) explain "$1: its records could not be written to '$run_dir'" ;;
    141,* | 143,*) ;;
    *)
        if [ "$stage_status" -ge 128 ]; then
            explain "$1: ended by signal $((stage_status - 128))"
        fi
        said=yes
        ;;
    esac
    case $stage_status in
    "$EXIT_NOT_RESTORED") failed=$stage_status ;;
    "$EXIT_USAGE") failed=${failed:-$stage_status} ;;
    *) failed=${failed:-$EXIT_FAILED} ;;
    esac
    stop_stages
}

# Says why the run failed, unless that was said, or it is known to whoever sent the signal.
explain() {
    [ -n "$signal$said" ] || say "$*"
    said=yes
}
