# shellcheck shell=sh
# The stages of a run: programs that are joined by pipes. Sourced by parts.sh.

# stage NAME LISTS PROGRAM [WORD...]: a stage of the pipe, in a shell of its own. Its records also go to
# NAME.ndjson in the run directory. Descriptor 4 says to the driver which process it is and how that ended; the
# program has it open too, so that the driver waits for a program whose shell was killed. This shell has the
# stage's ends of the pipes open, so that the other stages notice only then. A signal to the whole process group
# must not end it before.
stage() {
    stage_name=$1 stage_lists=$2
    shift 2
    trap : TERM HUP
    stage_status=0
    # The shell's own message, as "Terminated", is for nobody.
    {
        (
            read -r pid _ </proc/self/stat
            echo "started $stage_name=$pid" >&4
            exec_with "$stage_lists" "$@" --record "$run_dir/$stage_name.ndjson" 2>&3 3>&-
        ) || stage_status=$?
    } 3>&2 2>/dev/null
    echo "ended $stage_name $stage_status" >&4
}

explained=''

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
        take_event "$event" "$stage_name" "$stage_status"
        event=''
    done
    exec 3<&-
    wait_for "$pipe"
    # A shell that was killed has not said how its stage ended.
    [ -z "$stages" ] || stage_ended "${stages%%=*}" 137
    stages=''
    [ -z "$failed" ] || explain "a stage ended early"
}

# take_event EVENT NAME STATUS: EVENT is empty after a signal.
take_event() {
    case $1 in
    started) stage_started "$2" ;;
    ended) stage_ended "$2" "$3" ;;
    esac
    [ "$1 $2" != 'ended publish' ] || note_branch Publisher
}

# stage_started NAME=PID: notes a stage, and ends it if a signal or a failure came before it started.
stage_started() {
    stages="$stages$1 "
    [ -z "$signal$failed" ] || stop_stages
}

# stage_ended NAME STATUS: forgets a stage. If it failed, the other stages are stopped and $failed is set to the
# exit code of the run. A stage reports its own failures; only one that was killed cannot. A stage that was stopped
# (129, 143) is not the cause.
stage_ended() {
    case $stages in
    *"$1="*) stages=${stages%"$1="*}${stages#*"$1="* } ;;
    esac
    case $2 in
    0) return 0 ;;
    129 | 143) ;;
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
