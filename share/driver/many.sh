# shellcheck shell=sh disable=SC2034,SC2154 # names that power-tune and its other parts share
# Several inputs: each is tuned by a power-tune process of its own, --jobs of them at once. Sourced by
# power-tune.

many_work='' many_pids='' many_awks='' many_count=0

# Refuses options that work with one input only, checks the others, and makes the folder of the runs.
check_many() {
    [ -z "$function_given" ] || die "$EXIT_USAGE" "--function cannot be used with several inputs: each input names its function"
    [ -z "$report" ] || die "$EXIT_USAGE" "--report cannot be used with several inputs (pt-report reads several run directories)"
    [ -z "$input_is_stdin" ] || die "$EXIT_USAGE" "standard input cannot be one of several inputs"
    case $jobs in
    '' | *[!0-9]* | 0* | ?????*) die "$EXIT_USAGE" "option '--jobs': '$jobs' is not a number from 1 to 9999" ;;
    esac
    check_gate
    [ -z "$pick_options$choose_options" ] || check_pick_options
    [ -z "$run_dir" ] || [ ! -e "$run_dir" ] || [ -z "$(ls -A -- "$run_dir")" ] ||
        die "$EXIT_USAGE" "the run directory '$run_dir' is not empty"
    many_root=${run_dir:-$state_dir/runs}
    make_folder "$many_root"
    many_root=$(cd -- "$many_root" && pwd)
}

# input_name FILE: prints the name of an input for messages and folders: the file name without .json.
input_name() {
    basename -- "$1" .json
}

# many_run_dir INPUT: creates the run directory of an input and prints its name. In the folder of --run-dir it
# is named after the input; else it gets a name like every run.
many_run_dir() {
    if [ -z "$run_dir" ]; then
        new_run_dir "$many_root"
        return
    fi
    many_dir=$many_root/$(input_name "$1")
    while ! mkdir -- "$many_dir" 2>/dev/null; do
        [ -e "$many_dir" ] || return
        many_dir=$many_dir+
    done
    printf '%s\n' "$many_dir"
}

# start_one INPUT: starts a run. Its messages are printed with the name of the input in front.
start_one() {
    many_count=$((many_count + 1))
    many_dir=$(many_run_dir "$1") || die "$EXIT_FAILED" "cannot create a run directory in '$many_root'"
    printf '%s\n' "$1" >"$many_work/$many_count.input"
    printf '%s\n' "$many_dir" >"$many_work/$many_count.dir"
    mkfifo "$many_work/$many_count.messages"
    INPUT_NAME=$(safe "$(input_name "$1")") awk '{ print ENVIRON["INPUT_NAME"] ": " $0; fflush() }' <"$many_work/$many_count.messages" >&2 &
    many_awks="$many_awks $!"
    (exec_with "$passed_options--quiet$sep--run-dir=$many_dir$sep$1$sep" "$bin_dir/power-tune") \
        </dev/null >"$many_work/$many_count.out" 2>"$many_work/$many_count.messages" &
    many_pids="$many_pids $!"
}

# word_at NUMBER WORD...: prints the word with that number; the first is 1.
word_at() {
    shift "$1"
    printf '%s\n' "$1"
}

# finish_one NUMBER: waits for a run and keeps its exit status.
finish_one() {
    # shellcheck disable=SC2086 # numbers
    wait_for "$(word_at "$1" $many_pids)"
    printf '%s\n' "$status" >"$many_work/$1.status"
    # shellcheck disable=SC2086 # numbers
    wait_for "$(word_at "$1" $many_awks)"
    # A run that was refused leaves its folder empty.
    rmdir -- "$(cat "$many_work/$1.dir")" 2>/dev/null || :
}

# on_many_signal NAME: the trap of all signals. All runs get TERM, and no further run is started.
on_many_signal() {
    interrupted=yes
    [ -n "$signal" ] || [ -z "$many_pids" ] || say "restoring the functions; this takes a moment"
    signal=${signal:-$1}
    for pid in $many_pids; do
        kill -TERM "$pid" 2>/dev/null || :
    done
}

