#!/usr/bin/env bats
# pt-logparse: reports in what a function logged do not count.

load helper
load logparse

@test "a JSON line with a level and a request id is the function's, whatever its message says" {
    run -0 --separate-stderr pt-logparse <<<"{\"level\":\"INFO\",\"requestId\":\"x\",\"message\":\"${REPORT_LINE//	/\\t}\"}
{\"message\":$(jq -R . <<<"$OBJECT"),\"requestId\":\"x\",\"level\":\"INFO\"}"
    assert_equal "$output$stderr" 'pt-logparse: no REPORT of the platform in 2 lines, 2 in lines of the function; the first is at line 1'
}

@test "a JSON line is the function's under any common name of the request id" {
    local name
    for name in requestId function_request_id AWSRequestId awsRequestId aws_request_id request_id; do
        run -0 --separate-stderr pt-logparse <<<"{\"timestamp\":\"2024-05-01T10:00:00Z\",\"level\":\"INFO\",\"message\":\"${REPORT_LINE//	/\\t}\",\"$name\":\"$ID\"}"
        assert_equal "$output$stderr" 'pt-logparse: no REPORT of the platform in 1 lines, 1 in lines of the function; the first is at line 1'
    done
}

@test "a level before a report makes it a line of the function, in capitals or not" {
    local level
    for level in '[INFO]' '[info]' '[Warn ]' '<debug>' 'INFO |' '2024-05-01 10:00:00.000 | info | ' '2024-05-01T10:00:00Z	INFO	' \
        '2024-05-01T10:00:00Z	undefined	INFO	'; do
        run -0 --separate-stderr pt-logparse <<<"$level $REPORT_LINE"
        assert_output ''
        assert_regex "$stderr" '^pt-logparse: no REPORT of the platform in 1 lines, 1 in lines of the function; the first is at line 1: an unknown prefix .*$'
    done
    # A report of the platform may follow text of an extension.
    reads "[info] ready$OBJECT" "$FOUND,\"status\":\"success\"}"
}

@test "reports quoted in a line of the function do not count, however many" {
    local many
    many=$(for i in $(seq 100); do printf '%s\n' "$PLAIN"; done)
    {
        jq -sc '{level: "INFO", message: tojson, requestId: "x"}' <<<"$many"
        jq -Rsc '{level: "INFO", message: ("x" + gsub("\n"; "")), requestId: "x"}' <<<"$many"
        jq -sc '{level: "INFO", requestId: "x", message: {records: .}}' <<<"$many"
        jq -sc '[{level: "INFO", message: tojson, requestId: "x"}, {message: tojson, logStream: "s"}]' <<<"$many"
    } >"$BATS_TEST_TMPDIR/own"
    run -0 --separate-stderr bash -c 'pt-logparse "$1" | sort | uniq -c' - "$BATS_TEST_TMPDIR/own"
    assert_output "    100 $PLAIN_FOUND,\"status\":\"success\",\"logStream\":\"s\"$AT}"
}

@test "lines of the platform inside one message count, lines of the function do not" {
    local text=${REPORT_LINE//	/\\t}
    reads "{\"message\":\"START RequestId: $ID Version: \$LATEST\\n$text\\nEND RequestId: $ID\\n$text\"}" "$FOUND}
$FOUND}"
    run -0 --separate-stderr pt-logparse <<<"{\"message\":\"2024-05-01T10:00:00.000Z\\t$ID\\tINFO\\t$text\"}
{\"message\":\"[INFO]\\t2024-05-01T10:00:00.000Z\\t$ID\\t$text\"}
{\"message\":\"of my own\\n[list]\\n{object}\\n$text\"}
{\"message\":\"of my own\\n[list]\\n{object}\"}"
    assert_equal "$output$stderr" 'pt-logparse: no REPORT of the platform in 4 lines, 3 in lines of the function; the first is at line 1'
}
