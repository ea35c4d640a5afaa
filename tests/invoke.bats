# pt-invoke: the requests that the function received, and the record of each invocation.

load helper
load servers

setup() {
    ACTOR=$PT_BUILD/functions/actor
    [ -d "$ACTOR" ] || ACTOR=$ROOT/build/functions/actor
    export AWS_REGION=us-east-1
    start_local --no-verify --allow-host 127.0.0.1 --record "$BATS_TEST_TMPDIR/record" --function "actor=$ACTOR" --function "before=$ACTOR" \
        --function "after=$ACTOR"
}

teardown() {
    stop_servers
    stop_local
}

# invoke [OPTION...]: runs pt-invoke on the records that `published` has made.
published() {
    pt-init --endpoint-url "$ENDPOINT" --function actor --num 5 "$@" |
        pt-apply publish --endpoint-url "$ENDPOINT" >"$BATS_TEST_TMPDIR/published.ndjson"
    : >"$BATS_TEST_TMPDIR/record"
}

# Deletes what was published before.
clean() {
    [ ! -s "$BATS_TEST_TMPDIR/published.ndjson" ] || pt-apply clean --endpoint-url "$ENDPOINT" "$BATS_TEST_TMPDIR/published.ndjson"
}

invoke() {
    pt-invoke --endpoint-url "$ENDPOINT" "$@" "$BATS_TEST_TMPDIR/published.ndjson"
}

received() {
    jq -r 'select(.operation == "Invoke") | "\(.function) \(.payload)"' "$BATS_TEST_TMPDIR/record"
}

@test "each version is invoked exactly as often as its configuration says" {
    published --power-values 128,256
    run -0 --separate-stderr invoke
    assert_equal "$stderr" ''
    assert_equal "$(jq -c 'select(.type == "invocation") | [.power,.index]' <<<"$output" | sort)" \
        "$(for power in 128 256; do for index in 0 1 2 3 4; do echo "[$power,$index]"; done; done | sort)"
    assert_equal "$(received | wc -l)" 10
    assert_equal "$(head -n 3 <<<"$output")" "$(cat "$BATS_TEST_TMPDIR/published.ndjson")"
}

@test "an invocation record has the request's id, the version and the log tail" {
    published --power-values 128
    run -0 --separate-stderr invoke
    record=$(grep -m 1 invocation <<<"$output")
    assert_equal "$(jq -c '[.statusCode,.executedVersion,.functionError]' <<<"$record")" '[200,"1",null]'
    assert_regex "$(jq -r .logResult <<<"$record" | base64 -d)" "REPORT RequestId: $(jq -r .requestId <<<"$record")"
}

@test "the payload is null when none is given" {
    published --power-values 128
    run -0 invoke
    assert_equal "$(received | sort -u)" 'actor null'
}

@test "weighted payloads are sent as often as their weights say" {
    cat >"$BATS_TEST_TMPDIR/in.json" <<'EOF'
{"lambdaARN":"actor","num":10,"powerValues":[128],
 "payload":[{"payload":{"a":1},"weight":3},{"payload":"text","weight":1},{"payload":"[2]","weight":1}]}
EOF
    pt-init --endpoint-url "$ENDPOINT" "$BATS_TEST_TMPDIR/in.json" |
        pt-apply publish --endpoint-url "$ENDPOINT" >"$BATS_TEST_TMPDIR/published.ndjson"
    : >"$BATS_TEST_TMPDIR/record"
    run -0 --separate-stderr invoke
    assert_equal "$(received | sort | uniq -c | awk '{$1=$1; print}')" '2 actor "text"
2 actor [2]
6 actor {"a":1}'
    assert_equal "$(jq -c 'select(.type == "invocation") | .payloadIndex' <<<"$output" | tr '\n' ' ')" \
        '0 0 0 0 0 0 1 1 2 2 '
}

@test "processors run before and after each invocation, with the payload and the output" {
    published --power-values 128 --payload '{"a":1}' --pre-processor-arn before --post-processor-arn after
    run -0 --separate-stderr invoke
    assert_equal "$(received | head -n 3)" 'before {"a":1}
actor {"a":1}
after {"a":1}'
    assert_equal "$(received | wc -l)" 15
}

