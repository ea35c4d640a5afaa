#!/usr/bin/env bats
# pt-logparse: stored logs in every form, the traps in them, and the invocation records of a run.

load helper

LOGS=$FIXTURES/logs

# measurements OPTION... FILE: what comes out, without the members that say where it came from, keys sorted.
measurements() {
    pt-logparse "$@" | jq -c --sort-keys 'select(.type == "measurement") | del(.functionName, .logStream, .timestamp, .index)'
}

# gives_expected NUMBER [OPTION...]: the stored log of that number gives what lies beside it, and nothing is said.
gives_expected() {
    local expected log
    expected=$(echo "$LOGS/$1"-*.expected.ndjson)
    for log in "$LOGS/$1"-*; do
        case $log in *.expected.ndjson) ;; *) break ;; esac
    done
    run -0 --separate-stderr measurements "${@:2}" "$log"
    assert_equal "$output" "$(jq -c --sort-keys . "$expected")"
    assert_equal "$stderr" ""
}

@test "stored log 01: text tabs" {
    gives_expected 01
}

@test "stored log 03: init first 2018" {
    gives_expected 03
}

@test "stored log 04: xray second line" {
    gives_expected 04
}

@test "stored log 05: status timeout" {
    gives_expected 05
}

@test "stored log 07: task timed out old" {
    gives_expected 07
}

@test "stored log 09: snapstart" {
    gives_expected 09
}

@test "stored log 11: very old 2014 2015" {
    gives_expected 11
}

@test "stored log 13: console expanded copy" {
    gives_expected 13 --distinct
}

@test "stored log 15: sam local" {
    gives_expected 15
}

@test "stored log 17: docker compose" {
    gives_expected 17
}

@test "stored log 18: localstack" {
    gives_expected 18
}

@test "stored log 21: sls logs" {
    gives_expected 21
}

@test "stored log 23: sam logs terminal paste" {
    gives_expected 23
}

@test "stored log 24: aws logs tail" {
    gives_expected 24
}

@test "stored log 25: aws logs tail short" {
    gives_expected 25
}

@test "stored log 27: pulumi logs" {
    gives_expected 27
}

@test "stored log 33: console export" {
    gives_expected 33
}

@test "stored log 36: filter log events" {
    gives_expected 36
}

@test "stored log 38: insights results" {
    gives_expected 38
}

@test "stored log 40: s3 export" {
    gives_expected 40
}

@test "stored log 41: subscription decoded" {
    gives_expected 41
}

@test "stored log 45: log event json" {
    gives_expected 45
}

@test "stored log 50: json platform report" {
    gives_expected 50
}

@test "stored log 52: json status" {
    gives_expected 52
}

@test "stored log 54: json console copy" {
    gives_expected 54 --distinct
}

@test "stored log 55: json glued to text" {
    gives_expected 55
}

@test "stored log 60: user text report" {
    gives_expected 60
}

@test "stored log 63: tail 4k cut" {
    gives_expected 63
}

@test "stored log 65: non utf8" {
    gives_expected 65
}

@test "stored log 67: duplicates" {
    gives_expected 67 --distinct
}

@test "stored log 68: crlf bom" {
    gives_expected 68
}

@test "stored log 69: invocation records" {
    gives_expected 69
}

@test "stored log 72: report over lines" {
    gives_expected 72
}

@test "stored log 75: empty" {
    gives_expected 75
}

@test "stored log 19: a log without a report is said to have none" {
    run -0 --separate-stderr pt-logparse "$LOGS/19-serverless-offline.log"
    assert_output ""
    assert_equal "$stderr" "pt-logparse: no REPORT in 5 lines"
}

# ---- forms -------------------------------------------------------------------------------------------------------------

ID=6d6fe7e6-ebb9-59bb-86fb-584407f77e5a
LINE="REPORT RequestId: $ID	Duration: 5.20 ms	Billed Duration: 6 ms	Memory Size: 128 MB	Max Memory Used: 57 MB	"
FOUND="{\"type\":\"measurement\",\"power\":128,\"requestId\":\"$ID\",\"durationMs\":5.20,\"billedDurationMs\":6,\"memorySizeMB\":128,\"maxMemoryUsedMB\":57"
OBJECT="{\"time\":\"2024-05-01T10:00:00.000Z\",\"type\":\"platform.report\",\"record\":{\"requestId\":\"$ID\",\"status\":\"success\",\"metrics\":{\"durationMs\":5.20,\"billedDurationMs\":6,\"memorySizeMB\":128,\"maxMemoryUsedMB\":57}}}"
AT=',"timestamp":1714557600000'
# The same with a number that every version of jq writes as it is: 1.7 keeps the last digit of 5.20, 1.6 does not.
PLAIN=${OBJECT/5.20/5.2} PLAIN_FOUND=${FOUND/5.20/5.2}

# reads TEXT WANTED: the log TEXT gives exactly the lines WANTED, and nothing is said.
reads() {
    run -0 --separate-stderr pt-logparse <<<"$1"
    assert_output "$2"
    assert_equal "$stderr" ""
}

@test "every figure of a line is kept as it was printed" {
    reads "${LINE}Init Duration: 162.10 ms	Restore Duration: 7 ms	Billed Restore Duration: 8 ms	Status: error	Error Type: Runtime.ExitError" \
        "{\"type\":\"measurement\",\"power\":128,\"requestId\":\"$ID\",\"durationMs\":5.20,\"billedDurationMs\":6,\"initDurationMs\":162.10,\"restoreDurationMs\":7,\"billedRestoreDurationMs\":8,\"memorySizeMB\":128,\"maxMemoryUsedMB\":57,\"status\":\"error\",\"errorType\":\"Runtime.ExitError\"}"
}

@test "a trace on the same line is passed over" {
    reads "${LINE}XRAY TraceId: 1-6a507b87	SegmentId: 7025cd	Sampled: true" "$FOUND}"
}

@test "a log stream and a time in front are where it came from" {
    reads "2024-05-01T10:00:00.000000+00:00 2024/05/01/[\$LATEST]9c1e $LINE" "$FOUND,\"logStream\":\"2024/05/01/[\$LATEST]9c1e\"$AT}"
}

@test "a log group in front names the function" {
    reads "/aws/lambda/my-function 2024/05/01/[\$LATEST]9c1e $LINE" \
        "$FOUND,\"functionName\":\"my-function\",\"logStream\":\"2024/05/01/[\$LATEST]9c1e\"}"
}

