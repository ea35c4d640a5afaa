#!/usr/bin/env bats
# Handlers without a bootstrap, and the runtime clients that AWS publishes, on pt-local.

load helper
load local

teardown() {
    stop_local
}

need() {
    "$1" --version >/dev/null 2>&1 || skip "$1 is not installed"
}

# start_handler RUNTIME HANDLER: starts pt-local with the code in $BATS_TEST_TMPDIR/code.
start_handler() {
    start_local --no-verify --cpu none --memory 512 --function "code=$BATS_TEST_TMPDIR/code" --runtime "$1" --handler "$2"
}

write() {
    mkdir -p "$BATS_TEST_TMPDIR/code"
    cat >"$BATS_TEST_TMPDIR/code/$1"
}

@test "an async Node.js handler gets the event and the context" {
    need node
    write index.mjs <<'CODE'
export const handler = async (event, context) => {
    console.log('one\ntwo', { a: 1 });
    return { event, id: context.awsRequestId, arn: context.invokedFunctionArn, memory: context.memoryLimitInMB,
        version: context.functionVersion, left: context.getRemainingTimeInMillis() > 1000 };
};
CODE
    start_handler nodejs index.handler
    run invoke code '{"k":[1,null]}'
    assert_output "{\"event\":{\"k\":[1,null]},\"id\":\"$(header x-amzn-requestid)\",\"arn\":\"arn:aws:lambda:us-east-1:123456789012:function:code\",\"memory\":\"512\",\"version\":\"\$LATEST\",\"left\":true}"
    run normalized_tail
    assert_line --index 1 --regexp $'^TIME\tID\tINFO\tone\rtwo \\{ a: 1 \\}$'
}

@test "a Node.js handler in CommonJS can use a callback" {
    need node
    write app.js <<'CODE'
exports.main = (event, context, callback) => setTimeout(() => callback(null, event.a + 1), 5);
CODE
    start_handler nodejs app.main
    run invoke code '{"a":1}'
    assert_output 2
}

@test "the response of a Node.js callback is sent when the event loop is empty, unless the context disables that" {
    need node
    write index.js <<'CODE'
exports.handler = (event, context, callback) => {
    context.callbackWaitsForEmptyEventLoop = event.waits;
    const answer = { late: false };
    setTimeout(() => { answer.late = true; }, 300);
    if (event.succeed) context.succeed(answer);
    else callback(event.error && new RangeError('asked for'), answer);
    return 'nothing';
};
CODE
    start_handler nodejs index.handler
    run invoke code '{"waits":true}'
    assert_output '{"late":true}'
    run invoke code '{"waits":false}'
    assert_output '{"late":false}'
    run invoke code '{"waits":true,"succeed":true}'
    assert_output '{"late":false}'
    run invoke code '{"waits":true,"error":true}'
    assert_equal "$(jq -r .errorType <<<"$output")" RangeError
    run invoke code '{"waits":true}'
    assert_output '{"late":true}'
}

@test "a Node.js handler that returns nothing, or a promise that never settles, responds with null" {
    need node
    write index.js <<'CODE'
exports.handler = (event) => (event.promise ? new Promise(() => {}) : event.value);
CODE
    start_handler nodejs index.handler
    run invoke code '{}'
    assert_output null
    run invoke code '{"promise":true}'
    assert_output null
    run invoke code '{"value":"meant"}'
    assert_output '"meant"'
}

@test "an error that a Node.js handler throws is returned with its type and stack" {
    need node
    write index.js <<'CODE'
class Teapot extends Error { constructor(m) { super(m); this.name = 'Teapot'; } }
exports.handler = async () => { throw new Teapot('short and stout'); };
CODE
    start_handler nodejs index.handler
    run invoke code '{}'
    assert_equal "$(header x-amz-function-error)" Unhandled
    run jq -r '[.errorType, .errorMessage, .trace[0]] | join("|")' <<<"$output"
    assert_output 'Teapot|short and stout|Teapot: short and stout'
    run invoke code '{}'
    assert_success
}

@test "a missing Node.js handler is an init error" {
    need node
    write index.js <<<'exports.other = 1;'
    start_handler nodejs index.handler
    run invoke code '{}'
    assert_equal "$(jq -r .errorType <<<"$output")" Runtime.HandlerNotFound
}

