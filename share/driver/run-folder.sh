# shellcheck shell=sh disable=SC2034,SC2154 # names that power-tune and its other parts share
# The run directory, in which a run keeps its records, and the lock on the function. Sourced by power-tune.

# Sets $state_dir, the folder of this user's runs and locks. Without HOME, as under cron and in some
# containers, the user database says which folder is the user's home.
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

# check_own FOLDER [DEPTH]: refuses a folder when it, or anything in it down to that depth, belongs to another
# user or can be changed by others, as ssh refuses such keys. Links are refused, too: they lead out of the
# folder.
check_own() {
    folder=$(cd -- "$1" 2>/dev/null && pwd -P) || die "$EXIT_USAGE" "cannot open '$1'"
    alien=$(find "$folder" -maxdepth "${2:-9}" \( ! -user "$(id -u)" -o ! -type l \( -perm -020 -o -perm -002 \) -o -type l \) -print 2>&1 | head -n 1)
    [ -z "$alien" ] || die "$EXIT_USAGE" "cannot use '$alien': it is a link, belongs to another user, or can be changed by others"
}

# open_run_dir FOLDER: uses the run directory of an earlier run.
open_run_dir() {
    [ -d "$1" ] || die "$EXIT_USAGE" "the run directory '$1' does not exist"
    check_own "$1"
    run_dir=$folder
}

# kept_words FILE: prints the list of options that keep_words saved. Other options are refused: somebody may
# have changed the file.
kept_words() {
    [ -e "$run_dir/$1" ] || return 0
    while IFS= read -r word; do
        case $1,$word in
        options,--region=* | options,--profile=* | options,--endpoint-url=*) ;;
        pick-options,--limit=* | pick-options,--seed=* | pick-options,--prior=*) ;;
        *) die "$EXIT_USAGE" "$run_dir/$1: unexpected word '$word'" ;;
        esac
        check_word "$word"
        printf '%s%s' "$word" "$sep"
    done <"$run_dir/$1"
}

# keep_words LIST FILE: saves a list in the run directory, one word on each line.
keep_words() {
    printf '%s' "$1" | tr "$sep" '\n' >"$run_dir/$2"
}

# new_run_dir FOLDER: creates a run directory in the folder and prints its name.
new_run_dir() {
    mktemp -d "$1/$(date -u +%Y%m%dT%H%M%SZ)-XXXXXX"
}

# make_folder FOLDER [ADVICE]: creates a folder and the folders above it; the advice ends the message of a
# failure.
make_folder() {
    problem=$(LC_ALL=C mkdir -p -- "$1" 2>&1) || die "$EXIT_USAGE" "cannot create the folder '$1': ${problem##*: }${2-}"
}

# Writes the first files of a run directory.
begin_folder() {
    keep_words "$aws_options" options && keep_words "$pick_options$choose_options" pick-options &&
        mkdir "$run_dir/pipes" && touch "$run_dir/pipes/input"
}

# Creates the run directory, or checks that the folder of --run-dir is empty, and notes that the run begins.
run_dir_is_new=''
make_run_dir() {
    if [ -z "$run_dir" ]; then
        make_folder "$state_dir/runs" '; XDG_STATE_HOME selects another folder'
        run_dir=$(new_run_dir "$state_dir/runs") ||
            die "$EXIT_USAGE" "cannot create a run directory in '$state_dir/runs'"
        run_dir_is_new=yes
    else
        [ -d "$run_dir" ] || run_dir_is_new=yes
        make_folder "$run_dir"
        # The program that starts the run may keep its messages there.
        case $(ls -A -- "$run_dir") in
        '' | messages) ;;
        *) die "$EXIT_USAGE" "the run directory '$run_dir' is not empty" ;;
        esac
        run_dir=$(cd -- "$run_dir" && pwd)
        # For root, chmod would succeed on a folder that its owner can still change.
        [ -z "$(find "$run_dir" -prune ! -user "$(id -u)")" ] || die "$EXIT_USAGE" "cannot use '$run_dir': it belongs to another user"
        chmod 700 -- "$run_dir" || die "$EXIT_USAGE" "cannot protect the run directory '$run_dir'"
    fi
    if ! begin_folder 2>/dev/null; then
        forget_run
        die "$EXIT_USAGE" "cannot write in the run directory '$run_dir'"
    fi
    note_start
}

# use_prices FILE: passes the file of prices to the stages that need prices.
use_prices() {
    stats_options=$stats_options--prices=$1$sep
    invoke_options=$invoke_options--prices=$1$sep
    report_options=$report_options--prices=$1$sep
}

# Removes the run directory of a run that was refused before it began. If the program that started the run
# keeps its messages there, they stay, and the run is marked as finished.
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

# mark NAME: creates an empty file in the run directory. Not with `: >FILE`: when the redirection of a special
# built-in fails, the shell ends.
mark() {
    touch -- "$run_dir/$1"
}

# lock_function FUNCTION [SECONDS]: takes the lock of the function, so that only one run changes it, and waits
# up to that many seconds for it. This process and its stages hold the lock until the last of them ends. The
# lock file contains the run directory, for the next run. Returns 1 when another process holds the lock, and 2
# after a message when the lock cannot be used at all.
lock_function() {
    lock=$state_dir/locks/$(printf '%s' "$1" | tr -c 'A-Za-z0-9._-' '_').lock
    mkdir -p "$state_dir/locks" || return "$EXIT_USAGE"
    # Somebody may have placed a link or a FIFO there: opening it would write elsewhere, or wait.
    for planted in "$state_dir/locks" "$lock"; do
        [ ! -L "$planted" ] || cannot_lock "'$planted' is a link" || return
    done
    [ ! -e "$lock" ] || [ -f "$lock" ] || cannot_lock "it is not a file" || return
    touch -- "$lock" || return "$EXIT_USAGE"
    exec 9>>"$lock"
    command -v flock >/dev/null || cannot_lock "the command flock is not installed (Debian: util-linux)" || return
    locked=0
    if [ -n "${2-}" ]; then
        flock -w "$2" 9 || locked=$?
    else
        flock -n 9 || locked=$?
    fi
    [ "$locked" -le 1 ] || cannot_lock "flock ended with status $locked" || return
    return "$locked"
}

# cannot_lock REASON: reports why the lock cannot be used.
cannot_lock() {
    say "cannot lock '$lock': $1"
    return "$EXIT_USAGE"
}

# not_locked STATUS TEXT: ends the program after lock_function failed with STATUS. The text is the message
# when another process holds the lock; the other failures are reported already.
not_locked() {
    [ "$1" -eq "$EXIT_FAILED" ] && die "$1" "$2"
    exit "$1"
}

# True when the last run on the function did not restore it. $earlier is then the run directory of that run.
is_unfinished() {
    earlier=$(cat "$lock")
    [ -n "$earlier" ] && [ -s "$earlier/journal.ndjson" ] && [ ! -e "$earlier/finished" ] && [ ! -e "$earlier/local" ]
}