@test "journald's and syslog's prefixes are taken off" {
    reads "Sep 15 18:27:34 host lambda[123]: $LINE" "$FOUND}"
    reads "2024-05-01T10:00:00+0000 host lambda[123]: $LINE" "$FOUND$AT}"
}

@test "every form of journald's time has a name behind it" {
    reads "May 01 10:00:00.123456 host lambda: $LINE" "$FOUND}"
    reads "<14>May  1 10:00:00 host lambda[123]: $LINE" "$FOUND}"
    reads "2024-05-01T10:00:00.000000+0000 host lambda[123]: $LINE" "$FOUND$AT}"
    reads "Wed 2024-05-01 10:00:00 UTC host lambda[123]: $LINE" "$FOUND$AT}"
    reads "Wed 2024-05-01 12:00:00 CEST host lambda[123]: $LINE" "$FOUND}"
    reads "1714557600.000123 host lambda[123]: $LINE" "$FOUND$AT}"
    reads "[ 1234.567890] host lambda[123]: $LINE" "$FOUND}"
    reads "_PID=1
MESSAGE=$LINE
PRIORITY=6" "$FOUND}"
    # Without a number in brackets it may be anybody's words.
    run -0 --separate-stderr pt-logparse <<<"2024-05-01T10:00:00Z last report: $LINE
Wed 2024-05-01 10:00:00 UTC last report: $LINE
1714557600.000123 last report: $LINE"
    assert_equal "$output$stderr" 'pt-logparse: no REPORT in 3 lines'
}

@test "prefixes of Kubernetes, Loki, older LocalStacks and NUL bytes are taken off" {
    reads "2024-05-01T10:00:00.000000000Z stdout F $LINE" "$FOUND$AT}"
    reads "[pod/lambda-7d9f/lambda] 2024-05-01T10:00:00.000000000Z $LINE" "$FOUND$AT}"
    reads "2024-05-01T10:00:00Z {} $LINE
2024-05-01T10:00:00Z {app=\"a\", function=\"f\"} $LINE" "$FOUND$AT}
$FOUND$AT}"
    reads "> $LINE" "$FOUND}"
    run -0 --separate-stderr bash -c 'printf "\0\0\0%s\n" "$1" | pt-logparse' - "$LINE"
    assert_equal "$output$stderr" "$FOUND}"
    run -0 --separate-stderr pt-logparse <<<"{} $LINE
{app=\"a\"} $LINE
2024-05-01T10:00:00Z {app} $LINE
2024-05-01T10:00:00Z stdout X $LINE"
    assert_equal "$output$stderr" 'pt-logparse: no REPORT in 4 lines'
}

@test "the text that filter-log-events prints is a line of columns" {
    reads "EVENTS	35417278923900157220568013870260337006663878463029182464	1588165723192	2024/05/01/[\$LATEST]9c1e	$LINE" \
        "$FOUND,\"logStream\":\"2024/05/01/[\$LATEST]9c1e\",\"timestamp\":1588165723192}"
}

@test "colours of a terminal in front are taken off" {
    reads $'\e[33mapp-1  |\e[0m '"$LINE" "$FOUND}"
}

@test "the stream of a shared log group tells the function, in text, in colour and in JSON" {
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

@test "a JSON report on one line, with other text before it, or over many lines is the same" {
    reads "$OBJECT" "$FOUND,\"status\":\"success\"$AT}"
    reads "[extension] ready$OBJECT" "$FOUND,\"status\":\"success\"}"
    reads "$(jq . <<<"$PLAIN")" "$PLAIN_FOUND,\"status\":\"success\"$AT}"
}

@test "an array of the Telemetry API has its reports, and none of the function's own records" {
    reads "[$OBJECT,{\"time\":\"x\",\"type\":\"function\",\"record\":\"${LINE//	/\\t}\"},{\"type\":\"extension\",\"record\":{\"message\":\"${LINE//	/\\t}\"}}]" \
        "$FOUND,\"status\":\"success\"$AT}"
}

@test "a message may be a member of any of the usual names" {
    local name
    for name in message msg line value log @message MESSAGE event body short_message stringValue _raw _line; do
        reads "{\"host\":\"h\",\"$name\":\"${LINE//	/\\t}\\n\"}" "$FOUND}"
    done
}

@test "members of other names are no messages" {
    run -0 --separate-stderr pt-logparse <<<"{\"payload\":\"${LINE//	/\\t}\"}"
    assert_output ""
    assert_equal "$stderr" "pt-logparse: no REPORT in 1 lines"
}

@test "a JSON report may stand escaped in a member, twice over" {
    local once twice
    once=$(jq -c --arg text "$OBJECT" '{message: $text}' <<<null)
    twice=$(jq -c --arg text "$once" '{log: $text}' <<<null)
    reads "$once" "$FOUND,\"status\":\"success\"$AT}"
    reads "$twice" "$FOUND,\"status\":\"success\"$AT}"
}

@test "an answer of Loki has its lines in arrays" {
    reads "{\"data\":{\"result\":[{\"stream\":{},\"values\":[[\"1570818238000000000\",\"${LINE//	/\\t}\"]]}]}}" "$FOUND}"
}

@test "subscription payloads without anything between them are read one after the other" {
    local payload="{\"messageType\":\"DATA_MESSAGE\",\"logGroup\":\"/aws/lambda/f\",\"logStream\":\"s\",\"logEvents\":[{\"id\":\"1\",\"timestamp\":1714557600000,\"message\":\"${LINE//	/\\t}\"}]}"
    reads "$payload$payload" "$FOUND,\"functionName\":\"f\",\"logStream\":\"s\"$AT}
$FOUND,\"functionName\":\"f\",\"logStream\":\"s\"$AT}"
}

# packed JSON: as a subscription sends it.
packed() {
    gzip -c <<<"$1" | base64 -w 0
}

@test "what a subscription packs for a function, Kinesis or Firehose is unpacked" {
    local event data
    event='{"messageType":"DATA_MESSAGE","owner":"123456789012","logGroup":"/aws/lambda/f","logStream":"s","logEvents":[{"id":"1","timestamp":1714557600000,"message":"'${LINE//$'\t'/\\t}'\n"}]}'
    data=$(packed "$event")
    WANTED="$FOUND,\"functionName\":\"f\",\"logStream\":\"s\",\"timestamp\":1714557600000}"
    reads "{\"awslogs\":{\"data\":\"$data\"}}" "$WANTED"
    reads "{
  \"awslogs\": {
    \"data\": \"${data//\//\\/}\"
  }
}" "$WANTED"
    reads "{\"Records\":[{\"kinesis\":{\"data\":\"$data\"},\"eventID\":\"1\"},{\"kinesis\":{\"data\":\"$data\"}}]}" "$WANTED
$WANTED"
    reads "{\"invocationId\":\"i\",\"records\":[{\"recordId\":\"1\",\"data\":\"$data\"}]}" "$WANTED"
    run -0 --separate-stderr pt-logparse <<<'{"awslogs":{"data":"bm8gZ3ppcA=="}}'
    assert_equal "$stderr" "pt-logparse: no REPORT in 1 lines"
}

@test "packed events that are broken are counted as unreadable" {
    local data
    data=$(packed '{"logEvents":[]}')
    run -0 --separate-stderr pt-logparse <<<"{\"awslogs\":{\"data\":\"${data:0:24}\"}}"
    assert_equal "$stderr" "pt-logparse: 1 of 1 reports could not be read, first at standard input:1"
    run -0 --separate-stderr pt-logparse <<<"{\"awslogs\":{\"data\":\"H4sI!\"}}"
    assert_equal "$stderr" "pt-logparse: 1 of 1 reports could not be read, first at standard input:1"
    run -0 --separate-stderr bash -c "printf '{\"awslogs\":{\"data\":\"H4sI%0300000d\"}}' 0 | pt-logparse"
    assert_equal "$stderr" "pt-logparse: 1 of 1 reports could not be read, first at standard input:1"
}

@test "packed records that were put together are all read, as files of gzip and as documents" {
    local event two
    event='{"messageType":"DATA_MESSAGE","logGroup":"/aws/lambda/f","logStream":"s","logEvents":[{"id":"1","timestamp":1714557600000,"message":"'${LINE//$'\t'/\\t}'\n"}]}'
    WANTED="$FOUND,\"functionName\":\"f\",\"logStream\":\"s\",\"timestamp\":1714557600000}"
    two=$({ gzip -c <<<"$event" && gzip -c <<<"$event"; } | base64 -w 0)
    reads "{\"awslogs\":{\"data\":\"$two\"}}" "$WANTED
$WANTED"
    reads "{\"records\":[{\"data\":\"$(packed "$event$event")\"},{\"data\":\"$(packed "$event
$event")\"}]}" "$WANTED
$WANTED
$WANTED
$WANTED"
}

@test "packed records are read as Kinesis returns them and as Firehose sends them to an endpoint" {
    local data
    data=$(packed '{"messageType":"DATA_MESSAGE","logEvents":[{"message":"'"${LINE//$'\t'/\\t}"'"}]}')
    reads "{
    \"Records\": [
        {
            \"SequenceNumber\": \"1\",
            \"Data\": \"$data\"
        }
    ]
}" "$FOUND}"
    reads "{\"requestId\":\"$ID\",\"timestamp\":1714557600000,\"records\":[{\"data\":\"$data\"}]}" "$FOUND$AT}"
}

