#!/usr/bin/env bats
# Invocations on pt-local: what the function gets, what the caller gets, and what the log contains.

load helper
load local

setup() {
    start_local --no-verify --cpu none --function actor="$ACTOR"
}

teardown() {
    stop_local
}

@test "an invocation returns the function's response, the version and the request id" {
    run invoke actor '{"some": "event"}'
    assert_success
    assert_output '{"some": "event"}'
    assert_equal "$(header x-amz-executed-version)" '$LATEST'
    assert_equal "$(header x-amz-function-error)" ''
    assert_regex "$(header x-amzn-requestid)" '^[0-9a-f-]{36}$'
    assert_equal "$(header content-type)" application/json
}

@test "the event arrives byte for byte" {
    event='{"a" : 12345678901234567890, "b":1e400,"a":"\ud800\u00e9é", "": [ ] }'
    run invoke actor "$event"
    assert_success
    assert_output "$event"
}

@test "the first invocation reports an init, the next one does not" {
    invoke actor '{}'
    run normalized_tail
    assert_output "START RequestId: ID Version: \$LATEST
END RequestId: ID
REPORT RequestId: ID	Duration: N ms	Billed Duration: N ms	Memory Size: 128 MB	Max Memory Used: N MB	Init Duration: N ms"
    invoke actor '{}'
    run normalized_tail
    assert_output "START RequestId: ID Version: \$LATEST
END RequestId: ID
REPORT RequestId: ID	Duration: N ms	Billed Duration: N ms	Memory Size: 128 MB	Max Memory Used: N MB"
}

@test "the report has the request id of the response, and its billed duration includes the init" {
    invoke actor '{"sleep":5}'
    id=$(header x-amzn-requestid)
    report=$(grep "^REPORT RequestId: $id" "$BATS_TEST_TMPDIR/tail")
    run awk -F'\t' '{ split($2, d, " "); split($3, b, " "); split($6, i, " ")
        sum = d[2] + i[3]; up = int(sum); if (up < sum - 0.000001) up++
        print (up == b[3]) ? "equal" : "billed " b[3] " of " d[2] " + " i[3] }' <<<"$report"
    assert_output equal
}

@test "without a payload the function gets an empty object" {
    run expect 200 POST "$FUNCTIONS/actor/invocations"
    assert_output '{}'
}

@test "the output of a function is in the log between START and END, with a newline at its end" {
    invoke actor '{"log":"one","print":"two"}'
    run normalized_tail
    assert_line --index 1 one
    assert_line --index 2 two
    assert_line --index 3 'END RequestId: ID'
}

@test "the log tail is the last 4 KB, cut in the middle of a line" {
    long=$(printf 'x%.0s' {1..5000})
    invoke actor "{\"log\":\"$long\"}"
    assert_equal "$(wc -c <"$BATS_TEST_TMPDIR/tail")" 4096
    assert_regex "$(head -n 1 "$BATS_TEST_TMPDIR/tail")" '^x+$'
    assert_regex "$(tail -n 1 "$BATS_TEST_TMPDIR/tail")" '^REPORT '
}

@test "the log tail is returned only on request" {
    expect 200 POST "$FUNCTIONS/actor/invocations" -d '{}'
    assert_equal "$(header x-amz-log-result)" ''
}

@test "an error that the function reports is Unhandled, with its payload, and the report has no status" {
    run invoke actor '{"error":"Teapot"}'
    assert_output '{"errorType":"Teapot","errorMessage":"asked for"}'
    assert_equal "$(header x-amz-function-error)" Unhandled
    run cat "$BATS_TEST_TMPDIR/tail"
    refute_output --partial Status
}

@test "a function that exits is Runtime.ExitError" {
    run invoke actor '{"log":"bye","exit":3}'
    assert_output --regexp '^\{"errorType":"Runtime.ExitError","errorMessage":"RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 3"\}$'
    assert_equal "$(header x-amz-function-error)" Unhandled
    run normalized_tail
    assert_output "START RequestId: ID Version: \$LATEST
bye
RequestId: ID Error: Runtime exited with error: exit status 3
Runtime.ExitError
END RequestId: ID
REPORT RequestId: ID	Duration: N ms	Billed Duration: N ms	Memory Size: 128 MB	Max Memory Used: N MB	Init Duration: N ms	Status: error	Error Type: Runtime.ExitError"
}

