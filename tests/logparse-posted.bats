#!/usr/bin/env bats
# pt-logparse: logs in the forms in which people post them.

load helper
load logparse

POSTED=$FIXTURES/posted-logs

# gives NAME [OPTION...]: the posted log of that name gives exactly the measurements beside it, without a message.
gives() {
    run -0 --separate-stderr pt-logparse "${@:2}" "$POSTED/$1.log"
    assert_output "$(cat "$POSTED/$1.expected.ndjson")"
    assert_equal "$stderr" ""
}

@test "columns of Logs Insights without a message give their measurements, as CSV" {
    gives insights-fields-only-csv
}

@test "columns of Logs Insights without a message give their measurements, as a response" {
    gives insights-fields-only-results
}

@test "a Markdown copy of two functions tells them apart" {
    gives insights-markdown-log-column
}

@test "aws logs get-query-results --output text gives its measurements" {
    gives aws-cli-query-text
}

@test "aws logs filter-log-events --output text gives its measurements, with the event's own time" {
    gives aws-cli-filter-text-time
}

@test "aws logs filter-log-events --output table gives its measurements, with the event's own time" {
    gives aws-cli-filter-table
}

@test "an event of Lambda Insights is a measurement" {
    gives lambda-insights-emf
}

@test "the messages of chalice logs give their measurements, after words that no tool is known to write" {
    gives chalice-logs
}

@test "a console's copy of a JSON log, with each event twice, counts each once" {
    gives console-copy-json-twice --distinct
}

@test "a report after unknown words counts beside another, and is reported" {
    run -0 --separate-stderr pt-logparse "$POSTED/silent-beside-a-readable-one.log"
    assert_output "$(cat "$POSTED/silent-beside-a-readable-one.expected.ndjson")"
    assert_equal "$stderr" "pt-logparse: 1 reports were taken although only they have their prefix; the first is at line 2: an unknown prefix 'Jun 5th 05:53:39pm INFO '"
}

@test "reports without a request id are no measurements, and are counted as such" {
    run -1 --separate-stderr pt-logparse "$POSTED/without-request-id.log"
    assert_output ""
    assert_equal "$stderr" "pt-logparse: 2 reports are no measurement; the first is at line 1: no request id"
    run -1 --separate-stderr bash -c 'dd if="$1" bs=5 2>"$2" | pt-logparse' - "$POSTED/without-request-id.log" "$BATS_TEST_TMPDIR/dd"
    assert_equal "$stderr" "pt-logparse: 2 reports are no measurement; the first is at line 1: no request id"
}

@test "END lines with figures are no measurements, also before the first report" {
    run -0 --separate-stderr pt-logparse <<<"END Duration: 3.22 ms	Billed Duration: 4 ms	Memory Size: 1024 MB	Max Memory Used: 55 MB
$REPORT_LINE"
    assert_output "$FOUND}"
    assert_equal "$stderr" "pt-logparse: 1 reports are no measurement; the first is at line 1: no request id"
}

@test "a report without memory, as of Lambda Managed Instances, does not give a measurement, and is counted" {
    run -1 --separate-stderr pt-logparse <<<"{\"time\":\"2026-05-01T10:00:00.000Z\",\"type\":\"platform.report\",\"record\":{\"requestId\":\"$ID\",\"metrics\":{\"durationMs\":5.2},\"status\":\"success\"}}"
    assert_equal "$output$stderr" "pt-logparse: 1 reports are no measurement; the first is at line 1: no memory size, as of Lambda Managed Instances"
}

@test "zappa's reports give their measurements" {
    gives zappa-invoke
}

# altered NAME SCRIPT: the posted log, changed by the script for sed, gives the same measurements, without a message.
altered() {
    run -0 --separate-stderr pt-logparse <(sed "$2" "$POSTED/$1.log")
    assert_output "$(cat "$POSTED/$1.expected.ndjson")"
    assert_equal "$stderr" ""
}

@test "zappa's reports over several lines may be quoted, or stand after the words of a tool" {
    altered zappa-invoke 's/^/> /'
    altered zappa-invoke 's/^/web_1  | /'
}

@test "a response may be indented" {
    altered insights-fields-only-results 's/^/    /'
}

@test "an event of Lambda Insights may stand after a file's name and the number of a line" {
    altered lambda-insights-emf 's/^/log.txt:1:/'
    altered lambda-insights-emf 's/^/1\t/'
}

@test "what is before a report in its line is counted once, in a file and in any pieces" {
    local log="REPORT Duration: 5.20 ms Billed Duration: 6 ms REPORT RequestId: 0a1b2c3d-1111-4a2b-8c3d-000000000001 Duration: 5.20 ms"
    local message="1 of 1 reports could not be read; the first is at line 1: an unknown prefix 'REPORT Duration: 5.20 ms Billed Duration: 6 ms '
pt-logparse: 1 reports are no measurement; the first is at line 1: no request id"
    run -1 --separate-stderr pt-logparse <<<"$log"
    assert_equal "$stderr" "pt-logparse: $message"
    run -1 --separate-stderr bash -c 'set -o pipefail; for ((i = 0; i < ${#1}; i++)); do printf "%s" "${1:i:1}"; sleep 0.001; done | pt-logparse' - "$log"
    assert_equal "$stderr" "pt-logparse: $message"
}

@test "JSON that is broken over lines, with words before each line, is counted if it is not read" {
    run -0 --separate-stderr pt-logparse < <(sed 's/^/> /' "$POSTED/console-copy-json-twice.log")
    assert_equal "${#lines[@]}" 1
    assert_equal "$stderr" "pt-logparse: 2 of 3 reports could not be read; the first is at line 4: its JSON object begins in an earlier line"
}