@test "the array of messages that a query of the AWS CLI leaves is read line by line" {
    local events
    events=$(jq -n --arg line "$LINE" '[{timestamp: 1714557600000, message: "START\n"}, {timestamp: 1714557600001, message: ($line + "\n")}]')
    reads "$(jq --indent 4 '[.[].message]' <<<"$events")" "$FOUND}"
    reads "$(jq --indent 4 '[.[] | [.timestamp, .message]]' <<<"$events")" "$FOUND}"
    reads "$(jq '.[].message' <<<"$events")" "$FOUND}"
    # An array on one line may be what a function prints.
    run -0 --separate-stderr pt-logparse <<<"$(jq -c '[.[].message]' <<<"$events")"
    assert_output ""
}

@test "sam logs prints a JSON report over many lines behind the stream and the time" {
    local stream='2024/05/01/[$LATEST]9c1e' time=2024-05-01T10:00:01.000000 pretty
    for pretty in "$(jq . <<<"$PLAIN")" "$(jq -S . <<<"$PLAIN")"; do
        reads "$stream $time START
$stream $time $pretty
$stream $time $pretty" "$PLAIN_FOUND,\"status\":\"success\",\"logStream\":\"$stream\"$AT}
$PLAIN_FOUND,\"status\":\"success\",\"logStream\":\"$stream\"$AT}"
        # Of the function's own.
        run -0 --separate-stderr pt-logparse <<<"2024-05-01T10:00:01.000Z	$ID	INFO	$pretty
got $pretty
[INFO] $pretty
$stream $time $(jq '{level: "INFO", requestId: "x", message: .}' <<<"$OBJECT")"
        assert_equal "$output" ''
    done
    # However the input comes.
    printf '%s\n' "$stream $time $(jq . <<<"$OBJECT")" "$LINE" "$stream $time $(jq . <<<"$OBJECT")" >"$BATS_TEST_TMPDIR/log"
    run -0 bash -c 'dd if="$1" bs=7 2>"$1.dd" | pt-logparse | diff - <(pt-logparse "$1")' - "$BATS_TEST_TMPDIR/log"
    assert_equal "$(pt-logparse "$BATS_TEST_TMPDIR/log" | wc -l)" 3
}

@test "what stands in front of a JSON report tells where it came from" {
    local stream='2024/05/01/[$LATEST]9c1e'
    reads "2024-05-01T10:00:01.000000+00:00 $stream $OBJECT" "$FOUND,\"status\":\"success\",\"logStream\":\"$stream\"$AT}"
    reads $'\e[32m/aws/lambda/f\e[0m \e[36m'"$stream"$'\e[0m '"$OBJECT" \
        "$FOUND,\"status\":\"success\",\"functionName\":\"f\",\"logStream\":\"$stream\"$AT}"
    # What the document itself says comes first.
    reads "2024-05-01T10:00:01Z /aws/lambda/f {\"message\":\"${LINE//	/\\t}\",\"logGroup\":\"/aws/lambda/g\",\"timestamp\":1714557600000}" \
        "$FOUND,\"functionName\":\"g\"$AT}"
}

@test "results of Logs Insights name function and stream whatever their order" {
    reads "{\"results\":[[{\"field\":\"@requestId\",\"value\":\"$ID\"},{\"field\":\"@message\",\"value\":\"${LINE//	/\\t}\"},{\"field\":\"@log\",\"value\":\"1:/aws/lambda/f\"},{\"field\":\"@logStream\",\"value\":\"s\"}]]}" \
        "$FOUND,\"functionName\":\"f\",\"logStream\":\"s\"}"
}