@test "a processor gets the phase, the size and the index in its client context" {
    # The actor responds with the header fields of its event: each response is the payload of the next phase.
    published --power-values 128 --payload '{"headers":true}' --pre-processor-arn before --post-processor-arn after
    run -0 --separate-stderr invoke
    run -0 jq -rs '.[] | select(.function == "actor") | .payload' "$BATS_TEST_TMPDIR/record"
    assert_equal "$(sed -n 's/.*Client-Context: \([^\\]*}\).*/\1/p' <<<"${output//\\\"/\"}" | sort)" \
        "$(for index in 0 1 2 3 4; do echo "{\"custom\":{\"phase\":\"preProcessor\",\"power\":\"128\",\"index\":\"$index\"}}"; done)"
}

@test "what a pre-processor returns replaces the payload byte for byte" {
    # The actor returns the value of a variable: here the name of its function, as a JSON string.
    published --power-values 128 --payload '{"env":"AWS_LAMBDA_FUNCTION_NAME"}' --pre-processor-arn before
    run -0 --separate-stderr invoke
    assert_equal "$(received | sort -u)" 'actor "before"
before {"env":"AWS_LAMBDA_FUNCTION_NAME"}'
}

@test "when a pre-processor returns null, the payload is unchanged" {
    published --power-values 128 --pre-processor-arn before
    run -0 --separate-stderr invoke
    assert_equal "$(received | sort -u)" 'actor null
before null'
}

@test "a processor that fails ends the run, and the message has its name and error" {
    published --power-values 128 --payload '{"error":"Broken"}' --pre-processor-arn before
    run -1 --separate-stderr invoke
    assert_equal "${stderr_lines[0]}" 'pt-invoke: actor at 128 MB: the pre-processor before failed: Broken: asked for'
    assert_regex "$stderr" 'pt-invoke:   request [0-9a-f-]{36}, invocation 0$'
    assert_equal "$(received | grep -c ^actor || :)" 0
}

# A KeyError as Lambda's Python runtime reports it, with a line in the log.
key_error() {
    jq -nc --arg message "${1:-'userId'}" '{log: "looking for \($message)", fail: {
        errorType: "KeyError", errorMessage: $message,
        stackTrace: ["  File \"/var/task/app.py\", line 7, in handler\n    return who(event)\n",
            "  File \"/var/task/app.py\", line 3, in who\n    return event[\u0027userId\u0027]\n"]} | tostring}'
}

# Prints the first failure record, without members that differ from run to run.
failure() {
    jq -c 'select(.type == "failure") | .requestId |= (. | test("^[0-9a-f-]{36}$")) | '"${1:-.}" <<<"$output" | head -n 1
}

@test "an error of the function is shown with its request id, stack trace and log, and with possible options" {
    published --power-values 128 --payload "$(key_error)"
    run -1 --separate-stderr invoke --run-dir 'a run'
    id=$(jq -r 'select(.type == "failure") | .requestId' <<<"$output")
    assert_equal "$stderr" "pt-invoke: actor at 128 MB: the function failed: KeyError: 'userId'
pt-invoke:   request $id, invocation 0
pt-invoke:   stack:   File \"/var/task/app.py\", line 7, in handler
pt-invoke:   stack:     return who(event)
pt-invoke:   stack:   File \"/var/task/app.py\", line 3, in who
pt-invoke:   stack:     return event['userId']
pt-invoke:   log: looking for 'userId'
pt-invoke:   the records of the run are in 'a run'
pt-invoke:   --keep-going counts such errors and continues; --allowed-exceptions KeyError counts them as normal results"
    assert_equal "$(failure 'del(.log)')" "$(jq -nc --arg stack '  File "/var/task/app.py", line 7, in handler
    return who(event)
  File "/var/task/app.py", line 3, in who
    return event['"'userId'"']
' '{type: "failure", power: 128, index: 0, kind: "functionError", requestId: true, errorType: "KeyError", maxMemoryUsedMB: 1,
    message: "'"'userId'"'", stackTrace: $stack}' | jq -c --argjson used "$(failure .maxMemoryUsedMB)" '.maxMemoryUsedMB = $used')"
    assert_regex "$(failure .log)" "looking for 'userId'.*REPORT RequestId: $id"
}

