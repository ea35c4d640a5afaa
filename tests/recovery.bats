# What a run leaves after failures and signals, where tests/recovery.tap does not test each point.

load helper
load servers
load runs

@test "100 runs one after another leave the function as it was" {
    slow 'a hundred runs'
    start_local --no-verify --allow-host 127.0.0.1 --function "actor=$ACTOR" --memory 192
    before=$(state_of actor)
    for count in $(seq 100); do
        tune --num 5 --power-values 128,256 --run-dir "$BATS_TEST_TMPDIR/$count" >/dev/null
    done
    assert_equal "$(state_of actor)" "$before"
}

# ---- the run directory ----------------------------------------------------------------------------------------------

@test "a full disk ends the run, and the function is restored" {
    mkdir "$BATS_TEST_TMPDIR/small"
    mount -t tmpfs -o size=64k none "$BATS_TEST_TMPDIR/small" 2>/dev/null || skip "needs the right to mount"
    start_local --no-verify --allow-host 127.0.0.1 --function "actor=$ACTOR" --memory 192
    before=$(state_of actor)
    run -1 --separate-stderr tune --num 300 --power-values 128,256 --run-dir "$BATS_TEST_TMPDIR/small/run"
    umount "$BATS_TEST_TMPDIR/small"
    assert_equal "$output" ''
    assert_equal "$(grep -c "^pt-[a-z]*: cannot write .$BATS_TEST_TMPDIR/small/run/[a-z]*\.ndjson.: No space left on device\$" <<<"$stderr")" 1
    assert_equal "$(state_of actor)" "$before"
}

@test "a disk that is full from the start is reported before anything is changed" {
    mkdir "$BATS_TEST_TMPDIR/small"
    mount -t tmpfs -o size=4k none "$BATS_TEST_TMPDIR/small" 2>/dev/null || skip "needs the right to mount"
    start_local --no-verify --allow-host 127.0.0.1 --record "$BATS_TEST_TMPDIR/record" --function "actor=$ACTOR" --memory 192
    head -c 4096 /dev/zero >"$BATS_TEST_TMPDIR/small/full"
    run -2 --separate-stderr tune --num 5 --power-values 128,256 --run-dir "$BATS_TEST_TMPDIR/small/run"
    umount "$BATS_TEST_TMPDIR/small"
    assert_equal "$(grep -cv '"method":"GET"' "$BATS_TEST_TMPDIR/record")" 0
}

@test "a folder that cannot be written is reported before anything is changed" {
    mkdir "$BATS_TEST_TMPDIR/small"
    mount -t tmpfs -o ro none "$BATS_TEST_TMPDIR/small" 2>/dev/null || skip "needs the right to mount"
    start_local --no-verify --allow-host 127.0.0.1 --record "$BATS_TEST_TMPDIR/record" --function "actor=$ACTOR"
    run -2 --separate-stderr tune --num 5 --run-dir "$BATS_TEST_TMPDIR/small/run"
    umount "$BATS_TEST_TMPDIR/small"
    assert_equal "${stderr##*$'\n'}" "power-tune: cannot create the folder '$BATS_TEST_TMPDIR/small/run': Read-only file system"
    assert_equal "$(cat "$BATS_TEST_TMPDIR/record")" ''
}

@test "a run whose payload is not kept can be recovered" {
    start_local --no-verify --allow-host 127.0.0.1 --function "actor=$ACTOR" --memory 192
    before=$(state_of actor)
    start_proxy 'delete:1- answer=403 AccessDeniedException'
    ENDPOINT=$ADDRESS run -3 --separate-stderr tune --num 5 --power-values 128,256 --disable-payload-logs --payload '{"a":1}' \
        --run-dir "$RUN"
    assert_regex "$stderr" "power-tune: cleanup is incomplete; to finish: power-tune --recover '$RUN'"
    run -0 power-tune --recover "$RUN" --endpoint-url "$ENDPOINT"
    assert_equal "$(state_of actor)" "$before"
}

# ---- somebody else --------------------------------------------------------------------------------------------------

