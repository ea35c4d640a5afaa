#compdef power-tune pt-advise pt-apply pt-console pt-gate pt-init pt-invoke pt-local pt-logparse pt-logs pt-pick pt-report pt-stats
# zsh completion for power-tune and its stages.

# _power_tune_words BIN QUESTION...: asks words.sh, which is in share/, in the source tree or installed.
_power_tune_words() {
    local directory
    for directory in $1/../share/power-tune $1/../share; do
        if [[ -f $directory/completions/words.sh ]]; then
            sh $directory/completions/words.sh "$@" 2>/dev/null
            return
        fi
    done
}

_power_tune() {
    local program=${words[1]:t} command=${commands[${words[1]:t}]:-$words[1]} previous=$words[CURRENT-1] option='' word
    local bin=${command:A:h}
    local -a options candidates
    options=(${(f)"$(_power_tune_words $bin options $program)"})
    if [[ $words[CURRENT] == --*=* ]]; then
        option=${words[CURRENT]%%=*}
        compset -P '*='
    elif [[ -n ${(M)options:#$previous	[^	]*	*} ]]; then
        option=$previous
    fi
    if [[ -z $option && $words[CURRENT] == -* ]]; then
        for word in $options; do
            candidates+=("${word%%	*}:${word##*	}")
        done
        _describe -o option candidates
        return
    fi
    for word in ${(f)"$(_power_tune_words $bin arguments $program "$option")"}; do
        case $word in
            '<files>') _files ;;
            '<directories>') _files -/ ;;
            *) candidates+=($word) ;;
        esac
    done
    compadd -a candidates
}

_power_tune "$@"
