#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031 # each test is a subshell of its own
# Several inputs: a run for each, one table, one exit code.

load helper

setup() {
    cd "$BATS_TEST_TMPDIR"
    export AWS_REGION=us-east-1
    start_local --no-verify --cpu none --record requests --function "first=$ROOT/examples/functions/fetch" \
        --function "second=$ROOT/examples/functions/fetch" --function "third=$ROOT/examples/functions/fetch"
    export AWS_ENDPOINT_URL=$ENDPOINT
    for name in first second third; do
        echo "{\"lambdaARN\": \"$name\", \"powerValues\": [256, 512], \"num\": 5}" >"$name.json"
    done
}

teardown() {
    stop_local
}

# Checks that the runs left nothing: no version except $LATEST, with its original memory.
nothing_left() {
    for name in first second third; do
        run -0 curl --silent "$ENDPOINT/2015-03-31/functions/$name/versions"
        assert_equal "$(jq -c '[.Versions[] | [.Version, .MemorySize]]' <<<"$output")" '[["$LATEST",128]]'
    done
}

@test "each input has its own run directory, its result with the name of its function, and a row in one table" {
    run -0 --separate-stderr power-tune first.json second.json third.json --jobs 2 --run-dir runs
    assert_equal "$(jq -r .functionName <<<"$output")" "$(printf '%s\n' first second third)"
    for name in first second third; do
        assert_equal "$(grep "\"$name\"" <<<"$output" | jq -cS 'del(.functionName)')" "$(jq -cS . "runs/$name/result.json")"
        assert [ -e "runs/$name/finished" ]
    done
    assert_equal "$(sed -E 's/  +/|/g; s/-?[0-9.]+ %/N %/g; s/\|(256|512)\|/|N|/' <<<"$stderr")" "$(printf '%s\n' \
        'input|function|now (MB)|best (MB)|cost|duration|outcome|run directory' \
        "first|first|128|N|-|-|done|$PWD/runs/first" "second|second|128|N|-|-|done|$PWD/runs/second" \
        "third|third|128|N|-|-|done|$PWD/runs/third")"
    assert_equal "${#stderr_lines[@]}" 4
    nothing_left
}

@test "a run that fails does not stop the others, and the exit code is 1" {
    echo '{"lambdaARN": "none", "num": 5}' >first.json
    run -1 --separate-stderr power-tune first.json second.json third.json --jobs 3 --run-dir runs
    assert_equal "$(jq -r .functionName <<<"$output")" "$(printf '%s\n' second third)"
    assert_regex "$stderr" $'(^|\n)first: pt-init: [^\n]*Function not found'
    assert_regex "$stderr" $'\nfirst +- +- +- +- +- +bad input +-\n'
    assert [ ! -e runs/first ]
    assert_equal "$(grep -c ' done ' <<<"$stderr")" 2
    nothing_left
}

@test "the exit code is 2 when all inputs are invalid, and 4 when a condition holds" {
    echo '{' >bad.json
    cp bad.json worse.json
    run -2 --separate-stderr power-tune bad.json worse.json --quiet
    assert_equal "$output" ''
    assert_equal "$(grep -o '^[^:]*' <<<"$stderr")" "$(printf '%s\n' bad worse)"
    run -4 --separate-stderr power-tune first.json second.json --fail-if 'power>1' --quiet
    assert_equal "$(jq -r .functionName <<<"$output")" "$(printf '%s\n' first second)"
}

@test "results that cannot be written are reported, and remain in the run directories" {
    run -1 --separate-stderr bash -c 'power-tune first.json second.json --quiet --run-dir runs >/dev/full'
    assert_equal "$stderr" 'power-tune: cannot write standard output: No space left on device'
    assert [ -s runs/first/result.json ]
    nothing_left
}

@test "at most --jobs runs are in progress at once" {
    run -0 power-tune first.json second.json third.json --quiet --jobs 1 --run-dir runs
    # The second run reads its function after the last change of the first run.
    last=$(jq -r 'select(.type == "execution") | .at' runs/first/states.ndjson | tail -n 1)
    first=$(jq -r 'select(.type == "execution") | .at' runs/second/states.ndjson | head -n 1)
    assert [ ! "$last" \> "$first" ]
}

@test "options apply to all inputs, and the summaries follow one another" {
    run -0 --separate-stderr power-tune first.json second.json --power-values 512,1024 --strategy speed --summary markdown --run-dir runs --quiet
    assert_equal "$(grep '^### ' <<<"$output")" "$(printf '### power-tune: `%s`\n' first second)"
    assert_equal "$(jq -c 'select(.type == "plan") | [.strategy, .powerValues]' runs/second/init.ndjson)" '["speed",[512,1024]]'
}

@test "without --run-dir each input gets its own folder among all runs" {
    run -0 power-tune first.json second.json --quiet --jobs 2
    assert_equal "$(power-tune --runs | cut -f 2 | sed 's/.*://' | sort)" "$(printf '%s\n' first second)"
}

