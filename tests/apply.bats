# pt-apply: publish, restore, clean, discard, optimize and sweep, each as a filter.

load helper

setup() {
    ACTOR=$PT_BUILD/functions/actor
    [ -d "$ACTOR" ] || ACTOR=$ROOT/build/functions/actor
    export AWS_REGION=us-east-1
    start_local --no-verify --allow-host 127.0.0.1 --record "$BATS_TEST_TMPDIR/record" --function "actor=$ACTOR"
    FUNCTION=$ENDPOINT/2015-03-31/functions/actor
}

teardown() {
    stop_local
}

plan() {
    pt-init --endpoint-url "$ENDPOINT" --function actor --num 5 "$@" >"$BATS_TEST_TMPDIR/plan.ndjson"
}

apply() {
    verb=$1
    shift
    pt-apply "$verb" --endpoint-url "$ENDPOINT" "$@"
}

memory() {
    curl -s "$FUNCTION/configuration${1:+?Qualifier=$1}" | jq .MemorySize
}

versions() {
    curl -s "$FUNCTION/versions" | jq -c '[.Versions[] | select(.Version != "$LATEST") | .Version]'
}

update() {
    curl -s -X PUT "$FUNCTION/configuration" -d "$1" >/dev/null
}

@test "publish publishes a version for each configuration, copies the other records and restores \$LATEST" {
    plan --power-values 256,512
    echo '{"type":"other","x":[1.0,1e400]}' >>"$BATS_TEST_TMPDIR/plan.ndjson"
    run -0 --separate-stderr apply publish "$BATS_TEST_TMPDIR/plan.ndjson"
    assert_equal "$stderr" ''
    assert_equal "${lines[0]}" "$(head -n 1 "$BATS_TEST_TMPDIR/plan.ndjson")"
    assert_equal "$(jq -c 'select(.type == "configuration") | [.power,.num,.version]' <<<"$output" | tr '\n' ' ')" \
        '[256,5,"1"] [512,5,"2"] '
    assert_equal "${lines[3]}" '{"type":"other","x":[1.0,1e400]}'
    assert_equal "$(memory 1) $(memory 2) $(memory)" '256 512 128'
}

@test "the versions have the time limit of the plan, and \$LATEST keeps its own" {
    plan --power-values 256,512 --timeout 7
    apply publish "$BATS_TEST_TMPDIR/plan.ndjson" >/dev/null
    assert_equal "$(curl -s "$FUNCTION/versions" | jq -c '[.Versions[].Timeout]')" '[30,7,7]'
}

@test "publish marks its versions, and clean deletes only these" {
    curl -s -X POST "$FUNCTION/versions" -d '{"Description":"power-tune:someone:128"}' >/dev/null
    plan --power-values 256,512
    apply publish "$BATS_TEST_TMPDIR/plan.ndjson" >"$BATS_TEST_TMPDIR/published.ndjson"
    assert_equal "$(versions)" '["1","2","3"]'
    assert_equal "$(curl -s "$FUNCTION/configuration?Qualifier=2" | jq -r .Description)" \
        "power-tune:$(jq -r 'select(.type == "plan") | .runId' "$BATS_TEST_TMPDIR/plan.ndjson"):256"
    run -0 --separate-stderr apply clean "$BATS_TEST_TMPDIR/published.ndjson"
    assert_equal "$output$stderr" ''
    assert_equal "$(versions)" '["1"]'
}

@test "clean needs only the plan" {
    plan --power-values 256,512
    apply publish "$BATS_TEST_TMPDIR/plan.ndjson" >/dev/null
    head -n 1 "$BATS_TEST_TMPDIR/plan.ndjson" >"$BATS_TEST_TMPDIR/cut"
    printf '{"type":"configuration","pow' >>"$BATS_TEST_TMPDIR/cut"
    run -0 apply clean "$BATS_TEST_TMPDIR/cut"
    assert_equal "$(versions)" '[]'
}

