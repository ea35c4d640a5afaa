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

# Ends the stages that run. On the embedded Lambda they are killed: the signal may have ended it too, there is
# nothing to restore, and a stage would retry its requests for a minute.
stop_stages() {
    stop_signal=TERM
    ! local_is_over || stop_signal=KILL
    for running in $stages; do
        kill -s "$stop_signal" "${running#*=}" 2>/dev/null || :
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

# stage NAME LIST PROGRAM [WORD...]: a stage of the pipe, in a shell of its own. Its records also go to
# NAME.ndjson in the run directory. Descriptor 4 says to the driver which process it is and how that ended. A
# signal to the whole process group must not end this shell before it has said so.
stage() {
    stage_name=$1 stage_options=$2
    shift 2
    trap : TERM HUP
    stage_status=0
    # The shell's own message, as "Terminated", is for nobody.
    {
        (
            read -r pid _ </proc/self/stat
            echo "started $stage_name=$pid" >&4
            exec_with "$stage_options" "$@" --record "$run_dir/$stage_name.ndjson" 2>&3 3>&- 4>&-
        ) || stage_status=$?
    } 3>&2 2>/dev/null
    echo "ended $stage_name $stage_status" >&4
}

failed='' explained=''

# run_stages PIPE: runs a function that is a pipe of stages, and returns when the last of them has ended. Sets
# $failed if they did not all succeed. The driver reads what they say from descriptor 3; that ends with the last
# process that can write it. The pipe has a name only until both of its ends are open.
run_stages() {
    mkfifo "$run_dir/pipes/stages" || {
        failed=$EXIT_FAILED
        return
    }
    # shellcheck disable=SC2094 # a pipe
    exec 4<>"$run_dir/pipes/stages" 3<"$run_dir/pipes/stages"
    rm -f -- "$run_dir/pipes/stages"
    "$1" 3<&- >/dev/null &
    pipe=$!
    exec 4>&-
    while read -r event stage_name stage_status <&3 || [ -n "$interrupted" ]; do
        interrupted=''
        case $event in
        started) stage_started "$stage_name" ;;
        ended)
            stage_ended "$stage_name" "$stage_status"
            [ "$stage_name" != publish ] || note_branch Publisher
            ;;
        esac
        event=''
    done
    exec 3<&-
    wait_for "$pipe"
    [ -z "$stages" ] || stage_ended "${stages%%=*}" 137
    stages=''
    [ -z "$failed" ] || explain "a stage ended early"
}

# stage_started NAME=PID: notes a stage, and ends it if a signal or a failure came before it started.
stage_started() {
    stages="$stages$1 "
    [ -z "$signal$failed" ] || stop_stages
}

# stage_ended NAME STATUS: forgets a stage. If it failed, the other stages are stopped and $failed is set to the
# exit code of the run. A stage reports its own failures; only one that was killed cannot. A stage that ended
# because its reader is gone (141) or because it was stopped (129, 143) is not the cause.
stage_ended() {
    case $stages in
    *"$1="*) stages=${stages%"$1="*}${stages#*"$1="* } ;;
    esac
    case $2 in
    0) return 0 ;;
    129 | 141 | 143) ;;
    *)
        [ "$2" -lt 128 ] || explain "$1: ended by signal $(($2 - 128))"
        explained=yes
        ;;
    esac
    case $2 in
    "$EXIT_NOT_RESTORED") failed=$2 ;;
    "$EXIT_USAGE") failed=${failed:-$2} ;;
    *) failed=${failed:-$EXIT_FAILED} ;;
    esac
    stop_stages
}

# explain TEXT...: reports why the run failed. Only the first reason is reported, and none after a signal.
explain() {
    [ -n "$signal$explained" ] || say "$*"
    explained=yes
}
