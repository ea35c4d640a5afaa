#!/usr/bin/env bats
# pt-logparse: the invocation records of a run.

load helper
load logparse

# invocation TAIL [MEMBERS]: an invocation record with that log tail.
invocation() {
    printf '{"type":"invocation","power":256,"index":3,"requestId":"%s","statusCode":200,"executedVersion":"1","logResult":"%s","clientDurationMs":9%s}\n' \
        "$ID" "$(printf '%s\n' "$1" | base64 -w 0)" "${2:-}"
}
OTHER=7c9fe014-72ed-4b27-016c-9c0d89d4c889
MINE="${FOUND/\"power\":128,/\"power\":256,\"index\":3,}"
PLAN='{"type":"plan","schema":1,"runId":"r","allowedExceptions":["Allowed"]}'

@test "the last report of a log tail with the request id of the invocation counts" {
    reads "$(invocation "${REPORT_LINE/5.20/1.00}
${REPORT_LINE/$ID/$OTHER}
$REPORT_LINE
${REPORT_LINE/$ID/$OTHER}")" "$MINE}"
}

@test "no prefix is skipped inside a log tail" {
    reads "$(invocation "app-1  | $REPORT_LINE")" "{\"type\":\"failure\",\"power\":256,\"index\":3,\"kind\":\"noReport\",\"requestId\":\"$ID\",\"log\":$(jq -n --arg line "app-1  | $REPORT_LINE" '$line + "\n"')}"
}

@test "with --any-request-id the last report of the log tail counts" {
    run -0 --separate-stderr pt-logparse --any-request-id <<<"$(invocation "$REPORT_LINE
${REPORT_LINE/$ID/$OTHER}")"
    assert_output "${MINE/$ID/$OTHER}}"
}

@test "a JSON report in the log tail counts too" {
    reads "$(invocation "text$OBJECT")" "$MINE,\"status\":\"success\"}"
    reads "$(invocation "a { b {\"c\":1}$OBJECT")" "$MINE,\"status\":\"success\"}"
    reads "$(invocation 'a { platform.report { b')" "{\"type\":\"failure\",\"power\":256,\"index\":3,\"kind\":\"noReport\",\"requestId\":\"$ID\",\"log\":\"a { platform.report { b\\n\"}"
}

@test "an index of null counts as missing" {
    reads "$(invocation "$REPORT_LINE" | jq -c '.index = null')" "${MINE/\"index\":3,/}}"
}

@test "unknown members pass through, known ones are consumed" {
    reads "$(invocation "$REPORT_LINE" ',"payloadIndex":2,"x":{"y":1.0}')" "$MINE,\"payloadIndex\":2,\"x\":{\"y\":1.0}}"
}

@test "an error of the function is a failure unless the plan allows it" {
    reads "$PLAN
$(invocation "$REPORT_LINE" ',"functionError":"Unhandled","errorType":"Bad"')" "$PLAN
{\"type\":\"failure\",\"power\":256,\"index\":3,\"kind\":\"functionError\",\"requestId\":\"$ID\",\"errorType\":\"Bad\",\"log\":$(jq -n --arg line "$REPORT_LINE" '$line + "\n"')}"
}

@test "a failure record contains the end of the log, unless the plan has disablePayloadLogs" {
    long=$(printf 'line %d\n' {1..1000})
    run -0 pt-logparse <<<"$PLAN"$'\n'"$(invocation "$long")"
    assert_equal "$(jq -rj 'select(.type == "failure") | .log' <<<"$output" | cmp - <(tail -c 4096 <<<"$long") && echo same)" same
    run -0 pt-logparse <<<"${PLAN/\"runId\"/\"disablePayloadLogs\":true,\"runId\"}"$'\n'"$(invocation "$long")"
    assert_equal "$(jq -c 'select(.type == "failure") | keys' <<<"$output")" '["index","kind","power","requestId","type"]'
}

@test "an error that the plan or an option allows gives a measurement" {
    reads "$PLAN
$(invocation "$REPORT_LINE" ',"functionError":"Unhandled","errorType":"Allowed"')" "$PLAN
$MINE,\"errorType\":\"Allowed\"}"
    run -0 --separate-stderr pt-logparse --allowed-exceptions Other,Bad <<<"$PLAN
$(invocation "$REPORT_LINE" ',"functionError":"Unhandled","errorType":"Bad"')"
    assert_output "$PLAN
$MINE,\"errorType\":\"Bad\"}"
}

@test "without a plan an error is not a failure" {
    reads "$(invocation "$REPORT_LINE" ',"functionError":"Unhandled","errorType":"Bad"')" "$MINE,\"errorType\":\"Bad\"}"
}

@test "records of other types, also unknown ones, pass through unchanged" {
    local records='{"type": "plan","schema":1, "runId":"r"}
{"type":"configuration","power":128,  "n":1e400}
{"type":"new","x":[1,2]}
{"type":"failure","power":128,"kind":"lost"}'
    reads "$records" "$records"
    for records in '{"power":128,"type":"measurement","billedDurationMs":1}' '{"value":128,"type":"stat","count":1}'; do
        reads "$records" "$records"
    done
}

@test "an invocation record that is truncated or has wrong members is reported, and the exit code is 2" {
    local good
    good=$(invocation "$REPORT_LINE")
    run -2 --separate-stderr pt-logparse <<<"${good::80}"
    assert_output ""
    assert_equal "$stderr" "pt-logparse: standard input:1: invocation record: unexpected end inside a string"
    run -2 --separate-stderr pt-logparse <<<"${good/256/\"256\"}"
    assert_equal "$stderr" "pt-logparse: standard input:1: invocation record: member 'power' is a string, not a number"
    run -2 --separate-stderr pt-logparse <<<"${good/\"logResult\":\"/\"logResult\":\"*}"
    assert_equal "$stderr" "pt-logparse: standard input:1: invocation record: member 'logResult' is not base64"
}
