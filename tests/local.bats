#!/usr/bin/env bats
# pt-local as a program: its options, its processes, its shares of the machine, and its cleanup.

load helper
load local

teardown() {
    stop_local
}

# Checks that no process, control group or folder of the pt-local with process number $1 remains.
nothing_left() {
    local left
    left=$(
        find "${TMPDIR:-/tmp}" -maxdepth 1 -name "power-tune-$1-*"
        find /sys/fs/cgroup -maxdepth 4 -type d -name "power-tune-$1-*" 2>/dev/null
        grep -l -a -s "LAMBDA_RUNTIME_DIR=.*/power-tune-$1-" /proc/[0-9]*/environ || true
    )
    [ -z "$left" ] || {
        printf 'left: %s\n' "$left" >&2
        return 1
    }
}

# Prints the process numbers of the functions that run on this pt-local.
running() {
    grep -l -a -s "LAMBDA_RUNTIME_DIR=.*/power-tune-$LOCAL_PID-" /proc/[0-9]*/environ | cut -d/ -f3
}

# eventually COMMAND...: repeats the command until it succeeds, for at most 10 s.
eventually() {
    local tries
    for ((tries = 0; tries < 1000; tries++)); do
        "$@" 2>/dev/null && return 0
        sleep 0.01
    done
    "$@"
}

@test "--help shows the usage and --version the version, on standard output" {
    run -0 --separate-stderr pt-local --help
    assert_line --index 0 'usage: pt-local --function NAME=DIR [--function NAME=DIR]... [OPTION]...'
    assert_equal "$stderr" ''
    run -0 --separate-stderr pt-local --version
    assert_output --regexp '^pt-local \(power-tune\) [0-9.]+$'
}

@test "bad usage prints one line and exits with 2" {
    bad() {
        local message=$1
        shift
        run -2 --separate-stderr pt-local "$@"
        assert_output ''
        assert_equal "$stderr" "$message"
    }
    bad "pt-local: no function given: --function NAME=DIR is required"
    bad "pt-local: unknown option '--nonsense' (see pt-local --help)" --nonsense
    bad "pt-local: unexpected argument 'x'" --function "a=$ACTOR" x
    bad "pt-local: option '--function': 'a b=c' is not NAME=DIR with letters, digits, - and _ in the name" --function 'a b=c'
    bad "pt-local: option '--cpu': 'all' is not auto, cgroup, duty or none" --cpu all
    bad "pt-local: option '--architecture': 'vax' is not x86_64 or arm64" --architecture vax
    bad "pt-local: option '--parent': 'me' is not a whole number from 1 to 2147483647" --parent me
    bad "pt-local: --function 'a': cannot read '/nowhere': No such file or directory" --cpu none --function a=/nowhere
    bad "pt-local: --memory 4000: larger than --max-memory 3008" --memory 4000 --max-memory 3008 --function "a=$ACTOR"
    bad "pt-local: --function 'a': the name is given twice" --cpu none --function "a=$ACTOR" --function "a=$ACTOR"
}

@test "a port in use exits with 1" {
    start_local --cpu none --function "actor=$ACTOR"
    run -1 --separate-stderr pt-local --cpu none --port "${ENDPOINT##*:}" --function "actor=$ACTOR"
    assert_equal "$stderr" "pt-local: cannot listen on port ${ENDPOINT##*:} of 127.0.0.1: Address already in use"
}

@test "a client that sends its request too slowly is dropped; one that waits for a response is not" {
    start_local --no-verify --cpu none --request-timeout 1 --function "actor=$ACTOR"
    exec 7<>"/dev/tcp/127.0.0.1/${ENDPOINT##*:}" 8<>"/dev/tcp/127.0.0.1/${ENDPOINT##*:}"
    printf 'GET /2015-03' >&7
    printf 'POST %s/actor/invocations HTTP/1.1\r\nHost: %s\r\nContent-Length: 9\r\n\r\n{' "$FUNCTIONS" "${ENDPOINT#http://}" >&8
    run invoke actor '{"sleep":2500}'
    assert_output '{"sleep":2500}'
    run timeout 5 cat <&7
    assert_success
    run timeout 5 cat <&8
    assert_success
    exec 7>&- 8>&-
}

