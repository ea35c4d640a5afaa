# shellcheck shell=sh
# A run with --until-sure: rounds of a few invocations. After each round pt-pick chooses what to measure in
# the next one, or decides that the result is good enough. Sourced by parts.sh.
#
#   Chooser -> Branching (Publisher | Executor) -> IsCountReached -> Chooser ... -> Cleaner
#
# A version that was published in one round is used in all later rounds. $LATEST is restored after each round
# that publishes. The files in the run directory:
#   earlier.ndjson   the invocations so far
#   versions.ndjson  the published versions
#   chooser.ndjson   what to measure next, or the decision
#   round.ndjson     the input of the current round

# Collects the invocations of all rounds, and of earlier attempts of this run, in earlier.ndjson. A process
# that was killed may have left half a line.
gather_earlier() {
    cat -- "$run_dir/earlier.ndjson" "$run_dir/invoke.ndjson" 2>/dev/null |
        jq -ncR '[inputs | fromjson? | select(.type == "invocation" or .type == "failure") | select(.index != null or .excluded)]
            | unique_by([.power, .index])[]' >"$run_dir/earlier.new" && mv -- "$run_dir/earlier.new" "$run_dir/earlier.ndjson"
}

# Chooses what to measure next (chooser.ndjson). Sets $decided when no more measurements are needed. Returns
# failure only when that could not be computed.
Chooser() {
    decided=''
    gather_earlier || return
    cat -- "$run_dir/init.ndjson" "$run_dir/versions.ndjson" "$run_dir/earlier.ndjson" | pt-logparse | pick --next >"$run_dir/chooser.ndjson" || return
    if grep -q '"type":"decision"' "$run_dir/chooser.ndjson"; then
        decided=yes
    fi
}

# Writes the input of one round: the plan, the invocations so far, and the configurations to measure.
begin_round() {
    configurations=round.ndjson
    {
        head -n 1 "$run_dir/init.ndjson" && cat -- "$run_dir/earlier.ndjson" "$run_dir/chooser.ndjson"
    } >"$run_dir/round.ndjson"
}

# Keeps the versions of this round for the next ones. With onlyColdStarts a version is used only once.
keep_versions() {
    [ "$only_cold_starts" != true ] || return 0
    grep '"type":"configuration"' "$run_dir/publish.ndjson" >>"$run_dir/versions.ndjson" || [ $? -eq 1 ]
}

# Computes the statistics of all rounds, together with the decision.
sum_up() {
    {
        head -n 1 "$run_dir/init.ndjson" && cat -- "$run_dir/earlier.ndjson" "$run_dir/chooser.ndjson"
        [ -z "$stopped" ] || grep '"type":"stopped"' "$run_dir/invoke.ndjson"
    } | pt-logparse | (exec_with stats pt-stats) >"$run_dir/stats.ndjson"
}

# Runs rounds until pt-pick has decided, the cost limit stopped the run, or a signal arrived.
measure_until_sure() {
    : >"$run_dir/versions.ndjson"
    stopped=''
    while [ -z "$signal" ]; do
        if ! in_state Chooser; then
            failed=$EXIT_FAILED
            return 1
        fi
        [ -z "$decided" ] || break
        begin_round && in_state Branching && in_state IsCountReached && keep_versions || return
        if grep -q '"type":"stopped"' "$run_dir/invoke.ndjson"; then
            stopped=yes
            gather_earlier || return
            break
        fi
    done
    [ -z "$signal" ] && sum_up
}
