#!/usr/bin/env bats
# shellcheck disable=SC2154 # run sets stderr
# Failures of the network and of services: the requests that the function received, the records, and that the
# function is restored.

load helper
load servers

setup() {
    ACTOR=$PT_BUILD/functions/actor
    [ -d "$ACTOR" ] || ACTOR=$ROOT/build/functions/actor
    RECORD=$BATS_TEST_TMPDIR/record
    RUN=$BATS_TEST_TMPDIR/run
    CALLS=$BATS_TEST_TMPDIR/calls
}

teardown() {
    stop_servers
    stop_local
}

# meet [OPTION...] -- FAULT...: a run through the proxy with these faults: 5 invocations at each of 2 sizes.
# It must succeed without a message, print a result and restore the function.
meet() {
    local options=() before
    while [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    shift
    start_local --no-verify --allow-host 127.0.0.1 --record "$RECORD" --function "actor=$ACTOR"
    before=$(state_of actor)
    start_proxy "$@"
    run --separate-stderr power-tune --endpoint-url "$ADDRESS" --region us-east-1 --quiet --run-dir "$RUN" \
        --function actor --num 5 --power-values 128,256 --payload '{}' "${options[@]}"
    assert_equal "$status" 0
    if [ -n "${EXPECTED_REGEX:-}" ]; then
        assert_regex "$stderr" "$EXPECTED_REGEX"
    else
        assert_equal "$stderr" ''
    fi
    assert_equal "$(jq '.power | type' <<<"$output")" '"number"'
    [ -n "${CHANGED:-}" ] || assert_equal "$(state_of actor)" "$before"
}

# Prints how many invocations each version of the function received, the smallest number first.
received() {
    jq -r 'select(.operation == "Invoke") | .qualifier' "$RECORD" | sort | uniq -c | sort -n |
        awk '{printf "%s%d", sep, $1; sep = " "}'
}

# Prints how many requests that change something Lambda has carried out: "PublishVersion 2".
made() {
    jq -r --arg operation "$1" 'select(.operation == $operation and .status < 300) | .operation' "$RECORD" | wc -l
}

# Prints the records of the invocations in words: how many have a result, and the kinds of failure.
said() {
    jq -r 'select(.type == "invocation" or .type == "failure") | .kind // "done"' "$RUN/invoke.ndjson" | sort | uniq -c |
        awk '{printf "%s%d %s", sep, $1, $2; sep = ", "}'
}

@test "without a failure every invocation is received once" {
    meet --
    assert_equal "$(received)" '5 5'
    assert_equal "$(said)" '10 done'
}

@test "a connection that is refused for a while is retried, and nothing is lost" {
    meet -- 'invoke:3 deaf=600'
    # The kernel resets a connection that is made at the moment when the listener closes, and nothing of it is
    # read. That one invocation counts as lost, and is not sent again.
    if [ "$(said)" = '9 done, 1 lost' ]; then
        assert_equal "$(received)" '4 5'
    else
        assert_equal "$(said)" '10 done'
        assert_equal "$(received)" '5 5'
    fi
}

@test "after a reset before the function got the request, the invocation counts as lost" {
    meet -- 'invoke:3 reset'
    assert_equal "$(received)" '4 5'
    assert_equal "$(said)" '9 done, 1 lost'
}

@test "after a reset once the function got the request, the invocation is lost and not repeated" {
    meet -- 'invoke:3 lose'
    assert_equal "$(received)" '5 5'
    assert_equal "$(said)" '9 done, 1 lost'
    assert_equal "$(jq -s 'map(select(.type == "stat") | .lost) | add' "$RUN/stats.ndjson")" 1
    assert_equal "$(jq -s 'map(select(.type == "stat") | .count) | add' "$RUN/stats.ndjson")" 9
}

@test "after a reset in the response body, the invocation is lost and not repeated" {
    meet -- 'invoke:3 cut'
    assert_equal "$(received)" '5 5'
    assert_equal "$(said)" '9 done, 1 lost'
}

@test "after a response shorter than its Content-Length, the invocation is lost and not repeated" {
    meet -- 'invoke:3 length=5'
    assert_equal "$(received)" '5 5'
    assert_equal "$(said)" '9 done, 1 lost'
}

# none_measured FAULT...: a run of 5 invocations at 128 MB, none of which gets a response.
none_measured() {
    rm -rf "$RUN"
    start_proxy "$@"
    run -1 --separate-stderr power-tune --endpoint-url "$ADDRESS" --region us-east-1 --quiet --run-dir "$RUN" --function actor \
        --num 5 --power-values 128 --payload '{}'
}

@test "lost responses are counted by their reason, in the stat record and in the message" {
    start_local --no-verify --allow-host 127.0.0.1 --function "actor=$ACTOR"
    none_measured 'invoke:1 lose' 'invoke:2 lose' 'invoke:3 answer=502' 'invoke:3 body=<html>' 'invoke:4 reset' 'invoke:5 lose'
    assert_equal "$stderr" "pt-pick: no size could be measured: 128 MB: 5 lost: 4 connection reset, 1 HTTP 502
power-tune: the records of the run are in '$RUN'"
    assert_equal "$(jq -c 'select(.type == "stat") | [.lost, .lostByReason]' "$RUN/stats.ndjson")" \
        '[5,{"HTTP 502":1,"connection reset":4}]'
    none_measured 'invoke:1 cut' 'invoke:2 length=5' 'invoke:3 answer=500 ServiceException' 'invoke:4 cut' 'invoke:5 answer=503'
    assert_equal "${stderr_lines[0]}" \
        'pt-pick: no size could be measured: 128 MB: 5 lost: 3 connection closed during the response, 1 HTTP 500 ServiceException, 1 HTTP 503'
}

@test "the table shows the reasons of lost responses next to the figures of the others" {
    start_local --no-verify --allow-host 127.0.0.1 --function "actor=$ACTOR"
    start_proxy 'invoke:2 lose' 'invoke:4 answer=502'
    run -0 --separate-stderr power-tune --endpoint-url "$ADDRESS" --region us-east-1 --run-dir "$RUN" --function actor \
        --num 5 --power-values 128 --payload '{}'
    assert_regex "$stderr" '<- best, 2 lost: 1 HTTP 502, 1 connection reset'
}

@test "with many responses 429, no invocation is lost or received twice" {
    faults=()
    for call in {1..12}; do
        faults+=("invoke:$call answer=429 TooManyRequestsException")
    done
    meet -- "${faults[@]}"
    assert_equal "$(received)" '5 5'
    assert_equal "$(said)" '10 done'
    assert_equal "$(jq -s 'map(select(.class == "invoke")) | length' "$CALLS")" 22
}

@test "max_attempts does not limit the retries after throttling" {
    faults=()
    for call in {1..8}; do
        faults+=("invoke:$call answer=429 TooManyRequestsException")
    done
    AWS_MAX_ATTEMPTS=1 meet -- "${faults[@]}"
    assert_equal "$(said)" '10 done'
}

@test "Retry-After is respected" {
    meet -- 'invoke:1 answer=429 TooManyRequestsException' 'invoke:1 header=Retry-After: 1'
    assert_equal "$(received)" '5 5'
    assert_equal "$(said)" '10 done'
}

@test "after a 500 or a 503 the invocation is lost and never sent again" {
    meet -- 'invoke:3 answer=500 ServiceException' 'invoke:4 answer=503' 'invoke:4 body=<html>'
    assert_equal "$(grep -c '"operation":"Invoke"' "$RECORD")" 8
    assert_equal "$(said)" '8 done, 2 lost'
    assert_equal "$(jq -rs 'map(select(.kind == "lost") | .errorType + ": " + .message) | sort[]' "$RUN/invoke.ndjson")" \
        ': HTTP status 503
ServiceException: made by the proxy'
}

@test "after a 502 that means that the handler did not start, the invocation is sent again and received once" {
    meet -- 'invoke:3 answer=502 EC2UnexpectedException' 'invoke:4 answer=502 KMSInvalidStateException'
    assert_equal "$(received)" '5 5'
    assert_equal "$(said)" '10 done'
}

@test "an error of a key or a network that retrying cannot solve ends the run at once with AWS's message" {
    start_local --no-verify --allow-host 127.0.0.1 --record "$RECORD" --function "actor=$ACTOR"
    before=$(state_of actor)
    for code in KMSAccessDeniedException KMSDisabledException KMSNotFoundException EC2AccessDeniedException; do
        rm -rf "$CALLS"
        start_proxy "invoke:* answer=502 $code"
        run -1 --separate-stderr power-tune --endpoint-url "$ADDRESS" --region us-east-1 --quiet --function actor --num 5 \
            --power-values 128 --payload '{}'
        assert_equal "$stderr" "pt-invoke: actor at 128 MB: it cannot be invoked: $code: made by the proxy"
        assert_equal "$(jq -s 'map(select(.class == "invoke")) | length' "$CALLS")" 1
    done
    assert_equal "$(state_of actor)" "$before"
}

@test "retries of a handler that cannot be started are reported once" {
    faults=()
    for call in {1..8}; do
        faults+=("invoke:$call answer=502 KMSInvalidStateException")
    done
    EXPECTED_REGEX='^pt-invoke: warning: actor at (128|256) MB: the handler cannot be started; retrying for up to 60 s: KMSInvalidStateException: made by the proxy$' \
        meet -- "${faults[@]}"
    assert_equal "$(received)" '5 5'
    assert_equal "$(said)" '10 done'
}

@test "a size whose handler never starts is left out after max_attempts attempts" {
    AWS_MAX_ATTEMPTS=3 meet -- 'invoke:3 answer=502 ENILimitReachedException' 'invoke:5 answer=502 ENILimitReachedException' \
        'invoke:6 answer=502 ENILimitReachedException' 'invoke:4 answer=502 ENILimitReachedException' \
        'invoke:7 answer=502 ENILimitReachedException'
    assert_equal "$(jq -c 'select(.type == "failure") | [.kind,.errorType,.excluded]' "$RUN/invoke.ndjson")" \
        '["notStarted","ENILimitReachedException",true]'
    assert_equal "$(jq '.excluded | length' <<<"$output")" 1
}

@test "an invocation during an update waits for the version's state and continues" {
    meet -- 'invoke:3 answer=409 ResourceConflictException' 'invoke:4 answer=409 SnapStartNotReadyException'
    assert_equal "$(received)" '5 5'
    assert_equal "$(said)" '10 done'
}

@test "a slow response header is waited for" {
    meet -- 'invoke:3 slow=500' 'get:2 slow=300'
    assert_equal "$(received)" '5 5'
    assert_equal "$(said)" '10 done'
}

@test "after a response that does not arrive in time, the invocation is lost and not repeated" {
    start_local --no-verify --allow-host 127.0.0.1 --record "$RECORD" --timeout 1 --function "actor=$ACTOR"
    pt-init --endpoint-url "$ENDPOINT" --region us-east-1 --function actor --num 5 --power-values 128 --payload '{}' |
        pt-apply publish --endpoint-url "$ENDPOINT" >"$BATS_TEST_TMPDIR/published"
    start_proxy 'invoke:3 hold=60000'
    mkdir "$RUN"
    pt-invoke --endpoint-url "$ADDRESS" --margin 1 "$BATS_TEST_TMPDIR/published" >"$RUN/invoke.ndjson"
    assert_equal "$(received)" 5
    assert_equal "$(said)" '4 done, 1 lost'
}

@test "a processor may take longer than the function's timeout" {
    start_local --no-verify --allow-host 127.0.0.1 --record "$RECORD" --timeout 1 --function "actor=$ACTOR" --function "before=$ACTOR"
    pt-init --endpoint-url "$ENDPOINT" --region us-east-1 --function actor --num 5 --power-values 128 --payload '{}' \
        --pre-processor-arn before | pt-apply publish --endpoint-url "$ENDPOINT" >"$BATS_TEST_TMPDIR/published"
    start_proxy 'invoke:1 hold=2500'
    mkdir "$RUN"
    pt-invoke --endpoint-url "$ADDRESS" --margin 1 "$BATS_TEST_TMPDIR/published" >"$RUN/invoke.ndjson"
    assert_equal "$(said)" '5 done'
}

@test "an error whose body is not JSON keeps its code and does not count as an invocation" {
    start_local --no-verify --allow-host 127.0.0.1 --record "$RECORD" --function "actor=$ACTOR"
    before=$(state_of actor)
    start_proxy 'invoke:3 answer=403 AccessDeniedException' 'invoke:3 body=<html>no'
    run -1 --separate-stderr power-tune --endpoint-url "$ADDRESS" --region us-east-1 --quiet --run-dir "$RUN" --function actor \
        --num 5 --power-values 128 --payload '{}'
    assert_equal "$output" ''
    assert_equal "$stderr" "pt-invoke: actor at 128 MB: it cannot be invoked: AccessDeniedException: HTTP status 403
power-tune: the records of the run are in '$RUN'"
    assert_equal "$(received)" 2
    assert_equal "$(state_of actor)" "$before"
}

@test "requests that only read are repeated after any failure" {
    meet -- 'get:1 reset' 'get:2 lose' 'get:3 cut' 'get:4 length=9' 'get:5 answer=500' 'get:5 body=<html>' 'get:6 answer=503' \
        'list:1 answer=429 TooManyRequestsException' 'list:2 answer=500 ServiceException'
    assert_equal "$(received)" '5 5'
}

@test "throttled requests that change something are repeated, and each takes effect once" {
    meet -- 'update:1 answer=429 TooManyRequestsException' 'publish:1 answer=429 TooManyRequestsException' \
        'update:3 answer=400 ThrottlingException' 'delete:1 answer=429 TooManyRequestsException'
    assert_equal "$(made PublishVersion)" 2
    assert_equal "$(made DeleteFunction)" 2
    assert_equal "$(received)" '5 5'
}

@test "a change whose response was lost is looked up, not made a second time" {
    for fault in lose cut length=9 'answer=500 ServiceException' reset; do
        meet -- "publish:1 $fault" "update:1 $fault" "delete:1 $fault"
        assert_equal "$(made PublishVersion)" 2
        assert_equal "$(made UpdateFunctionConfiguration)" 2
        assert_equal "$(received)" '5 5'
        stop_servers
        stop_local
        rm -rf "$RUN" "$RECORD" "$CALLS"
    done
}

@test "after an unreadable response the change is looked up, and made if it was not" {
    meet -- 'publish:1 answer=201' 'publish:1 body=<html>' 'update:1 answer=200' 'update:1 body={}' 'delete:1 answer=500' \
        'delete:1 body=<html>'
    assert_equal "$(made PublishVersion)" 2
    assert_equal "$(made DeleteFunction)" 2
    assert_equal "$(received)" '5 5'
}

@test "an alias whose response was lost is looked up, not created a second time" {
    CHANGED=yes
    meet --auto-optimize --auto-optimize-alias prod -- 'alias:1 lose'
    assert_equal "$(made CreateAlias)" 1
    version=$(curl -s "$ENDPOINT/2015-03-31/functions/actor/aliases/prod" | jq -r .FunctionVersion)
    assert_equal "$(curl -s "$ENDPOINT/2015-03-31/functions/actor/configuration?Qualifier=$version" | jq .MemorySize)" \
        "$(jq .power <<<"$output")"
}

@test "an alias update whose response was lost is looked up, not made a second time" {
    start_local --no-verify --allow-host 127.0.0.1 --record "$RECORD" --function "actor=$ACTOR"
    curl -s -X POST "$ENDPOINT/2015-03-31/functions/actor/versions" -d '{}' >/dev/null
    curl -s -X POST "$ENDPOINT/2015-03-31/functions/actor/aliases" -d '{"Name":"prod","FunctionVersion":"1"}' >/dev/null
    : >"$RECORD"
    start_proxy 'alias:1 lose'
    run -0 --separate-stderr power-tune --endpoint-url "$ADDRESS" --region us-east-1 --quiet --run-dir "$RUN" --function actor \
        --num 5 --power-values 256 --auto-optimize --auto-optimize-alias prod
    assert_equal "$stderr" ''
    assert_equal "$(made UpdateAlias) $(made CreateAlias)" '1 0'
    version=$(curl -s "$ENDPOINT/2015-03-31/functions/actor/aliases/prod" | jq -r .FunctionVersion)
    assert_equal "$(curl -s "$ENDPOINT/2015-03-31/functions/actor/configuration?Qualifier=$version" | jq .MemorySize)" 256
}

@test "an update by somebody else is waited for" {
    meet -- 'update:2 answer=409 ResourceConflictException' 'publish:2 answer=409 ResourceConflictException'
    assert_equal "$(made PublishVersion)" 2
    assert_equal "$(received)" '5 5'
}

@test "slow updates and versions of a function are waited for" {
    start_local --no-verify --allow-host 127.0.0.1 --record "$RECORD" --update-delay 200 --publish-delay 300 --function "actor=$ACTOR"
    before=$(state_of actor)
    run -0 --separate-stderr power-tune --endpoint-url "$ENDPOINT" --region us-east-1 --quiet --run-dir "$RUN" \
        --function actor --num 5 --power-values 128,256 --payload '{}'
    assert_equal "$(received)" '5 5'
    assert_equal "$(jq -r 'select(.operation == "Invoke" and .status != 200) | .error' "$RECORD")" ''
    assert_equal "$(state_of actor)" "$before"
}

@test "max_attempts limits the attempts of a control request" {
    for most in 1 2 3; do
        start_local --no-verify --allow-host 127.0.0.1 --function "actor=$ACTOR"
        start_proxy 'get:1- answer=503'
        run -2 --separate-stderr env AWS_MAX_ATTEMPTS=$most pt-init --endpoint-url "$ADDRESS" --region us-east-1 --function actor --num 5
        assert_equal "$stderr" 'pt-init: actor: made by the proxy'
        assert_equal "$(wc -l <"$CALLS")" "$most"
        stop_servers
        stop_local
        rm "$CALLS"
    done
}

@test "when the service is gone for good, the exit code is 3 and the printed command finishes the cleanup" {
    start_local --no-verify --allow-host 127.0.0.1 --record "$RECORD" --function "actor=$ACTOR"
    before=$(state_of actor)
    start_proxy 'publish:2 deaf=0'
    export AWS_MAX_ATTEMPTS=1
    run -3 --separate-stderr power-tune --endpoint-url "$ADDRESS" --region us-east-1 --quiet --run-dir "$RUN" \
        --function actor --num 5 --power-values 128,256 --payload '{}'
    assert_equal "$output" ''
    assert_equal "${stderr_lines[-1]}" "power-tune: cleanup is incomplete; to finish: power-tune --recover '$RUN'"
    run -0 power-tune --recover "$RUN" --endpoint-url "$ENDPOINT" --region us-east-1
    assert_equal "$(state_of actor)" "$before"
}

@test "credentials that expire during a run are renewed, and the invocation is sent once" {
    cat >"$BATS_TEST_TMPDIR/process" <<EOF2
#!/bin/sh
echo asked >>'$BATS_TEST_TMPDIR/asked'
echo '{"Version":1,"AccessKeyId":"AKIDEXAMPLE","SecretAccessKey":"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY","Expiration":"2999-01-01T00:00:00Z"}'
EOF2
    chmod +x "$BATS_TEST_TMPDIR/process"
    printf '[default]\ncredential_process = "%s"\n' "$BATS_TEST_TMPDIR/process" >"$BATS_TEST_TMPDIR/config"
    unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
    AWS_CONFIG_FILE=$BATS_TEST_TMPDIR/config meet -- 'invoke:3 answer=403 ExpiredTokenException' 'update:1 answer=403 ExpiredTokenException'
    assert_equal "$(received)" '5 5'
    assert_equal "$(said)" '10 done'
    # Once for each program (pt-init twice; publish, invoke, restore, clean), and twice for the renewals.
    assert_equal "$(wc -l <"$BATS_TEST_TMPDIR/asked")" 8
}

@test "credentials that expire and cannot be renewed end the run" {
    start_local --no-verify --allow-host 127.0.0.1 --record "$RECORD" --function "actor=$ACTOR"
    before=$(state_of actor)
    start_proxy 'invoke:3 answer=403 ExpiredTokenException'
    run -1 --separate-stderr power-tune --endpoint-url "$ADDRESS" --region us-east-1 --quiet --run-dir "$RUN" --function actor \
        --num 5 --power-values 128 --payload '{}'
    assert_equal "$stderr" "pt-invoke: actor at 128 MB: the signature was refused: ExpiredTokenException: made by the proxy
power-tune: the records of the run are in '$RUN'"
    assert_equal "$(received)" 2
    assert_equal "$(state_of actor)" "$before"
}

@test "a processor that did not start is invoked again, and nothing runs twice" {
    start_local --no-verify --allow-host 127.0.0.1 --record "$RECORD" --function "actor=$ACTOR" --function "before=$ACTOR" --function "after=$ACTOR"
    start_proxy 'invoke:1 answer=502 EC2UnexpectedException' 'invoke:4 answer=409 ResourceConflictException' \
        'invoke:6 answer=429 TooManyRequestsException' 'invoke:8 answer=409 ResourceConflictException'
    run -0 --separate-stderr power-tune --endpoint-url "$ADDRESS" --region us-east-1 --quiet --run-dir "$RUN" \
        --function actor --num 5 --power-values 128 --payload '{}' --pre-processor-arn before --post-processor-arn after
    assert_equal "$(jq -r 'select(.operation == "Invoke") | .function' "$RECORD" | paste -sd ' ')" \
        'before actor after before actor after before actor after before actor after before actor after'
}

@test "every error of Invoke in botocore's model is in the table, with the right class for errors before the handler's start" {
    python3 -c 'import botocore' 2>/dev/null || skip 'python3 with botocore is not installed'
    "$PROGRAMS/invoke-errors" | sed 's/ .*//' | sort >"$BATS_TEST_TMPDIR/known"
    python3 "$ROOT/tests/botocore/invoke_errors.py" | sort >"$BATS_TEST_TMPDIR/model"
    [ -s "$BATS_TEST_TMPDIR/model" ]
    assert_equal "$(sed 's/ .*//' "$BATS_TEST_TMPDIR/model" | comm -13 "$BATS_TEST_TMPDIR/known" -)" ''
    # The SDKs retry ServiceException, this toolkit does not: the function may have run.
    assert_equal "$(awk '$2 == 502' "$BATS_TEST_TMPDIR/model" | cut -d ' ' -f 1 | while read -r code; do
        "$PROGRAMS/invoke-errors" | grep "^$code " | cut -d ' ' -f 2-
    done | sort -u)" 'not started
refused'
}