@test "an error of the function that got no payload says so" {
    stop_local
    mkdir "$BATS_TEST_TMPDIR/fails"
    cat >"$BATS_TEST_TMPDIR/fails/bootstrap" <<'EOF'
#!/bin/sh
api=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation
while id=$(curl -s -D - -o /dev/null "$api/next" | tr -d '\r' | sed -n 's/^lambda-runtime-aws-request-id: //Ip'); do
    curl -s "$api/$id/error" -d '{"errorType":"TypeError","errorMessage":"no event"}'
done
EOF
    chmod +x "$BATS_TEST_TMPDIR/fails/bootstrap"
    start_local --no-verify --function "actor=$BATS_TEST_TMPDIR/fails"
    published --power-values 128
    run -1 --separate-stderr invoke
    id=$(jq -r 'select(.type == "failure") | .requestId' <<<"$output")
    assert_equal "${stderr/$id/ID}" 'pt-invoke: actor at 128 MB: the function failed: TypeError: no event
pt-invoke:   request ID, invocation 0
pt-invoke:   the event was null: no payload was given
pt-invoke:   --keep-going counts such errors and continues; --allowed-exceptions TypeError counts them as normal results'
}

@test "a failure names its weighted payload and the payload from the pre-processor" {
    wrapped=$(jq -nc --arg answer "$(key_error)" '{answer: $answer}')
    jq -nc --argjson second "$wrapped" '{lambdaARN: "actor", num: 6, powerValues: [128], preProcessorARN: "before",
        payload: [{payload: {n: 1}, weight: 1}, {payload: $second, weight: 1}]}' >"$BATS_TEST_TMPDIR/in.json"
    pt-init --endpoint-url "$ENDPOINT" "$BATS_TEST_TMPDIR/in.json" |
        pt-apply publish --endpoint-url "$ENDPOINT" >"$BATS_TEST_TMPDIR/published.ndjson"
    run -1 --separate-stderr invoke
    assert_equal "$(failure '[.index, .payloadIndex, .payload]')" "$(jq -nc --arg made "$(key_error)" '[3, 1, $made]')"
    assert_regex "${stderr_lines[1]}" '^pt-invoke:   request [0-9a-f-]{36}, invocation 3, payload 1$'
    assert_equal "${stderr_lines[2]}" "pt-invoke:   payload from the pre-processor: $(key_error)"
}

@test "with disablePayloadLogs a failure has only its request id, type and index" {
    published --power-values 128 --payload "$(key_error)" --disable-payload-logs
    run -0 --separate-stderr invoke --keep-going
    assert_equal "$(failure)" \
        '{"type":"failure","power":128,"index":0,"kind":"functionError","requestId":true,"errorType":"KeyError"}'
    run -1 --separate-stderr invoke
    assert_equal "${stderr_lines[0]}" 'pt-invoke: actor at 128 MB: the function failed: KeyError'
    refute_regex "$stderr" 'userId|app.py'
}

@test "an error that is not an object is shown as it is, without control characters" {
    for body in '"gone"' '["a",1]' 'not JSON at all' '{"code":7}'; do
        clean
        published --power-values 128 --payload "$(jq -nc --arg body "$body" '{fail: $body}')"
        run -1 --separate-stderr invoke
        assert_equal "${stderr_lines[0]}" "pt-invoke: actor at 128 MB: the function failed: $body"
        assert_equal "$(failure .message | jq -r .)" "$body"
    done
    clean
    published --power-values 128 --payload "$(key_error $'\e[31mred')"
    run -1 --separate-stderr invoke
    assert_equal "${stderr_lines[0]}" 'pt-invoke: actor at 128 MB: the function failed: KeyError: \x1b[31mred'
    refute_regex "$stderr" $'\e'
}

@test "the stack trace, message and log in a failure record are limited" {
    body=$(jq -nc '{errorType: "Deep", errorMessage: ("m" * 20000), trace: [range(2000) | "frame \(.) é"]}')
    published --power-values 128 --payload "$(jq -nc --arg body "$body" --arg log "$(printf 'line %d\n' {1..2000})" '{log: $log, fail: $body}')"
    run -1 --separate-stderr invoke
    assert_equal "$(failure '[(.message | utf8bytelength), (.stackTrace | utf8bytelength <= 8192 and utf8bytelength > 8180), (.log | utf8bytelength <= 4096), (.stackTrace | test("\ufffd"))]')" \
        '[4096,true,true,false]'
    # A few lines of each: the first and the last of the stack, the last of the log.
    assert_equal "$(grep -c 'stack:' <<<"$stderr")" 11
    assert_equal "$(grep -c 'log:' <<<"$stderr")" 10
    assert_regex "$stderr" 'pt-invoke:   stack: \.\.\. [0-9]+ more lines'
}

