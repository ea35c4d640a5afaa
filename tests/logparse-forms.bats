#!/usr/bin/env bats
# pt-logparse: JSON documents, tables, and mixtures of forms.

load helper
load logparse

@test "a JSON report may be on one line, after other text, or over many lines" {
    reads "$OBJECT" "$FOUND,\"status\":\"success\"$AT}"
    reads "[extension] ready$OBJECT" "$FOUND,\"status\":\"success\"}"
    reads "$(jq . <<<"$PLAIN")" "$PLAIN_FOUND,\"status\":\"success\"$AT}"
}

@test "an array of the Telemetry API gives the platform's reports, not the function's records" {
    reads "[$OBJECT,{\"time\":\"x\",\"type\":\"function\",\"record\":\"${REPORT_LINE//	/\\t}\"},{\"type\":\"extension\",\"record\":{\"message\":\"${REPORT_LINE//	/\\t}\"}}]" \
        "$FOUND,\"status\":\"success\"$AT}"
}

@test "a message may be in a member of any common name" {
    local name
    for name in message msg line value log @message MESSAGE event body short_message stringValue _raw _line; do
        reads "{\"host\":\"h\",\"$name\":\"${REPORT_LINE//	/\\t}\\n\"}" "$FOUND}"
    done
}

@test "members of other names are not messages" {
    run -1 --separate-stderr pt-logparse <<<"{\"payload\":\"${REPORT_LINE//	/\\t}\"}"
    assert_output ""
    assert_equal "$stderr" "pt-logparse: 1 of 1 reports could not be read; the first is at line 1: in a string that is not a message"
}

@test "a line of the function does not make later documents the function's" {
    run -1 --separate-stderr pt-logparse <<<"{\"level\":\"INFO\",\"requestId\":\"x\",\"message\":\"hello\",\"n\":\"platform.report\"}
{\"odd\":\"${REPORT_LINE//	/\\t}\"}"
    assert_output ""
    assert_equal "$stderr" "pt-logparse: 1 of 1 reports could not be read; the first is at line 2: in a string that is not a message"
}

@test "a JSON report may be escaped in a member, even twice" {
    local once twice
    once=$(jq -c --arg text "$OBJECT" '{message: $text}' <<<null)
    twice=$(jq -c --arg text "$once" '{log: $text}' <<<null)
    reads "$once" "$FOUND,\"status\":\"success\"$AT}"
    reads "$twice" "$FOUND,\"status\":\"success\"$AT}"
}

@test "a response of Loki has its lines in arrays" {
    reads "{\"data\":{\"result\":[{\"stream\":{},\"values\":[[\"1570818238000000000\",\"${REPORT_LINE//	/\\t}\"]]}]}}" "$FOUND}"
}

@test "an array of messages from a query of the AWS CLI is read line by line" {
    local events
    events=$(jq -n --arg line "$REPORT_LINE" '[{timestamp: 1714557600000, message: "START\n"}, {timestamp: 1714557600001, message: ($line + "\n")}]')
    reads "$(jq --indent 4 '[.[].message]' <<<"$events")" "$FOUND}"
    reads "$(jq --indent 4 '[.[] | [.timestamp, .message]]' <<<"$events")" "$FOUND}"
    reads "$(jq '.[].message' <<<"$events")" "$FOUND}"
    # An array on one line may be what a function prints.
    run -1 --separate-stderr pt-logparse <<<"$(jq -c '[.[].message]' <<<"$events")"
    assert_equal "$output$stderr" "pt-logparse: 1 of 1 reports could not be read; the first is at line 1: in a string that is not a message"
}

@test "a JSON report over many lines after stream and time, as sam logs prints it, is read" {
    local stream='2024/05/01/[$LATEST]9c1e' time=2024-05-01T10:00:01.000000 pretty
    for pretty in "$(jq . <<<"$PLAIN")" "$(jq -S . <<<"$PLAIN")"; do
        reads "$stream $time START
$stream $time $pretty
$stream $time $pretty" "$PLAIN_FOUND,\"status\":\"success\",\"logStream\":\"$stream\"$AT}
$PLAIN_FOUND,\"status\":\"success\",\"logStream\":\"$stream\"$AT}"
        # Lines of the function.
        run -0 --separate-stderr pt-logparse <<<"2024-05-01T10:00:01.000Z	$ID	INFO	$pretty
got $pretty
[INFO] $pretty
$stream $time $(jq '{level: "INFO", requestId: "x", message: .}' <<<"$OBJECT")"
        assert_equal "$output" ''
    done
    # In any pieces.
    printf '%s\n' "$stream $time $(jq . <<<"$OBJECT")" "$REPORT_LINE" "$stream $time $(jq . <<<"$OBJECT")" >"$BATS_TEST_TMPDIR/log"
    run -0 bash -c 'dd if="$1" bs=7 2>"$1.dd" | pt-logparse | diff - <(pt-logparse "$1")' - "$BATS_TEST_TMPDIR/log"
    assert_equal "$(pt-logparse "$BATS_TEST_TMPDIR/log" | wc -l)" 3
}

@test "a table has its message in the column that its heading names" {
    reads "@timestamp,@log,@message
2024-05-01 10:00:00.000,1:/aws/lambda/f,\"$REPORT_LINE
\"
2024-05-01 10:00:00.000,1:/aws/lambda/f,\"user text
$REPORT_LINE\"" "$FOUND,\"functionName\":\"f\"$AT}"
}

@test "a table may be followed by lines of JSON" {
    reads "timestamp,message
1714557600000,\"$REPORT_LINE
\"
{\"log\": \"${REPORT_LINE//	/\\t}\", \"stream\": \"stdout\"}
[$OBJECT,
$OBJECT]" "$FOUND$AT}
$FOUND}
$FOUND,\"status\":\"success\"$AT}
$FOUND,\"status\":\"success\"$AT}"
}