# estimate_each INPUT...: prints an estimate record for each input, or an empty object for an invalid input.
estimate_each() {
    for input; do
        (exec_with "$aws_options$init_options$input$sep" pt-init --estimate) </dev/null 2>/dev/null || echo '{}'
    done
}

# Prints the estimates of all inputs. Call it in a subshell: with --local it starts an embedded Lambda to ask.
estimate_many() {
    if [ -n "$local_dir" ]; then
        run_dir=$many_work/local quiet=yes
        mkdir -p "$run_dir/pipes"
        start_local
    fi
    call_with "$arguments" estimate_each
    stop_local
}

# At a terminal, prints the estimated invocations, cost and time of all runs before the first begins, as
# pt-init does for one function. With --jobs N, a run begins when the run N places before it, and all before
# that one, have ended.
announce_many() {
    [ -t 2 ] || return 0
    estimate_many | jq -r '[.invocations // 0, .atMost // false, .functionName // "-", .currency // "-", .leastCost // 0, .mostCost // 0,
        .leastSeconds // 0, .mostSeconds // 0] | @tsv' | LC_ALL=C JOBS="$jobs" NAME="$name" awk -F '\t' '
        BEGIN { jobs = ENVIRON["JOBS"] + 0; notice = ENVIRON["NAME"] ": "; before = notice "warning: " }
        function ends(row, seconds, ended) {
            ended = (row > jobs ? all_ended[row - jobs, side] : 0) + seconds
            all_ended[row, side] = (row > 1 && all_ended[row - 1, side] > ended) ? all_ended[row - 1, side] : ended
        }
        $1 == 0 { bad++; next }
        {
            rows++
            times += $1
            if ($2 == "true") most = "at most "
            words = words (rows > 1 ? ", " : "") $3 " " $1
            if ($4 != "-" && !($4 in least_cost)) currencies[++count] = $4
            least_cost[$4] += $5
            most_cost[$4] += $6
            side = 0; ends(rows, $7)
            side = 1; ends(rows, $8)
        }
        END {
            if (bad) print before bad " of " (rows + bad) " inputs cannot be estimated: their runs will report why"
            if (!rows) exit
            print before rows (rows > 1 ? " functions" : " function") " will be executed " most times " times for real (" words "), with all their side effects"
            for (i = 1; i <= count; i++)
                printf "%sestimated cost: %.2g to %.2g %s (the maximum: every invocation runs to its time limit)\n", notice,
                    least_cost[currencies[i]], most_cost[currencies[i]], currencies[i]
            printf "%sestimated time: %.0f s to %.0f s with --jobs %d, plus the time to publish the sizes\n", notice,
                all_ended[rows, 0], all_ended[rows, 1], jobs
            print before "until the sizes of a function are published, invocations of it without a version run with the sizes being tried"
        }' >&2 || :
}

# run_many INPUT...: runs all inputs, --jobs of them at once. The next begins when the oldest has ended.
run_many() {
    finished=0
    for input; do
        [ -z "$signal" ] || break
        while [ $((many_count - finished)) -ge "$jobs" ]; do
            finished=$((finished + 1))
            finish_one "$finished"
        done
        [ -n "$signal" ] || start_one "$input"
        # A signal may have arrived while the run was started.
        [ -z "$signal" ] || on_many_signal "$signal"
    done
    while [ "$finished" -lt "$many_count" ]; do
        finished=$((finished + 1))
        finish_one "$finished"
    done
}

# many_words STATUS: prints in words how a run ended.
many_words() {
    case $1 in
    0) echo 'done' ;;
    "$EXIT_GATE") echo 'a condition holds' ;;
    "$EXIT_USAGE") echo 'bad input' ;;
    "$EXIT_NOT_RESTORED") echo 'not restored' ;;
    "$EXIT_FAILED") echo failed ;;
    *) echo "ended by signal $(($1 - 128))" ;;
    esac
}