@test "it listens only on loopback" {
    start_local --cpu none --function "actor=$ACTOR"
    port=$(printf '%04X' "${ENDPOINT##*:}")
    run awk -v port="$port" 'toupper($2) ~ ":" port "$" && $4 == "0A" { print $2 }' /proc/net/tcp /proc/net/tcp6
    assert_output "0100007F:$port"
}

@test "on SIGTERM it exits with 0 and leaves no process, control group or folder" {
    start_local --no-verify --function "actor=$ACTOR"
    expect 201 POST "$FUNCTIONS/actor/versions" -d '{}' >/dev/null
    invoke actor '{"daemon":true}'
    invoke actor:1 '{"spin":true}'
    curl -sS -d '{"sleep":20000}' "$ENDPOINT$FUNCTIONS/actor/invocations" >/dev/null 2>&1 &
    three_run() { [ "$(running | wc -l)" -ge 3 ]; }
    eventually three_run
    pid=$LOCAL_PID
    kill -TERM "$pid"
    status=0
    wait "$pid" || status=$?
    assert_equal "$status" 0
    LOCAL_PID=
    nothing_left "$pid"
}

@test "with --parent it ends when that process ends" {
    sh -c 'pt-local --quiet --cpu none --no-verify --parent $$ --function "a=$1" >"$2" 2>/dev/null 3>&- &
        until [ -s "$2" ]; do sleep 0.05; done
        curl -sf "$(cat "$2")/2015-03-31/functions/" >"$3"' sh "$ACTOR" "$BATS_TEST_TMPDIR/address" "$BATS_TEST_TMPDIR/functions"
    assert_equal "$(jq -r '.Functions[].FunctionName' "$BATS_TEST_TMPDIR/functions")" a
    ended() { ! curl -s -o /dev/null "$(cat "$BATS_TEST_TMPDIR/address")"; }
    eventually ended
    sleep 0 &
    ended=$!
    wait "$ended"
    run -143 pt-local --cpu none --parent "$ended" --function "a=$ACTOR"
    assert_output ''
}

@test "without control groups, it leaves nothing either" {
    start_local --no-verify --cpu duty --function "actor=$ACTOR"
    invoke actor '{"daemon":true}'
    pid=$LOCAL_PID
    stop_local
    nothing_left "$pid"
}

@test "when it is killed, its functions die, and the next start removes the rest" {
    start_local --no-verify --function "actor=$ACTOR"
    invoke actor '{"daemon":true}'
    killed=$LOCAL_PID
    kill -KILL "$killed"
    wait "$killed" || true
    start_local --no-verify --function "actor=$ACTOR"
    eventually nothing_left "$killed"
}

# outlived MECHANISM VICTIM: kills VICTIM, one of the three processes, while a process of a function has a session of its own.
outlived() {
    start_local --no-verify --quiet --cpu "$1" --function "actor=$ACTOR"
    local pid=$LOCAL_PID guard server victim=$2
    guard=$(pgrep -P "$pid")
    server=$(pgrep -P "$guard")
    invoke actor '{"daemon":true}'
    three_run() { [ "$(running | wc -l)" -ge 2 ]; }
    eventually three_run
    kill -KILL "${!victim}"
    wait "$pid" || true
    LOCAL_PID=
    eventually nothing_left "$pid"
    none_runs() { ! kill -0 "$guard" && ! kill -0 "$server"; }
    eventually none_runs
}

@test "nothing outlives it, whichever of its processes is killed" {
    for mechanism in auto duty; do
        for victim in pid guard server; do
            outlived "$mechanism" "$victim"
        done
    done
}

