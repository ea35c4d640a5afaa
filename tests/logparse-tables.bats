#!/usr/bin/env bats
# pt-logparse: tables, with a message and with figures in columns of their own.

load helper
load logparse

# A row of Logs Insights with every figure, and its measurement.
NAMES=(@timestamp @requestId @duration @billedDuration @memorySize @maxMemoryUsed @initDuration @log @logStream)
STREAM='2024/05/01/[$LATEST]9c1e'
ROW=("2024-05-01 10:00:00.000" "$ID" 5.20 6.0 1.28E8 5.7E7 162.1 1:/aws/lambda/f "$STREAM")
FIGURES="{\"type\":\"measurement\",\"power\":128,\"requestId\":\"$ID\",\"durationMs\":5.20,\"billedDurationMs\":6,\"initDurationMs\":162.1,\"memorySizeMB\":128,\"maxMemoryUsedMB\":57,\"functionName\":\"f\",\"logStream\":\"$STREAM\"$AT}"

# joined SEPARATOR WORD...
joined() {
    local separator=$1 line=$2 word
    for word in "${@:3}"; do line+=$separator$word; done
    printf '%s\n' "$line"
}

# backward WORD...: sets $words to the words in reverse order.
backward() {
    words=()
    local word
    for word; do words=("$word" "${words[@]}"); done
}

@test "figures may be in columns in any order, between commas, semicolons, tabs and bars" {
    local separator names row
    for separator in ',' ';' $'\t' ' | '; do
        reads "$(joined "$separator" "${NAMES[@]}" | sed 's/.*|.*/| & |/')
$(joined "$separator" "${ROW[@]}" | sed 's/.*|.*/| & |/')" "$FIGURES"
    done
    backward "${NAMES[@]}" && names=$(joined , "${words[@]}")
    backward "${ROW[@]}" && row=$(joined , "${words[@]}")
    reads "$names
$row" "$FIGURES"
    reads "\"${names//,/\",\"}\"
\"${row//,/\",\"}\"" "$FIGURES"
}

@test "figures may be in members, in the two forms of JSON" {
    local i object='' pairs=''
    for i in "${!NAMES[@]}"; do
        object+=",\"${NAMES[i]}\":\"${ROW[i]}\""
        pairs+=",{\"field\":\"${NAMES[i]}\",\"value\":\"${ROW[i]}\"}"
    done
    reads "[{${object:1}},{${object:1}}]" "$FIGURES
$FIGURES"
    reads "$(jq . <<<"[{${object:1}}]")" "$FIGURES"
    reads "{\"results\":[[${pairs:1}],[${pairs:1}]],\"status\":\"Complete\"}" "$FIGURES
$FIGURES"
    reads "$(jq . <<<"{\"results\":[[${pairs:1}]]}")" "$FIGURES"
    reads "$(jq -c . <<<"[[${pairs:1}]]")" "$FIGURES"
    reads "{${object:1}}
{${object:1}}" "$FIGURES
$FIGURES"
}

@test "figures may be in the text and the table that the aws command prints" {
    local i text=Complete table='-----
|  GetQueryResults  |
+----+
|  status |  Complete  |
||  results  ||
|+----+----+|
||  field |  value ||' again
    for i in "${!NAMES[@]}"; do
        text+=$'\nRESULTS\t'"${NAMES[i]}"$'\t'"${ROW[i]}"
        again+=$'\n||  '"${NAMES[i]}"'  |  '"${ROW[i]}"'  ||'
    done
    reads "$text${text#Complete}
RESULTS	@ptr	x
STATISTICS	3.0	1.0	2.0" "$FIGURES
$FIGURES"
    reads "$table$again
|+----+----+|
||  results  ||
|+----+----+|
||  field |  value ||$again
|+----+----+|" "$FIGURES
$FIGURES"
}

