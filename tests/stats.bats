#!/usr/bin/env bats
# pt-stats: sums, averages, percentiles and prices of measurements.

load helper

# measurement POWER DURATION [MEMBERS]: a record with the duration rounded up as its billed duration.
measurement() {
    printf '{"type":"measurement","power":%s,"requestId":"r","durationMs":%s,"billedDurationMs":%s,"memorySizeMB":%s,"maxMemoryUsedMB":64%s}\n' \
        "$1" "$2" "$(jq -n "$2 | ceil")" "$1" "${3:-}"
}

# ten POWER: ten measurements of 1 to 10 ms.
ten() {
    local i
    for i in 7 3 10 1 9 5 2 8 4 6; do measurement "$1" "$i"; done
}

# stat FILTER OPTION...: the result of the jq filter over all stats of standard input.
stat() {
    pt-stats "${@:2}" | jq -sc "[.[] | select(.type == \"stat\")] | $1"
}

@test "the first members of a stat are the original's, followed by the counts" {
    run -0 --separate-stderr pt-stats <<<"$(measurement 1024 1000)"
    assert_equal "$(jq -c 'keys_unsorted[:8]' <<<"$output")" \
        '["type","value","averageDuration","averagePrice","totalCost","count","failed","lost"]'
    assert_equal "$(jq -c '[.value, .averageDuration, .count, .failed, .lost, .noReport, .coldStarts]' <<<"$output")" "[1024,1000,1,0,0,0,0]"
    assert_equal "$(jq '(.averagePrice - 0.0000166667) | fabs < 1e-15' <<<"$output")" true
    assert_equal "$stderr" ""
}

@test "unparsed invocation records give an error that names pt-logparse" {
    invocation='{"type":"invocation","power":128,"index":0,"requestId":"r","statusCode":200,"logResult":""}'
    configuration='{"type":"configuration","power":128,"num":5,"version":"1"}'
    run -2 --separate-stderr pt-stats <<<"$configuration"$'\n'"$(for _ in {1..30}; do echo "$invocation"; done)"
    assert_equal "$stderr" 'pt-stats: 30 invocation records: run pt-logparse first'
    assert_equal "$(jq -s 'map(select(.type == "stat")) | length' <<<"$output")" 0
    run -2 --separate-stderr pt-stats --partial <<<"$invocation"
    assert_equal "$stderr" 'pt-stats: 1 invocation record: run pt-logparse first'
    # Together with measurements they pass through, like other records.
    run -0 --separate-stderr pt-stats <<<"$invocation"$'\n'"$(measurement 128 1)"
    assert_equal "$stderr" ''
}

@test "the average leaves out a fifth at each end, the total includes everything" {
    run -0 stat '.[0] | [.averageDuration, .durationMs.mean, (.totalCost * 1e9 | round)]' <<<"$(
        ten 1024
        measurement 1024 1000
    )"
    assert_output "[6,95.9090909090909,17583]"
}

@test "--discard-top-bottom sets the share left out, --only-cold-starts sets it to zero" {
    local options
    for options in "--discard-top-bottom 0" --only-cold-starts; do
        # shellcheck disable=SC2086
        run -0 stat '.[0].averageDuration' $options <<<"$(
            ten 128
            measurement 128 1000
        )"
        assert_output "95.9090909090909"
    done
    run -0 stat '.[0].averageDuration' --discard-top-bottom 0.4 <<<"$(
        ten 128
        measurement 128 1000
    )"
    assert_output "6"
}

@test "the plan sets region, architecture and discard; options override it" {
    local plan='{"type":"plan","schema":1,"runId":"r","region":"af-south-1","architecture":"arm64","discardTopBottom":0}'
    run -0 stat '.[0] | [.durationMs.mean == .averageDuration, (.averagePrice * 1e12 | round)]' <<<"$plan
$(ten 1024)"
    assert_output "[true,106080]"
    run -0 stat '.[0] | (.averagePrice * 1e12 | round)' --region us-east-1 --architecture x86_64 <<<"$plan
$(ten 1024)"
    assert_output "100000"
}

@test "with the plan's onlyColdStarts the average includes everything" {
    run -0 stat '.[0].averageDuration' <<<'{"type":"plan","schema":1,"runId":"r","discardTopBottom":0.4,"onlyColdStarts":true}
'"$(
        ten 128
        measurement 128 1000
    )"
    assert_output "95.9090909090909"
}

