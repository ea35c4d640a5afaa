# shellcheck shell=sh disable=SC2034,SC2154 # names that power-tune and its other parts share
# The driver's command line: reads its options and sorts them by the stages that take them. Sourced by
# power-tune.

arguments=''
aws_options='' init_options='' stats_options='' invoke_options='' apply_options='' pick_options='' choose_options='' advise_options='' price_options='' fetch_options='' report_options='' gate_options='' logs='' functions=''
local_dir='' run_dir='' recover_dir='' quiet='' progress=yes verb=tune prune_days='' function_given='' input_is_stdin='' region='' recover_function='' force='' report='' summary='' jobs=1 prices='' input_count=0 passed_options=''

# parse_options WORD...: reads the command line. Each option is appended to the list of the stage that takes
# it.
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
            # The folder is optional: without it, --function says what to restore.
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

# take_option_with_argument OPTION VALUE: an option with a value.
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

# take_option WORD: an option without a value, or an input.
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
        # A pipe, as from <(...), can be read only once: it becomes standard input.
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

# Prints the help text.
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

Input: the input object of AWS Lambda Power Tuning. Each parameter is also an option, which
overrides the file:
  --function NAME|ARN              function to tune (lambdaARN)
  --num N                          invocations at each memory size, 5 to 100000
  --power-values MB,MB,...|ALL     memory sizes (default 128,256,512,1024,1536,3008)
  --payload TEXT|@FILE             payload (event) to send: JSON text, or @FILE; other text is
                                   sent as a JSON string
  --payload-s3 s3://BUCKET/KEY     payload (event) to send, read from S3
  --parallel-invocation            start all invocations of a size at once
  --strategy cost|speed|balanced   what the best size means (default cost)
  --balanced-weight N              weight for balanced, from 0 (speed) to 1 (cost), default 0.5
  --limit FIGURE<=VALUE            choose only among the sizes that satisfy the limit:
                                   'p95<=800ms', 'averageDuration<=1s', 'maxMemoryUsed<=90%',
                                   'cost<0.00001'; can be repeated
  --auto-optimize                  give the function the best size at the end
  --auto-optimize-alias NAME       publish the best size as a version, and point this alias at it
  --dry-run                        invoke each size once, and choose nothing
  --pre-processor-arn ARN          function to invoke before each invocation
  --post-processor-arn ARN         function to invoke after each invocation
  --discard-top-bottom N           share of outliers to leave out at each end, 0 to 0.4, default 0.2
  --sleep-between-runs-ms N        pause after each invocation
  --disable-payload-logs           keep the payload out of messages and records
  --include-output-results         add the figures of every size to the result
  --only-cold-starts               measure cold starts only
  --allowed-exceptions A,B,...     error types that count as a normal result
  --until-sure[=PERCENT]           stop when the chosen size is expected to be at most PERCENT
                                   (default 0.5) worse than the best; --num is then the maximum
                                   for each size
  --visualization-url URL          page that draws the result
  --tenant-id ID                   tenant of a function with tenant isolation
  --timeout S                      time limit of the published versions, 1 to 900 seconds
  --warmup N                       invocations of each size that are not counted, before the others
  --allow-log-level                set SystemLogLevel INFO on the versions when WARN hides the
                                   REPORT lines

Running:
  --local DIR                      tune the function in DIR (an executable 'bootstrap', or a
                                   handler for Node.js or Python) on pt-local, without AWS
  --run-dir DIR                    folder for the records of the run, new or empty
                                   (default: a new one in
                                   ${XDG_STATE_HOME:-~/.local/state}/power-tune/runs)
  --report FILE                    write a page with charts (one HTML file) if the run succeeds
  --invocations-per-month N        show the savings of a month in the report
  --prior DIR|FILE                 with --until-sure: start from earlier measurements (a run
                                   directory, or the output of pt-logparse)
  --seed N                         random seed of --until-sure (default 1)
  --jobs N                         with several inputs: tune N at once (default 1), each with its
                                   own run directory
  --prices FILE                    use this table of prices
  --max-cost N                     stop before the invocations cost more than N, in the currency
                                   of the prices; the result is then provisional
  --max-in-flight N                maximum of invocations in progress at once
  --keep-going                     count errors of the function instead of ending the run
  --region, --profile, --endpoint-url   as in the aws command
  --quiet                          do not show the progress and the table
  --verbose                        report what was restored and which versions were deleted
  --no-progress                    do not show the progress of the invocations
  --help, --version

For pipelines:
  --fail-if CONDITION              exit with code 4 when the condition holds beyond noise:
                                   'cost>+10%' (compared with --baseline), 'p95>800ms',
                                   'power!=current'; can be repeated
  --baseline FILE|DIR              earlier result, or run directory, to compare with
  --summary markdown               print a summary for a comment instead of the result

Before a run:
  --check                          check that a run has all it needs: credentials, the function,
                                   permissions; invokes and changes nothing; exit code 0: all
                                   found, 1: something is missing

Earlier runs:
  --recover DIR                    restore what a run that was killed has left
  --resume DIR                     continue such a run: its measurements are not paid for again
  --recover --function NAME        restore without a run directory: delete the versions that have
                                   this tool's marker
  --force                          recover or tune even if a run may be in progress on another
                                   machine
  --runs                           list the run directories
  --prune DAYS                     remove the directories of runs that ended over DAYS days ago

From existing logs, without a run:
  --from-logs                      evaluate the memory sizes seen in LOG files (any form that
                                   pt-logparse reads; '-': standard input) or in the CloudWatch
                                   logs of FUNCTIONs; one line of JSON each
  --since TIME                     how far back to fetch the logs of FUNCTIONs: 90m, 24h
                                   (default), 7d, a date
  --days N                         number of days that the logs cover (default: from the first to
                                   the last report)
  --architecture x86_64|arm64      architecture for the prices (default x86_64)
  --strategy, --balanced-weight, --limit, --prices, --report, --invocations-per-month, --region, --profile,
  --endpoint-url, --quiet          as above

exit codes: 0 done; 1 the run failed or its report was not written, and the function is restored; 2 bad
            usage or input, nothing was changed; 3 something could not be restored; 4 a condition of
            --fail-if holds; 128+N ended by signal N, after restoring
EOF
}
