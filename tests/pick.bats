#!/usr/bin/env bats
# pt-pick: the choice of a size, and its output.

load helper

# stat POWER DURATION PRICE [MEMBERS]: a stat record of ten measurements.
stat() {
    printf '{"type":"stat","value":%s,"averageDuration":%s,"averagePrice":%s,"totalCost":%s,"count":10%s}\n' "$1" "$2" "$3" "$3" "${4:-}"
}

# three: 512 MB is the cheapest, 2048 the fastest.
three() {
    stat 2048 100 0.003
    stat 512 400 0.001
    stat 1024 190 0.0012
}
PLAN='{"type":"plan","schema":1,"runId":"r"'

@test "the result is one line with power, cost, duration, the cost of the run and the link" {
    run -0 --separate-stderr bash -c 'pt-pick | jq -c "del(.confidence, .expectedRegret)"' <<<"$(three)"
    assert_output '{"power":512,"cost":0.001,"duration":400,"stateMachine":{"executionCost":0,"lambdaCost":0.0052,"visualization":"https://lambda-power-tuning.show/#AAIABAAI;AADIQwAAPkMAAMhC;bxKDOlJJnTqmm0Q7"}}'
    assert_equal "$stderr" ""
}

@test "speed takes the fastest size, balanced weighs cost and duration" {
    run -0 bash -c 'pt-pick --strategy speed | jq .power' <<<"$(three)"
    assert_output 2048
    run -0 bash -c 'pt-pick --strategy balanced | jq .power' <<<"$(three)"
    assert_output 1024
    run -0 bash -c 'pt-pick --strategy balanced --balanced-weight 1 | jq .power' <<<"$(three)"
    assert_output 512
    run -0 bash -c 'pt-pick --strategy balanced --balanced-weight 0 | jq .power' <<<"$(three)"
    assert_output 2048
}

@test "a tie in cost goes to the faster size, a tie in speed to the cheaper one" {
    run -0 bash -c 'pt-pick | jq .power' <<<"$(
        stat 128 400 0.001
        stat 256 200 0.001
    )"
    assert_output 256
    run -0 bash -c 'pt-pick --strategy speed | jq .power' <<<"$(
        stat 256 200 0.002
        stat 128 200 0.001
    )"
    assert_output 128
}

@test "the plan sets the strategy, and options override it" {
    local plan="$PLAN,\"strategy\":\"balanced\",\"balancedWeight\":0,\"includeOutputResults\":true,\"visualizationURL\":\"https://x/\",\"region\":\"cn-north-1\"}"
    run -0 bash -c 'pt-pick | jq -c "[.power, (.stats | map(.value)), .stateMachine.visualization[:27]]"' <<<"$plan
$(three)"
    assert_output '[2048,[512,1024,2048],"https://x/?currency=CNY#AAI"]'
    run -0 bash -c 'pt-pick --strategy cost --region eu-west-1 --visualization-url https://y/ | jq -c "[.power, .stateMachine.visualization[:14]]"' <<<"$plan
$(three)"
    assert_output '[512,"https://y/#AAI"]'
}

@test "the stats in the result are sorted by size and lose only their type" {
    run -0 bash -c 'pt-pick --include-output-results | jq -c .stats' <<<"$(
        stat 512 1 2 ',"x":1e400'
        stat 128 1 3
    )"
    assert_output --regexp '^\[\{"value":128,.*\},\{"value":512,.*"x":.*\}\]$'
}

