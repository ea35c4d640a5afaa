#!/usr/bin/env bats
# Malformed requests neither stop pt-local nor leak memory; `make sanitize` runs these tests on the sanitized build.

load helper
load local

FUZZ=${PT_BUILD:-$ROOT/build/plain}/programs/http-fuzz

teardown() {
    stop_local
}

still_well() {
    run invoke spare '{"fine":1}'
    assert_output '{"fine":1}'
    pid=$LOCAL_PID
    kill "$pid"
    status=0
    wait "$pid" || status=$?
    LOCAL_PID=
    assert_equal "$status" 0
    refute grep -q -e Sanitizer -e 'runtime error' "$BATS_TEST_TMPDIR/local.log"
}

@test "pt-local survives each prefix of valid API requests and 3,000 mutations of them" {
    start_local --no-verify --cpu none --record "$BATS_TEST_TMPDIR/record" --function "actor=$ACTOR" --function "spare=$ACTOR"
    sed "s/PLACE/${ENDPOINT#http:\/\/}/" >"$BATS_TEST_TMPDIR/requests" <<'REQUESTS'
POST /2015-03-31/functions/actor/invocations?Qualifier=%24LATEST HTTP/1.1
Host: PLACE
X-Amz-Log-Type: Tail
Content-Length: 15

{"log": "text"}
.
PUT /2015-03-31/functions/actor/configuration HTTP/1.1
Host: PLACE
Content-Length: 106

{"MemorySize":256,"Environment":{"Variables":{"AB":"b"}},"LoggingConfig":{"LogFormat":"JSON"},"Timeout":2}
.
POST /2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Aactor/aliases HTTP/1.1
Host: PLACE
Transfer-Encoding: chunked

2b
{"Name":"live","FunctionVersion":"$LATEST"}
0

.
GET /2015-03-31/functions/actor/versions?MaxItems=2&Marker=1 HTTP/1.1
Host: PLACE
Expect: 100-continue

.
REQUESTS
    run "$FUZZ" "${ENDPOINT##*:}" 3000 1 <"$BATS_TEST_TMPDIR/requests"
    assert_success
    still_well
}

@test "pt-local survives each prefix of signed requests and 1,000 mutations of them" {
    start_local --cpu none --function "actor=$ACTOR" --function "spare=$ACTOR"
    curl -sS -o /dev/null -v --aws-sigv4 aws:amz:us-east-1:lambda --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" \
        "$ENDPOINT$FUNCTIONS/actor" 2>"$BATS_TEST_TMPDIR/sent"
    {
        tr -d '\r' <"$BATS_TEST_TMPDIR/sent" | sed -n 's/^> //p'
        echo
        echo .
    } >"$BATS_TEST_TMPDIR/requests"
    run "$FUZZ" "${ENDPOINT##*:}" 1000 2 <"$BATS_TEST_TMPDIR/requests"
    assert_success
    stop_local
    refute grep -q -e Sanitizer -e 'runtime error' "$BATS_TEST_TMPDIR/local.log"
}

@test "pt-local survives each prefix of Runtime API requests and 1,000 mutations of them" {
    start_local --no-verify --cpu none --function "actor=$ACTOR" --function "spare=$ACTOR"
    address=$(invoke actor '{"env":"AWS_LAMBDA_RUNTIME_API"}')
    address=${address//\"/}
    sed "s/PLACE/$address/" >"$BATS_TEST_TMPDIR/requests" <<'REQUESTS'
POST /2018-06-01/runtime/invocation/8476a536-e9f4-11e8-9739-2dfe598c3fcd/response HTTP/1.1
Host: PLACE
Lambda-Runtime-Function-Response-Mode: streaming
Content-Length: 2

{}
.
POST /2018-06-01/runtime/init/error HTTP/1.1
Host: PLACE
Lambda-Runtime-Function-Error-Type: A.B
Content-Length: 34

{"errorType":"T","errorMessage":1}
.
REQUESTS
    run "$FUZZ" "${address##*:}" 1000 3 <"$BATS_TEST_TMPDIR/requests"
    assert_success
    still_well
}

@test "pt-local serves 200 connections at once" {
    start_local --no-verify --cpu none --function "actor=$ACTOR"
    for _ in {1..200}; do
        printf 'url = "%s/actor/invocations"\ndata = "{}"\noutput = /dev/null\nwrite-out = "%%{http_code}\\n"\nsilent\nnext\n' \
            "$ENDPOINT$FUNCTIONS"
    done | sed '$d' >"$BATS_TEST_TMPDIR/curl"
    run bash -c "curl -s --parallel --parallel-immediate --parallel-max 200 -K '$BATS_TEST_TMPDIR/curl' 2>/dev/null | sort | uniq -c | tr -s ' '"
    assert_output ' 200 200'
}