@test "a version that an alias points at is kept and named, and the exit code is 3" {
    plan --power-values 256
    apply publish "$BATS_TEST_TMPDIR/plan.ndjson" >/dev/null
    curl -s -X POST "$FUNCTION/aliases" -d '{"Name":"theirs","FunctionVersion":"1"}' >/dev/null
    run -3 --separate-stderr apply clean "$BATS_TEST_TMPDIR/plan.ndjson"
    assert_regex "$stderr" '^pt-apply: actor: cannot delete version 1 \(256 MB\): ResourceConflictException.*; used by the alias theirs$'
    assert_equal "$(versions)" '["1"]'
}

@test "every DeleteFunction request has the number of a version" {
    plan --power-values 256,512
    apply publish "$BATS_TEST_TMPDIR/plan.ndjson" >/dev/null
    apply clean "$BATS_TEST_TMPDIR/plan.ndjson"
    run -0 jq -r 'select(.method == "DELETE") | .query' "$BATS_TEST_TMPDIR/record"
    assert_equal "$output" 'Qualifier=1
Qualifier=2'
}

@test "restore restores the memory of \$LATEST when it is one of the plan's sizes" {
    plan --power-values 256,512
    update '{"MemorySize":512}'
    run -0 --separate-stderr apply restore "$BATS_TEST_TMPDIR/plan.ndjson"
    assert_equal "$stderr" ''
    assert_equal "$(memory)" 128
    assert_equal "$(versions)" '[]'
}

@test "restore reports and keeps a value that somebody else has set" {
    plan --power-values 256,512
    update '{"MemorySize":1024}'
    run -0 --separate-stderr apply restore "$BATS_TEST_TMPDIR/plan.ndjson"
    assert_equal "$stderr" 'pt-apply: warning: actor: somebody else has changed the function; its memory is 1024 MB now; these changes were not overwritten'
    assert_equal "$(memory)" 1024
}

@test "with a journal, only changes in the journal are undone" {
    plan --power-values 256,512
    mkdir "$BATS_TEST_TMPDIR/run"
    apply publish --run-dir "$BATS_TEST_TMPDIR/run" "$BATS_TEST_TMPDIR/plan.ndjson" >/dev/null
    # After it was restored, somebody sets one of the sizes of the run.
    update '{"MemorySize":512}'
    run -0 --separate-stderr apply restore --run-dir "$BATS_TEST_TMPDIR/run" "$BATS_TEST_TMPDIR/plan.ndjson"
    assert_equal "$(memory)" 512
}

@test "the journal has every change before it is made and after" {
    plan --power-values 256
    mkdir "$BATS_TEST_TMPDIR/run"
    apply publish --run-dir "$BATS_TEST_TMPDIR/run" "$BATS_TEST_TMPDIR/plan.ndjson" >/dev/null
    run -0 jq -r '"\(.action) \(.phase)"' "$BATS_TEST_TMPDIR/run/journal.ndjson"
    assert_equal "$output" 'update intent
update outcome
publish intent
publish outcome
restore intent
restore outcome'
}

@test "a function that was changed since the plan was made is not changed" {
    plan --power-values 256
    update '{"Description":"new"}'
    : >"$BATS_TEST_TMPDIR/record"
    run -1 --separate-stderr apply publish "$BATS_TEST_TMPDIR/plan.ndjson"
    assert_equal "$stderr" 'pt-apply: actor: somebody else has changed the function since the plan was made (description)'
    assert_equal "$(jq -r .method "$BATS_TEST_TMPDIR/record" | sort -u)" GET
}

@test "when the reader is gone, publish ends without a message and restores \$LATEST" {
    plan --power-values 256,512,1024
    set +o pipefail
    apply publish "$BATS_TEST_TMPDIR/plan.ndjson" 2>"$BATS_TEST_TMPDIR/err" | head -n 1 >/dev/null
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        [ "$(memory)" != 128 ] || break
        sleep 0.1
    done
    assert_equal "$(cat "$BATS_TEST_TMPDIR/err")" ''
    assert_equal "$(memory)" 128
}

@test "optimize sets the memory of \$LATEST" {
    plan --power-values 256,512
    run -0 --separate-stderr apply optimize --power 512 "$BATS_TEST_TMPDIR/plan.ndjson"
    assert_equal "$output$stderr" ''
    assert_equal "$(memory)" 512
}

