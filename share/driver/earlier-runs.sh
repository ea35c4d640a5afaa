# shellcheck shell=sh disable=SC2034,SC2154 # names that power-tune and its other parts share
# Earlier runs: --runs, --resume, --recover and --prune. Sourced by power-tune.

# Prints how many seconds to wait for the lock: nothing when the driver of the run is alive. After it was
# killed, its stages end too, but pt-apply first restores $LATEST.
seconds_to_wait() {
    driver=$(sed -n '1s/^\([1-9][0-9]*\) .*/\1/p' "$run_dir/process" 2>/dev/null || :)
    kill -0 "${driver:-none}" 2>/dev/null || echo 10
}

# Collects the invocations of all rounds, and of earlier attempts of this run, in earlier.ndjson. A process
# that was killed may have left half a line.
gather_earlier() {
    cat -- "$run_dir/earlier.ndjson" "$run_dir/invoke.ndjson" 2>/dev/null |
        jq -ncR '[inputs | fromjson? | select(.type == "invocation" or .type == "failure") | select(.index != null or .excluded)]
            | unique_by([.power, .index])[]' >"$run_dir/earlier.new" && mv -- "$run_dir/earlier.new" "$run_dir/earlier.ndjson"
}

# Prints the input of a resumed run: the plan, the invocations so far, and the configurations that need more
# of them. A size that was left out before stays left out.
# shellcheck disable=SC2016 # for jq
write_resumption() {
    head -n 1 "$run_dir/init.ndjson" && cat -- "$run_dir/earlier.ndjson" &&
        tail -n +2 "$run_dir/init.ndjson" | jq -c --slurpfile earlier "$run_dir/earlier.ndjson" '
            . as $configuration | [$earlier[] | select(.power == $configuration.power)]
            | select(any(.excluded) | not)
            | map(select(.index >= 0 and ($configuration.index == null or .index == $configuration.index))) | length
            | select(. < $configuration.num) | $configuration'
}

# Finishes a resumed run that has its result. Only --auto-optimize may be missing, unless the journal shows
# that it was done.
resume_optimizing() {
    grep -qs '"action":"optimize","phase":"outcome"' "$run_dir/journal.ndjson" || in_state Optimizer || end "$?"
    deliver
}

# --resume: continues a run that was killed. First everything is restored, so that the function is as the plan
# expects it.
resume() {
    open_run_dir "$recover_dir"
    [ ! -e "$run_dir/local" ] || die "$EXIT_USAGE" "$run_dir: the embedded Lambda of this run is gone"
    [ -s "$run_dir/init.ndjson" ] || die "$EXIT_USAGE" "$run_dir: this run ended before it changed anything"
    check_report
    check_gate
    [ ! -e "$run_dir/finished" ] || [ ! -s "$run_dir/result.json" ] || deliver
    [ "$(plan_member '[.payloadFile, .payloads[]?.payloadFile] | any')" = false ] ||
        die "$EXIT_USAGE" "$run_dir: cannot resume: the payload was not kept (disablePayloadLogs)"
    lock_function "$(plan_member .functionArn)" "$(seconds_to_wait)" || not_locked "$?" "$run_dir: this run, or another run of its function, is still running"
    [ -n "$aws_options" ] || aws_options=$(kept_words options)
    [ -n "$pick_options" ] || pick_options=$(kept_words pick-options)
    [ -n "$prices" ] || [ ! -e "$run_dir/prices.json" ] || prices=$run_dir/prices.json
    [ -z "$prices" ] || use_prices "$prices"
    plan=$(head -n 1 "$run_dir/init.ndjson")
    catch_signals
    note_start
    in_state Cleaner || end "$EXIT_NOT_RESTORED"
    [ -z "$signal" ] || end_by_signal
    cleaning=''
    [ ! -s "$run_dir/result.json" ] || resume_optimizing
    rm -rf -- "$run_dir/finished" "$run_dir/pipes"
    configurations=resume.ndjson
    if ! mkdir "$run_dir/pipes" || ! gather_earlier || ! write_resumption >"$run_dir/resume.ndjson"; then
        end "$EXIT_FAILED"
    fi
    run_machine
}

# --recover --function: restores a function without a run directory. The markers on the function and its
# versions show what to restore. What only the run directory could tell is not changed, but reported.
recover_function() {
    [ -n "$function_given" ] || die "$EXIT_USAGE" "--recover needs a run directory, or --function"
    function=$(exec_with "$aws_options" pt-init --identify --num=5 "--function=$function_given") || exit "$EXIT_USAGE"
    lock_function "$function" || not_locked "$?" "a run is tuning $function"
    if is_unfinished && [ -z "$force" ]; then
        die "$EXIT_USAGE" "the run directory still exists; use: power-tune --recover '$earlier'"
    fi
    [ -z "$force" ] || apply_options=$apply_options--force$sep
    exec_with "$aws_options$apply_options" pt-apply sweep "--function=$function"
}

# --recover DIR: restores what a run that was killed has left.
recover() {
    [ -z "$recover_function" ] || recover_function
    open_run_dir "$recover_dir"
    if [ -e "$run_dir/finished" ] || [ -e "$run_dir/local" ] || [ ! -s "$run_dir/init.ndjson" ]; then
        say "$run_dir: nothing to restore"
        exit 0
    fi
    lock_function "$(plan_member .functionArn)" "$(seconds_to_wait)" || not_locked "$?" "$run_dir: this run, or another run of its function, is still running"
    [ -n "$aws_options" ] || aws_options=$(kept_words options)
    apply_options=$apply_options--verbose$sep
    plan=$(head -n 1 "$run_dir/init.ndjson")
    catch_signals
    note_start recovered
    in_state Cleaner || end "$EXIT_NOT_RESTORED"
    say "$run_dir: everything is as it was before the run"
    [ -z "$signal" ] || end_by_signal
    end 0
}

# --runs: prints a line for each run directory: the folder, the function, and how the run ended.
list_runs() {
    for directory in "$state_dir"/runs/*/; do
        [ -d "$directory" ] || continue
        if [ -e "$directory/result.json" ]; then
            outcome="done: $(jq -r 'if .power then "\(.power) MB" else "dry run" end' "$directory/result.json" 2>/dev/null || :)"
        elif [ -e "$directory/finished" ]; then
            outcome="failed, restored"
        elif [ ! -s "$directory/init.ndjson" ]; then
            outcome="ended before it changed anything"
        else
            outcome="not finished"
        fi
        printf '%s\t%s\t%s\n' "$(safe "${directory%/}")" "$(safe "$(cat "$directory/function" 2>/dev/null || :)")" "$outcome"
    done
}

# --prune: removes run directories of finished runs that are older than that many days.
prune_runs() {
    case $prune_days in
    '' | *[!0-9]*) die "$EXIT_USAGE" "--prune: '$prune_days' is not a number of days" ;;
    esac
    for directory in "$state_dir"/runs/*/; do
        [ ! -L "${directory%/}" ] || continue
        # A run that changed nothing has no plan; the age of its folder counts.
        ended=${directory}finished
        [ -s "${directory}init.ndjson" ] || [ -e "$ended" ] || ended=$directory
        [ -z "$(find "$ended" -prune -mtime "+$prune_days" 2>/dev/null)" ] || rm -rf -- "$directory"
    done
}
