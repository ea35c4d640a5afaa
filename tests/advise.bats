#!/usr/bin/env bats
# pt-advise and power-tune --from-logs: advice on memory sizes from stored logs.

load helper

# stat FUNCTION POWER DURATION PRICE COUNT [MEMBERS]
stat() {
    printf '{"type":"stat","functionName":%s,"value":%s,"averageDuration":%s,"averagePrice":%s,"totalCost":1,"count":%s,"failed":0%s}\n' \
        "$1" "$2" "$3" "$4" "$5" "${6:-}"
}

# period FIRST LAST: members with the days of the first and the last report.
period() {
    printf ',"firstTimestamp":%s,"lastTimestamp":%s' "$((1714521600000 + $1 * 86400000))" "$((1714521600000 + $2 * 86400000))"
}

# fleet: a function at three sizes, one at a single size, and one with failures only.
fleet() {
    stat '"single"' 1024 100 0.25 1000 ",\"maxMemoryUsedMB\":200$(period 1 10)"
    stat '"several"' 512 400 0.000005 4000 ",\"maxMemoryUsedMB\":100$(period 0 4)"
    stat '"several"' 1024 190 0.000004 10 ",\"maxMemoryUsedMB\":120$(period 8 9)"
    stat '"several"' 2048 100 0.000006 2000 ",\"maxMemoryUsedMB\":110$(period 4 8)"
    printf '{"type":"stat","functionName":"broken","value":128,"count":0,"failed":7,"failedByErrorType":{"timeout":7}}\n'
}

@test "for a function logged at several sizes the advice is the result of a run, with the monthly saving" {
    run -0 --separate-stderr bash -c 'pt-advise | jq -c "select(.functionName == \"several\")"' <<<"$(fleet)"
    assert_equal "$stderr" ""
    assert_equal "$(jq -c '[.power, .cost, .duration, .stateMachine]' <<<"$output")" \
        "$(fleet | pt-pick 2>/dev/null | jq -c 'select(.functionName == "several") | [.power, .cost, .duration, .stateMachine]')"
    # The current size is the size of the latest report. 6010 invocations in 10 days.
    assert_equal "$(jq -c '[.basis, .presentPower, .power, .invocationsPerMonth, (.savingPerMonth * 1e6 | round), .advice]' <<<"$output")" \
        '["severalSizes",1024,1024,18030,0,"1024 MB is the cheapest of the 3 sizes in the logs, and the current size"]'
    run -0 bash -c 'pt-advise --strategy speed | jq -c "select(.functionName == \"several\") | [.power, (.savingPerMonth * 1e6 | round), .advice]"' <<<"$(fleet)"
    assert_output '[2048,-36060,"2048 MB is the fastest of the 3 sizes in the logs; the current size is 1024 MB"]'
}

@test "for a function logged at one size the advice is the smallest size with enough memory, and costs at the same duration" {
    run -0 bash -c 'pt-advise | jq -c "select(.functionName == \"single\")"' <<<"$(fleet)"
    assert_equal "$(jq -c 'del(.ifTimeStayed)' <<<"$output")" \
        '{"functionName":"single","basis":"oneSize","advice":"only 1024 MB is in the logs; at most 200 MB were used: 256 MB would be enough, but only a run can tell the duration there","invocations":1000,"invocationsPerMonth":3000,"presentPower":1024,"presentCost":0.25,"presentDuration":100,"maxMemoryUsedMB":200,"costPerMonth":750,"smallestThatHolds":256,"savingPerMonthAtMost":562.5}'
    assert_equal "$(jq -c '.ifTimeStayed[:3]' <<<"$output")" '[{"power":256,"cost":0.0625},{"power":512,"cost":0.125},{"power":768,"cost":0.1875}]'
    assert_equal "$(jq -c 'has("power")' <<<"$output")" false
}

@test "no smaller size is suggested when none has enough memory, or the memory used is unknown" {
    run -0 bash -c 'pt-advise | jq -r .advice' <<<"$(
        stat '"a"' 512 1 1 9 ',"maxMemoryUsedMB":300'
        stat '"b"' 512 1 1 9 ',"maxMemoryUsedMB":510'
        stat '"c"' 512 1 1 9
    )"
    assert_output "only 512 MB is in the logs; at most 300 MB were used; only a run can tell whether another size is better