@test "when the server is killed, the exit code is 1" {
    start_local --quiet --cpu none --function "actor=$ACTOR"
    kill -KILL "$(pgrep -P "$(pgrep -P "$LOCAL_PID")")"
    status=0
    wait "$LOCAL_PID" || status=$?
    LOCAL_PID=
    assert_equal "$status" 1
    assert_equal "$(cat "$BATS_TEST_TMPDIR/local.log")" 'pt-local: the server was terminated by a signal: Killed'
}

@test "each environment has a /tmp of its own" {
    start_local --no-verify --cpu none --function "one=$ACTOR" --function "two=$ACTOR"
    grep -q 'a private /tmp' "$BATS_TEST_TMPDIR/local.log" || skip "this machine permits no mount namespace here"
    name=/tmp/power-tune-test-$BASHPID
    invoke one "{\"append\":\"$name\"}"
    id=$(header x-amzn-requestid)
    run invoke one "{\"file\":\"$name\"}"
    assert_output "\"$id\n\""
    run invoke two "{\"file\":\"$name\"}"
    assert_output '"(cannot be read)"'
    assert [ ! -e "$name" ]
}

# own_folder: two environments of one version write a file with the same name, and change a file of the code.
own_folder() {
    local code=$BATS_TEST_TMPDIR/code writers=() folders digest
    rm -rf "$code"
    mkdir "$code"
    cp "$ACTOR/bootstrap" "$code"
    echo base >"$code/data"
    start_local --no-verify --cpu none --function "actor=$code"
    expect 201 POST "$FUNCTIONS/actor/versions" -d '{}' >/dev/null
    digest=$(expect 200 GET "$FUNCTIONS/actor/configuration" | jq -r .CodeSha256)
    for name in actor actor:1; do
        for answer in one two; do
            curl -sS -D "$BATS_TEST_TMPDIR/$answer.headers" -d '{"append":"note","sleep":700,"file":"note"}' \
                "$ENDPOINT$FUNCTIONS/$name/invocations" >"$BATS_TEST_TMPDIR/$answer" &
            writers+=("$!")
        done
        wait "${writers[@]}"
        writers=()
        for answer in one two; do
            id=$(tr -d '\r' <"$BATS_TEST_TMPDIR/$answer.headers" | sed -n 's/^x-amzn-requestid: //Ip')
            assert_equal "$(cat "$BATS_TEST_TMPDIR/$answer")" "\"$id\n\""
        done
        run invoke "$name" '{"append":"data","file":"data"}'
        assert_output --regexp '^"base\\n[0-9a-f-]{36}\\n"$'
    done
    folders=$(running | sed 's,.*,/proc/&/cwd,' | xargs -n 1 readlink)
    assert_equal "$(sort -u <<<"$folders" | wc -l)" 4
    assert_equal "$(invoke actor '{"env":"LAMBDA_TASK_ROOT"}')" "$(invoke actor '{"cwd":true}')"
    assert_equal "$(ls "$code")" $'bootstrap\ndata'
    assert_equal "$(cat "$code/data")" base
    run expect 200 GET "$FUNCTIONS/actor/configuration"
    assert_equal "$(jq -r .CodeSha256 <<<"$output")" "$digest"
    # Other environments see the unchanged code.
    configure actor '{"MemorySize":256}'
    assert_equal "$(invoke actor '{"file":"data"}')" '"base\n"'
    expect 204 DELETE "$FUNCTIONS/actor?Qualifier=1" >/dev/null
    are_gone() { for folder in $folders; do [ ! -e "${folder%/*}" ] || return; done; }
    eventually are_gone
    pid=$LOCAL_PID
    stop_local
    nothing_left "$pid"
}

@test "each environment has a working directory of its own, with the code in it" {
    own_folder
}

@test "the same when its own folder is beside the code in /tmp" {
    mkdir "$BATS_TEST_TMPDIR/own"
    export TMPDIR=$BATS_TEST_TMPDIR/own
    own_folder
}

