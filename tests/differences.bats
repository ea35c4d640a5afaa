# Where the original is wrong and the figures differ on purpose: both are shown. (The billed restore is in parity.bats.)

load helper

teardown() {
    stop_local
}

# invocation INDEX TEXT: a record whose log tail is TEXT.
invocation() {
    printf '{"type":"invocation","power":128,"index":%s,"requestId":"id-%s","statusCode":200,"executedVersion":"1","logResult":"%s"}\n' \
        "$1" "$1" "$(printf '%s' "$2" | base64 -w0)"
}

report() {
    printf 'REPORT RequestId: id-%s\tDuration: %s ms\tBilled Duration: %s ms\tMemory Size: 128 MB\tMax Memory Used: 70 MB\t\n' "$1" "$2" "$2"
}

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

@test "a JSON report without every member is read, where the original refuses the log" {
    invocation 0 '{"time":"2025-01-01T00:00:00Z","type":"platform.report","record":{"requestId":"id-0","metrics":{"durationMs":12.5,"billedDurationMs":13,"memorySizeMB":128,"maxMemoryUsedMB":70},"status":"success"}}' \
        >"$BATS_TEST_TMPDIR/invocations"
    run -0 --separate-stderr pt-logparse "$BATS_TEST_TMPDIR/invocations"
    assert_equal "$(jq -c '[.durationMs,.billedDurationMs,.initDurationMs]' <<<"$output")" '[12.5,13,null]'
}

@test "no aliases are made, where the original makes one for each size" {
    ACTOR=$PT_BUILD/functions/actor
    [ -d "$ACTOR" ] || ACTOR=$ROOT/build/functions/actor
    start_local --no-verify --record "$BATS_TEST_TMPDIR/record" --function "actor=$ACTOR"
    run -0 --separate-stderr power-tune --quiet --endpoint-url "$ENDPOINT" --region us-east-1 --function actor --num 5 \
        --power-values 128,256
    run -1 grep -c '"operation":"\(Create\|Update\|Delete\)Alias"' "$BATS_TEST_TMPDIR/record"
    assert_equal "$output" 0
}

@test "a strategy of another name is refused, where the original runs on" {
    run -2 --separate-stderr pt-init --region us-east-1 --function f --num 5 --strategy cheapest
    assert_equal "$stderr" 'pt-init: --strategy: "cheapest" is not cost, speed or balanced'
}
