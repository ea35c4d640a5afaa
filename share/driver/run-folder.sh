# shellcheck shell=sh disable=SC2034,SC2154 # names that power-tune and its other parts share
# The folder of a run, which is its memory, and the lock on its function. Sourced by power-tune.

# Where the runs of this person are. Without HOME, as under cron and in some containers, the home folder is that of the user
# database.
find_state_dir() {
    state_dir=${XDG_STATE_HOME:-}
    if [ -z "$state_dir" ]; then
        home=${HOME:-$(getent passwd "$(id -u)" | cut -d : -f 6)}
        [ -n "$home" ] || die "$EXIT_USAGE" "cannot tell the home folder: set HOME or XDG_STATE_HOME"
        state_dir=$home/.local/state
    fi
    state_dir=$state_dir/power-tune
}

# A new folder for a run below the folder that is given, on standard output.
new_run_dir() {
    mktemp -d "$1/$(date -u +%Y%m%dT%H%M%SZ)-XXXXXX"
}

run_dir_is_new=''
make_run_dir() {
    if [ -z "$run_dir" ]; then
        mkdir -p "$state_dir/runs" || die "$EXIT_USAGE" "cannot make '$state_dir/runs'"
        run_dir=$(new_run_dir "$state_dir/runs") ||
            die "$EXIT_USAGE" "cannot make a run directory in '$state_dir/runs'"
        run_dir_is_new=yes
    else
        [ -d "$run_dir" ] || run_dir_is_new=yes
        mkdir -p -- "$run_dir" || die "$EXIT_USAGE" "cannot make the run directory '$run_dir'"
        # Who starts a run may keep there what it says.
        case $(ls -A -- "$run_dir") in
        '' | messages) ;;
        *) die "$EXIT_USAGE" "the run directory '$run_dir' is not empty" ;;
        esac
        chmod 700 -- "$run_dir" || die "$EXIT_USAGE" "cannot protect the run directory '$run_dir'"
        run_dir=$(cd -- "$run_dir" && pwd)
    fi
    if ! printf '%s\n' "$aws_options" >"$run_dir/options" || ! printf '%s\n' "$pick_options $choose_options" >"$run_dir/pick-options" || ! mkdir "$run_dir/pipes" || ! touch "$run_dir/pipes/input"; then
        die "$EXIT_USAGE" "cannot write in the run directory '$run_dir'"
    fi
    note_start
}

# A run that was refused before anything was begun leaves no folder; whoever started it with messages in there has them still.
forget_run() {
    [ ! -e "$run_dir/messages" ] || {
        rm -rf -- "$run_dir/pipes" "$run_dir"/payload-*
        mark finished || :
        return 0
    }
    phase_of_success=''
    rm -rf -- "${run_dir:?}"/*
    [ -z "$run_dir_is_new" ] || rmdir -- "$run_dir" || :
}

# An empty file in the run directory. ":" is no way to make one: a special built-in whose redirection fails ends the shell.
mark() {
    touch -- "$run_dir/$1"
}

# One run a function: the lock is held by this process and its stages, and goes with the last of them. It has the run
# directory in it, for whoever gets the lock next. lock_function FUNCTION [SECONDS]: waits that long for it.
lock_function() {
    mkdir -p "$state_dir/locks" || die "$EXIT_USAGE" "cannot make '$state_dir/locks'"
    lock=$state_dir/locks/$(printf '%s' "$1" | tr -c 'A-Za-z0-9._-' '_').lock
    touch -- "$lock" || die "$EXIT_USAGE" "cannot make '$lock'"
    exec 9>>"$lock"
    if [ -n "${2-}" ]; then
        flock -w "$2" 9
    else
        flock -n 9
    fi
}

# True when the last run on the function has left something to put back; its folder is in $earlier.
is_unfinished() {
    earlier=$(cat "$lock")
    [ -n "$earlier" ] && [ -s "$earlier/journal.ndjson" ] && [ ! -e "$earlier/finished" ] && [ ! -e "$earlier/local" ]
}