@test "the same when overlays cannot be mounted, and without namespaces" {
    export ASAN_OPTIONS=verify_asan_link_order=0 LD_PRELOAD="$PROGRAMS/no-overlay.so"
    own_folder
    export NO_NAMESPACES=1
    own_folder
    assert_regex "$(cat "$BATS_TEST_TMPDIR/local.log")" 'a shared /tmp with a private TMPDIR'
}

@test "when the working directory cannot be made, the invocation reports it" {
    mkdir "$BATS_TEST_TMPDIR/code"
    cp "$ACTOR/bootstrap" "$BATS_TEST_TMPDIR/code"
    export ASAN_OPTIONS=verify_asan_link_order=0 LD_PRELOAD="$PROGRAMS/no-overlay.so"
    start_local --no-verify --cpu none --function "actor=$BATS_TEST_TMPDIR/code"
    deep=$BATS_TEST_TMPDIR/code$(printf '/d%.0s' {1..66})
    mkdir -p "$deep"
    run invoke actor '{}'
    assert_output --partial '"errorType":"Runtime.InvalidEntrypoint"'
    assert_output --partial 'too many levels of symbolic links'
}

@test "a function sees other folders of the machine's /tmp read-only, and no files" {
    start_local --no-verify --cpu none --function "actor=$ACTOR"
    grep -q 'a private /tmp' "$BATS_TEST_TMPDIR/local.log" || skip "this machine permits no mount namespace here"
    elsewhere=$(mktemp -d /tmp/elsewhere-XXXXXX)
    echo there >"$elsewhere/file"
    name=$(mktemp /tmp/elsewhere-XXXXXX)
    run invoke actor "{\"file\":\"$elsewhere/file\"}"
    assert_output '"there\n"'
    run invoke actor "{\"append\":\"$elsewhere/file\"}"
    assert_equal "$(cat "$elsewhere/file")" there
    run invoke actor "{\"file\":\"$name\"}"
    rm -rf "$elsewhere" "$name"
    assert_output '"(cannot be read)"'
}

@test "TMPDIR is a folder of the environment" {
    start_local --no-verify --cpu none --function "one=$ACTOR" --function "two=$ACTOR"
    folder=$(invoke one '{"env":"TMPDIR"}' | tr -d '"')
    invoke one "{\"append\":\"$folder/file\"}"
    run invoke one "{\"file\":\"$folder/file\"}"
    assert_output "\"$(header x-amzn-requestid)\n\"" || assert_output --regexp '^"[0-9a-f-]{36}\\n"$'
    folder=$(invoke two '{"env":"TMPDIR"}' | tr -d '"')
    run invoke two "{\"file\":\"$folder/file\"}"
    assert_output '"(cannot be read)"'
}

@test "Max Memory Used includes memory that a process had only for a moment" {
    start_local --no-verify --memory 512 --function "actor=$ACTOR"
    grep -q 'memory by cgroup' "$BATS_TEST_TMPDIR/local.log" || skip "this machine lets nobody limit memory by control groups here"
    invoke actor '{}'
    invoke actor '{"brief":200}'
    run sed -nE 's/.*Max Memory Used: ([0-9]+) MB.*/\1/p' "$BATS_TEST_TMPDIR/tail"
    assert [ "$output" -ge 200 ]
    assert [ "$output" -le 225 ]
}

@test "a function that exceeds its memory is killed with every mechanism, and the report contains its memory" {
    for mechanism in auto duty; do
        start_local --no-verify --cpu "$mechanism" --memory 256 --function "actor=$ACTOR"
        for event in '{"memory":400}' '{"child":400}'; do
            run invoke actor "$event"
            assert_output --partial '"errorType":"Runtime.OutOfMemory"'
            run tail -n 1 "$BATS_TEST_TMPDIR/tail"
            assert_output --partial '	Max Memory Used: 256 MB	'
            assert_output --partial '	Status: error	Error Type: Runtime.OutOfMemory'
        done
        run invoke actor '{"memory":100,"log":"fine"}'
        assert_output '{"memory":100,"log":"fine"}'
        stop_local
    done
}