@test "with --keep-going an error of the function is counted and the run continues" {
    published --power-values 128 --payload '{"error":"Mine"}'
    run -0 --separate-stderr invoke --keep-going
    assert_equal "$(jq -c 'select(.type == "failure") | [.kind,.errorType,.excluded]' <<<"$output" | sort | uniq -c | awk '{$1=$1; print}')" \
        '5 ["functionError","Mine",null]'
}

@test "when credentials expire and their renewal fails, every invocation ends and the reason is given once" {
    cat >"$BATS_TEST_TMPDIR/process" <<EOF
#!/bin/sh
mkdir '$BATS_TEST_TMPDIR/asked' 2>/dev/null || { echo 'the session is over' >&2; exit 1; }
echo '{"Version":1,"AccessKeyId":"AKID","SecretAccessKey":"s","Expiration":"2999-01-01T00:00:00Z"}'
EOF
    chmod +x "$BATS_TEST_TMPDIR/process"
    printf '[default]\ncredential_process = "%s"\n' "$BATS_TEST_TMPDIR/process" >"$BATS_TEST_TMPDIR/config"
    published --power-values 128 --parallel-invocation
    start_proxy 'invoke:* answer=403 ExpiredTokenException'
    run -1 --separate-stderr env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY AWS_CONFIG_FILE="$BATS_TEST_TMPDIR/config" \
        pt-invoke --endpoint-url "$ADDRESS" "$BATS_TEST_TMPDIR/published.ndjson"
    assert_equal "${#stderr_lines[@]}" 1
    assert_regex "$stderr" "^pt-invoke: credentials: cannot renew the credentials from profile 'default' \\(credential_process\\): .*: the session is over\$"
    assert_equal "$(received | wc -l)" 0
}

@test "parallelInvocation starts all invocations of a size at once" {
    published --power-values 128 --payload '{"sleep":300}' --parallel-invocation
    run -0 --separate-stderr invoke
    # One after another they would take 1.5 s; together they take one sleep.
    assert_equal "$(jq -c 'select(.type == "invocation") | .index' <<<"$output" | sort | tr '\n' ' ')" '0 1 2 3 4 '
    assert_equal "$(grep -c 'Init Duration' <(jq -r 'select(.type == "invocation") | .logResult' <<<"$output" |
        while read -r log; do base64 -d <<<"$log"; done))" 5
}

@test "a size that cannot run the function is left out after its first failure" {
    published --power-values 128,1024 --payload '{"memory":150}'
    run -0 --separate-stderr invoke
    assert_equal "$(jq -c 'select(.type == "failure") | [.power,.kind,.excluded]' <<<"$output")" \
        '[128,"functionError",true]'
    assert_equal "$(jq -c 'select(.type == "invocation") | .power' <<<"$output" | sort | uniq -c | awk '{$1=$1; print}')" \
        '5 1024'
}

@test "there is a pause after each invocation" {
    published --power-values 128 --sleep-between-runs-ms 400
    began=${EPOCHREALTIME/./}
    run -0 --separate-stderr invoke
    # However slow the machine is, it is never less than five pauses.
    assert [ $((${EPOCHREALTIME/./} - began)) -ge 2000000 ]
}

@test "a run ends when its last pause is over" {
    for options in '' --only-cold-starts --dry-run --until-sure; do
        # shellcheck disable=SC2086 # words
        published --force --power-values 128 --sleep-between-runs-ms 20 $options
        run -0 --separate-stderr timeout 30 pt-invoke --endpoint-url "$ENDPOINT" "$BATS_TEST_TMPDIR/published.ndjson"
        assert_equal "$stderr" ''
    done
}