# meanwhile CHANGE: a run; during its invocations somebody makes the change.
meanwhile() {
    start_local --no-verify --allow-host 127.0.0.1 --function "actor=$ACTOR" --memory 192
    # Only after $LATEST was restored: before that, pt-apply publish would report the change as well.
    configuration=$ENDPOINT/2015-03-31/functions/actor/configuration
    start_proxy "invoke:5 before=until curl -s $configuration | grep -q '\"MemorySize\":192'; do sleep 0.02; done; \
        curl -s -X PUT $configuration -d '$1' >/dev/null"
    ENDPOINT=$ADDRESS run --separate-stderr tune --num 5 --power-values 128,256 "${@:2}"
}

@test "a change by somebody else during the invocations is reported and not overwritten" {
    said='pt-apply: warning: actor: somebody else has changed the function; '
    meanwhile '{"MemorySize":1000}'
    assert_equal "$status $stderr" "0 ${said}its memory is 1000 MB now; these changes were not overwritten"
    stop_local
    meanwhile '{"Timeout":77}'
    assert_equal "$status $stderr" "0 ${said}its timeout is 77 s now; these changes were not overwritten"
    stop_local
    meanwhile '{"Environment":{"Variables":{"KEY":"another"}}}'
    assert_equal "$status $stderr" "0 ${said}its configuration is different now; these changes were not overwritten"
}

@test "a function that somebody else has changed is not optimized" {
    meanwhile '{"Timeout":77}' --auto-optimize
    assert_equal "$status" 1
    assert_equal "$(curl -s "$ENDPOINT/2015-03-31/functions/actor/configuration" | jq -c '[.MemorySize, .Timeout]')" '[192,77]'
}

# ---- without the run directory --------------------------------------------------------------------------------------

# kill_a_run [OPTION...]: starts a run and kills it while it publishes.
kill_a_run() {
    start_local --no-verify --allow-host 127.0.0.1 --function "actor=$ACTOR" --memory 192
    curl -s -X PUT "$ENDPOINT/2015-03-31/functions/actor/configuration" \
        -d "{${settings:-}\"Description\":\"${description:-their own}\"}" >/dev/null
    before=$(state_of actor)
    start_proxy "publish:3 after=kill -s KILL -- -\$(cat $BATS_TEST_TMPDIR/pid)"
    # shellcheck disable=SC2016 # for the inner shell
    run setsid sh -c 'echo "$$" >"$0"; exec "$@"' "$BATS_TEST_TMPDIR/pid" power-tune --endpoint-url "$ADDRESS" \
        --region us-east-1 --quiet --function actor --num 5 --power-values 256,512,1024,2048 --run-dir "$RUN" "$@"
    assert_equal "$status" 137
}

@test "the next run names a run that was killed, with the command that restores the function" {
    kill_a_run
    run -2 --separate-stderr tune --num 5
    assert_equal "$stderr" \
        "power-tune: an earlier run on arn:aws:lambda:us-east-1:123456789012:function:actor was not finished; first: power-tune --recover '$RUN'"
    run -0 power-tune --recover "$RUN" --endpoint-url "$ENDPOINT"
    assert_equal "$(state_of actor)" "$before"
    run -0 --separate-stderr tune --num 5 --power-values 128
}

@test "a run of another machine is detected by its versions, and a second run is refused" {
    kill_a_run
    export XDG_STATE_HOME=$BATS_TEST_TMPDIR/another
    run -2 --separate-stderr tune --num 5
    assert_regex "$stderr" '^pt-init: actor: has a trial size of another run, which began [0-9]+ seconds? ago \(.*\): it may be in progress on another machine; if not: power-tune --recover --function actor$'
}

@test "--recover --function needs --force without a terminal, and restores what the markers describe" {
    kill_a_run
    export XDG_STATE_HOME=$BATS_TEST_TMPDIR/another
    run -2 --separate-stderr power-tune --recover --function actor --endpoint-url "$ENDPOINT" --region us-east-1 </dev/null
    assert_equal "${stderr_lines[-1]}" \
        'pt-apply: actor: a run may be in progress on another machine; if not, use --force'
    run -0 --separate-stderr power-tune --recover --function actor --force --endpoint-url "$ENDPOINT" --region us-east-1
    assert_regex "${stderr_lines[0]}" '^pt-apply: actor: found [0-9]+ versions of this tool; the newest run began .* ago \(.*\)$'
    assert_equal "${stderr_lines[1]}" 'pt-apply: actor: restored $LATEST: 192 MB, timeout 30 s'
    assert_equal "$(state_of actor)" "$before"
    run -0 --separate-stderr power-tune --recover --function actor --force --endpoint-url "$ENDPOINT" --region us-east-1
    assert_equal "$stderr" 'pt-apply: actor: nothing to restore: no version has a marker, and $LATEST has no trial size (192 MB)'
}

