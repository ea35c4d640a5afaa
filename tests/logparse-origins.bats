#!/usr/bin/env bats
# pt-logparse: the function, log stream and time of a report.

load helper
load logparse

@test "a log stream and a time before a report give its origin" {
    reads "2024-05-01T10:00:00.000000+00:00 2024/05/01/[\$LATEST]9c1e $REPORT_LINE" "$FOUND,\"logStream\":\"2024/05/01/[\$LATEST]9c1e\"$AT}"
}

@test "a log group before a report gives the function" {
    reads "/aws/lambda/my-function 2024/05/01/[\$LATEST]9c1e $REPORT_LINE" \
        "$FOUND,\"functionName\":\"my-function\",\"logStream\":\"2024/05/01/[\$LATEST]9c1e\"}"
}

@test "the stream of a shared log group gives the function, in text, in colour and in JSON" {
    report='REPORT RequestId: a\tDuration: 1 ms\tBilled Duration: 1 ms\tMemory Size: 128 MB\tMax Memory Used: 57 MB'
    printf '%b\n' "\033[32m2024-05-01T10:00:00.000001+00:00\033[0m \033[36m2024/05/01/one[\$LATEST]ab\033[0m $report" \
        "2024-05-01T10:00:00 2024/05/01/[\$LATEST]ab $report" >"$BATS_TEST_TMPDIR/log"
    printf '%s\n' '{"logStream":"2024/05/01/two[12]cd","message":"'"$report"'"}' \
        '{"logStream":"2024/05/01/two[12]cd","logGroup":"/aws/lambda/three","message":"'"$report"'"}' >>"$BATS_TEST_TMPDIR/log"
    run -0 bash -c 'pt-logparse "$1" | jq -c "[.functionName, .logStream]"' - "$BATS_TEST_TMPDIR/log"
    assert_output '["one","2024/05/01/one[$LATEST]ab"]
[null,"2024/05/01/[$LATEST]ab"]
["two","2024/05/01/two[12]cd"]
["two","2024/05/01/two[12]cd"]'
}

@test "the text before a JSON report gives its origin" {
    local stream='2024/05/01/[$LATEST]9c1e'
    reads "2024-05-01T10:00:01.000000+00:00 $stream $OBJECT" "$FOUND,\"status\":\"success\",\"logStream\":\"$stream\"$AT}"
    reads $'\e[32m/aws/lambda/f\e[0m \e[36m'"$stream"$'\e[0m '"$OBJECT" \
        "$FOUND,\"status\":\"success\",\"functionName\":\"f\",\"logStream\":\"$stream\"$AT}"
    # Members of the document take precedence.
    reads "2024-05-01T10:00:01Z /aws/lambda/f {\"message\":\"${REPORT_LINE//	/\\t}\",\"logGroup\":\"/aws/lambda/g\",\"timestamp\":1714557600000}" \
        "$FOUND,\"functionName\":\"g\"$AT}"
}

@test "results of Logs Insights give function and stream, whatever the order of fields" {
    reads "{\"results\":[[{\"field\":\"@requestId\",\"value\":\"$ID\"},{\"field\":\"@message\",\"value\":\"${REPORT_LINE//	/\\t}\"},{\"field\":\"@log\",\"value\":\"1:/aws/lambda/f\"},{\"field\":\"@logStream\",\"value\":\"s\"}]]}" \
        "$FOUND,\"functionName\":\"f\",\"logStream\":\"s\"}"
}

@test "a table gives the log stream, and a column before the message may be the request id" {
    reads "@timestamp,@logStream,@message
2024-05-01 10:00:00.000,2024/05/01/[\$LATEST]9c,\"$REPORT_LINE\"" "$FOUND,\"logStream\":\"2024/05/01/[\$LATEST]9c\"$AT}"
    reads "$ID,$REPORT_LINE" "$FOUND}"
}