@test "botocore's throttling codes mean throttled, and its transient codes mean lost" {
    python3 -c 'import botocore' 2>/dev/null || skip 'python3 with botocore is not installed'
    python3 "$ROOT/tests/botocore/retry_codes.py" >"$BATS_TEST_TMPDIR/codes"
    mapfile -t throttled < <(sed -n 's/^throttled //p' "$BATS_TEST_TMPDIR/codes")
    mapfile -t transient < <(sed -n 's/^transient //p' "$BATS_TEST_TMPDIR/codes")
    # One code also means that the handler did not start; one is in both lists.
    assert_equal "$("$PROGRAMS/invoke-errors" "${throttled[@]}" | grep -v ' throttled$')" 'EC2ThrottledException not started'
    assert_equal "$("$PROGRAMS/invoke-errors" "${transient[@]}" | grep -v ' lost$')" 'PriorRequestNotComplete throttled'
}

@test "throttling lowers the number of invocations in progress and its end raises it; none is lost or sent twice" {
    start_local --no-verify --allow-host 127.0.0.1 --function "actor=$ACTOR"
    pt-init --endpoint-url "$ENDPOINT" --region us-east-1 --function actor --num 4000 --power-values 128 --parallel-invocation >"$BATS_TEST_TMPDIR/plan"
    jq -c 'if .type == "configuration" then .version = "1" else . end' "$BATS_TEST_TMPDIR/plan" >"$BATS_TEST_TMPDIR/published"
    start_server "$PROGRAMS/throttle" --log "$CALLS" --capacity 4 --then 1000 --hold 20
    mkdir "$RUN"
    run -0 --separate-stderr pt-invoke --endpoint-url "$ADDRESS" --max-in-flight 64 "$BATS_TEST_TMPDIR/published"
    assert_equal "$stderr" ''
    # Each index has one response, and all responses are different.
    assert_equal "$(jq -r 'select(.type == "invocation") | .index' <<<"$output" | sort -un | wc -l)" 4000
    assert_equal "$(jq -r 'select(.type == "invocation") | .requestId' <<<"$output" | sort -u | wc -l)" 4000
    assert_equal "$(grep -c ' 200$' "$CALLS")" 4000
    # With low concurrency there were at most 6 at a time, 100 times in a row. More at the end shows that it
    # was raised.
    awk '$1 == 4 && $2 > most { most = $2 } $1 == 1000 && $2 > after { after = $2 }
        END { print most, after; exit !(most >= 32 && after >= 32) }' "$CALLS"
}
