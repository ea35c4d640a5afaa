# fish completion for power-tune and its stages.

# Asks words.sh, which is in share/, in the source tree or installed.
function __power_tune_words
    set -l bin (dirname (realpath (command -s $argv[2]; or echo $argv[2])))
    for directory in $bin/../share/power-tune $bin/../share
        if test -f $directory/completions/words.sh
            sh $directory/completions/words.sh $bin $argv 2>/dev/null
            return
        end
    end
end

function __power_tune_arguments
    for word in (__power_tune_words arguments $argv[1] $argv[2])
        switch $word
            case '<files>'
                __fish_complete_path $argv[3]
            case '<directories>'
                __fish_complete_directories $argv[3] ''
            case '*'
                echo $word
        end
    end
end

function __power_tune_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program (basename $words[1])
    set -l options (__power_tune_words options $program)
    if string match -q -- '--*=*' $current
        set -l parts (string split -m 1 = -- $current)
        string replace -r -- '^' "$parts[1]=" (__power_tune_arguments $program $parts[1] $parts[2])
    else if string match -q -r -- "^$words[-1]\t[^\t]" $options
        __power_tune_arguments $program $words[-1] $current
    else if string match -q -- '-*' $current
        string replace -r '\t[^\t]*\t' '\t' -- $options
    else
        __power_tune_arguments $program '' $current
    end
end

for program in power-tune pt-advise pt-apply pt-console pt-gate pt-init pt-invoke pt-local pt-logparse pt-logs pt-pick pt-report pt-stats
    complete -c $program -f -a '(__power_tune_complete)'
end
