#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2119,SC2120,SC2154,SC2164 # each test is a subshell of its own; run sets stderr
# How requests travel: TLS, proxies, IPv6, reused connections, wrong clocks; and that secrets stay secret.

load helper
load servers

HOST=lambda.us-east-1.amazonaws.com

setup() {
    ACTOR=$PT_BUILD/functions/actor
    [ -d "$ACTOR" ] || ACTOR=$ROOT/build/functions/actor
    RECORD=$BATS_TEST_TMPDIR/record
    LOG=$BATS_TEST_TMPDIR/log
    export AWS_REGION=us-east-1 AWS_MAX_ATTEMPTS=1
    unset SSL_CERT_FILE SSL_CERT_DIR
    cd "$BATS_TEST_TMPDIR"
}

teardown() {
    stop_servers
    stop_local
}

start() {
    start_local --record "$RECORD" --function "actor=$ACTOR" --allow-host 127.0.0.1 --allow-host '[::1]' --allow-host localhost \
        --allow-host "$HOST" "$@"
}

# make_authority NAME: creates a CA, in NAME.pem and NAME.key.
make_authority() {
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$1" -keyout "$1.key" -out "$1.pem" 2>/dev/null
}

# certify AUTHORITY SUBJECT-ALTERNATIVE-NAME: creates a certificate, in server.pem and server.key.
certify() {
    openssl req -newkey rsa:2048 -nodes -subj /CN=server -keyout server.key -out server.csr 2>/dev/null
    openssl x509 -req -in server.csr -CA "$1.pem" -CAkey "$1.key" -CAcreateserial -days 2 \
        -extfile <(echo "subjectAltName=$2") -out server.pem 2>/dev/null
}

# start_tunnel [OPTION...]: starts a tunnel to pt-local.
start_tunnel() {
    start_server "$PROGRAMS/tunnel" --to "$ENDPOINT" --log "$LOG" "$@"
}

# over_tls SUBJECT-ALTERNATIVE-NAME [OPTION...]: starts pt-local and a TLS tunnel to it, with a certificate from a new CA.
over_tls() {
    make_authority ours
    certify ours "$1"
    shift
    start
    start_tunnel --certificate server.pem --key server.key "$@"
}

identify() {
    pt-init --function actor --num 5 --identify --endpoint-url "$ADDRESS" "$@"
}

# refused PATTERN: no request reaches the server, and the reason matches PATTERN.
refused() {
    run -2 --separate-stderr identify
    assert_equal "${#stderr_lines[@]}" 1
    assert_regex "$stderr" "^pt-init: actor: $ADDRESS: .*$1"
    assert_equal "$(cat "$RECORD")" ''
}

ARN=arn:aws:lambda:us-east-1:123456789012:function:actor

@test "a whole run works over TLS with the CA from AWS_CA_BUNDLE" {
    over_tls IP:127.0.0.1
    AWS_CA_BUNDLE=$PWD/ours.pem run -0 --separate-stderr power-tune --endpoint-url "$ADDRESS" --quiet --function actor \
        --num 5 --power-values 128,256
    assert_equal "$(jq -s 'map(select(.operation == "Invoke")) | length' "$RECORD")" 10
    assert_equal "$(grep TLS "$LOG" | sort -u)" TLSv1.3
}

@test "a certificate from an unknown CA is refused" {
    over_tls IP:127.0.0.1
    refused certificate
}

@test "the CA may come from ca_bundle in the profile or SSL_CERT_FILE, and AWS_CA_BUNDLE takes precedence" {
    over_tls IP:127.0.0.1
    make_authority theirs
    SSL_CERT_FILE=$PWD/ours.pem run -0 identify
    assert_equal "$output" "$ARN"
    printf '[default]\nca_bundle = %s\n' "$PWD/ours.pem" >config
    AWS_CONFIG_FILE=$PWD/config SSL_CERT_FILE=$PWD/theirs.pem run -0 identify
    AWS_CONFIG_FILE=$PWD/config AWS_CA_BUNDLE=$PWD/theirs.pem run -2 identify
    SSL_CERT_FILE=$PWD/theirs.pem AWS_CA_BUNDLE=$PWD/ours.pem run -0 identify
}