@test "after a signal all runs restore their functions" {
    power-tune first.json second.json third.json --jobs 3 --num 1000 --run-dir runs >out 2>err 3>&- &
    pid=$!
    for name in first second third; do
        until [ -s "runs/$name/invoke.ndjson" ] && grep -q '"invocation"' "runs/$name/invoke.ndjson"; do
            kill -0 "$pid"
            sleep 0.01
        done
    done
    kill -TERM "$pid"
    status=0
    wait "$pid" || status=$?
    assert_equal "$status" 143
    assert_equal "$(cat out)" ''
    grep -q 'restoring the functions' err
    assert_equal "$(grep -c ' ended by signal 15 ' err)" 3
    for name in first second third; do
        assert [ -e "runs/$name/finished" ]
    done
    nothing_left
}

@test "options for a single input are refused with several inputs" {
    bad() {
        run -2 --separate-stderr power-tune first.json second.json "${@:2}"
        assert_equal "$output$stderr" "power-tune: $1"
    }
    bad '--function cannot be used with several inputs: each input names its function' --function first
    bad '--report cannot be used with several inputs (pt-report reads several run directories)' --report page.html
    bad 'standard input cannot be one of several inputs' -
    bad "option '--jobs': '0' is not a number from 1 to 9999" --jobs 0
    mkdir full
    touch full/file
    bad "the run directory 'full' is not empty" --run-dir full
    run -2 --separate-stderr power-tune --check first.json second.json
    assert_equal "$stderr" "power-tune: more than one input: 'second.json'"
    assert_equal "$(cat requests 2>/dev/null)" ''
}

# on_terminal COMMAND: runs it on a terminal and prints the terminal's output.
on_terminal() {
    command -v script >/dev/null || skip 'script (Debian: bsdutils) is not installed: it provides the terminal'
    script -qec "$1" /dev/null </dev/null | tr -d '\r'
}

@test "several runs on a terminal print the invocations, cost and time of all in advance" {
    echo '{"default": {"currency": "USD", "x86_64": {"gbSecond": 1, "request": 0.001}, "arm64": {"gbSecond": 1, "request": 0.001}}, "regions": {"us-east-1": {"x86_64": {"gbSecond": 1, "request": 0.001}}}}' >prices.json
    echo '{"lambdaARN": "second", "powerValues": [512], "num": 6, "sleepBetweenRunsMs": 100}' >second.json
    # 5 each at 256 and 512 MB, and 6 at 512 MB with pauses: 16 requests; from 6.75 GB-ms to the cost of 4 s
    # each.
    options='--timeout 4 --prices prices.json --quiet'
    run -0 on_terminal "power-tune first.json second.json $options"
    assert_equal "${lines[0]}" 'power-tune: warning: 2 functions will be executed 16 times for real (first 10, second 6), with all their side effects'
    assert_equal "${lines[1]}" 'power-tune: estimated cost: 0.023 to 27 USD (the maximum: every invocation runs to its time limit)'
    assert_equal "${lines[2]}" 'power-tune: estimated time: 1 s to 45 s with --jobs 1, plus the time to publish the sizes'
    assert_equal "${lines[3]}" 'power-tune: warning: until the sizes of a function are published, invocations of it without a version run with the sizes being tried'
    run -0 on_terminal "power-tune first.json second.json $options --jobs 2 --until-sure"
    assert_line 'power-tune: warning: 2 functions will be executed at most 16 times for real (first 10, second 6), with all their side effects'
    assert_line 'power-tune: estimated time: 1 s to 25 s with --jobs 2, plus the time to publish the sizes'
    echo '{' >third.json
    run on_terminal "power-tune first.json third.json $options"
    assert_line 'power-tune: warning: 1 of 2 inputs cannot be estimated: their runs will report why'
    assert_line 'power-tune: warning: 1 function will be executed 10 times for real (first 10), with all their side effects'
    nothing_left
}

@test "the estimate of several runs is also printed with --local, and not without a terminal" {
    unset AWS_ENDPOINT_URL
    echo '{"num": 5, "powerValues": [512]}' | tee one.json >two.json
    run -0 on_terminal "power-tune --local '$ROOT/examples/functions/fetch' one.json two.json --quiet"
    assert_line --regexp '^power-tune: warning: 2 functions will be executed 10 times for real \(fetch 5, fetch 5\)'
    run -0 --separate-stderr power-tune --local "$ROOT/examples/functions/fetch" one.json two.json --quiet
    refute_regex "$stderr" 'for real'
}

@test "a signal before the first run has begun ends the program at once" {
    # A pt-init that is slow to estimate.
    mkdir -p tree/bin
    ln -s "$ROOT/share" tree/share
    cp "$PT_BIN/power-tune" tree/bin
    printf '%s\n' '#!/bin/sh' 'touch estimating' 'until [ -e signalled ]; do sleep 0.01; done; exit 2' >tree/bin/pt-init
    chmod +x tree/bin/pt-init
    run -0 on_terminal "tree/bin/power-tune first.json second.json & pid=\$!
        until [ -e estimating ]; do sleep 0.01; done
        kill -TERM \$pid; touch signalled; wait \$pid; echo status \$?"
    assert_line 'status 143'
    refute_output --partial 'run directory'
    refute_output --partial 'restoring'
}