@test "a duration contains the init and the restore" {
    run -0 stat '.[0] | [.averageDuration, .coldStarts, .initDurationMs.mean, .cold.averageDuration, .warm.count]' --discard-top-bottom 0 \
        <<<"$(
            measurement 128 5 ',"initDurationMs":100.5'
            measurement 128 5 ',"restoreDurationMs":20'
            measurement 128 5
        )"
    assert_output "[45.166666666666664,2,100.5,65.25,1]"
}

@test "percentiles use the nearest rank" {
    run -0 stat '.[0].durationMs | [.min, .p50, .p90, .p95, .p99, ."p99.9", .max]' <<<"$(ten 128)"
    assert_output "[1,5,9,10,10,10,10]"
}

@test "standard deviation, coefficient of variation and intervals agree with R" {
    # R: sd(1:10), t.test(1:10)$conf.int
    run -0 stat '.[0].durationMs | [.standardDeviation, .coefficientOfVariation, .trimmedMeanInterval[0], .trimmedMeanInterval[1]] | map(. * 1e5 | round)' \
        --discard-top-bottom 0 <<<"$(ten 128)"
    assert_output "[302765,55048,333415,766585]"
    # R: qbinom(c(0.025, 0.975), 100, 0.5) + c(0, 1)
    run -0 stat '.[0].durationMs.p50Interval' <<<"$(for i in $(seq 100); do measurement 128 "$i"; done)"
    assert_output "[40,61]"
}

@test "memory is given as the maximum, and as its share of the size" {
    run -0 stat '.[0] | [.maxMemoryUsedMB, .maxMemoryUsedShare]' <<<"$(
        measurement 128 1
        measurement 128 1 | sed 's/64/96/'
    )"
    assert_output "[96,0.75]"
}

@test "the cost of a million invocations is a million times the average, plus the requests" {
    run -0 stat '.[0] | [.costOfMillion, .costOfMillionWithRequests] | map(. * 1e6 | round)' <<<"$(measurement 1024 1000)"
    assert_output "[16666700,16866700]"
}

@test "reports from before and after August 2025 are distinguished by their figures, and a mixture is flagged" {
    local before after either
    before=$(measurement 128 5 ',"initDurationMs":100.5')
    after=$(measurement 128 5 ',"initDurationMs":100.5' | sed 's/"billedDurationMs":5/"billedDurationMs":106/')
    # Billing in steps of 100 ms, and an init too short to affect the billed duration.
    either=$(
        measurement 128 5 ',"initDurationMs":20' | sed 's/"billedDurationMs":5/"billedDurationMs":100/'
        measurement 128 4.2 ',"initDurationMs":0.3'
    )
    run -0 --separate-stderr stat '.[0] | [.initBilled, .initNotBilled, .mixedBilling]' <<<"$after
$either"
    assert_output '[null,null,null]'
    assert_equal "$stderr" ""
    run -0 --separate-stderr stat '.[0] | [.initBilled, .initNotBilled, .mixedBilling]' <<<"$before
$either"
    assert_output '[0,1,null]'
    assert_equal "$stderr" ""
    run -0 --separate-stderr stat '.[0] | [.initBilled, .initNotBilled, .mixedBilling]' <<<"$before
$after
$before"
    assert_output '[1,2,true]'
    assert_equal "$stderr" "pt-stats: warning: cold starts from before and after August 2025 are mixed: init was billed for 1 and not for 2; prices are averages of both"
}

@test "sizes of one function with different rules of billing an init are a mixture, two functions are not" {
    local records
    records=$(
        measurement 128 5 ',"initDurationMs":100.5,"functionName":"f"'
        measurement 256 5 ',"initDurationMs":100.5,"functionName":"f"' | sed 's/"billedDurationMs":5/"billedDurationMs":106/'
        measurement 512 5 ',"functionName":"f"'
        measurement 512 5 ',"initDurationMs":100.5,"functionName":"g"' | sed 's/"billedDurationMs":5/"billedDurationMs":106/'
    )
    run -0 --separate-stderr stat 'map([.initBilled, .initNotBilled, .mixedBilling])' --by power,functionName <<<"$records"
    assert_output '[[0,1,true],[1,0,true],[null,null,null],[null,null,null]]'
    assert_equal "$stderr" "pt-stats: warning: cold starts from before and after August 2025 are mixed: init was billed for 1 and not for 1; prices are averages of both"
    run -0 --separate-stderr stat 'map(.mixedBilling)' --by power,functionName <<<"$(grep -v '"power":256' <<<"$records")"
    assert_output '[null,null,null]'
    assert_equal "$stderr" ""
}

