#!/usr/bin/env bats
# pt-logparse: what comes before and after a report in its line.

load helper
load logparse

@test "every figure of a report keeps its printed form" {
    reads "${REPORT_LINE}Init Duration: 162.10 ms	Restore Duration: 7 ms	Billed Restore Duration: 8 ms	Status: error	Error Type: Runtime.ExitError" \
        "{\"type\":\"measurement\",\"power\":128,\"requestId\":\"$ID\",\"durationMs\":5.20,\"billedDurationMs\":6,\"initDurationMs\":162.10,\"restoreDurationMs\":7,\"billedRestoreDurationMs\":8,\"memorySizeMB\":128,\"maxMemoryUsedMB\":57,\"status\":\"error\",\"errorType\":\"Runtime.ExitError\"}"
}

@test "a trace on the same line is skipped" {
    reads "${REPORT_LINE}XRAY TraceId: 1-6a507b87	SegmentId: 7025cd	Sampled: true" "$FOUND}"
}

@test "prefixes of journald and syslog are skipped" {
    reads "Sep 15 18:27:34 host lambda[123]: $REPORT_LINE" "$FOUND}"
    reads "2024-05-01T10:00:00+0000 host lambda[123]: $REPORT_LINE" "$FOUND$AT}"
}

@test "every form of journald's time is followed by a name" {
    reads "May 01 10:00:00.123456 host lambda: $REPORT_LINE" "$FOUND}"
    reads "<14>May  1 10:00:00 host lambda[123]: $REPORT_LINE" "$FOUND}"
    reads "2024-05-01T10:00:00.000000+0000 host lambda[123]: $REPORT_LINE" "$FOUND$AT}"
    reads "Wed 2024-05-01 10:00:00 UTC host lambda[123]: $REPORT_LINE" "$FOUND$AT}"
    reads "Wed 2024-05-01 12:00:00 CEST host lambda[123]: $REPORT_LINE" "$FOUND}"
    reads "1714557600.000123 host lambda[123]: $REPORT_LINE" "$FOUND$AT}"
    reads "[ 1234.567890] host lambda[123]: $REPORT_LINE" "$FOUND}"
    reads "_PID=1
MESSAGE=$REPORT_LINE
PRIORITY=6" "$FOUND}"
    # Without a number in brackets a function may have logged it.
    run -1 --separate-stderr pt-logparse <<<"2024-05-01T10:00:00Z last report: $REPORT_LINE
Wed 2024-05-01 10:00:00 UTC last report: $REPORT_LINE
1714557600.000123 last report: $REPORT_LINE"
    assert_equal "$output$stderr" "pt-logparse: 3 of 3 reports could not be read; the first is at line 1: an unknown prefix 'last report: '"
}

@test "prefixes of Kubernetes, Loki and older LocalStack versions, and NUL bytes, are skipped" {
    reads "2024-05-01T10:00:00.000000000Z stdout F $REPORT_LINE" "$FOUND$AT}"
    reads "[pod/lambda-7d9f/lambda] 2024-05-01T10:00:00.000000000Z $REPORT_LINE" "$FOUND$AT}"
    reads "2024-05-01T10:00:00Z {} $REPORT_LINE
2024-05-01T10:00:00Z {app=\"a\", function=\"f\"} $REPORT_LINE" "$FOUND$AT}
$FOUND$AT}"
    reads "> $REPORT_LINE" "$FOUND}"
    run -0 --separate-stderr bash -c 'printf "\0\0\0%s\n" "$1" | pt-logparse' - "$REPORT_LINE"
    assert_equal "$output$stderr" "$FOUND}"
    run -1 --separate-stderr pt-logparse <<<"{} $REPORT_LINE
{app=\"a\"} $REPORT_LINE
2024-05-01T10:00:00Z {app} $REPORT_LINE
2024-05-01T10:00:00Z stdout X $REPORT_LINE"
    assert_equal "$output$stderr" "pt-logparse: 4 of 4 reports could not be read; the first is at line 1: after a JSON document in its line"
}

@test "text output of filter-log-events is a line of columns" {
    reads "EVENTS	35417278923900157220568013870260337006663878463029182464	1588165723192	2024/05/01/[\$LATEST]9c1e	$REPORT_LINE" \
        "$FOUND,\"logStream\":\"2024/05/01/[\$LATEST]9c1e\",\"timestamp\":1588165723192}"
}

@test "terminal colours before a message are skipped" {
    reads $'\e[33mapp-1  |\e[0m '"$REPORT_LINE" "$FOUND}"
}

@test "reports of one id after unknown prefixes are lines of the function" {
    run -1 --separate-stderr pt-logparse <<<"2024-05-01 10:00:00.000 (+01:00 $REPORT_LINE
$(printf '\033]0;title\007')$REPORT_LINE"
    assert_equal "$output$stderr" "pt-logparse: 2 of 2 reports could not be read; the first is at line 1: an unknown prefix '(+01:00 '"
}