@test "throttled invocations end when their size is left out" {
    published --power-values 128 --payload '{"memory":150}' --parallel-invocation
    start_proxy 'invoke:2-5 answer=429 TooManyRequestsException'
    run -0 --separate-stderr timeout 30 pt-invoke --endpoint-url "$ADDRESS" "$BATS_TEST_TMPDIR/published.ndjson"
    assert_equal "$stderr" ''
    assert_equal "$(jq -c 'select(.type == "failure") | [.kind,.excluded]' <<<"$output")" '["functionError",true]'
}

@test "an invocation that any earlier record reports is not repeated" {
    published --power-values 128,256
    {
        head -n 1 "$BATS_TEST_TMPDIR/published.ndjson"
        for index in 0 1 3; do
            echo '{"type":"measurement","power":128,"index":'$index',"requestId":"r","durationMs":1,"billedDurationMs":1,"memorySizeMB":128,"maxMemoryUsedMB":1}'
        done
        echo '{"type":"failure","power":128,"index":2,"kind":"lost"}'
        echo '{"type":"failure","power":256,"index":0,"kind":"functionError","excluded":true}'
        tail -n +2 "$BATS_TEST_TMPDIR/published.ndjson"
    } >"$BATS_TEST_TMPDIR/again"
    run -0 --separate-stderr pt-invoke --endpoint-url "$ENDPOINT" "$BATS_TEST_TMPDIR/again"
    assert_equal "$(jq -c 'select(.type == "invocation") | [.power,.index]' <<<"$output")" '[128,4]'
}

@test "no invocation starts that may not end by the deadline, and the record counts those not made" {
    published --power-values 128,256 --timeout 1
    run -0 --separate-stderr invoke --deadline 10
    assert_equal "$stderr" 'pt-invoke: warning: actor: stopped at the deadline; invocations not made: 10'
    assert_equal "$(tail -n 1 <<<"$output")" \
        '{"type":"stopped","reason":"deadline","notInvoked":10,"sizes":[{"power":128,"num":5},{"power":256,"num":5}]}'
    assert_equal "$(received)" ''
}

@test "at the deadline, started invocations are finished and retries are dropped" {
    published --power-values 128 --timeout 1
    start_proxy 'invoke:3- answer=429 TooManyRequestsException'
    run -0 --separate-stderr pt-invoke --endpoint-url "$ADDRESS" --deadline 12 "$BATS_TEST_TMPDIR/published.ndjson"
    assert_equal "$(jq -c 'select(.type == "invocation" or .type == "stopped") | [.index,.sizes]' <<<"$output" | tr '\n' ' ')" \
        '[0,null] [1,null] [null,[{"power":128,"num":3}]] '
}

@test "invalid records are reported with their line" {
    published --power-values 128
    run -2 --separate-stderr pt-invoke --endpoint-url "$ENDPOINT" - </dev/null
    assert_equal "$stderr" 'pt-invoke: standard input: no records: the first must be a plan'
    run -2 --separate-stderr pt-invoke --endpoint-url "$ENDPOINT" - \
        < <(
            head -n 1 "$BATS_TEST_TMPDIR/published.ndjson"
            echo '{"type":"configuration","power":128}'
        )
    assert_equal "$stderr" "pt-invoke: standard input:2: configuration record: no member 'version'"
    run -2 --separate-stderr pt-invoke --endpoint-url "$ENDPOINT" - \
        < <(
            head -n 1 "$BATS_TEST_TMPDIR/published.ndjson"
            printf '{"type":"configuration","pow'
        )
    assert_regex "$stderr" '^pt-invoke: standard input:2: truncated record: unexpected end'
}

@test "bad usage is reported in one line" {
    run -2 --separate-stderr pt-invoke --max-in-flight 0
    assert_equal "$stderr" "pt-invoke: option '--max-in-flight': '0' is not a whole number from 1 to 100000"
    run -2 --separate-stderr pt-invoke a b
    assert_equal "$stderr" "pt-invoke: unexpected argument 'b'"
}

