#!/usr/bin/env bats
# pt-logs: reports from CloudWatch Logs, as moto and a server with scripted responses provide them.

load helper

setup_file() {
    command -v moto_server >/dev/null && python3 -c 'import boto3' 2>/dev/null || return 0
    NOW=$(($(date +%s) * 1000))
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])' >"$BATS_FILE_TMPDIR/port"
    MOTO=http://127.0.0.1:$(cat "$BATS_FILE_TMPDIR/port")
    moto_server -H 127.0.0.1 -p "$(cat "$BATS_FILE_TMPDIR/port")" >"$BATS_FILE_TMPDIR/moto.log" 2>&1 3>&- &
    MOTO_PID=$!
    export MOTO MOTO_PID NOW
    until curl -s "$MOTO/moto-api/" >/dev/null; do
        kill -0 "$MOTO_PID" || return 1
        sleep 0.1
    done
    python3 "$ROOT/tests/moto/put_logs.py" "$MOTO" "$NOW"
}

teardown_file() {
    [ -z "${MOTO_PID:-}" ] || kill "$MOTO_PID"
}

setup() {
    export AWS_REGION=eu-west-1
}

teardown() {
    stop_local
    [ -z "${LOGS_PID:-}" ] || kill "$LOGS_PID"
}

moto() {
    [ -n "${MOTO:-}" ] || skip "moto_server and boto3 are not installed"
    export AWS_ENDPOINT_URL_CLOUDWATCH_LOGS=$MOTO
    # There are no functions: a Lambda endpoint that refuses connections.
    export AWS_ENDPOINT_URL_LAMBDA=http://127.0.0.1:9
}

# answers LINE...: starts a server that gives these responses, each a status and a body.
answers() {
    command -v python3 >/dev/null || skip "python3 is not installed"
    printf '%s\n' "$@" >"$BATS_TEST_TMPDIR/script"
    await_address "$BATS_TEST_TMPDIR/servers.log" python3 "$ROOT/tests/moto/fake_logs.py" "$BATS_TEST_TMPDIR/script" "$BATS_TEST_TMPDIR/requests"
    LOGS_PID=$SERVER_PID AWS_ENDPOINT_URL_CLOUDWATCH_LOGS=$ADDRESS
    export AWS_ENDPOINT_URL_CLOUDWATCH_LOGS
}

@test "all pages of a function's reports arrive with function, stream and time" {
    moto
    run -0 --separate-stderr bash -c 'pt-logs resize --since 7200s | pt-logparse'
    assert_equal "$stderr" ""
    assert_equal "${#lines[@]}" 6000
    assert_equal "$(sort <<<"$output" | head -n 2 | sed 's/,"timestamp":[0-9]*//')" \
        '{"type":"measurement","power":128,"requestId":"00000000-0000-4000-8000-000000000000","durationMs":10.50,"billedDurationMs":11,"memorySizeMB":128,"maxMemoryUsedMB":57,"functionName":"resize","logStream":"2024/05/01/[$LATEST]0"}
{"type":"measurement","power":128,"requestId":"00000000-0000-4000-8000-000000000001","durationMs":11.50,"billedDurationMs":12,"memorySizeMB":128,"maxMemoryUsedMB":57,"functionName":"resize","logStream":"2024/05/01/[$LATEST]1"}'
    assert_equal "$(jq -s 'map(.timestamp) | [min, max]' -c <<<"$output")" "[$((NOW - 6000000)),$((NOW - 1000))]"
}

@test "--since and --until limit the period, as a duration or as a date" {
    moto
    run -0 bash -c 'pt-logs resize --since "$1" --until "$2" | pt-logparse | wc -l' - "$(date -u -d "@$((NOW / 1000 - 100))" +%Y-%m-%dT%H:%M:%SZ)" \
        "$(date -u -d "@$((NOW / 1000 - 91))" +%Y-%m-%dT%H:%M:%SZ)"
    assert_output 10
    run -0 pt-logs resize --since 9w --until 8w
    assert_output ""
}

@test "a duration that reaches before 1970 starts in 1970" {
    answers '200 {"events":[]}'
    run -0 --separate-stderr pt-logs f --since 3000w
    assert_equal "$(sed 's/[^{]*//' "$BATS_TEST_TMPDIR/requests" | jq .startTime)" 0
}

@test "several functions, JSON logs, ARNs and log groups of any name are fetched" {
    moto
    run -0 --separate-stderr bash -c 'pt-logs arn:aws:lambda:eu-west-1:123456789012:function:json other/group | pt-logparse | jq -c "[.requestId, .functionName, .logStream]"'
    assert_output '["j","json","s"]
["o",null,"s"]'
    run -0 bash -c 'pt-logs resize json | pt-logparse | pt-stats --by functionName,power | jq -c "[.functionName, .value, .count]"'
    assert_output '["json",128,1]
["resize",128,6000]'
}

@test "a missing log group is an error, and the others are fetched" {
    moto
    run -1 --separate-stderr bash -c 'set -o pipefail; pt-logs nothing json | pt-logparse | jq -r .requestId'
    assert_output j
    assert_equal "$stderr" "pt-logs: cannot read the log group '/aws/lambda/nothing': ResourceNotFoundException: The specified log group does not exist."
}