@test "a size without a measurement is excluded with the reason" {
    run -0 --separate-stderr bash -c 'pt-pick | jq -c "[.power, .excluded]"' <<<"$(three)
{\"type\":\"stat\",\"value\":128,\"count\":0,\"failed\":5,\"lost\":1,\"noReport\":2,\"failedByErrorType\":{\"Runtime.OutOfMemory\":5}}
{\"type\":\"stat\",\"value\":256,\"count\":0}
{\"type\":\"failure\",\"power\":512,\"kind\":\"versionFailed\",\"excluded\":true,\"errorType\":\"InvalidImage\",\"message\":\"no\"}"
    assert_output '[1024,[{"power":128,"reason":"5 failed with Runtime.OutOfMemory, 2 without a report, 1 lost"},{"power":256,"reason":"no measurement"},{"power":512,"reason":"InvalidImage: no"}]]'
}

@test "the reason of a size does not name what did not happen" {
    run -1 --separate-stderr pt-pick <<<'{"type":"stat","value":128,"count":0,"failed":5,"lost":0,"noReport":0,"notCold":0,"failedByErrorType":{"Runtime.OutOfMemory":5}}'
    assert_output ""
    assert_equal "$stderr" "pt-pick: no size could be measured: 128 MB: 5 failed with Runtime.OutOfMemory; a function with log level WARN reports nothing else"
    run -1 --separate-stderr pt-pick <<<'{"type":"stat","value":128,"count":0,"failed":0,"lost":2,"noReport":0,"notCold":0}'
    assert_equal "$stderr" "pt-pick: no size could be measured: 128 MB: 2 lost"
}

# reason RECORD [PLAN-MEMBERS]: the reason why 128 MB, which has this record, is excluded next to the three sizes.
reason() {
    pt-pick <<<"$PLAN${2:-}}
$(three)
$1" | jq -r '.excluded[] | select(.power == 128) | .reason'
}

@test "a reason leaves out counts of zero" {
    run -0 reason '{"type":"stat","value":128,"count":0,"failed":5,"lost":0,"noReport":0,"notCold":0,"failedByErrorType":{"Runtime.OutOfMemory":5}}'
    assert_output '5 failed with Runtime.OutOfMemory'
    run -0 reason '{"type":"stat","value":128,"count":0,"failed":0,"lost":6,"noReport":0,"lostByReason":{"HTTP 502":1,"connection reset":4,"no response in time":1}}'
    assert_output '6 lost: 4 connection reset, 1 HTTP 502, 1 no response in time'
}

@test "the reason is \"out of memory\", however the platform and the runtime report it" {
    local failure='{"type":"failure","power":128,"index":0,"kind":"functionError","excluded":true'
    run -0 reason "$failure,\"errorType\":\"Runtime.ExitError\",\"maxMemoryUsedMB\":128,\"message\":\"RequestId: r Error: Runtime exited with error: signal: killed\"}"
    assert_output 'out of memory (128 of 128 MB)'
    run -0 reason "$failure,\"errorType\":\"java.lang.OutOfMemoryError\",\"maxMemoryUsedMB\":117,\"message\":\"Java heap space\"}"
    assert_output 'out of memory (117 of 128 MB)'
    run -0 reason "$failure,\"errorType\":\"Runtime.ExitError\",\"cause\":\"outOfMemory\"}"
    assert_output 'out of memory'
    # With memory left it was killed for another reason.
    run -0 reason "$failure,\"errorType\":\"Runtime.ExitError\",\"maxMemoryUsedMB\":40,\"message\":\"signal: killed\"}"
    assert_output 'Runtime.ExitError: signal: killed'
}

@test "the reason of a timeout suggests a timeout, estimated from the measured sizes" {
    local failure='{"type":"failure","power":128,"index":0,"kind":"functionError","excluded":true,"message":"2026-01-01T00:00:00.000Z r Task timed out after 3.00 seconds"}'
    # A size with a quarter of the CPU may take four times the maximum of the next larger size.
    three() {
        stat 512 400 0.001 ',"durationMs":{"max":1260}'
        stat 1024 190 0.0012 ',"durationMs":{"max":700}'
    }
    run -0 reason "$failure" ',"timeout":3'
    assert_output 'timed out after 3 s; --timeout 6 should be enough (estimated from 1.26 s at 512 MB)'
    run -0 reason "$failure" ',"timeout":900,"trialTimeout":4'
    assert_output 'timed out after 4 s; --timeout 6 should be enough (estimated from 1.26 s at 512 MB)'
    # The estimate is below the timeout that was exceeded, so it cannot be right.
    run -0 reason "$failure" ',"timeout":6'
    assert_output 'timed out after 6 s; raise --timeout (at most 900)'
    run -0 reason "$failure" ',"timeout":900'
    assert_output 'timed out after 900 s, the maximum that Lambda allows'
    run -0 reason "$failure"
    assert_output 'timed out; raise --timeout (at most 900)'
    three() { stat 512 400 0.001 ',"durationMs":{"max":300000}'; }
    run -0 reason "$failure" ',"timeout":800'
    assert_output 'timed out after 800 s; it may take more than the 900 s that Lambda allows'
    three() { stat 512 400 0.001; }
    run -0 reason '{"type":"failure","power":128,"kind":"functionError","excluded":true,"errorType":"Sandbox.Timedout","cause":"timedOut"}' ',"timeout":3'
    assert_output 'timed out after 3 s; raise --timeout (at most 900)'
}

# sentence PLAN-MEMBERS RECORD...: the first line of the table.
sentence() {
    (
        echo "$PLAN$1}"
        shift
        printf '%s\n' "$@"
    ) | pt-pick --format table | head -n 1
}
OUT_OF_MEMORY='"kind":"functionError","excluded":true,"errorType":"Runtime.OutOfMemory","maxMemoryUsedMB":'

@test "the sentence says when only one size was measured" {
    run -0 sentence ',"memorySizeMB":512' "$(stat 512 400 0.001)" "{\"type\":\"failure\",\"power\":128,${OUT_OF_MEMORY}128}" \
        '{"type":"stat","value":256,"count":0,"lost":5}'
    assert_output 'Only one of 3 sizes could be measured (512 MB), so there is nothing to compare. This is the current size.'
    run -0 sentence '' "$(stat 512 400 0.001)"
    assert_output 'Only one size was measured (512 MB), so there is nothing to compare.'
}

@test "the sentence says which figure of the second best size is within noise" {
    noisy() { stat "$1" "$2" "$3" ',"durationMs":{"trimmedMeanError":4,"degreesOfFreedom":9}'; }
    sizes=$(noisy 256 400 0.001 && noisy 512 398 0.00102)
    run -0 sentence '' "$sizes"
    assert_output --regexp '^256 MB is the cheapest: [0-9]+ % sure; 512 MB costs 2\.0 % more \(within noise\) and is 0\.5 % faster\.$'
    run -0 sentence ',"strategy":"speed"' "$sizes"
    assert_output --regexp '^512 MB is the fastest: [0-9]+ % sure; 256 MB is 0\.5 % slower \(within noise\) and costs 2\.0 % less\.$'
    run -0 sentence ',"strategy":"balanced"' "$sizes"
    assert_output --regexp '^256 MB is the best balance of cost and speed: [0-9]+ % sure; 512 MB costs 2\.0 % more and is 0\.5 % faster: the difference in balance is within noise\.$'
}

@test "the sentence names a size that is more likely to be the best than the one with the best average" {
    # The tail of 256 MB is in the mean, not in the trimmed mean.
    tail='"standardDeviation":400,"trimmedMeanError":4,"degreesOfFreedom":29,"mean":'
    run -0 sentence '' "$(stat 256 400 0.001 ",\"count\":50,\"durationMs\":{${tail}900}")" \
        "$(stat 512 398 0.00102 ",\"count\":50,\"durationMs\":{${tail}400}")"
    assert_output --regexp '^256 MB is the cheapest in this run: [0-9]+ % sure, against [0-9]+ % for 512 MB; '
}

@test "the sentence says that it is for warm invocations, and how long cold starts take" {
    starts=',"warm":{"count":9,"averageDuration":400},"cold":{"count":1,"averageDuration":'
    run -0 sentence '' "$(stat 256 400 0.001 "${starts}2300}")" "$(stat 512 398 0.002 "${starts}950}")"
    assert_output --regexp '\. This is for warm invocations; a cold start takes 2\.3 s there and 950 ms at 512 MB\.$'
}