@test "a restore is always billed, and does not show how an init is billed" {
    run -0 --separate-stderr stat '.[0] | [.initNotBilled, .mixedBilling]' <<<"$(measurement 128 5 ',"restoreDurationMs":700,"billedRestoreDurationMs":100')"
    assert_output '[null,null]'
}

@test "with weighted payloads each stat has figures by payload" {
    local records plan='{"type":"plan","schema":1,"runId":"r","discardTopBottom":0}'
    records=$(
        measurement 1024 10 ',"payloadIndex":1'
        measurement 1024 1 ',"payloadIndex":0'
        measurement 1024 20 ',"payloadIndex":1,"initDurationMs":5'
        measurement 128 7 ',"payloadIndex":0'
    )
    records+='
{"type":"failure","power":128,"index":3,"payloadIndex":1,"kind":"lost"}'
    run -0 stat 'map([.value, .count, (.payloads | map([.payloadIndex, .count, .lost, .coldStarts, .averageDuration, ((.averagePrice // 0) * 1e12 | round)]))])' <<<"$plan
$records"
    assert_output '[[128,1,[[0,1,0,0,7,14583],[1,0,1,0,null,0]]],[1024,3,[[0,1,0,0,1,16667],[1,2,0,1,17.5,250001]]]]'
    # Partial sums of a run add up to the same bytes.
    run -0 cmp <(pt-stats <<<"$records" | tail -n 2) <(
        {
            head -n 2 <<<"$records" | pt-stats --partial
            tail -n 3 <<<"$records" | pt-stats --partial | grep partial
        } | sort -r | pt-stats --merge
    )
}

@test "without weighted payloads a stat has no figures by payload" {
    run -0 stat '.[0] | has("payloads")' <<<"$(measurement 128 1)"
    assert_output false
}

@test "in logs, timeouts and errors are counted, but not in the averages" {
    run -0 stat '.[0] | [.count, .failed, .failedByErrorType, .durationMs.max]' --allowed-exceptions Good,Better <<<"$(
        measurement 128 1 ',"status":"success"'
        measurement 128 500 ',"status":"timeout"'
        measurement 128 500 ',"status":"error","errorType":"Bad"'
        measurement 128 3 ',"status":"error","errorType":"Good"'
        measurement 128 500 ',"status":"failure","errorType":"Bad"'
    )"
    assert_output '[2,3,{"Bad":2,"timeout":1},3]'
}

@test "the maximum memory of failed invocations is separate, however the input is split" {
    local records
    records=$(
        measurement 128 5
        measurement 128 5 ',"status":"error","errorType":"E"' | sed 's/"maxMemoryUsedMB":64/"maxMemoryUsedMB":128/'
        measurement 128 5 ',"status":"timeout"'
        measurement 256 5 ',"status":"timeout"'
    )
    run -0 stat 'map([.maxMemoryUsedMB, .failedMaxMemoryUsedMB])' <<<"$records"
    assert_output '[[64,128],[null,64]]'
    run -0 cmp <(pt-stats <<<"$records") <(while read -r line; do pt-stats --partial <<<"$line"; done <<<"$records" | pt-stats --merge)
}

@test "in a run, every measurement counts, because earlier stages have judged it" {
    run -0 stat '.[0] | [.count, .failed]' <<<'{"type":"plan","schema":1,"runId":"r"}
'"$(measurement 128 1 ',"status":"error","errorType":"Bad"')"
    assert_output '[1,0]'
}

@test "failures are counted by kind and pass through; a size without measurements has only counts" {
    local records='{"type":"configuration","power":256}
{"type":"failure","power":256,"index":0,"kind":"functionError","errorType":"E"}
{"type":"failure","power":256,"index":1,"kind":"lost"}
{"type":"failure","power":256,"index":2,"kind":"noReport"}
{"type":"failure","power":256,"index":3,"kind":"notCold"}
{"type":"unknown","power":1}'
    run -0 --separate-stderr pt-stats <<<"$records"
    assert_output "$records
{\"type\":\"stat\",\"value\":256,\"count\":0,\"failed\":1,\"lost\":1,\"noReport\":1,\"notCold\":1,\"failedByErrorType\":{\"E\":1}}"
    run -0 stat '.[0].notCold' <<<"$(measurement 256 1)
$records"
    assert_output 1
}

@test "errors are counted by type, even if one type is a prefix of another" {
    run -0 stat '.[0].failedByErrorType' --allowed-exceptions X <<<"$(
        for type in AB A ABC A 'A\"B' AB A; do measurement 128 1 ",\"status\":\"error\",\"errorType\":\"$type\""; done
    )"
    assert_output '{"A":3,"AB":2,"ABC":1,"A\"B":1}'
}

