# pt-init: what it accepts, what it refuses with which message, and that it changes nothing.

load helper

setup() {
    ACTOR=$PT_BUILD/functions/actor
    [ -d "$ACTOR" ] || ACTOR=$ROOT/build/functions/actor
    export AWS_REGION=us-east-1
}

teardown() {
    stop_local
}

start() {
    start_local --no-verify --allow-host 127.0.0.1 --record "$BATS_TEST_TMPDIR/record" --function "actor=$ACTOR" "$@"
}

init() {
    pt-init --endpoint-url "$ENDPOINT" "$@"
}

input() {
    printf '%s' "$1" >"$BATS_TEST_TMPDIR/in.json"
}

@test "the plan holds every parameter with its default, and the configurations follow" {
    start
    run -0 --separate-stderr init --function actor --num 7 --power-values 512,128
    assert_equal "$stderr" ''
    assert_equal "$(jq -c '{schema,lambdaARN,functionName,region,architecture,memorySizeMB,num,powerValues,payload,strategy,
        balancedWeight,discardTopBottom,parallelInvocation,autoOptimize,dryRun,onlyColdStarts}' <<<"${lines[0]}")" \
        '{"schema":1,"lambdaARN":"actor","functionName":"actor","region":"us-east-1","architecture":"x86_64","memorySizeMB":128,"num":7,"powerValues":[128,512],"payload":"null","strategy":"cost","balancedWeight":0.5,"discardTopBottom":0.2,"parallelInvocation":false,"autoOptimize":false,"dryRun":false,"onlyColdStarts":false}'
    assert_equal "${lines[1]}" '{"type":"configuration","power":128,"num":7}'
    assert_equal "${lines[2]}" '{"type":"configuration","power":512,"num":7}'
    assert_equal "${#lines[@]}" 3
}

@test "it changes nothing: all its requests only read" {
    start
    run -0 init --function actor --num 5
    assert_equal "$(jq -r .method "$BATS_TEST_TMPDIR/record" | sort -u)" GET
}

@test "the first size to be published is not the size of the newest version" {
    start
    curl -s -X POST "$ENDPOINT/2015-03-31/functions/actor/versions" -d '{}' >/dev/null
    run -0 --separate-stderr init --function actor --num 5 --power-values 128,256,512
    assert_equal "$(jq -c 'select(.type == "configuration") | .power' <<<"$output" | tr '\n' ' ')" '256 128 512 '
}

@test "with onlyColdStarts there is a configuration for each invocation" {
    start
    run -0 --separate-stderr init --function actor --num 5 --power-values 128 --only-cold-starts
    assert_equal "${#lines[@]}" 6
    assert_equal "${lines[5]}" '{"type":"configuration","power":128,"num":1,"index":4}'
}

@test "the run directory contains the complete records before the program ends" {
    start
    mkdir "$BATS_TEST_TMPDIR/run"
    run -0 --separate-stderr init --function actor --num 5 --run-dir "$BATS_TEST_TMPDIR/run"
    assert_equal "$(cat "$BATS_TEST_TMPDIR/run/init.ndjson")" "$output"
}

@test "every fault of an input is reported on a line that names the file and the parameter" {
    input '{"num":3,"powerValues":[1],"strategy":"fast","autoOptimise":true}'
    run -2 --separate-stderr pt-init "$BATS_TEST_TMPDIR/in.json"
    assert_equal "$output" ''
    assert_equal "$stderr" "pt-init: $BATS_TEST_TMPDIR/in.json: autoOptimise: unknown parameter; did you mean autoOptimize?
pt-init: $BATS_TEST_TMPDIR/in.json: lambdaARN: is missing
pt-init: $BATS_TEST_TMPDIR/in.json: num: 3 is not a whole number from 5 to 100000
pt-init: $BATS_TEST_TMPDIR/in.json: powerValues: 1 is not a whole number of MB from 128 to 10240
pt-init: $BATS_TEST_TMPDIR/in.json: strategy: \"fast\" is not cost, speed or balanced"
}

@test "input that is not JSON is refused with the line number" {
    input '{"lambdaARN":"f",
 "num":}'
    run -2 --separate-stderr pt-init "$BATS_TEST_TMPDIR/in.json"
    assert_equal "$stderr" "pt-init: $BATS_TEST_TMPDIR/in.json:2: not JSON: expected a value at byte 26"
    input ''
    run -2 --separate-stderr pt-init "$BATS_TEST_TMPDIR/in.json"
    assert_equal "$stderr" "pt-init: $BATS_TEST_TMPDIR/in.json:1: not JSON: unexpected end at byte 1"
    input '[]'
    run -2 --separate-stderr pt-init "$BATS_TEST_TMPDIR/in.json"
    assert_equal "$stderr" "pt-init: $BATS_TEST_TMPDIR/in.json: the input is an array, not an object"
}

