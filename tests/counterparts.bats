#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2154,SC2164 # each test is a subshell of its own; run sets stderr
# Independent counterparts: the aws command in the same environment, and moto instead of AWS.

load helper
load servers

setup() {
    ACTOR=$PT_BUILD/functions/actor
    [ -d "$ACTOR" ] || ACTOR=$ROOT/build/functions/actor
    export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_MAX_ATTEMPTS=1 HOME=$BATS_TEST_TMPDIR
    LOG=$BATS_TEST_TMPDIR/log
    cd "$BATS_TEST_TMPDIR"
}

teardown() {
    stop_servers
    stop_local
}

needs_aws() {
    aws --version >/dev/null 2>&1 || skip 'the aws command is not installed'
}

# both SHOULD [VARIABLE=VALUE...]: runs the aws command and pt-init in this environment: both or neither must find the function.
both() {
    local should=$1 status=0
    shift
    env "$@" aws ${PROFILE:+--profile "$PROFILE"} lambda get-function-configuration --function-name actor --query FunctionArn --output text \
        >aws.out 2>aws.err || status=1
    assert_equal "aws $([ "$status" = 0 ] && echo finds || echo fails)" "aws $should"
    status=0
    env "$@" pt-init ${PROFILE:+--profile "$PROFILE"} --function actor --num 5 --identify >ours.out 2>ours.err || status=1
    assert_equal "ours $([ "$status" = 0 ] && echo finds || echo fails)" "ours $should"
    assert_equal "$(cat ours.out)" "$(cat aws.out)"
}

@test "in the same environment, with the same files, the aws command and pt-init reach the same function" {
    slow 'the aws command takes a second to start, each time'
    needs_aws
    start_local --allow-host 127.0.0.1 --function "actor=$ACTOR"
    both finds AWS_ENDPOINT_URL="$ENDPOINT"
    both finds AWS_ENDPOINT_URL_LAMBDA="$ENDPOINT" AWS_ENDPOINT_URL=http://127.0.0.1:1
    both fails AWS_ENDPOINT_URL_LAMBDA=http://127.0.0.1:1 AWS_ENDPOINT_URL="$ENDPOINT"
    both fails AWS_ENDPOINT_URL="$ENDPOINT" AWS_SECRET_ACCESS_KEY=wrong
    cat >config <<EOF2
[profile work]
region = us-east-1
services = local
aws_access_key_id = AKIDEXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY
[services local]
lambda =
  endpoint_url = $ENDPOINT
EOF2
    PROFILE=work both finds AWS_CONFIG_FILE="$PWD/config" AWS_ACCESS_KEY_ID=AKIDOTHER
    both finds AWS_CONFIG_FILE="$PWD/config" AWS_PROFILE=work
    PROFILE=nobody both fails AWS_CONFIG_FILE="$PWD/config"
}

@test "the aws command and pt-init trust the same certificates and use the same proxies" {
    slow 'the aws command takes a second to start, each time'
    needs_aws
    host=lambda.us-east-1.amazonaws.com
    for name in ours theirs; do
        openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$name" -keyout $name.key -out $name.pem \
            -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
    done
    openssl req -newkey rsa:2048 -nodes -subj "/CN=$host" -keyout server.key -out server.csr 2>/dev/null
    openssl x509 -req -in server.csr -CA ours.pem -CAkey ours.key -CAcreateserial -days 2 -out server.pem \
        -extfile <(echo "subjectAltName=DNS:$host") 2>/dev/null
    start_local --allow-host lambda.us-east-1.amazonaws.com --function "actor=$ACTOR"
    start_server "$PROGRAMS/tunnel" --to "$ENDPOINT" --log "$LOG" --connect --certificate server.pem --key server.key
    both finds HTTPS_PROXY="$ADDRESS" AWS_CA_BUNDLE="$PWD/ours.pem"
    both finds https_proxy="$ADDRESS" AWS_CA_BUNDLE="$PWD/ours.pem"
    both fails HTTPS_PROXY="$ADDRESS" AWS_CA_BUNDLE="$PWD/theirs.pem"
    both fails HTTPS_PROXY="$ADDRESS"
    assert_equal "$(grep CONNECT "$LOG" | sort -u)" "CONNECT $host:443"
}

# start_moto: starts moto's AWS with a function "tuned".
start_moto() {
    needs_aws
    python3 -c 'import moto.server' 2>/dev/null || skip 'python3 with moto is not installed'
    start_server python3 "$ROOT/tests/moto/server.py"
    export AWS_ENDPOINT_URL=$ADDRESS
    aws iam create-role --role-name r --assume-role-policy-document '{"Version":"2012-10-17","Statement":[]}' >/dev/null
    echo 'def handler(event, context): return event' >code.py
    python3 -m zipfile -c code.zip code.py
    aws lambda create-function --function-name tuned --runtime python3.12 --handler code.handler \
        --role arn:aws:iam::123456789012:role/r --zip-file fileb://code.zip >/dev/null
}

tuned() {
    aws lambda list-versions-by-function --function-name tuned --query 'Versions[].[Version,MemorySize,Description]' --output text
}

@test "moto: the check names the caller and changes nothing, although moto ignores conditions" {
    slow 'moto and the aws command take seconds to start'
    start_moto
    before=$(tuned)
    run -1 --separate-stderr pt-init --check --function tuned --num 5 --auto-optimize --auto-optimize-alias prod
    assert_equal "${lines[1]}" 'ok         caller: arn:aws:sts::123456789012:user/moto'
    assert_equal "${lines[2]}" 'ok         function: arn:aws:lambda:us-east-1:123456789012:function:tuned (128 MB, x86_64, python3.12)'
    assert_equal "$(grep ^problem <<<"$output")" \
        'problem    lambda:UpdateFunctionConfiguration: this endpoint ignores conditions, unlike AWS'
    assert_equal "$(tuned)" "$before"
}

@test "moto: versions are published for the sizes and deleted afterwards" {
    slow 'moto and the aws command take seconds to start'
    start_moto
    before=$(tuned)
    pt-init --function tuned --num 5 --power-values 256,512 >plan
    pt-apply publish plan >published
    assert_equal "$(tuned | awk '$1 != "$LATEST" {print $1, $2}')" '1 256
2 512'
    assert_equal "$(jq -r 'select(.type == "configuration") | "\(.version) \(.power)"' published)" '1 256
2 512'
    pt-apply clean published
    assert_equal "$(tuned)" "$before"
}

@test "moto: the payload comes from S3, whatever its key" {
    slow 'moto and the aws command take seconds to start'
    start_moto
    aws s3api create-bucket --bucket bucket >/dev/null
    printf '{"from": "S3"}' >payload
    aws s3 cp payload 's3://bucket/a folder/ä+b%20=&?c.json' >/dev/null
    run -0 --separate-stderr pt-init --function tuned --num 5 --payload-s3 's3://bucket/a folder/ä+b%20=&?c.json'
    assert_equal "$(jq -r 'select(.type == "plan") | .payload' <<<"$output")" '{"from": "S3"}'
}
