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
    [ ! -e "$state_dir" ] || check_own "$state_dir" 0
}

# check_own FOLDER [DEPTH]: refuses a folder when it, or anything in it down to that depth, belongs to somebody else or may be
# changed by others, as ssh refuses keys; and links, which lead out of it.
check_own() {
    folder=$(cd -- "$1" 2>/dev/null && pwd -P) || die "$EXIT_USAGE" "cannot open '$1'"
    alien=$(find "$folder" -maxdepth "${2:-9}" \( ! -user "$(id -u)" -o ! -type l \( -perm -020 -o -perm -002 \) -o -type l \) -print 2>&1 | head -n 1)
    [ -z "$alien" ] || die "$EXIT_USAGE" "'$alien' is a link, is not yours, or may be changed by others: not used"
}

# open_run_dir FOLDER: that of an earlier run.
open_run_dir() {
    [ -d "$1" ] || die "$EXIT_USAGE" "there is no run directory '$1'"
    check_own "$1"
    run_dir=$(cd -- "$1" && pwd)
}

# kept_words FILE: the list that the run directory keeps, a word a line, each of them an option that belongs there.
kept_words() {
    [ -e "$run_dir/$1" ] || return 0
    while IFS= read -r word; do
        case $1,$word in
        options,--region=* | options,--profile=* | options,--endpoint-url=*) ;;
        pick-options,--limit=* | pick-options,--seed=* | pick-options,--prior=*) ;;
        *) die "$EXIT_USAGE" "$run_dir/$1: '$word' does not belong there" ;;
        esac
        check_word "$word"
        printf '%s%s' "$word" "$sep"
    done <"$run_dir/$1"
}

# keep_words LIST FILE
keep_words() {
    printf '%s' "$1" | tr "$sep" '\n' >"$run_dir/$2"
}

# A new folder for a run below the folder that is given, on standard output.
new_run_dir() {
    mktemp -d "$1/$(date -u +%Y%m%dT%H%M%SZ)-XXXXXX"
}

# make_folder FOLDER [ADVICE]
make_folder() {
    problem=$(LC_ALL=C mkdir -p -- "$1" 2>&1) || die "$EXIT_USAGE" "cannot make the folder '$1': ${problem##*: }${2-}"
}

begin_folder() {
    keep_words "$aws_options" options && keep_words "$pick_options$choose_options" pick-options &&
        mkdir "$run_dir/pipes" && touch "$run_dir/pipes/input"
}

run_dir_is_new=''
make_run_dir() {
    if [ -z "$run_dir" ]; then
        make_folder "$state_dir/runs" '; XDG_STATE_HOME names another place'
        run_dir=$(new_run_dir "$state_dir/runs") ||
            die "$EXIT_USAGE" "cannot make a run directory in '$state_dir/runs'"
        run_dir_is_new=yes
    else
        [ -d "$run_dir" ] || run_dir_is_new=yes
        make_folder "$run_dir"
        # Who starts a run may keep there what it says.
        case $(ls -A -- "$run_dir") in
        '' | messages) ;;
        *) die "$EXIT_USAGE" "the run directory '$run_dir' is not empty" ;;
        esac
        chmod 700 -- "$run_dir" || die "$EXIT_USAGE" "cannot protect the run directory '$run_dir'"
        run_dir=$(cd -- "$run_dir" && pwd)
    fi
    if ! begin_folder 2>/dev/null; then
        forget_run
        die "$EXIT_USAGE" "cannot write in the run directory '$run_dir'"
    fi
    note_start
}

# use_prices FILE: the stages that have to do with prices take them from there.
use_prices() {
    stats_options=$stats_options--prices=$1$sep
    invoke_options=$invoke_options--prices=$1$sep
    report_options=$report_options--prices=$1$sep
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
# directory in it, for whoever gets the lock next. lock_function FUNCTION [SECONDS]: waits that long for it. 1 when another
# process holds it, 2 when it cannot be had at all, which is said.
lock_function() {
    lock=$state_dir/locks/$(printf '%s' "$1" | tr -c 'A-Za-z0-9._-' '_').lock
    mkdir -p "$state_dir/locks" || return "$EXIT_USAGE"
    # Opening a link would write where it leads to, and opening a FIFO would wait.
    for planted in "$state_dir/locks" "$lock"; do
        [ ! -L "$planted" ] || cannot_lock "'$planted' is a link" || return
    done
    [ ! -e "$lock" ] || [ -f "$lock" ] || cannot_lock "it is not a file" || return
    touch -- "$lock" || return "$EXIT_USAGE"
    exec 9>>"$lock"
    command -v flock >/dev/null || cannot_lock "there is no command flock (Debian: util-linux)" || return
    locked=0
    if [ -n "${2-}" ]; then
        flock -w "$2" 9 || locked=$?
    else
        flock -n 9 || locked=$?
    fi
    [ "$locked" -le 1 ] || cannot_lock "flock ended with status $locked" || return
    return "$locked"
}

cannot_lock() {
    say "cannot lock '$lock': $1"
    return "$EXIT_USAGE"
}

# Ends what lock_function has refused: STATUS, and what to say when another process holds the lock.
not_locked() {
    [ "$1" -eq "$EXIT_FAILED" ] && die "$1" "$2"
    exit "$1"
}

# True when the last run on the function has left something to put back; its folder is in $earlier.
is_unfinished() {
    earlier=$(cat "$lock")
    [ -n "$earlier" ] && [ -s "$earlier/journal.ndjson" ] && [ ! -e "$earlier/finished" ] && [ ! -e "$earlier/local" ]
}