@test "optimize does nothing to a function that somebody else has changed" {
    plan --power-values 256,512
    update '{"MemorySize":1024}'
    run -1 --separate-stderr apply optimize --power 512 "$BATS_TEST_TMPDIR/plan.ndjson"
    assert_equal "$stderr" 'pt-apply: actor: cannot set the memory size to 512 MB: somebody else has changed the function since the plan was made'
    assert_equal "$(memory)" 1024
}

@test "invalid records are reported with their line" {
    run -2 --separate-stderr apply publish - </dev/null
    assert_equal "$stderr" 'pt-apply: standard input: no records: the first must be a plan'
    run -2 --separate-stderr apply publish - <<<'{"type":"configuration","power":128}'
    assert_equal "$stderr" 'pt-apply: standard input:1: the first record is not a plan'
    run -2 --separate-stderr apply publish - <<<'{"type":"plan"}'
    assert_equal "$stderr" "pt-apply: standard input:1: plan record: no member 'schema'"
    run -2 --separate-stderr apply publish - <<<'{"type":"plan",'
    assert_regex "$stderr" '^pt-apply: standard input:1: not a record: unexpected end'
}

@test "a stream that ends in the middle of a line is a failure, and \$LATEST is restored" {
    plan --power-values 256,512
    head -c -10 "$BATS_TEST_TMPDIR/plan.ndjson" >"$BATS_TEST_TMPDIR/cut.ndjson"
    run -1 --separate-stderr apply publish "$BATS_TEST_TMPDIR/cut.ndjson"
    assert_regex "$stderr" '^pt-apply: .*/cut.ndjson:3: truncated record: unexpected end'
    assert_equal "$(memory)" 128
}

@test "bad usage is reported in one line" {
    run -2 --separate-stderr pt-apply
    assert_equal "$stderr" 'pt-apply: no command: expected publish, discard, restore, clean, optimize or sweep'
    run -2 --separate-stderr pt-apply frobnicate
    assert_equal "$stderr" "pt-apply: 'frobnicate' is not publish, discard, restore, clean, optimize or sweep"
    run -2 --separate-stderr pt-apply optimize
    assert_equal "$stderr" 'pt-apply: optimize needs --power'
    run -2 --separate-stderr pt-apply optimize --power 12
    assert_equal "$stderr" "pt-apply: option '--power': '12' is not a whole number from 128 to 10240"
    run -2 --separate-stderr pt-apply publish "$BATS_TEST_TMPDIR/none"
    assert_equal "$stderr" "pt-apply: cannot read '$BATS_TEST_TMPDIR/none': No such file or directory"
}

@test "discard deletes each version of cold starts as soon as its record was read, and copies the records" {
    plan --power-values 256 --only-cold-starts
    apply publish "$BATS_TEST_TMPDIR/plan.ndjson" >"$BATS_TEST_TMPDIR/published.ndjson"
    assert_equal "$(versions)" '["1","2","3","4","5"]'
    {
        cat "$BATS_TEST_TMPDIR/published.ndjson"
        echo '{"type":"invocation","power":256,"index":1}'
        echo '{"type":"failure","power":256,"index":3,"kind":"lost"}'
    } >"$BATS_TEST_TMPDIR/invoked.ndjson"
    run -0 --separate-stderr apply discard "$BATS_TEST_TMPDIR/invoked.ndjson"
    assert_equal "$output" "$(cat "$BATS_TEST_TMPDIR/invoked.ndjson")"
    assert_equal "$(versions)" '["1","3","5"]'
}

# through_proxy FAULT...: starts the tests' proxy for pt-local, and sets PROXY to its address.
through_proxy() {
    await_address "$BATS_TEST_TMPDIR/servers.log" "$PROGRAMS/proxy" --to "$ENDPOINT" --log "$BATS_TEST_TMPDIR/proxy.log" "$@"
    PROXY=$ADDRESS PROXY_PID=$SERVER_PID
}