@test "a table has its message in the column that its heading says" {
    reads "@timestamp,@log,@message
2024-05-01 10:00:00.000,1:/aws/lambda/f,\"$LINE
\"
2024-05-01 10:00:00.000,1:/aws/lambda/f,\"user text
$LINE\"" "$FOUND,\"functionName\":\"f\"$AT}"
}

@test "a table may have lines of JSON behind it" {
    reads "timestamp,message
1714557600000,\"$LINE
\"
{\"log\": \"${LINE//	/\\t}\", \"stream\": \"stdout\"}
[$OBJECT,
$OBJECT]" "$FOUND$AT}
$FOUND}
$FOUND,\"status\":\"success\"$AT}
$FOUND,\"status\":\"success\"$AT}"
}

@test "a table names the log stream, and a column in front may be the request id" {
    reads "@timestamp,@logStream,@message
2024-05-01 10:00:00.000,2024/05/01/[\$LATEST]9c,\"$LINE\"" "$FOUND,\"logStream\":\"2024/05/01/[\$LATEST]9c\"$AT}"
    reads "$ID,$LINE" "$FOUND}"
}

@test "a JSON report in a column has its quotes doubled" {
    reads "timestamp,message
1714557600000,\"${OBJECT//\"/\"\"}\"" "$FOUND,\"status\":\"success\"$AT}"
    reads "1714557600001,\"${OBJECT//\"/\"\"}\"" "$FOUND,\"status\":\"success\"$AT}"
}

@test "compressed logs are read as they are, several in one file too" {
    cd "$BATS_TEST_TMPDIR"
    printf '%s\n' "$LINE" >a
    gzip -c a >two.gz && gzip -c a >>two.gz
    run -0 --separate-stderr pt-logparse two.gz
    assert_output "$FOUND}
$FOUND}"
    command -v zstd >/dev/null || skip "zstd is not installed"
    zstd -q -c a >two.zst && zstd -q -c a >>two.zst
    run -0 --separate-stderr pt-logparse - <two.zst
    assert_output "$FOUND}
$FOUND}"
}

@test "what pzstd packs is read, whose parts have a header in front" {
    command -v pzstd >/dev/null || skip "pzstd is not installed"
    printf '%s\n' "$LINE" >"$BATS_TEST_TMPDIR/a"
    pzstd -q -c "$BATS_TEST_TMPDIR/a" >"$BATS_TEST_TMPDIR/a.zst"
    run -0 --separate-stderr pt-logparse "$BATS_TEST_TMPDIR/a.zst"
    assert_output "$FOUND}"
}

@test "UTF-16, which Windows PowerShell writes, is read by its byte order mark" {
    local order text mark low high
    cd "$BATS_TEST_TMPDIR"
    # A character above U+FFFF, and halves of such.
    text=$(printf '{"message":"\360\237\230\200 Gr\303\274n"}\r\n%s\r\n%s\r' "$LINE" "$OBJECT")
    for order in LE BE; do
        mark='\376\377' low='\334\0' high='\330\0'
        [ $order = BE ] || mark='\377\376' low='\0\334' high='\0\330'
        { printf %b "$mark" && iconv -f UTF-8 -t UTF-16$order <<<"$text"; } >log
        {
            printf %b "$mark"
            iconv -f UTF-8 -t UTF-16$order <<<"${LINE/$ID/😀}"
            printf %b "$low$high"
            printf '%s\n' x "$LINE" | iconv -f UTF-8 -t UTF-16$order
            printf %b "$high"
        } >halves
        run -0 --separate-stderr pt-logparse log
        assert_output "$FOUND}
$FOUND,\"status\":\"success\"$AT}"
        assert_equal "$stderr" ''
        run -0 bash -c 'dd if=log bs=3 2>dd | pt-logparse | cmp - <(pt-logparse log)'
        run -0 --separate-stderr pt-logparse halves
        assert_output "${FOUND/$ID/😀}}
$FOUND}"
    done
    # Larger than what is read at once.
    { printf '\377\376' && plain 0 900 | iconv -f UTF-8 -t UTF-16LE; } >log
    pt-logparse log >wide
    plain 0 900 | pt-logparse | cmp - wide
}

@test "forms may be mixed in one input" {
    reads "$LINE
$(jq . <<<"{\"events\":[{\"message\":\"${LINE//	/\\t}\"}]}")
$OBJECT
$LINE" "$FOUND}
$FOUND}
$FOUND,\"status\":\"success\"$AT}
$FOUND}"
}

# ---- traps -------------------------------------------------------------------------------------------------------------