@test "a JSON report in a column with doubled quotes is read" {
    reads "timestamp,message
1714557600000,\"${OBJECT//\"/\"\"}\"" "$FOUND,\"status\":\"success\"$AT}"
    reads "1714557600001,\"${OBJECT//\"/\"\"}\"" "$FOUND,\"status\":\"success\"$AT}"
}

@test "forms may be mixed in one input" {
    reads "$REPORT_LINE
$(jq . <<<"{\"events\":[{\"message\":\"${REPORT_LINE//	/\\t}\"}]}")
$OBJECT
$REPORT_LINE" "$FOUND}
$FOUND}
$FOUND,\"status\":\"success\"$AT}
$FOUND}"
}

@test "JSON that a function logs is not a record" {
    run -0 --separate-stderr pt-logparse <<<"$REPORT_LINE
{\"type\":\"order\",\"id\":5}
{\"type\":\"failure\",\"reason\":\"x\"}"
    assert_output "$FOUND}"
}

@test "containers nested too deeply are not a document, and hide no report" {
    local deep
    deep=$(printf '[%.0s' $(seq 150))
    reads "$deep$OBJECT
$REPORT_LINE
{\"a\":$deep
$REPORT_LINE" "$FOUND,\"status\":\"success\"}
$FOUND}
$FOUND}"
}

@test "a truncated document hides no report" {
    reads "{
  \"events\": [
    {\"message\": \"${REPORT_LINE//	/\\t}\"},
    {\"message\": \"cut
$REPORT_LINE" "$FOUND}
$FOUND}"
}

# each_example COMMAND...: runs the command for each form that --forms prints, once for each of its names, with the form and its
# example, in which REPORT, PACKED, ID and NAME are filled in.
each_example() {
    local line form='' example names name text report=${BLANKS/5.20/5.2}
    while IFS= read -r line; do
        if [[ $line == '    '* ]]; then
            example+=${line:4}$'\n'
            continue
        fi
        names=-
        [[ $example != *NAME* ]] || names=${form##*: }
        for name in ${names//,/}; do
            [ "$form" ] || continue
            # shellcheck disable=SC2001 # whole words only
            text=$(sed "s/\bID\b/$ID/" <<<"$example")
            text=${text//NAME/"$name"} text=${text//PACKED/"$(gzip -cn <<<"$report" | base64 -w 0)"}
            "$@" "$form" "${text//REPORT/"$report"}"
        done
        form=$line example=
    done < <(pt-logparse --forms && echo .)
}

# The measurement has what the example says of it.
gives_its_measurement() {
    local form=$1 text=$2 wanted=$PLAIN_FOUND
    examples=$((examples + 1))
    [[ $text != *,3,* && $text != *init_duration* ]] || wanted=${wanted/,\"memory/,\"initDurationMs\":3,\"memory}
    [[ $text != *'"timeout":true'* ]] || wanted+=,\"status\":\"timeout\"
    [[ $text != */api* && $text != *'":"api"'* ]] || wanted+=,\"functionName\":\"api\"
    [[ $text != */\[*9c1e* ]] || wanted+=',"logStream":"2024/05/01/[$LATEST]9c1e"'
    [[ $text != *1714557600000* && $text != *2024-05-01?10:00:00* || $text == *'":[["'* ]] || wanted+=$AT
    wanted+='}'
    [[ $form != *', which does not count'* ]] || wanted=
    run --separate-stderr pt-logparse < <(printf "%b\n" "$text")
    assert_equal "$form: $output" "$form: $wanted"
    [ -z "$wanted" ] || assert_equal "$form: $stderr" "$form: "
}

@test "each form that --forms prints is read, with every name" {
    local examples=0
    BLANKS=${REPORT_LINE//	/ }
    each_example gives_its_measurement
    ((examples > 70))
}

@test "--forms prints every name that a member may have" {
    run -0 sed -n 's/^ *X("\([^"]*\)", .*/\1/p' "$ROOT/src/logparse/member.c"
    assert_equal "$(pt-logparse --forms | sed -n '/^Before/d; s/^[^ ].*: //p' | tr -d ' ' | tr , '\n' | sort)" "$(sort <<<"$output")"
}

@test "the manual page has the forms that --forms prints" {
    run -0 sed -n '/^\.Ss Forms/,/^\.Ed/p' "$ROOT/share/man/man1/pt-logparse.1"
    assert_equal "$(sed '1,/^\.Bd/d; /^\.Ed/d' <<<"$output")" "$(pt-logparse --forms | sed "s/\\\\/\\\\e/g; s/'/\\\\(aq/g; s/\`/\\\\(ga/g")"
}
