# Lists of events: --payload-file, --payload-member and --payloads; which invocation gets which event.

load helper

setup() {
    ACTOR=$PT_BUILD/functions/actor
    [ -d "$ACTOR" ] || ACTOR=$ROOT/build/functions/actor
    export AWS_REGION=us-east-1
    start_local --no-verify --record "$BATS_TEST_TMPDIR/record" --function "actor=$ACTOR"
    export AWS_ENDPOINT_URL=$ENDPOINT
    cd "$BATS_TEST_TMPDIR"
}

teardown() {
    stop_local
}

# plan OPTION...: the payloads of the plan, and how they are used.
plan() {
    pt-init --function actor --num 5 --power-values 128,256 "$@" | head -n 1 | jq -rc '(.payloadUse // "-"), (.payloads[]? | [.payload, .weight // empty] | join(" * ")), .payload // empty'
}

# sent: each payload that the function got, with the size, in order for each size.
sent() {
    jq -rs '[.[] | select(.operation == "Invoke")] | group_by(.query) | .[] | map(.payload) | join(" ")' record
}

@test "a file has one event on each line, or is a JSON array; each size gets them in turn" {
    printf '{"id": 1}\n\n "two" \r\n[3]' >events.ndjson
    run -0 --separate-stderr plan --payload-file events.ndjson
    assert_equal "$output" $'inTurn\n{"id": 1}\n"two"\n[3]'
    echo '[{"id": 1}, "two", [3]]' >events.json
    run -0 --separate-stderr plan --payload-file events.json
    assert_equal "$output" $'inTurn\n{"id": 1}\n"two"\n[3]'
    echo '{"id": 1}' >one.json
    run -0 --separate-stderr plan --payload-file one.json
    assert_equal "$output" $'inTurn\n{"id": 1}'
    run -0 --separate-stderr power-tune --quiet --function actor --num 5 --power-values 128,256 --payload-file events.ndjson
    assert_equal "$(sent)" '{"id": 1} "two" [3] {"id": 1} "two"
{"id": 1} "two" [3] {"id": 1} "two"'
}

@test "of more events than invocations, some of the whole file are used" {
    seq 100 >events.ndjson
    run -0 --separate-stderr plan --payload-file events.ndjson
    assert_equal "$output" $'inTurn\n1\n21\n41\n61\n81'
}

@test "a folder has an event in each JSON file" {
    mkdir events
    printf '{\n  "b": 2\n}\n' >events/b.json
    echo '["a"]' >events/a.json
    echo 'nothing' >events/README
    run -0 --separate-stderr plan --payload-file events
    assert_equal "$output" $'inTurn\n["a"]\n{\n  "b": 2\n}'
}

@test "events can be weighted by how often they occur" {
    printf '%s\n' '{"a":1}' 2 '{"a":1}' '{"a":1}' >events.ndjson
    run -0 --separate-stderr plan --payload-file events.ndjson --payloads weighted
    assert_equal "$output" $'-\n{"a":1} * 3\n2 * 1'
    echo '[{"payload":{"a":1},"weight":4},{"payload":2,"weight":1}]' >weighted.json
    run -0 --separate-stderr plan --payload-file weighted.json
    assert_equal "$output" $'-\n{"a":1} * 4\n2 * 1'
    run -2 --separate-stderr pt-init --function actor --num 5 --payload-file weighted.json --payloads once
    assert_equal "$stderr" 'pt-init: --payloads: a weighted list cannot be used as "once"'
}

