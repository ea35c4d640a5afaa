#!/usr/bin/env bats
# pt-records(7) against what the programs write: each type and each member is described, and nothing is described that no program
# writes.

load helper

setup() {
    ACTOR=$PT_BUILD/functions/actor
    [ -d "$ACTOR" ] || ACTOR=$ROOT/build/functions/actor
    PAGE=$ROOT/share/man/man7/pt-records.7
    cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
    stop_local
}

# The members that the page describes: TYPE MEMBER, one a line. In the page, a member is an argument of Li in the section of its type.
described() {
    awk '/^\.Sh EXAMPLES/ { exit }
        /^\.Ss/ { type = $2 }
        type && /^\.(It )?Li / { for (i = 2; i <= NF; i++) if ($i ~ /^[a-z][A-Za-z0-9.]*$/) print type, $i }' "$PAGE" | sort -u
}

# The members of the records in FILE...: TYPE MEMBER, one a line. Left out are the members of objects whose members are names of
# others: of AWS, of errors, of reasons.
written() {
    cat "$@" | jq -r '
        def kind: if has("type") then .type elif has("basis") then "advice" else "result" end;
        def members: walk(if type == "object" then with_entries(if .key | IN("loggingConfig", "trialLoggingConfig",
            "failedByErrorType", "lostByReason", "errors", "lostReasons") then .value = null else . end) else . end) | [paths | last | strings] | unique[];
        (objects | kind as $kind | del(.type, .stats) | "\($kind) \(members)"),
        (.stats[]? | "stat \(del(.probability, .averageDurationInterval, .averagePriceInterval) | members)"),
        (select(has("stats")) | "result \("stats", (.stats[] | keys[] | select(IN("probability", "averageDurationInterval",
            "averagePriceInterval"))))")' | sort -u
}

# check_records TYPES FILE...: the records are of these types, and every member is described.
check_records() {
    local types=$1
    shift
    written "$@" >written.txt
    assert_equal "$(cut -d ' ' -f 1 written.txt | sort -u | paste -s -d ' ')" "$types"
    # Advice for several sizes has the members of the result.
    described | sed 'p; s|^result |advice |' >described.txt
    run grep -vxF -f described.txt written.txt
    assert_output ''
}

start_actor() {
    export AWS_REGION=us-east-1
    start_local --no-verify --function "my-function=$ACTOR"
    export AWS_ENDPOINT_URL=$ENDPOINT
}

@test "pt-records(7) describes the records of a run" {
    start_actor
    echo '{"lambdaARN": "my-function", "powerValues": [128, 256], "num": 5, "includeOutputResults": true, "allowedExceptions": ["Known"],
        "payload": [{"weight": 1, "payload": {"error": "Known"}}, {"weight": 4, "payload": {}}]}' >input.json
    run -0 --separate-stderr power-tune --quiet --run-dir run --warmup 1 --timeout 20 input.json
    check_records 'configuration execution invocation journal measurement plan result stat state warmup' run/*.ndjson run/result.json
}

@test "pt-records(7) describes the records of a run that optimizes, with failures" {
    start_actor
    run -0 --separate-stderr power-tune --quiet --run-dir run --function my-function --num 5 --power-values 128,1024 \
        --payload '{"memory": 150}' --keep-going --auto-optimize --auto-optimize-alias live
    check_records 'configuration execution failure invocation journal measurement plan result stat state' run/*.ndjson run/result.json
    run -1 --separate-stderr power-tune --quiet --run-dir error --function my-function --num 5 --power-values 512 --payload '{"error": "Type"}'
    check_records 'configuration execution failure journal plan stat state' error/*.ndjson
}

@test "pt-records(7) describes the records of a dry run that fails" {
    start_actor
    run -1 --separate-stderr power-tune --quiet --run-dir run --function my-function --num 5 --power-values 512 --payload '{"error": "Type"}' --dry-run
    check_records 'configuration execution invocation journal plan state' run/*.ndjson
    run -0 --separate-stderr power-tune --quiet --function my-function --num 5 --power-values 512 --dry-run
    echo "$output" >result.json
    check_records result result.json
}

@test "pt-records(7) describes the records of a run until sure" {
    start_actor
    run -0 --separate-stderr power-tune --quiet --run-dir run --function my-function --num 5 --power-values 128,512 --until-sure=20
    check_records 'configuration decision execution invocation journal measurement plan result stat state' run/*.ndjson run/result.json
}

@test "pt-records(7) describes the records of cold starts" {
    start_actor
    run -0 --separate-stderr power-tune --quiet --run-dir run --function my-function --num 5 --power-values 512 --only-cold-starts
    check_records 'configuration execution invocation journal measurement plan result stat state' run/*.ndjson run/result.json
}

@test "pt-records(7) describes what is made of logs" {
    for log in "$FIXTURES"/logs/*.log "$FIXTURES"/logs/*.json; do
        pt-logparse "$log" 2>/dev/null || [ $? -le 2 ]
    done >measurements.ndjson
    pt-stats measurements.ndjson >stats.ndjson 2>/dev/null
    pt-stats --partial measurements.ndjson >partial.ndjson 2>/dev/null
    pt-stats --by functionName,power measurements.ndjson 2>/dev/null | tee by.ndjson | pt-advise >advice.ndjson
    pt-pick --include-output-results stats.ndjson >result.json 2>/dev/null
    check_records 'advice measurement partial result stat' ./*.ndjson result.json
}

@test "pt-records(7) describes an estimate, a list of functions, and a run that was stopped" {
    start_actor
    pt-init --estimate --function my-function --num 5 >estimate.ndjson
    pt-init --list-functions >functions.ndjson
    pt-init --function my-function --num 5 --power-values 128 | pt-apply publish >published.ndjson
    pt-invoke --max-cost 0.000000001 published.ndjson >invoked.ndjson
    pt-apply clean published.ndjson
    check_records 'configuration estimate function plan stopped' ./*.ndjson
}

@test "pt-records(7) describes no member that no program writes" {
    described | cut -d ' ' -f 2 | sort -u >members
    # What the driver writes is in a string of the shell.
    cat "$ROOT"/src/*.c "$ROOT"/src/*/*.c "$ROOT"/src/*/*/*.c "$ROOT"/share/driver/*.sh | grep -oE '\\?"[a-zA-Z0-9.]+\\?"' | tr -d '\\"' | sort -u >names
    run grep -vxF -f names members
    assert_output ''
}