@test "a size whose version does not become active is excluded with the reason" {
    published --power-values 128,256
    failed=$(curl -s "$ENDPOINT/2015-03-31/functions/actor?Qualifier=1" |
        jq -c '.Configuration.State = "Failed" | .Configuration.StateReasonCode = "FunctionError.InitTimeout" | .Configuration.StateReason = "too small"')
    sed 's/"version":"2"/"version":"2","state":"Active"/; s/"state":"Pending"/"state":"Active"/' \
        "$BATS_TEST_TMPDIR/published.ndjson" | sed '/"power":128/s/"state":"Active"/"state":"Pending"/' \
        >"$BATS_TEST_TMPDIR/stream.ndjson"
    await_address "$BATS_TEST_TMPDIR/servers.log" "$PROGRAMS/proxy" --to "$ENDPOINT" --log "$BATS_TEST_TMPDIR/proxy.log" --fault 'get:* answer=200 -' \
        --fault "get:* body=$failed"
    run -0 --separate-stderr pt-invoke --endpoint-url "$ADDRESS" "$BATS_TEST_TMPDIR/stream.ndjson"
    kill "$SERVER_PID"
    assert_equal "$(jq -c 'select(.type == "failure") | [.power,.kind,.excluded,.errorType,.message]' <<<"$output")" \
        '[128,"notActive",true,"FunctionError.InitTimeout","too small"]'
    assert_equal "$(jq -c 'select(.type == "invocation") | .power' <<<"$output" | sort -u)" 256
}

@test "the mean round trip in the progress is computed from the invocations of this process" {
    published --power-values 128 --payload '{"sleep":300}'
    # Four of five were made by an earlier process.
    for index in 0 1 2 3; do
        jq -nc --argjson index "$index" '{type: "invocation", power: 128, index: $index}'
    done >"$BATS_TEST_TMPDIR/earlier"
    sed -i "1r $BATS_TEST_TMPDIR/earlier" "$BATS_TEST_TMPDIR/published.ndjson"
    run -0 --separate-stderr invoke --progress
    assert_regex "$stderr" '^128 MB: 5 of 5 invocations, round trip [3-9][0-9][0-9]\.[0-9] ms$'
}

@test "a size that was excluded by its warm-up stays excluded, and its record is accepted" {
    published --power-values 128,256 --warmup 1
    {
        head -n 1 "$BATS_TEST_TMPDIR/published.ndjson"
        echo '{"type":"failure","power":128,"index":-1,"kind":"functionError","excluded":true}'
        tail -n +2 "$BATS_TEST_TMPDIR/published.ndjson"
    } >"$BATS_TEST_TMPDIR/again"
    run -0 --separate-stderr pt-invoke --endpoint-url "$ENDPOINT" "$BATS_TEST_TMPDIR/again"
    assert_equal "$(jq -r 'select(.type == "invocation") | .power' <<<"$output" | sort -u)" 256
}

@test "failures without a cost do not multiply what the run is taken to have cost" {
    published --power-values 128
    {
        head -n 1 "$BATS_TEST_TMPDIR/published.ndjson"
        echo '{"type":"measurement","power":128,"index":0,"requestId":"r","durationMs":100,"billedDurationMs":100,"memorySizeMB":128,"maxMemoryUsedMB":1}'
        for index in $(seq 1 40); do
            echo '{"type":"failure","power":128,"index":'"$index"',"kind":"functionError"}'
            echo '{"type":"failure","power":128,"index":'"$index"',"kind":"notStarted"}'
        done
        echo '{"type":"configuration","power":128,"index":50,"num":1,"version":"1"}'
    } >"$BATS_TEST_TMPDIR/again"
    run -0 --separate-stderr pt-invoke --endpoint-url "$ENDPOINT" --max-cost 0.5 "$BATS_TEST_TMPDIR/again"
    assert_equal "$stderr" ''
    assert_equal "$(jq -r 'select(.type == "invocation") | .index' <<<"$output")" 50
}

@test "a deadline that leaves nothing out makes no stopped record" {
    published --power-values 128 --timeout 1 --payload '{"sleep":600}' --parallel-invocation
    run -0 --separate-stderr invoke --deadline 11.4
    assert_equal "$stderr" ''
    assert_equal "$(jq -r .type <<<"$output" | sort | uniq -c | awk '{$1=$1; print}' | tr '\n' ' ')" '1 configuration 5 invocation 1 plan '
}

@test "after the deadline a pre-processor's invocation is not made" {
    published --power-values 128 --timeout 1 --payload '{"sleep":600}' --pre-processor-arn before
    run -0 --separate-stderr invoke --deadline 11.3
    assert_equal "$(jq -c 'select(.type == "stopped") | .sizes' <<<"$output")" '[{"power":128,"num":5}]'
    run -1 grep -c '^actor' <(received)
}
