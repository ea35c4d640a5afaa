#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031 # each test is a subshell of its own
# --max-cost: the run stops before it exceeds the limit, and prints the result so far.

load helper

setup() {
    cd "$BATS_TEST_TMPDIR"
    ACTOR=$PT_BUILD/functions/actor
    [ -d "$ACTOR" ] || ACTOR=$ROOT/build/functions/actor
    # Simple prices: 1 for a GB-second, 0.001 for a request.
    echo '{"default": {"currency": "USD", "x86_64": {"gbSecond": 1, "request": 0.001}, "arm64": {"gbSecond": 1, "request": 0.001}}, "regions": {"us-east-1": {"x86_64": {"gbSecond": 1, "request": 0.001}}}}' >prices.json
    start_local --no-verify --cpu none --record requests --function "actor=$ACTOR"
    export AWS_ENDPOINT_URL=$ENDPOINT AWS_REGION=us-east-1
}

teardown() {
    stop_local
}

tune() {
    power-tune --function actor --num 20 --power-values 512,1024 --prices prices.json --no-progress --run-dir run "$@"
}

# Prints the cost of all invocations from their reports, and their number.
spent() {
    pt-logparse run/invoke.ndjson | jq -sc 'map(select(.type == "measurement") | .billedDurationMs * .power / 1024000 + 0.001) | [add, length]'
}

nothing_left() {
    run -0 curl --silent "$ENDPOINT/2015-03-31/functions/actor/versions"
    assert_equal "$(jq -c '[.Versions[] | [.Version, .MemorySize]]' <<<"$output")" '[["$LATEST",128]]'
}

@test "the run stops before the limit, prints a provisional result and restores the function" {
    run -0 --separate-stderr tune --payload '{"sleep":100}' --max-cost 2
    result=$output
    assert_equal "$(jq -c '[.provisional, .power]' <<<"$result")" '[true,512]'
    assert_equal "$result" "$(cat run/result.json)"
    spent=$(spent)
    assert_equal "$(jq '.[0] <= 2 and .[0] > 1' <<<"$spent")" true
    assert_equal "$(jq -c 'select(.type == "stopped") | [.reason, .maxCost, .notInvoked, (.cost * 1e6 | round)]' run/stats.ndjson)" \
        "$(jq -c '["maxCost", 2, 40 - .[1], (.[0] * 1e6 | round)]' <<<"$spent")"
    assert_regex "$stderr" "pt-invoke: warning: actor: stopped at 1\\.[0-9]+ USD, before the limit of 2; invocations not made: $(jq '40 - .[1]' <<<"$spent")"
    assert_regex "$stderr" 'Provisional: the run was stopped before all sizes were measured\.'
    assert_regex "$stderr" "pt-invoke: warning: --max-cost 2: a slow invocation can exceed the limit: one of 512 MB can cost up to 20 USD \\(time limit and init: 40 s\\)"
    nothing_left
}

@test "a limit that is not reached changes nothing" {
    run -0 --separate-stderr tune --payload '{}' --max-cost 1000 --quiet
    assert_equal "$(jq -c '[has("provisional"), ([.stateMachine.lambdaCost] | length)]' <<<"$output")" '[false,1]'
    assert_equal "$stderr" ''
    assert_equal "$(spent | jq '.[1]')" 40
}

@test "invocations at once stop before the limit too, and warm-ups count" {
    run -0 --separate-stderr tune --payload '{"sleep":300}' --parallel-invocation --warmup 2 --max-cost 6 --quiet
    assert_equal "$(jq .provisional <<<"$output")" true
    warm=$(grep -c '"type":"warmup"' run/invoke.ndjson)
    assert [ "$warm" -ge 2 ]
    assert_equal "$(sed 's/"type":"warmup"/"type":"invocation"/; s/"index":-[0-9]*/"index":0/' run/invoke.ndjson | pt-logparse |
        jq -s 'map(select(.type == "measurement") | .billedDurationMs * .power / 1024000 + 0.001) | add <= 6')" true
    nothing_left
}

@test "parallel invocations that suddenly take far longer do not exceed the limit" {
    # The second half costs 0.45 each, the first 0.006.
    echo '{"lambdaARN": "actor", "num": 20, "powerValues": [512, 1024], "parallelInvocation": true, "payload": [{"payload": {"sleep": 10}, "weight": 1}, {"payload": {"sleep": 900}, "weight": 1}]}' >input.json
    run -0 --separate-stderr power-tune input.json --timeout 4 --prices prices.json --max-cost 3 --no-progress --quiet --run-dir run
    assert_equal "$(jq .provisional <<<"$output")" true
    assert_equal "$(spent | jq '.[0] <= 3 and .[0] > 1')" true
    nothing_left
}

