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