@test "an invalid ARN is refused" {
    run -2 --separate-stderr pt-init --function arn:aws:s3:::bucket --num 5
    assert_equal "$stderr" "pt-init: --function: 'arn:aws:s3:::bucket' is not the ARN of a Lambda function"
}

@test "a function that does not exist is refused with AWS's message" {
    start
    run -2 --separate-stderr init --function nothing --num 5
    assert_equal "$stderr" 'pt-init: nothing: ResourceNotFoundException: Function not found: arn:aws:lambda:us-east-1:123456789012:function:nothing'
}

@test "without credentials, the message names each place that was searched" {
    start
    unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
    run -2 --separate-stderr init --function actor --num 5
    assert_equal "${#stderr_lines[@]}" 1
    assert_regex "$stderr" '^pt-init: .*no credentials.*AWS_ACCESS_KEY_ID'
}

@test "an endpoint that refuses connections is reported at once" {
    run -2 --separate-stderr pt-init --endpoint-url http://127.0.0.1:1 --function actor --num 5
    assert_equal "${#stderr_lines[@]}" 1
    assert_regex "$stderr" '^pt-init: actor: http://127.0.0.1:1: .*[Cc]onnect'
}

@test "a missing region is refused with the ways to set one" {
    unset AWS_REGION
    run -2 --separate-stderr pt-init --function actor --num 5
    assert_equal "$stderr" 'pt-init: no region: use --region, an ARN or AWS_REGION'
}

@test "the region of the ARN overrides every other" {
    start
    run -0 --separate-stderr init --region eu-west-1 --function arn:aws:lambda:us-east-1:123456789012:function:actor --num 5
    assert_equal "$(jq -r .region <<<"${lines[0]}")" us-east-1
}

@test "unknown options and missing or invalid arguments are reported in one line" {
    run -2 --separate-stderr pt-init --frobnicate
    assert_equal "$stderr" "pt-init: unknown option '--frobnicate' (see pt-init --help)"
    run -2 --separate-stderr pt-init --num
    assert_equal "$stderr" "pt-init: option '--num' needs an argument"
    run -2 --separate-stderr pt-init --function f --num many
    assert_equal "$stderr" 'pt-init: --num: "many" is not a whole number from 5 to 100000'
    run -2 --separate-stderr pt-init one.json two.json
    assert_equal "$stderr" "pt-init: unexpected argument 'two.json'"
}

@test "a message names a parameter as the user gave it: as an option, or as a member of the file" {
    echo '{"lambdaARN": "f", "num": 3, "strategy": "quick"}' >"$BATS_TEST_TMPDIR/in.json"
    run -2 --separate-stderr pt-init "$BATS_TEST_TMPDIR/in.json" --num x
    assert_equal "$stderr" "pt-init: --num: \"x\" is not a whole number from 5 to 100000
pt-init: $BATS_TEST_TMPDIR/in.json: strategy: \"quick\" is not cost, speed or balanced"
    run -2 --separate-stderr pt-init --power-values 1,128
    assert_equal "$stderr" 'pt-init: --function: is missing
pt-init: --num: is missing
pt-init: --power-values: 1 is not a whole number of MB from 128 to 10240'
    # A function can have the name of a parameter.
    start
    run -2 --separate-stderr init --function payload --num 5
    assert_equal "$stderr" 'pt-init: payload: ResourceNotFoundException: Function not found: arn:aws:lambda:us-east-1:123456789012:function:payload'
}

@test "a percentage can be written with its sign" {
    start
    for percent in 1% '1 %' 1; do
        run -0 --separate-stderr init --function actor --num 5 "--until-sure=$percent"
        assert_equal "$(jq .untilSure <<<"${lines[0]}")" 1
    done
    for percent in % ' %' x% 1%%; do
        run -2 --separate-stderr init --function actor --num 5 "--until-sure=$percent"
        assert_equal "$stderr" "pt-init: --until-sure: \"$percent\" is not a percentage from 0.001 to 100"
    done
}

@test "a payload from a file keeps its bytes; one that is not UTF-8 is refused with its position" {
    start
    printf '{ "n" : 1.0 }\n' >"$BATS_TEST_TMPDIR/payload"
    run -0 --separate-stderr init --function actor --num 5 --payload "@$BATS_TEST_TMPDIR/payload"
    assert_equal "$(
        jq -j .payload <<<"${lines[0]}"
        echo x
    )" '{ "n" : 1.0 }
