# shellcheck shell=sh
# The driver's command line. Sourced by parts.sh. The text of --help is usage.txt.

# The options, one on each line: the name, its kind, and where the option goes.
#
#   kind    value     --NAME VALUE or --NAME=VALUE
#           flag      --NAME
#           switch    --NAME, or --NAME=VALUE for pt-init to check
#           optional  as value, or without one
#   where   LIST      to the end of the list LIST
#           NAME=     the value (of a flag: yes) is kept in the variable NAME
#           VERB!     it decides what the driver does
option_table='
allow-log-level         flag      init
allowed-exceptions      value     init
architecture            value     price
auto-optimize           switch    init
auto-optimize-alias     value     init
balanced-weight         value     init advise
baseline                value     gate
check                   flag      check!
days                    value     advise
disable-payload-logs    switch    init
discard-top-bottom      value     init
dry-run                 switch    init
endpoint-url            value     aws
fail-if                 value     gate
force                   flag      init force=
from-logs               flag      from-logs!
function                value     init function_given=
function-name           value     name
handler                 value     handler=
help                    flag      help!
include-output-results  switch    init
invocations-per-month   value     report
jobs                    value     jobs=
keep-going              flag      invoke
limit                   value     pick
local                   value     local_dir=
max-cost                value     invoke
max-failures            value     pick
max-in-flight           value     invoke
no-progress             flag      no_progress=
num                     value     init
only-cold-starts        switch    init
parallel-invocation     switch    init
payload                 value     init
payload-file            value     init
payload-member          value     init
payload-s3              value     init
payloads                value     init
post-processor-arn      value     init
power-values            value     init
pre-processor-arn       value     init
prices                  value     init prices=
prior                   value     choose
profile                 value     aws
prune                   value     prune! prune_days=
quiet                   flag      quiet=
recover                 optional  recover! recover_dir=
region                  value     aws region=
report                  value     report=
resume                  value     resume! recover_dir=
run-dir                 value     run_dir=
runs                    flag      runs!
seed                    value     choose
since                   value     fetch
sleep-between-runs-ms   value     init
strategy                value     init advise
summary                 value     summary=
tenant-id               value     init
timeout                 value     init
until-sure              switch    init
verbose                 flag      apply
version                 flag      version!
visualization-url       value     init
warmup                  value     init
'

# parse_options WORD...: reads the command line.
parse_options() {
    while [ $# -gt 0 ]; do
        check_word "$1"
        case $1 in
        -?*) find_option "$1" ;;
        *) option_kind=input ;;
        esac
        case $option_kind,$1 in
        input,*) take_input "$1" ;;
        *,*=*) take_option "${1%%=*}" "$1" "${1#*=}" ;;
        switch,* | flag,*) take_option "$1" "$1" yes ;;
        *)
            if takes_next "$@"; then
                take_option "$1" "$1=$2" "$2"
                shift
            else
                take_option "$1" "$1" ''
            fi
            ;;
        esac
        shift
    done
}

# takes_next OPTION [WORD...]: true when the next word is the value of the option.
takes_next() {
    [ "$option_kind" != value ] || [ $# -gt 1 ] || die "$EXIT_USAGE" "option '$1' needs an argument"
    case $option_kind,${2-} in
    value,* | optional,[!-]*) ;;
    *) return 1 ;;
    esac
}

# find_option WORD: sets $option_kind and $option_places from the row of this option, or ends the program.
find_option() {
    option_name=${1%%=*}
    case ${option_name#--} in
    '' | *[!a-z0-9-]*) die "$EXIT_USAGE" "unknown option '$1' (see power-tune --help)" ;;
    esac
    option_row=${option_table#*"$newline${option_name#--} "}
    option_row=${option_row%%"$newline"*}
    option_row=${option_row#"${option_row%%[! ]*}"}
    option_kind=${option_row%% *}
    option_places=${option_row#"$option_kind"}
    case $option_kind,$1 in
    flag,*=*) option_kind=none ;;
    esac
    case $option_kind in
    value | switch | optional | flag) ;;
    *) die "$EXIT_USAGE" "unknown option '$1' (see power-tune --help)" ;;
    esac
}

# take_option OPTION WORD VALUE: puts the option, as one word, where its row says.
take_option() {
    check_word "$2"
    check_value "$1" "$3"
    case $1,$3 in
    --prior,[!/]*) option_word=$1=$PWD/$3 ;;
    *) option_word=$2 ;;
    esac
    for place in $option_places; do
        case $place in
        *!) verb=${place%!} ;;
        *=) keep_value "$place" "$3" ;;
        *) add_to "$place" "$option_word" ;;
        esac
    done
    add_to again "$2"
    case $1 in
    --run-dir | --jobs) ;;
    *) add_to passed "$2" ;;
    esac
    [ "$verb" != help ] || show_help
    [ "$verb" != version ] || show_version
}

# check_value OPTION VALUE: refuses a value that no program would check in time.
check_value() {
    case $1,$2 in
    --baseline,* | --prior,*) check_file "$1" "$2" ;;
    --payload,@*) check_file "$1" "${2#@}" ;;
    --local, | --run-dir, | --resume, | --report,) die "$EXIT_USAGE" "option '$1': the name is empty" ;;
    --endpoint-url,*[@?#]*) die "$EXIT_USAGE" "option '$1': a user name, password or query is not supported in its URL" ;;
    --summary,markdown) ;;
    --summary,*) die "$EXIT_USAGE" "option '--summary': '$2' is not markdown" ;;
    esac
}

# keep_value NAME= VALUE: keeps the value of an option in a variable.
keep_value() {
    case $1 in
    force=) force=$2 ;;
    function_given=) function_given=$2 ;;
    handler=) handler=$2 ;;
    jobs=) jobs=$2 ;;
    local_dir=) local_dir=$2 ;;
    no_progress=) no_progress=$2 ;;
    prices=) prices=$2 ;;
    prune_days=) prune_days=$2 ;;
    quiet=) quiet=$2 ;;
    recover_dir=) recover_dir=$2 ;;
    region=) region=$2 ;;
    report=) report=$2 ;;
    run_dir=) run_dir=$2 ;;
    summary=) summary=$2 ;;
    *) die "$EXIT_FAILED" "internal error: no variable '$1'" ;;
    esac
}

# take_input WORD: an input file, or another operand.
take_input() {
    # A pipe, as from <(...), can be read only once: it becomes standard input. Of several logs only the first
    # does; the others are opened by name.
    [ -z "$input_pipe" ] || [ "$1" != - ] || die "$EXIT_USAGE" "name standard input ('-') before the pipe '$input_pipe'"
    [ ! -p "$1" ] || [ -n "$input_is_stdin" ] || {
        exec <"$1"
        input_pipe=$1
        set -- -
    }
    add_to input "$1"
    add_to again "$1"
    input_count=$((input_count + 1))
    [ "$input_count" -ne 2 ] || second_input=$1
    [ "$1" != - ] || input_is_stdin=yes
}

show_help() {
    print <"$driver_dir/usage.txt"
    exit
}

show_version() {
    pt-init --version | sed 's/^pt-init/power-tune/' | print
    exit
}