@test "a function's JSON line with a level and a request id is its own, whatever its message says" {
    run -0 --separate-stderr pt-logparse <<<"{\"level\":\"INFO\",\"requestId\":\"x\",\"message\":\"${LINE//	/\\t}\"}
{\"message\":$(jq -R . <<<"$OBJECT"),\"requestId\":\"x\",\"level\":\"INFO\"}"
    assert_output ""
}

@test "a function's JSON line is its own whatever its logger calls the request id" {
    local name
    for name in requestId function_request_id AWSRequestId awsRequestId aws_request_id request_id; do
        run -0 --separate-stderr pt-logparse <<<"{\"timestamp\":\"2024-05-01T10:00:00Z\",\"level\":\"INFO\",\"message\":\"${LINE//	/\\t}\",\"$name\":\"$ID\"}"
        assert_equal "$output$stderr" 'pt-logparse: no REPORT in 1 lines'
    done
}

@test "a level in front makes a line the function's own, in capitals or not" {
    local level
    for level in '[INFO]' '[info]' '[Warn ]' '<debug>' 'INFO |' '2024-05-01 10:00:00.000 | info | ' '2024-05-01T10:00:00Z	INFO	' \
        '2024-05-01T10:00:00Z	undefined	INFO	'; do
        run -0 --separate-stderr pt-logparse <<<"$level $LINE"
        assert_equal "$output$stderr" 'pt-logparse: no REPORT in 1 lines'
    done
    # An extension's words may have a report of the platform behind them.
    reads "[info] ready$OBJECT" "$FOUND,\"status\":\"success\"}"
}

@test "a function's own line may quote as many reports as it likes" {
    local many
    many=$(for i in $(seq 100); do printf '%s\n' "$PLAIN"; done)
    {
        jq -sc '{level: "INFO", message: tojson, requestId: "x"}' <<<"$many"
        jq -Rsc '{level: "INFO", message: ("x" + gsub("\n"; "")), requestId: "x"}' <<<"$many"
        jq -sc '{level: "INFO", requestId: "x", message: {records: .}}' <<<"$many"
        jq -sc '[{level: "INFO", message: tojson, requestId: "x"}, {message: tojson, logStream: "s"}]' <<<"$many"
    } >"$BATS_TEST_TMPDIR/own"
    run -0 --separate-stderr bash -c 'pt-logparse "$1" | sort | uniq -c' - "$BATS_TEST_TMPDIR/own"
    assert_output "    100 $PLAIN_FOUND,\"status\":\"success\",\"logStream\":\"s\"$AT}"
}

@test "lines of the platform in one message count, the function's own do not" {
    local text=${LINE//	/\\t}
    reads "{\"message\":\"START RequestId: $ID Version: \$LATEST\\n$text\\nEND RequestId: $ID\\n$text\"}" "$FOUND}
$FOUND}"
    run -0 --separate-stderr pt-logparse <<<"{\"message\":\"2024-05-01T10:00:00.000Z\\t$ID\\tINFO\\t$text\"}
{\"message\":\"[INFO]\\t2024-05-01T10:00:00.000Z\\t$ID\\t$text\"}
{\"message\":\"of my own\\n[list]\\n{object}\\n$text\"}
{\"message\":\"of my own\\n[list]\\n{object}\"}"
    assert_equal "$output$stderr" 'pt-logparse: no REPORT in 4 lines'
}

@test "a prefix that is none of those known makes a line the function's own" {
    run -0 --separate-stderr pt-logparse <<<"2024-05-01 10:00:00.000 (+01:00 $LINE
$(printf '\033]0;title\007')$LINE"
    assert_equal "$output$stderr" 'pt-logparse: no REPORT in 2 lines'
}

@test "containers in containers without end are no document, and swallow nothing" {
    local deep
    deep=$(printf '[%.0s' $(seq 150))
    reads "$deep$OBJECT
$LINE
{\"a\":$deep
$LINE" "$FOUND,\"status\":\"success\"}
$FOUND}
$FOUND}"
}

# long LENGTH: so many bytes of a JSON string, quotes and backslashes.
long() {
    head -c "$1" /dev/zero | tr '\0' q | sed 's/q/\\"/g'
}

@test "strings of megabytes are passed over, whatever is escaped in them, up to what is no JSON" {
    local name=$BATS_TEST_TMPDIR/log text=${LINE//	/\\t}
    for start in '' x; do
        {
            printf '{"x":"%s' "$start" && long 1500000 && printf '","message":"%s"}\n' "$text"
            printf '{"%s' "$start" && long 1500000 && printf '":1,"message":"%s"}\n' "$text"
        } >"$name"
        run -0 --separate-stderr pt-logparse "$name"
        assert_equal "$stderr" ''
        assert_output "$FOUND}
$FOUND}"
        run -0 bash -c 'cat "$1" | pt-logparse' - "$name"
        assert_output "$FOUND}
$FOUND}"
    done
    { printf '{"x":"' && long 1500000 && printf '\n%s\n' "$LINE"; } >"$name"
    run -0 --separate-stderr pt-logparse "$name"
    assert_output "$FOUND}"
    { printf '{"x":"' && long 1500000 && printf '",!!!%s\n%s\n' "$LINE" "$LINE"; } >"$name"
    run -0 --separate-stderr pt-logparse "$name"
    assert_output "$FOUND}"
    { printf '{"awslogs":{"data":"H4sI' && head -c 3000000 /dev/zero | tr '\0' x && printf '"}}\n'; } >"$name"
    run -0 --separate-stderr pt-logparse "$name"
    assert_equal "$stderr" "pt-logparse: 1 of 1 reports could not be read, first at $name:1"
}

@test "a file that is open and cannot be read is an error" {
    # Nothing is at the address 0.
    run -1 --separate-stderr pt-logparse /proc/self/mem
    assert_equal "$stderr" "pt-logparse: cannot read '/proc/self/mem': Input/output error"
}

@test "of 30,000 reports that stand there twice each counts once with --distinct" {
    awk -v before="${LINE%%"$ID"*}" -v after="${LINE#*"$ID"}" 'BEGIN { for (k = 0; k < 2; k++) for (i = 0; i < 30000; i++)
        printf "%s%08x-1111-4111-8111-%012x%s\n", before, i, i * 7, after }' >"$BATS_TEST_TMPDIR/twice"
    run -0 bash -c 'pt-logparse --distinct "$1" | sort -u | wc -l' - "$BATS_TEST_TMPDIR/twice"
    assert_output 30000
    run -0 bash -c 'pt-logparse --distinct "$1" | wc -l' - "$BATS_TEST_TMPDIR/twice"
    assert_output 30000
}

@test "a document that is cut off swallows nothing" {
    reads "{
  \"events\": [
    {\"message\": \"${LINE//	/\\t}\"},
    {\"message\": \"cut
$LINE" "$FOUND}
$FOUND}"
}

# in_little_memory COMMAND...: with 60 MB of address space. The sanitizers want some of their own.
in_little_memory() (
    [ "${PT_BUILD##*/}" = sanitize ] || ulimit -v 60000
    exec "$@"
)

@test "lines of several megabytes are passed over in little memory" {
    local long="$BATS_TEST_TMPDIR/long.log"
    {
        head -c 5000000 /dev/zero | tr '\0' x
        echo
        printf '%s\n' "$LINE"
        printf '{"message":"'
        head -c 5000000 /dev/zero | tr '\0' x
        printf '"}\n%s\n' "$LINE"
    } >"$long"
    run -0 --separate-stderr in_little_memory pt-logparse "$long"
    assert_output "$FOUND}
$FOUND}"
}

@test "a report behind megabytes of an extension's text is found once" {
    local long="$BATS_TEST_TMPDIR/long.log"
    {
        head -c 1000000 /dev/zero | tr '\0' x
        printf '%s' "$OBJECT"
        head -c 1000000 /dev/zero | tr '\0' x
        echo
    } >"$long"
    run -0 --separate-stderr pt-logparse "$long"
    assert_output "$FOUND,\"status\":\"success\"}"
}

@test "one document on one line of megabytes is read as it comes" {
    local one="$BATS_TEST_TMPDIR/one.json"
    {
        printf '{"events":['
        for i in $(seq 3000); do printf '{"timestamp":%s,"message":"%s"},' $((1714557600000 + i)) "${LINE//	/\\t}"; done
        printf '{}]}'
    } >"$one"
    run -0 --separate-stderr bash -c "pt-logparse '$one' | jq -s -c '[length, .[0].timestamp, .[-1].timestamp]'"
    assert_output "[3000,1714557600001,1714557603000]"
}

