#!/usr/bin/env bats
# pt-logparse: the reports that tools print in a form of their own, and copies of pages and chats.

load helper
load logparse

# A report with blanks between its parts, and what becomes of it.
BLANKS=${REPORT_LINE//	/ }

@test "zappa invoke prints its words in brackets and a field a line, or all on one line" {
    run -0 --separate-stderr pt-logparse "$FIXTURES/posted-logs/zappa-invoke.log"
    assert_output "$(cat "$FIXTURES/posted-logs/zappa-invoke.expected.ndjson")"
    assert_equal "$stderr" ""
}

@test "rdk logs puts a time and a dash before each line" {
    reads "2024-05-01 10:00:00 - START RequestId: $ID Version: \$LATEST
2024-05-01 10:00:00 - $BLANKS" "$FOUND$AT}"
}

@test "a report over lines may repeat what precedes its first one" {
    reads "2024-05-01T10:00:00Z REPORT RequestId: $ID
2024-05-01T10:00:00Z Duration: 5.20 ms
2024-05-01T10:00:01Z Billed Duration: 6 ms
2024-05-01T10:00:01Z Memory Size: 128 MB
2024-05-01T10:00:01Z Max Memory Used: 57 MB
2024-05-01T10:00:01Z Init Duration: 3 ms
2024-05-01T10:00:01Z Duration: 9 ms of the function" "${FOUND/,\"memory/,\"initDurationMs\":3,\"memory}$AT}"
}

@test "a message may have its name before it, as one line of several" {
    local name
    for name in '@message: ' '@message	' '@message = '; do
        reads "@timestamp: 2024-05-01 10:00:00.000
$name$REPORT_LINE" "$FOUND}"
    done
}

@test "Markdown may be around a report and its parts" {
    local line
    for line in "\`$REPORT_LINE\`" "- \`$REPORT_LINE\`" "* $BLANKS" "**REPORT** RequestId: \`$ID\` **Duration:** 5.20 ms **Billed Duration:** 6 ms **Memory Size:** 128 MB **Max Memory Used:** 57 MB" \
        "> ${REPORT_LINE//	/, }"; do
        reads "$line" "$FOUND}"
    done
}

@test "a table of a page gives its reports, with the time in the same line" {
    reads "<table class=\"x\"><tr><td>2024-05-01 10:00:00.000</td><td>$REPORT_LINE<br/></td></tr>" "$FOUND$AT}"
    reads "<tr>
<td>2024-05-01 10:00:00.000</td>
<td>${REPORT_LINE//	/\&nbsp;}</td>" "$FOUND}"
}

@test "no-break spaces are blanks" {
    reads $'\u00a0'"${BLANKS// /$'\u00a0'}" "$FOUND}"
}

@test "the answer of aws lambda invoke gives the report of its log tail, in base64 or decoded" {
    local tail="a cut line
REPORT RequestId: x	Duration: 9 ms	Billed Duration: 9 ms	Memory Size: 128 MB	Max Memory Used: 57 MB
END RequestId: $ID
$REPORT_LINE
" answer
    answer=$(jq -n --arg tail "$tail" '{StatusCode: 200, LogResult: ($tail | @base64), ExecutedVersion: "$LATEST"}')
    reads "$answer" "$FOUND}"
    reads "$(jq -c . <<<"$answer")" "$FOUND}"
    reads "$(jq -cS . <<<"$answer")" "$FOUND}"
    reads "$(jq --arg tail "$tail" '.LogResult = $tail' <<<"$answer")" "$FOUND}"
    reads "$(jq -c '[., .]' <<<"$answer" | jq .)" "$FOUND}
$FOUND}"
}

@test "an answer in the notation of Python counts, printed on one line or on several" {
    local report=${REPORT_LINE//	/\\t}
    reads "{'events': [{'logStreamName': '2024/05/01/[\$LATEST]9c1e', 'timestamp': 1714557600000, 'message': '$report\\n', 'x': None},
 {'message': \"it's\", 'y': b'a\\x01'}], 'ResponseMetadata': {'date': datetime.datetime(2024, 5, 1, tzinfo=tzutc()), 'ok': True}}" \
        "$FOUND,\"logStream\":\"2024/05/01/[\$LATEST]9c1e\"$AT}"
    reads "[{'eventId': '1',
  'message': 'REPORT RequestId: '
             '$ID\\t'
             '${report#*"$ID"\\t}\\n',
  'timestamp': 1714557600000}]" "$FOUND$AT}"
    # A line of the function that is not closed.
    reads "{'a': 'b
$REPORT_LINE" "$FOUND}"
}

@test "fluentd writes its tag before the object, with or without a time" {
    local report=${REPORT_LINE//	/\\t}
    reads "lambda.log: {\"msg\":\"$report\"}" "$FOUND}"
    reads "2024-05-01 10:00:00.000000000 +0000 my.app.log: {\"msg\":\"${OBJECT//\"/\\\"}\"}" "$FOUND,\"status\":\"success\"$AT}"
    # An object that a function printed after its words.
    run -0 --separate-stderr pt-logparse <<<"event: {\"msg\":\"$report\"}"
    assert_output ''
}
