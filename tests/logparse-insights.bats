#!/usr/bin/env bats
# pt-logparse: events of Lambda Insights.

load helper
load logparse

# insights ID DURATION [MEMBERS]: an event.
insights() {
    printf '{"_aws":{"Timestamp":1714557600000,"CloudWatchMetrics":[{"Namespace":"LambdaInsights","Metrics":[{"Name":"used_memory_max"}]}]},"event_type":"performance","function_name":"f","request_id":"%s","duration":%s,"billed_duration":6,"cold_start":false,"used_memory_max":57,"total_memory":128%s}\n' "$1" "$2" "${3-}"
}
EVENT_FOUND="$PLAIN_FOUND,\"functionName\":\"f\"$AT}"

@test "an event of Lambda Insights may be on one line, over many, after a prefix, and in a message" {
    local event
    event=$(insights "$ID" 5.2)
    reads "$event" "$EVENT_FOUND"
    reads "$(jq . <<<"$event")" "$EVENT_FOUND"
    reads "2024-05-01T10:00:00 f/9c1e $event" "$EVENT_FOUND"
    reads "2024-05-01T10:00:00 $(jq . <<<"$event")" "$EVENT_FOUND"
    reads "$(jq -c --arg event "$event" '{events: [{logStreamName: "f", timestamp: 1714557600000, message: $event, ingestionTime: 1714557600001}]}' <<<null)" \
        "$PLAIN_FOUND,\"functionName\":\"f\",\"logStream\":\"f\"$AT}"
    reads "timestamp,message
1714557600000,\"${event//\"/\"\"}\"" "$EVENT_FOUND"
    reads "START
$event
END" "$EVENT_FOUND"
}

@test "a cold start and a timeout are in the measurement" {
    reads "$(insights "$ID" 5.2 ',"init_duration":162.1,"timeout":true')
$(insights "$ID" 5.2 ',"init_duration":0,"timeout":false')" "${EVENT_FOUND/,\"memorySizeMB\":128,\"maxMemoryUsedMB\":57/,\"initDurationMs\":162.1,\"memorySizeMB\":128,\"maxMemoryUsedMB\":57,\"status\":\"timeout\"}
$EVENT_FOUND"
}

@test "an event and a report of the same invocation count once, whichever is first" {
    local event report=${REPORT_LINE/5.20/5.2}
    event=$(insights "$ID" 5.2)
    reads "$event
$report" "$EVENT_FOUND"
    reads "$report
$event" "$PLAIN_FOUND}"
    reads "$PLAIN
$event
$event" "$PLAIN_FOUND,\"status\":\"success\"$AT}
$EVENT_FOUND"
    # A retry has the same id.
    reads "$report
$event
$event
$report" "$PLAIN_FOUND}
$EVENT_FOUND"
    printf '%s\n' "$report" >"$BATS_TEST_TMPDIR/function.log"
    run -0 --separate-stderr pt-logparse "$BATS_TEST_TMPDIR/function.log" - <<<"$event"
    assert_output "$PLAIN_FOUND}"
}

@test "in a large log, in a file and in a pipe, each invocation with an event and a report counts once" {
    cd "$BATS_TEST_TMPDIR"
    plain 0 7000 >reports
    grep -o 'RequestId: 00000000-0000-4000-8000-.*[02468]	' reports | cut -c 12-47 | while read -r id; do insights "$id" 5.2; done >events
    { head -n 6000 reports && cat events && tail -n +6001 reports; } >log
    pt-logparse reports >wanted
    run -0 --separate-stderr bash -c 'pt-logparse "$1" | wc -l' - log
    assert_output "$(wc -l <wanted)"
    run -0 --separate-stderr bash -c 'cat "$1" | pt-logparse | cmp - <(pt-logparse "$1")' - log
}

@test "metrics of other kinds, and members inside other objects, are no measurement" {
    run -0 --separate-stderr pt-logparse <<<"$(insights "$ID" 5.2 | sed 's/performance/other/')
$(insights "$ID" 5.2 | jq -c '{event_type, request_id, figures: .}|.figures.event_type = 1')
$(insights "$ID" 5.2 | jq -c '{level: "INFO", requestId: "x", message: .}')"
    assert_output ""
}