only 512 MB is in the logs; at most 510 MB were used, nearly all: a larger size may be needed; only a run can tell whether another size is better
only 512 MB is in the logs; only a run can tell whether another size is better"
}

@test "no smaller size is suggested at which every invocation failed, or whose memory a failed invocation exceeded" {
    run -0 bash -c 'pt-advise | jq -c "[.advice, .maxMemoryUsedMB, .smallestThatHolds, .ifTimeStayed[0].power]"' <<<"$(
        stat '"f"' 1024 1 1 9 ',"maxMemoryUsedMB":100'
        printf '{"type":"stat","functionName":"f","value":%s,"count":0,"failed":7,"failedMaxMemoryUsedMB":%s}\n' 128 128 256 200
        stat '"g"' 1024 1 1 9 ',"maxMemoryUsedMB":100,"failedMaxMemoryUsedMB":600'
        stat '"h"' 512 1 1 9 ',"maxMemoryUsedMB":100,"failedMaxMemoryUsedMB":512'
    )"
    assert_output '["only 1024 MB has successes; at most 200 MB were used: 512 MB would be enough, but only a run can tell the duration there",200,512,512]
["only 1024 MB is in the logs; at most 600 MB were used: 768 MB would be enough, but only a run can tell the duration there",600,768,768]
["only 512 MB is in the logs; at most 512 MB were used, nearly all: a larger size may be needed; only a run can tell whether another size is better",512,null,768]'
}

@test "sizes at which every invocation failed are not compared, and the advice says which ones fail too often" {
    run -0 bash -c 'pt-advise | jq -r .advice' <<<"$(
        stat null 512 1 1 100 | sed 's/"failed":0/"failed":900/'
        stat null 1024 2 2 200 | sed 's/"failed":0/"failed":1/'
        stat null 2048 3 3 300
        echo '{"type":"stat","functionName":null,"value":256,"count":0,"failed":9}'
    )"
    assert_output "1024 MB is the cheapest of the 3 sizes with successes; the most frequent size is 2048 MB; at 1024 MB, 1 of 201 invocations failed; 512 MB is left out: 900 of 1000 invocations failed (limit: 1 %)"
}

@test "functions are ordered by their monthly saving" {
    run -0 bash -c 'pt-advise | jq -r .functionName' <<<"$(fleet)"
    assert_output "single
broken
several"
    run -0 bash -c 'pt-advise --format csv | cut -d , -f 1,2,4-8' <<<"$(fleet)"
    assert_output "function,memory (MB),invocations,a month,cost a month (USD),better (MB),saving a month (USD)
single,1024,1000,3000,750,256,562.5
broken,,7,21,,,
several,1024,6010,18030,0.07212,1024,0"
}

@test "the table ends with an explanation of its figures" {
    run -0 bash -c 'pt-advise --format table' <<<"$(stat '"f"' 1024 100 0.000002 1000 ",\"maxMemoryUsedMB\":200$(period 0 10)")"
    assert_output "function  memory (MB)  used at most (MB)  invocations  a month  cost a month (USD)  better (MB)  saving a month (USD)  advice
f                1024                200         1000     3000            0.006000          256              0.004500  only 1024 MB is in the logs; at most 200 MB were used: 256 MB would be enough, but only a run can tell the duration there

A month is 30 days at the rate of the logs, which cover 10 days. For a function logged at one size the saving is an upper bound: it assumes the same duration."
}

@test "logs without timestamps have no monthly rate, unless --days gives the days that they cover" {
    run -0 bash -c 'pt-advise | jq -c "[has(\"invocationsPerMonth\"), has(\"savingPerMonthAtMost\")]"' <<<"$(stat '"f"' 1024 1 1 1000 ',"maxMemoryUsedMB":200')"
    assert_output '[false,false]'
    run -0 bash -c 'pt-advise --days 15 | jq -c "[.invocationsPerMonth, .savingPerMonthAtMost]"' <<<"$(stat '"f"' 1024 1 1 1000 ',"maxMemoryUsedMB":200')"
    assert_output '[2000,1500]'
    run -0 bash -c 'pt-advise --format table | tail -n 1' <<<"$(stat null 1024 1 1 1000)"
    assert_output "The logs have no timestamps: use --days N to say how many days they cover. For a function logged at one size the saving is an upper bound: it assumes the same duration."
}