@test "a function that exits with 0 ends without a reason, and the next invocation is cold" {
    run invoke actor '{"exit":0}'
    assert_output --partial 'Error: Runtime exited without providing a reason'
    invoke actor '{}'
    run normalized_tail
    assert_output --partial 'Init Duration'
}

@test "the error of a function that is killed names the signal" {
    run invoke actor '{"signal":11}'
    assert_output --partial 'Runtime exited with error: signal: segmentation fault'
}

@test "an invocation over the timeout ends, and the next one is cold" {
    configure actor '{"Timeout":1}'
    run invoke actor '{"log":"slow","sleep":5000}'
    assert_output --regexp '^\{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: [0-9a-f-]{36} Error: Task timed out after 1.00 seconds"\}$'
    run normalized_tail
    assert_output "START RequestId: ID Version: \$LATEST
slow
TIME ID Task timed out after 1.00 seconds

END RequestId: ID
REPORT RequestId: ID	Duration: N ms	Billed Duration: N ms	Memory Size: 128 MB	Max Memory Used: N MB	Init Duration: N ms	Status: timeout"
    assert_regex "$(tail -n 1 "$BATS_TEST_TMPDIR/tail")" 'Duration: 1000.00 ms'
    invoke actor '{}'
    run normalized_tail
    assert_output --partial 'Init Duration'
}

@test "a function that exceeds its memory is killed, and the report contains its memory" {
    run invoke actor '{"memory":200}'
    assert_output --regexp '^\{"errorType":"Runtime.OutOfMemory","errorMessage":"RequestId: [0-9a-f-]{36} Error: Runtime exited with error: signal: killed"\}$'
    assert_equal "$(header x-amz-function-error)" Unhandled
    run tail -n 1 "$BATS_TEST_TMPDIR/tail"
    assert_output --partial '	Max Memory Used: 128 MB	'
    assert_output --partial '	Status: error	Error Type: Runtime.OutOfMemory'
}

@test "memory use includes child processes" {
    run invoke actor '{"child":200}'
    assert_output --partial Runtime.OutOfMemory
}

@test "memory that a function shares with its children is counted once" {
    run invoke actor '{"memory":80,"child":10}'
    assert_output '{"memory":80,"child":10}'
    run sed -nE 's/.*Max Memory Used: ([0-9]+) MB.*/\1/p' "$BATS_TEST_TMPDIR/tail"
    assert [ "$output" -ge 90 ]
    assert [ "$output" -le 115 ]
}

@test "Max Memory Used is the peak memory use" {
    configure actor '{"MemorySize":1024}'
    invoke actor '{"memory":300}'
    run sed -nE 's/.*Max Memory Used: ([0-9]+) MB.*/\1/p' "$BATS_TEST_TMPDIR/tail"
    assert [ "$output" -ge 300 ]
    assert [ "$output" -le 330 ]
}

@test "an answer over 6 MB is Function.ResponseSizeTooLarge" {
    configure actor '{"MemorySize":1024}'
    run invoke actor '{"bytes":6291557}'
    assert_output --partial '"errorType":"Function.ResponseSizeTooLarge"'
    run invoke actor '{"bytes":6291554}'
    assert_equal "${#output}" 6291556
}

@test "an init that fails is retried, and reported" {
    configure actor '{"Environment":{"Variables":{"ACTOR_INIT":"{\"log\":\"starting\",\"exit\":7}"}}}'
    run invoke actor '{}'
    assert_output --partial '"errorType":"Runtime.ExitError"'
    assert_output --partial 'exit status 7'
    run normalized_tail
    assert_output "starting
INIT_REPORT Init Duration: N ms	Phase: init	Status: error	Error Type: Runtime.ExitError
START RequestId: ID Version: \$LATEST
starting
INIT_REPORT Init Duration: N ms	Phase: invoke	Status: error	Error Type: Runtime.ExitError
RequestId: ID Error: Runtime exited with error: exit status 7
Runtime.ExitError
END RequestId: ID
REPORT RequestId: ID	Duration: N ms	Billed Duration: N ms	Memory Size: 128 MB	Max Memory Used: N MB	Status: error	Error Type: Runtime.ExitError"
}

@test "an init error that the runtime reports is returned" {
    configure actor '{"Environment":{"Variables":{"ACTOR_INIT":"{\"error\":\"NoModule\"}"}}}'
    run invoke actor '{}'
    assert_output '{"errorType":"NoModule","errorMessage":"asked for"}'
    assert_equal "$(header x-amz-function-error)" Unhandled
    run tail -n 1 "$BATS_TEST_TMPDIR/tail"
    assert_output --partial 'Status: error	Error Type: NoModule'
}