@test "a limit above the maximum cost of one invocation is never exceeded" {
    # Each could cost 7: the last begins before 3 is spent.
    echo '{"lambdaARN": "actor", "num": 60, "powerValues": [512], "parallelInvocation": true, "payload": [{"payload": {"sleep": 10}, "weight": 1}, {"payload": {"sleep": 900}, "weight": 1}]}' >input.json
    run -0 --separate-stderr power-tune input.json --timeout 4 --prices prices.json --max-cost 10 --no-progress --quiet --run-dir run
    assert_equal "$(jq .provisional <<<"$output")" true
    assert_equal "$(spent | jq '.[0] <= 10 and .[0] >= 3')" true
    refute_regex "$stderr" 'can exceed the limit'
    nothing_left
}

@test "as many invocations are in progress as could all run to their time limit" {
    # Each could cost 7 at 512 MB and 14 at 1024, by an init of 10 s and a time limit of 4 s.
    run -0 --separate-stderr power-tune --function actor --num 5 --power-values 512,1024 --timeout 4 --parallel-invocation --prices prices.json --max-cost 22 \
        --no-progress --quiet --payload '{"sleep":200}' --run-dir run
    assert_equal "$(spent | jq '.[1]')" 10
    # Ten at the same time would need ten environments.
    assert [ "$(pt-logparse run/invoke.ndjson | grep -c initDurationMs)" -le 4 ]
}

@test "a limit below the price of the first invocation invokes nothing" {
    run --separate-stderr tune --payload '{}' --max-cost 0.001 --quiet

    assert_equal "$(spent | jq '.[1]')" 0
    nothing_left
}

@test "a provisional result is not used to optimize the function" {
    run -0 --separate-stderr tune --payload '{"sleep":20}' --auto-optimize --max-cost 0.3 --quiet
    assert_equal "$(jq .provisional <<<"$output")" true
    assert_regex "$stderr" 'power-tune: the result is provisional: the memory size of the function is not changed$'
    nothing_left
}

@test "a run with --until-sure stops before the limit too" {
    # One at 1024 MB could cost 11.001, so there cannot be two.
    run -0 --separate-stderr power-tune --function actor --num 200 --power-values 512,1024 --prices prices.json --no-progress --quiet \
        --payload '{"sleep":500}' --until-sure=0.001 --timeout 1 --max-cost 11.3 --run-dir run
    assert_equal "$(jq .provisional <<<"$output")" true
    assert_equal "$(grep -ho '"type":"stopped"' run/stats.ndjson)" '"type":"stopped"'
    assert_equal "$(pt-logparse run/earlier.ndjson | jq -s 'map(select(.type == "measurement") | .billedDurationMs * .power / 1024000 + 0.001) | add | . > 0.2 and . <= 11.3')" true
    nothing_left
}

@test "it ends when nothing is in progress, whether the input is a file or a pipe that stays open" {
    pt-init --function actor --num 8 --power-values 512,1024 --payload '{"sleep":20}' | pt-apply publish >published
    run -0 timeout 60 pt-invoke --max-cost 0.1 --prices prices.json published
    assert_equal "$(jq -r .type <<<"${lines[-1]}")" stopped
    run -0 timeout 60 bash -c '{ cat published; sleep 1; } | pt-invoke --max-cost 0.1 --prices prices.json'
    assert_equal "$(jq -r .type <<<"${lines[-1]}")" stopped
    pt-apply clean published
}

@test "invocations of earlier processes count" {
    tune --payload '{"sleep":20}' --max-cost 0.4 --quiet >/dev/null 2>&1
    # The input of a resumed run: the plan, the invocations so far, and all versions again.
    { head -n 1 run/init.ndjson && grep '"type":"invocation"' run/invoke.ndjson && grep '"type":"configuration"' run/publish.ndjson; } >again
    : >requests
    run -0 --separate-stderr pt-invoke --max-cost 0.4 --prices prices.json again
    assert_equal "$(grep -c /invocations requests || :)" 0
    assert_regex "${stderr_lines[-1]}" '^pt-invoke: warning: actor: stopped at 0\.[0-9]+ USD, before the limit of 0.4; invocations not made: [0-9]+$'
}

@test "a limit that is not a number is bad usage, and nothing is changed" {
    run -2 --separate-stderr pt-invoke --max-cost much </dev/null
    assert_regex "$stderr" "^pt-invoke: option '--max-cost': 'much' is not a number from"
    : >requests
    run -2 --separate-stderr tune --max-cost -1 --payload '{}'
    assert_regex "$stderr" "^pt-invoke: option '--max-cost': '-1' is not a number from"
    assert_equal "$(cat requests)" ''
    assert [ ! -e run ]
}

@test "a run on a terminal prints the invocations, the estimated cost and the time in advance" {
    # A dry run, because it makes few invocations.
    run -0 bash -c 'script -qec "power-tune --function actor --num 10 --power-values 512,1024 --timeout 4 --sleep-between-runs-ms 100 --prices prices.json \
        --no-progress --quiet --payload 1" /dev/null </dev/null | tr -d "\r"'
    assert_line 'pt-init: warning: actor will be executed 20 times for real (10 at each of 2 sizes), with all its side effects'
    assert_line 'pt-init: estimated cost: 0.035 to 60 USD (the maximum: every invocation runs to its time limit of 4 s)'
    assert_line 'pt-init: estimated time: 1 s to 41 s, plus the time to publish the sizes'
}