@test "the function alone is enough to restore timeout and log level too" {
    all_of() {
        curl -s "$ENDPOINT/2015-03-31/functions/actor/configuration" | jq -cS '[.MemorySize, .Timeout, .LoggingConfig]'
    }
    settings='"LoggingConfig":{"LogFormat":"JSON","SystemLogLevel":"WARN","ApplicationLogLevel":"ERROR"},' kill_a_run --timeout 60 --allow-log-level
    assert_regex "$(all_of)" '^\[1024,60,.*"SystemLogLevel":"INFO"'
    run -0 --separate-stderr power-tune --recover --function actor --force --endpoint-url "$ENDPOINT" --region us-east-1
    assert_regex "$(all_of)" '^\[192,30,.*"ApplicationLogLevel":"ERROR".*"SystemLogLevel":"WARN"'
    assert_equal "$(state_of actor)" "$before"
}

@test "without a run directory, later changes by somebody else are not overwritten" {
    kill_a_run
    curl -s -X PUT "$ENDPOINT/2015-03-31/functions/actor/configuration" -d '{"MemorySize":3000,"Timeout":77}' >/dev/null
    run -0 --separate-stderr power-tune --recover --function actor --force --endpoint-url "$ENDPOINT" --region us-east-1
    assert_regex "$stderr" 'actor: somebody else has changed the function; its memory is 3000 MB now; its timeout is 77 s now; these changes were not overwritten'
    assert_equal "$(curl -s "$ENDPOINT/2015-03-31/functions/actor/configuration" | jq -c '[.MemorySize, .Timeout, .Description]')" \
        '[3000,77,"their own"]'
}

@test "a description that was too long for the marker is restored in part, and the exit code is 3" {
    description=$(printf '%0250d' 0) kill_a_run
    run -3 --separate-stderr power-tune --recover --function actor --force --endpoint-url "$ENDPOINT" --region us-east-1
    assert_regex "$stderr" "pt-apply: actor: the description was too long to be restored completely; it now ends at: '0+'"
    assert_equal "$(curl -s "$ENDPOINT/2015-03-31/functions/actor/configuration" | jq -c '[.MemorySize, (.Description | test("^0{150,}$"))]')" \
        '[192,true]'
}

@test "--force starts no run while the function has a trial size of another run" {
    kill_a_run
    export XDG_STATE_HOME=$BATS_TEST_TMPDIR/another
    run -2 --separate-stderr tune --num 5 --force
    assert_regex "$stderr" '^pt-init: actor: has a trial size of another run, '
}

@test "--recover --function asks at a terminal" {
    kill_a_run
    export XDG_STATE_HOME=$BATS_TEST_TMPDIR/another
    command="power-tune --recover --function actor --endpoint-url $ENDPOINT --region us-east-1"
    before=$(state_of actor)
    run -2 script -qec "$command" /dev/null <<<n
    assert_equal "$(state_of actor)" "$before"
    run -0 script -qec "$command" /dev/null <<<y
    assert_equal "$(curl -s "$ENDPOINT/2015-03-31/functions/actor/versions" | jq '.Versions | length')" 1
}

@test "--recover --function names the run directory if it exists, and does not disturb a run in progress" {
    kill_a_run
    run -2 --separate-stderr power-tune --recover --function actor --endpoint-url "$ENDPOINT" --region us-east-1
    assert_equal "$stderr" "power-tune: the run directory still exists; use: power-tune --recover '$RUN'"
    power-tune --recover "$RUN" --endpoint-url "$ENDPOINT"
    RUN=$BATS_TEST_TMPDIR/second
    in_background --num 1000 --power-values 128 --payload '{"sleep":20}'
    until_true invoking
    run -1 --separate-stderr power-tune --recover --function actor --force --endpoint-url "$ENDPOINT" --region us-east-1
    assert_equal "$stderr" 'power-tune: a run is tuning arn:aws:lambda:us-east-1:123456789012:function:actor'
    kill -TERM "$pid"
    status_of "$pid"
    assert_equal "$status" 143
}