@test "without timestamps the advice names the most frequent size instead of the current one" {
    run -0 bash -c 'pt-advise | jq -r .advice' <<<"$(
        stat '"a"' 512 1 1 20
        stat '"a"' 1024 2 2 10
        stat '"b"' 512 1 1 10
        stat '"b"' 1024 2 2 10
    )"
    assert_output "512 MB is the cheapest of the 2 sizes in the logs, and the most frequent size
512 MB is the cheapest of the 2 sizes in the logs"
}

@test "the advice mentions sizes with few measurements, and mixed billing" {
    run -0 bash -c 'pt-advise | jq -r .advice' <<<"$(
        stat null 512 1 1 1
        stat null 1024 2 2 4 ',"mixedBilling":true'
        stat null 2048 3 3 5
    )"
    assert_output "512 MB is the cheapest of the 3 sizes in the logs; the most frequent size is 2048 MB; 512 MB has only 1 measurement; 1024 MB has only 4 measurements; the prices mix cold starts from before and after August 2025"
}

@test "--from-logs reads a named pipe whose writer has already ended" {
    mkfifo "$BATS_TEST_TMPDIR/log"
    cat "$ROOT/examples/logs/resize.log" >"$BATS_TEST_TMPDIR/log" 3>&- &
    run -0 --separate-stderr power-tune --from-logs --quiet "$BATS_TEST_TMPDIR/log"
    assert_equal "$output" "$(power-tune --from-logs --quiet "$ROOT/examples/logs/resize.log")"
}

@test "--from-logs reads several pipes, and standard input next to a pipe" {
    cd "$BATS_TEST_TMPDIR"
    events f 128 400 410 420 430 440 >small.json
    events f 512 90 91 92 93 94 >large.json
    both=$(power-tune --from-logs --quiet small.json large.json)
    run -0 --separate-stderr power-tune --from-logs --quiet <(cat small.json) <(cat large.json)
    assert_equal "$output" "$both"
    run -0 --separate-stderr power-tune --from-logs --quiet <(cat small.json) large.json
    assert_equal "$output" "$both"
    run -0 --separate-stderr power-tune --from-logs --quiet - <(cat large.json) <small.json
    assert_equal "$output" "$both"
    mkfifo pipe
    cat large.json >pipe 3>&- &
    run -2 --separate-stderr power-tune --from-logs --quiet pipe - <small.json
    assert_equal "$stderr" "power-tune: name standard input ('-') before the pipe 'pipe'"
}

@test "--from-logs reads the records of a run" {
    {
        echo '{"type":"plan","functionName":"f"}'
        echo '{"type":"configuration","power":128}'
        echo '{"type":"configuration","power":256}'
        for size in 128 256; do
            printf '{"type":"measurement","power":%s,"requestId":"r%s","durationMs":%s,"billedDurationMs":%s,"memorySizeMB":%s,"maxMemoryUsedMB":64}\n' \
                "$size" "$size" $((51200 / size / size)) $((51200 / size / size)) "$size"
        done
    } >"$BATS_TEST_TMPDIR/records"
    run -0 --separate-stderr power-tune --from-logs --quiet "$BATS_TEST_TMPDIR/records"
    assert_equal "$(jq .power <<<"$output")" 256
    assert_equal "$stderr" ''
}

@test "a limit that is not valid is refused before any log is fetched" {
    start_local --no-verify --record "$BATS_TEST_TMPDIR/requests" --function "f=$ROOT/examples/functions/fetch"
    run -2 --separate-stderr power-tune --from-logs --limit 'foo<=1' --endpoint-url "$ENDPOINT" --region us-east-1 f
    stop_local
    assert_regex "$output$stderr" "^pt-pick: option '--limit': 'foo<=1': 'foo' is not "
    assert_equal "$(cat "$BATS_TEST_TMPDIR/requests")" ''
}

