#!/usr/bin/env bats
# pt-pick --next, and runs with --until-sure.

load helper
load local

teardown() {
    stop_local
}

PLAN='{"type":"plan","schema":1,"num":20,"powerValues":[128,256,512,1024,1536,3008]'

# measured POWER DURATION [MEMBERS]: prints a measurement.
measured() {
    printf '{"type":"measurement","power":%s,"requestId":"r","durationMs":%s,"billedDurationMs":%s,"memorySizeMB":%s,"maxMemoryUsedMB":50%s}\n' \
        "$1" "$2" "${2%.*}" "$1" "${3:-}"
}

# flat TIMES: prints measurements of a function that takes 400 ms at every size, TIMES at each.
flat() {
    local i power
    for ((i = 0; i < $1; i++)); do
        for power in 128 256 512 1024 1536 3008; do
            measured "$power" "$((400 + (i * 7 + power) % 5)).5" ",\"index\":$i"
        done
    done
}

@test "the first round invokes a few sizes over the whole range, once each" {
    run -0 --separate-stderr pt-pick --next <<<"$PLAN}"
    assert_output '{"type":"configuration","power":128,"num":1}
{"type":"configuration","power":512,"num":1}
{"type":"configuration","power":1024,"num":1}
{"type":"configuration","power":3008,"num":1}'
    run -0 bash -c 'pt-pick --next | jq -s "[length, first.power, last.power, (map(.num) | add)] | tojson" -r' \
        <<<"{\"type\":\"plan\",\"num\":20,\"powerValues\":$(jq -nc '[range(128; 3009; 64)]')}"
    assert_output '[4,128,3008,4]'
}

@test "the decision is one record" {
    run -0 --separate-stderr bash -c 'pt-pick --next | jq -c "[.type, .power, .confidence > 0.9, .expectedRegret < 0.005, keys]"' <<<"$PLAN}
$(flat 2)"
    assert_output '["decision",128,true,true,["confidence","correlation","expectedRegret","power","sizes","type"]]'
}

@test "the plan's untilSure sets the accepted regret; the option overrides it" {
    local records
    records=$(curved 128 256 512 1024 1536 3008)
    run -0 bash -c 'pt-pick --next --strategy balanced | jq -r .type | uniq' <<<"$PLAN,\"untilSure\":100}
$records"
    assert_output decision
    run -0 bash -c 'pt-pick --next --strategy balanced --until-sure=0.001 | jq -r .type | uniq' <<<"$PLAN,\"untilSure\":100}
$records"
    assert_output configuration
}