# ---- going on -------------------------------------------------------------------------------------------------------

# Prints how often the function was invoked, as the server has counted.
invocations() {
    grep -c '"operation":"Invoke"' "$BATS_TEST_TMPDIR/record"
}

# kill_at CALL [OPTION...]: starts a run and kills it before the request.
kill_at() {
    start_local --no-verify --allow-host 127.0.0.1 --record "$BATS_TEST_TMPDIR/record" --function "actor=$ACTOR" --memory 192
    before=$(state_of actor)
    start_proxy "$1 before=kill -s KILL -- -\$(cat $BATS_TEST_TMPDIR/pid)" "$1 reset"
    # shellcheck disable=SC2016 # for the inner shell
    run setsid sh -c 'echo "$$" >"$0"; exec "$@"' "$BATS_TEST_TMPDIR/pid" power-tune --endpoint-url "$ADDRESS" \
        --region us-east-1 --quiet --function actor --run-dir "$RUN" "${@:2}"
    assert_equal "$status" 137
}

resume() {
    run -0 --separate-stderr power-tune --resume "$RUN" --endpoint-url "$ENDPOINT"
    assert_equal "${#lines[@]}" 1
}

@test "--resume continues where the run stopped, and repeats no recorded invocation" {
    kill_at invoke:22 --num 20 --power-values 128,256 --include-output-results
    resume
    assert_equal "$(jq -c '[.stats[] | [.value, .count]]' <<<"$output")" '[[128,20],[256,20]]'
    # Invocations in progress when the run was killed may have been made, but were not recorded.
    [ "$(invocations)" -le 41 ]
    assert_equal "$(state_of actor)" "$before"
    result=$output
    resume
    assert_equal "$output" "$result"
    [ "$(invocations)" -le 41 ]
}

@test "--resume uses the prices of the run, and other prices only with --prices" {
    echo '{"default":{"currency":"USD","x86_64":{"gbSecond":1,"request":0}}}' >"$BATS_TEST_TMPDIR/dear"
    kill_at invoke:4 --num 5 --power-values 1024
    cp -r "$RUN" "$BATS_TEST_TMPDIR/copy"
    resume
    assert_equal "$(jq '.cost < 0.001' <<<"$output")" true
    RUN=$BATS_TEST_TMPDIR/copy
    run -0 --separate-stderr power-tune --resume "$RUN" --endpoint-url "$ENDPOINT" --prices "$BATS_TEST_TMPDIR/dear"
    assert_equal "$(jq '.cost >= 0.001' <<<"$output")" true
}

@test "--resume continues runs with cold starts, parallel invocations and weighted payloads" {
    kill_at invoke:6 --num 5 --power-values 128,256 --only-cold-starts --include-output-results
    resume
    assert_equal "$(jq -c '[.stats[] | [.value, .count]]' <<<"$output")" '[[128,5],[256,5]]'
    [ "$(invocations)" -le 11 ]
    assert_equal "$(state_of actor)" "$before"
    stop_local
    rm -rf "$RUN" "$BATS_TEST_TMPDIR/record"
    kill_at invoke:30 --num 20 --power-values 128,256 --parallel-invocation --include-output-results \
        --payload '[{"payload":{"a":1},"weight":1},{"payload":{"b":2},"weight":3}]'
    resume
    assert_equal "$(jq -c '[.stats[] | [.value, .count]]' <<<"$output")" '[[128,20],[256,20]]'
    [ "$(invocations)" -le 80 ]
    assert_equal "$(state_of actor)" "$before"
}