x'
    printf 'ab\377' >"$BATS_TEST_TMPDIR/payload"
    run -2 --separate-stderr init --function actor --num 5 --payload "@$BATS_TEST_TMPDIR/payload"
    assert_equal "$stderr" "pt-init: --payload: the file $BATS_TEST_TMPDIR/payload is not UTF-8 at byte 3"
    run -2 --separate-stderr init --function actor --num 5 --payload "@$BATS_TEST_TMPDIR/none"
    assert_equal "$stderr" "pt-init: --payload: cannot read '$BATS_TEST_TMPDIR/none': No such file or directory"
}

@test "a payload that is probably not what was meant is refused, with what to write" {
    cd "$BATS_TEST_TMPDIR"
    run -2 --separate-stderr pt-init --function actor --num 5 --payload file://event.json
    assert_equal "$stderr" 'pt-init: --payload: is the URL of a file, not an event; to send the file: --payload @event.json'
    run -2 --separate-stderr pt-init --function actor --num 5 --payload '{"a":'
    assert_equal "$stderr" \
        'pt-init: --payload: begins like JSON, but is not JSON: unexpected end at byte 6; to send it as text, write it as a JSON string'
    printf "{'a': 1}" >event.json
    run -2 --separate-stderr pt-init --function actor --num 5 --payload @event.json
    assert_equal "$stderr" \
        "pt-init: --payload: the file event.json begins like JSON, but is not JSON: expected a member name in quotes at byte 2; to send it as text, write it as a JSON string"
    run -2 --separate-stderr pt-init - <<<'{"lambdaARN":"actor","num":5,"payload":[{"payload":1,"weight":1},{"payload":2,"wieght":1}]}'
    assert_equal "$stderr" \
        "pt-init: standard input: payload: element 2 has 'wieght'; did you mean 'weight'? (a list that is one event can be given as a string)"
}

@test "a payload that may not be what was meant is sent with a warning" {
    cd "$BATS_TEST_TMPDIR"
    echo '{}' >order.json
    run -0 --separate-stderr pt-init --syntax --function actor --num 5 --payload order.json
    assert_equal "$stderr" "pt-init: warning: --payload: 'order.json' is sent as text; to send the file of this name: --payload @order.json"
    for payload in other.json 1 . '"{"' ''; do
        touch 1
        run -0 --separate-stderr pt-init --syntax --function actor --num 5 --payload "$payload"
        assert_equal "$stderr" ''
    done
    # The original sends such strings, so an input file with them is tuned.
    run -0 --separate-stderr pt-init --syntax - <<<'{"lambdaARN":"actor","num":5,"payload":"{\"a\":"}'
    assert_equal "$stderr" \
        'pt-init: warning: standard input: payload: begins like JSON, but is not JSON: unexpected end at byte 6; it is sent as a string'
}

@test "a number in a string is taken as the number, as the original does" {
    start
    run -0 --separate-stderr init - <<<'{"lambdaARN":"actor","num":"10","discardTopBottom":"0.1","balancedWeight":" 1 ","sleepBetweenRunsMs":"5","powerValues":["128",256]}'
    assert_equal "$(jq -c '[.num,.discardTopBottom,.balancedWeight,.sleepBetweenRunsMs,.powerValues]' <<<"${lines[0]}")" \
        '[10,0.1,1,5,[128,256]]'
    run -2 --separate-stderr init - <<<'{"lambdaARN":"actor","num":"4","discardTopBottom":"x","balancedWeight":"[1]","sleepBetweenRunsMs":""}'
    assert_equal "$stderr" 'pt-init: standard input: num: "4" is not a whole number from 5 to 100000
pt-init: standard input: balancedWeight: "[1]" is not a number
pt-init: standard input: discardTopBottom: "x" is not a number
pt-init: standard input: sleepBetweenRunsMs: "" is not a whole number from 0 to 900000'
}

# two_versions [ROUTING]: version 1 with 256 MB, which the alias live points at, version 2 with 1024 MB, and $LATEST with 512 MB.
two_versions() {
    local function=$ENDPOINT/2015-03-31/functions/actor memory
    for memory in 256 1024; do
        curl -s -X PUT "$function/configuration" -d "{\"MemorySize\":$memory}" >/dev/null
        curl -s -X POST "$function/versions" -d '{}' >/dev/null
    done
    curl -s -X PUT "$function/configuration" -d '{"MemorySize":512}' >/dev/null
    curl -s -X POST "$function/aliases" -d "{\"Name\":\"live\",\"FunctionVersion\":\"1\"${1:+,\"RoutingConfig\":{\"AdditionalVersionWeights\":$1\}}}" >/dev/null
}

