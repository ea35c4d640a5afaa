# shellcheck shell=sh disable=SC2034,SC2154 # names that power-tune and its other parts share
# What the run notes of its states, for whoever watches it: states.ndjson in the run directory, a record each. Sourced by
# power-tune. A run does not fail because it cannot be noted, and its folder may be gone.

note() {
    [ -d "$run_dir" ] || return 0
    { printf '{"type":"%s","at":"%s",%s}\n' "$1" "$(date -u +%Y%m%dT%H%M%SZ)" "$2" >>"$run_dir/states.ndjson"; } 2>/dev/null || :
}

# note_state STATE entered|succeeded|failed
note_state() {
    note state "\"state\":\"$1\",\"phase\":\"$2\""
}

# in_state STATE [ARGUMENT...]: the state, its beginning and its end noted.
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

# Which process the run is: a number alone may be another process's by the time somebody looks, its time of start and the boot
# tell it apart.
phase_of_success=''
note_start() { # [PHASE-OF-SUCCESS]
    phase_of_success=${1:-succeeded}
    { cat "/proc/$$/stat" /proc/sys/kernel/random/boot_id >"$run_dir/process"; } 2>/dev/null || :
    note execution '"phase":"entered"'
}

# note_end STATUS [SIGNAL]; nothing where no beginning was noted, as when a run that is over is asked for its result.
note_end() {
    [ -n "$phase_of_success" ] || return 0
    case $1${2:+,$2} in
    0) note execution "\"phase\":\"$phase_of_success\",\"exitStatus\":0" ;;
    *,*) note execution "\"phase\":\"stopped\",\"signal\":\"$2\"" ;;
    *) note execution "\"phase\":\"failed\",\"exitStatus\":$1" ;;
    esac
}