@test "a run that was resumed and killed again can be resumed again" {
    kill_at invoke:10 --num 20 --power-values 128,256 --include-output-results
    stop_servers
    start_proxy "invoke:10 before=kill -s KILL -- -\$(cat $BATS_TEST_TMPDIR/pid)"
    # shellcheck disable=SC2016 # for the inner shell
    run setsid sh -c 'echo "$$" >"$0"; exec "$@"' "$BATS_TEST_TMPDIR/pid" power-tune --resume "$RUN" --quiet \
        --endpoint-url "$ADDRESS"
    assert_equal "$status" 137
    resume
    assert_equal "$(jq -c '[.stats[] | [.value, .count]]' <<<"$output")" '[[128,20],[256,20]]'
    [ "$(invocations)" -le 44 ]
    assert_equal "$(state_of actor)" "$before"
}

@test "--resume of a run that was killed before its last change makes only that change" {
    kill_at update:4 --num 5 --power-values 128,256 --auto-optimize
    count=$(invocations)
    resume
    assert_equal "$(invocations)" "$count"
    assert_equal "$(curl -s "$ENDPOINT/2015-03-31/functions/actor/configuration" | jq .MemorySize)" "$(jq .power <<<"$output")"
}

@test "--resume of a run that was killed between its result and its last change makes that change" {
    kill_at update:4 --num 5 --power-values 128,256 --auto-optimize
    count=$(invocations)
    # The Cleaner's mark is removed only when the last change begins.
    : >"$RUN/finished"
    grep -v '"action":"optimize"' "$RUN/journal.ndjson" >"$BATS_TEST_TMPDIR/journal"
    cp "$BATS_TEST_TMPDIR/journal" "$RUN/journal.ndjson"
    resume
    assert_equal "$(invocations)" "$count"
    assert_equal "$(curl -s "$ENDPOINT/2015-03-31/functions/actor/configuration" | jq .MemorySize)" "$(jq .power <<<"$output")"
}

@test "--resume checks its options before anything is paid for" {
    kill_at invoke:6 --num 5 --power-values 128,256
    journal=$(cat "$RUN/journal.ndjson")
    for option in --limit=x --seed=x --max-in-flight=x; do
        run -2 --separate-stderr power-tune --resume "$RUN" --endpoint-url "$ENDPOINT" "$option"
        assert_regex "$stderr" "option '${option%%=*}': 'x'"
    done
    assert_equal "$(cat "$RUN/journal.ndjson")" "$journal"
    resume
    assert_equal "$(state_of actor)" "$before"
}

@test "--resume of a run that is still running is refused, and touches nothing" {
    start_local --no-verify --allow-host 127.0.0.1 --record "$BATS_TEST_TMPDIR/record" --function "actor=$ACTOR" --memory 192
    before=$(state_of actor)
    in_background --num 1000 --power-values 128,256 --payload '{"sleep":20}'
    until_true grep -qs '"restore","phase":"outcome"' "$RUN/journal.ndjson"
    until_true invoking
    journal=$(cat "$RUN/journal.ndjson")
    run -1 --separate-stderr power-tune --resume "$RUN" --endpoint-url "$ENDPOINT"
    assert_equal "$output$stderr" "power-tune: $RUN: this run, or another run of its function, is still running"
    assert_equal "$(cat "$RUN/journal.ndjson")" "$journal"
    assert_equal "$(grep -c '"method":"DELETE"' "$BATS_TEST_TMPDIR/record" || :)" 0
    kill -TERM "$pid"
    status_of "$pid"
    assert_equal "$status" 143
    assert_equal "$(state_of actor)" "$before"
}

@test "--resume refuses a run that cannot continue, and changes nothing" {
    run -2 --separate-stderr power-tune --resume "$BATS_TEST_TMPDIR/nothing"
    assert_equal "$stderr" "power-tune: the run directory '$BATS_TEST_TMPDIR/nothing' does not exist"
    kill_at invoke:3 --num 5 --power-values 128,256 --disable-payload-logs --payload '{"a":1}'
    run -2 --separate-stderr power-tune --resume "$RUN" --endpoint-url "$ENDPOINT"
    assert_equal "$stderr" \
        "power-tune: $RUN: cannot resume: the payload was not kept (disablePayloadLogs)"
    run -0 power-tune --recover "$RUN" --endpoint-url "$ENDPOINT"
    assert_equal "$(state_of actor)" "$before"
}