@test "limits apply as in a run" {
    run -0 bash -c 'pt-advise --limit "averageDuration<=150ms" | jq -c "select(.functionName == \"several\") | [.power, .excluded[0].power]"' <<<"$(fleet)"
    assert_output '[2048,512]'
    run -0 bash -c 'pt-advise --limit "averageDuration<=1ms" | jq -c "select(.functionName == \"several\") | [.power, .advice]"' <<<"$(fleet)"
    assert_output '[null,"none of the 3 sizes in the logs satisfies the limits"]'
}

@test "without any success in the logs no advice is given" {
    run -1 --separate-stderr pt-advise <<<"$(fleet | grep broken)"
    assert_output '{"functionName":"broken","basis":"failures","advice":"no advice: the logs have no report of a success (a function with log level WARN writes none)","invocations":7}'
    assert_equal "$stderr" "pt-advise: no advice: every report is a failure (functions with log level WARN report nothing else)"
    run -1 --separate-stderr pt-advise </dev/null
    assert_equal "$stderr" "pt-advise: no stat record in the input: there is nothing to advise on"
}

@test "invalid option values and bad records are refused" {
    refuses pt-advise <<'TRIES'
--strategy best|option '--strategy': 'best' is not cost, speed or balanced
--days 0|option '--days': '0' is not a number from 0.001 to 100000
--limit p95|option '--limit': 'p95': expected < or <= after the figure
--format pdf|option '--format': 'pdf' is not ndjson, table, csv, tsv or markdown
/nowhere|cannot read '/nowhere': No such file or directory
TRIES
    run -2 --separate-stderr pt-advise <<<'{"type":"stat"}'
    assert_equal "$stderr" "pt-advise: standard input:1: stat record: no member 'value'"
}

# ---- power-tune --from-logs ----

# events FUNCTION SIZE DURATION...: events an hour apart, as filter-log-events prints them.
events() {
    local function=$1 size=$2 time=1714557600000 duration
    for duration in "${@:3}"; do
        printf '{"logGroup":"/aws/lambda/%s","logStreamName":"s","timestamp":%s,"message":"REPORT RequestId: r%s\\tDuration: %s ms\\tBilled Duration: %s ms\\tMemory Size: %s MB\\tMax Memory Used: 90 MB\\t\\n"}\n' \
            "$function" "$time" "$size" "$duration" "$duration" "$size"
        time=$((time + 3600000))
    done
}

@test "--from-logs prints a result on one line, and a table on standard error" {
    cd "$BATS_TEST_TMPDIR"
    events f 128 400 410 420 430 440 >small.json
    events f 512 90 91 92 93 94 | gzip -c >large.json.gz
    run -0 --separate-stderr power-tune --from-logs small.json large.json.gz --region eu-west-1 --architecture arm64
    assert_equal "${#lines[@]}" 1
    assert_equal "$(jq -c '[.functionName, .power, .cost, .duration, .stateMachine]' <<<"$output")" \
        "$(pt-logparse small.json large.json.gz | pt-stats --by functionName,power --region eu-west-1 --architecture arm64 | pt-pick | jq -c '[.functionName, .power, .cost, .duration, .stateMachine]')"
    assert_regex "$stderr" '^function  memory'
    run -0 --separate-stderr power-tune --quiet --from-logs --strategy=speed - --days 1 <small.json
    assert_equal "$(jq -c '[.basis, .presentPower, .invocationsPerMonth]' <<<"$output")" '["oneSize",128,150]'
    assert_equal "$stderr" ""
    [ ! -e "$XDG_STATE_HOME" ]
}

# plain FILE MB MS: a log of plain lines: a time, then the report.
plain() {
    for i in 0 1 2 3 4 5; do
        printf '2026-01-01T00:00:0%d.000Z REPORT RequestId: 00000000-0000-4000-8000-00000000000%d\tDuration: %d.00 ms\tBilled Duration: %d ms\tMemory Size: %d MB\tMax Memory Used: 50 MB\t\n' \
            "$i" "$i" "$3" "$3" "$2"
    done >"$1"
}

