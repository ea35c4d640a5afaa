# shellcheck shell=sh disable=SC2034,SC2154 # names that power-tune and its other parts share
# The driver's command line: what it can be asked for, and the options of each stage. Sourced by power-tune.

arguments=''
aws_options='' init_options='' stats_options='' invoke_options='' apply_options='' pick_options='' choose_options='' advise_options='' price_options='' fetch_options='' report_options='' gate_options='' logs='' functions=''
local_dir='' run_dir='' recover_dir='' quiet='' progress=yes verb=tune prune_days='' function_given='' input_is_stdin='' region='' recover_function='' force='' report='' summary='' jobs=1 prices='' input_count=0 passed_options=''

parse_options() {
    while [ $# -gt 0 ]; do
        check_word "$1"
        case $1 in
        --*=*)
            option=${1%%=*}
            argument=${1#*=}
            ;;
        *)
            option=$1
            argument=${2-}
            ;;
        esac
        case $option in
        --recover)
            # Without a folder: the function's versions show what is left.
            verb=recover
            case $1,$argument in
            --recover=* | --recover,[!-]*) recover_dir=$argument ;;
            *) recover_function=yes ;;
            esac
            case $1,$argument in
            --recover,[!-]*) shift ;;
            esac
            ;;
        --region | --profile | --endpoint-url | --local | --run-dir | --resume | --prune | --prices | --max-in-flight | \
            --function | --num | --power-values | --payload | --payload-s3 | --strategy | --balanced-weight | \
            --auto-optimize-alias | --pre-processor-arn | --post-processor-arn | --discard-top-bottom | \
            --sleep-between-runs-ms | --allowed-exceptions | --visualization-url | --tenant-id | --timeout | --warmup | --limit | \
            --seed | --prior | --since | --days | --architecture | --report | --invocations-per-month | \
            --baseline | --fail-if | --summary | --jobs | --max-cost)
            case $1 in
            --*=*) ;;
            *)
                [ $# -gt 1 ] || die "$EXIT_USAGE" "option '$option' needs an argument"
                shift
                ;;
            esac
            take_option_with_argument "$option" "$argument"
            case $option in
            --run-dir | --jobs) ;;
            *) passed_options=$passed_options$option=$argument$sep ;;
            esac
            ;;
        *) take_option "$1" ;;
        esac
        shift
    done
}