@test "address space that is only reserved does not count as memory" {
    command -v node >/dev/null || skip "node is not installed"
    start_local --no-verify --memory 256 --function "resize=$ROOT/examples/functions/node-resize"
    run invoke resize '{"factor":8}'
    assert_output '{"factor":8,"bytes":90000,"first":138}'
}

@test "an init over --init-timeout is retried with the function's timeout" {
    start_local --no-verify --cpu none --init-timeout 200 --function "actor=$ACTOR"
    configure actor '{"Environment":{"Variables":{"ACTOR_INIT":"{\"sleep\":600}"}}}'
    run invoke actor '{"a":1}'
    assert_output '{"a":1}'
    run normalized_tail
    assert_output "INIT_REPORT Init Duration: N ms	Phase: init	Status: timeout
START RequestId: ID Version: \$LATEST
END RequestId: ID
REPORT RequestId: ID	Duration: N ms	Billed Duration: N ms	Memory Size: 128 MB	Max Memory Used: N MB"
    run sed -nE 's/^REPORT.*\tDuration: ([0-9]+).*/\1/p' "$BATS_TEST_TMPDIR/tail"
    assert [ "$output" -ge 600 ]
}

@test "a failed event is retried twice with the same request id" {
    cp -r "$ACTOR" "$BATS_TEST_TMPDIR/actor"
    start_local --no-verify --cpu none --retry-delay 50 --function "actor=$BATS_TEST_TMPDIR/actor"
    ids=$BATS_TEST_TMPDIR/tries
    expect 202 POST "$FUNCTIONS/actor/invocations" -H 'X-Amz-Invocation-Type: Event' \
        -d "{\"append\":\"$ids\",\"error\":\"Teapot\"}"
    three_tries() { [ "$(wc -l <"$ids")" -ge 3 ]; }
    eventually three_tries
    sleep 0.5
    assert_equal "$(cat "$ids")" "$(for _ in 1 2 3; do header x-amzn-requestid; done)"
}

@test "an event that succeeds runs once, and waits while there is no concurrency" {
    cp -r "$ACTOR" "$BATS_TEST_TMPDIR/actor"
    start_local --no-verify --cpu none --retry-delay 0 --function "actor=$BATS_TEST_TMPDIR/actor"
    done=$BATS_TEST_TMPDIR/done
    expect 200 PUT /2017-10-31/functions/actor/concurrency -d '{"ReservedConcurrentExecutions":0}' >/dev/null
    expect 202 POST "$FUNCTIONS/actor/invocations" -H 'X-Amz-Invocation-Type: Event' -d "{\"append\":\"$done\"}"
    assert [ ! -e "$done" ]
    id=$(header x-amzn-requestid)
    expect 204 DELETE /2017-10-31/functions/actor/concurrency
    eventually [ -s "$done" ]
    assert_equal "$(cat "$done")" "$id"
}

@test "a version over the account's code storage is not published" {
    cp -r "$ACTOR" "$BATS_TEST_TMPDIR/actor"
    head -c 700000 /dev/zero >"$BATS_TEST_TMPDIR/actor/data"
    start_local --no-verify --cpu none --code-storage 1 --function "actor=$BATS_TEST_TMPDIR/actor"
    run expect 400 POST "$FUNCTIONS/actor/versions" -d '{}'
    assert_output '{"Type":"User","message":"Code storage limit exceeded."}'
    assert_equal "$(header x-amzn-errortype)" CodeStorageExceededException
    run expect 200 GET /2016-08-19/account-settings
    assert_equal "$(jq -c .AccountLimit.TotalCodeSize <<<"$output")" 1048576
}

@test "an environment whose version is deleted ends with all its processes" {
    start_local --no-verify --function "actor=$ACTOR"
    expect 201 POST "$FUNCTIONS/actor/versions" -d '{}' >/dev/null
    invoke actor:1 '{"daemon":true}'
    expect 204 DELETE "$FUNCTIONS/actor?Qualifier=1" >/dev/null
    none_runs() { [ -z "$(running)" ]; }
    eventually none_runs
}