@test "DryRun runs nothing and returns 204" {
    run expect 204 POST "$FUNCTIONS/actor/invocations" -H 'X-Amz-Invocation-Type: DryRun' -d '{"exit":1}'
    assert_output ''
}

@test "Event returns 202 before the function has ended" {
    run expect 202 POST "$FUNCTIONS/actor/invocations" -H 'X-Amz-Invocation-Type: Event' -d "{\"sleep\":100}"
    assert_output ''
}

@test "an unknown invocation type is refused" {
    run expect 400 POST "$FUNCTIONS/actor/invocations" -H 'X-Amz-Invocation-Type: Never' -d '{}'
    assert_output --partial "Value 'Never' at 'invocationType' failed to satisfy constraint"
    assert_equal "$(header x-amzn-errortype)" ValidationException
}

@test "a payload that is not JSON is refused" {
    run expect 400 POST "$FUNCTIONS/actor/invocations" -d '{"a":'
    assert_equal "$(header x-amzn-errortype)" InvalidRequestContentException
}

@test "a payload of 6,291,456 bytes is accepted, and one byte more is refused" {
    {
        printf '"'
        head -c 6291454 /dev/zero | tr '\0' x
        printf '"'
    } >"$BATS_TEST_TMPDIR/payload"
    configure actor '{"MemorySize":1024}'
    expect 200 POST "$FUNCTIONS/actor/invocations" --data-binary "@$BATS_TEST_TMPDIR/payload" >/dev/null
    cmp "$BATS_TEST_TMPDIR/payload" "$BATS_TEST_TMPDIR/body"
    printf ' ' >>"$BATS_TEST_TMPDIR/payload"
    run expect 413 POST "$FUNCTIONS/actor/invocations" --data-binary "@$BATS_TEST_TMPDIR/payload"
    assert_output '{"Type":"User","message":"6291457 byte payload is too large for the RequestResponse invocation type (limit 6291456 bytes)"}'
}

@test "a published version keeps its own memory and environment" {
    configure actor '{"MemorySize":256,"Environment":{"Variables":{"WHO":"first"}}}'
    expect 201 POST "$FUNCTIONS/actor/versions" -d '{}' >/dev/null
    configure actor '{"MemorySize":512,"Environment":{"Variables":{"WHO":"second"}}}'
    run invoke actor:1 '{"env":"WHO"}'
    assert_output '"first"'
    assert_equal "$(header x-amz-executed-version)" 1
    assert_regex "$(cat "$BATS_TEST_TMPDIR/tail")" 'Memory Size: 256 MB'
    run invoke actor '{"env":"WHO"}'
    assert_output '"second"'
}

@test "an alias invokes the version that it points to" {
    configure actor '{"MemorySize":256}'
    expect 201 POST "$FUNCTIONS/actor/versions" -d '{}' >/dev/null
    expect 201 POST "$FUNCTIONS/actor/aliases" -d '{"Name":"live","FunctionVersion":"1"}' >/dev/null
    run expect 200 POST "$FUNCTIONS/actor/invocations?Qualifier=live" -d '{"env":"AWS_LAMBDA_FUNCTION_VERSION"}'
    assert_output '"1"'
    assert_equal "$(header x-amz-executed-version)" 1
}

@test "the runtime gets the request id, deadline, ARN and trace of an invocation" {
    run invoke actor:'$LATEST' '{"headers":true}'
    id=$(header x-amzn-requestid)
    assert_output --partial "Lambda-Runtime-Aws-Request-Id: $id"
    assert_output --partial 'Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:123456789012:function:actor:$LATEST'
    assert_output --regexp 'Lambda-Runtime-Deadline-Ms: [0-9]{13}\\r'
    assert_output --regexp 'Lambda-Runtime-Trace-Id: Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0'
}

@test "the Runtime API refuses requests that it does not allow" {
    run invoke actor '{"call":"GET /2018-06-01/runtime/invocation/next"}'
    assert_output --partial '[403,"{\"errorMessage\":\"State transition from Running to Ready failed for runtime.'
    run invoke actor '{"call":"POST /2018-06-01/runtime/invocation/not-mine/response"}'
    assert_output '[400,"{\"errorMessage\":\"Invalid request ID\",\"errorType\":\"InvalidRequestID\"}"]'
    run invoke actor '{"call":"POST /2018-06-01/runtime/init/error"}'
    assert_output --partial '[403,'
    run invoke actor '{"call":"POST /2018-06-01/runtime/invocation/next"}'
    assert_output '[405,""]'
    run invoke actor '{"call":"GET /2018-06-01/elsewhere"}'
    assert_output '[404,"404 page not found\n"]'
}

