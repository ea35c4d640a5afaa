# shellcheck shell=sh
# The run directory, in which a run keeps its records. Sourced by parts.sh.

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

# keep_words LISTS FILE: saves lists in the run directory, one word on each line.
keep_words() {
    call_with "$1" print_lines >"$run_dir/$2"
}

# Prints each word on a line.
print_lines() {
    [ $# -eq 0 ] || printf '%s\n' "$@"
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
    keep_words aws options && keep_words 'pick choose' pick-options &&
        mkdir "$run_dir/pipes" && mark pipes/input
}

# Creates the run directory, or takes the folder of --run-dir, and notes that the run begins.
run_dir_is_new=''
make_run_dir() {
    if [ -z "$run_dir" ]; then
        make_folder "$state_dir/runs" '; XDG_STATE_HOME selects another folder'
        run_dir=$(new_run_dir "$state_dir/runs") ||
            die "$EXIT_USAGE" "cannot create a run directory in '$state_dir/runs'"
        run_dir_is_new=yes
    else
        take_run_dir
    fi
    begin_folder 2>/dev/null || {
        forget_run
        die "$EXIT_USAGE" "cannot write in the run directory '$run_dir'"
    }
    note_start
}

# Makes the folder of --run-dir, or checks that it is empty, and closes it to others.
take_run_dir() {
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
}

# Makes a run whose directory is elsewhere known to --runs and the console: a link to it, with the run's name.
index_run() {
    parent=$(cd -- "$run_dir/.." && pwd -P)
    case $parent,$run_id in
    "$(cd -- "$state_dir" && pwd -P)/runs",* | *,*[!A-Za-z0-9-]*) return ;;
    esac
    if ! mkdir -p -- "$state_dir/elsewhere" || ! ln -s -- "$run_dir" "$state_dir/elsewhere/$run_id"; then
        say "--runs will not list this run: cannot write in '$state_dir/elsewhere'"
    fi
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

# mark NAME: creates an empty file in the run directory, if that is not gone. Not with `: >FILE`: when the redirection of a special
# built-in fails, the shell ends.
mark() {
    [ -d "$run_dir" ] && printf '' >"$run_dir/$1"
}