@test "an update of the function ends the environments of \$LATEST" {
    start_local --no-verify --cpu none --function "actor=$ACTOR"
    invoke actor '{}'
    configure actor '{"MemorySize":256}'
    invoke actor '{}'
    run cat "$BATS_TEST_TMPDIR/tail"
    assert_output --partial 'Memory Size: 256 MB'
    assert_output --partial 'Init Duration'
}

@test "a function without a bootstrap is Runtime.InvalidEntrypoint" {
    mkdir "$BATS_TEST_TMPDIR/empty"
    start_local --no-verify --function "empty=$BATS_TEST_TMPDIR/empty"
    run invoke empty '{}'
    assert_output --regexp '"errorType":"Runtime.InvalidEntrypoint","errorMessage":"RequestId: [0-9a-f-]{36} Error: Couldn.t find valid bootstrap'
}

@test "a bootstrap that cannot be executed is Runtime.InvalidEntrypoint" {
    mkdir "$BATS_TEST_TMPDIR/text"
    echo 'no program' >"$BATS_TEST_TMPDIR/text/bootstrap"
    start_local --no-verify --function "text=$BATS_TEST_TMPDIR/text"
    run invoke text '{}'
    assert_output --partial '"errorType":"Runtime.InvalidEntrypoint"'
    assert_output --partial 'permission denied'
    chmod +x "$BATS_TEST_TMPDIR/text/bootstrap"
    run invoke text '{}'
    assert_output --partial 'exec format error'
}

@test "a bootstrap in sh with curl works" {
    mkdir "$BATS_TEST_TMPDIR/shell"
    cat >"$BATS_TEST_TMPDIR/shell/bootstrap" <<'BOOTSTRAP'
#!/bin/sh
api=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation
while :; do
    event=$(curl -sS -D "$TMPDIR/headers" "$api/next") || exit
    id=$(tr -d '\r' <"$TMPDIR/headers" | sed -n 's/^Lambda-Runtime-Aws-Request-Id: //Ip')
    echo "got $event"
    curl -sS -d "{\"event\":$event}" "$api/$id/response" >/dev/null
done
BOOTSTRAP
    chmod +x "$BATS_TEST_TMPDIR/shell/bootstrap"
    start_local --no-verify --function "shell=$BATS_TEST_TMPDIR/shell"
    run invoke shell '[1]'
    assert_output '{"event":[1]}'
    assert_regex "$(cat "$BATS_TEST_TMPDIR/tail")" 'got \[1\]'
    run invoke shell '[2]'
    assert_output '{"event":[2]}'
}

@test "--pass-env passes a variable of its environment to functions" {
    WANTED=yes UNWANTED=no start_local --no-verify --cpu none --pass-env WANTED --function "actor=$ACTOR"
    run invoke actor '{"env":"WANTED"}'
    assert_output '"yes"'
    run invoke actor '{"env":"UNWANTED"}'
    assert_output '"(not set)"'
}

@test "--memory, --timeout, --architecture, --region and --account set the initial configuration" {
    start_local --no-verify --cpu none --memory 777 --timeout 7 --architecture arm64 --region eu-north-1 --account 000000000001 \
        --function "actor=$ACTOR"
    run expect 200 GET "$FUNCTIONS/actor/configuration"
    run jq -c '[.MemorySize, .Timeout, .Architectures[0], .FunctionArn]' <<<"$output"
    assert_output '[777,7,"arm64","arn:aws:lambda:eu-north-1:000000000001:function:actor"]'
    run invoke actor '{"env":"AWS_REGION"}'
    assert_output '"eu-north-1"'
}

@test "--cold-start-delay makes the init longer" {
    start_local --no-verify --cpu none --cold-start-delay 250 --function "actor=$ACTOR"
    invoke actor '{}'
    run sed -nE 's/.*Init Duration: ([0-9]+).*/\1/p' "$BATS_TEST_TMPDIR/tail"
    assert [ "$output" -ge 250 ]
}