@test "the log group in a function's settings is used, without other functions that share it" {
    moto
    start_local --no-verify --region eu-west-1 --function "elsewhere=$ROOT/examples/functions/fetch"
    curl -sS -f -o "$BATS_TEST_TMPDIR/answer" -X PUT -d '{"LoggingConfig":{"LogFormat":"Text","LogGroup":"shared/group"}}' \
        "$ENDPOINT/2015-03-31/functions/elsewhere/configuration"
    export AWS_ENDPOINT_URL_LAMBDA=$ENDPOINT
    run -0 --separate-stderr pt-logs elsewhere
    assert_equal "$(jq -c 'del(.timestamp)' <<<"$output")" \
        '{"functionName":"elsewhere","logGroup":"shared/group","logStreamName":"2024/05/01/elsewhere[$LATEST][e1]","message":"REPORT RequestId: elsewhere\tDuration: 1 ms\tBilled Duration: 1 ms\tMemory Size: 128 MB\tMax Memory Used: 57 MB\t\n"}'
    run -0 bash -c 'pt-logparse <<<"$1" | jq -c "[.functionName, .logStream]"' - "$output"
    assert_output '["elsewhere","2024/05/01/elsewhere[$LATEST][e1]"]'
    run -0 bash -c 'pt-logs shared/group | pt-logparse | wc -l'
    assert_output 3
    # The requests to both services are those that the policy allows.
    assert_equal "$(jq -r '.Statement[].Action' "$ROOT/share/iam/logs.json")" $'logs:FilterLogEvents\nlambda:GetFunctionConfiguration'
}

EVENT='{"logStreamName":"s","timestamp":1714557600000,"message":"a \u0000 \ud800 \"é\"\n","ingestionTime":1,"eventId":"1"}'

@test "requests follow the service's model, and messages arrive byte for byte" {
    answers "200 {\"events\":[$EVENT]}"
    run -0 --separate-stderr pt-logs f --since 2024-05-01T10:00:00Z --until 2024-05-01T11:00:00Z
    assert_output '{"logGroup":"/aws/lambda/f","logStreamName":"s","timestamp":1714557600000,"message":"a \u0000 \ud800 \"é\"\n"}'
    assert_equal "$stderr" ""
    assert_equal "$(cat "$BATS_TEST_TMPDIR/requests")" \
        '/ Logs_20140328.FilterLogEvents application/x-amz-json-1.1 {"logGroupName":"/aws/lambda/f","filterPattern":"?\"REPORT RequestId\" ?\"platform.report\"","startTime":1714557600000,"endTime":1714561200000}'
}

@test "empty pages do not end the fetch, throttling is retried, a repeated token ends it" {
    answers '200 {"events":[],"nextToken":"a"}' '400 {"__type":"com.amazonaws.logs#ThrottlingException","message":"Rate exceeded"}' "200 {\"events\":[$EVENT],\"nextToken\":\"b\"}" \
        '500 {"__type":"ServiceUnavailableException"}' '200 {"events":[],"nextToken":"b"}'
    run -0 --separate-stderr pt-logs f
    assert_equal "${#lines[@]}" 1
    assert_equal "$stderr" ""
    assert_equal "$(sed 's/[^{]*//' "$BATS_TEST_TMPDIR/requests" | jq -r '.nextToken // "-"' | tr '\n' ' ')" "- a a b b "
}

@test "a response that is not a page is an error" {
    answers '200 {"events":'
    run -1 --separate-stderr pt-logs f
    assert_equal "$stderr" "pt-logs: cannot read the log group '/aws/lambda/f': the response has no events"
}

@test "an error of AWS is reported with its message" {
    answers '400 {"__type":"com.amazon.coral.service#AccessDeniedException","Message":"User: x is not authorized"}'
    run -1 --separate-stderr pt-logs f
    assert_equal "$stderr" "pt-logs: cannot read the log group '/aws/lambda/f': AccessDeniedException: User: x is not authorized"
}

@test "progress is shown on a terminal and removed at the end" {
    command -v script >/dev/null || skip "script is not installed"
    answers "200 {\"events\":[$EVENT]}"
    TERM=xterm run -0 script -qec "pt-logs f --since 2024-05-01T09:00:00Z --until 2024-05-01T11:00:00Z >'$BATS_TEST_TMPDIR/out'" /dev/null
    assert_equal "${output//$'\r'/}" $'/aws/lambda/f: 0 events, 0 %\e[K/aws/lambda/f: 1 events, 50 %\e[K\e[K'
    assert_equal "$(wc -l <"$BATS_TEST_TMPDIR/out")" 1
}

@test "progress is not shown when it is not wanted" {
    command -v script >/dev/null || skip "script is not installed"
    answers '200 {"events":[]}'
    TERM=xterm run -0 script -qec "pt-logs f --no-progress" /dev/null
    assert_output ""
}

@test "without credentials no request is sent" {
    unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
    export HOME=$BATS_TEST_TMPDIR AWS_ENDPOINT_URL_CLOUDWATCH_LOGS=http://127.0.0.1:1
    run -2 --separate-stderr pt-logs f
    assert_output ""
    assert_regex "$stderr" "^pt-logs: cannot read the log group '/aws/lambda/f': no credentials"
}

@test "invalid values of options are rejected" {
    refuses pt-logs <<'TRIES'
|no function given (see pt-logs --help)
--since yesterday f|option '--since': 'yesterday' is not a time (such as 90m, 24h, 7d, 4w or 2024-05-01T10:00:00Z)
--until 1y f|option '--until': '1y' is not a time (such as 90m, 24h, 7d, 4w or 2024-05-01T10:00:00Z)
--since 1h --until 2h f|--since is later than --until
f:x:y|'f:x:y' is not the name or the ARN of a Lambda function
--last 1h f|unknown option '--last' (see pt-logs --help)
TRIES
}

@test "a full disk is an error" {
    answers "200 {\"events\":[$EVENT]}"
    run -1 --separate-stderr bash -c 'pt-logs f >/dev/full'
    assert_equal "$stderr" "pt-logs: cannot write standard output: No space left on device"
}
