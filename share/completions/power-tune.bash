# shellcheck shell=bash
# bash completion for power-tune and its stages.

# The folder that contains the programs, for the program $1.
_power_tune_bin() {
    dirname -- "$(readlink -f -- "$(type -P "$1" || type -P power-tune)")"
}

# _power_tune_words BIN QUESTION...: asks words.sh, which is in share/, in the source tree or installed.
_power_tune_words() {
    local bin=$1 directory
    for directory in "$bin/../share/power-tune" "$bin/../share"; do
        [ ! -f "$directory/completions/words.sh" ] || {
            sh "$directory/completions/words.sh" "$@" 2>/dev/null
            return
        }
    done
}

# Adds the lines of standard input that begin with $1 to the reply, quoted for a command line.
_power_tune_reply() {
    local word
    while IFS= read -r word; do
        case $word in
        '<files>')
            compopt -o filenames 2>/dev/null
            while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$1")
            ;;
        '<directories>')
            compopt -o filenames 2>/dev/null
            while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -d -- "$1")
            ;;
        "$1"*) COMPREPLY+=("$(printf '%q' "$word")") ;;
        esac
    done
}

_power_tune() {
    local program=${1##*/} bin current=${COMP_WORDS[COMP_CWORD]} option='' options
    local previous=${COMP_WORDS[COMP_CWORD - 1]}
    COMPREPLY=()
    # bash splits "--option=value" into three words.
    if [ "$current" = = ]; then
        option=$previous current=''
    elif [ "$previous" = = ]; then
        option=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    bin=$(_power_tune_bin "$1") || return
    options=$(_power_tune_words "$bin" options "$program")
    if [ -z "$option" ] && cut -f 1,2 <<<"$options" | grep -qx -- "$previous	..*"; then
        option=$previous
    fi
    case $option,$current in
    ,-*) _power_tune_reply "$current" < <(cut -f 1 <<<"$options") ;;
    *) _power_tune_reply "$current" < <(_power_tune_words "$bin" arguments "$program" "$option") ;;
    esac
}

complete -F _power_tune power-tune pt-advise pt-apply pt-console pt-gate pt-init pt-invoke pt-local pt-logparse pt-logs pt-pick pt-report pt-stats