@test "the same input gives the same output, and a seed may change it" {
    local first
    first=$(pt-pick --next --strategy speed <<<"$PLAN}
$(flat 3)")
    run -0 pt-pick --next --strategy speed <<<"$PLAN}
$(flat 3)"
    assert_output "$first"
    run -0 pt-pick --next --strategy speed --seed 2 <<<"$PLAN}
$(flat 3)"
    refute_output "$first"
}

@test "a published size continues with its version and the next index, and keeps its members" {
    run -0 bash -c 'pt-pick --next --until-sure=0.001 --strategy balanced | grep ":128," | sed "s/\"num\":[0-9]*/\"num\":N/"' <<<"{\"type\":\"plan\",\"num\":9,\"powerValues\":[128,256]}
{\"type\":\"configuration\",\"power\":128,\"num\":1,\"version\":\"7\",\"x\":1e400}
{\"type\":\"configuration\",\"power\":128,\"num\":9}
$(
        measured 128 900 ',"index":0'
        measured 128 500 ',"index":1'
        measured 256 400
        measured 256 700
    )"
    assert_output '{"type":"configuration","power":128,"version":"7","x":1e400,"num":N,"index":2}'
}

@test "no size gets more than num invocations; when none is left, it decides" {
    run -0 bash -c 'pt-pick --next --until-sure=0.001 | jq -r .type' <<<"$PLAN}
$(flat 20)"
    assert_output decision
    run -0 bash -c 'pt-pick --next --until-sure=0.001 | jq -s "map(.num) | max <= 1"' <<<"$PLAN}
$(flat 19)"
    assert_output true
}

@test "a size that failed is not tried again, nor are smaller ones when memory was the cause" {
    local failure
    for failure in '"kind":"functionError","excluded":true,"errorType":"Runtime.OutOfMemory"' \
        '"kind":"functionError","errorType":"Runtime.ExitError","message":"RequestId: x Error: Runtime exited with error: signal: killed"'; do
        run -0 bash -c 'pt-pick --next --until-sure=0.001 | jq -r .power | sort -nu | head -n 1' <<<"$PLAN}
{\"type\":\"failure\",\"power\":256,\"index\":0,$failure}
$(flat 2 | grep -v '"power":\(128\|256\),')"
        assert_output 512
    done
    run -0 bash -c 'pt-pick --next | jq -r .power | tr "\n" " "' <<<"$PLAN}
{\"type\":\"failure\",\"power\":256,\"index\":0,\"kind\":\"functionError\",\"errorType\":\"TypeError\"}"
    assert_output '128 512 1024 3008 '
    run -0 bash -c 'pt-pick --next | jq -c "[.power, .memoryFloorMB]"' <<<"$PLAN}
{\"type\":\"failure\",\"power\":256,\"index\":0,\"kind\":\"functionError\",\"errorType\":\"Runtime.OutOfMemory\"}
$(flat 5 | grep -v '"power":\(128\|256\),')"
    assert_output '[512,512]'
}

@test "the result contains the least memory that the function needs" {
    run -0 bash -c 'pt-stats | pt-pick | jq -c "[.power, .memoryFloorMB]"' <<<"$PLAN}
{\"type\":\"failure\",\"power\":256,\"index\":0,\"kind\":\"functionError\",\"excluded\":true,\"errorType\":\"Runtime.OutOfMemory\"}
$(flat 5 | grep -v '"power":\(128\|256\),')"
    assert_output '[512,512]'
}

@test "when every size has failed there is nothing to choose from" {
    run -1 --separate-stderr pt-pick --next <<<"{\"type\":\"plan\",\"num\":5,\"powerValues\":[128]}
{\"type\":\"failure\",\"power\":128,\"index\":0,\"kind\":\"functionError\",\"errorType\":\"Runtime.OutOfMemory\"}"
    assert_output ""
    assert_equal "$stderr" "pt-pick: no size could be measured, and no invocations are left"
    run -1 --separate-stderr pt-pick --next <<<"{\"type\":\"plan\",\"num\":5,\"powerValues\":[128,256],\"timeout\":3}
{\"type\":\"failure\",\"power\":256,\"index\":0,\"kind\":\"functionError\",\"excluded\":true,\"errorType\":\"Sandbox.Timedout\"}
{\"type\":\"failure\",\"power\":128,\"index\":0,\"kind\":\"functionError\",\"excluded\":true,\"errorType\":\"Runtime.OutOfMemory\"}"
    assert_equal "$stderr" "pt-pick: no size could be measured, and no invocations are left: 128 MB: out of memory; 256 MB: timed out after 3 s; raise --timeout (at most 900)"
}

@test "the init and an outlier of a first duration do not decide" {
    run -0 bash -c 'pt-pick --next | jq -c "[.type, .power]"' <<<"$PLAN}
$(for power in 128 256 512 1024 1536 3008; do measured "$power" 2500.5 ',"index":0,"initDurationMs":900'; done)
$(flat 5)"
    assert_output '["decision",128]'
}

# cold POWER DURATION: prints the measurement of a cold start.
cold() {
    measured "$1" "$2" ',"initDurationMs":200,"index":0'
}

@test "a cold start of each size decides nothing: warm invocations are measured" {
    run -0 bash -c 'pt-pick --next --until-sure=100 | jq -r .type | uniq' <<<"$PLAN}
$(for power in 128 256 512 1024 1536 3008; do cold "$power" "$((128000 / power)).5"; done)"
    assert_output configuration
}

@test "the result, its stats and the decision have the same confidence" {
    local decision records
    records="$PLAN,\"num\":4}
$(for power in 128 256 512 1024; do
        cold "$power" "$((512000 / power)).5"
        for i in 1 2 3; do measured "$power" "$((128000 / power + (i * 37 + power) % 29)).5" ",\"index\":$i"; done
    done)"
    decision=$(pt-pick --next --until-sure=0.001 <<<"${records/1024,1536,3008/1024}")
    run -0 bash -c 'pt-stats | pt-pick --include-output-results | jq -c "[.confidence, (.power as \$p | .stats[] | select(.value == \$p).probability)]"' \
        <<<"${records/1024,1536,3008/1024}
$decision"
    assert_output "$(jq -c '[.confidence, .confidence]' <<<"$decision")"
}

@test "a stat record replaces the measurements of a size" {
    run -0 bash -c 'pt-stats | pt-pick --next | jq -c "[.type, .power]"' <<<"$PLAN}
$(flat 10)"
    assert_output '["decision",128]'
}

@test "with onlyColdStarts there is a record for each invocation" {
    run -0 bash -c 'pt-pick --next | jq -c "[.power, .num, .index]"' <<<'{"type":"plan","num":5,"powerValues":[128,256],"onlyColdStarts":true}'
    assert_output '[128,1,0]
[256,1,0]'
}

@test "a size that violates the limit is not chosen" {
    run -0 bash -c 'pt-pick --next --limit "p95<=200ms" | jq -c "[.type, .power]"' <<<"$PLAN,\"untilSure\":2}
$(flat 6 | sed 's/"power":512,\(.*\)"durationMs":[0-9.]*,"billedDurationMs":[0-9]*/"power":512,\1"durationMs":150,"billedDurationMs":150/')"
    assert_output '["decision",512]'
}

@test "invalid values of options are refused" {
    run -2 --separate-stderr pt-pick --next --until-sure=0
    assert_equal "$stderr" "pt-pick: option '--until-sure': '0' is not a number from 0.001 to 100"
    run -2 --separate-stderr pt-pick --next --seed x
    assert_equal "$stderr" "pt-pick: option '--seed': 'x' is not a whole number from 0 to 9223372036854775807"
}

@test "a run with --until-sure ends earlier, chooses the right size and restores the function" {
    start_local --no-verify --function "wait=$ROOT/examples/functions/fetch"
    run -0 --separate-stderr power-tune --endpoint-url "$ENDPOINT" --region us-east-1 --function wait --num 50 --until-sure --include-output-results \
        --run-dir "$BATS_TEST_TMPDIR/run" --quiet
    assert_equal "$(jq -c '[.power, .confidence > 0.9, .expectedRegret <= 0.005]' <<<"$output")" '[128,true,true]'
    [ "$(jq '[.stats[].count] | add' <<<"$output")" -lt 60 ]
    run -0 curl --silent "$ENDPOINT/2015-03-31/functions/wait/versions"
    assert_equal "$(jq -c '[.Versions[] | [.Version, .MemorySize]]' <<<"$output")" '[["$LATEST",128]]'
}

# curved POWER...: prints three measurements at each size of a function whose time falls with memory to a
# minimum.
curved() {
    local i power
    for power; do
        for i in 1 2 3; do
            measured "$power" "$((200 + 100000 / power + i)).5"
        done
    done
}

@test "--prior uses an earlier run, from its folder or its measurements" {
    mkdir "$BATS_TEST_TMPDIR/earlier"
    curved 256 512 1024 1536 3008 >"$BATS_TEST_TMPDIR/earlier.ndjson"
    pt-stats "$BATS_TEST_TMPDIR/earlier.ndjson" >"$BATS_TEST_TMPDIR/earlier/stats.ndjson"
    local prior
    for prior in earlier earlier.ndjson; do
        run -0 --separate-stderr bash -c 'pt-pick --next --prior "$1" | jq -r .power | head -n 1' - "$BATS_TEST_TMPDIR/$prior" <<<"$PLAN}"
        assert_equal "$stderr" ""
        [ "$(pt-pick --next --prior "$BATS_TEST_TMPDIR/$prior" <<<"$PLAN}" | wc -l)" -lt 6 ]
    done
}

@test "no size is tried below the memory that an earlier run has used" {
    measured 512 300 | sed 's/"maxMemoryUsedMB":50/"maxMemoryUsedMB":300/' >"$BATS_TEST_TMPDIR/earlier.ndjson"
    run -0 bash -c 'pt-pick --next --prior "$1" | jq -r .power | sort -n | head -n 1' - "$BATS_TEST_TMPDIR/earlier.ndjson" <<<"$PLAN}"
    assert_output 512
}

@test "a prior that cannot be read is an error" {
    run -2 --separate-stderr pt-pick --next --prior "$BATS_TEST_TMPDIR/none" <<<"$PLAN}"
    assert_equal "$stderr" "pt-pick: cannot read '$BATS_TEST_TMPDIR/none': No such file or directory"
    : >"$BATS_TEST_TMPDIR/empty"
    run -2 --separate-stderr pt-pick --next --prior "$BATS_TEST_TMPDIR/empty" <<<"$PLAN}"
    assert_equal "$stderr" "pt-pick: option '--prior': no measurement or stat record in '$BATS_TEST_TMPDIR/empty'"
}
