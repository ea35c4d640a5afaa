# shellcheck shell=sh
# The states of a run. Sourced by parts.sh. Each state is a shell function with the name of the state:
#
#   Initializer -> Branching (Publisher | Executor) -> IsCountReached -> Cleaner -> Analyzer -> Optimizer
#        with --until-sure: a Chooser before each Branching
#        any failure, any signal -> CleanUpOnError
#
# The messages of the stages go to standard error unchanged. Only the result is written to standard output.

# ---- before the first change ------------------------------------------------------------------------------------------

# init OPTION...: runs pt-init. It may read standard input twice, which is kept in a file until then.
init() {
    exec_with 'aws init input' pt-init "$@" <"$run_dir/pipes/input" &
    stages="init=$! "
    wait_for "$!"
    stages=''
    return "$status"
}

# Checks the whole input and the function before anything is changed, takes the function's lock, and writes
# the plan to init.ndjson in the run directory.
Initializer() {
    [ -z "$input_is_stdin" ] || cat >"$run_dir/pipes/input" || return
    init --identify >"$run_dir/function" || return
    function=$(cat "$run_dir/function")
    lock_function "$function" || {
        status=$?
        [ "$status" -ne "$EXIT_FAILED" ] || say "another run is tuning $function; wait for it to end"
        return "$status"
    }
    if is_unfinished && [ -z "$force" ]; then
        say "an earlier run on $function was not finished; first: power-tune --recover '$earlier'"
        return "$EXIT_USAGE"
    fi
    printf '%s\n' "$run_dir" >"$lock" || :
    [ -z "$signal" ] || return "$EXIT_FAILED"
    init --run-dir "$run_dir" >/dev/null || return
    rm -f -- "$run_dir/pipes/input"
}

# plan_member FILTER: a value of the run's plan record, taken with a jq filter, as in `plan_member
# .functionArn`.
plan_member() {
    head -n 1 "$run_dir/init.ndjson" | jq -r "$1"
}

# Keeps the plan, and what the states ask of it, in variables: the run directory may disappear.
read_plan() {
    plan=$(head -n 1 "$run_dir/init.ndjson")
    read -r run_id dry_run only_cold_starts until_sure optimizing <<EOF
$(printf '%s\n' "$plan" | jq -r '"\(.runId) \(.dryRun) \(.onlyColdStarts) \(.untilSure != null and (.dryRun | not)) \(.autoOptimize and (.dryRun | not))"')
EOF
}

# ---- the states -----------------------------------------------------------------------------------------------------

# Publisher and Executor run at the same time, joined by pipes.
Branching() {
    note_state Publisher entered
    note_state Executor entered
    run_stages branches
    note_branch Executor
    [ -z "$signal$failed" ]
}

branches() {
    Publisher <"$run_dir/$configurations" | Executor
}

# Publishes a version for each configuration, and restores $LATEST after the last.
Publisher() {
    stage publish 'aws apply' pt-apply publish --parent "$$" --run-dir "$run_dir"
}

# Invokes each version as soon as it is published, and computes the statistics.
Executor() {
    case $dry_run,$only_cold_starts in
    true,*) invoke ;;
    *,true) invoke | discard | measure ;;
    *) invoke | measure ;;
    esac
}

invoke() {
    stage invoke 'aws invoke' pt-invoke --parent "$$" --run-dir "$run_dir"
}

# With onlyColdStarts each invocation has a version of its own, which is deleted as soon as it was measured.
discard() {
    stage discard 'aws apply' pt-apply discard --parent "$$" --run-dir "$run_dir"
}

measure() {
    stage logparse '' pt-logparse | stage stats stats pt-stats
}

# note_branch STATE: notes how one of the two branches ended.
note_branch() {
    if [ -z "$signal$failed" ]; then note_state "$1" succeeded; else note_state "$1" failed; fi
}

# count_configurations FILE: prints how many records in the run directory stand for a configuration; nothing
# when the file is gone.
count_configurations() {
    grep -sc -e '"type":"configuration"' -e '"kind":"notPublished"' "$run_dir/$1" || :
}

# Checks that every configuration has a version, or a record that says why not. Otherwise the stream was cut
# short, and the run has failed.
IsCountReached() {
    planned=$(count_configurations "$configurations")
    reached=$(count_configurations publish.ndjson)
    if [ -z "$planned" ] || [ -z "$reached" ]; then
        say "the records of the run in '$run_dir' are gone"
        failed=$EXIT_FAILED
        return 1
    fi
    [ "$planned" -eq "$reached" ] || {
        say "only $reached of $planned configurations were published"
        failed=$EXIT_FAILED
        return 1
    }
}

# apply_to_end VERB [OPTION...]: runs one pt-apply command of the Cleaner or the Optimizer. Signals do not end
# it. It gets the plan from a variable, because the run directory may be gone.
apply_to_end() {
    apply_verb=$1
    shift
    printf '%s\n' "$plan" | (
        trap '' INT TERM HUP PIPE
        exec_with 'aws apply' pt-apply "$apply_verb" --run-dir "$run_dir" "$@"
    ) >/dev/null &
    apply_pid=$!
    wait_for "$!"
    apply_pid=''
    return "$status"
}

