# Where the original is wrong or differs on purpose: what power-tune does, for each row of share/doc/differences.md. The
# comment before a test names its row.

load helper
load servers

setup() {
    ACTOR=$PT_BUILD/functions/actor
    [ -d "$ACTOR" ] || ACTOR=$ROOT/build/functions/actor
    RUN=$BATS_TEST_TMPDIR/run
    export AWS_REGION=us-east-1
}

teardown() {
    stop_servers
    stop_local
}

# invocation INDEX TEXT: a record whose log tail is TEXT.
invocation() {
    printf '{"type":"invocation","power":128,"index":%s,"requestId":"id-%s","statusCode":200,"executedVersion":"1","logResult":"%s"}\n' \
        "$1" "$1" "$(printf '%s' "$2" | base64 -w0)"
}

report() {
    printf 'REPORT RequestId: id-%s\tDuration: %s ms\tBilled Duration: %s ms\tMemory Size: 128 MB\tMax Memory Used: 70 MB\t%b\n' "$1" "$2" "$2" "${3-}"
}

# start [OPTION...]: starts pt-local with the function actor.
start() {
    start_local --no-verify --allow-host 127.0.0.1 --record "$BATS_TEST_TMPDIR/record" --function "actor=$ACTOR" "$@"
    FUNCTION=$ENDPOINT/2015-03-31/functions/actor
}

tune() {
    power-tune --quiet --endpoint-url "$ENDPOINT" --function actor --num "${NUM:-5}" --run-dir "$RUN" "$@"
}

operations() {
    jq -r 'select(.operation != null and .method != "GET") | .operation' "$BATS_TEST_TMPDIR/record"
}

@test "each row of the table of differences has a test here" {
    run -0 sed -n 's/^# row: //p' "$BATS_TEST_FILENAME"
    assert_equal "$(sort -u <<<"$output")" \
        "$(sed -n '/^|---/,$p' "$ROOT/share/doc/differences.md" | sed -n 's/^| \([^|]*[^| ]\) *|.*/\1/p' | sort -u)"
}

# row: SnapStart
@test "a billed restore, which the billed duration contains, is not added to it" {
    invocation 0 "$(report 0 100 'Restore Duration: 50.00 ms\tBilled Restore Duration: 30 ms\t')" >"$BATS_TEST_TMPDIR/invocations"
    run -0 --separate-stderr bash -c 'pt-logparse "$0" | pt-stats' "$BATS_TEST_TMPDIR/invocations"
    assert_equal "$(jq -c '[.averageDuration,.billedDurationMs.mean]' <<<"$output")" '[150,100]'
}
# row: log without a REPORT
@test "an invocation without a report is counted apart, where the original takes it for 0 ms" {
    {
        for index in 0 1 2 3; do
            invocation "$index" "$(report "$index" 100)"
        done
        invocation 4 'START RequestId: id-4 Version: 1'
    } >"$BATS_TEST_TMPDIR/invocations"
    run -0 --separate-stderr bash -c 'pt-logparse "$0" | pt-stats --discard-top-bottom 0' "$BATS_TEST_TMPDIR/invocations"
    stat=$(grep '"type":"stat"' <<<"$output")
    original=$(((4 * 100 + 0) / 5))
    assert_equal "$original" 80
    assert_equal "$(jq -c '[.averageDuration,.count,.noReport]' <<<"$stat")" '[100,4,1]'
}

# row: JSON logs
@test "a JSON report without every member is read, where the original refuses the log" {
    invocation 0 '{"time":"2025-01-01T00:00:00Z","type":"platform.report","record":{"requestId":"id-0","metrics":{"durationMs":12.5,"billedDurationMs":13,"memorySizeMB":128,"maxMemoryUsedMB":70},"status":"success"}}' \
        >"$BATS_TEST_TMPDIR/invocations"
    run -0 --separate-stderr pt-logparse "$BATS_TEST_TMPDIR/invocations"
    assert_equal "$(jq -c '[.durationMs,.billedDurationMs,.initDurationMs]' <<<"$output")" '[12.5,13,null]'
}

# row: lost response (reset, 5xx)
@test "a lost response is counted, where the original sends the invocation again" {
    start
    start_proxy 'invoke:2 lose'
    run -0 --separate-stderr env ENDPOINT="$ADDRESS" bash -c 'power-tune --quiet --endpoint-url "$ADDRESS" --function actor --num 5 --power-values 128 --run-dir "$0"' "$RUN"
    assert_equal "$(operations | grep -c '^Invoke$')" 5
    assert_equal "$(jq -c 'select(.type == "stat") | [.count, .lost]' "$RUN/stats.ndjson")" '[4,1]'
}

# row: size that fails
# row: result
@test "a size that fails is left out with its reason, where the original ends the run" {
    start
    run -0 --separate-stderr tune --power-values 128,1024 --payload '{"memory":60}'
    assert_equal "$(jq -c '[.power, .excluded]' <<<"$output")" '[1024,[{"power":128,"reason":"out of memory (128 of 128 MB)"}]]'
}

# row: unknown `strategy`
@test "a strategy of another name is refused, where the original runs on" {
    run -2 --separate-stderr pt-init --region us-east-1 --function f --num 5 --strategy cheapest
    assert_equal "$stderr" 'pt-init: --strategy: "cheapest" is not cost, speed or balanced'
}