@test "what looks like a report and cannot be read is counted, with the place of the first" {
    printf '%s\n' "START" "$LINE" "${LINE%57 MB*}57" "${LINE/128 MB/128 GB}" "$LINE" >"$BATS_TEST_TMPDIR/cut.log"
    cd "$BATS_TEST_TMPDIR"
    run -0 --separate-stderr pt-logparse cut.log
    assert_output "$FOUND}
$FOUND}"
    assert_equal "$stderr" "pt-logparse: 2 of 4 reports could not be read, first at cut.log:3"
    run -0 --separate-stderr bash -c 'cat cut.log | pt-logparse'
    assert_equal "$stderr" "pt-logparse: 2 of 4 reports could not be read, first at standard input:3"
    run -1 --separate-stderr pt-logparse --strict cut.log
    assert_output "$FOUND}
$FOUND}"
}

@test "numbers beyond reason cannot be read" {
    run -0 --separate-stderr pt-logparse <<<"${LINE/5.20/99999999999}
${LINE/5.20/1e3}
${LINE/5.20/-5}
${LINE/128 MB/0 MB}
${OBJECT/5.20/1e400}
${OBJECT/5.20/\"5\"}"
    assert_output ""
    assert_equal "$stderr" "pt-logparse: 6 of 6 reports could not be read, first at standard input:1"
}

@test "a file that cannot be opened does not stop the others, but is in the exit code" {
    cd "$BATS_TEST_TMPDIR"
    printf '%s\n' "$LINE" >a
    run -1 --separate-stderr pt-logparse a none a
    assert_output "$FOUND}
$FOUND}"
    assert_equal "$stderr" "pt-logparse: cannot read 'none': No such file or directory"
}

@test "broken compressed data are an error, what came before them is not lost" {
    cd "$BATS_TEST_TMPDIR"
    {
        for i in $(seq 2000); do printf '%s %s\n' "$i" "$RANDOM"; done
        printf '%s\n' "$LINE"
    } >a
    gzip -c a | head -c 3000 >cut.gz
    run -1 --separate-stderr pt-logparse cut.gz
    assert_equal "${stderr_lines[0]}" "pt-logparse: cannot read 'cut.gz': gzip data: unexpected end"
    # Damaged in the middle: what could be read before it counts.
    printf '%s\n' "$LINE" >first
    # A header, and a block of the kind that there is not.
    { gzip -c first && printf '\037\213\010\0\0\0\0\0\0\003\007' && gzip -c a; } >damaged.gz
    run -1 --separate-stderr pt-logparse damaged.gz
    assert_output "$FOUND}"
    assert_regex "${stderr_lines[0]}" "^pt-logparse: cannot read 'damaged\\.gz': gzip data: invalid block type"
    { gzip -c first | head -c -8 && printf 8damaged; } >damaged.gz
    run -1 --separate-stderr pt-logparse damaged.gz
    assert_output "$FOUND}"
    assert_equal "${stderr_lines[0]}" "pt-logparse: cannot read 'damaged.gz': gzip data: incorrect data check"
    { zstd -qc first && printf '\050\265\057\375\040\005\007\0\0' && zstd -qc a; } >damaged.zst
    run -1 --separate-stderr pt-logparse damaged.zst
    assert_output "$FOUND}"
    assert_regex "${stderr_lines[0]}" "^pt-logparse: cannot read 'damaged\\.zst': zstd data: [A-Z]"
}

@test "zeros that fill up the block of a tape are no broken data" {
    { printf '%s\n' "$LINE" | gzip -c && head -c 700 /dev/zero; } >"$BATS_TEST_TMPDIR/padded.gz"
    run -0 --separate-stderr pt-logparse "$BATS_TEST_TMPDIR/padded.gz"
    assert_output "$FOUND}"
    assert_equal "$stderr" ''
}

@test "a folder is no file, and does not stop the others" {
    cd "$BATS_TEST_TMPDIR"
    mkdir folder
    printf '%s\n' "$LINE" >log
    run -1 --separate-stderr pt-logparse folder log
    assert_output "$FOUND}"
    assert_equal "$stderr" "pt-logparse: cannot read 'folder': Is a directory"
}

@test "a full disk is an error" {
    run -1 --separate-stderr bash -c "pt-logparse '$LOGS/01-text-tabs.log' >/dev/full"
    assert_equal "$stderr" "pt-logparse: cannot write standard output: No space left on device"
}

@test "an unknown option is refused" {
    run -2 --separate-stderr pt-logparse --fast
    assert_output ""
    assert_equal "$stderr" "pt-logparse: unknown option '--fast' (see pt-logparse --help)"
}

@test "a report shows as soon as its line is there" {
    mkfifo "$BATS_TEST_TMPDIR/in" "$BATS_TEST_TMPDIR/out"
    pt-logparse <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/out" 3>&- &
    exec 8>"$BATS_TEST_TMPDIR/in" 9<"$BATS_TEST_TMPDIR/out"
    printf '%s\n' "$LINE" >&8
    read -r -t 20 line <&9
    exec 8>&- 9<&-
    wait
    assert_equal "$line" "$FOUND}"
}

# plain N: N invocations of a usual log, about a kilobyte each, from number $1 on.
plain() {
    awk -v from="$1" -v n="$2" 'BEGIN { for (i = from; i < from + n; i++) { id = sprintf("00000000-0000-4000-8000-%012d", i)
        printf "START RequestId: %s Version: $LATEST\n%*d a line of the function\n{\"a\": %d}\nEND RequestId: %s\n", id, 600 + i % 500, i, i, id
        printf "REPORT RequestId: %s\tDuration: %d.%02d ms\tBilled Duration: %d ms\tMemory Size: 128 MB\tMax Memory Used: 57 MB\t\n",
            id, i % 900, i % 100, i % 900 + 1
        if (i % 7 == 0) printf "{\"time\":\"2024-05-01T10:00:00.000Z\",\"type\":\"platform.report\",\"record\":{\"requestId\":\"00000000-0000-4000-9000-%012d\",\"metrics\":{\"durationMs\":%d.125,\"billedDurationMs\":%d,\"memorySizeMB\":256,\"maxMemoryUsedMB\":60},\"status\":\"success\"}}\n", i, i % 90, i % 90 + 1 } }'
}