@test "a function sees Lambda's variables and its own, and none of its caller's" {
    configure actor '{"Environment":{"Variables":{"MINE":"yes"}}}'
    run invoke actor '{"names":true}'
    assert_output --partial '"MINE"'
    refute_output --partial AWS_ACCESS_KEY_ID
    refute_output --partial BATS_TEST_TMPDIR
    run jq -r '.[]' <<<"$output"
    for name in AWS_LAMBDA_FUNCTION_NAME AWS_LAMBDA_FUNCTION_MEMORY_SIZE AWS_LAMBDA_FUNCTION_VERSION AWS_LAMBDA_LOG_GROUP_NAME \
        AWS_LAMBDA_LOG_STREAM_NAME AWS_LAMBDA_RUNTIME_API AWS_LAMBDA_INITIALIZATION_TYPE AWS_REGION AWS_DEFAULT_REGION \
        LAMBDA_TASK_ROOT LAMBDA_RUNTIME_DIR _HANDLER PATH LANG TZ; do
        assert_line "$name"
    done
}

@test "in JSON logs, the platform's lines are JSON objects" {
    configure actor '{"LoggingConfig":{"LogFormat":"JSON"}}'
    invoke actor '{"log":"mine"}'
    run normalized_tail
    assert_line --index 0 '{"time":"TIME","type":"platform.start","record":{"requestId":"ID","functionArn":"arn:aws:lambda:us-east-1:123456789012:function:actor","version":"$LATEST"}}'
    assert_line --index 1 mine
    assert_line --index 2 '{"time":"TIME","type":"platform.runtimeDone","record":{"requestId":"ID","status":"success","metrics":{"durationMs":N}}}'
    assert_line --index 3 '{"time":"TIME","type":"platform.report","record":{"requestId":"ID","metrics":{"durationMs":N,"billedDurationMs":N,"memorySizeMB":128,"maxMemoryUsedMB":N,"initDurationMs":N},"status":"success"}}'
}

@test "at SystemLogLevel WARN, only failures have a report" {
    configure actor '{"LoggingConfig":{"LogFormat":"JSON","SystemLogLevel":"WARN"}}'
    invoke actor '{"log":"mine"}'
    run normalized_tail
    assert_output mine
    invoke actor '{"exit":1}'
    run normalized_tail
    assert_output --partial '"type":"platform.report"'
    assert_output --partial '"status":"error","errorType":"Runtime.ExitError"'
}

@test "a published version with SnapStart reports a restore instead of an init" {
    configure actor '{"SnapStart":{"ApplyOn":"PublishedVersions"}}'
    expect 201 POST "$FUNCTIONS/actor/versions" -d '{}' >/dev/null
    invoke actor:1 '{}'
    run normalized_tail
    assert_output --partial 'RESTORE_REPORT Restore Duration: N ms'
    assert_output --partial '	Restore Duration: N ms	Billed Restore Duration: N ms'
    refute_output --partial 'Init Duration'
    invoke actor '{}'
    run normalized_tail
    assert_output --partial 'Init Duration'
}

@test "with a reserved concurrency of 0, every invocation is refused" {
    expect 200 PUT /2017-10-31/functions/actor/concurrency -d '{"ReservedConcurrentExecutions":0}' >/dev/null
    run expect 429 POST "$FUNCTIONS/actor/invocations" -d '{}'
    assert_output '{"Type":"User","message":"Rate Exceeded.","Reason":"ReservedFunctionConcurrentInvocationLimitExceeded"}'
    assert_equal "$(header retry-after)" 1
    assert_equal "$(header x-amzn-errortype)" TooManyRequestsException
}

@test "concurrent invocations run in separate environments" {
    for i in 1 2 3; do
        curl -sS -d '{"env":"AWS_LAMBDA_LOG_STREAM_NAME","sleep":300}' "$ENDPOINT$FUNCTIONS/actor/invocations" \
            >"$BATS_TEST_TMPDIR/stream.$i" &
    done
    # shellcheck disable=SC2046 # process numbers
    wait $(jobs -p | grep -v "^$LOCAL_PID\$")
    assert_equal "$(sort -u "$BATS_TEST_TMPDIR"/stream.* | tr -d '\n' | grep -o '"' | wc -l)" 6
}