@test "an invocation over the account's concurrency is refused" {
    start_local --no-verify --cpu none --concurrency 1 --function "actor=$ACTOR"
    curl -sS -d '{"sleep":5000}' "$ENDPOINT$FUNCTIONS/actor/invocations" >/dev/null 2>&1 &
    one_runs() { [ -n "$(running)" ]; }
    eventually one_runs
    refused() {
        api POST "$FUNCTIONS/actor/invocations" -d '{}' >/dev/null
        [ "$(cat "$BATS_TEST_TMPDIR/status")" = 429 ]
    }
    eventually refused
    assert_equal "$(jq -r .Reason "$BATS_TEST_TMPDIR/body")" ConcurrentInvocationLimitExceeded
    assert_equal "$(header retry-after)" 1
}

@test "where version 2 of control groups permits none, it runs itself in a systemd scope, if there can be one" {
    unshare -m true 2>/dev/null || skip 'needs the right to mount'
    mkdir "$BATS_TEST_TMPDIR/bin"
    printf '%s\n' '#!/bin/sh' 'echo "$*"' 'case $* in *" true") exit "$SCOPES" ;; *) exit 42 ;; esac' >"$BATS_TEST_TMPDIR/bin/systemd-run"
    chmod +x "$BATS_TEST_TMPDIR/bin/systemd-run"
    # shellcheck disable=SC2016 # for the inner shell
    started() {
        SCOPES=$1 PATH=$BATS_TEST_TMPDIR/bin:$PATH unshare -m sh -c 'mount -t tmpfs none /sys/fs/cgroup &&
            touch /sys/fs/cgroup/cgroup.controllers && exec pt-local --no-verify --function "$@"' sh "actor=$ACTOR" "${@:2}"
    }
    run -42 --separate-stderr started 0
    assert_output "--scope --quiet --collect --property=Delegate=yes --no-ask-password --system $(realpath "$(command -v pt-local)") --no-verify --function actor=$ACTOR"
    run -1 --separate-stderr started 1 --cpu cgroup
    assert_equal "$stderr" 'pt-local: --cpu cgroup: no usable control group hierarchy found'
}

@test "it prints how processor time and memory are limited" {
    start_local --cpu duty --function "actor=$ACTOR"
    cores=$(nproc)
    tmp='a private /tmp'
    unshare -m true 2>/dev/null || unshare -Urm true 2>/dev/null || tmp='a shared /tmp with a private TMPDIR'
    if unshare -mpf --mount-proc true 2>/dev/null || unshare -Urmpf --mount-proc true 2>/dev/null; then tmp+=' and a PID namespace of their own'; fi
    assert_equal "$(cat "$BATS_TEST_TMPDIR/local.log")" "pt-local: processor time is limited by duty cycling (SIGSTOP), memory by polling; functions have $tmp; this machine has $cores cores: above $((cores * 1769)) MB, durations of functions with several threads are too long"
}

# at_least MECHANISM: checks that 20 ms of processor time at 128 MB, 7.2 % of a core, take much longer than 20 ms.
at_least() {
    start_local --no-verify --cpu "$1" --function "actor=$ACTOR"
    invoke actor '{}'
    invoke actor '{"cpu":20}'
    run sed -nE 's/.*\tDuration: ([0-9]+).*/\1/p' "$BATS_TEST_TMPDIR/tail"
    assert [ "$output" -ge 150 ]
}

@test "duty cycling slows down a small function" {
    at_least duty
}

@test "control groups slow down a small function" {
    pt-local --cpu cgroup --function "actor=$ACTOR" --port 0 >/dev/null 2>"$BATS_TEST_TMPDIR/trial" &
    trial=$!
    eventually [ -s "$BATS_TEST_TMPDIR/trial" ]
    kill "$trial" 2>/dev/null || true
    wait "$trial" || true
    ! grep -q 'no usable control group hierarchy' "$BATS_TEST_TMPDIR/trial" || skip "this machine lets nobody make control groups here"
    at_least cgroup
}