# many_row NUMBER: prints the table row of a run: the current size, the chosen size, the change of cost and
# duration, and how the run ended.
many_row() {
    status=$(cat "$many_work/$1.status")
    many_dir=$(cat "$many_work/$1.dir")
    figures=$(
        cat -- "$many_dir/stats.ndjson" "$many_dir/result.json" 2>/dev/null | jq -rsj '
            (map(select(.type == "plan")) | first) as $plan | ($plan.presentPower // $plan.memorySizeMB) as $present
            | (map(select(has("power") and has("stateMachine"))) | last) as $result
            | (map(select(.type == "stat" and .value == $present)) | first) as $now
            | def change($new; $old): if $new and $old and $old > 0 then "\((($new - $old) / $old * 1000 | round) / 10) %" else "-" end;
            [$plan.functionName, $present, $result.power, change($result.cost; $now.averagePrice),
                change($result.duration; $now.averageDuration)] | map(. // "-" | tostring) | join("\t")' 2>/dev/null
    ) || figures=''
    [ -d "$many_dir" ] || many_dir=-
    printf '%s\t%s\t%s\t%s\n' "$(safe "$(input_name "$(cat "$many_work/$1.input")")")" "${figures:--	-	-	-	-}" "$(many_words "$status")" "$(safe "$many_dir")"
}

# Prints the table of all runs, its cells separated by tabs.
many_table() {
    printf 'input\tfunction\tnow (MB)\tbest (MB)\tcost\tduration\toutcome\trun directory\n'
    row=0
    while [ "$row" -lt "$many_count" ]; do
        row=$((row + 1))
        many_row "$row"
    done
}

# Aligns the columns of a table whose cells are separated by tabs: columns 3 to 6 are numbers.
align() {
    awk -F '\t' '
        { for (i = 1; i <= NF; i++) { cell[NR, i] = $i; if (length($i) > width[i]) width[i] = length($i) } columns = NF }
        END {
            for (row = 1; row <= NR; row++) {
                line = ""
                for (i = 1; i < columns; i++)
                    line = line sprintf((i > 2 && i < 7 ? "%" : "%-") width[i] "s  ", cell[row, i])
                print line cell[row, columns]
            }
        }'
}

# Prints the results in the order of the inputs, each with its function's name first; with --summary, the
# summaries.
print_many() {
    row=0
    while [ "$row" -lt "$many_count" ]; do
        row=$((row + 1))
        [ -s "$many_work/$row.out" ] || continue
        many_dir=$(cat "$many_work/$row.dir")
        if [ -n "$summary" ]; then
            cat -- "$many_work/$row.out"
            echo
        else
            member=$(head -n 1 -- "$many_dir/init.ndjson" | jq -c '{functionName}') || return
            printf '%s,' "${member%\}}" && cut -c 2- "$many_work/$row.out" || return
        fi
    done
}

# Prints the exit code of all runs together. The worst counts: 3 (not restored), then 1 (failed), then 4.
# Invalid input is 2 only when all inputs were invalid, and 1 otherwise.
many_status() {
    sort -n "$many_work"/*.status | uniq | awk '
        { seen[$1] = 1; count++ }
        $1 != 0 && $1 != 2 && $1 != 3 && $1 != 4 { failed = 1 }
        END { print seen[3] ? 3 : failed ? 1 : seen[2] ? (count > 1 ? 1 : 2) : seen[4] ? 4 : 0 }'
}

# Tunes several inputs. Does not return.
tune_many() {
    check_many
    many_work=$(mktemp -d) || die "$EXIT_FAILED" "cannot create a folder for temporary files"
    trap 'rm -rf -- "$many_work"' EXIT
    trap 'on_many_signal INT' INT
    trap 'on_many_signal TERM' TERM
    trap 'on_many_signal HUP' HUP
    trap 'on_many_signal PIPE' PIPE
    announce_many
    call_with "$arguments" run_many
    outcome=0
    if [ "$many_count" -gt 0 ]; then
        [ -n "$quiet" ] || many_table | align >&2 || :
        outcome=$(many_status)
    fi
    if [ -n "$signal" ] && [ "$outcome" -ne "$EXIT_NOT_RESTORED" ]; then
        rm -rf -- "$many_work"
        trap - INT TERM HUP PIPE EXIT
        kill -s "$signal" $$
    fi
    if ! print_many >"$many_work/results" || ! print <"$many_work/results"; then
        exit "$EXIT_FAILED"
    fi
    exit "$outcome"
}