@test "reports that do not name their function are kept apart by log, or named" {
    cd "$BATS_TEST_TMPDIR"
    plain a.log 128 100
    plain b.log 256 60
    plain c.log 512 10
    run -0 --separate-stderr power-tune --quiet --from-logs a.log b.log c.log
    assert_equal "$stderr" 'power-tune: reports do not name their function: each log counts as a function of its own; --function-name NAME=FILE names one, --function-name NAME all'
    assert_equal "$(jq -r .functionName <<<"$output" | sort | xargs)" 'a.log b.log c.log'
    run -0 --separate-stderr power-tune --quiet --from-logs a.log b.log c.log --function-name resize=a.log --function-name other
    assert_equal "$stderr" ''
    assert_equal "$(jq -r .functionName <<<"$output" | sort | xargs)" 'other resize'
    run -0 --separate-stderr power-tune --quiet --from-logs a.log b.log --function-name resize
    assert_equal "$(jq -r '[.functionName, .power] | join(" ")' <<<"$output")" 'resize 128'
    run -0 --separate-stderr power-tune --quiet --from-logs a.log
    assert_equal "$stderr" ''
    assert_equal "$(jq -r .functionName <<<"$output")" null
}

@test "a function can have prices of its own" {
    cd "$BATS_TEST_TMPDIR"
    plain a.log 128 100
    plain b.log 128 100
    run -0 --separate-stderr power-tune --quiet --from-logs a.log b.log --function-name a=a.log --function-name b=b.log --architecture b=arm64
    run -0 jq -rs 'sort_by(.functionName) | map(.presentCost) | .[1] / .[0] * 1000 | round' <<<"$output"
    assert_output 800
    run -0 --separate-stderr power-tune --quiet --from-logs a.log b.log --function-name a --architecture c=arm64
    assert_equal "$stderr" "pt-logparse: 6 reports occur more than once, and count once
power-tune: option '--architecture': the logs have no function 'c'"
}

@test "--from-logs continues after a log that cannot be read, and fails at the end" {
    cd "$BATS_TEST_TMPDIR"
    events f 128 400 >log.json
    run -1 --separate-stderr power-tune --quiet --from-logs none.json log.json
    assert_equal "$(jq -r .presentPower <<<"$output")" 128
    assert_equal "$stderr" "pt-logparse: cannot read 'none.json': No such file or directory"
    run -1 --separate-stderr power-tune --quiet --from-logs none.json
    assert_output ""
    assert_equal "$stderr" "pt-logparse: cannot read 'none.json': No such file or directory"
}

@test "--from-logs counts the events of overlapping exports once, and says how many it left out" {
    cd "$BATS_TEST_TMPDIR"
    events f 128 400 >log.json
    run -0 --separate-stderr power-tune --quiet --from-logs log.json
    local once=$output
    assert_equal "$stderr" ""
    run -0 --separate-stderr power-tune --quiet --from-logs log.json log.json
    assert_output "$once"
    assert_regex "$stderr" '^pt-logparse: [0-9]+ reports occur more than once, and count once$'
}

@test "--from-logs says why a log gives no measurement" {
    cd "$BATS_TEST_TMPDIR"
    printf 'START\nEND\n' >none
    run -1 --separate-stderr power-tune --quiet --from-logs none
    assert_output ""
    assert_equal "$stderr" "pt-logparse: no REPORT in 2 lines
power-tune: --from-logs: no measurement in the logs"
    echo "got: REPORT RequestId: a	Duration: 1 ms	Billed Duration: 1 ms	Memory Size: 128 MB	Max Memory Used: 57 MB" >unknown
    run -1 --separate-stderr power-tune --quiet --from-logs unknown
    assert_output ""
    assert_equal "$stderr" "pt-logparse: 1 of 1 reports could not be read; the first is at line 1: an unknown prefix 'got: '"
}

@test "--from-logs takes the name of a function and fetches its logs" {
    command -v python3 >/dev/null || skip "python3 is not installed"
    cd "$BATS_TEST_TMPDIR"
    events f 1024 400 410 | jq -cs '{events: .}' | sed 's/^/200 /' >script
    await_address servers.log python3 "$ROOT/tests/moto/fake_logs.py" script requests
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS=$ADDRESS AWS_REGION=eu-west-1 run -0 --separate-stderr power-tune --quiet --from-logs f --since 2024-05-01T00:00:00Z
    kill "$SERVER_PID"
    assert_equal "$(jq -c '[.functionName, .basis, .presentPower, .smallestThatHolds]' <<<"$output")" '["f","oneSize",1024,128]'
    assert_equal "$stderr" ""
    assert_equal "$(sed 's/[^{]*//' requests | jq -c '[.logGroupName, .startTime]')" '["/aws/lambda/f",1714521600000]'
}