@test "a Node.js handler can stream its response" {
    need node
    write index.mjs <<'CODE'
export const handler = awslambda.streamifyResponse(async (event, stream) => { stream.write('"ab'); stream.write('cd"'); });
CODE
    start_handler nodejs index.handler
    run invoke code '{}'
    assert_output '"abcd"'
}

@test "a Python handler gets the event and the context, and its print output is in the log" {
    need python3
    write app.py <<'CODE'
def main(event, context):
    print("hello")
    return {"event": event, "id": context.aws_request_id, "memory": context.memory_limit_in_mb,
            "left": context.get_remaining_time_in_millis() > 1000}
CODE
    start_handler python app.main
    run invoke code '{"k":[1,null]}'
    assert_output "{\"event\": {\"k\": [1, null]}, \"id\": \"$(header x-amzn-requestid)\", \"memory\": \"512\", \"left\": true}"
    run normalized_tail
    assert_line --index 1 hello
    assert [ ! -e "$BATS_TEST_TMPDIR/code/__pycache__" ]
}

@test "an error that a Python handler raises is returned with its type and stack" {
    need python3
    write app.py <<'CODE'
def main(event, context):
    raise KeyError("k")
CODE
    start_handler python app.main
    run invoke code '{}'
    run jq -r '[.errorType, .errorMessage, (.stackTrace[0] | test("in main"))] | join("|")' <<<"$output"
    assert_output "KeyError|'k'|true"
    run cat "$BATS_TEST_TMPDIR/tail"
    assert_output --partial "[ERROR] KeyError: 'k'"
}

@test "a response of a Python handler that cannot be JSON is an error" {
    need python3
    write app.py <<<'def main(event, context): return {1, 2}'
    start_handler python app.main
    run invoke code '{}'
    assert_equal "$(jq -r '[.errorType, .errorMessage] | join("|")' <<<"$output")" \
        'Runtime.MarshalError|Unable to marshal response: Object of type set is not JSON serializable'
}

@test "a Python module that cannot be imported is an init error" {
    need python3
    write app.py <<<'import nothing_of_this_name'
    start_handler python app.main
    run invoke code '{}'
    assert_equal "$(jq -r .errorType <<<"$output")" Runtime.ImportModuleError
}

@test "the example handlers run" {
    need node
    need python3
    start_local --no-verify --cpu none --memory 512 --function "resize=$ROOT/examples/functions/node-resize" \
        --function "words=$ROOT/examples/functions/python-words"
    run invoke resize '{"factor":8}'
    assert_output '{"factor":8,"bytes":90000,"first":138}'
    run invoke words '{"words":1000}'
    assert_output --partial '{"words": 1000, "most": "'
}

@test "--detect prints what the function in a folder runs on" {
    mkdir "$BATS_TEST_TMPDIR/plain"
    touch "$BATS_TEST_TMPDIR/plain/bootstrap" # it cannot be executed
    for folder in "$ACTOR" "$ROOT/examples/functions/node-resize" "$ROOT/examples/functions/python-words"; do
        pt-local --detect "$folder"
    done >"$BATS_TEST_TMPDIR/out"
    assert_equal "$(cat "$BATS_TEST_TMPDIR/out")" $'provided\nnodejs\npython'
    cd "$BATS_TEST_TMPDIR"
    mkdir empty other
    touch file other/app.py
    run -0 --separate-stderr pt-local --handler app.main --detect other
    assert_output python
    for folder in plain none file empty; do
        pt-local --detect "$folder" || true
    done >out 2>errors
    pt-local --detect other --handler main.handler 2>>errors || true
    pt-local --detect other --handler main 2>>errors || true
    assert_equal "$(cat out)" ''
    assert_equal "$(cat errors)" "pt-local: 'plain/bootstrap' is not executable (chmod +x)
pt-local: cannot open the folder 'none': No such file or directory
pt-local: 'file' is not a folder
pt-local: 'empty' has no executable 'bootstrap', and none of index.mjs, index.js, index.cjs and lambda_function.py; for another file: --handler FILE.NAME
pt-local: 'other' has no executable 'bootstrap', and none of main.mjs, main.js, main.cjs and main.py
pt-local: the handler 'main' is not FILE.NAME"
    run -2 --separate-stderr pt-local --handler a.b --function "a=$ACTOR"
    assert_equal "$stderr" "pt-local: option '--handler': a --function must come before it"
}