take_option_with_argument() {
    check_word "$1=$2"
    case $1,$2 in
    --baseline,* | --prior,*) check_file "$1" "$2" ;;
    --payload,@*) check_file "$1" "${2#@}" ;;
    esac
    case $1,$2 in
    --local, | --run-dir, | --resume, | --report,) die "$EXIT_USAGE" "option '$1': the name is empty" ;;
    --endpoint-url,*[@?#]*) die "$EXIT_USAGE" "option '$1': a user name, password or query is not supported in its URL" ;;
    esac
    case $1 in
    --region) region=$2 aws_options=$aws_options$1=$2$sep ;;
    --profile | --endpoint-url) aws_options=$aws_options$1=$2$sep ;;
    --strategy | --balanced-weight) advise_options=$advise_options$1=$2$sep init_options=$init_options$1=$2$sep ;;
    --since) fetch_options=$fetch_options$1=$2$sep ;;
    --days) advise_options=$advise_options$1=$2$sep ;;
    --architecture) price_options=$price_options$1=$2$sep ;;
    --local) local_dir=$2 ;;
    --jobs) jobs=$2 ;;
    --run-dir) run_dir=$2 ;;
    --resume) verb=resume recover_dir=$2 ;;
    --prune) verb=prune prune_days=$2 ;;
    --prices) prices=$2 init_options=$init_options$1=$2$sep ;;
    --report) report=$2 ;;
    --baseline | --fail-if) gate_options=$gate_options$1=$2$sep ;;
    --summary)
        summary=$2
        [ "$2" = markdown ] || die "$EXIT_USAGE" "option '--summary': '$2' is not markdown"
        ;;
    --invocations-per-month) report_options=$report_options$1=$2$sep ;;
    --limit) pick_options=$pick_options$1=$2$sep ;;
    --seed) choose_options=$choose_options$1=$2$sep ;;
    --prior)
        case $2 in
        /*) choose_options=$choose_options$1=$2$sep ;;
        *) choose_options=$choose_options$1=$PWD/$2$sep ;;
        esac
        ;;
    --max-in-flight | --max-cost) invoke_options=$invoke_options$1=$2$sep ;;
    --function) function_given=$2 init_options=$init_options$1=$2$sep ;;
    *) init_options=$init_options$1=$2$sep ;;
    esac
}

take_option() {
    case $1 in
    -?*) passed_options=$passed_options$1$sep ;;
    esac
    case $1 in
    --parallel-invocation | --parallel-invocation=* | --auto-optimize | --auto-optimize=* | --dry-run | --dry-run=* | \
        --disable-payload-logs | --disable-payload-logs=* | --include-output-results | --include-output-results=* | \
        --only-cold-starts | --only-cold-starts=* | --until-sure | --until-sure=* | --allow-log-level)
        init_options=$init_options$1$sep
        ;;
    --force) force=yes init_options=$init_options$1$sep ;;
    --keep-going) invoke_options=$invoke_options$1$sep ;;
    --runs) verb=runs ;;
    --from-logs) verb=from_logs ;;
    --check) verb=check ;;
    --quiet) quiet=yes progress='' ;;
    --verbose) apply_options=$apply_options$1$sep ;;
    --no-progress) progress='' ;;
    --help)
        usage | print
        exit
        ;;
    --version)
        pt-init --version | sed 's/^pt-init/power-tune/' | print
        exit
        ;;
    -?*) die "$EXIT_USAGE" "unknown option '$1' (see power-tune --help)" ;;
    *)
        # What can be read only once, as <(...) in a shell, is read as standard input is.
        [ ! -p "$1" ] || {
            exec <"$1"
            set -- -
        }
        arguments=$arguments$1$sep
        input_count=$((input_count + 1))
        [ "$input_count" -ne 2 ] || second_input=$1
        [ "$1" != - ] || input_is_stdin=yes
        ;;
    esac
}

usage() {
    cat <<'EOF'
usage: power-tune [OPTION...] INPUT.json | -
       power-tune [OPTION...] [--jobs N] INPUT.json INPUT.json...
       power-tune --function NAME|ARN --num N [OPTION...]
       power-tune --local DIR --num N [OPTION...]
       power-tune --recover DIR
       power-tune --recover --function NAME|ARN [--force]
       power-tune --resume DIR
       power-tune --runs | --prune DAYS
       power-tune console [OPTION...]
       power-tune --from-logs [OPTION...] LOG|FUNCTION...
       power-tune --check INPUT.json | --check --function NAME|ARN --num N [OPTION...]

Finds the memory size at which an AWS Lambda function is cheapest, fastest or best balanced, by
running it at several sizes. Afterwards the function is as it was. The result is one line of JSON.

Input: the original's input object, and every parameter of it as an option, which wins over the file:
  --function NAME|ARN              the function (lambdaARN)
  --num N                          invocations at each memory size, 5 to 100000
  --power-values MB,MB,...|ALL     memory sizes (default 128,256,512,1024,1536,3008)
  --payload TEXT|@FILE             what is sent: JSON as it is, other text as a string
  --payload-s3 s3://BUCKET/KEY     what is sent, from S3
  --parallel-invocation            all invocations of a size at once
  --strategy cost|speed|balanced   what is best (default cost)
  --balanced-weight N              0 (speed) to 1 (cost), default 0.5
  --limit FIGURE<=VALUE            choose among the sizes that keep it: 'p95<=800ms', 'averageDuration<=1s',
                                   'maxMemoryUsed<=90%', 'cost<0.00001'; may be given more than once
  --auto-optimize                  give the function the best size at the end
  --auto-optimize-alias NAME       ... through this alias
  --dry-run                        one invocation at each size, no choice
  --pre-processor-arn ARN          invoked before each invocation
  --post-processor-arn ARN         invoked after each invocation
  --discard-top-bottom N           share of outliers left out at each end, 0 to 0.4, default 0.2
  --sleep-between-runs-ms N        pause after each invocation
  --disable-payload-logs           no payload in messages and records
  --include-output-results         figures of every size in the result
  --only-cold-starts               measure cold starts only
  --allowed-exceptions A,B,...     error types that count as a normal result
  --until-sure[=PERCENT]           stop as soon as the chosen size is expected to be at most PERCENT (default 0.5)
                                   worse than the best; num is then the most that any size gets
  --visualization-url URL          page that draws the result
  --tenant-id ID                   tenant of a function with tenant isolation
  --timeout S                      time limit of the versions, 1 to 900
  --warmup N                       invocations of each size before those that count
  --allow-log-level                give the versions SystemLogLevel INFO where WARN hides the reports

Running:
  --local DIR                      tune the function in DIR (an executable 'bootstrap', or a handler for
                                   Node.js or Python) on pt-local
  --run-dir DIR                    where the records go: a new or empty folder
                                   (default: a new one under ${XDG_STATE_HOME:-~/.local/state}/power-tune/runs)
  --report FILE                    a page with charts, one HTML file, about the result of a good run
  --invocations-per-month N        how often the function is invoked: the report has the savings of a month
  --prior DIR|FILE                 with --until-sure: an earlier run directory, or measurements of pt-logparse, that
                                   tell what to expect
  --seed N                         of the random draws of --until-sure, default 1
  --jobs N                         of several inputs so many at once (default 1), each in a run directory of its own
  --prices FILE                    another table of prices
  --max-cost N                     stop before the invocations cost more, in the currency of the prices: the answer is
                                   then provisional
  --max-in-flight N                invocations under way at once, at most
  --keep-going                     count errors of the function's own, in place of ending the run
  --region, --profile, --endpoint-url   as the aws command has them
  --quiet, --verbose, --no-progress, --help, --version

For pipelines:
  --fail-if CONDITION              exit code 4 when the result is so: 'cost>+10%' (than the base line), 'p95>800ms',
                                   'power!=current', and more than noise; may be given more than once
  --baseline FILE|DIR              an earlier result, or run directory, to compare with
  --summary markdown               print what a comment says, in place of the result

Before a run:
  --check                          say whether everything is there that it needs: credentials, the function,
                                   permissions; runs and changes nothing; 0: all is there, 1: something is missing

Earlier runs:
  --recover DIR                    put back what a run that was killed has left
  --resume DIR                     go on with such a run: what was measured is not paid for again
  --recover --function NAME        the same without its run directory: delete what has the marks of this tool
  --force                          ... although a run may be alive on another machine; tune likewise
  --runs                           list the run directories
  --prune DAYS                     remove those of finished runs that are older

Without a run, from logs that are there:
  --from-logs                      what the LOGs (any form that pt-logparse reads; '-': standard input), or those
                                   of FUNCTIONs in CloudWatch, say of the memory sizes: a line of JSON each
  --since TIME                     how far back FUNCTIONs' logs are fetched: 90m, 24h (default), 7d, a date
  --days N                         the logs cover so many days (default: from first to last report)
  --architecture x86_64|arm64      of the prices (default x86_64)
  --strategy, --balanced-weight, --limit, --prices, --report, --invocations-per-month, --region, --profile,
  --endpoint-url, --quiet          as above

exit codes: 0 done; 1 the run failed, or its report was not written, and everything was put back; 2 bad
            usage or input, nothing was touched; 3 something could not be put back; 4 a condition
            of --fail-if holds; 128+N ended by signal N, after putting back
EOF
}
