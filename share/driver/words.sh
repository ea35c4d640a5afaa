# shellcheck shell=sh disable=SC2034,SC2154 # names that power-tune and its other parts share
# Words from outside: options, file names, and what a run directory keeps. Sourced by power-tune.
#
# The discipline that keeps them data, which `make lint` checks: nothing in the driver is evaluated (no eval, no sh -c, no
# trap in double quotes), no variable is part of a printf format or of an awk or jq program, awk takes values from its
# environment (-v would read backslashes), and file names follow "--" or a slash. A line for people goes through `safe`.

# A list is one string, each of its words ended by $sep: POSIX sh has no arrays. The shell splits it at that byte and does
# nothing else with it. The command line is refused when it has that byte in it.
sep=$(printf '\036')
newline='
'

# call_with LIST COMMAND [WORD...]: calls the command with the words of the list after its own.
call_with() {
    list=$1
    shift
    set -f
    IFS=$sep
    # shellcheck disable=SC2086 # split at $sep
    set -- "$@" $list
    unset IFS
    set +f
    "$@"
}

# exec_with LIST PROGRAM [WORD...]: becomes the program; always in a process of its own.
exec_with() {
    list=$1
    shift
    call_with "$list" exec "$@"
}

# Refuses a word that no list can hold, and a line break where the run directory keeps the word as a line.
check_word() {
    case $1 in
    *"$sep"*) die "$EXIT_USAGE" "'${1%%=*}': has the control character 0x1E in it" ;;
    --region=*"$newline"* | --profile=*"$newline"* | --endpoint-url=*"$newline"* | --limit=*"$newline"* | --seed=*"$newline"* | --prior=*"$newline"*)
        die "$EXIT_USAGE" "option '${1%%=*}': has a line break in it"
        ;;
    esac
}

# check_file OPTION FILE: a file that an option names is read more than once, the last time when the run is paid for.
check_file() {
    [ ! -e "$2" ] || [ -f "$2" ] || [ -d "$2" ] ||
        die "$EXIT_USAGE" "option '$1': '$2' is not a regular file, and is read more than once"
}

# safe TEXT: the text as one line that cannot act on a terminal: file names and the folders of runs are not trusted.
safe() {
    printf '%s' "$1" | LC_ALL=C tr '\001-\037\177' '?' | LC_ALL=C sed "$unsafe_utf8"
}
# The controls U+0080 to U+009F, and bytes of theirs that stand alone.
unsafe_utf8=$(printf 's/\302[\200-\237]/?/g; s/^[\200-\277]/?/; :a; s/\([\001-\177]\)[\200-\277]/\\1?/; ta')