@test "a certificate from a CA other than the trusted one is refused" {
    over_tls IP:127.0.0.1
    make_authority theirs
    export AWS_CA_BUNDLE=$PWD/theirs.pem
    refused certificate
}

@test "a certificate for another host is refused" {
    over_tls DNS:example.com
    export AWS_CA_BUNDLE=$PWD/ours.pem
    refused '(name|subject)'
}

@test "a missing profile is reported before any connection is made" {
    start
    run -2 --separate-stderr pt-init --function actor --num 5 --identify --endpoint-url "$ENDPOINT" --profile work
    assert_equal "$stderr" "pt-init: --profile: profile 'work' not found in '/dev/null' or '/dev/null'"
    assert_equal "$(cat "$RECORD")" ''
}

@test "an unreadable CA file is named" {
    over_tls IP:127.0.0.1
    export AWS_CA_BUNDLE=$BATS_TEST_TMPDIR/none
    refused "$BATS_TEST_TMPDIR/none"
}

@test "TLS 1.2 is accepted and TLS 1.1 is refused" {
    over_tls IP:127.0.0.1 --tls 1.2
    export AWS_CA_BUNDLE=$PWD/ours.pem
    run -0 identify
    assert_equal "$(tail -n 1 "$LOG")" TLSv1.2
    : >"$RECORD"
    start_tunnel --certificate server.pem --key server.key --tls 1.1
    refused '(protocol|version|alert)'
    assert_equal "$(tail -n 1 "$LOG")" refused
}

@test "AWS's own endpoint is reached through HTTPS_PROXY with one CONNECT and TLS for that host name" {
    over_tls "DNS:$HOST" --connect
    export AWS_CA_BUNDLE=$PWD/ours.pem HTTPS_PROXY=$ADDRESS
    run -0 --separate-stderr pt-init --function actor --num 5 --power-values 128
    assert_equal "$(jq -r 'select(.type == "plan") | .functionArn' <<<"$output")" "$ARN"
    assert_equal "$(cat "$LOG")" "open
CONNECT $HOST:443
TLSv1.3 $HOST"
}

@test "a whole run works with AWS's own host name" {
    over_tls "DNS:$HOST" --connect
    export AWS_CA_BUNDLE=$PWD/ours.pem HTTPS_PROXY=$ADDRESS
    run -0 --separate-stderr power-tune --quiet --function actor --num 5 --power-values 128,256
    assert_equal "$(jq '.power | type' <<<"$output")" '"number"'
    assert_equal "$(jq -s 'map(select(.operation == "Invoke" and .status == 200)) | length' "$RECORD")" 10
    assert_equal "$(grep -v "^open$" "$LOG" | sort -u)" "CONNECT $HOST:443
TLSv1.3 $HOST"
}

@test "hosts in NO_PROXY are reached without the proxy" {
    start
    start_tunnel --connect
    for variable in http_proxy HTTPS_PROXY ALL_PROXY; do
        run -0 env "$variable=$ADDRESS" NO_PROXY=example.com,127.0.0.1 pt-init --function actor --num 5 --identify --endpoint-url "$ENDPOINT"
        assert_equal "$output" "$ARN"
    done
    assert_equal "$(cat "$LOG")" ''
    run -2 --separate-stderr env HTTPS_PROXY=http://127.0.0.1:1 NO_PROXY=example.com pt-init --function actor --num 5 --identify
    assert_regex "$stderr" "^pt-init: actor: https://$HOST: .*127.0.0.1 port 1"
}

@test "a proxy that refuses is named, and nothing is sent" {
    start
    # pt-local does not support CONNECT.
    run -2 --separate-stderr env HTTPS_PROXY="$ENDPOINT" pt-init --function actor --num 5 --identify
    assert_regex "$stderr" "^pt-init: actor: https://$HOST: .*(proxy|CONNECT)"
}

@test "an invocation that a proxy refuses is not lost, because it was not sent" {
    start
    published 5
    run -1 --separate-stderr env HTTPS_PROXY="$ENDPOINT" pt-invoke published
    assert_regex "$stderr" '^pt-invoke: actor at 128 MB: no connection: '
    assert_equal "$(jq -r 'select(.type == "failure")' <<<"$output")" ''
}