# same_in_blocks FILE: a file, which several threads may read in blocks, gives what a pipe gives.
same_in_blocks() {
    pt-logparse "$1" >"$1.file" 2>"$1.file.said"
    # shellcheck disable=SC2002 # a pipe is what it is about
    cat "$1" | pt-logparse >"$1.pipe" 2>"$1.pipe.said"
    sed -i 's/standard input/FILE/' "$1.pipe.said"
    sed -i "s|$1|FILE|" "$1.file.said"
    run -0 cmp "$1.file" "$1.pipe"
    run -0 diff "$1.file.said" "$1.pipe.said"
}

@test "a large file gives the same bytes as a pipe, whatever stands where" {
    cd "$BATS_TEST_TMPDIR"
    plain 0 6000 >usual
    same_in_blocks usual
    assert_equal "$(wc -l <usual.file)" 6858
    # Lines that make the block they stand in another one: each kind in a block of its own.
    {
        plain 0 1000
        printf '[\n%s\n]\n' "$OBJECT"
        plain 1000 1000
        printf '{"events":[{"message":"%s"}]}\n' "${LINE//$'\t'/\\t}"
        plain 2000 1000
        echo "a line of the function with a REPORT RequestId: $ID in it"
        plain 3000 1000
        printf '%s\n' "$OBJECT" "$LINE" "2024-05-01T10:00:00Z $LINE"
        plain 4000 500
        # From here on all are records of this toolkit.
        echo '{"type":"measurement","power":128,"requestId":"x","durationMs":1,"billedDurationMs":1,"memorySizeMB":128,"maxMemoryUsedMB":1}'
        plain 4500 500
    } >others
    same_in_blocks others
    assert_equal "$(wc -l <others.file)" 5721
    LC_ALL=C awk -v seed=31 -v invocations=1500 -f "$ROOT/tests/slow/make-log.awk" >damaged
    plain 0 40 | jq -Rs '{events: [split("\n")[:-1][] | {message: ., logStreamName: "s", timestamp: 1714557600000}]}' >document
    {
        plain 0 2500
        cat damaged
        plain 3000 1200
        cat document
        plain 5000 1700
        # A line over several blocks with a report behind it, and one that falls apart into lines.
        printf '%0700000d%s\n' 0 "$OBJECT"
        plain 7000 700
        printf '%s\n' "REPORT RequestId: $ID" "Duration: 5.20 ms" "Billed Duration: 6 ms" "Memory Size: 128 MB" "Max Memory Used: 57 MB"
        plain 8000 900 | sed 's/$/\r/'
        plain 9000 300 | tr -d '\n'
        plain 9500 600
        printf '%s' "$LINE"
    } >mixed
    same_in_blocks mixed
    # Cut anywhere, with a document that the cut leaves open.
    head -c 5000001 mixed >shortened
    same_in_blocks shortened
    tail -c 5000003 mixed >headless
    same_in_blocks headless
    {
        echo '{"type":"plan","schema":1,"runId":"r"}'
        plain 0 5000
    } >records
    same_in_blocks records
    {
        echo 'timestamp,message'
        plain 0 5000 | sed 's/"/""/g; s/.*/1714557600000,"&"/'
    } >table
    same_in_blocks table
}

# read_while CHANGE: what pt-logparse makes of the file `log`, in `got`, when the command CHANGE is run at its first line.
read_while() {
    local line
    rm -f fifo
    mkfifo fifo
    pt-logparse log >fifo 2>said &
    exec 9<fifo
    read -r -t 20 line <&9
    "$@"
    { echo "$line" && cat <&9; } >got
    exec 9<&-
    wait $!
}

more_lines() { plain 0 700 >>log; }

@test "a large file that is cut short while it is read ends there, one that grows at its new end" {
    cd "$BATS_TEST_TMPDIR"
    plain 0 6000 >some
    cat some some some some >log
    head -c 15000001 log | pt-logparse >wanted
    read_while truncate -s 15000001 log
    run -0 cmp got wanted
    assert_equal "$(cat said)" ''
    cat some some some some >log
    read_while more_lines
    pt-logparse log | cmp - got
    assert_equal "$(wc -l <got)" $((4 * 6858 + 800))
}

@test "a large file for whose size there is no address space is read all the same" {
    cd "$BATS_TEST_TMPDIR"
    plain 0 6000 >some
    cat some some some some some some some some some some >log
    pt-logparse some >wanted
    in_little_memory pt-logparse log | tee got | tail -n 6858 | cmp - wanted
    assert_equal "$(wc -l <got)" 68580
}

@test "of a large file the place of the first report that cannot be read is right" {
    cd "$BATS_TEST_TMPDIR"
    {
        plain 0 5000
        echo "REPORT RequestId: x"
        plain 5000 100
    } >log
    run -0 --separate-stderr bash -c 'pt-logparse log | wc -l'
    assert_output 5829
    assert_equal "$stderr" "pt-logparse: 1 of 5830 reports could not be read, first at log:$(grep -n 'RequestId: x' log | cut -d : -f 1)"
}

@test "of a large document the place of the first report that cannot be read is right, in a file and in a pipe" {
    cd "$BATS_TEST_TMPDIR"
    plain 0 1500 | jq -R --arg bad "REPORT RequestId: x" '[., if input_line_number == 900 or input_line_number == 4000 then $bad else empty end][] |
        {message: ., timestamp: 1714557600000}' | jq -s '{events: .}' >document
    line=$(grep -n 'RequestId: x"' document | head -n 1 | cut -d : -f 1)
    run -0 --separate-stderr bash -c 'pt-logparse document | wc -l'
    assert_equal "$stderr" "pt-logparse: 2 of 1717 reports could not be read, first at document:$line"
    # shellcheck disable=SC2002 # a pipe is what it is about
    run -0 --separate-stderr bash -c 'cat document | pt-logparse | wc -l'
    assert_equal "$stderr" "pt-logparse: 2 of 1717 reports could not be read, first at standard input:$line"
}

# ---- the same as a slow reader -----------------------------------------------------------------------------------------

@test "generated and damaged logs give the same bytes as the slow reader, whole or in small pieces" {
    local seed log=$BATS_TEST_TMPDIR/log
    for seed in 11 12 13; do
        LC_ALL=C awk -v seed=$seed -v invocations=3000 -f "$ROOT/tests/slow/make-log.awk" >"$log"
        LC_ALL=C awk -f "$ROOT/tests/slow/read-log.awk" "$log" >"$log.slow" 2>"$log.unreadable"
        pt-logparse "$log" >"$log.fast" 2>"$log.said"
        cmp "$log.slow" "$log.fast"
        assert_equal "$(grep -o '[0-9]* of' "$log.said")" "$(sed 's/ unreadable/ of/' "$log.unreadable")"
        dd if="$log" bs=37 2>"$log.dd" | pt-logparse 2>"$log.said" | cmp - "$log.slow"
    done
}