@test "the sentence says why few invocations cannot decide" {
    tail=',"durationMs":{"standardDeviation":300,"trimmedMeanError":20,"degreesOfFreedom":9,"mean":480}'
    run -0 sentence '' "$(stat 256 400 0.001 "$tail")" "$(stat 512 398 0.00102 "$tail")"
    assert_output --regexp ' Slow invocations add 20 % to the typical duration at 256 MB: a larger num would show how often they come\.$'
    run -0 sentence '' "$(stat 256 400 0.001 "$tail")" "$(stat 512 398 0.00102 "$tail")" \
        '{"type":"decision","power":256,"confidence":0.5,"expectedRegret":0.01,"correlation":0.62,"sizes":[{"power":256,"probability":0.5},{"power":512,"probability":0.5}]}'
    assert_output --regexp ' Durations that follow each other are alike \(correlation 0\.62\): they drift, so measure again at another time\.$'
}

@test "the sentence begins with a failure at the current memory, and is then not sure" {
    run -0 sentence ',"memorySizeMB":128' "$(three)" "{\"type\":\"failure\",\"power\":128,${OUT_OF_MEMORY}128}"
    assert_output 'The function fails at its current 128 MB: out of memory (128 of 128 MB). 512 MB is the cheapest; 1024 MB costs 20 % more and is 52 % faster.'
    run -0 sentence ',"memorySizeMB":128' "$(three)" '{"type":"stat","value":128,"count":0,"failed":5,"failedByErrorType":{"E":5}}'
    assert_output --regexp '^The function fails at its current 128 MB: 5 failed with E\. 512 MB is the cheapest;'
    run -0 sentence ',"memorySizeMB":128' "$(three)" '{"type":"stat","value":128,"count":0,"lost":5,"lostByReason":{"HTTP 502":5}}'
    assert_output --regexp '^The current 128 MB could not be measured: 5 lost: 5 HTTP 502\. 512 MB is the cheapest;'
    run -0 sentence ',"memorySizeMB":128' "$(stat 512 400 0.001)" "{\"type\":\"failure\",\"power\":128,${OUT_OF_MEMORY}128}"
    assert_output 'The function fails at its current 128 MB: out of memory (128 of 128 MB). Only one of 2 sizes could be measured (512 MB), so there is nothing to compare.'
}