@test "an endpoint may be an IPv6 address" {
    [ -e /proc/net/if_inet6 ] || skip 'this machine has no IPv6'
    start
    start_tunnel --ipv6
    run -0 --separate-stderr power-tune --endpoint-url "$ADDRESS" --quiet --function actor --num 5 --power-values 128
    assert_regex "$ADDRESS" '^http://\[::1\]:'
    assert_equal "$(jq -s 'map(select(.operation == "Invoke")) | length' "$RECORD")" 5
}

published() {
    pt-init --endpoint-url "$ENDPOINT" --function actor --num "$1" --power-values 128 | pt-apply publish --endpoint-url "$ENDPOINT" >published
    : >"$RECORD"
}

@test "one connection carries all invocations of a branch" {
    start
    published 20
    start_tunnel
    run -0 pt-invoke --endpoint-url "$ADDRESS" published
    assert_equal "$(jq -s 'map(select(.operation == "Invoke" and .status == 200)) | length' "$RECORD")" 20
    assert_equal "$(cat "$LOG")" open
}

@test "a request on a reused connection that is closed is lost: libcurl does not send it again" {
    start
    published 5
    start_tunnel --hang-up 2
    run -0 --separate-stderr pt-invoke --endpoint-url "$ADDRESS" published
    assert_equal "$(jq -r 'select(.index != null) | "\(.index) \(.kind // "done")"' <<<"$output" | paste -sd ,)" \
        '0 lost,1 done,2 lost,3 done,4 lost'
    assert_equal "$(jq -r .operation "$RECORD" | paste -sd ,)" GetFunction,Invoke,Invoke
    # The connection that libcurl opens to send it again is not used.
    assert_equal "$(paste -sd , "$LOG")" 'open,hung up,open,open,hung up,open,open,hung up,open'
}

@test "a reset after the function has run loses the invocation, which ran once" {
    start
    published 5
    start_proxy 'invoke:3 lose' 'invoke:5 reset'
    run -0 --separate-stderr pt-invoke --endpoint-url "$ADDRESS" published
    assert_equal "$(jq -r 'select(.index != null) | "\(.index) \(.kind // "done")"' <<<"$output" | paste -sd ,)" \
        '0 done,1 done,2 lost,3 done,4 lost'
    assert_equal "$(jq -s 'map(select(.operation == "Invoke")) | length' "$RECORD")" 4
    # One request for the version's state, and one for each invocation.
    assert_equal "$(jq -r .class calls | paste -sd ,)" get,invoke,invoke,invoke,invoke,invoke
}

# ---- clocks -------------------------------------------------------------------------------------------------------

# off SECONDS COMMAND...: runs the command with a clock that is off by SECONDS.
off() {
    # The address sanitizer's library would have to be loaded first.
    run --separate-stderr env ASAN_OPTIONS=verify_asan_link_order=0 CLOCK_SHIFT="$1" LD_PRELOAD="$PROGRAMS/clock-shift.so" "${@:2}"
}

@test "a clock that is wrong by minutes or hours is corrected from the server's Date" {
    start
    for seconds in -600 600 86400 -7200; do
        off "$seconds" power-tune --endpoint-url "$ENDPOINT" --quiet --function actor --num 5 --power-values 128,256
        assert_equal "$status $stderr" '0 '
        assert_equal "$(jq '.power | type' <<<"$output")" '"number"'
    done
    assert_equal "$(jq -s 'map(select(.operation == "Invoke" and .status == 200)) | length' "$RECORD")" 40
    # Only the first request of each program, and those sent at the same time, were refused.
    assert_equal "$(jq -r 'select(.error != null) | .error' "$RECORD" | sort -u)" InvalidSignatureException
}

@test "with many invocations in flight, all are signed again and each is received once" {
    start
    off -600 power-tune --endpoint-url "$ENDPOINT" --quiet --function actor --num 30 --power-values 128 --parallel-invocation
    assert_equal "$status $stderr" '0 '
    assert_equal "$(jq -s 'map(select(.operation == "Invoke" and .status == 200)) | length' "$RECORD")" 30
}

@test "roles can be assumed with a wrong clock, and with a correct clock nothing is corrected" {
    printf '[base]\naws_access_key_id = AKIDBASE\naws_secret_access_key = s\n' >credentials
    printf '[profile work]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\nrole_session_name = %s\n' off >config
    unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
    export AWS_CONFIG_FILE=$PWD/config AWS_SHARED_CREDENTIALS_FILE=$PWD/credentials HOME=$PWD
    start_server "$PROGRAMS/fake-aws" --log "$LOG" --errors 1:403:RequestExpired
    export AWS_ENDPOINT_URL_STS=$ADDRESS
    off -900 "$PROGRAMS/credentials" --profile work
    assert_equal "$status $(jq -r .id <<<"$output") $(wc -l <"$LOG")" '0 ASIA1 2'
    rm -r .aws "$LOG"
    start_server "$PROGRAMS/fake-aws" --log "$LOG" --errors 1:403:RequestExpired
    export AWS_ENDPOINT_URL_STS=$ADDRESS
    off 0 "$PROGRAMS/credentials" --profile work
    assert_equal "$status $(wc -l <"$LOG")" '1 1'
    assert_regex "$stderr" 'RequestExpired'
}

@test "without the correction, a wrong clock would be refused" {
    start
    run -0 date -u
    off 600 date -u +%s
    [ $((output - $(date +%s))) -ge 595 ]
}

@test "every error about the signature's time is corrected from the response's Date" {
    start
    for code in RequestExpired RequestTimeTooSkewed InvalidSignatureException RequestInTheFuture; do
        start_proxy "get:1 answer=403 $code" "get:1 header=Date: $(LC_ALL=C date -u -d '+1 hour' '+%a, %d %b %Y %H:%M:%S GMT')"
        # The response's Date is an hour ahead, so the next signature is too: pt-local, whose own Date is right, refuses it.
        AWS_MAX_ATTEMPTS=5 run -0 --separate-stderr identify
        assert_equal "$output" "$ARN"
        assert_equal "$(jq -r .status calls | paste -sd ' ')" '403 403 200'
        stop_servers
        rm calls
    done
}

@test "a signature that is wrong for another reason is refused once, with AWS's message" {
    start
    AWS_SECRET_ACCESS_KEY=wrong run -2 --separate-stderr pt-init --function actor --num 5 --identify --endpoint-url "$ENDPOINT"
    assert_regex "$stderr" '^pt-init: actor: InvalidSignatureException: The request signature we calculated does not match'
    assert_equal "$(wc -l <"$RECORD")" 1
}

# ---- secrets ------------------------------------------------------------------------------------------------------

@test "no secret is in messages, records, run directories or process arguments" {
    export AWS_ACCESS_KEY_ID=AKIDSECRETIVE AWS_SECRET_ACCESS_KEY=untold-key AWS_SESSION_TOKEN=untold-token
    start
    start_proxy "* before=ps -A -ww -o args >>'$BATS_TEST_TMPDIR/processes'"
    run -0 --separate-stderr power-tune --endpoint-url "$ADDRESS" --verbose --function actor --num 5 --power-values 128,256 \
        --run-dir "$PWD/run"
    printf '%s' "$output" "$stderr" >said
    grep -q 'pt-invoke' processes
    run -1 grep -rlE 'untold-(key|token)|AWS4-HMAC' said run
    # Other tests run at the same time: among all processes, only this test's own are checked.
    run -1 grep -lE 'untold-(key|token)' processes
}

@test "a user name and password in an endpoint's URL are refused and not printed or stored" {
    url=http://me:untold@127.0.0.1:1 refused='a user name, password or query is not supported in its URL'
    for command in 'pt-init --num 5 --function' 'pt-apply sweep --region us-east-1 --function' 'pt-logs --region us-east-1'; do
        # shellcheck disable=SC2086 # words
        run -2 --separate-stderr $command actor --endpoint-url "$url"
        assert_regex "$stderr" "endpoint 'http://127.0.0.1:1': $refused\$"
        # shellcheck disable=SC2086 # words
        AWS_ENDPOINT_URL=$url run -2 --separate-stderr $command actor
        assert_regex "$stderr" "endpoint 'http://127.0.0.1:1': $refused\$"
    done
    run -2 --separate-stderr power-tune --endpoint-url "$url" --function actor --num 5 --run-dir "$PWD/run"
    assert_equal "$stderr" "power-tune: option '--endpoint-url': $refused"
    run -2 --separate-stderr power-tune "--endpoint-url=$url" --function actor --num 5 --run-dir "$PWD/run"
    assert_equal "$stderr" "power-tune: option '--endpoint-url': $refused"
    AWS_ENDPOINT_URL=$url run -2 --separate-stderr power-tune --function actor --num 5 --run-dir "$PWD/run"
    assert_regex "$stderr" "endpoint 'http://127.0.0.1:1': $refused\$"
    run -2 --separate-stderr pt-console --endpoint-url "$url"
    assert_equal "$stderr" "pt-console: option '--endpoint-url': $refused"
    mkdir -p run "$XDG_STATE_HOME"
    run -1 grep -rl untold run "$XDG_STATE_HOME"
}

@test "a line break in the session token or the tenant's name does not create another header" {
    start
    AWS_SESSION_TOKEN=$'a\r\nX-Amz-Invocation-Type: DryRun' run -2 --separate-stderr pt-init --function actor --num 5 --endpoint-url "$ENDPOINT"
    assert_regex "$stderr" 'the session token from environment contains a line break or another control character$'
    run -2 --separate-stderr pt-init --function actor --num 5 --endpoint-url "$ENDPOINT" --tenant-id $'a\r\nX: b'
    assert_equal "$stderr" "pt-init: option '--tenant-id': the value contains a control character"
    pt-init --function actor --num 5 --endpoint-url "$ENDPOINT" | jq -c '. + if .type == "plan" then {tenantId: "a\r\nX: b"} else {} end' >plan
    : >"$RECORD"
    run -2 --separate-stderr pt-invoke --endpoint-url "$ENDPOINT" plan
    assert_equal "$stderr" "pt-invoke: plan:1: plan record: member 'tenantId' contains a control character"
    run cat "$RECORD"
    assert_output ''
}

@test "no secret is in the message when AWS refuses a request" {
    export AWS_SECRET_ACCESS_KEY=very-secret-key AWS_SESSION_TOKEN=very-secret-token
    start
    AWS_ACCESS_KEY_ID=AKIDOTHER run -2 --separate-stderr pt-init --function actor --num 5 --endpoint-url "$ENDPOINT"
    refute_regex "$stderr" 'very-secret|Signature='
}

@test "the request that AWS quotes, with its session token, is not in messages or records" {
    export AWS_SESSION_TOKEN=very-secret-token
    start
    published 5
    quoted='{"message":"The signature does not match.\n\nThe Canonical String should have been\nx-amz-security-token:very-secret-token"}'
    start_proxy '* answer=403 InvalidSignatureException' "* body=$quoted"
    run -2 --separate-stderr identify
    assert_equal "$stderr" 'pt-init: actor: InvalidSignatureException: The signature does not match.'
    run -1 --separate-stderr pt-invoke --endpoint-url "$ADDRESS" published
    assert_equal "$stderr" 'pt-invoke: actor at 128 MB: the signature was refused: InvalidSignatureException: The signature does not match.'
    refute_regex "$output" very-secret
}

@test "programs that hold keys write no core file" {
    start
    cat >process <<'EOF2'
#!/bin/sh
grep 'Max core file size' "/proc/$PPID/limits" >>"$LIMITS"
echo '{"Version":1,"AccessKeyId":"AKIDEXAMPLE","SecretAccessKey":"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}'
EOF2
    chmod +x process
    printf '[default]\ncredential_process = %s\n' "$PWD/process" >config
    unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
    export AWS_CONFIG_FILE=$PWD/config LIMITS=$PWD/limits
    ulimit -c unlimited
    run -0 power-tune --endpoint-url "$ENDPOINT" --quiet --function actor --num 5 --power-values 128
    # pt-init, pt-invoke and pt-apply, as often as each ran.
    assert_equal "$(tr -s ' ' <limits | sort -u)" 'Max core file size 0 0 bytes '
    [ "$(wc -l <limits)" -ge 4 ]
}