# present: the plan's members that say what the sizes are compared with.
present() {
    jq -c 'select(.type == "plan") | {memorySizeMB,presentPower,presentVersion,presentAlias,presentRouting}' <<<"${lines[0]}"
}

@test "the sizes are compared with the version or alias that the input names, otherwise with \$LATEST" {
    start
    two_versions
    run -0 --separate-stderr init --function actor:live --num 5
    assert_equal "$stderr" ''
    assert_equal "$(present)" '{"memorySizeMB":512,"presentPower":256,"presentVersion":"1","presentAlias":"live","presentRouting":null}'
    run -0 --separate-stderr init --function actor:2 --num 5
    assert_equal "$(present)" '{"memorySizeMB":512,"presentPower":1024,"presentVersion":"2","presentAlias":null,"presentRouting":null}'
    for function in actor 'actor:$LATEST'; do
        run -0 --separate-stderr init --function "$function" --num 5
        assert_equal "$(present)" '{"memorySizeMB":512,"presentPower":null,"presentVersion":null,"presentAlias":null,"presentRouting":null}'
    done
    command -v script >/dev/null || skip "no script command here to make a terminal"
    run -0 script -qec "pt-init --endpoint-url '$ENDPOINT' --function actor:live --num 5 >/dev/null" /dev/null
    assert_line --partial 'pt-init: the sizes are compared with alias live: version 1 (256 MB)'
}

@test "with autoOptimizeAlias the sizes are compared with the version of that alias, if it exists" {
    start
    two_versions
    run -0 --separate-stderr init --function actor:2 --num 5 --auto-optimize --auto-optimize-alias live
    assert_equal "$(present)" '{"memorySizeMB":512,"presentPower":256,"presentVersion":"1","presentAlias":"live","presentRouting":null}'
    run -0 --separate-stderr init --function actor --num 5 --auto-optimize --auto-optimize-alias new
    assert_equal "$(present)" '{"memorySizeMB":512,"presentPower":null,"presentVersion":null,"presentAlias":null,"presentRouting":null}'
}

@test "of an alias with a routing configuration both versions are named; the one with the larger share is compared with" {
    start
    two_versions '{"2":0.1}'
    run -0 --separate-stderr init --function actor:live --num 5
    assert_equal "$stderr" 'pt-init: warning: alias live: 90 % version 1 (256 MB), 10 % version 2 (1024 MB); the sizes are compared with version 1'
    assert_equal "$(present)" '{"memorySizeMB":512,"presentPower":256,"presentVersion":"1","presentAlias":"live","presentRouting":[{"version":"1","power":256,"weight":0.9},{"version":"2","power":1024,"weight":0.1}]}'
    curl -s -X PUT "$ENDPOINT/2015-03-31/functions/actor/aliases/live" -d '{"RoutingConfig":{"AdditionalVersionWeights":{"2":0.75}}}' >/dev/null
    run -0 --separate-stderr init --function actor:live --num 5
    assert_equal "$stderr" 'pt-init: warning: alias live: 75 % version 2 (1024 MB), 25 % version 1 (256 MB); the sizes are compared with version 2'
}

@test "an alias with a routing configuration is refused before anything is changed" {
    start
    for memory in 128 256; do
        curl -s -X PUT "$ENDPOINT/2015-03-31/functions/actor/configuration" -d "{\"MemorySize\":$memory}" >/dev/null
        curl -s -X POST "$ENDPOINT/2015-03-31/functions/actor/versions" -d '{}' >/dev/null
    done
    curl -s -X POST "$ENDPOINT/2015-03-31/functions/actor/aliases" \
        -d '{"Name":"canary","FunctionVersion":"1","RoutingConfig":{"AdditionalVersionWeights":{"2":0.1}}}' >/dev/null
    run -2 --separate-stderr init --function actor --num 5 --auto-optimize --auto-optimize-alias canary
    assert_equal "$stderr" \
        'pt-init: --auto-optimize-alias: the alias canary sends part of its invocations to another version; end this routing first'
}

@test "a processor that does not exist is refused" {
    start
    run -2 --separate-stderr init --function actor --num 5 --pre-processor-arn nothing
    assert_regex "$stderr" '^pt-init: --pre-processor-arn: ResourceNotFoundException'
}