@test "a failure without details excludes its size too" {
    run -0 --separate-stderr bash -c 'pt-pick | jq -c "[.power, .excluded]"' <<<"$(three)
{\"type\":\"failure\",\"power\":512,\"kind\":7,\"excluded\":true}"
    assert_output '[1024,[{"power":512,"reason":"excluded"}]]'
}

@test "a stat that was billed less than its duration has a confidence" {
    run -0 bash -c 'pt-pick | jq -c "[.power, .confidence > 0.3, .confidence <= 1]"' <<<"$(
        stat 128 400 0.001 ',"billedDurationMs":{"trimmedMean":1}'
        stat 256 300 0.002 ',"billedDurationMs":{"trimmedMean":1}'
    )"
    assert_output '[128,true,true]'
}

@test "the sentence says when the chosen size costs the same as the current one" {
    run -0 --separate-stderr bash -c 'pt-pick --format table | head -n 1' <<<"$PLAN,\"memorySizeMB\":128}
$(stat 128 400 0.001)
$(stat 256 200 0.001)"
    assert_output --regexp '^256 MB is the cheapest.* Compared with the current 128 MB: the same cost, 50 % faster\.$'
}

@test "the sentence compares with the version of the alias that was tuned, not with \$LATEST" {
    run -0 sentence ',"memorySizeMB":512,"presentPower":128,"presentVersion":"1","presentAlias":"live"' \
        "$(stat 128 400 0.001)" "$(stat 256 200 0.0009)" "$(stat 512 100 0.002)"
    assert_output --regexp ' Compared with the current 128 MB: 10 % cheaper, 50 % faster\.$'
}

