# shellcheck shell=sh disable=SC2034,SC2154 # names that power-tune and its other parts share
# A run that goes on until it is sure (untilSure): rounds of a few invocations, each chosen after the last. Sourced by
# power-tune.
#
#   Chooser -> Branching (Publisher | Executor) -> IsCountReached -> Chooser ... -> Cleaner
#
# A version that was published in one round is used in all that follow; $LATEST is put back behind each that publishes. In
# the run directory, earlier.ndjson has what was invoked so far, versions.ndjson what was published, chooser.ndjson what
# comes next or the decision, round.ndjson the stream of the round.

is_until_sure() {
    [ "$(plan_member '.untilSure != null and (.dryRun | not)')" = true ]
}

# What to run next; true when there is something, and $decided when there need be no more.
Chooser() {
    decided=''
    gather_earlier || return
    cat -- "$run_dir/init.ndjson" "$run_dir/versions.ndjson" "$run_dir/earlier.ndjson" | pt-logparse |
        (exec_with "$pick_options$choose_options" pt-pick --next) >"$run_dir/chooser.ndjson" || return
    if grep -q '"type":"decision"' "$run_dir/chooser.ndjson"; then
        decided=yes
    fi
}

# One round: plan, what was invoked, and what is to be.
begin_round() {
    configurations=round.ndjson
    {
        head -n 1 "$run_dir/init.ndjson" && cat -- "$run_dir/earlier.ndjson" "$run_dir/chooser.ndjson"
    } >"$run_dir/round.ndjson"
}

# Versions of cold starts are used once.
keep_versions() {
    [ "$(plan_member .onlyColdStarts)" != true ] || return 0
    grep '"type":"configuration"' "$run_dir/publish.ndjson" >>"$run_dir/versions.ndjson" || [ $? -eq 1 ]
}

# The figures of all rounds, and the decision with them.
sum_up() {
    {
        head -n 1 "$run_dir/init.ndjson" && cat -- "$run_dir/earlier.ndjson" "$run_dir/chooser.ndjson"
        [ -z "$stopped" ] || grep '"type":"stopped"' "$run_dir/invoke.ndjson"
    } | pt-logparse | (exec_with "$stats_options" pt-stats) >"$run_dir/stats.ndjson"
}

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
