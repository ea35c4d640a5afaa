#!/usr/bin/env bats
# pt-logparse: invocations that ended badly, of which the report says nothing.

load helper
load logparse

TIMEOUT="2024-05-01T10:00:03.005Z $ID Task timed out after 3.00 seconds"
KILLED="RequestId: $ID Error: Runtime exited with error: signal: killed"
OTHER=${REPORT_LINE//6d6fe7e6/6d6fe7e7} OTHER_FOUND=${FOUND//6d6fe7e6/6d6fe7e7}

@test "a line of the platform about the end of an invocation gives its measurement a status, before or after its report" {
    local line word between
    while read -r word line; do
        for between in '' "
$OTHER"; do
            reads "$line$between
$REPORT_LINE" "${between:+$OTHER_FOUND\}
}$FOUND,\"status\":\"$word\"}"
            reads "$REPORT_LINE$between
$line" "$FOUND,\"status\":\"$word\"}${between:+
$OTHER_FOUND\}}"
        done
    done <<END
timeout $TIMEOUT
timeout app-1  | $TIMEOUT
error $KILLED
error RequestId: $ID Error: Runtime exited without providing a reason
error RequestId: $ID Process exited before completing request
END
}

@test "a status that the report has stays" {
    reads "$TIMEOUT
${REPORT_LINE}Status: error
$TIMEOUT" "$FOUND,\"status\":\"error\"}"
}

@test "other lines, and those of other invocations, give no status" {
    local line
    for line in "${TIMEOUT/6d6fe7e6/6d6fe7e7}" "2024-05-01T10:00:03.005Z	$ID	ERROR	Task timed out after 3.00 seconds" \
        "Task timed out after 3.00 seconds" "$ID Task timed out" "x$ID Process exited"; do
        reads "$line
$REPORT_LINE
$line" "$FOUND}"
    done
}

@test "the last report of an id that was retried gets the status" {
    reads "$REPORT_LINE
$TIMEOUT
$REPORT_LINE
$TIMEOUT
$REPORT_LINE" "$FOUND,\"status\":\"timeout\"}
$FOUND,\"status\":\"timeout\"}
$FOUND}"
}

@test "events and rows have such lines too" {
    local events
    events=$(jq -n --arg report "$REPORT_LINE" --arg line "$TIMEOUT" '{events: [{message: $report}, {message: "\($line)\n\n"}]}')
    reads "$events" "$FOUND,\"status\":\"timeout\"}"
    reads "$(jq '.events |= reverse' <<<"$events")" "$FOUND,\"status\":\"timeout\"}"
    reads "timestamp,message
1714557600000,$REPORT_LINE
1714557600000,$TIMEOUT" "$FOUND,\"status\":\"timeout\",\"timestamp\":1714557600000}"
}

@test "a report is written when the input pauses" {
    cd "$BATS_TEST_TMPDIR"
    mkfifo in out
    pt-logparse <in >out &
    exec 8>in 9<out
    echo "$REPORT_LINE" >&8
    read -r -t 20 line <&9
    assert_equal "$line" "$FOUND}"
    printf '%s\n' "$OTHER" "${TIMEOUT/6d6fe7e6/6d6fe7e7}" >&8
    read -r -t 20 line <&9
    assert_equal "$line" "$OTHER_FOUND,\"status\":\"timeout\"}"
    exec 8>&- 9<&-
    wait
}

@test "in a large file the report may be in another block than the line" {
    cd "$BATS_TEST_TMPDIR"
    plain 0 6000 >some
    # Half a mebibyte is a block: the reports around each border have their line in the next one, or in the one before.
    awk -v bytes=524288 '{ at += length($0) + 1; print }
        /^REPORT/ { id = $3; if (int((at + 600) / bytes) > int(at / bytes)) { late = id; n++ }
            else if (late != "" && $3 != late) { print "2024-05-01T10:00:03.005Z " late " Task timed out after 3.00 seconds"; at += 90; late = "" } }
        END { print n >"count" }' some >log
    pt-logparse log >got
    assert_equal "$(grep -c '"status":"timeout"' got)" "$(cat count)"
    [ "$(cat count)" -gt 4 ]
    # shellcheck disable=SC2002 # the test needs a pipe
    cat log | pt-logparse | cmp - got
    dd if=log bs=3001 2>said | pt-logparse | cmp - got
}