@test "escapes in names make no difference" {
    run -0 stat 'map([.functionName, .count, .averageDuration])' --by functionName,power <<<"$(
        measurement 128 5 ',"functionName":"a\"b"'
        measurement 128 7 ',"functionName":"f","logStream":"a\\b"'
        measurement 128 5 ',"functionName":"a\"b"'
    )"
    assert_output '[["a\"b",2,5],["f",1,7]]'
    run -0 stat '.[0] | [.count, .averageDuration]' <<<"$(
        measurement 128 5 ',"functionName":"a\"b"'
        measurement 128 7 ',"functionName":"f","logStream":"a\\b"'
    )"
    assert_output '[2,6]'
}

@test "a stat has the first and the last timestamp of the logs, whatever the order and the split" {
    local records
    records=$(
        measurement 128 1 ',"timestamp":1714557600500'
        measurement 128 1
        measurement 128 1 ',"timestamp":1714557600000'
        measurement 256 1
    )
    run -0 stat 'map([.firstTimestamp, .lastTimestamp])' <<<"$records"
    assert_output '[[1714557600000,1714557600500],[null,null]]'
    run -0 cmp <(pt-stats <<<"$records") <({
        sed -n '1,2p' <<<"$records" | pt-stats --partial
        sed -n '3,4p' <<<"$records" | pt-stats --partial
    } | pt-stats --merge)
}

@test "--cold leaves out cold starts, or counts only them" {
    local records
    records=$(
        measurement 128 1
        measurement 128 2 ',"initDurationMs":3'
        measurement 128 4 ',"restoreDurationMs":5'
    )
    run -0 stat '.[0] | [.count, .coldStarts]' <<<"$records"
    assert_output '[3,2]'
    run -0 stat '.[0] | [.count, .coldStarts]' --cold exclude <<<"$records"
    assert_output '[1,0]'
    run -0 stat '.[0] | [.count, .coldStarts]' --cold only <<<"$records"
    assert_output '[2,2]'
}

@test "--by gives a row for each function and size" {
    run -0 stat 'map([.functionName, .value, .count])' --by functionName,power <<<"$(
        measurement 512 1 ',"functionName":"b"'
        measurement 128 1 ',"functionName":"b"'
        measurement 1024 1 ',"functionName":"a"'
        measurement 128 2 ',"functionName":"b"'
        measurement 128 2
    )"
    assert_output '[["a",1024,1],["b",128,2],["b",512,1],[null,128,1]]'
}

@test "sizes taken together have the mean of the prices paid" {
    run -0 stat '.[0] | [.functionName, .value, .count, .totalCost == .averagePrice * 2]' --by functionName <<<"$(
        measurement 512 1 ',"functionName":"b"'
        measurement 128 1 ',"functionName":"b"'
    )"
    assert_output '["b",null,2,true]'
}

# spread N: N measurements of one size, from a fixed seed, every tenth cold.
spread() {
    awk -v n="$1" 'BEGIN { s = 42; for (i = 0; i < n; i++) { s = (s * 16807) % 2147483647; d = s % 400000 / 100 + 0.01; b = int(d) + 1
        printf "{\"type\":\"measurement\",\"power\":%d,\"requestId\":\"r\",\"durationMs\":%.2f,\"billedDurationMs\":%d%s,\"memorySizeMB\":128,\"maxMemoryUsedMB\":64}\n",
            128, d, b, i % 10 ? "" : ",\"initDurationMs\":" s % 1000 } }'
}

