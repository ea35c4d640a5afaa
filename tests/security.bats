#!/usr/bin/env bats
# shellcheck disable=SC2153,SC2030,SC2031,SC2154 # each test is a subshell of its own; run sets output
# Requests that pt-local and the console refuse, and limits so that no client locks out the others. share/doc/security.md names these
# tests.

load helper
load local
load console

setup() {
    cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
    local fd
    for fd in "${HELD[@]}"; do exec {fd}>&- {fd}<&-; done
    stop_runs
    stop_console
    stop_local
}

HELD=()

# hold PORT TEXT [COUNT]: opens connections, sends TEXT on each, and keeps them open; HELD gets their descriptors.
hold() {
    local fd i
    for ((i = 0; i < ${3:-1}; i++)); do
        exec {fd}<>"/dev/tcp/127.0.0.1/$1"
        HELD+=("$fd")
        printf '%b' "$2" >&"$fd"
    done
}

# close_held [SERVER]: closes them while SERVER, if given, is stopped, so that it sees everything at once.
close_held() {
    local fd
    [ $# -eq 0 ] || kill -STOP "$1"
    for fd in "${HELD[@]}"; do exec {fd}>&- {fd}<&-; done
    HELD=()
    [ $# -eq 0 ] || kill -CONT "$1"
}

# signed SECRET METHOD PATH [CURL-OPTION...]: sends a request signed with the known key and SECRET, and prints the status.
signed() {
    local secret=$1 method=$2 path=$3
    shift 3
    api "$method" "$path" --aws-sigv4 aws:amz:us-east-1:lambda --user "$AWS_ACCESS_KEY_ID:$secret" "$@" >/dev/null
    cat "$BATS_TEST_TMPDIR/status"
}

# Prints the server process of pt-local.
server() {
    pgrep -P "$(pgrep -P "$LOCAL_PID" | head -n 1)" | head -n 1
}

peak_kib() {
    awk '/VmHWM/ { print $2 }' "/proc/$1/status"
}

needs_root() {
    [ "$(id -u)" -eq 0 ] || skip 'only root can be somebody else'
}

# as_nobody COMMAND...: runs the command as another user.
as_nobody() {
    setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

# ---- accepted requests ----

@test "a body over the limit is refused by every operation, whatever its signature" {
    start_local --cpu none --function "actor=$ACTOR"
    head -c 7000000 /dev/zero >large
    for secret in "$AWS_SECRET_ACCESS_KEY" wrong; do
        for how in 'Expect:' 'Transfer-Encoding: chunked'; do
            for operation in 'GET ' 'DELETE ' 'PUT /configuration' 'POST /versions' 'POST /aliases' 'POST /invocations'; do
                run -0 signed "$secret" "${operation%% *}" "$FUNCTIONS/actor${operation#* }" -H "$how" --data-binary @large
                assert_equal "$operation $output $(header x-amzn-errortype)" "$operation 413 RequestTooLargeException"
            done
        done
    done
    api GET "$FUNCTIONS/actor" --data-binary @large >/dev/null
    assert_equal "$(cat status)" 403
    run -0 signed "$AWS_SECRET_ACCESS_KEY" GET "$FUNCTIONS/actor/versions"
    assert_equal "$output $(jq -c '[.Versions[] | [.Version, .MemorySize]]' body)" '200 [["$LATEST",128]]'
}

@test "a signature that does not fit is refused by every operation, known or not" {
    start_local --cpu none --function "actor=$ACTOR"
    for operation in 'GET ' 'DELETE ' 'PUT /configuration' 'POST /versions' 'POST /invocations' 'GET /nothing' 'OPTIONS '; do
        run -0 signed wrong "${operation%% *}" "$FUNCTIONS/actor${operation#* }" -d '{"MemorySize":256}'
        assert_equal "$operation $output" "$operation 403"
        api "${operation%% *}" "$FUNCTIONS/actor${operation#* }" >/dev/null
        assert_equal "$operation $(cat status)" "$operation 403"
    done
    run -0 signed "$AWS_SECRET_ACCESS_KEY" GET "$FUNCTIONS/actor/configuration"
    assert_equal "$output $(jq -c .MemorySize body)" '200 128'
}

@test "an Authorization header with an empty or too long part is incomplete" {
    start_local --cpu none --function "actor=$ACTOR"
    scope="Credential=$AWS_ACCESS_KEY_ID/20240101/us-east-1/lambda/aws4_request, SignedHeaders=host;x-amz-date"
    for signature in '' "$(printf '%065d' 0)"; do
        api GET "$FUNCTIONS/actor" -H "Authorization: AWS4-HMAC-SHA256 $scope, Signature=$signature" >/dev/null
        assert_equal "$(cat status) $(header x-amzn-errortype)" '403 IncompleteSignatureException'
        assert_equal "$(jq -r .message body)" "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters."
    done
}

# refuses_pages STATUS [CURL-OPTION...]: checks that the running pt-local refuses headers that only a page's request has.
refuses_pages() {
    local wanted=$1 port=${ENDPOINT##*:} field
    shift
    for field in 'Host: evil.example' "Host: evil.example:$port" 'Host: 127.0.0.1' 'Host: localhost' "Host: 127.0.0.1:$((port + 1))" \
        "Host: 127.0.0.2:$port" "Host: localhost.evil.example:$port" "Host: 127.0.0.1:${port}0" "Host: [::2]:$port" 'Host:' \
        'Origin: http://evil.example' 'Origin: null' "Origin: $ENDPOINT" 'Origin;' 'Sec-Fetch-Site: cross-site' 'Sec-Fetch-Site: none'; do
        api POST "$FUNCTIONS/actor/versions" -H "$field" -d '{}' "$@" >/dev/null
        assert_regex "$field: $(cat status)" ": (400|403)\$"
    done
    for field in "Host: 127.0.0.1:$port" "Host: localhost:$port" "Host: LOCALHOST:$port" "Host: [::1]:$port"; do
        api GET "$FUNCTIONS/actor" -H "$field" "$@" >/dev/null
        assert_equal "$field: $(cat status)" "$field: $wanted"
    done
    assert_equal "$(api GET "$FUNCTIONS/actor/versions" "$@" | jq -c '[.Versions[].Version]')" '["$LATEST"]'
}

@test "pt-local refuses what a web page sends, by its Host or its Origin, also with --no-verify" {
    start_local --cpu none --no-verify --function "actor=$ACTOR"
    refuses_pages 200
    stop_local
    start_local --cpu none --function "actor=$ACTOR"
    refuses_pages 200 --aws-sigv4 aws:amz:us-east-1:lambda --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"
}

@test "--allow-host adds a name, with any port, and nothing else" {
    start_local --cpu none --no-verify --allow-host tunnel.example --allow-host '[::1]' --function "actor=$ACTOR"
    for host in tunnel.example tunnel.example:1 TUNNEL.example:443 '[::1]:7' '[::1]' "127.0.0.1:${ENDPOINT##*:}"; do
        run -0 expect 200 GET "$FUNCTIONS/actor" -H "Host: $host"
    done
    for host in tunnel.example.evil x.tunnel.example localhost:1 '[::2]:7'; do
        run -0 expect 403 GET "$FUNCTIONS/actor" -H "Host: $host"
        assert_output '{"Message":"The Host of the request is not a name of this server."}'
    done
    run -0 expect 403 GET "$FUNCTIONS/actor" -H 'Host: tunnel.example' -H 'Origin: http://tunnel.example'
}

@test "a target with a broken escape or an escaped NUL is refused by both servers" {
    start_local --cpu none --no-verify --function "actor=$ACTOR"
    start_console --local "$ROOT/build/functions/actor"
    for target in '%00' '%zz' '%' '%4' 'a%00b'; do
        run -0 expect 400 GET "$FUNCTIONS/actor?Qualifier=$target"
        run -0 expect 400 GET "$FUNCTIONS/actor$target"
        for path in "api/runs?local=$target" "api/runs?region=$target" "api/runs/$target/stop" "api/check?profile=$target"; do
            run -0 status_of_console "$path" --data-binary '{"lambdaARN":"a","num":5}'
            assert_equal "$path $output" "$path 400"
        done
    done
    assert_equal "$(ls "$RUNS")" ''
}

@test "the console starts nothing for parameters that are misspelt, twice or empty" {
    start_console --local "$ROOT/build/functions/actor" --region us-east-1
    for query in 'local=' local 'loc%61l=/' 'Local=/' 'local=&local=/' 'region=a&region=b' 'lokal=/' '&' '=' 'region=a&x'; do
        for what in runs check; do
            run -0 status_of_console "api/$what?$query" --data-binary '{"lambdaARN":"a","num":5}'
            assert_equal "$what?$query $output" "$what?$query 400"
        done
    done
    assert_equal "$(ls "$RUNS")" ''
}

# ---- keys ----

# Starts pt-local without the keys of the tests.
start_bare() {
    unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
    start_local --cpu none --function "actor=$ACTOR" "$@"
}

@test "without keys pt-local makes some, another pair each time, and prints the commands to use them" {
    start_bare --quiet
    run -0 cat local.log
    assert_line --index 0 --regexp '^export AWS_ACCESS_KEY_ID=[0-9a-f]{48}$'
    assert_line --index 1 --regexp '^export AWS_SECRET_ACCESS_KEY=[0-9a-f]{48}$'
    assert_equal "${#lines[@]}" 2
    local first=$output
    for line in "${lines[@]}"; do
        refute grep -lqs -a "${line#*=}" /proc/[0-9]*/cmdline
    done
    for known in local:local AKIDEXAMPLE:wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY; do
        run -0 expect 403 GET "$FUNCTIONS/actor" --aws-sigv4 aws:amz:us-east-1:lambda --user "$known"
    done
    # As a user does in a shell.
    eval "$first"
    run -0 signed "$AWS_SECRET_ACCESS_KEY" GET "$FUNCTIONS/actor"
    assert_output 200
    stop_local
    start_bare --quiet
    refute [ "$(cat local.log)" = "$first" ]
}

@test "with only one key, or an empty key, pt-local makes random ones" {
    for given in AWS_ACCESS_KEY_ID=AKID AWS_SECRET_ACCESS_KEY=s 'AWS_ACCESS_KEY_ID=AKID AWS_SECRET_ACCESS_KEY='; do
        (
            unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
            # shellcheck disable=SC2163,SC2086 # the name is in the value
            export $given
            start_local --cpu none --quiet --function "actor=$ACTOR"
            assert_equal "$(grep -c '^export ' local.log)" 2
            stop_local
        )
    done
}

@test "with keys in its environment, or with --no-verify, pt-local prints no keys" {
    start_local --cpu none --quiet --function "actor=$ACTOR"
    assert_equal "$(cat local.log)" ''
    stop_local
    start_bare --quiet --no-verify
    assert_equal "$(cat local.log)" ''
}

# Starts a run on the embedded Lambda, in a session of its own, that continues until it is stopped. Sets SESSION to its session and
# ENDPOINT to the address of its pt-local.
start_long_run() {
    setsid --fork sh -c 'echo $$ >session; exec "$@"' - power-tune --local "$ROOT/build/functions/actor" --run-dir run --num 5 \
        --power-values 128 --payload '{"sleep":20000}' >/dev/null 2>messages 3>&-
    until [ -s session ]; do sleep 0.05; done
    SESSION=$(cat session)
    until ENDPOINT=$(pgrep -s "$SESSION" -a pt-invoke | grep -o 'http://127[0-9.:]*'); do sleep 0.05; done
}

@test "a run on the embedded Lambda has keys of its own, in no command line" {
    unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
    start_long_run
    local driver keys
    driver=$(tr '\0' '\n' <"/proc/$(pgrep -s "$SESSION" pt-invoke)/environ")
    keys=$(sed -n 's/^AWS_\(ACCESS_KEY_ID\|SECRET_ACCESS_KEY\)=//p' <<<"$driver")
    assert_equal "$(grep -cE '^[0-9a-f]{48}$' <<<"$keys")" 2
    for key in $keys; do
        refute grep -lqs -a "$key" /proc/[0-9]*/cmdline
        refute grep -rqs "$key" run
    done
    run -0 expect 403 GET "$FUNCTIONS/actor" --aws-sigv4 aws:amz:us-east-1:lambda --user local:local
    run -0 expect 403 GET "$FUNCTIONS/actor"
    kill -TERM "$SESSION"
    while kill -0 "$SESSION" 2>/dev/null; do sleep 0.05; done
}

@test "a run that the console starts has keys of its own, too" {
    start_console --local "$ROOT/build/functions/actor"
    name=$(start_run "$(realpath "$ROOT/build/functions/actor")" '{"num":5,"powerValues":[128],"payload":{"sleep":20000}}')
    until grep -qs '"Executor"' "$RUNS/$name/states.ndjson"; do sleep 0.05; done
    read -r pid _ <"$RUNS/$name/process"
    until pgrep -s "$pid" pt-invoke >/dev/null; do sleep 0.05; done
    keys=$(pgrep -s "$pid" pt-invoke | while read -r process; do tr '\0' '\n' <"/proc/$process/environ"; done | sed -n 's/^AWS_SECRET_ACCESS_KEY=//p')
    assert_regex "$keys" '^[0-9a-f]{48}$'
    run -0 status_of_console "api/runs/$name/stop" -X POST
    wait_for_run "$name" stopped
}

# ---- the Runtime API ----

@test "the Runtime API of an environment answers no other user" {
    needs_root
    start_local --no-verify --cpu none --function "actor=$ACTOR"
    address=$(invoke actor '{"env":"AWS_LAMBDA_RUNTIME_API"}' | tr -d '"')
    run -0 curl -sS -o /dev/null -w '%{http_code}' "http://$address/2018-06-01/nothing"
    assert_output 404
    for path in runtime/invocation/next runtime/init/error nothing; do
        run as_nobody curl -sS -o /dev/null -w '%{http_code}' "http://$address/2018-06-01/$path"
        refute [ "$status" -eq 0 ]
        assert_line 000
    done
    # A client that closes its connection at once is unknown: a socket without a process is reported as root's.
    for _ in {1..50}; do
        as_nobody bash -c "exec 3<>/dev/tcp/${address/:/\/}; printf 'GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: $address\r\n\r\n' >&3" || true
    done
    run -0 invoke actor '{"secret":1}'
    assert_output '{"secret":1}'
    run -0 cat tail
    refute_output --partial 'Init Duration'
}

@test "the Runtime API refuses what a web page sends" {
    start_local --no-verify --cpu none --function "actor=$ACTOR"
    address=$(invoke actor '{"env":"AWS_LAMBDA_RUNTIME_API"}' | tr -d '"')
    for field in 'Host: evil.example' "Host: evil.example:${address##*:}" "Origin: http://$address" 'Sec-Fetch-Site: cross-site'; do
        for request in 'GET invocation/next' 'POST init/error'; do
            run -0 curl -sS -o /dev/null -w '%{http_code}' -X "${request% *}" -H "$field" "http://$address/2018-06-01/runtime/${request#* }"
            assert_equal "$field $output" "$field 403"
        done
    done
    run -0 invoke actor '{"fine":1}'
    assert_output '{"fine":1}'
}

@test "where the kernel does not tell whose a connection is, pt-local does not start" {
    run -1 --separate-stderr env ASAN_OPTIONS=verify_asan_link_order=0 LD_PRELOAD="$PROGRAMS/no-netlink.so" pt-local --cpu none --quiet --function "actor=$ACTOR"
    assert_equal "$stderr" 'pt-local: cannot determine the user of a connection (NETLINK_SOCK_DIAG): any user of this machine could read events and forge responses'
}

# ---- limits ----

start_with_few_descriptors() {
    mkdir few
    printf '#!/bin/sh\nulimit -n 80\nexec "%s/pt-local" "$@"\n' "$PT_BIN" >few/pt-local
    chmod +x few/pt-local
    PATH=$PWD/few:$PATH start_local --no-verify --cpu none --function "actor=$ACTOR"
}

@test "connections that are opened and closed without a request do not affect the console" {
    start_console
    for _ in 1 2 3; do
        hold "${CONSOLE_HOST##*:}" '' 70
        close_held "$CONSOLE_PID"
    done
    run -0 status_of_console api/runs
    assert_output 200
}

@test "connections that are opened and closed do not affect pt-local, even at its limit of descriptors" {
    start_with_few_descriptors
    for _ in 1 2 3; do
        hold "${ENDPOINT##*:}" '' 70
        close_held "$(server)"
    done
    run -0 invoke actor '{"fine":1}'
    assert_output '{"fine":1}'
}

@test "connections that are held open lock nobody out of the console" {
    start_console
    hold "${CONSOLE_HOST##*:}" '' 70
    hold "${CONSOLE_HOST##*:}" 'GET / HTTP/1.1\r\nHost: x\r\n' 70
    hold "${CONSOLE_HOST##*:}" 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx' 70
    hold "${CONSOLE_HOST##*:}" 'GET / HTTP/1.1\r\nHost: x\r\n\r\n' 70
    run -0 status_of_console api/runs
    assert_output 200
}

@test "connections that are held open lock nobody out of pt-local" {
    start_with_few_descriptors
    hold "${ENDPOINT##*:}" 'GET / HTTP/1.1\r\nHost: x\r\n' 50
    hold "${ENDPOINT##*:}" 'GET / HTTP/1.1\r\nHost: x\r\n\r\n' 50
    run -0 invoke actor '{"fine":1}'
    assert_output '{"fine":1}'
}

@test "whoever has the secret is not closed in favour of those who do not" {
    start_console
    curl -sN "${CONSOLE}api/events" >events 2>/dev/null 3>&- &
    watching=$!
    until [ -s events ]; do sleep 0.05; done
    hold "${CONSOLE_HOST##*:}" 'GET / HTTP/1.1\r\nHost: x\r\n\r\n' 150
    run -0 status_of_console api/runs
    assert_output 200
    assert kill -0 "$watching"
    kill "$watching"
}

@test "a request that drips steadily is ended" {
    start_local --no-verify --cpu none --request-timeout 1 --function "actor=$ACTOR"
    for start in 'GET /2015' 'POST / HTTP/1.1\r\nHost: x\r\n' 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 999999\r\n\r\n'; do
        # The loop ends when the connection is reset.
        run timeout 60 bash -c "trap '' PIPE; exec 3<>/dev/tcp/127.0.0.1/${ENDPOINT##*:}; printf '$start' >&3
            while printf x >&3; do sleep 0.02; done 2>/dev/null"
        refute [ "$status" -eq 124 ]
    done
}

# hold_bodies HEADERS: sends a hundred bodies of 6 MB without their last byte.
hold_bodies() {
    local fd first=${#HELD[@]}
    hold "${ENDPOINT##*:}" "POST $FUNCTIONS/actor/invocations HTTP/1.1\r\nHost: ${ENDPOINT#http://}\r\n${1}Content-Length: 6000000\r\n\r\n" 100
    for fd in "${HELD[@]:first}"; do
        head -c 5999999 /dev/zero >&"$fd" || true
    done
}

@test "bodies of whoever is not known take no memory, and all other bodies a limited amount" {
    start_local --cpu none --function "actor=$ACTOR"
    before=$(peak_kib "$(server)")
    hold_bodies ''
    hold_bodies 'Authorization: AWS4-HMAC-SHA256 Credential=SOMEBODY/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0\r\n'
    assert [ $(($(peak_kib "$(server)") - before)) -lt 60000 ]
    run -0 signed "$AWS_SECRET_ACCESS_KEY" POST "$FUNCTIONS/actor/invocations" -d '{}'
    assert_output 200
    close_held
    stop_local
    start_local --no-verify --cpu none --function "actor=$ACTOR"
    before=$(peak_kib "$(server)")
    hold_bodies ''
    assert [ $(($(peak_kib "$(server)") - before)) -lt 550000 ]
    # The body of a fast client is not discarded.
    head -c 5000000 /dev/zero | tr '\0' 1 >large
    run -0 expect 200 POST "$FUNCTIONS/actor/invocations" --data-binary @large
    # The slowest client must try again.
    printf x >&"${HELD[0]}"
    read -r -t 20 line <&"${HELD[0]}"
    assert_equal "${line%$'\r'}" 'HTTP/1.1 429 Too Many Requests'
}

@test "a body that is far over the limit is not awaited" {
    start_local --no-verify --cpu none --function "actor=$ACTOR"
    run curl -sS -o /dev/null -T <(head -c 100000000 /dev/zero) -X POST "$ENDPOINT$FUNCTIONS/actor/invocations"
    refute [ "$status" -eq 0 ]
    run -0 invoke actor '{"fine":1}'
}

@test "pages that follow a long run keep nobody waiting" {
    start_console
    name=20260101T000000Z-abcdef
    mkdir -m 700 "$RUNS/$name"
    local records=600000
    yes '{"type":"measurement","power":128,"duration":1,"billedDuration":1,"requestId":"8476a536-e9f4-11e8-9739-2dfe598c3fcd"}' |
        head -n "$records" >"$RUNS/$name/logparse.ndjson"
    watching=()
    for i in 1 2 3 4 5 6; do
        curl -sN "${CONSOLE}api/events?run=$name" >"events.$i" 2>/dev/null 3>&- &
        watching+=($!)
    done
    counted() { grep -h '^data: .*"rows"' events.* | tail -n 1 | grep -o '"measurement":[0-9]*' | cut -d: -f2; }
    until [ -n "$(counted)" ]; do sleep 0.01; done
    run -0 status_of_console api/setup
    assert_output 200
    # It got its response while the others were getting theirs.
    refute grep -q "\"measurement\":$records" events.*
    for i in 1 2 3 4 5 6; do
        until grep -q "\"measurement\":$records" "events.$i"; do sleep 0.1; done
    done
    kill "${watching[@]}"
}

# ---- functions ----

@test "a function that kills every process it can ends neither pt-local nor another environment" {
    start_local --no-verify --function "actor=$ACTOR" --function "other=$ACTOR"
    grep -q 'a PID namespace of their own' local.log || skip 'this machine permits no PID namespace here'
    invoke other '{}'
    invoke actor '{"daemon":true}'
    run -0 invoke actor '{"killall":true,"log":"alive"}'
    assert_output '{"killall":true,"log":"alive"}'
    run -0 invoke other '{"fine":1}'
    assert_output '{"fine":1}'
    refute grep -q 'Init Duration' tail
    pid=$LOCAL_PID
    stop_local
    run -0 find "${TMPDIR:-/tmp}" -maxdepth 1 -name "power-tune-$pid-*"
    assert_output ''
}

@test "a function sees the processes of its environment alone, and its program ends as usual" {
    start_local --no-verify --cpu none --function "actor=$ACTOR"
    grep -q 'a PID namespace of their own' local.log || skip 'this machine permits no PID namespace here'
    run -0 invoke actor '{"file":"/proc/2/comm"}'
    assert_output '"bootstrap\n"'
    run -0 invoke actor "{\"file\":\"/proc/$LOCAL_PID/comm\"}"
    assert_output '"(cannot be read)"'
    run -0 invoke actor '{"signal":9}'
    assert_output --partial 'Runtime exited with error: signal: killed'
    run -0 invoke actor '{"signal":6}'
    assert_output --partial 'Runtime exited with error: signal: aborted'
    run -0 invoke actor '{"exit":7}'
    assert_output --partial 'Runtime exited with error: exit status 7'
}
