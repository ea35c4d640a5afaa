# shellcheck shell=sh
# Notes the states of a run in states.ndjson in the run directory, a record for each change, for programs that
# watch the run (pt-console). Sourced by parts.sh. A run does not fail because a note cannot be written: its
# folder may be gone.

# Looks at the clock. A state begins when the one before it has ended.
read_clock() {
    now=$(date -u +%Y%m%dT%H%M%SZ)
}

# note TYPE MEMBERS: appends a record with the time; MEMBERS are more JSON members, as in '"phase":"entered"'.
note() {
    [ -d "$run_dir" ] || return 0
    { printf '{"type":"%s","at":"%s",%s}\n' "$1" "$now" "$2" >>"$run_dir/states.ndjson"; } 2>/dev/null || :
}

# note_state STATE entered|succeeded|failed: notes that a state begins or has ended.
note_state() {
    [ "$2" = entered ] || read_clock
    note state "\"state\":\"$1\",\"phase\":\"$2\""
}

# in_state STATE [ARGUMENT...]: runs a state, notes its beginning and its end, and returns its status.
in_state() {
    note_state "$1" entered
    state_status=0
    "$@" || state_status=$?
    case $state_status in
    0) note_state "$1" succeeded ;;
    *) note_state "$1" failed ;;
    esac
    return "$state_status"
}

# note_start [PHASE]: notes that the run begins, and which process it is. PHASE is what note_end notes on
# success. The file `process` has the process id, its start time and the id of the boot, because the system
# uses process ids again.
note_start() {
    read_clock
    phase_of_success=${1:-succeeded}
    { cat "/proc/$$/stat" /proc/sys/kernel/random/boot_id >"$run_dir/process"; } 2>/dev/null || :
    note execution '"phase":"entered"'
}

# note_end STATUS [SIGNAL]: notes how the run ended; nothing when no beginning was noted, as when --resume
# only prints the result of a finished run.
note_end() {
    [ -n "$phase_of_success" ] || return 0
    read_clock
    case $1${2:+,$2} in
    0) note execution "\"phase\":\"$phase_of_success\",\"exitStatus\":0" ;;
    *,*) note execution "\"phase\":\"stopped\",\"signal\":\"$2\"" ;;
    *) note execution "\"phase\":\"failed\",\"exitStatus\":$1" ;;
    esac
}
