#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # each test is a subshell of its own; run sets stderr
# --check: its findings, that it changes nothing, and the IAM policies that a run needs.

load helper
load servers

setup() {
    ACTOR=$PT_BUILD/functions/actor
    [ -d "$ACTOR" ] || ACTOR=$ROOT/build/functions/actor
    RECORD=$BATS_TEST_TMPDIR/record
    export AWS_REGION=us-east-1 AWS_MAX_ATTEMPTS=1
    start_local --record "$RECORD" --no-verify --allow-host 127.0.0.1 --function "actor=$ACTOR" --function "before=$ACTOR"
    FUNCTION=$ENDPOINT/2015-03-31/functions/actor
}

teardown() {
    stop_servers
    stop_local
}

# check [OPTION...]: checks the function $TUNED (default "actor").
check() {
    power-tune --check --endpoint-url "$ENDPOINT" --function "${TUNED:-actor}" --num 5 "$@"
}

# Prints the whole function, with its RevisionId.
everything() {
    curl -s "$FUNCTION/configuration" | jq -S .
    curl -s "$FUNCTION/versions" | jq -S .
    curl -s "$FUNCTION/aliases" | jq -S .
}

ARN=arn:aws:lambda:us-east-1:123456789012:function:actor

@test "when nothing is missing, each check is a line, and the exit code is 0" {
    run -0 --separate-stderr check
    assert_equal "$stderr" ''
    assert_equal "$output" "ok         credentials: environment
not known  caller: UnknownOperationException: pt-local does not support this operation
ok         function: $ARN (128 MB, x86_64, provided.al2023)
ok         lambda:GetFunction
ok         lambda:ListVersionsByFunction
ok         lambda:ListAliases
ok         lambda:InvokeFunction
ok         lambda:UpdateFunctionConfiguration
ok         lambda:PublishVersion
ok         lambda:DeleteFunction"
}

@test "the permissions that parameters need are checked as well" {
    curl -s -X POST "$FUNCTION/versions" -d '{}' >/dev/null
    TUNED=actor:1 run -0 --separate-stderr check --parallel-invocation --auto-optimize --auto-optimize-alias prod \
        --pre-processor-arn before --post-processor-arn before
    assert_equal "$(grep -v -e credentials -e caller -e ' function:' <<<"$output")" "ok         lambda:GetFunction
ok         lambda:ListVersionsByFunction
ok         lambda:ListAliases
ok         lambda:GetFunctionConfiguration
ok         lambda:GetAccountSettings
ok         lambda:InvokeFunction
ok         lambda:UpdateFunctionConfiguration
ok         lambda:PublishVersion
ok         lambda:DeleteFunction
ok         lambda:GetAlias
ok         lambda:UpdateAlias
ok         lambda:CreateAlias
ok         lambda:InvokeFunction of preProcessorARN
ok         lambda:InvokeFunction of postProcessorARN"
}

@test "what the sizes are compared with is named when it is not \$LATEST" {
    curl -s -X PUT "$FUNCTION/configuration" -d '{"MemorySize":256}' >/dev/null
    curl -s -X POST "$FUNCTION/versions" -d '{}' >/dev/null
    curl -s -X POST "$FUNCTION/aliases" -d '{"Name":"live","FunctionVersion":"1"}' >/dev/null
    curl -s -X PUT "$FUNCTION/configuration" -d '{"MemorySize":512}' >/dev/null
    TUNED=actor:live run -0 --separate-stderr check
    assert_equal "$(grep -e ' function:' -e compared <<<"$output")" "ok         function: $ARN (512 MB, x86_64, provided.al2023)
ok         compared with: alias live: version 1 (256 MB)"
}