@test "an environment with a busy thread uses no processor time between invocations" {
    for mechanism in auto duty; do
        start_local --no-verify --cpu "$mechanism" --memory 1769 --function "actor=$ACTOR"
        run invoke actor '{"spin":true,"env":"AWS_LAMBDA_RUNTIME_API"}'
        sleep 0.2
        process=$(running)
        before=$(cut -d' ' -f14 "/proc/$process/stat")
        sleep 0.5
        assert_equal "$(cut -d' ' -f14 "/proc/$process/stat")" "$before"
        run invoke actor '{"log":"alive"}'
        assert_success
        stop_local
    done
}

@test "requests must be signed with its own credentials" {
    start_local --cpu none --function "actor=$ACTOR"
    run expect 403 GET "$FUNCTIONS/actor"
    assert_output '{"message":"Missing Authentication Token"}'
    signed() {
        expect "$1" GET "$FUNCTIONS/actor" --aws-sigv4 "$2" --user "$3"
    }
    signed 200 aws:amz:us-east-1:lambda "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" >/dev/null
    run signed 403 aws:amz:us-east-1:lambda "$AWS_ACCESS_KEY_ID:wrong"
    assert_output --partial 'The request signature we calculated does not match the signature you provided.'
    assert_equal "$(header x-amzn-errortype)" InvalidSignatureException
    run signed 403 aws:amz:us-east-1:lambda "SOMEBODY:$AWS_SECRET_ACCESS_KEY"
    assert_output '{"message":"The security token included in the request is invalid."}'
    run signed 403 aws:amz:eu-west-1:lambda "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"
    assert_output '{"message":"Credential should be scoped to a valid region."}'
    run signed 403 aws:amz:us-east-1:s3 "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"
    assert_output "{\"message\":\"Credential should be scoped to correct service: 'lambda'.\"}"
}

@test "a body or a date that was changed after signing is refused" {
    start_local --cpu none --function "actor=$ACTOR"
    curl -sS -o /dev/null -v --aws-sigv4 aws:amz:us-east-1:lambda --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -X PUT \
        -d '{"MemorySize":256}' "$ENDPOINT$FUNCTIONS/actor/configuration" 2>"$BATS_TEST_TMPDIR/sent"
    authorization=$(tr -d '\r' <"$BATS_TEST_TMPDIR/sent" | sed -n 's/^> Authorization: //Ip')
    date=$(tr -d '\r' <"$BATS_TEST_TMPDIR/sent" | sed -n 's/^> X-Amz-Date: //Ip')
    again() {
        expect "$1" PUT "$FUNCTIONS/actor/configuration" -H "Authorization: $authorization" -H "X-Amz-Date: $2" \
            -H 'Content-Type: application/x-www-form-urlencoded' -d "$3"
    }
    again 200 "$date" '{"MemorySize":256}' >/dev/null
    run again 403 "$date" '{"MemorySize":512}'
    assert_output --partial 'The request signature we calculated does not match'
    old=$(date -u -d '-6 minutes' +%Y%m%dT%H%M%SZ)
    authorization=${authorization/\/[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]\//\/${old%T*}\/}
    run again 403 "$old" '{"MemorySize":256}'
    assert_output --partial "Signature expired: $old is now earlier than"
}

@test "the aws command can use it" {
    command -v aws >/dev/null && aws --version >/dev/null 2>&1 || skip "the aws command is not installed"
    start_local --cpu none --function "actor=$ACTOR"
    # Version 1 takes the payload unchanged, version 2 in base64 unless it comes from a file.
    payload=fileb://$BATS_TEST_TMPDIR/event
    printf '{"hello":"you"}' >"$BATS_TEST_TMPDIR/event"
    export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
    run aws --endpoint-url "$ENDPOINT" lambda invoke --function-name actor \
        --payload "$payload" --log-type Tail "$BATS_TEST_TMPDIR/answer"
    assert_success
    assert_equal "$(cat "$BATS_TEST_TMPDIR/answer")" '{"hello":"you"}'
}