# ---- invocation records ------------------------------------------------------------------------------------------------

# invocation TAIL [MEMBERS]: an invocation record with that log tail.
invocation() {
    printf '{"type":"invocation","power":256,"index":3,"requestId":"%s","statusCode":200,"executedVersion":"1","logResult":"%s","clientDurationMs":9%s}\n' \
        "$ID" "$(printf '%s\n' "$1" | base64 -w 0)" "${2:-}"
}
OTHER=7c9fe014-72ed-4b27-016c-9c0d89d4c889
MINE="${FOUND/\"power\":128,/\"power\":256,\"index\":3,}"
PLAN='{"type":"plan","schema":1,"runId":"r","allowedExceptions":["Allowed"]}'

@test "of a log tail only the report with the invocation's own id counts, the last of them" {
    reads "$(invocation "${LINE/5.20/1.00}
${LINE/$ID/$OTHER}
$LINE
${LINE/$ID/$OTHER}")" "$MINE}"
}

@test "no prefix is taken off inside a log tail" {
    reads "$(invocation "app-1  | $LINE")" "{\"type\":\"failure\",\"power\":256,\"index\":3,\"kind\":\"noReport\",\"requestId\":\"$ID\",\"log\":$(jq -n --arg line "app-1  | $LINE" '$line + "\n"')}"
}

@test "with --any-request-id the last report of the tail counts" {
    run -0 --separate-stderr pt-logparse --any-request-id <<<"$(invocation "$LINE
${LINE/$ID/$OTHER}")"
    assert_output "${MINE/$ID/$OTHER}}"
}

@test "a JSON report in the tail counts too" {
    reads "$(invocation "text$OBJECT")" "$MINE,\"status\":\"success\"}"
    reads "$(invocation "a { b {\"c\":1}$OBJECT")" "$MINE,\"status\":\"success\"}"
    reads "$(invocation 'a { platform.report { b')" "{\"type\":\"failure\",\"power\":256,\"index\":3,\"kind\":\"noReport\",\"requestId\":\"$ID\",\"log\":\"a { platform.report { b\\n\"}"
}

@test "an index that is null is as if there were none" {
    reads "$(invocation "$LINE" | jq -c '.index = null')" "${MINE/\"index\":3,/}}"
}

@test "members that the stage does not know pass on, others are used up" {
    reads "$(invocation "$LINE" ',"payloadIndex":2,"x":{"y":1.0}')" "$MINE,\"payloadIndex\":2,\"x\":{\"y\":1.0}}"
}

@test "an error of the function is a failure when the plan does not allow it" {
    reads "$PLAN
$(invocation "$LINE" ',"functionError":"Unhandled","errorType":"Bad"')" "$PLAN
{\"type\":\"failure\",\"power\":256,\"index\":3,\"kind\":\"functionError\",\"requestId\":\"$ID\",\"errorType\":\"Bad\",\"log\":$(jq -n --arg line "$LINE" '$line + "\n"')}"
}

@test "a failure keeps the end of its log, unless the plan has disablePayloadLogs" {
    long=$(printf 'line %d\n' {1..1000})
    run -0 pt-logparse <<<"$PLAN"$'\n'"$(invocation "$long")"
    assert_equal "$(jq -rj 'select(.type == "failure") | .log' <<<"$output" | cmp - <(tail -c 4096 <<<"$long") && echo same)" same
    run -0 pt-logparse <<<"${PLAN/\"runId\"/\"disablePayloadLogs\":true,\"runId\"}"$'\n'"$(invocation "$long")"
    assert_equal "$(jq -c 'select(.type == "failure") | keys' <<<"$output")" '["index","kind","power","requestId","type"]'
}

@test "an error that the plan or an option allows is a measurement" {
    reads "$PLAN
$(invocation "$LINE" ',"functionError":"Unhandled","errorType":"Allowed"')" "$PLAN
$MINE,\"errorType\":\"Allowed\"}"
    run -0 --separate-stderr pt-logparse --allowed-exceptions Other,Bad <<<"$PLAN
$(invocation "$LINE" ',"functionError":"Unhandled","errorType":"Bad"')"
    assert_output "$PLAN
$MINE,\"errorType\":\"Bad\"}"
}

@test "without a plan an error is nobody's failure" {
    reads "$(invocation "$LINE" ',"functionError":"Unhandled","errorType":"Bad"')" "$MINE,\"errorType\":\"Bad\"}"
}

@test "records of other types pass unchanged, unknown ones too" {
    local records='{"type": "plan","schema":1, "runId":"r"}
{"type":"configuration","power":128,  "n":1e400}
{"type":"new","x":[1,2]}
{"type":"failure","power":128,"kind":"lost"}'
    reads "$records" "$records"
    for records in '{"power":128,"type":"measurement","billedDurationMs":1}' '{"value":128,"type":"stat","count":1}'; do
        reads "$records" "$records"
    done
}

@test "JSON that a function logs is no record" {
    run -0 --separate-stderr pt-logparse <<<"$LINE
{\"type\":\"order\",\"id\":5}
{\"type\":\"failure\",\"reason\":\"x\"}"
    assert_output "$FOUND}"
}

@test "an invocation record that is cut off or has wrong members is reported and ends with 2" {
    local good
    good=$(invocation "$LINE")
    run -2 --separate-stderr pt-logparse <<<"${good::80}"
    assert_output ""
    assert_equal "$stderr" "pt-logparse: standard input:1: invocation record: unexpected end inside a string"
    run -2 --separate-stderr pt-logparse <<<"${good/256/\"256\"}"
    assert_equal "$stderr" "pt-logparse: standard input:1: invocation record: member 'power' is a string, not a number"
    run -2 --separate-stderr pt-logparse <<<"${good/\"logResult\":\"/\"logResult\":\"*}"
    assert_equal "$stderr" "pt-logparse: standard input:1: invocation record: member 'logResult' is not base64"
}

@test "a plan of twelve megabytes passes" {
    {
        printf '{"type":"plan","schema":1,"runId":"r","payload":"'
        head -c 12000000 /dev/zero | tr '\0' x
        printf '"}\n'
    } >"$BATS_TEST_TMPDIR/plan"
    run -0 bash -c "pt-logparse '$BATS_TEST_TMPDIR/plan' | cmp - '$BATS_TEST_TMPDIR/plan'"
    assert_output ""
}