@test "it changes nothing, invokes nothing and leaves nothing" {
    curl -s -X POST "$FUNCTION/versions" -d '{"Description":"theirs"}' >/dev/null
    curl -s -X POST "$FUNCTION/aliases" -d '{"Name":"prod","FunctionVersion":"1"}' >/dev/null
    curl -s -X PUT "$FUNCTION/configuration" -d '{"Timeout":7}' >/dev/null
    before=$(everything)
    : >"$RECORD"
    run -0 check --auto-optimize --auto-optimize-alias prod
    # Every request that does not only read was refused, except for the invocation with DryRun.
    assert_equal "$(jq -r 'select(.method != "GET" and .operation != null) | "\(.operation) \(.error // .invocationType)"' "$RECORD")" \
        'Invoke DryRun
UpdateFunctionConfiguration PreconditionFailedException
PublishVersion PreconditionFailedException
DeleteFunction ResourceNotFoundException
UpdateAlias PreconditionFailedException'
    assert_equal "$(jq -r 'select(.method == "DELETE") | .query' "$RECORD")" 'Qualifier=999999999'
    assert_equal "$(everything)" "$before"
    [ ! -e "$XDG_STATE_HOME" ]
}

@test "the caller is the identity that STS returns" {
    start_server "$PROGRAMS/fake-aws" --log "$BATS_TEST_TMPDIR/sts"
    AWS_ENDPOINT_URL_LAMBDA=$ENDPOINT AWS_ENDPOINT_URL_STS=$ADDRESS run -0 power-tune --check --function actor --num 5
    assert_equal "${lines[1]}" 'ok         caller: arn:aws:iam::1:user/a&b'
    assert_equal "$(cat "$BATS_TEST_TMPDIR/sts")" 'POST / AKIDEXAMPLE Action=GetCallerIdentity&Version=2011-06-15'
}

@test "with --endpoint-url only that endpoint is asked for the caller" {
    address=$ENDPOINT
    start_server "$PROGRAMS/tunnel" --connect --to "$ENDPOINT" --log "$BATS_TEST_TMPDIR/tunnel"
    HTTPS_PROXY=$ADDRESS run -0 power-tune --check --function actor --num 5 --endpoint-url "$address/"
    assert_regex "${lines[1]}" '^not known  caller: '
    [ ! -s "$BATS_TEST_TMPDIR/tunnel" ]
}

@test "each missing permission is named with AWS's message, and the exit code is 1" {
    while read -r class action; do
        start_proxy "$class answer=403 AccessDeniedException" "$class body={\"Message\":\"User is not authorized\"}"
        run -1 --separate-stderr check --endpoint-url "$ADDRESS" --auto-optimize --auto-optimize-alias prod
        assert_equal "$(grep '^missing' <<<"$output")" "missing    lambda:$action: AccessDeniedException: User is not authorized"
        stop_servers
    done <<'EOF2'
get:1- GetFunction
invoke:1 InvokeFunction
update:1 UpdateFunctionConfiguration
publish:1 PublishVersion
delete:1 DeleteFunction
alias-get:1 GetAlias
alias:1 UpdateAlias
alias:2 CreateAlias
EOF2
}

@test "without the list of versions the deletion is not tried" {
    start_proxy 'list:1- answer=403 AccessDeniedException'
    run -1 check --endpoint-url "$ADDRESS"
    assert_equal "$(grep -e ListVersions -e DeleteFunction <<<"$output")" \
        'missing    lambda:ListVersionsByFunction: AccessDeniedException: made by the proxy
not known  lambda:DeleteFunction: cannot list the versions'
    assert_equal "$(jq -r 'select(.method == "DELETE")' "$RECORD")" ''
}

@test "a missing permission that a run does not require is a warning" {
    start_proxy 'aliases:1 answer=403 AccessDeniedException'
    run -0 check --endpoint-url "$ADDRESS"
    assert_equal "$(grep -v ^ok <<<"$output" | tail -n 1)" 'warning    lambda:ListAliases: AccessDeniedException: made by the proxy'
    stop_servers
    start_proxy 'other:1- answer=403 AccessDeniedException'
    run -0 check --endpoint-url "$ADDRESS" --parallel-invocation
    assert_equal "$(grep '^warning' <<<"$output")" 'warning    lambda:GetAccountSettings: AccessDeniedException: made by the proxy'
    run -0 --separate-stderr pt-init --endpoint-url "$ADDRESS" --function actor --num 5 --power-values 128 --parallel-invocation
    assert_equal "$stderr" ''
}

@test "a permission that cannot be checked is reported as not known" {
    start_proxy 'publish:1 answer=503'
    run -0 check --endpoint-url "$ADDRESS"
    assert_regex "$output" 'not known  lambda:PublishVersion: made by the proxy'
}

@test "an endpoint that ignores conditions is a problem, and gets no further changes" {
    configuration=$(curl -s "$FUNCTION/configuration")
    start_proxy 'update:1 answer=200' "update:1 body=$configuration"
    run -1 check --endpoint-url "$ADDRESS" --auto-optimize --auto-optimize-alias prod
    assert_equal "$(grep -v -e ^ok -e caller <<<"$output")" \
        'problem    lambda:UpdateFunctionConfiguration: this endpoint ignores conditions, unlike AWS
not known  lambda:PublishVersion: this endpoint may ignore conditions
not known  lambda:DeleteFunction: this endpoint may ignore conditions
not known  lambda:UpdateAlias: this endpoint may ignore conditions
not known  lambda:CreateAlias: this endpoint may ignore conditions'
    assert_equal "$(jq -r 'select(.class == "invoke" or .method == "GET" or .path == "/" | not) | .class' "$BATS_TEST_TMPDIR/calls")" update
    stop_servers
    start_proxy 'publish:1 answer=201' "publish:1 body=$configuration"
    run -1 check --endpoint-url "$ADDRESS"
    assert_equal "$(grep ^problem <<<"$output")" 'problem    lambda:PublishVersion: this endpoint ignores conditions, unlike AWS'
}

@test "missing credentials or a missing function end the check" {
    run -1 --separate-stderr env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY power-tune --check --endpoint-url "$ENDPOINT" --function actor --num 5
    assert_equal "${#lines[@]}" 1
    assert_regex "$output" '^missing    credentials: no credentials: environment: AWS_ACCESS_KEY_ID is not set; '
    TUNED=nothing run -1 --separate-stderr check
    assert_equal "${lines[2]}" \
        'missing    function: ResourceNotFoundException: Function not found: arn:aws:lambda:us-east-1:123456789012:function:nothing'
    assert_equal "${#lines[@]}" 3
}

@test "credentials that AWS rejects and an endpoint that does not respond are problems" {
    start_proxy 'get:1 answer=403 UnrecognizedClientException'
    run -1 --separate-stderr check --endpoint-url "$ADDRESS"
    assert_equal "${lines[2]}" 'problem    credentials: UnrecognizedClientException: made by the proxy'
    assert_equal "${#lines[@]}" 3
    run -1 --separate-stderr check --endpoint-url http://127.0.0.1:1
    assert_regex "${lines[2]}" '^problem    function: http://127.0.0.1:1: .*[Cc]onnect'
    assert_equal "${#lines[@]}" 3
}

@test "a function that cannot be tuned is a problem" {
    curl -s -X PUT "$FUNCTION/configuration" -d '{"LoggingConfig":{"LogFormat":"JSON","SystemLogLevel":"WARN"}}' >/dev/null
    run -1 check
    assert_regex "$(tail -n 1 <<<"$output")" '^problem    actor: logs too little'
}

@test "a payload in S3 and processors that do not exist are missing" {
    AWS_ENDPOINT_URL_S3=http://127.0.0.1:1 AWS_ENDPOINT_URL_LAMBDA=$ENDPOINT AWS_ENDPOINT_URL_STS=http://127.0.0.1:1 \
        run -1 power-tune --check --function actor --num 5 --payload-s3 s3://bucket/key --pre-processor-arn nothing
    assert_regex "$output" 'missing    s3:GetObject: .*[Cc]onnect'
    assert_regex "$output" 'missing    lambda:InvokeFunction of preProcessorARN: ResourceNotFoundException'
}

@test "the input can be a file or standard input, and an invalid one is bad usage" {
    echo '{"lambdaARN":"actor","num":5}' >"$BATS_TEST_TMPDIR/in.json"
    run -0 power-tune --check --endpoint-url "$ENDPOINT" "$BATS_TEST_TMPDIR/in.json"
    run -0 power-tune --endpoint-url "$ENDPOINT" --check - <"$BATS_TEST_TMPDIR/in.json"
    run -2 --separate-stderr power-tune --check --endpoint-url "$ENDPOINT" --function actor
    assert_equal "$output,$stderr" ',pt-init: --num: is missing'
    run -2 --separate-stderr power-tune --check --local "$ACTOR" --num 5
    assert_equal "$output,$stderr" ',power-tune: --check works with AWS only: it cannot be used with --local'
}

@test "a full disk is reported" {
    run -1 --separate-stderr bash -c 'pt-init --check --endpoint-url "$ENDPOINT" --function actor --num 5 >/dev/full'
    assert_equal "$stderr" 'pt-init: cannot write standard output: No space left on device'
}

# ---- policies -----------------------------------------------------------------------------------------------------

# Prints the IAM actions of the recorded requests.
actions() {
    jq -r '.operation | if . == "Invoke" then "InvokeFunction" else . end | "lambda:" + .' "$RECORD" | sort -u
}

allowed() {
    jq -r '.Statement[].Action | if type == "array" then .[] else . end' "$ROOT/share/iam/$1.json" | sort -u
}

# Runs with all options that send requests of their own, recorded by pt-local.
tune_in_all_ways() {
    curl -s -X POST "$FUNCTION/versions" -d '{}' >/dev/null
    : >"$RECORD"
    for way in actor "actor:1 --parallel-invocation" "actor --only-cold-starts" "actor --dry-run"; do
        # shellcheck disable=SC2086 # options
        power-tune --endpoint-url "$ENDPOINT" --quiet --num 5 --power-values 256,512 "$@" --function $way >/dev/null
    done
    cp "$RECORD" "$RECORD.ways"
    # A version that an alias points at is named with the alias.
    pt-init --endpoint-url "$ENDPOINT" --function actor --num 5 --power-values 256 >"$BATS_TEST_TMPDIR/plan"
    pt-apply publish --endpoint-url "$ENDPOINT" "$BATS_TEST_TMPDIR/plan" >"$BATS_TEST_TMPDIR/published"
    version=$(jq -r 'select(.type == "configuration") | .version' "$BATS_TEST_TMPDIR/published")
    curl -s -X POST "$FUNCTION/aliases" -d "{\"Name\":\"theirs\",\"FunctionVersion\":\"$version\"}" >/dev/null
    : >"$RECORD"
    pt-apply clean --endpoint-url "$ENDPOINT" "$BATS_TEST_TMPDIR/published" 2>/dev/null || :
    cat "$RECORD" >>"$RECORD.ways"
    curl -s -X DELETE "$FUNCTION/aliases/theirs"
    curl -s -X DELETE "$FUNCTION?Qualifier=$version"
    cat "$RECORD.ways" >"$RECORD"
}

@test "the policy for tuning allows what a run does, and nothing else" {
    tune_in_all_ways
    assert_equal "$(actions)" "$(allowed tune)"
}

@test "the policy for tuning and optimizing allows what such a run does, and nothing else" {
    tune_in_all_ways --auto-optimize
    cp "$RECORD" "$RECORD.plain"
    for power in 256 512; do
        power-tune --endpoint-url "$ENDPOINT" --quiet --function actor --num 5 --power-values "$power" --auto-optimize \
            --auto-optimize-alias prod >/dev/null
    done
    cat "$RECORD.plain" >>"$RECORD"
    assert_equal "$(actions)" "$(allowed tune-and-optimize)"
}

@test "--check checks exactly what the policies allow" {
    curl -s -X POST "$FUNCTION/versions" -d '{}' >/dev/null
    : >"$RECORD"
    TUNED=actor:1 run -0 check --parallel-invocation --auto-optimize --auto-optimize-alias prod
    assert_equal "$(sed -n 's/^ok *\(lambda:.*\)/\1/p' <<<"$output" | sort -u)" "$(allowed tune-and-optimize)"
}

@test "the README shows the policy for tuning" {
    assert_equal "$(sed -n '/^```json/,/^```$/p' "$ROOT/README.md" | sed '1d;$d' | jq -S .)" "$(jq -S . "$ROOT/share/iam/tune.json")"
}