@test "an inactive function is woken by one invocation before anything is changed" {
    plan --power-values 256
    inactive=$(curl -s "$ENDPOINT/2015-03-31/functions/actor" | jq -c '.Configuration.State = "Inactive"')
    through_proxy --fault 'get:1 answer=200 -' --fault "get:1 body=$inactive"
    run -0 --separate-stderr pt-apply publish --endpoint-url "$PROXY" "$BATS_TEST_TMPDIR/plan.ndjson"
    kill "$PROXY_PID"
    assert_equal "$(jq -r 'select(.operation == "Invoke" or .method != "GET") | .operation' "$BATS_TEST_TMPDIR/record" | head -n 2 | tr '\n' ' ')" \
        'Invoke UpdateFunctionConfiguration '
    assert_equal "$(versions)" '["1"]'
}

@test "an update that AWS refuses for another reason than the memory ends the run with AWS's message" {
    plan --power-values 256,512
    through_proxy --fault 'update:* answer=400 InvalidParameterValueException' \
        --fault 'update:* body={"Type":"User","message":"The runtime parameter of nodejs10.x is no longer supported for creating or updating AWS Lambda functions."}'
    run --separate-stderr pt-apply publish --endpoint-url "$PROXY" "$BATS_TEST_TMPDIR/plan.ndjson"
    kill "$PROXY_PID"
    assert_equal "$status" 1
    assert_equal "$stderr" 'pt-apply: actor: cannot publish a version of 256 MB: InvalidParameterValueException: The runtime parameter of nodejs10.x is no longer supported for creating or updating AWS Lambda functions.'
    assert_equal "$(memory) $(versions)" '128 []'
}

@test "an alias that AWS does not create is reported with this reason alone" {
    plan --power-values 256,512 --auto-optimize --auto-optimize-alias fresh
    through_proxy --fault 'alias:* answer=403 AccessDeniedException' --fault 'alias:* body={"Message":"not authorized to create it"}'
    run -1 --separate-stderr pt-apply optimize --power 512 --endpoint-url "$PROXY" "$BATS_TEST_TMPDIR/plan.ndjson"
    kill "$PROXY_PID"
    assert_equal "$stderr" "pt-apply: actor: cannot set the memory size to 512 MB: AccessDeniedException: not authorized to create it"
    assert_equal "$(memory) $(versions)" '128 []'
}

@test "publishing the same plan again uses the existing versions" {
    plan --power-values 256,512,1024
    { head -n 2 "$BATS_TEST_TMPDIR/plan.ndjson"; } | apply publish >"$BATS_TEST_TMPDIR/first"
    run -0 --separate-stderr apply publish "$BATS_TEST_TMPDIR/plan.ndjson"
    assert_equal "$(jq -c 'select(.type == "configuration") | [.power,.version,.borrowed]' <<<"$output" | tr '\n' ' ')" \
        '[256,"1",null] [512,"2",null] [1024,"3",null] '
    assert_equal "$(versions)" '["1","2","3"]'
}

@test "publishing again with a journal uses the existing versions" {
    plan --power-values 256,512
    apply publish --run-dir "$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR/plan.ndjson" >/dev/null
    run -0 --separate-stderr apply publish --run-dir "$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR/plan.ndjson"
    assert_equal "$(versions)" '["1","2"]'
}

@test "an existing version with the marker but other code is not used" {
    plan --power-values 256
    apply publish "$BATS_TEST_TMPDIR/plan.ndjson" >/dev/null
    other=$(curl -s "$FUNCTION/versions" | jq -c '.Versions[].CodeSha256 = "other"')
    through_proxy --fault 'list:1 answer=200 -' --fault "list:1 body=$other"
    run -0 --separate-stderr pt-apply publish --endpoint-url "$PROXY" "$BATS_TEST_TMPDIR/plan.ndjson"
    kill "$PROXY_PID"
    assert_equal "$(grep -c '"operation":"PublishVersion"' "$BATS_TEST_TMPDIR/record")" 2
}

