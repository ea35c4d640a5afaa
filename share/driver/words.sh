# shellcheck shell=sh
# Words that come from outside: options, file names, and the files of a run directory. Sourced by parts.sh.
#
# They must never run as code. `make lint` checks the rules for that: nothing in the driver is evaluated (no
# eval, no sh -c, no trap in double quotes); no variable is part of a printf format or of an awk or jq
# program; awk takes values from its environment (-v would interpret backslashes); file names follow "--" or a
# slash. A line for people goes through `safe`.

# POSIX sh has no arrays. All lists of words (names.sh) are in one string, $words: for each word the name of its
# list, a colon, the word, and $sep. The shell splits it at that byte and does nothing else with it. A command
# line that contains the byte is refused.
sep=$(printf '\036')
newline='
'

# add_to LIST WORD: adds a word to the end of a list.
add_to() {
    words=$words$1:$2$sep
}

# has LIST: true when the list has a word.
has() {
    case $sep$words in
    *"$sep$1:"*) ;;
    *) return 1 ;;
    esac
}

# call_with LISTS COMMAND [WORD...]: calls the command with its own words first, then those of the lists, in the
# order in which they were added.
call_with() {
    lists=" $1 "
    shift
    set -f
    IFS=$sep
    for entry in $words; do
        case $lists in
        *" ${entry%%:*} "*) set -- "$@" "${entry#*:}" ;;
        esac
    done
    unset IFS
    set +f
    "$@"
}

# exec_with LISTS PROGRAM [WORD...]: the same for a program, which replaces this process. Call it in a
# subshell.
exec_with() {
    lists=$1
    shift
    call_with "$lists" exec "$@"
}

# check_word WORD: refuses a word that a list cannot contain, and a line break in an option that the run
# directory keeps as a line.
check_word() {
    case $1 in
    *"$sep"*) die "$EXIT_USAGE" "'${1%%=*}' contains the control character 0x1E" ;;
    --region=*"$newline"* | --profile=*"$newline"* | --endpoint-url=*"$newline"* | --limit=*"$newline"* | --seed=*"$newline"* | --prior=*"$newline"*)
        die "$EXIT_USAGE" "option '${1%%=*}': the value contains a line break"
        ;;
    esac
}

# check_file OPTION FILE: refuses a pipe or a device: the file is read more than once, the last time after the
# invocations.
check_file() {
    [ ! -e "$2" ] || [ -f "$2" ] || [ -d "$2" ] ||
        die "$EXIT_USAGE" "option '$1': '$2' is not a regular file; it must be one, because it is read more than once"
}

# safe TEXT: prints the text as one line without control characters. File names and the files of a run
# directory may contain some, which would act on the terminal.
safe() {
    printf '%s' "$1" | LC_ALL=C tr '\001-\037\177' '?' | LC_ALL=C sed "$unsafe_utf8"
}
# For sed: replaces the control characters U+0080 to U+009F, and their bytes where they are not part of a
# character.
unsafe_utf8=$(printf 's/\302[\200-\237]/?/g; s/^[\200-\277]/?/; :a; s/\([\001-\177]\)[\200-\277]/\\1?/; ta')