@test "the events that a function logged are found in any form of a log" {
    # Lines of an export to S3; the message is a string of JSON after the runtime's own fields.
    cat >export.log <<'EOF2'
2026-01-01T00:00:00.000Z START RequestId: 11111111-2222-4333-8444-555555555555 Version: $LATEST
2026-01-01T00:00:00.001Z 2026-01-01T00:00:00.001Z	11111111-2222-4333-8444-555555555555	INFO	got {} {"record":{"event":{"id": 1.0}}}
2026-01-01T00:00:00.002Z {"level":"INFO","record":{"event":"{\"id\": 2}"}}
2026-01-01T00:00:00.003Z {"record":{"other":1}} {"unfinished":
EOF2
    run -0 --separate-stderr plan --payload-file export.log --payload-member record.event
    assert_equal "$output" $'inTurn\n{"id": 1.0}\n{"id": 2}'
    # The response of FilterLogEvents, as the aws command prints it.
    jq -Rn '{events: [inputs | {timestamp: 1, message: (. + "\n")}]}' export.log >events.json
    run -0 --separate-stderr plan --payload-file events.json --payload-member record.event
    assert_equal "$output" $'inTurn\n{"id": 1.0}\n{"id": 2}'
    # The data that a subscription filter sends, one batch on each line; all files of a folder.
    mkdir batches
    jq -c '{logEvents: .events}' events.json >batches/1.json
    jq -c '{logEvents: .events}' events.json >batches/2.json
    run -0 --separate-stderr plan --payload-file batches --payload-member record.event
    assert_equal "$output" $'inTurn\n{"id": 1.0}\n{"id": 2}\n{"id": 1.0}\n{"id": 2}'
    run -2 --separate-stderr pt-init --function actor --num 5 --payload-file export.log --payload-member record.none
    assert_equal "$stderr" "pt-init: --payload-file: 'export.log' has no event: nothing in it has the member 'record.none'"
}

@test "with once, no event is sent twice in the whole run" {
    seq 1 20 >ids.ndjson
    run -0 --separate-stderr power-tune --quiet --function actor --num 5 --power-values 128,256 --warmup 1 \
        --payload-file ids.ndjson --payloads once
    assert_equal "$(jq -r 'select(.operation == "Invoke") | .payload' record | sort -n | xargs)" "$(seq -s ' ' 1 12)"
    seq 1 11 >ids.ndjson
    run -2 --separate-stderr power-tune --quiet --function actor --num 5 --power-values 128,256 --warmup 1 \
        --payload-file ids.ndjson --payloads once
    assert_equal "$stderr" \
        'pt-init: --payloads: each is to be used once, but 11 are fewer than the 12 invocations of this run (6 at each of 2 sizes)'
}

@test "the list of an input can be used once or in turn" {
    run -0 --separate-stderr power-tune --quiet - <<<'{"lambdaARN":"actor","num":5,"powerValues":[128],"payloads":"once","payload":[1,{"a":2},"{\"b\": 3}","x",[5],6]}'
    assert_equal "$(sent)" '1 {"a":2} {"b": 3} "x" [5]'
    run -2 --separate-stderr pt-init - <<<'{"lambdaARN":"actor","num":5,"payloads":"once","payload":{"a":1}}'
    assert_equal "$stderr" 'pt-init: standard input: payloads: the payload is an object, not a list'
    run -2 --separate-stderr pt-init - <<<'{"lambdaARN":"actor","num":5,"payloads":"twice","payload":[1]}'
    assert_equal "$stderr" 'pt-init: standard input: payloads: "twice" is not "inTurn", "weighted" or "once"'
}

@test "a failure names its event, and the figures are not divided by event" {
    printf '%s\n' 1 '{"error":"E"}' >events.ndjson
    run -0 --separate-stderr power-tune --quiet --function actor --num 6 --power-values 128 --payload-file events.ndjson \
        --keep-going --max-failures 100 --include-output-results --run-dir run
    assert_equal "$(jq -c 'select(.type == "failure") | [.index, .eventIndex]' run/invoke.ndjson | xargs)" '[1,1] [3,1] [5,1]'
    assert_equal "$(jq -c '.stats[0] | [.count, .failed, .payloads]' <<<"$output")" '[3,3,null]'
}

@test "payload files that cannot be used are refused with their place" {
    printf '1\n{"a":\n' >broken.ndjson
    mkdir empty mixed
    echo '{' >mixed/a.json
    mkfifo pipe
    touch nothing
    printf '%s\n' broken.ndjson empty mixed pipe nothing absent | while read -r file; do
        pt-init --function actor --num 5 --payload-file "$file" || true
    done 2>errors
    run -0 cat errors
    assert_output "pt-init: --payload-file: broken.ndjson:2: not JSON: unexpected end at byte 6
pt-init: --payload-file: 'empty' has no event: no file *.json
pt-init: --payload-file: mixed/a.json: not JSON: unexpected end at byte 3
pt-init: --payload-file: 'pipe' is neither a file nor a folder
pt-init: --payload-file: 'nothing' has no event
pt-init: --payload-file: cannot read 'absent': No such file or directory"
    run -2 --separate-stderr pt-init --function actor --num 5 --payload-file nothing --payload 1
    assert_equal "$(head -n 1 <<<"$stderr")" 'pt-init: --payload-file: cannot be given together with another payload'
}

@test "with disablePayloadLogs the events are in no record" {
    printf '{"secret":%s}\n' 1 2 3 >events.ndjson
    run -0 --separate-stderr power-tune --quiet --function actor --num 5 --power-values 128 --payload-file events.ndjson \
        --disable-payload-logs --run-dir run
    assert_equal "$(sent)" '{"secret":1} {"secret":2} {"secret":3} {"secret":1} {"secret":2}'
    run -1 grep -r secret run
}