@test "--identify prints the function's ARN" {
    start
    run -0 --separate-stderr init --function actor --num 5 --identify
    assert_equal "$output" arn:aws:lambda:us-east-1:123456789012:function:actor
}

@test "a full disk is reported" {
    start
    run -1 --separate-stderr bash -c 'pt-init --endpoint-url "$ENDPOINT" --function actor --num 5 >/dev/full'
    assert_equal "$stderr" 'pt-init: cannot write standard output: No space left on device'
}

@test "on a terminal, the number of invocations and the estimated cost are printed" {
    command -v script >/dev/null || skip "no script command here to make a terminal"
    start
    run -0 script -qec "pt-init --endpoint-url '$ENDPOINT' --function actor --num 10 --power-values 128,256 --warmup 1 >/dev/null" /dev/null
    assert_regex "${lines[0]}" '^pt-init: warning: actor will be executed 22 times for real \(11 at each of 2 sizes\), with all its side effects'
    assert_regex "${lines[1]}" '^pt-init: estimated cost: [0-9.e-]+ to [0-9.e-]+ USD \(the maximum: every invocation runs to its time limit of 30 s\)'
    assert_equal "${lines[2]%%$'\r'}" 'pt-init: estimated time: 0 s to 330 s, plus the time to publish the sizes'
    assert_equal "${lines[3]%%$'\r'}" 'pt-init: warning: the event is null: no payload is given'
    assert_regex "${lines[4]}" '^pt-init: warning: until the sizes are published, invocations without a version run with the sizes being tried'
    assert_equal "${#lines[@]}" 5
}

@test "versions for cold starts that do not fit into the code storage are refused before anything is changed" {
    command -v "$PT_BUILD/programs/proxy" >/dev/null
    start
    await_address "$BATS_TEST_TMPDIR/servers.log" "$PROGRAMS/proxy" --to "$ENDPOINT" --log "$BATS_TEST_TMPDIR/proxy.log" \
        --fault 'other:* answer=200 -' \
        --fault 'other:* body={"AccountLimit":{"TotalCodeSize":1000,"ConcurrentExecutions":10,"UnreservedConcurrentExecutions":10},"AccountUsage":{"TotalCodeSize":990}}'
    run -2 --separate-stderr pt-init --endpoint-url "$ADDRESS" --function actor --num 5 \
        --power-values 128,256 --only-cold-starts
    kill "$SERVER_PID"
    assert_regex "$stderr" "^pt-init: --only-cold-starts: 10 versions of [0-9]+ bytes do not fit into the account's code storage \(990 of 1000 bytes are used\)$"
}

@test "--syntax checks only the input, with the same messages, and sends no request" {
    input '{"lambdaARN": "actor", "num": 5}'
    run -0 --separate-stderr pt-init --syntax --endpoint-url http://127.0.0.1:1 "$BATS_TEST_TMPDIR/in.json"
    assert_equal "$output$stderr" ''
    run -2 --separate-stderr pt-init --syntax --endpoint-url http://127.0.0.1:1 - <<<'{"lambdaARN": "a b", "num": 4, "powerValues": [64]}'
    assert_equal "$stderr" "pt-init: standard input: num: 4 is not a whole number from 5 to 100000
pt-init: standard input: powerValues: 64 is not a whole number of MB from 128 to 10240
pt-init: standard input: lambdaARN: 'a b' has no valid function name"
}

@test "--list-functions prints a record for each function of the account" {
    start --function "other=$ACTOR" --memory 256
    run -0 --separate-stderr init --list-functions
    run -0 jq -rs 'map([.type, .functionName, .functionArn, .memorySizeMB, .timeout, .runtime, .architecture, .packageType]) | sort[] | join(" ")' <<<"$output"
    assert_output 'function actor arn:aws:lambda:us-east-1:123456789012:function:actor 256 30 provided.al2023 x86_64 Zip
function other arn:aws:lambda:us-east-1:123456789012:function:other 256 30 provided.al2023 x86_64 Zip'
    stop_local
    run -2 --separate-stderr init --list-functions
    assert_regex "$stderr" '^pt-init: cannot list the functions: http://127.0.0.1:[0-9]+: '
}

@test "--list-functions reads all pages" {
    local functions=()
    for number in {1..120}; do functions+=(--function "f$number=$ACTOR"); done
    start_local --no-verify "${functions[@]}"
    run -0 --separate-stderr init --list-functions
    assert_equal "${#lines[@]}" 120
}