@test "power-tune runs another handler with --handler" {
    need python3
    cd "$BATS_TEST_TMPDIR"
    mkdir -p fn/src
    echo 'def run(event, context): return {"ran": event}' >fn/src/app.py
    run -0 --separate-stderr power-tune --local fn --handler src/app.run --num 5 --power-values 128 --payload 7 --dry-run --no-progress
    assert_line --index 0 '{"dryRun":true,"invocations":[{"power":128,"statusCode":200}]}'
    assert_equal "$(grep '^  response' <<<"$stderr")" '  response: {"ran": 7}'
    run -2 --separate-stderr power-tune --handler a.b --function f --num 5
    assert_equal "$stderr" "power-tune: option '--handler': works only with --local"
}

@test "a runtime without interpreter or function, or with an unknown name, is bad usage" {
    run -2 --separate-stderr pt-local --runtime nodejs --function "a=$ACTOR"
    assert_equal "$stderr" "pt-local: option '--runtime': a --function must come before it"
    run -2 --separate-stderr pt-local --function "a=$ACTOR" --runtime ruby
    assert_equal "$stderr" "pt-local: option '--runtime': 'ruby' is not nodejs or python"
    run -2 --separate-stderr env PATH=/nowhere "$(command -v pt-local)" --cpu none --function "a=$ACTOR" --runtime nodejs
    assert_equal "$stderr" "pt-local: --function 'a': runtime nodejs: cannot run node"
}

# Prints the folder of aws-lambda-ric as npm installed it: in the node_modules that LAMBDA_NODE_RUNTIME names, or globally.
node_runtime() {
    local folder
    for folder in "${LAMBDA_NODE_RUNTIME:-}" "$(npm root -g 2>/dev/null)" "$ROOT/node_modules"; do
        [ ! -e "$folder/aws-lambda-ric/bin/index.mjs" ] || {
            echo "$folder/aws-lambda-ric/bin/index.mjs"
            return
        }
    done
}

@test "aws-lambda-ric, AWS's Node.js runtime client, runs" {
    need node
    runtime=$(node_runtime)
    [ -n "$runtime" ] || skip "aws-lambda-ric is not installed (npm install aws-lambda-ric; LAMBDA_NODE_RUNTIME names its node_modules)"
    write app.js <<'CODE'
exports.main = async (event, context) => {
    if (event.fail) throw new TypeError('asked for');
    console.log('heard');
    return { event, id: context.awsRequestId, memory: context.memoryLimitInMB, arn: context.invokedFunctionArn };
};
CODE
    write bootstrap <<BOOTSTRAP
#!/bin/sh
exec $(node -p process.execPath) $runtime app.main
BOOTSTRAP
    chmod +x "$BATS_TEST_TMPDIR/code/bootstrap"
    start_local --no-verify --cpu none --memory 512 --function "code=$BATS_TEST_TMPDIR/code"
    for _ in 1 2; do
        run invoke code '{"a":[1,"é"]}'
        assert_output "{\"event\":{\"a\":[1,\"é\"]},\"id\":\"$(header x-amzn-requestid)\",\"memory\":\"512\",\"arn\":\"arn:aws:lambda:us-east-1:123456789012:function:code\"}"
        run normalized_tail
        assert_output --partial $'TIME\tID\tINFO\theard'
    done
    run invoke code '{"fail":true}'
    assert_equal "$(jq -c '[.errorType, .errorMessage]' <<<"$output")" '["TypeError","asked for"]'
    assert_equal "$(header x-amz-function-error)" Unhandled
}

@test "awslambdaric, AWS's Python runtime client, runs" {
    need python3
    python3 -c 'import awslambdaric' 2>/dev/null || skip "awslambdaric is not installed"
    write app.py <<<'def main(event, context): return {"got": event}'
    write bootstrap <<BOOTSTRAP
#!/bin/sh
exec $(python3 -c 'import sys; print(sys.executable)') -B -m awslambdaric app.main
BOOTSTRAP
    chmod +x "$BATS_TEST_TMPDIR/code/bootstrap"
    start_local --no-verify --cpu none --memory 512 --function "code=$BATS_TEST_TMPDIR/code"
    run invoke code '{"a":1}'
    assert_output '{"got": {"a": 1}}'
}