# row: unknown parameters
@test "an unknown parameter is ignored with a warning, and one that is nearly known is refused" {
    run -0 --separate-stderr pt-init --syntax - <<<'{"lambdaARN":"f","num":5,"comment":"x"}'
    assert_equal "$stderr" 'pt-init: warning: standard input: comment: unknown parameter, ignored'
    run -2 --separate-stderr pt-init --syntax - <<<'{"lambdaARN":"f","num":5,"powerValue":[128]}'
    assert_equal "$stderr" 'pt-init: standard input: powerValue: unknown parameter; did you mean powerValues?'
}

# row: list of payloads in which not every element has `payload` and `weight`
@test "a list that is nearly weighted is refused, where the original sends it as one event" {
    run -2 --separate-stderr pt-init --syntax - <<<'{"lambdaARN":"f","num":5,"payload":[{"payload":1,"weight":1},{"payload":2,"wieght":1}]}'
    assert_equal "$stderr" \
        "pt-init: standard input: payload: element 2 has 'wieght'; did you mean 'weight'? (a list that is one event can be given as a string)"
}

# row: lambdaARN with a version or alias
@test "a version is tuned if it equals \$LATEST, where the original refuses it" {
    start
    curl -s -X POST "$FUNCTION/versions" -d '{}' >/dev/null
    run -0 --separate-stderr pt-init --endpoint-url "$ENDPOINT" --function arn:aws:lambda:us-east-1:123456789012:function:actor:1 --num 5
    curl -s -X PUT "$FUNCTION/configuration" -d '{"Timeout":9}' >/dev/null
    run -2 --separate-stderr pt-init --endpoint-url "$ENDPOINT" --function actor:1 --num 5
    assert_equal "$stderr" 'pt-init: 1: cannot be tuned through $LATEST, which has other code or another configuration'
}

# row: temporary aliases
# row: `$LATEST`
# row: executionCost
@test "no aliases are made, \$LATEST is restored without another version, and executionCost is 0" {
    start --memory 192
    run -0 --separate-stderr tune --power-values 128,256
    assert_equal "$(jq .stateMachine.executionCost <<<"$output")" 0
    assert_equal "$(operations | sort | uniq -c | sed 's/^ *//')" '2 DeleteFunction
10 Invoke
2 PublishVersion
3 UpdateFunctionConfiguration'
    assert_equal "$(curl -s "$FUNCTION/configuration" | jq .MemorySize)" 192
}

# row: versions
@test "a version of the user that PublishVersion returns is measured and not deleted, where the original deletes it" {
    start --memory 256
    curl -s -X POST "$FUNCTION/versions" -d '{"Description":"theirs"}' >/dev/null
    run -0 --separate-stderr tune --power-values 256
    assert_equal "$(curl -s "$FUNCTION/versions" | jq -c '[.Versions[] | [.Version, .Description]]')" '[["$LATEST",""],["1","theirs"]]'
}

# row: several runs on one function
@test "a second run on a function is refused, where the original lets both disturb each other" {
    start
    # Not the function tune: the background process must be power-tune itself, so that it can be ended.
    power-tune --quiet --endpoint-url "$ENDPOINT" --function actor --num 1000 --run-dir "$RUN" --power-values 128 \
        --payload '{"sleep":20}' >/dev/null 2>&1 3>&- &
    until grep -qs invocation "$RUN/invoke.ndjson"; do sleep 0.02; done
    run -1 --separate-stderr power-tune --quiet --endpoint-url "$ENDPOINT" --function actor --num 5
    kill "$!"
    wait "$!" || :
    assert_equal "$stderr" 'power-tune: another run is tuning arn:aws:lambda:us-east-1:123456789012:function:actor; wait for it to end'
}

# row: onlyColdStarts
@test "each version for a cold start is deleted when it was measured, where the original keeps all until the end" {
    start
    NUM=20 run -0 --separate-stderr tune --power-values 128 --only-cold-starts
    run -0 operations
    first=$(grep -n -m 1 '^DeleteFunction$' <<<"$output" | cut -d : -f 1)
    last=$(grep -n '^PublishVersion$' <<<"$output" | tail -n 1 | cut -d : -f 1)
    [ "$first" -lt "$last" ]
}

# row: cold start without Init Duration
@test "with onlyColdStarts an invocation without an Init Duration is measured" {
    invocation 0 "$(report 0 100)" >"$BATS_TEST_TMPDIR/records"
    run -0 --separate-stderr bash -c 'pt-logparse "$0" | pt-stats --only-cold-starts | jq .count' "$BATS_TEST_TMPDIR/records"
    assert_output 1
}

# row: prices
@test "prices are by the GB-second; with the original's table they are the original's" {
    report 0 1000 >"$BATS_TEST_TMPDIR/log"
    run -0 bash -c 'pt-logparse "$0" | pt-stats --region us-east-1 | jq .averagePrice' "$BATS_TEST_TMPDIR/log"
    assert_equal "$(jq -n --argjson price "$output" '$price == 1000 * (0.0000166667 * 128 / 1024 / 1000)')" true
    run -0 --separate-stderr bash -c 'pt-logparse "$0" | pt-stats --region us-east-1 --prices "$1" | jq ".averagePrice == 2.1e-06"' "$BATS_TEST_TMPDIR/log" \
        "$FIXTURES/parity/prices-original.json"
    assert_output true
}

# row: storage of the payload
@test "the payload is in the run directory, for its owner only, and nowhere with disablePayloadLogs" {
    start
    run -0 --separate-stderr tune --power-values 128 --payload '{"secret":1}'
    assert_equal "$(stat -c %a "$RUN")" 700
    grep -q secret "$RUN/init.ndjson"
    RUN=$BATS_TEST_TMPDIR/other
    run -0 --separate-stderr tune --power-values 128 --payload '{"secret":1}' --disable-payload-logs
    run -1 grep -r secret "$RUN"
}