@test "the result of a stopped run is provisional" {
    run -0 --separate-stderr bash -c 'pt-pick | jq -c "[.power, .provisional]"' <<<"$(three)
{\"type\":\"stopped\"}"
    assert_output '[512,true]'
    run -0 --separate-stderr bash -c 'pt-pick --format table | head -n 1' <<<"$(three)
{\"type\":\"stopped\"}"
    assert_output --regexp '^512 MB is the cheapest.* Provisional: the run was stopped before all sizes were measured\.$'
}

@test "each of several functions has its own sentence with its name" {
    run -0 --separate-stderr bash -c 'pt-pick --format table | grep "MB is"' <<<"$(
        stat 128 400 0.001 ',"functionName":"one"'
        stat 256 300 0.002 ',"functionName":"one"'
        stat 128 400 0.003 ',"functionName":"two \"quoted\""'
        stat 256 300 0.002 ',"functionName":"two \"quoted\""'
    )"
    assert_line --index 0 --regexp '^one: 128 MB is the cheapest'
    assert_line --index 1 --regexp '^two "quoted": 256 MB is the cheapest'
}

@test "when every size failed, the error lists the reasons, and no result is written" {
    run -1 --separate-stderr pt-pick <<<'{"type":"stat","value":128,"count":0,"failed":5,"failedByErrorType":{"E":5}}
{"type":"failure","power":256,"kind":"updateFailed","excluded":true}'
    assert_output ""
    assert_equal "$stderr" "pt-pick: no size could be measured: 128 MB: 5 failed with E; 256 MB: updateFailed"
    run -1 --separate-stderr pt-pick </dev/null
    assert_output ""
    assert_equal "$stderr" "pt-pick: no stat record in the input: there is nothing to choose from"
    run -1 --separate-stderr pt-pick <<<'{"type":"invocation","power":128,"index":0,"requestId":"r","logResult":""}'
    assert_equal "$stderr" "pt-pick: 1 invocation record: run pt-logparse and pt-stats first"
    measurement='{"type":"measurement","power":128,"requestId":"r","durationMs":1,"billedDurationMs":1,"memorySizeMB":128,"maxMemoryUsedMB":64}'
    run -1 --separate-stderr pt-pick <<<"$measurement"$'\n'"$measurement"
    assert_equal "$stderr" "pt-pick: 2 measurement records: run pt-stats first"
}

@test "logs in which every report is a failure give no result" {
    run -1 --separate-stderr pt-pick <<<'{"type":"stat","value":128,"count":0,"failed":5,"failedByErrorType":{"timeout":5}}
{"type":"stat","value":256,"count":0,"failed":1,"failedByErrorType":{"Runtime.ExitError":1}}'
    assert_output ""
    assert_equal "$stderr" "pt-pick: no size could be measured: 128 MB: 5 failed with timeout; 256 MB: 1 failed with Runtime.ExitError; a function with log level WARN reports nothing else"
}

@test "the result of a dry run has its invocations and no choice" {
    run -0 --separate-stderr pt-pick <<<"$PLAN,\"dryRun\":true}
{\"type\":\"invocation\",\"power\":128,\"statusCode\":200,\"logResult\":\"\"}
{\"type\":\"invocation\",\"power\":256,\"statusCode\":200}"
    assert_output '{"dryRun":true,"invocations":[{"power":128,"statusCode":200},{"power":256,"statusCode":200}]}'
}

@test "an error of the function fails a dry run" {
    run -1 --separate-stderr pt-pick <<<"$PLAN,\"dryRun\":true}
{\"type\":\"invocation\",\"power\":128,\"statusCode\":200,\"functionError\":\"Unhandled\",\"errorType\":\"E\"}"
    assert_output ""
    assert_equal "$stderr" "pt-pick: dry run: the function failed at 128 MB: E"
}

# timed POWER DURATION PRICE P95 MEMORY: a stat with a percentile and the memory used.
timed() {
    stat "$1" "$2" "$3" ",\"maxMemoryUsedMB\":$5,\"durationMs\":{\"count\":10,\"p95\":$4,\"p99.9\":$4,\"max\":$4}"
}

# limited: 512 MB is the cheapest, 2048 the fastest; 512 has slow outliers, and 1024 uses nearly all its memory.
limited() {
    timed 512 400 0.001 900 256
    timed 1024 190 0.0012 700 1000
    timed 2048 100 0.003 500 1000
}

@test "--limit chooses among the sizes that satisfy it" {
    local limit power
    while IFS='|' read -r limit power; do
        run -0 bash -c 'pt-pick --limit "$1" | jq .power' - "$limit" <<<"$(limited)"
        assert_output "$power"
    done <<'TRIES'
p95<=900ms|512
p95<900ms|1024
p95 <= 0.8 s|1024
p95<=800ms  |1024
p99.9<=500ms|2048
max<=0.5s|2048
averageDuration<=1s|512
averageDuration<=399.9ms|1024
maxMemoryUsed<=50%|512
maxMemoryUsed<50%|2048
maxMemoryUsed<=300MB|512
averagePrice<0.0012|512
cost<=0.0012|512
TRIES
}

@test "a size must satisfy every limit; one that does not is excluded with its figure, but stays in the chart and the stats" {
    run -0 --separate-stderr bash -c 'pt-pick --include-output-results --limit "p95<=800ms" --limit "maxMemoryUsed<=90%" |
        jq -c "[.power, .excluded, (.stats | map(.value)), .stateMachine.visualization]"' <<<"$(limited)"
    assert_output --regexp '^\[2048,\[\{"power":512,"reason":"p95<=800ms: 900 ms"\},\{"power":1024,"reason":"maxMemoryUsed<=90%: 97.6562 %"\}\],\[512,1024,2048\],"https://lambda-power-tuning.show/#AAIABAAI;'
    assert_equal "$stderr" ""
    run -0 bash -c 'LC_ALL=C pt-pick --format tsv --limit "p95<=800ms" | cut -f 1,2,7' <<<"$(limited)"
    assert_output "memory (MB)	average (ms)	note
512	400	p95<=800ms: 900 ms
1024	190	best
2048	100	"
}

@test "when no size satisfies every limit, the error names the closest" {
    run -1 --separate-stderr pt-pick --limit 'p95<=450ms' <<<"$(limited)"
    assert_output ""
    assert_equal "$stderr" "pt-pick: no size satisfies the limit; closest: 2048 MB (p95<=450ms: 500 ms)"
    run -1 --separate-stderr pt-pick --limit 'p95<=450ms' <<<"$(stat 128 1 1 ',"count":0' | sed 's/"count":10,//')
$(limited)"
    assert_equal "$stderr" "pt-pick: no size satisfies the limit; closest: 2048 MB (p95<=450ms: 500 ms)"
    run -1 --separate-stderr pt-pick --limit 'p95<=600ms' --limit 'cost<0.0012' <<<"$(limited)"
    assert_output ""
    assert_equal "$stderr" "pt-pick: no size satisfies every limit; closest: 1024 MB (p95<=600ms: 700 ms, cost<0.0012: 1200 per million (limit: 1200))"
}

@test "a size whose stat lacks the figure does not satisfy the limit" {
    run -1 --separate-stderr pt-pick --limit 'p95<=1s' <<<"$(stat 128 1 1)"
    assert_equal "$stderr" "pt-pick: no size satisfies the limit; closest: 128 MB (p95<=1s: unknown)"
}

@test "the limit of the plan is a string or a list, and --limit overrides it" {
    run -0 bash -c 'pt-pick | jq .power' <<<"$PLAN,\"limit\":\"p95<=800ms\"}
$(limited)"
    assert_output 1024
    run -0 bash -c 'pt-pick | jq .power' <<<"$PLAN,\"limit\":[\"p95<=800ms\",\"maxMemoryUsed<=90%\"]}
$(limited)"
    assert_output 2048
    run -0 bash -c 'pt-pick --limit "p95<=1s" | jq .power' <<<"$PLAN,\"limit\":\"p95<=800ms\"}
$(limited)"
    assert_output 512
    run -2 --separate-stderr pt-pick <<<"$PLAN,\"limit\":[7]}"
    assert_equal "$stderr" "pt-pick: standard input:1: plan record: member 'limit': a number is not a string"
}

@test "a limit on an average applies to the average at the given rate of cold starts" {
    local stats
    stats=$(
        stat 128 1 1 "$(blended 1000 100 0.01 0.001)"
        stat 256 1 1 "$(blended 500 110 0.005 0.0011)"
    )
    run -0 bash -c 'pt-pick --cold-rate 1% --limit "averageDuration<=110ms" | jq -c "[.power, .duration]"' <<<"$stats"
    assert_output '[128,109]'
    run -1 --separate-stderr pt-pick --cold-rate 10% --limit 'averageDuration<=110ms' <<<"$stats"
    assert_equal "$stderr" "pt-pick: no size satisfies the limit; closest: 256 MB (averageDuration<=110ms: 149 ms)"
}

# blended COLD_DURATION WARM_DURATION COLD_PRICE WARM_PRICE: members of a stat.
blended() {
    printf ',"cold":{"count":1,"averageDuration":%s,"averagePrice":%s},"warm":{"count":9,"averageDuration":%s,"averagePrice":%s}' "$1" "$3" "$2" "$4"
}

@test "--cold-rate weighs cold and warm averages by the given rate" {
    local stats
    stats=$(
        stat 128 1 1 "$(blended 1000 100 0.01 0.001)"
        stat 256 1 1 "$(blended 500 110 0.005 0.0011)"
    )
    run -0 bash -c 'pt-pick --cold-rate 0 | jq -c "[.power, .cost, .duration]"' <<<"$stats"
    assert_output '[128,0.001,100]'
    run -0 bash -c 'pt-pick --cold-rate 10% | jq -c "[.power, .cost, .duration]"' <<<"$stats"
    assert_output '[256,0.00149,149]'
    run -0 bash -c 'pt-pick --cold-rate 0.1 | jq -c "[.power, .cost, .duration]"' <<<"$stats"
    assert_output '[256,0.00149,149]'
}

@test "a size without a cold start is excluded with --cold-rate" {
    run -0 bash -c 'pt-pick --cold-rate 1% | jq -c "[.power, .excluded]"' <<<"$(
        stat 128 1 1
        stat 256 2 2 "$(blended 1 1 1 1)"
    )"
    assert_output '[256,[{"power":128,"reason":"no cold start was measured"}]]'
}

@test "stats of several functions give a result for each function" {
    run -0 bash -c 'pt-pick | jq -c "[.functionName, .power]"' <<<"$(
        stat 128 1 1 ',"functionName":"b"'
        stat 128 3 3 ',"functionName":"a"'
        stat 256 2 2 ',"functionName":"a"'
    )"
    assert_output '["b",128]
["a",256]'
}

@test "the table has a sentence with the best size and its saving, a row for each size, and a chart" {
    export LC_ALL=C.UTF-8 COLUMNS=60
    run -0 --separate-stderr pt-pick --format table <<<"$PLAN,\"memorySizeMB\":1024}
$(three)
{\"type\":\"stat\",\"value\":128,\"count\":0,\"failed\":5,\"failedByErrorType\":{\"E\":5}}"
    assert_output "512 MB is the cheapest: over 99 % sure; 1024 MB costs 20 % more and is 52 % faster. Compared with the current 1024 MB: 17 % cheaper, 111 % slower.

                 cost of
                       a              cold  memory
memory  average  million            starts    used
  (MB)     (ms)    (USD)  measured     (%)    (MB)  note
   128                           0                  5 failed
                                                    with E
   512   400.00   1000.0        10                  <- best
  1024   190.00   1200.0        10
  2048   100.00   3000.0        10

         Duration                  Cost
  512 MB ████████████████████████  ████████
 1024 MB ███████████▍              █████████▋
 2048 MB ██████                    ████████████████████████"
}

@test "the table notes failures at sizes that can be chosen, including the best" {
    run -0 bash -c 'pt-pick --format table | sed -n "3,5s/.*  //p"' <<<"$(
        stat 128 1 1e-8 ',"failed":1,"lost":1,"failedByErrorType":{"E":1}'
        stat 256 1 2e-8 ',"failed":1'
    )"
    assert_output "note
<- best, 1 failed with E, 1 lost
1 failed"
    run -0 bash -c 'pt-pick --format csv | sed 1d' <<<"$(stat 128 1 1e-8 ',"failed":1')"
    assert_output "128,1,0.01,10,,,best"
}

@test "a size at which invocations fail too often is not chosen, and the result says why" {
    failing() {
        stat 128 1 1e-8 ",\"failed\":$1,\"failedByErrorType\":{\"$2\":$1}"
        stat 256 1 2e-8
        stat 512 1 3e-8
    }
    while IFS='|' read -r count error_type options wanted; do
        run -0 --separate-stderr bash -c 'pt-pick $1 | jq -c "[.power, .excluded[0].reason]"' _ "$options" <<<"$(failing "$count" "$error_type")"
        assert_equal "$output" "$wanted"
        assert_equal "$stderr" ""
    done <<'TRIES'
1|Runtime.OutOfMemory||[256,"1 of 11 invocations ran out of memory"]
1|MemoryError|--max-failures 100%|[256,"1 of 11 invocations ran out of memory"]
1|timeout||[128,null]
2|timeout||[256,"2 of 12 invocations timed out (limit: 1 %)"]
2|Sandbox.Timedout|--max-failures=5|[128,null]
1|E|--max-failures 0|[256,"1 of 11 invocations failed (limit: 0 %)"]
15|E|--max-failures 50|[128,null]
25|E|--max-failures 50%|[256,"25 of 35 invocations failed (limit: 50 %)"]
TRIES
}

@test "when failures leave one size, the sentence says so; when they leave none, the error does" {
    cd "$BATS_TEST_TMPDIR"
    killed() {
        pt-logparse "$BATS_TEST_DIRNAME/fixtures/posted-logs/answers-$1.log" | pt-stats --by power
    }
    killed half-killed >half
    run -0 --separate-stderr bash -c 'pt-pick --format table <"$1" | sed -n "1,5p"' _ half
    assert_output "Only one of 2 sizes can be chosen (256 MB), so there is nothing to compare; 160 MB is left out: 5 of 10 invocations ran out of memory.

memory (MB)  average (ms)  cost of a million (USD)  measured  cold starts (%)  memory used (MB)  note
        160        900.00                   10.156         5                0               150  5 of 10 invocations ran out of memory
        256        704.50                   2.9375        10                0               155  <- best"
    run -0 bash -c 'pt-pick half | jq -c "[.power, .cost == 2.937505875e-06, .stateMachine.lambdaCost == 8.01355769375e-05, .excluded]"'
    assert_output '[256,true,true,[{"power":160,"reason":"5 of 10 invocations ran out of memory"}]]'
    run -0 --separate-stderr bash -c '(echo "$1,\"memorySizeMB\":160}" && cat half) | pt-pick --format table | sed -n 1p' _ "$PLAN"
    assert_output "The function fails at its current 160 MB: 5 of 10 invocations ran out of memory. Only one of 2 sizes can be chosen (256 MB), so there is nothing to compare; 160 MB is left out: 5 of 10 invocations ran out of memory. Compared with the current 160 MB: 71 % cheaper, 22 % faster."
    killed one-size >one
    run -1 --separate-stderr pt-pick one
    assert_output ""
    assert_equal "$stderr" "pt-pick: no size can be chosen: 160 MB: 5 of 10 invocations ran out of memory"
}

@test "in the C locale the chart is ASCII" {
    export LC_ALL=C COLUMNS=40
    run -0 --separate-stderr bash -c 'pt-pick --format table | tail -n 4' <<<"$(three)"
    assert_output "         Duration        Cost
  512 MB ##############  #####
 1024 MB #######         ######
 2048 MB ####            ##############"
}

@test "csv and tsv have unrounded numbers" {
    run -0 --separate-stderr pt-pick --format csv <<<"$(stat 128 1.23456789 2e-8 ',"coldStarts":4')"
    assert_output 'memory (MB),average (ms),cost of a million (USD),measured,cold starts (%),memory used (MB),note
128,1.23456789,0.02,10,40,,best'
}

@test "bad records are reported, and no result is written" {
    run -2 --separate-stderr pt-pick <<<"$(
        stat 128 1 1
        stat 128 2 2
    )
{\"type\":\"stat\",\"value\":256,\"count\":3}
{\"type\":\"stat\",\"value\":\"x\"}
{\"type\":\"stat\","
    assert_output ""
    assert_equal "$stderr" "pt-pick: standard input:2: stat record: duplicate stat record for 128 MB
pt-pick: standard input:3: stat record: no member 'averageDuration'
pt-pick: standard input:4: stat record: member 'value' is a string, not a number
pt-pick: standard input:5: not a record: unexpected end at byte 16"
}

@test "invalid option values are refused" {
    refuses pt-pick <<'TRIES'
--strategy best|option '--strategy': 'best' is not cost, speed or balanced
--balanced-weight 2|option '--balanced-weight': '2' is not a number from 0 to 1
--cold-rate 101%|option '--cold-rate': '101%' is not a share from 0 to 1, or from 0% to 100%
--cold-rate 2|option '--cold-rate': '2' is not a share from 0 to 1, or from 0% to 100%
--limit p95|option '--limit': 'p95': expected < or <= after the figure
--limit p95>=1ms|option '--limit': 'p95>=1ms': expected < or <= after the figure
--limit p96<=1ms|option '--limit': 'p96<=1ms': 'p96' is not averageDuration, min, p50, p90, p95, p99, p99.9, max, averagePrice, cost, costPerMillion or maxMemoryUsed
--limit p95<=fast|option '--limit': 'p95<=fast': 'fast' does not begin with a number
--limit p95<=800|option '--limit': 'p95<=800': p95 takes the unit ms or s
--limit p95<=800MB|option '--limit': 'p95<=800MB': p95 takes the unit ms or s
--limit cost<=1$|option '--limit': 'cost<=1$': cost takes no unit
--limit maxMemoryUsed<=1GB|option '--limit': 'maxMemoryUsed<=1GB': maxMemoryUsed takes the unit % or MB
--format pdf|option '--format': 'pdf' is not ndjson, table, csv, tsv or markdown
--best|unknown option '--best' (see pt-pick --help)
TRIES
}

@test "a full disk is an error" {
    run -1 --separate-stderr bash -c 'pt-pick >/dev/full' <<<"$(three)"
    assert_equal "$stderr" "pt-pick: cannot write standard output: No space left on device"
}
