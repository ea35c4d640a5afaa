#!/usr/bin/env bats
# The control operations of pt-local: functions, versions, aliases and settings, as in the Lambda API.

load helper
load local

ARN=arn:aws:lambda:us-east-1:123456789012:function:actor

setup() {
    case $BATS_TEST_DESCRIPTION in
    *'during an update'*) options=(--update-delay 5000) ;;
    *'that is Pending'*) options=(--publish-delay 5000) ;;
    *'memory quota'*) options=(--max-memory 3008) ;;
    *) options=() ;;
    esac
    mkdir "$BATS_TEST_TMPDIR/actor"
    cp "$ACTOR/bootstrap" "$BATS_TEST_TMPDIR/actor"
    start_local --no-verify --cpu none --function actor="$BATS_TEST_TMPDIR/actor" \
        --record "$BATS_TEST_TMPDIR/record" "${options[@]}"
}

teardown() {
    stop_local
}

# get [QUALIFIER] JQ: prints a member of the configuration.
get() {
    local filter=${!#} query=
    [ $# -lt 2 ] || query="?Qualifier=$1"
    expect 200 GET "$FUNCTIONS/actor/configuration$query" | jq -r "$filter"
}

publish() {
    expect 201 POST "$FUNCTIONS/actor/versions" -d "${1:-{\}}" | jq -r .Version
}

# refused STATUS TYPE MESSAGE METHOD PATH [CURL-OPTION...]
refused() {
    local status=$1 type=$2 message=$3
    shift 3
    expect "$status" "$@" >/dev/null
    assert_equal "$(header x-amzn-errortype)" "$type"
    assert_equal "$(jq -r '.message // .Message' "$BATS_TEST_TMPDIR/body")" "$message"
}

@test "GetFunctionConfiguration returns the initial configuration of the function" {
    expect 200 GET "$FUNCTIONS/actor/configuration" >/dev/null
    run jq -c '[.FunctionName, .FunctionArn, .Version, .MemorySize, .Timeout, .Description, .State, .LastUpdateStatus,
        .Runtime, .Architectures, .PackageType, .LoggingConfig]' "$BATS_TEST_TMPDIR/body"
    assert_output "[\"actor\",\"$ARN\",\"\$LATEST\",128,30,\"\",\"Active\",\"Successful\",\"provided.al2023\",[\"x86_64\"],\"Zip\",{\"LogFormat\":\"Text\",\"LogGroup\":\"/aws/lambda/actor\"}]"
}

@test "a function can be given by name, qualified name, partial ARN or ARN, with colons encoded or not" {
    for name in actor actor:'$LATEST' 123456789012:function:actor "$ARN" "${ARN//:/%3A}" "actor%3A%24LATEST"; do
        expect 200 GET "$FUNCTIONS/$name" >/dev/null
        assert_equal "$(jq -r .Configuration.FunctionName "$BATS_TEST_TMPDIR/body")" actor
    done
}

@test "a missing function is ResourceNotFoundException with its ARN" {
    refused 404 ResourceNotFoundException 'Function not found: arn:aws:lambda:us-east-1:123456789012:function:nobody' \
        GET "$FUNCTIONS/nobody"
    refused 404 ResourceNotFoundException "Function not found: $ARN:7" GET "$FUNCTIONS/actor?Qualifier=7"
    refused 404 ResourceNotFoundException "Cannot find alias arn: $ARN:live" GET "$FUNCTIONS/actor?Qualifier=live"
}

@test "an ARN with another region or account is ResourceNotFoundException" {
    expect 404 GET "$FUNCTIONS/${ARN/us-east-1/eu-west-1}" >/dev/null
    expect 404 GET "$FUNCTIONS/${ARN/123456789012/210987654321}" >/dev/null
}

@test "an invalid name is ValidationException, two qualifiers are InvalidParameterValueException" {
    expect 400 GET "$FUNCTIONS/no%20body" >/dev/null
    assert_equal "$(header x-amzn-errortype)" ValidationException
    refused 400 InvalidParameterValueException \
        'The derived qualifier from the function name does not match the specified qualifier.' \
        GET "$FUNCTIONS/actor:1?Qualifier=2"
}

@test "an operation that pt-local does not support is refused" {
    expect 404 POST /2015-03-31/functions -d '{}' >/dev/null
    assert_equal "$(header x-amzn-errortype)" UnknownOperationException
}

@test "UpdateFunctionConfiguration responds with InProgress, and the next read shows Successful" {
    run expect 200 PUT "$FUNCTIONS/actor/configuration" -d '{"MemorySize":512,"Timeout":9,"Description":"é"}'
    run jq -c '[.MemorySize, .Timeout, .Description, .LastUpdateStatus]' <<<"$output"
    assert_output '[512,9,"é","InProgress"]'
    run get '[.MemorySize, .Timeout, .Description, .LastUpdateStatus] | tojson'
    assert_output '[512,9,"é","Successful"]'
}

@test "during an update, LastUpdateStatus is InProgress and other updates are refused" {
    configure actor '{"MemorySize":512}'
    run get .LastUpdateStatus
    assert_output InProgress
    refused 409 ResourceConflictException \
        "The operation cannot be performed at this time. An update is in progress for resource: $ARN" \
        PUT "$FUNCTIONS/actor/configuration" -d '{"MemorySize":1024}'
    expect 409 POST "$FUNCTIONS/actor/versions" -d '{}' >/dev/null
    for _ in {1..2000}; do
        [ "$(get .LastUpdateStatus)" = InProgress ] || break
        sleep 0.01
    done
    run get '[.LastUpdateStatus, .MemorySize] | tojson'
    assert_output '["Successful",512]'
}

@test "a new version that is Pending cannot be invoked" {
    run publish
    assert_output 1
    assert_equal "$(get 1 .State)" Pending
    refused 409 ResourceConflictException \
        'The operation cannot be performed at this time. The function is currently in the following state: Pending' \
        POST "$FUNCTIONS/actor:1/invocations" -d '{}'
    for _ in {1..2000}; do
        [ "$(get 1 .State)" = Pending ] || break
        sleep 0.01
    done
    assert_equal "$(get 1 .State)" Active
    expect 200 POST "$FUNCTIONS/actor:1/invocations" -d '{}' >/dev/null
}

@test "RevisionId changes with an update, when the update settles, and with a new version" {
    first=$(get .RevisionId)
    second=$(expect 200 PUT "$FUNCTIONS/actor/configuration" -d '{"MemorySize":512}' | jq -r .RevisionId)
    third=$(get .RevisionId)
    assert_equal "$(get .RevisionId)" "$third"
    publish >/dev/null
    fourth=$(get .RevisionId)
    assert_equal "$(printf '%s\n' "$first" "$second" "$third" "$fourth" | sort -u | wc -l)" 4
}

@test "a RevisionId that is not the current one is refused with 412" {
    for call in "PUT configuration" "POST versions"; do
        refused 412 PreconditionFailedException \
            'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id' \
            "${call% *}" "$FUNCTIONS/actor/${call#* }" -d '{"RevisionId":"00000000-0000-0000-0000-000000000000"}'
    done
    expect 200 PUT "$FUNCTIONS/actor/configuration" -d "{\"RevisionId\":\"$(get .RevisionId)\",\"MemorySize\":256}" >/dev/null
}

@test "values out of range are refused and change nothing" {
    revision=$(get .RevisionId)
    long=$(printf 'x%.0s' {1..257})
    for update in '{"MemorySize":127}' '{"MemorySize":10241}' '{"Timeout":0}' '{"Timeout":901}' "{\"Description\":\"$long\"}" \
        '{"MemorySize":"512"}' '{"Environment":{"Variables":{"AWS_REGION":"x"}}}' '{"LoggingConfig":{"LogFormat":"XML"}}' \
        '{"LoggingConfig":{"LogFormat":"Text","SystemLogLevel":"WARN"}}' '{"EphemeralStorage":{"Size":511}}' '[]' '{'; do
        expect 400 PUT "$FUNCTIONS/actor/configuration" -d "$update" >/dev/null
    done
    assert_equal "$(get .RevisionId)" "$revision"
}

@test "a body is read as JSON: null changes nothing, of two members the last counts, what no setting can hold is refused" {
    configure actor '{"Timeout":7,"Description":"x","Description":"last \u00e9","MemorySize":null,"Unknown":1e400}'
    assert_equal "$(get '[.Timeout, .Description, .MemorySize] | join(",")')" '7,last é,128'
    refused 400 SerializationException 'Could not parse request body into json: a string with a NUL or a lone surrogate' \
        PUT "$FUNCTIONS/actor/configuration" -d '{"Description":"a\u0000b"}'
    refused 400 SerializationException "Could not parse request body into json: expected ':'" \
        PUT "$FUNCTIONS/actor/configuration" -d '{"Description"}'
    for size in 128.5 12345678901234567890; do
        refused 400 SerializationException 'member MemorySize has the wrong type' \
            PUT "$FUNCTIONS/actor/configuration" -d "{\"MemorySize\":$size}"
    done
}

@test "an update over the account's memory quota is refused as AWS does" {
    refused 400 InvalidParameterValueException \
        "'MemorySize' value failed to satisfy constraint: Member must have value less than or equal to 3008" \
        PUT "$FUNCTIONS/actor/configuration" -d '{"MemorySize":3009}'
    configure actor '{"MemorySize":3008}'
}

@test "PublishVersion responds with 201, the new version and its description" {
    run expect 201 POST "$FUNCTIONS/actor/versions" -d '{"Description":"mine"}'
    run jq -c '[.Version, .FunctionArn, .Description, .State]' <<<"$output"
    assert_output "[\"1\",\"$ARN:1\",\"mine\",\"Pending\"]"
    assert_equal "$(get 1 .State)" Active
    assert_equal "$(get .Description)" ''
}

@test "PublishVersion returns the last version when nothing has changed since" {
    publish '{"Description":"first"}' >/dev/null
    run expect 201 POST "$FUNCTIONS/actor/versions" -d '{"Description":"second"}'
    run jq -c '[.Version, .Description]' <<<"$output"
    assert_output '["1","first"]'
    configure actor '{"MemorySize":256}'
    assert_equal "$(publish)" 2
    configure actor '{"MemorySize":128}'
    configure actor '{"MemorySize":256}'
    assert_equal "$(publish)" 2
    configure actor '{"Description":"the function is another one with another description"}'
    assert_equal "$(publish)" 3
    configure actor '{"Environment":{"Variables":{"A1":"x","B1":"y"}},"KMSKeyArn":"k"}'
    assert_equal "$(publish)" 4
    configure actor '{"Environment":{"Variables":{}}}'
    configure actor '{"Environment":{"Variables":{"B1":"\u0079", "A1":"x"}}}'
    assert_equal "$(publish)" 4
}

@test "version numbers are never reused" {
    publish >/dev/null
    expect 204 DELETE "$FUNCTIONS/actor?Qualifier=1" >/dev/null
    assert_equal "$(publish)" 2
}

@test "PublishVersion with another CodeSha256 is refused" {
    sha=$(get .CodeSha256)
    expect 400 POST "$FUNCTIONS/actor/versions" -d '{"CodeSha256":"AAAA"}' >/dev/null
    assert_equal "$(jq -r .message "$BATS_TEST_TMPDIR/body")" \
        "CodeSHA256 (AAAA) is different from current CodeSHA256 in \$LATEST ($sha). Please try again with the CodeSHA256 in \$LATEST."
    assert_equal "$(publish "{\"CodeSha256\":\"$sha\"}")" 1
}

@test "a change in the folder changes the code of \$LATEST, and published versions keep theirs" {
    printf 'one' >"$BATS_TEST_TMPDIR/actor/data"
    before=$(get '.CodeSha256')
    publish >/dev/null
    printf 'two' >"$BATS_TEST_TMPDIR/actor/data"
    after=$(get '.CodeSha256')
    refute [ "$before" = "$after" ]
    assert_equal "$(get 1 .CodeSha256)" "$before"
    run invoke actor:1 '{"file":"data"}'
    assert_output '"one"'
    run invoke actor '{"file":"data"}'
    assert_output '"two"'
    assert_equal "$(publish)" 2
}

@test "ListVersionsByFunction pages with Marker and MaxItems" {
    for memory in 256 512 1024; do
        configure actor "{\"MemorySize\":$memory}"
        publish >/dev/null
    done
    run expect 200 GET "$FUNCTIONS/actor/versions"
    run jq -c '[[.Versions[].Version], .NextMarker]' <<<"$output"
    assert_output '[["$LATEST","1","2","3"],null]'
    all='' marker=''
    for _ in 1 2 3; do
        expect 200 GET "$FUNCTIONS/actor/versions?MaxItems=2$marker" >/dev/null
        all+=$(jq -c '[.Versions[].Version]' "$BATS_TEST_TMPDIR/body")
        next=$(jq -r '.NextMarker // empty' "$BATS_TEST_TMPDIR/body")
        [ -n "$next" ] || break
        marker="&Marker=$next"
        [ "$all" != '["$LATEST","1"]' ] || expect 204 DELETE "$FUNCTIONS/actor?Qualifier=1" >/dev/null
    done
    assert_equal "$all" '["$LATEST","1"]["2","3"]'
    expect 400 GET "$FUNCTIONS/actor/versions?MaxItems=0" >/dev/null
}

@test "DeleteFunction with a version deletes that version, and without one the whole function" {
    publish >/dev/null
    expect 204 DELETE "$FUNCTIONS/actor?Qualifier=1" >/dev/null
    expect 404 DELETE "$FUNCTIONS/actor?Qualifier=1" >/dev/null
    expect 200 GET "$FUNCTIONS/actor" >/dev/null
    expect 400 DELETE "$FUNCTIONS/actor:\$LATEST" >/dev/null
    expect 204 DELETE "$FUNCTIONS/actor" >/dev/null
    expect 404 GET "$FUNCTIONS/actor" >/dev/null
}

@test "a version that an alias points to cannot be deleted" {
    publish >/dev/null
    expect 201 POST "$FUNCTIONS/actor/aliases" -d '{"Name":"live","FunctionVersion":"1"}' >/dev/null
    refused 409 ResourceConflictException \
        'Unable to delete version because the following aliases reference it: [live]' DELETE "$FUNCTIONS/actor?Qualifier=1"
}

@test "aliases are created, read, updated, listed and deleted" {
    publish >/dev/null
    configure actor '{"MemorySize":256}'
    publish >/dev/null
    run expect 201 POST "$FUNCTIONS/actor/aliases" -d '{"Name":"live","FunctionVersion":"1","Description":"d"}'
    run jq -c 'del(.RevisionId)' <<<"$output"
    assert_output "{\"AliasArn\":\"$ARN:live\",\"Name\":\"live\",\"FunctionVersion\":\"1\",\"Description\":\"d\"}"
    refused 409 ResourceConflictException "Alias already exists: $ARN:live" \
        POST "$FUNCTIONS/actor/aliases" -d '{"Name":"live","FunctionVersion":"1"}'
    refused 412 PreconditionFailedException \
        'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id' \
        PUT "$FUNCTIONS/actor/aliases/live" -d '{"RevisionId":"x","FunctionVersion":"2"}'
    revision=$(expect 200 GET "$FUNCTIONS/actor/aliases/live" | jq -r .RevisionId)
    run expect 200 PUT "$FUNCTIONS/actor/aliases/live" \
        -d "{\"RevisionId\":\"$revision\",\"FunctionVersion\":\"2\",\"RoutingConfig\":{\"AdditionalVersionWeights\":{\"1\":0.25}}}"
    run jq -c '[.FunctionVersion, .Description, .RoutingConfig]' <<<"$output"
    assert_output '["2","d",{"AdditionalVersionWeights":{"1":0.25}}]'
    expect 201 POST "$FUNCTIONS/actor/aliases" -d '{"Name":"beta","FunctionVersion":"$LATEST"}' >/dev/null
    run expect 200 GET "$FUNCTIONS/actor/aliases"
    assert_equal "$(jq -c '[.Aliases[].Name]' <<<"$output")" '["beta","live"]'
    run expect 200 GET "$FUNCTIONS/actor/aliases?FunctionVersion=1"
    assert_equal "$(jq -c '[.Aliases[].Name]' <<<"$output")" '["live"]'
    assert_equal "$(get live .Version)" 2
    expect 204 DELETE "$FUNCTIONS/actor/aliases/live" >/dev/null
    refused 404 ResourceNotFoundException "Cannot find alias arn: $ARN:live" GET "$FUNCTIONS/actor/aliases/live"
    expect 204 DELETE "$FUNCTIONS/actor/aliases/live" >/dev/null
}

@test "an alias for a missing version, or with a number as its name, is refused" {
    expect 404 POST "$FUNCTIONS/actor/aliases" -d '{"Name":"live","FunctionVersion":"9"}' >/dev/null
    expect 400 POST "$FUNCTIONS/actor/aliases" -d '{"Name":"7","FunctionVersion":"$LATEST"}' >/dev/null
    expect 400 POST "$FUNCTIONS/actor/aliases" -d '{"Name":"live"}' >/dev/null
}

@test "account settings and a function's reserved concurrency are read and changed" {
    run expect 200 GET /2016-08-19/account-settings
    assert_equal "$(jq -c '[.AccountLimit.ConcurrentExecutions, .AccountUsage.FunctionCount]' <<<"$output")" '[1000,1]'
    run expect 200 GET /2019-09-30/functions/actor/concurrency
    assert_output '{}'
    run expect 200 PUT /2017-10-31/functions/actor/concurrency -d '{"ReservedConcurrentExecutions":3}'
    assert_output '{"ReservedConcurrentExecutions":3}'
    run expect 200 GET "$FUNCTIONS/actor"
    assert_equal "$(jq -c .Concurrency <<<"$output")" '{"ReservedConcurrentExecutions":3}'
    expect 204 DELETE /2017-10-31/functions/actor/concurrency >/dev/null
    run expect 200 GET /2019-09-30/functions/actor/concurrency
    assert_output '{}'
    run expect 200 GET /2021-07-20/functions/actor/runtime-management-config
    assert_output "{\"FunctionArn\":\"$ARN:\$LATEST\",\"UpdateRuntimeOn\":\"Auto\"}"
}

@test "--record logs each request with its payload unchanged" {
    expect 200 POST "$FUNCTIONS/actor/invocations?Qualifier=%24LATEST" -H 'X-Amz-Log-Type: Tail' -d '{ "n": 1.0 }' >/dev/null
    expect 404 GET "$FUNCTIONS/nobody/configuration" >/dev/null
    run jq -c 'del(.requestId)' "$BATS_TEST_TMPDIR/record"
    assert_line --index 0 '{"sequence":1,"operation":"Invoke","function":"actor","qualifier":"$LATEST","method":"POST","path":"/2015-03-31/functions/actor/invocations","query":"Qualifier=%24LATEST","logType":"Tail","payload":"{ \"n\": 1.0 }","status":200}'
    assert_line --index 1 '{"sequence":2,"operation":"GetFunctionConfiguration","function":"nobody","method":"GET","path":"/2015-03-31/functions/nobody/configuration","status":404,"error":"ResourceNotFoundException"}'
}