# Restores $LATEST and deletes the versions of the run. $LATEST is first: a change that is still on its way to
# AWS then finds another revision of the function, and AWS refuses it.
Cleaner() {
    cleaning=yes
    cleaned=0
    if ! local_is_over; then
        apply_to_end restore || cleaned=$EXIT_NOT_RESTORED
        apply_to_end clean || cleaned=$EXIT_NOT_RESTORED
    fi
    ! local_is_over || cleaned=0
    rm -rf -- "$run_dir/pipes" "$run_dir"/payload-*
    [ "$cleaned" -eq 0 ] || {
        say "cleanup is incomplete; to finish: power-tune --recover '$run_dir'"
        return "$EXIT_NOT_RESTORED"
    }
    begun=''
    mark finished || :
}

# Picks the best memory size from the statistics: result.json, and a table on standard error. Of a dry run it shows
# each invocation.
Analyzer() {
    from=stats.ndjson
    if [ "$dry_run" = true ]; then
        from=invoke.ndjson
        [ -n "$quiet" ] || pick --format table <"$run_dir/$from" >&2 || return
    fi
    pick <"$run_dir/$from" >"$run_dir/result.json" || return
    [ -n "$quiet" ] || [ "$dry_run" = true ] || pick --format table <"$run_dir/$from" >&2 || :
}

# Shows what the paid invocations of a run that was stopped say: a provisional answer. Messages about sizes
# without figures are left out.
show_provisional() {
    [ -z "$quiet" ] && [ "$dry_run" = false ] && [ -d "$run_dir" ] || return 0
    gather_earlier || return 0
    grep -q '"type":"invocation"' "$run_dir/earlier.ndjson" || return 0
    {
        printf '%s\n' "$plan"
        cat -- "$run_dir/earlier.ndjson"
        echo '{"type":"stopped","reason":"interrupted"}'
    } | pt-logparse 2>/dev/null | (exec_with stats pt-stats) 2>/dev/null | pick --format table >&2 2>/dev/null || :
}

pick() {
    (exec_with 'pick choose' pt-pick "$@")
}

# Gives the function the chosen size, with --auto-optimize only.
Optimizer() {
    [ "$optimizing" = true ] || return 0
    if [ "$(jq .provisional "$run_dir/result.json")" = true ]; then
        say "the result is provisional: the memory size of the function is not changed"
        return 0
    fi
    rm -f -- "$run_dir/finished"
    status=0
    apply_to_end optimize --power "$(jq .power "$run_dir/result.json")" || status=$?
    [ "$status" -eq "$EXIT_NOT_RESTORED" ] || mark finished || :
    [ "$status" -ne "$EXIT_NOT_RESTORED" ] || say "to finish: power-tune --recover '$run_dir'"
    return "$status"
}

# After any failure or signal once the Initializer is done: runs the Cleaner and ends the program. Does not
# return.
CleanUpOnError() {
    note_state CleanUpOnError entered
    status=0
    Cleaner || status=$?
    if [ "$status" -eq 0 ]; then note_state CleanUpOnError succeeded; else note_state CleanUpOnError failed; fi
    [ "$status" -eq 0 ] || end "$status"
    # A stage could not restore something, but the Cleaner then could.
    [ "$failed" != "$EXIT_NOT_RESTORED" ] || failed=$EXIT_FAILED
    [ -z "$signal" ] || show_provisional
    name_records
    [ -n "$signal" ] || end "${failed:-$EXIT_FAILED}"
    end_by_signal
}

# Prints where the records of a failed run are, if invocations were paid for. pt-invoke prints it with an error of the function.
name_records() {
    grep -qs '"type":"invocation"' "$run_dir/invoke.ndjson" || return 0
    case $words in
    *"invoke:--keep-going$sep"*) ;;
    *) ! grep '"kind":"functionError"' "$run_dir/invoke.ndjson" | grep -qv '"excluded":true' || return 0 ;;
    esac
    say "the records of the run are in '$run_dir'"
}

# Publishes and invokes until every size is measured; with --until-sure, in rounds.
Measuring() {
    if [ "$until_sure" = true ]; then
        measure_until_sure
    else
        in_state Branching && in_state IsCountReached
    fi
}

# All states after the Initializer. Does not return.
run_machine() {
    begun=yes
    [ -n "$quiet$no_progress" ] || add_to invoke --progress
    Measuring || CleanUpOnError
    outcome=0
    in_state Cleaner || outcome=$EXIT_NOT_RESTORED
    status=0
    in_state Analyzer || status=$?
    [ "$status" -eq 0 ] || {
        say "the records of the run are in '$run_dir'"
        end "$((outcome > status ? outcome : status))"
    }
    [ "$outcome" -ne 0 ] || [ -n "$signal" ] || in_state Optimizer || outcome=$?
    # The result is always kept, but only a run that succeeded prints it.
    if [ "$outcome" -ne 0 ] || [ -n "$signal" ]; then
        say "the result is in '$run_dir/result.json'"
        [ "$outcome" -ne 0 ] || end_by_signal
        end "$outcome"
    fi
    deliver
}
