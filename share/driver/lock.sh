# shellcheck shell=sh
# The lock on a function, so that only one run changes it. Sourced by parts.sh.

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
    flock -w "${2:-0}" 9 || locked=$?
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