@test "--from-logs without a log, or with a function and no credentials, is refused" {
    run -2 --separate-stderr power-tune --from-logs
    assert_equal "$stderr" "power-tune: --from-logs: no log and no function named"
    unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
    HOME=$BATS_TEST_TMPDIR run -2 --separate-stderr power-tune --from-logs f --region eu-west-1
    assert_output ""
    assert_equal "${#stderr_lines[@]}" 1
    assert_regex "$stderr" "^pt-logs: cannot read the log group '/aws/lambda/f': no credentials"
}

@test "a failed write is an error" {
    run -1 --separate-stderr bash -c 'power-tune --from-logs --quiet "$0" >/dev/full' "$ROOT/examples/logs/resize.log"
    assert_equal "$stderr" 'power-tune: cannot write standard output: No space left on device'
}

@test "prices of logs are those of the region that the environment names, by either variable" {
    log=$ROOT/examples/logs/resize.log
    AWS_REGION=ap-east-1 run -0 --separate-stderr power-tune --from-logs --quiet "$log"
    expected=$output
    AWS_DEFAULT_REGION=ap-east-1 run -0 --separate-stderr power-tune --from-logs --quiet "$log"
    assert_equal "$output" "$expected"
    run -0 --separate-stderr power-tune --from-logs --quiet "$log"
    assert_not_equal "$output" "$expected"
}

# ---- sizes at which invocations fail ----

LOGS=$BATS_TEST_DIRNAME/fixtures/posted-logs

# advice LOG [OPTION...]: the advice of power-tune on a log, and the sizes that it leaves out.
advice() {
    power-tune --quiet --from-logs "$LOGS/$1" "${@:2}" | jq -c '[.power, .advice, .excluded]'
}

@test "a size at which half of the invocations ran out of memory is left out, and the advice says why" {
    run -0 --separate-stderr advice answers-half-killed.log
    assert_output '[256,"256 MB is the only one of the 2 sizes in the logs that can be chosen, and the current size; 160 MB is left out: 5 of 10 invocations ran out of memory",[{"power":160,"reason":"5 of 10 invocations ran out of memory"}]]'
    assert_equal "$stderr" ""
    run -0 --separate-stderr advice answers-half-killed.log --max-failures 100
    assert_equal "$(jq '.[0]' <<<"$output")" 256
}

@test "a function whose only size runs out of memory is advised to raise it first" {
    run -0 --separate-stderr advice answers-one-size.log
    assert_output '[null,"half of the invocations at 160 MB run out of memory: raise it first; only 160 MB is in the logs; only a run can tell whether another size is better",[{"power":160,"reason":"5 of 10 invocations ran out of memory"}]]'
}

@test "the advice begins with the failures of the current size" {
    run -0 bash -c 'pt-advise | jq -r .advice' <<<"$(
        stat '"errors"' 512 1 1 70 ',"maxMemoryUsedMB":100,"failedByErrorType":{"E":30}' | sed 's/"failed":0/"failed":30/'
        stat '"slow"' 512 1 1 95 ',"failedByErrorType":{"timeout":5}' | sed 's/"failed":0/"failed":5/'
        stat '"slow"' 1024 1 2 10
    )"
    assert_output "30 % of the invocations at 512 MB fail: correct that first; only 512 MB is in the logs; only a run can tell whether another size is better
5 % of the invocations at 512 MB time out: raise the time limit or the memory first; 1024 MB is the only one of the 2 sizes in the logs that can be chosen; the most frequent size is 512 MB"
}

@test "what failed invocations cost is part of the figures, and a month's cost is of all invocations" {
    run -0 bash -c 'pt-advise --days 30 | jq -c "[.presentCost, .costPerMonth, .invocations]"' <<<"$(
        stat null 512 100 0.5 200 ',"failedByErrorType":{"E":1},"failedCost":20' | sed 's/"failed":0/"failed":1/'
    )"
    assert_output '[0.6,120,201]'
}
