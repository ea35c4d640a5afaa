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

@test "up logs writes a time and a level before each line, with blanks or tabs between the parts of a report" {
    local line
    for line in "Jun 5th 05:53:39pm INFO $BLANKS" "Jun 5th 05:53:39pm INFO $REPORT_LINE" "  Jun 5th 05:53:39pm	INFO	$REPORT_LINE"; do
        reads "${line%%REPORT*}START RequestId: $ID Version: \$LATEST
${line%%REPORT*}GET /: duration=3ms
${line%%REPORT*}END RequestId: $ID
$line" "$FOUND}"
        # Copied alone.
        run -0 --separate-stderr pt-logparse <<<"$line"
        assert_output "$FOUND}"
        line=${line%%REPORT*} line=${line#  }
        assert_equal "$stderr" "pt-logparse: 1 reports were taken although only they have their prefix; the first is at line 1: an unknown prefix '${line//	/\\x09}'"
    done
}

@test "sbt writes a level in brackets, which counts only where the platform's lines have it" {
    reads "[info] Running Main
[info] START RequestId: $ID Version: \$LATEST
[info] END RequestId: $ID
[info] $REPORT_LINE" "$FOUND}"
    run -0 --separate-stderr pt-logparse <<<"[info] $REPORT_LINE"
    assert_output ""
    assert_equal "$stderr" "pt-logparse: no REPORT of the platform in 1 lines, 1 in lines of the function; the first is at line 1: an unknown prefix '[info] '"
}

@test "serverless logs prints lines of the platform as they are, or after a coloured time, and of late a shorter END" {
    local start="START RequestId: $ID Version: \$LATEST
2024-05-01 10:00:00.000 (+02:00)	$ID	hello
END RequestId: $ID
"
    reads "$start${REPORT_LINE/ms	Memory/ms 	Memory}
" "$FOUND}"
    reads "$start"$'\033[38;5;8m2024-05-01 10:00:00.000\033[39m\t'"$REPORT_LINE" "$FOUND$AT}"
    run -1 --separate-stderr pt-logparse <<<"2024-05-01 10:00:00.000	START
2024-05-01 10:00:00.000	END Duration: 5.20 ms (init: 3.00 ms) Memory Used: 57 MB"
    assert_output ""
    assert_equal "$stderr" "pt-logparse: 1 reports are no measurement; the first is at line 2: no request id"
}

@test "sam logs writes the stream and the time, which may be coloured; sam local writes none" {
    local stream='2024/05/01/[$LATEST]9c1e'
    reads "$stream 2024-05-01T10:00:00.000000 START RequestId: $ID Version: \$LATEST
$stream 2024-05-01T10:00:00.000000 $REPORT_LINE" "$FOUND,\"logStream\":\"$stream\"$AT}"
    reads $'\033[36m'"$stream"$'\033[0m \033[32m2024-05-01T10:00:00.000000\033[0m '"$BLANKS" "$FOUND,\"logStream\":\"$stream\"$AT}"
    reads "START RequestId: $ID Version: \$LATEST
END RequestId: $ID
REPORT RequestId: $ID	Init Duration: 0.12 ms	${REPORT_LINE#*	}" "${FOUND/,\"memory/,\"initDurationMs\":0.12,\"memory}}"
}

@test "docker and kubectl write a time, a container or both" {
    local words
    for words in '2024-05-01T10:00:00.000000000Z ' 'api-1  | 2024-05-01T10:00:00.000000000Z ' \
        '2024-05-01T10:00:00.000000000Z stdout F ' '[pod/api-6d9c/app] 2024-05-01T10:00:00.000000000Z '; do
        reads "${words}START RequestId: $ID Version: \$LATEST
$words$REPORT_LINE" "$FOUND$AT}"
    done
    for words in 'api-1  | ' '[pod/api-6d9c/app] ' 'api-6d9c app '; do
        reads "${words}START RequestId: $ID Version: \$LATEST
$words$REPORT_LINE" "$FOUND}"
    done
}