@test "sweep takes the region from the same places as every program" {
    run -0 --separate-stderr apply sweep --force --function actor
    assert_equal "$stderr" 'pt-apply: actor: nothing to restore: no version has a marker, and $LATEST has no trial size (128 MB)'
}

@test "sweep deletes the marked versions; one that an alias points at is named, and the exit code is 3" {
    plan --power-values 256,512
    apply publish "$BATS_TEST_TMPDIR/plan.ndjson" >/dev/null
    curl -s -X POST "$FUNCTION/aliases" -d '{"Name":"theirs","FunctionVersion":"1"}' >/dev/null
    run -3 --separate-stderr apply sweep --force --function actor
    assert_equal "${#stderr_lines[@]}" 3
    assert_regex "${stderr_lines[0]}" '^pt-apply: actor: found 2 versions of this tool; the newest run began .*$'
    assert_regex "${stderr_lines[1]}" '^pt-apply: actor: cannot delete version 1 \(256 MB\): ResourceConflictException.*; used by the alias theirs$'
    assert_equal "${stderr_lines[2]}" 'pt-apply: actor: deleted version 2 (512 MB)'
    assert_equal "$(versions)" '["1"]'
}

# with_fault FAULT VERB: runs pt-apply on the plan, with a journal that fails (tests/preload/journal-fault.c).
with_fault() {
    env ASAN_OPTIONS=verify_asan_link_order=0 LD_PRELOAD="$PT_BUILD/programs/journal-fault.so" JOURNAL_FAULT="$1" \
        pt-apply "$2" --endpoint-url "$ENDPOINT" --run-dir "$BATS_TEST_TMPDIR/run" "$BATS_TEST_TMPDIR/plan.ndjson"
}

@test "when the journal fails from the restoring on, \$LATEST is restored, and the exit code is 0" {
    plan --power-values 256
    mkdir "$BATS_TEST_TMPDIR/run"
    run -0 --separate-stderr with_fault 5:full publish
    assert_equal "$stderr" ''
    assert_equal "$(head -n -1 "$BATS_TEST_TMPDIR/run/journal.ndjson" | jq -r '"\(.action) \(.phase)"' | tail -n 1)" 'publish outcome'
    assert_equal "$(memory)" 128
}

@test "with a journal that cannot be read to its end nothing is changed, and what can be is undone" {
    plan --power-values 256
    mkdir "$BATS_TEST_TMPDIR/run"
    apply publish --run-dir "$BATS_TEST_TMPDIR/run" "$BATS_TEST_TMPDIR/plan.ndjson" >/dev/null
    for verb in publish:2 clean:0; do
        : >"$BATS_TEST_TMPDIR/record"
        run "-${verb#*:}" --separate-stderr with_fault unreadable "${verb%:*}"
        assert_equal "$stderr" "pt-apply: cannot use the journal '$BATS_TEST_TMPDIR/run/journal.ndjson': Input/output error"
        [ "$verb" = clean:0 ] || assert_equal "$(jq -r .operation "$BATS_TEST_TMPDIR/record")" ''
    done
    assert_equal "$(versions)" '[]'
}

@test "after a lost update and a refused look, the update is not sent again, and the reason is given once" {
    plan --power-values 256
    through_proxy --fault 'update:1 lose' --fault 'get:2 answer=403 AccessDeniedException'
    run --separate-stderr pt-apply publish --endpoint-url "$PROXY" "$BATS_TEST_TMPDIR/plan.ndjson"
    kill "$PROXY_PID"
    assert_equal "$status" 1
    assert_equal "$stderr" 'pt-apply: actor: cannot publish a version of 256 MB: AccessDeniedException: made by the proxy'
    assert_equal "$(jq -r 'select(.operation == "UpdateFunctionConfiguration") | .body' "$BATS_TEST_TMPDIR/record" | jq -c .MemorySize | tr '\n' ' ')" '256 128 '
    assert_equal "$(memory) $(versions)" '128 []'
}

@test "options may follow operands even with POSIXLY_CORRECT set" {
    export POSIXLY_CORRECT=1
    plan --power-values 256
    run -0 --separate-stderr apply publish "$BATS_TEST_TMPDIR/plan.ndjson"
}