@test "numbers with an exponent and bytes become milliseconds and MB" {
    reads "@requestId,@duration,@billedDuration,@memorySize,@maxMemoryUsed
$ID,1.5E3,1500.0,3.008E9,1.0E9
$ID,0.58,1,1024000000,128000000
$ID,5E-1,0.0,1.28E+8,1.285E8" \
        "{\"type\":\"measurement\",\"power\":3008,\"requestId\":\"$ID\",\"durationMs\":1500,\"billedDurationMs\":1500,\"memorySizeMB\":3008,\"maxMemoryUsedMB\":1000}
{\"type\":\"measurement\",\"power\":1024,\"requestId\":\"$ID\",\"durationMs\":0.58,\"billedDurationMs\":1,\"memorySizeMB\":1024,\"maxMemoryUsedMB\":128}
{\"type\":\"measurement\",\"power\":128,\"requestId\":\"$ID\",\"durationMs\":0.5,\"billedDurationMs\":0,\"memorySizeMB\":128,\"maxMemoryUsedMB\":128.5}"
}

@test "rows of other events have no figures, and a message with a report counts once" {
    reads "@timestamp,@message,@requestId,@duration,@billedDuration,@memorySize,@maxMemoryUsed,@log
2024-05-01 10:00:00.000,START,$ID,,,,,1:/aws/lambda/f
2024-05-01 10:00:00.000,\"$REPORT_LINE\",$ID,5.2,6.0,1.28E8,5.7E7,1:/aws/lambda/f" "$FOUND,\"functionName\":\"f\"$AT}"
    local fields="{\"field\":\"@duration\",\"value\":\"5.2\"},{\"field\":\"@requestId\",\"value\":\"$ID\"},{\"field\":\"@billedDuration\",\"value\":\"6.0\"},{\"field\":\"@memorySize\",\"value\":\"1.28E8\"},{\"field\":\"@maxMemoryUsed\",\"value\":\"5.7E7\"}"
    local one="[$fields,{\"field\":\"@message\",\"value\":\"${REPORT_LINE//	/\\t}\"}]" all="$FOUND}"
    reads "{\"results\":[$one]}" "$FOUND}"
    for _ in $(seq 69); do
        one+=",[{\"field\":\"@message\",\"value\":\"${REPORT_LINE//	/\\t}\"},$fields]"
        all+=$'\n'"$FOUND}"
    done
    reads "{\"results\":[$one]}" "$all"
}

@test "a row with some figures but not all is a report that cannot be read" {
    run -0 --separate-stderr pt-logparse <<<"@requestId,@duration,@billedDuration,@memorySize,@maxMemoryUsed
$ID,5.2,6.0,1.28E8,5.7E7
$ID,5.2,6.0,,5.7E7
$ID,x,6.0,1.28E8,5.7E7"
    assert_output "${PLAIN_FOUND}}"
    assert_equal "$stderr" "pt-logparse: 2 of 3 reports could not be read; the first is at line 3: no Memory Size"
}

@test "a table may follow other lines, and another table" {
    local table="@requestId,@duration,@billedDuration,@memorySize,@maxMemoryUsed
$ID,5.2,6.0,1.28E8,5.7E7"
    reads "\$ print-table

$table
$table
@duration,@requestId,@billedDuration,@memorySize,@maxMemoryUsed
5.2,$ID,6.0,1.28E8,5.7E7" "$PLAIN_FOUND}
$PLAIN_FOUND}
$PLAIN_FOUND}"
}

@test "the rows of a table may be indented, and empty lines may be between them" {
    local name log
    for name in aws-cli-filter-text-time aws-cli-query-text aws-cli-filter-table insights-fields-only-csv insights-markdown-log-column; do
        log=$FIXTURES/posted-logs/$name
        reads "$(sed 's/^/    /' "$log.log")" "$(cat "$log.expected.ndjson")"
        reads "$(sed 's/^/\t/' "$log.log")" "$(cat "$log.expected.ndjson")"
    done
    log=$FIXTURES/posted-logs/insights-fields-only-csv
    reads "$(sed G "$log.log")" "$(cat "$log.expected.ndjson")"
    reads "$(sed 'G;s/$/\r/' "$log.log")" "$(cat "$log.expected.ndjson")"
}

@test "a message may contain separators and line ends that are not quoted" {
    reads "| @message | @log |
| --- | --- |
| a | b | 1:/aws/lambda/f |
| ${REPORT_LINE}XRAY TraceId: a|b | 1:/aws/lambda/f |
| Traceback
  File \"x\"
| 1:/aws/lambda/f |
| $REPORT_LINE
| 1:/aws/lambda/g |" "$FOUND,\"functionName\":\"f\"}
$FOUND,\"functionName\":\"g\"}"
    reads "@log	@message	@logStream
1:/aws/lambda/f	$REPORT_LINE	$STREAM" "$FOUND,\"functionName\":\"f\",\"logStream\":\"$STREAM\"}"
}

@test "aws logs get-log-events --output text and table give the event's own time" {
    reads "b/123	f/123
EVENTS	1714557609999	$REPORT_LINE
	1714557600000
EVENTS	1714557609999	of my own
$REPORT_LINE
	1714557600001
EVENTS	1714557609999	$REPORT_LINE	1714557600000" "$FOUND$AT}
$FOUND$AT}"
    reads "------
|  GetLogEvents  |
+--+
|  nextBackwardToken  |  b/123  |
||  events  ||
|+--+--+--+|
||  ingestionTime | message | timestamp ||
|+--+--+--+|
||  1714557609999 |  $REPORT_LINE
   | 1714557600000  ||
|+--+--+--+|" "$FOUND$AT}"
    reads "39083245018823456789012345678901234567890123456789012341	1714557609999	$STREAM	$REPORT_LINE
	1714557600000" "$FOUND,\"logStream\":\"$STREAM\"$AT}"
}

@test "a table is read alike in any pieces" {
    local log
    for log in "$FIXTURES"/posted-logs/{aws,insights}*.log; do
        run -0 bash -c 'dd if="$1" bs=7 2>"$2" | pt-logparse | diff - <(pt-logparse "$1")' - "$log" "$BATS_TEST_TMPDIR/dd"
    done
}
