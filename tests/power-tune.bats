# The driver, as users and CI run it, on the embedded Lambda.

load helper

setup() {
    ACTOR=$PT_BUILD/functions/actor
    [ -d "$ACTOR" ] || ACTOR=$ROOT/build/functions/actor
}

teardown() {
    stop_local
}

# tune [OPTION...]: a short run on the pt-local of the test.
tune() {
    power-tune --endpoint-url "$ENDPOINT" --region us-east-1 --quiet "$@"
}

# Prints all that a run must restore: memory, description and versions of the function, read with plain curl.
state_of() {
    curl -s "$ENDPOINT/2015-03-31/functions/$1/configuration" | jq -S '{MemorySize, Description, Timeout, CodeSha256}'
    curl -s "$ENDPOINT/2015-03-31/functions/$1/versions" | jq -S '[.Versions[] | {Version, MemorySize, Description}]'
    curl -s "$ENDPOINT/2015-03-31/functions/$1/aliases" | jq -S '.Aliases | length'
}

the_run_dir() {
    echo "$XDG_STATE_HOME"/power-tune/runs/*
}

@test "a run prints only the result, on one line, and leaves the function as it was" {
    start_local --no-verify --function "actor=$ACTOR" --memory 192
    before=$(state_of actor)
    run -0 --separate-stderr tune --function actor --num 5 --power-values 128,256,512
    assert_equal "${#lines[@]}" 1
    assert_equal "$(jq -c 'keys' <<<"$output")" '["confidence","cost","duration","expectedRegret","power","stateMachine"]'
    assert_equal "$(jq -r '.stateMachine.executionCost' <<<"$output")" 0
    assert_equal "$stderr" ''
    assert_equal "$(state_of actor)" "$before"
}

@test "the original's input file works from a file and from standard input" {
    start_local --no-verify --function "actor=$ACTOR"
    cat >"$BATS_TEST_TMPDIR/in put.json" <<'EOF'
{"lambdaARN": "arn:aws:lambda:us-east-1:123456789012:function:actor", "powerValues": [128, 256], "num": 5,
 "payload": {"a": 1}, "parallelInvocation": true, "strategy": "speed", "includeOutputResults": true}
EOF
    run -0 --separate-stderr tune "$BATS_TEST_TMPDIR/in put.json"
    assert_equal "$(jq -c '[.stats[].value]' <<<"$output")" '[128,256]'
    run -0 --separate-stderr tune - <"$BATS_TEST_TMPDIR/in put.json"
    assert_equal "$(jq -c '[.stats[].value]' <<<"$output")" '[128,256]'
}

@test "an option overrides the input file" {
    start_local --no-verify --function "actor=$ACTOR"
    echo '{"lambdaARN":"actor","powerValues":[128],"num":5,"includeOutputResults":false}' >"$BATS_TEST_TMPDIR/in.json"
    run -0 --separate-stderr tune "$BATS_TEST_TMPDIR/in.json" --power-values 256,512 --include-output-results
    assert_equal "$(jq -c '[.stats[].value]' <<<"$output")" '[256,512]'
}

@test "every stage's records are in the run directory, which only its owner can enter" {
    start_local --no-verify --function "actor=$ACTOR"
    run -0 --separate-stderr tune --function actor --num 5 --power-values 128,256
    cd "$(the_run_dir)"
    assert_equal "$(stat -c %a .)" 700
    for stage in init publish invoke logparse stats; do
        assert_equal "$(head -n 1 "$stage.ndjson" | jq -r .type)" plan
    done
    assert_equal "$(grep -c '"type":"invocation"' invoke.ndjson)" 10
    assert_equal "$(grep -c '"type":"measurement"' logparse.ndjson)" 10
    assert_equal "$(grep -c '"type":"stat"' stats.ndjson)" 2
    assert_equal "$(cat result.json)" "$output"
}

@test "the records of a run never contain the function's environment variables" {
    start_local --no-verify --function "actor=$ACTOR"
    curl -s -X PUT "$ENDPOINT/2015-03-31/functions/actor/configuration" \
        -d '{"Environment":{"Variables":{"TOKEN":"very-secret-value"}}}' >/dev/null
    run -0 --separate-stderr tune --function actor --num 5 --power-values 128,256
    run -1 grep -r very-secret-value "$XDG_STATE_HOME"
}

@test "the payload reaches the function byte for byte" {
    start_local --no-verify --record "$BATS_TEST_TMPDIR/record" --function "actor=$ACTOR"
    printf '{"lambdaARN":"actor","num":5,"powerValues":[128],"payload":%s}' \
        '{ "n": 12345678901234567890, "f":1.0,"e":1e400 , "b":1,"a":2,"b":3,"s":"\ud800\u00e9 é" }' \
        >"$BATS_TEST_TMPDIR/in.json"
    run -0 --separate-stderr tune "$BATS_TEST_TMPDIR/in.json"
    run -0 jq -rj 'select(.operation == "Invoke") | .payload + "\n"' "$BATS_TEST_TMPDIR/record"
    assert_equal "${#lines[@]}" 5
    assert_equal "${lines[0]}" '{ "n": 12345678901234567890, "f":1.0,"e":1e400 , "b":1,"a":2,"b":3,"s":"\ud800\u00e9 é" }'
}

@test "autoOptimize gives \$LATEST the chosen size and keeps the description" {
    start_local --no-verify --function "actor=$ACTOR"
    curl -s -X PUT "$ENDPOINT/2015-03-31/functions/actor/configuration" -d '{"Description":"mine"}' >/dev/null
    run -0 --separate-stderr tune --function actor --num 5 --power-values 256,512 --auto-optimize \
        --payload '{"sleep":20}'
    assert_equal "$(jq .power <<<"$output")" 256
    run -0 curl -s "$ENDPOINT/2015-03-31/functions/actor/configuration"
    assert_equal "$(jq -c '[.MemorySize,.Description]' <<<"$output")" '[256,"mine"]'
    assert_equal "$(curl -s "$ENDPOINT/2015-03-31/functions/actor/versions" | jq '.Versions | length')" 1
}

@test "autoOptimizeAlias creates or updates the alias to point at one new version of the chosen size" {
    start_local --no-verify --function "actor=$ACTOR"
    for power in 256 512; do
        run -0 --separate-stderr tune --function actor --num 5 --power-values "$power" --auto-optimize \
            --auto-optimize-alias prod
        version=$(curl -s "$ENDPOINT/2015-03-31/functions/actor/aliases/prod" | jq -r .FunctionVersion)
        run -0 curl -s "$ENDPOINT/2015-03-31/functions/actor/configuration?Qualifier=$version"
        assert_equal "$(jq -c '[.MemorySize,.Description]' <<<"$output")" "[$power,\"\"]"
    done
    assert_equal "$(curl -s "$ENDPOINT/2015-03-31/functions/actor/versions" | jq '.Versions | length')" 3
}

@test "a dry run invokes each size once and chooses nothing" {
    start_local --no-verify --record "$BATS_TEST_TMPDIR/record" --function "actor=$ACTOR"
    run -0 --separate-stderr tune --function actor --num 50 --power-values 128,256 --dry-run --auto-optimize
    # The records are in the order in which the invocations ended.
    assert_equal "$(jq -c '.invocations |= sort_by(.power)' <<<"$output")" '{"dryRun":true,"invocations":[{"power":128,"statusCode":200},{"power":256,"statusCode":200}]}'
    assert_equal "$(grep -c '"operation":"Invoke"' "$BATS_TEST_TMPDIR/record")" 2
}

@test "a dry run shows what was sent at each size, and what came back" {
    start_local --no-verify --function "actor=$ACTOR"
    dry_run() {
        power-tune --endpoint-url "$ENDPOINT" --region us-east-1 --no-progress --function actor --num 5 --power-values "${SIZES:-128,256}" --dry-run "$@"
    }
    times='s/[0-9.]* ms/N ms/g; s/, init N ms//; s/[0-9a-f]*-[0-9a-f-]*,/ID,/'
    run -0 --separate-stderr dry_run --payload '{"log":"seen"}'
    assert_equal "$(sed "$times" <<<"$stderr")" '128 MB: status 200, N ms
  sent: {"log":"seen"}
  response: {"log":"seen"}
256 MB: status 200, N ms
  sent: {"log":"seen"}
  response: {"log":"seen"}'
    run -0 --separate-stderr dry_run
    assert_equal "$(sed "$times" <<<"${stderr_lines[1]}")" '  sent: null (no payload was given)'
    long=$(printf 'x%.0s' {1..600})
    SIZES=128 run -0 --separate-stderr dry_run --payload "\"$long\""
    assert_equal "${stderr_lines[1]}" "  sent: \"${long:0:499}..."
    SIZES=128 run -0 --separate-stderr dry_run --payload '{"a":1}' --disable-payload-logs
    assert_equal "$(sed "$times" <<<"$stderr")" '128 MB: status 200, N ms'
    run -1 --separate-stderr dry_run --run-dir "$BATS_TEST_TMPDIR/failed" --payload '{"error":"MyError","log":"\u001b[31mred"}'
    assert_equal "$(sed "$times" <<<"$stderr")" "pt-pick: dry run: the function failed at 2 of 2 sizes
$(for size in 128 256; do
        printf '%s\n' "$size MB: status 200, N ms" '  error: MyError: asked for' '  request ID, invocation 0' \
            '  sent: {"error":"MyError","log":"\u001b[31mred"}' '  log: \x1b[31mred'
    done)
power-tune: the records of the run are in '$BATS_TEST_TMPDIR/failed'"
    assert_equal "$output" ''
}

@test "an error of the function ends the run without a result and restores the function" {
    start_local --no-verify --function "actor=$ACTOR"
    before=$(state_of actor)
    run -1 --separate-stderr tune --function actor --num 5 --power-values 128,256 --payload '{"error":"MyError"}'
    assert_equal "$output" ''
    assert_regex "${stderr_lines[0]}" '^pt-invoke: actor at [0-9]+ MB: the function failed: MyError: asked for$'
    assert_regex "${stderr_lines[1]}" '^pt-invoke:   request [0-9a-f-]{36}, invocation 0$'
    assert_equal "${stderr_lines[2]}" "pt-invoke:   the records of the run are in '$(the_run_dir)'"
    assert_equal "${stderr_lines[3]}" 'pt-invoke:   --keep-going counts such errors and continues; --allowed-exceptions MyError counts them as normal results'
    assert_equal "${#stderr_lines[@]}" 4
    assert_equal "$(state_of actor)" "$before"
}

@test "an error in a dry run is shown with its request id and the folder of the records" {
    start_local --no-verify --function "actor=$ACTOR"
    run -1 --separate-stderr tune --function actor --num 5 --power-values 128 --payload '{"error":"MyError","log":"before it"}' --dry-run
    assert_equal "$output" ''
    assert_equal "${stderr_lines[0]}" 'pt-pick: dry run: the function failed at 128 MB: MyError: asked for'
    assert_regex "${stderr_lines[1]}" '^pt-pick:   request [0-9a-f-]{36}, invocation 0$'
    assert_equal "${stderr_lines[2]}" 'pt-pick:   sent: {"error":"MyError","log":"before it"}'
    assert_equal "${stderr_lines[3]}" 'pt-pick:   log: before it'
    assert_equal "${stderr_lines[4]}" "power-tune: the records of the run are in '$(the_run_dir)'"
}

@test "a size that times out names the time limit that should be enough" {
    start_local --no-verify --timeout 1 --function "actor=$ACTOR"
    # At 1769 MB it takes 0.2 s of a processor, at 128 MB nearly 14 times as long.
    run -0 --separate-stderr tune --function actor --num 5 --power-values 128,1769 --payload '{"cpu":200}'
    assert_regex "$(jq -r '.excluded[0].reason' <<<"$output")" \
        '^timed out after 1 s; --timeout [0-9]+ should be enough \(estimated from [0-9.]+ s at 1769 MB\)$'
}

@test "an allowed error type counts as a normal result" {
    start_local --no-verify --function "actor=$ACTOR"
    run -0 --separate-stderr tune --function actor --num 5 --power-values 128,256 --payload '{"error":"MyError"}' \
        --allowed-exceptions Other,MyError
    assert_equal "$(jq '.excluded' <<<"$output")" null
}

@test "a size at which the function runs out of memory is left out, and the others continue" {
    start_local --no-verify --function "actor=$ACTOR"
    # The function keeps its memory: 5 times 150 MB.
    run -0 --separate-stderr tune --function actor --num 5 --power-values 128,1024 --payload '{"memory":150}'
    assert_equal "$(jq -c '[.power, [.excluded[].power]]' <<<"$output")" '[1024,[128]]'
    assert_equal "$(jq -r '.excluded[0].reason' <<<"$output")" 'out of memory (128 of 128 MB)'
}

@test "when no size is left the exit code is 1, and the message names the failure of each" {
    start_local --no-verify --function "actor=$ACTOR"
    before=$(state_of actor)
    run -1 --separate-stderr tune --function actor --num 5 --power-values 128,192 --payload '{"memory":300}'
    assert_equal "$output" ''
    assert_equal "$stderr" "pt-pick: no size could be measured: 128 MB: out of memory (128 of 128 MB); 192 MB: out of memory (192 of 192 MB)
power-tune: the records of the run are in '$(the_run_dir)'"
    assert_equal "$(state_of actor)" "$before"
}

@test "a size over the account's quota is left out with AWS's reason" {
    start_local --no-verify --max-memory 3008 --function "actor=$ACTOR"
    before=$(state_of actor)
    run -0 --separate-stderr tune --function actor --num 5 --power-values 128,4096
    assert_equal "$(jq -c '[.power, .excluded[0].power]' <<<"$output")" '[128,4096]'
    assert_regex "$(jq -r '.excluded[0].reason' <<<"$output")" 'InvalidParameterValueException'
    assert_equal "$(state_of actor)" "$before"
}

@test "onlyColdStarts measures every invocation cold and restores the description" {
    start_local --no-verify --function "actor=$ACTOR"
    curl -s -X PUT "$ENDPOINT/2015-03-31/functions/actor/configuration" -d '{"Description":"mine"}' >/dev/null
    before=$(state_of actor)
    run -0 --separate-stderr tune --function actor --num 5 --power-values 256,512 --only-cold-starts \
        --include-output-results
    assert_equal "$(jq -c '[.stats[] | [.count,.coldStarts]]' <<<"$output")" '[[5,5],[5,5]]'
    assert_equal "$(state_of actor)" "$before"
}

@test "versions and aliases of others are kept, whatever their names" {
    start_local --no-verify --function "actor=$ACTOR"
    curl -s -X POST "$ENDPOINT/2015-03-31/functions/actor/versions" -d '{"Description":"theirs"}' >/dev/null
    curl -s -X POST "$ENDPOINT/2015-03-31/functions/actor/aliases" -d '{"Name":"RAM128","FunctionVersion":"1"}' >/dev/null
    before=$(state_of actor)
    run -0 --separate-stderr tune --function actor --num 5 --power-values 128,256
    assert_equal "$(state_of actor)" "$before"
}

@test "a version that existed before is borrowed, measured and never deleted" {
    start_local --no-verify --function "actor=$ACTOR"
    curl -s -X POST "$ENDPOINT/2015-03-31/functions/actor/versions" -d '{"Description":"theirs"}' >/dev/null
    before=$(state_of actor)
    run -0 --separate-stderr tune --function actor --num 5 --power-values 128
    assert_equal "$(grep -c '"borrowed":true' "$(the_run_dir)/publish.ndjson")" 1
    assert_equal "$(state_of actor)" "$before"
}

@test "--local tunes the function in a folder and leaves no process" {
    local folder=$BATS_TEST_TMPDIR/$'my\nfunction'
    mkdir "$folder"
    cp "$ACTOR/bootstrap" "$folder/bootstrap"
    run -0 --separate-stderr power-tune --quiet --local "$folder" --num 5 \
        --power-values 256,512 --payload '{"sleep":20}' --run-dir "$BATS_TEST_TMPDIR/run"
    assert_equal "$(jq .power <<<"$output")" 256
    assert_regex "$(cat "$BATS_TEST_TMPDIR/run/function")" ':function:my_function$'
    run -1 pgrep -f "$BATS_TEST_TMPDIR/my.function"
}

@test "--local without a function is refused, with what was looked for" {
    run -2 --separate-stderr power-tune --local "$BATS_TEST_TMPDIR" --num 5
    assert_equal "$stderr" "pt-local: '$BATS_TEST_TMPDIR' has no executable 'bootstrap', and none of index.mjs, index.js, index.cjs and lambda_function.py; for another file: --handler FILE.NAME"
    run -2 --separate-stderr power-tune --local "$BATS_TEST_TMPDIR/none" --num 5
    assert_equal "$stderr" "pt-local: cannot open the folder '$BATS_TEST_TMPDIR/none': No such file or directory"
    run -0 power-tune --runs
    assert_equal "$output" ''
}

@test "after a signal the function is restored, and the run ends by that signal" {
    start_local --no-verify --function "actor=$ACTOR"
    before=$(state_of actor)
    for signal in TERM HUP; do
        power-tune --endpoint-url "$ENDPOINT" --region us-east-1 --quiet --function actor --num 1000 --power-values 128,256 \
            --payload '{"sleep":50}' --run-dir "$BATS_TEST_TMPDIR/$signal" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" &
        pid=$!
        until [ -s "$BATS_TEST_TMPDIR/$signal/invoke.ndjson" ] && grep -q invocation "$BATS_TEST_TMPDIR/$signal/invoke.ndjson"; do
            sleep 0.05
        done
        kill -s "$signal" "$pid"
        status=0
        wait "$pid" || status=$?
        assert_equal "$status" "$((128 + $(kill -l "$signal")))"
        assert_equal "$(cat "$BATS_TEST_TMPDIR/out")" ''
        assert_equal "$(state_of actor)" "$before"
    done
}

@test "--recover restores what a killed run has left, and a second --recover changes nothing" {
    start_local --no-verify --record "$BATS_TEST_TMPDIR/record" --function "actor=$ACTOR"
    before=$(state_of actor)
    setsid power-tune --endpoint-url "$ENDPOINT" --region us-east-1 --quiet --function actor --num 1000 \
        --power-values 128,256 --payload '{"sleep":50}' --run-dir "$BATS_TEST_TMPDIR/run" >/dev/null 2>&1 &
    pid=$!
    until [ -s "$BATS_TEST_TMPDIR/run/invoke.ndjson" ] && grep -q invocation "$BATS_TEST_TMPDIR/run/invoke.ndjson"; do
        sleep 0.05
    done
    kill -KILL -- "-$pid"
    wait "$pid" || :
    run -0 --separate-stderr power-tune --recover "$BATS_TEST_TMPDIR/run"
    assert_equal "$output" ''
    assert_equal "$(state_of actor)" "$before"
    : >"$BATS_TEST_TMPDIR/record"
    run -0 --separate-stderr power-tune --recover "$BATS_TEST_TMPDIR/run"
    assert_equal "$(cat "$BATS_TEST_TMPDIR/record")" ''
}

@test "--recover of a folder that does not exist is bad usage" {
    run -2 --separate-stderr power-tune --recover "$BATS_TEST_TMPDIR/nothing"
    assert_equal "$stderr" "power-tune: the run directory '$BATS_TEST_TMPDIR/nothing' does not exist"
}

@test "a second run on the same function is refused while the first one is in progress" {
    start_local --no-verify --function "actor=$ACTOR"
    power-tune --endpoint-url "$ENDPOINT" --region us-east-1 --quiet --function actor --num 1000 \
        --power-values 128,256 --payload '{"sleep":50}' --run-dir "$BATS_TEST_TMPDIR/run" >/dev/null 2>&1 &
    pid=$!
    until [ -s "$BATS_TEST_TMPDIR/run/publish.ndjson" ]; do
        sleep 0.05
    done
    run -1 --separate-stderr tune --function actor --num 5
    assert_equal "$stderr" \
        'power-tune: another run is tuning arn:aws:lambda:us-east-1:123456789012:function:actor; wait for it to end'
    run -1 --separate-stderr power-tune --recover "$BATS_TEST_TMPDIR/run"
    kill -TERM "$pid"
    wait "$pid" || :
}

# A lock file that is not one, or that cannot be used, is not reported as another run.
refused_lock() {
    run -2 --separate-stderr tune --function actor --num 5
    assert_equal "$stderr" "power-tune: cannot lock '$lock': $1"
    run -2 --separate-stderr power-tune --endpoint-url "$ENDPOINT" --region us-east-1 --recover --function actor
    assert_equal "$stderr" "power-tune: cannot lock '$lock': $1"
    assert_equal "$(ls "$XDG_STATE_HOME/power-tune/runs")" ''
}

@test "a link or a FIFO instead of a lock file is refused, and nothing is written through it" {
    start_local --no-verify --function "actor=$ACTOR"
    locks=$XDG_STATE_HOME/power-tune/locks
    lock=$locks/arn_aws_lambda_us-east-1_123456789012_function_actor.lock
    mkdir -p "$locks"
    cd "$BATS_TEST_TMPDIR"
    echo precious >victim
    ln -s "$PWD/victim" "$lock"
    refused_lock "'$lock' is a link"
    ln -sf "$PWD/nothing" "$lock"
    refused_lock "'$lock' is a link"
    rm "$lock"
    mkfifo "$lock"
    refused_lock 'it is not a file'
    rm -r "$locks"
    mkdir elsewhere
    ln -s "$PWD/elsewhere" "$locks"
    refused_lock "'$locks' is a link"
    assert_equal "$(cat victim)" precious
    assert_equal "$(ls elsewhere)" ''
    assert [ ! -e nothing ]
}

@test "a flock command that fails or is missing is not reported as another run" {
    start_local --no-verify --function "actor=$ACTOR"
    lock=$XDG_STATE_HOME/power-tune/locks/arn_aws_lambda_us-east-1_123456789012_function_actor.lock
    cd "$BATS_TEST_TMPDIR"
    mkdir tools
    printf '#!/bin/sh\nexit 71\n' >tools/flock
    chmod +x tools/flock
    PATH=$PWD/tools:$PATH refused_lock 'flock ended with status 71'
    ln -sf /usr/bin/* /bin/* tools/ 2>/dev/null || true
    rm tools/flock
    PATH=${PT_BIN:-$ROOT/bin}:$PWD/tools refused_lock 'the command flock is not installed (Debian: util-linux)'
}

@test "a run directory that is not empty is refused" {
    mkdir "$BATS_TEST_TMPDIR/run"
    echo precious >"$BATS_TEST_TMPDIR/run/file"
    run -2 --separate-stderr power-tune --function x --num 5 --run-dir "$BATS_TEST_TMPDIR/run"
    assert_equal "$stderr" "power-tune: the run directory '$BATS_TEST_TMPDIR/run' is not empty"
    assert_equal "$(cat "$BATS_TEST_TMPDIR/run/file")" precious
}

@test "disablePayloadLogs leaves no byte of the payload anywhere" {
    start_local --no-verify --record "$BATS_TEST_TMPDIR/record" --function "actor=$ACTOR"
    run -0 --separate-stderr tune --function actor --num 5 --power-values 128 --payload '{"secret":"payload-bytes"}' \
        --disable-payload-logs
    run -1 grep -r payload-bytes "$XDG_STATE_HOME"
    run -0 jq -rs '[.[] | select(.operation == "Invoke") | .payload] | unique[]' "$BATS_TEST_TMPDIR/record"
    assert_equal "$output" '{"secret":"payload-bytes"}'
}

@test "a function without reports in its log stops the run after three invocations" {
    start_local --no-verify --record "$BATS_TEST_TMPDIR/record" --function "actor=$ACTOR"
    curl -s -X PUT "$ENDPOINT/2015-03-31/functions/actor/configuration" \
        -d '{"LoggingConfig":{"LogFormat":"JSON","SystemLogLevel":"WARN"}}' >/dev/null
    run -2 --separate-stderr tune --function actor --num 5
    assert_regex "$stderr" 'logs too little'
    assert_equal "$(grep -c '"operation":"Invoke"' "$BATS_TEST_TMPDIR/record" || :)" 0
}

@test "the table goes to standard error, and --quiet hides it" {
    start_local --no-verify --function "actor=$ACTOR"
    run -0 --separate-stderr power-tune --endpoint-url "$ENDPOINT" --region us-east-1 --function actor --num 5 \
        --power-values 128,256
    assert_equal "${#lines[@]}" 1
    assert_regex "$stderr" '128 MB: 5 of 5 invocations'
    assert_regex "$stderr" 'cheapest'
}

@test "--runs lists the runs and --prune removes finished ones" {
    start_local --no-verify --function "actor=$ACTOR"
    run -0 --separate-stderr tune --function actor --num 5 --power-values 128,256
    run -0 power-tune --runs
    assert_regex "$output" 'function:actor'$'\t''done: [0-9]+ MB'
    touch -d '10 days ago' "$(the_run_dir)/finished"
    run -0 power-tune --prune 20
    [ -d "$(the_run_dir)" ]
    run -0 power-tune --prune 5
    run -0 power-tune --runs
    assert_equal "$output" ''
}

@test "a run that is refused before it begins leaves no folder" {
    cd "$BATS_TEST_TMPDIR"
    start_local --no-verify --function "actor=$ACTOR"
    echo '{"lambdaARN": "actor", "num": 5' >typo.json
    mkdir own
    run -2 --separate-stderr tune typo.json
    run -2 --separate-stderr tune --function actor --num 4
    run -2 --separate-stderr tune --function nothing --num 5
    run -2 --separate-stderr tune typo.json --run-dir new
    run -2 --separate-stderr tune typo.json --run-dir own
    run -2 --separate-stderr power-tune --local "$ACTOR" --num 4 --quiet
    run -0 power-tune --runs
    assert_equal "$output" ''
    assert_equal "$(ls -A "$XDG_STATE_HOME/power-tune/runs")$(ls -A own)" ''
    assert [ ! -e new ]
    # The corrected command must work with the same folder.
    run -0 --separate-stderr tune --function actor --num 5 --power-values 128,256 --run-dir own
}

@test "without HOME, the runs are in the home folder that the user database names" {
    home=$(getent passwd "$(id -u)" | cut -d : -f 6)
    before=$(ls -A "$home" "$home/.local/state/power-tune" 2>&1 || :)
    run -0 env -u HOME -u XDG_STATE_HOME power-tune --runs
    assert_equal "$output" "$(HOME=$home env -u XDG_STATE_HOME power-tune --runs)"
    run -0 env -u XDG_STATE_HOME HOME= power-tune --runs
    assert_equal "$(ls -A "$home" "$home/.local/state/power-tune" 2>&1 || :)" "$before"
    [ "$(id -u)" -eq 0 ] || skip 'not root: nobody without an entry in the user database can be asked'
    setpriv --reuid 54321 --clear-groups test -x "$PT_BIN/power-tune" || skip 'nobody else may run programs in this folder'
    # A coverage build writes its counts next to the objects, where this user cannot write.
    counts=$(mktemp -d)
    chmod 777 "$counts"
    for program in 'power-tune --runs' 'power-tune --function f --num 5' pt-console; do
        # shellcheck disable=SC2086 # words
        GCOV_PREFIX=$counts run --separate-stderr setpriv --reuid 54321 --clear-groups env -u HOME -u XDG_STATE_HOME $program
        [ "$status" -eq 2 ] || [ "$program" = pt-console ]
        assert_equal "$output$stderr" "${program%% *}: cannot tell the home folder: set HOME or XDG_STATE_HOME"
    done
    rm -rf "$counts"
}

@test "help, version and list that cannot be written are reported in one line" {
    mkdir -p "$XDG_STATE_HOME/power-tune/runs/some"
    for option in --help --version --runs; do
        run -1 --separate-stderr bash -c "power-tune $option >/dev/full"
        assert_equal "$stderr" 'power-tune: cannot write standard output: No space left on device'
        run -1 --separate-stderr bash -c "power-tune $option >&-"
        assert_equal "$stderr" 'power-tune: cannot write standard output: Bad file descriptor'
        run -0 --separate-stderr bash -c "power-tune $option | true"
        assert_equal "$stderr" ''
    done
}

@test "bad usage is one line and touches nothing" {
    run -2 --separate-stderr power-tune --frobnicate
    assert_equal "$stderr" "power-tune: unknown option '--frobnicate' (see power-tune --help)"
    run -2 --separate-stderr power-tune --check a.json b.json
    assert_equal "$stderr" "power-tune: more than one input: 'b.json'"
    run -2 --separate-stderr power-tune --num
    assert_equal "$stderr" "power-tune: option '--num' needs an argument"
    run -2 --separate-stderr power-tune
    assert_equal "$stderr" "pt-init: no input: give a file, '-' for standard input, or --function and --num"
    run -2 --separate-stderr power-tune "$BATS_TEST_TMPDIR/none.json"
    assert_equal "$stderr" "pt-init: cannot read '$BATS_TEST_TMPDIR/none.json': No such file or directory"
}

@test "--help and --version write to standard output only" {
    for option in --help --version; do
        run -0 --separate-stderr power-tune "$option"
        assert_equal "$stderr" ''
        [ -n "$output" ]
    done
    assert_regex "$output" '^power-tune \(power-tune\) [0-9]+\.[0-9]+\.[0-9]+$'
}

@test "--allow-log-level sets INFO for the run, keeps the other members and restores WARN" {
    start_local --no-verify --record "$BATS_TEST_TMPDIR/record" --function "actor=$ACTOR"
    curl -s -X PUT "$ENDPOINT/2015-03-31/functions/actor/configuration" \
        -d '{"LoggingConfig":{"LogFormat":"JSON","SystemLogLevel":"WARN","ApplicationLogLevel":"ERROR"}}' >/dev/null
    run -0 --separate-stderr tune --function actor --num 5 --power-values 256,512 --allow-log-level
    assert_equal "$stderr" ''
    run -0 curl -s "$ENDPOINT/2015-03-31/functions/actor/configuration"
    assert_equal "$(jq -c '[.MemorySize, .LoggingConfig.LogFormat, .LoggingConfig.SystemLogLevel, .LoggingConfig.ApplicationLogLevel]' <<<"$output")" \
        '[128,"JSON","WARN","ERROR"]'
    # It needs no extra request: two sizes, and restoring.
    assert_equal "$(grep -c '"operation":"UpdateFunctionConfiguration"' "$BATS_TEST_TMPDIR/record")" 4
}

@test "--timeout applies to the published versions only" {
    start_local --no-verify --timeout 30 --function "actor=$ACTOR"
    before=$(state_of actor)
    run -0 --separate-stderr tune --function actor --num 5 --power-values 256,512 --timeout 7
    assert_equal "$(jq -s '[.[] | select(.type == "journal" and .action == "update" and .phase == "outcome") | .timeout]' \
        "$(the_run_dir)/journal.ndjson" | jq -c .)" '[7,null]'
    assert_equal "$(state_of actor)" "$before"
}

@test "warm-up invocations are made and not counted" {
    start_local --no-verify --record "$BATS_TEST_TMPDIR/record" --function "actor=$ACTOR"
    run -0 --separate-stderr tune --function actor --num 5 --power-values 128,256 --warmup 2 --include-output-results
    assert_equal "$(grep -c '"operation":"Invoke"' "$BATS_TEST_TMPDIR/record")" 14
    assert_equal "$(jq -c '[.stats[] | [.count,.coldStarts]]' <<<"$output")" '[[5,0],[5,0]]'
}

@test "a parallel run uses at most half of the account's free concurrency" {
    start_local --no-verify --concurrency 4 --function "actor=$ACTOR"
    run -0 --separate-stderr tune --function actor --num 20 --power-values 128,256 --parallel-invocation \
        --payload '{"sleep":20}' --include-output-results
    assert_equal "$(jq -c '[.stats[].count]' <<<"$output")" '[20,20]'
    assert_equal "$(jq -c 'select(.type == "plan") | .concurrency' "$(the_run_dir)/init.ndjson")" 2
}

@test "an alias or version is tuned when it equals \$LATEST, and refused otherwise" {
    start_local --no-verify --function "actor=$ACTOR"
    curl -s -X POST "$ENDPOINT/2015-03-31/functions/actor/versions" -d '{}' >/dev/null
    curl -s -X POST "$ENDPOINT/2015-03-31/functions/actor/aliases" -d '{"Name":"prod","FunctionVersion":"1"}' >/dev/null
    curl -s -X PUT "$ENDPOINT/2015-03-31/functions/actor/configuration" -d '{"MemorySize":512}' >/dev/null
    run -0 --separate-stderr tune --function arn:aws:lambda:us-east-1:123456789012:function:actor:prod --num 5 \
        --power-values 256
    run -0 --separate-stderr tune --function actor:1 --num 5 --power-values 256
    curl -s -X PUT "$ENDPOINT/2015-03-31/functions/actor/configuration" -d '{"Timeout":9}' >/dev/null
    run -2 --separate-stderr tune --function actor:prod --num 5 --power-values 256
    assert_equal "$stderr" \
        'pt-init: prod: cannot be tuned through $LATEST, which has other code or another configuration'
}

@test "sleepBetweenRunsMs, weighted payloads and processors work together in a whole run" {
    start_local --no-verify --record "$BATS_TEST_TMPDIR/record" --function "actor=$ACTOR" --function "before=$ACTOR" \
        --function "after=$ACTOR"
    cat >"$BATS_TEST_TMPDIR/in.json" <<'EOF'
{"lambdaARN":"actor","num":5,"powerValues":["256"],"sleepBetweenRunsMs":10,"preProcessorARN":"before",
 "postProcessorARN":"arn:aws:lambda:us-east-1:123456789012:function:after",
 "payload":[{"payload":{"a":1},"weight":4},{"payload":2,"weight":1}]}
EOF
    run -0 --separate-stderr tune "$BATS_TEST_TMPDIR/in.json"
    assert_equal "$(jq -rs '[.[] | select(.operation == "Invoke") | .function] | join(" ")' "$BATS_TEST_TMPDIR/record")" \
        'before actor after before actor after before actor after before actor after before actor after'
}

@test "when optimizing is refused the result is not printed, and the message names its file" {
    start_local --no-verify --function "actor=$ACTOR"
    # Somebody deploys while the function is being invoked.
    power-tune --endpoint-url "$ENDPOINT" --region us-east-1 --quiet --function actor --num 40 --power-values 128,256 \
        --payload '{"sleep":50}' --auto-optimize --run-dir "$BATS_TEST_TMPDIR/run" >"$BATS_TEST_TMPDIR/out" \
        2>"$BATS_TEST_TMPDIR/err" &
    pid=$!
    until grep -qs '"restore","phase":"outcome"' "$BATS_TEST_TMPDIR/run/journal.ndjson"; do
        sleep 0.02
    done
    curl -s -X PUT "$ENDPOINT/2015-03-31/functions/actor/configuration" -d '{"Description":"theirs"}' >/dev/null
    status=0
    wait "$pid" || status=$?
    assert_equal "$status" 1
    assert_equal "$(cat "$BATS_TEST_TMPDIR/out")" ''
    assert_equal "$(tail -n 1 "$BATS_TEST_TMPDIR/err")" "power-tune: the result is in '$BATS_TEST_TMPDIR/run/result.json'"
    assert_equal "$(jq 'has("power")' "$BATS_TEST_TMPDIR/run/result.json")" true
    assert_equal "$(curl -s "$ENDPOINT/2015-03-31/functions/actor/configuration" | jq -c '[.MemorySize,.Description]')" \
        '[128,"theirs"]'
}

@test "--limit chooses among the sizes that satisfy it, and an invalid one is refused before anything is changed" {
    start_local --no-verify --function "actor=$ACTOR"
    before=$(state_of actor)
    run -2 --separate-stderr tune --function actor --num 5 --power-values 128,256 --limit 'p95<=800'
    assert_output ''
    assert_equal "$stderr" "pt-pick: option '--limit': 'p95<=800': p95 takes the unit ms or s"
    run -1 --separate-stderr tune --function actor --num 5 --power-values 128,256 --limit 'maxMemoryUsed<=0MB' --limit='max<1s'
    assert_output ''
    assert_regex "$stderr" '^pt-pick: no size satisfies every limit; closest: '
    run -0 --separate-stderr tune --function actor --num 5 --power-values 128,256 --limit 'max<=100s'
    assert_equal "$stderr" ''
    assert_equal "$(state_of actor)" "$before"
}

@test "--local works in any region, and with --quiet prints only the result" {
    run -0 --separate-stderr power-tune --quiet --local "$ACTOR" --num 5 --power-values 256,512 --region eu-west-1
    assert_equal "$stderr" ''
    assert_equal "$(jq -c 'select(.type == "plan") | [.region,.functionArn]' "$(the_run_dir)/init.ndjson")" \
        '["eu-west-1","arn:aws:lambda:eu-west-1:123456789012:function:actor"]'
}

@test "pt-local ends with the run that --local started it for, even when the run is killed" {
    mkdir "$BATS_TEST_TMPDIR/function"
    cp "$ACTOR/bootstrap" "$BATS_TEST_TMPDIR/function"
    power-tune --quiet --local "$BATS_TEST_TMPDIR/function" --num 1000 --power-values 256 --payload '{"sleep":50}' \
        --run-dir "$BATS_TEST_TMPDIR/run" >/dev/null 2>&1 &
    pid=$!
    until grep -qs invocation "$BATS_TEST_TMPDIR/run/invoke.ndjson"; do
        sleep 0.05
    done
    kill -KILL "$pid"
    wait "$pid" || :
    for _ in $(seq 100); do
        pgrep -f "pt-local.*$BATS_TEST_TMPDIR/function" >/dev/null || return 0
        sleep 0.05
    done
    return 1
}

@test "the values of options arrive unchanged, with quotes and newlines" {
    start_local --no-verify --function "actor=$ACTOR"
    run -0 --separate-stderr tune --function actor --num 5 --power-values 128 --dry-run --payload $'it\'s "a"\n$(b) \\' \
        --run-dir "$BATS_TEST_TMPDIR/it's a run"
    assert_equal "$(head -n 1 "$BATS_TEST_TMPDIR/it's a run/init.ndjson" | jq -r .payload)" '"it'"'"'s \"a\"\n$(b) \\"'
}

# until_there FILE: waits until the file is not empty.
until_there() {
    local tries=0
    until [ -s "$1" ]; do
        sleep 0.01
        tries=$((tries + 1))
        [ "$tries" -lt 3000 ] || return 1
    done
}

@test "a signal to the whole process group ends a run on the embedded Lambda, with nothing to recover" {
    for point in journal.ndjson publish.ndjson invoke.ndjson; do
        for signal in TERM HUP; do
            run_dir=$BATS_TEST_TMPDIR/$signal.$point
            setsid power-tune --local "$ACTOR" --num 1000 --power-values 128,256,512,1024 --payload '{"sleep":20}' \
                --run-dir "$run_dir" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
            pid=$!
            until_there "$run_dir/$point"
            kill -s "$signal" -- "-$pid"
            status=0
            wait "$pid" || status=$?
            assert_equal "$status" "$((128 + $(kill -l "$signal")))"
            run grep -E 'recover|cleanup|cannot (restore|delete|list)' "$BATS_TEST_TMPDIR/err"
            assert_equal "$output" ''
            assert_equal "$(power-tune --recover "$run_dir" 2>&1)" "power-tune: $run_dir: nothing to restore"
        done
    done
}

@test "invalid prices are reported before anything is changed" {
    cd "$BATS_TEST_TMPDIR"
    start_local --no-verify --record record --function "actor=$ACTOR"
    : >empty
    echo '[]' >list
    head -c 1000 /dev/urandom >binary
    echo '{"default":{"arm64":{"gbSecond":1}}}' >other
    for prices in none/prices empty list binary /dev/zero . other; do
        run -2 --separate-stderr tune --function actor --num 5 --prices "$prices"
        assert_equal "${#stderr_lines[@]}" 1
        assert_regex "$stderr" '^pt-init: .*price'
        [ "$prices" = other ] || run -2 --separate-stderr pt-init --syntax --function actor --num 5 --prices "$prices"
        assert_regex "$stderr" '^pt-init: .*price'
    done
    assert_equal "$(jq -r 'select(.operation | startswith("Get") or startswith("List") | not) | .operation' record)" ''
}

@test "prices that can be read only once serve the whole run, and are kept with it" {
    cd "$BATS_TEST_TMPDIR"
    start_local --no-verify --function "actor=$ACTOR"
    echo '{"default":{"currency":"USD","x86_64":{"gbSecond":1,"request":0}}}' >prices
    run -0 --separate-stderr tune --function actor --num 5 --power-values 1024 --run-dir run --max-cost 1e6 --prices <(cat prices)
    assert_equal "$(jq -c . run/prices.json)" "$(jq -c . prices)"
    assert_equal "$(jq '.cost * 1000 | . == round' <<<"$output")" true
}

@test "other files that are needed at the end of a run are checked at its beginning" {
    cd "$BATS_TEST_TMPDIR"
    start_local --no-verify --record record --function "actor=$ACTOR"
    head -c 1000 /dev/urandom >binary
    echo '[]' >list
    : >empty
    for file in none/file empty list binary .; do
        for option in '--until-sure --prior' '--fail-if cost>+10% --baseline'; do
            # shellcheck disable=SC2086 # words
            run -2 --separate-stderr tune --function actor --num 5 $option "$file"
            assert_equal "${#stderr_lines[@]}" 1
        done
    done
    for option in --prior --baseline; do
        run -2 --separate-stderr tune --function actor --num 5 "$option" <(echo)
        assert_regex "$stderr" "^power-tune: option '$option': '/.*' is not a regular file; it must be one, because it is read more than once$"
    done
    run -2 --separate-stderr tune --function actor --num 5 --payload @<(echo '{}')
    assert_regex "$stderr" "^power-tune: option '--payload': '/.*' is not a regular file; it must be one, because it is read more than once$"
    run -2 --separate-stderr tune --function actor --num 5 --report /proc/page.html
    assert_equal "$stderr" "power-tune: --report: cannot write in '/proc'"
    run -2 --separate-stderr tune --function actor --num 5 --run-dir /proc/run
    assert_regex "$stderr" "^power-tune: cannot create the folder '/proc/run': [A-Za-z ]+$"
    [ ! -e record ] || assert_equal "$(jq -r 'select(.operation | startswith("Get") or startswith("List") | not) | .operation' record)" ''
}

@test "an input that is a pipe is read like standard input" {
    start_local --no-verify --function "actor=$ACTOR"
    run -0 --separate-stderr tune <(echo '{"lambdaARN":"actor","num":5,"powerValues":[256]}')
    assert_equal "$(jq .power <<<"$output")" 256
}

@test "a run works with standard input or standard error closed" {
    start_local --no-verify --function "actor=$ACTOR"
    run -0 --separate-stderr tune --function actor --num 5 --power-values 256 <&-
    assert_equal "$(jq .power <<<"$output")" 256
    assert_equal "$stderr" ''
    run -0 bash -c 'power-tune --endpoint-url "$ENDPOINT" --region us-east-1 --function actor --num 5 --power-values 256 2>&-'
    assert_equal "$(jq .power <<<"$output")" 256
    run -0 bash -c 'power-tune --endpoint-url "$ENDPOINT" --region us-east-1 --function actor --num 5 --power-values 256 <&- 2>&-'
    assert_equal "$(jq .power <<<"$output")" 256
}

@test "a word that only begins like a row of the option table is not an option" {
    for word in '--quiet ' '--num     ' $'--quiet\nx' -- --=x; do
        run -2 --separate-stderr power-tune "$word" --runs
        assert_equal "$stderr" "power-tune: unknown option '${word//$'\n'/?}' (see power-tune --help)"
    done
}

@test "verbs that work on run directories take no input" {
    for option in --runs --prune=1 --recover=x --resume=x; do
        run -2 --separate-stderr power-tune "$option" extra
        verb=${option%%=*}
        assert_equal "$stderr" "power-tune: $verb takes no input"
    done
}

@test "a warning about the input is printed once" {
    start_local --no-verify --function "actor=$ACTOR"
    echo '{"lambdaARN":"actor","num":5,"powerValues":[256],"comment":"x"}' >"$BATS_TEST_TMPDIR/in.json"
    run -0 --separate-stderr tune "$BATS_TEST_TMPDIR/in.json"
    assert_equal "$stderr" "pt-init: warning: $BATS_TEST_TMPDIR/in.json: comment: unknown parameter, ignored"
}

@test "an input or a payload in UTF-16, as PowerShell writes it, is reported as such" {
    cd "$BATS_TEST_TMPDIR"
    start_local --no-verify --function "actor=$ACTOR"
    { printf '\377\376' && iconv -t UTF-16LE <<<'{"lambdaARN":"actor","num":5}'; } >in.json
    run -2 --separate-stderr tune in.json
    assert_equal "$stderr" 'pt-init: in.json:1: not JSON: UTF-16 text, as PowerShell writes it, instead of UTF-8 at byte 1'
    run -2 --separate-stderr tune --function actor --num 5 --payload @in.json
    assert_equal "$stderr" 'pt-init: --payload: the file in.json is UTF-16 text, as PowerShell writes it, instead of UTF-8'
}

@test "messages of --verbose are not warnings" {
    start_local --no-verify --function "actor=$ACTOR"
    run -0 --separate-stderr tune --function actor --num 5 --power-values 256 --verbose
    assert_regex "$stderr" 'deleted version 1'
    refute_regex "$stderr" 'warning'
}

@test "a run works with POSIXLY_CORRECT set" {
    start_local --no-verify --function "actor=$ACTOR"
    POSIXLY_CORRECT=1 run -0 --separate-stderr tune --function actor --num 5 --power-values 256
}