@test "above 65,536 measurements sums stay exact, percentiles and trimmed means are within 0.1 %" {
    local records=$BATS_TEST_TMPDIR/records
    spread 80000 >"$records"
    pt-stats "$records" >"$records.stat"
    run -0 jq -c '[.count, .relativeError]' "$records.stat"
    assert_output "[80000,0.001]"
    run -0 jq -n -c --slurpfile stat "$records.stat" '
        [inputs | .durationMs + (.initDurationMs // 0)] | sort | . as $all | $stat[0].durationMs as $got |
        def near($a; $b): ($a - $b) | fabs <= 0.001 * $b;
        [(add / length - $got.mean | fabs < 1e-9), near($got.p50; $all[39999]), near($got.p90; $all[71999]), near($got.p99; $all[79199]),
         near($got.trimmedMean; ($all[16000:64000] | add / length)), $got.max == $all[-1]]' "$records"
    assert_output "[true,true,true,true,true,true]"
}

@test "partial sums add up to the same bytes, whatever the split and the order" {
    cd "$BATS_TEST_TMPDIR"
    local count
    # The last split has parts with more than 65,536 measurements.
    for count in 5000 70000 550000; do
        spread $count >all
        measurement 256 7 ',"status":"timeout"' >>all
        pt-stats all >whole
        rm -f part.*
        split -n l/7 all part.
        for part in part.*; do pt-stats --partial "$part" >"$part.state"; done
        cat part.ac.state part.aa.state part.ag.state part.ab.state part.af.state part.ae.state part.ad.state | pt-stats --merge >merged
        cmp whole merged
        # In two steps, like a tree.
        {
            cat part.a[a-d].state | pt-stats --merge --partial
            cat part.a[e-g].state | pt-stats --merge --partial
        } | pt-stats --merge | cmp whole -
    done
}

@test "partial sums of a run add up: each failure passes through and is counted once" {
    cd "$BATS_TEST_TMPDIR"
    {
        echo '{"type":"failure","power":256,"index":0,"kind":"functionError","errorType":"E"}'
        echo '{"type":"failure","power":128,"index":1,"kind":"lost","payloadIndex":1}'
        echo '{"type":"failure","power":128,"index":2,"kind":"lost","payloadIndex":1,"reason":"connection reset"}'
        echo '{"type":"failure","power":128,"index":3,"kind":"lost","payloadIndex":1,"reason":"connection reset"}'
        echo '{"type":"failure","power":128,"index":4,"kind":"lost","reason":"HTTP 502"}'
        echo '{"type":"configuration","power":512}'
    } >first
    {
        measurement 128 5 ',"payloadIndex":0'
        echo '{"type":"failure","power":128,"index":2,"kind":"functionError","errorType":"E"}'
        echo '{"type":"failure","power":128,"index":3,"kind":"noReport"}'
    } >second
    pt-stats first second >whole
    for part in first second; do pt-stats --partial "$part" >"$part.state"; done
    pt-stats --merge first.state second.state | cmp whole -
    pt-stats --merge --partial first.state second.state | pt-stats --merge | cmp whole -
    # The partial records include them.
    grep -h '"partial"' first.state second.state | pt-stats --merge | cmp <(grep '"stat"' whole) -
}

@test "partial sums with different values of --cold are rejected" {
    local warm all
    {
        measurement 128 5
        measurement 128 7 ',"initDurationMs":1'
    } >"$BATS_TEST_TMPDIR/all"
    warm=$(pt-stats --partial --cold exclude "$BATS_TEST_TMPDIR/all")
    all=$(pt-stats --partial "$BATS_TEST_TMPDIR/all")
    run -0 --separate-stderr pt-stats --merge <<<"$warm"
    assert_output "$(pt-stats --cold exclude "$BATS_TEST_TMPDIR/all")"
    run -0 --separate-stderr pt-stats --merge --cold exclude <<<"$warm"
    assert_output "$(pt-stats --cold exclude "$BATS_TEST_TMPDIR/all")"
    run -0 --separate-stderr bash -c 'pt-stats --merge --partial | pt-stats --merge' <<<"$warm"
    assert_output "$(pt-stats --cold exclude "$BATS_TEST_TMPDIR/all")"
    run -2 --separate-stderr pt-stats --merge --cold exclude <<<"$all"
    assert_output ""
    assert_equal "$stderr" "pt-stats: standard input:1: partial record: made with --cold include, others with --cold exclude"
    run -2 --separate-stderr pt-stats --merge <<<"$all
$warm"
    assert_equal "$stderr" "pt-stats: standard input:2: partial record: made with --cold exclude, others with --cold include"
    run -2 --separate-stderr pt-stats --merge <<<"$(jq -c '.cold = "warm"' <<<"$all")"
    assert_equal "$stderr" "pt-stats: standard input:1: partial record: member 'cold' is not include, exclude or only"
}

@test "GNU parallel processes parts of one large log" {
    command -v parallel >/dev/null || skip "GNU parallel is not installed"
    cd "$BATS_TEST_TMPDIR"
    LC_ALL=C awk -v seed=5 -v invocations=2000 -f "$ROOT/tests/slow/make-log.awk" | grep '^REPORT.*Max Memory Used: [0-9]* MB' >log
    pt-logparse log | pt-stats >whole
    parallel --will-cite --pipepart -a log --block 50k 'pt-logparse 2>/dev/null | pt-stats --partial' | pt-stats --merge >merged
    run -0 cmp whole merged
}

@test "the example for many machines gives the same bytes as one machine" {
    command -v parallel >/dev/null || skip "GNU parallel is not installed"
    local log=$ROOT/examples/logs/resize.log
    pt-logparse "$log" | pt-stats --by functionName,power >"$BATS_TEST_TMPDIR/one"
    pt-logparse "$log" "$log" | pt-stats --by functionName,power >"$BATS_TEST_TMPDIR/two"
    run -0 bash -c "'$ROOT/examples/logs/parallel.sh' '$log' | cmp - '$BATS_TEST_TMPDIR/one'"
    run -0 bash -c "'$ROOT/examples/logs/parallel.sh' '$log' '$log' | cmp - '$BATS_TEST_TMPDIR/two'"
}

@test "a partial sum of a histogram is rejected when no times have its totals" {
    # 2 ms and 4 ms, in units of 10 ns.
    part=$(printf '%s\n' "$(measurement 128 2)" "$(measurement 128 4)" | pt-stats --partial | jq -c '.samples[0] |= (del(.times) + {buckets: [2000, 1, 2976, 1]})
        | .samples[1] |= (del(.times) + {buckets: [2, 1, 4, 1]}) | .samples[2:][] |= (del(.times) + {buckets: []})')
    run -0 --separate-stderr pt-stats --merge <<<"$part"
    assert_equal "$(jq -c '.durationMs | [.mean, .standardDeviation, .min, .max]' <<<"$output")" '[3,1.4142135623730951,2,4]'
    for change in '.sum = "399999"' '.sum = "800001"' '.squares = "179999999999"' '.squares = "240000600000"' '.count = "3"' '.max = "300000000000001"' \
        '.squares = "42535295865117307932921825928971026432"' '.buckets = [2000, 9223372036854775807, 2976, 2]' '.sum = "0"'; do
        run -2 --separate-stderr pt-stats --merge <<<"$(jq -c ".samples[0] |= ($change)" <<<"$part")"
        assert_equal "$stderr" 'pt-stats: standard input:1: partial record: invalid or inconsistent figures'
    done
}

@test "times of more than five decimals are rounded to units of 10 ns, half a unit up" {
    run -0 stat '[.[] | .durationMs | .min, .max]' <<<"$(measurement 128 1.000004999)
$(measurement 128 2.000005)"
    assert_output '[1,2.00001]'
}

@test "an invalid partial sum is rejected" {
    local part
    part=$(measurement 128 5 | pt-stats --partial)
    run -2 --separate-stderr pt-stats --merge <<<"${part/\"sum\":\"500000\"/\"sum\":\"500001\"}"
    assert_output ""
    assert_equal "$stderr" "pt-stats: standard input:1: partial record: invalid or inconsistent figures"
    part=$(measurement 128 5 ',"payloadIndex":0' | pt-stats --partial)
    run -2 --separate-stderr pt-stats --merge <<<"${part/\"payloadIndex\":0/\"payloadIndex\":-1}"
    assert_equal "$stderr" "pt-stats: standard input:1: partial record: an element of member 'payloads' has no 'payloadIndex'"
    run -2 --separate-stderr pt-stats --merge --by functionName <<<"$part"
    assert_equal "$stderr" "pt-stats: standard input:1: partial record: member 'by' is not the same in all partial records"
    for by in '[]' '[7]' '"power"' '["power","power","power","power","power","power","power","power","power"]'; do
        run -2 --separate-stderr pt-stats --merge <<<"$(jq -c --argjson by "$by" '.by = $by' <<<"$part")"
        assert_regex "$stderr" "^pt-stats: standard input:1: partial record: .*'by'"
    done
    run -2 --separate-stderr pt-stats --merge <<<"${part/\"schema\":2/\"schema\":1}"
    assert_equal "$stderr" "pt-stats: standard input:1: partial record: member 'schema' is not 2"
    run -2 --separate-stderr pt-stats --merge <<<"$(jq -c '.by = ["functionName", "power"]' <<<"$part")"
    assert_equal "$stderr" "pt-stats: standard input:1: partial record: member 'key' does not have one value for each name in 'by'"
    for change in 'del(.payloads[0].failed)' '.samples[0] |= (del(.times) + {buckets: [1]})' '.samples[0] |= (del(.times) + {buckets: [1, -1]})'; do
        run -2 --separate-stderr pt-stats --merge <<<"$(jq -c "$change" <<<"$part")"
        assert_equal "$stderr" "pt-stats: standard input:1: partial record: invalid or inconsistent figures"
    done
}

@test "tables have a row for each stat, and units in the heading" {
    run -0 --separate-stderr bash -c "pt-stats --format csv | cut -d, -f1-5" <<<"$(
        measurement 512 2.5
        measurement 128 4.25
    )"
    assert_output "memory (MB),count,failed,cold,average (ms)
128,1,0,0,4.25
512,1,0,0,2.5"
    run -0 --separate-stderr bash -c "pt-stats --format tsv | cut -f1,5" <<<"$(measurement 512 2.5)"
    assert_output "memory (MB)	average (ms)
512	2.5"
    run -0 --separate-stderr bash -c "pt-stats --format markdown | cut -d '|' -f 2,6" <<<"$(measurement 512 2.5)"
    assert_output " memory (MB) | average (ms) 
 ---: | ---: 
 512 | 2.50 "
    run -0 --separate-stderr bash -c "pt-stats --format table | cut -c 1-39" <<<"$(measurement 512 2.5)"
    assert_output "memory (MB)  count  failed  cold  avera
        512      1       0     0       "
}

@test "tables show the members of --by unchanged, whatever their values" {
    local records
    records=$(
        measurement 128 1 ',"version":1.5'
        measurement 128 1 ',"version":true'
        measurement 128 1 ',"version":[1,2]'
        measurement 128 1
        measurement 128 1 ',"version":"a|b\\|c"'
        measurement 128 1 ',"version":"a\"b,c"'
    )
    run -0 bash -c 'pt-stats --by version --format table | sed "s/  .*//"' <<<"$records"
    assert_output 'version
a"b,c
a|b\|c
[1,2]

true
1.5'
    run -0 bash -c 'pt-stats --by version --format csv | cut -d, -f -3' <<<"$records"
    assert_output 'version,count,failed
"a""b,c",1
a|b\|c,1,0
"[1,2]",1
,1,0
true,1,0
1.5,1,0'
    # An unescaped bar ends a cell, also in a code span.
    run -0 bash -c 'pt-stats --by version --format markdown | grep -o "^| \`*a[^ ]* |"' <<<"$records"
    assert_output '| a"b,c |
| `a\|b\\|c` |'
}

# versions FORMAT WORD...: the cell of each word, as the version, in a table of that format.
versions() {
    local form=$1 word
    shift
    for word; do
        jq -nc --arg version "$word" '{type: "measurement", power: 128, durationMs: 1, billedDurationMs: 1, $version}'
    done | pt-stats --by version --format "$form" | tail -n +2
}

@test "CSV and tab-separated values have no formula for a spreadsheet" {
    words=('=1+2' '+1-2' '-1+2' '@SUM(A1)' '=cmd|" /c calc"!A0' $'\t=1' $'\r=1' '＝1' '-5' '+5' '-1.5e3' '-' a=b 'a,=1' '"=1')
    run -0 versions csv "${words[@]}"
    assert_equal "$(printf '%s\n' "$output" | sed 's/,1,0,.*//' | sort)" "$(
        sort <<'CELLS'
"'=1+2"
"'+1-2"
"'-1+2"
"'@SUM(A1)"
"'=cmd|"" /c calc""!A0"
\x09=1
\x0d=1
"'＝1"
-5
+5
-1.5e3
"'-"
a=b
"a,=1"
"""=1"
CELLS
    )"
    run -0 versions tsv "${words[@]}"
    assert_equal "$(cut -f 1 <<<"$output" | sort)" "$(
        sort <<'CELLS'
'=1+2
'+1-2
'-1+2
'@SUM(A1)
'=cmd|" /c calc"!A0
\x09=1
\x0d=1
'＝1
-5
+5
-1.5e3
'-
a=b
a,=1
'"=1
CELLS
    )"
}

@test "Markdown cells have no markup from the input" {
    words=('<b>x</b>' '[x](http://x)' '![x](y)' '@octocat' 'see #12' 'https://x' '`x`' 'resize' 'a note, in words: 5 %')
    run -0 versions markdown "${words[@]}"
    assert_equal "$(cut -d '|' -f 2 <<<"$output" | sort)" "$(
        sort <<'CELLS'
 --- 
 `<b>x</b>` 
 `[x](http://x)` 
 `![x](y)` 
 `@octocat` 
 `see #12` 
 `https://x` 
 `` `x` `` 
 resize 
 a note, in words: 5 % 
CELLS
    )"
}

@test "an empty table has its heading" {
    run -0 bash -c 'pt-stats --format markdown | cut -d "|" -f -3' </dev/null
    assert_output '| memory (MB) | count 
| ---: | ---: '
}

@test "a bad record is reported, and there is no result" {
    run -2 --separate-stderr pt-stats <<<"$(measurement 128 1)
{\"type\":\"measurement\",\"power\":128,\"durationMs\":5}
{\"type\":\"measurement\",\"power\":0,\"durationMs\":5,\"billedDurationMs\":5}
{\"type\":\"measurement\",\"power\":128,\"durationMs\":-5,\"billedDurationMs\":5}
not a record"
    assert_output ""
    assert_equal "$stderr" "pt-stats: standard input:2: measurement record: no member 'billedDurationMs'
pt-stats: standard input:3: measurement record: member 'power' is 0, not within 1..1e+06
pt-stats: standard input:4: measurement record: member 'durationMs' is -5, not within 0..1e+09
pt-stats: standard input:5: not a record: expected a value at byte 1"
}

@test "a region or architecture without a price uses the default and prints a warning" {
    run -0 --separate-stderr pt-stats --region xx-nowhere-1 <<<"$(measurement 128 1)"
    assert_equal "$stderr" "pt-stats: warning: no price for region 'xx-nowhere-1' and architecture 'x86_64': the default price is used"
}

@test "another price table is read, an invalid one is rejected" {
    cd "$BATS_TEST_TMPDIR"
    echo '{"default":{"x86_64":{"gbSecond":1}},"regions":{}}' >prices.json
    run -0 stat '.[0] | [.averagePrice, .currency]' --prices prices.json <<<"$(measurement 1024 1000)"
    assert_output '[1,"USD"]'
    echo '{"default":' >broken.json
    run -2 --separate-stderr pt-stats --prices broken.json <<<"$(measurement 128 1)"
    assert_equal "$stderr" "pt-stats: prices 'broken.json': not JSON: unexpected end at byte 13"
    run -2 --separate-stderr pt-stats --prices none.json <<<"$(measurement 128 1)"
    assert_equal "$stderr" "pt-stats: cannot read prices 'none.json': No such file or directory"
    echo '{"regions":{}}' >empty.json
    run -2 --separate-stderr pt-stats --prices empty.json <<<"$(measurement 128 1)"
    assert_equal "$stderr" "pt-stats: prices 'empty.json': not a price table: no member 'default'"
    for default in '{}' '{"x86_64":{}}' '{"x86_64":{"gbSecond":"1"}}' '{"x86_64":{"gbSecond":-1}}'; do
        echo "{\"default\":$default}" >empty.json
        run -2 --separate-stderr pt-stats --prices empty.json <<<"$(measurement 128 1)"
        assert_equal "$stderr" "pt-stats: the price table has no default price for 'x86_64'"
    done
}

@test "input that can be opened but not read is an error" {
    # Nothing is mapped at address 0.
    run -2 --separate-stderr pt-stats /proc/self/mem
    assert_output ''
    assert_equal "$stderr" "pt-stats: cannot read '/proc/self/mem': Input/output error"
}

@test "invalid values of options are rejected" {
    local try
    refuses pt-stats <<'TRIES'
--cold some|option '--cold': 'some' is not include, exclude or only
--discard-top-bottom 0.5|option '--discard-top-bottom': '0.5' is not a number from 0 to 0.4
--architecture mips|option '--architecture': 'mips' is not x86_64 or arm64
--format pdf|option '--format': 'pdf' is not ndjson, table, csv, tsv or markdown
--by ,|option '--by': no member given
TRIES
}

@test "a file that cannot be opened is an error" {
    run -2 --separate-stderr pt-stats "$BATS_TEST_TMPDIR/none"
    assert_equal "$stderr" "pt-stats: cannot read '$BATS_TEST_TMPDIR/none': No such file or directory"
}

@test "a full disk is an error" {
    run -1 --separate-stderr bash -c 'pt-stats >/dev/full' <<<"$(measurement 128 1)"
    assert_equal "$stderr" "pt-stats: cannot write standard output: No space left on device"
}
