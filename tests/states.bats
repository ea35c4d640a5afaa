#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2154 # each test is a subshell of its own; run sets output
# The notes of a run for programs that watch it: its states, its input and its process.

load helper

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    ACTOR=$ROOT/build/functions/actor
}

# Prints the states in the order in which they were noted, one on each line.
states() {
    jq -r '[.state // .type, .phase, .exitStatus // .signal // empty] | join(" ")' run/states.ndjson
}

@test "the beginning and the end of each state are noted, in the order of the design" {
    run -0 power-tune --quiet --local "$ACTOR" --num 5 --power-values 128,256 --run-dir run
    run -0 states
    assert_output 'execution entered
Initializer entered
Initializer succeeded
Branching entered
Publisher entered
Executor entered
Publisher succeeded
Executor succeeded
Branching succeeded
IsCountReached entered
IsCountReached succeeded
Cleaner entered
Cleaner succeeded
Analyzer entered
Analyzer succeeded
Optimizer entered
Optimizer succeeded
execution succeeded 0'
    run -0 jq -r '.at | test("^[0-9]{8}T[0-9]{6}Z$")' run/states.ndjson
    refute_line false
}

@test "a run whose function fails is noted as failed and cleaned up" {
    run -1 power-tune --quiet --local "$ACTOR" --num 5 --power-values 128 --payload '{"error":"E"}' --run-dir run
    run -0 states
    assert_output --partial 'Branching failed
CleanUpOnError entered
CleanUpOnError succeeded
execution failed 1'
    assert_line 'Executor failed'
}

@test "a stopped run is noted with its signal" {
    power-tune --quiet --local "$ACTOR" --num 5 --power-values 128 --payload '{"sleep":60000}' --run-dir run 3>&- &
    until grep -qs '"Executor"' run/states.ndjson; do sleep 0.05; done
    kill -TERM $!
    wait $! || true
    run -0 states
    assert_output --partial 'CleanUpOnError succeeded
execution stopped TERM'
}

@test "the input is kept as it was given, and without its payload when that must not be kept" {
    echo '{"num": 5, "payload": {"big": 123456789012345678901, "a": 1e400},"powerValues":[128]}' >input.json
    run -0 power-tune --quiet --local "$ACTOR" --run-dir run input.json
    run -0 cat run/input.json
    assert_output '{"num":5,"payload":{"big": 123456789012345678901, "a": 1e400},"powerValues":[128],"lambdaARN":"actor"}'
    run -0 power-tune --quiet --local "$ACTOR" --disable-payload-logs --run-dir other input.json
    run -0 cat other/input.json
    assert_output '{"num":5,"powerValues":[128],"disablePayloadLogs":true,"lambdaARN":"actor"}'
}

@test "a new run directory may contain only the file messages" {
    mkdir run
    echo said >run/messages
    run -0 power-tune --quiet --local "$ACTOR" --num 5 --power-values 128 --run-dir run
    assert_equal "$(cat run/messages)" said
    mkdir other
    touch other/messages other/more
    run -2 power-tune --quiet --local "$ACTOR" --num 5 --power-values 128 --run-dir other
    assert_output "power-tune: the run directory 'other' is not empty"
}
