#!/usr/bin/env bats
# shellcheck disable=SC2153,SC2030,SC2031,SC2154 # each test is a subshell of its own; run sets output
# pt-console: its responses, the runs that it starts and stops, and the requests that it refuses. The page itself is tested in
# console-browser.bats.

load helper
load console

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    ACTOR=$ROOT/build/functions/actor
}

teardown() {
    stop_runs
    stop_console
    stop_local
}

SHORT='{"num":5,"powerValues":[128]}'
# An input whose run continues until it is stopped.
LONG='{"num":5,"powerValues":[128],"payload":{"sleep":20000}}'

# ---- functions and runs ----

@test "the page, its style and its scripts are served at the printed address" {
    start_console
    assert_regex "$CONSOLE" '^http://127\.0\.0\.1:[0-9]+/[0-9a-f]{48}/$'
    run -0 of_console ''
    assert_output "$(cat "$ROOT/share/console/index.html")"
    for file in "$ROOT"/share/console/*.css "$ROOT"/share/console/*.js; do
        run -0 of_console "${file##*/}"
        assert_output "$(cat "$file")"
    done
}

@test "power-tune console is pt-console" {
    run -0 power-tune console --version
    assert_output --regexp '^pt-console '
}

@test "the local functions are those given, or those under the working directory" {
    mkdir -p here/deep/js here/.hidden/py here/none
    touch here/deep/js/index.mjs here/.hidden/lambda_function.py
    ln -s "$ACTOR" here/link
    (cd here && exec sleep 0)
    cd here
    start_console
    run -0 jq -c .functions <(of_console api/setup)
    assert_output "[{\"folder\":\"$PWD/deep/js\",\"name\":\"js\"}]"
    stop_console
    start_console --local "$ACTOR" --local deep/js
    run -0 jq -c '[.functions[].folder] | sort' <(of_console api/setup)
    assert_output "$(jq -nc --arg one "$(realpath "$ACTOR")" --arg two "$PWD/deep/js" '[$one, $two] | sort')"
}

@test "input is checked by pt-init, with its messages" {
    start_console --local "$ACTOR"
    run -0 jq -r '.status, .messages' <(of_console api/check --data-binary '{"num": 3}')
    assert_output "2
$(pt-init --syntax - <<<'{"num": 3}' 2>&1 || true)"
    run -0 jq -c '[.status, .messages, .command]' <(of_console "api/check?local=$(realpath "$ACTOR")" --data-binary "$SHORT")
    assert_output '[0,"","pt-init --syntax --function=local -"]'
}

@test "pt-init lists the functions of the account" {
    start_local --no-verify --function "one=$ACTOR" --function "two=$ACTOR"
    start_console --endpoint-url "$ENDPOINT" --region us-east-1
    run -0 jq -r '.status, .command, (.output | split("\n")[] | select(. != "") | fromjson.functionName)' <(of_console api/functions)
    assert_output "0
pt-init --list-functions --region=us-east-1 --endpoint-url=$ENDPOINT
one
two"
}

@test "a run can be started, followed and read" {
    start_console --local "$ACTOR"
    name=$(start_run "$(realpath "$ACTOR")" '{"num": 5, "powerValues":[128,256], "payload": {"big": 123456789012345678901}}')
    wait_for_run "$name" succeeded
    run -0 of_console "api/runs/$name/input.json"
    assert_output '{"num":5,"powerValues":[128,256],"payload":{"big": 123456789012345678901},"lambdaARN":"actor"}'
    run -0 jq .power <(of_console "api/runs/$name/result.json")
    assert_output "$(of_console api/runs | jq '.[0].power')"
    # The messages begin with the command line.
    run -0 sed -n 1p "$RUNS/$name/messages"
    assert_output "\$ power-tune --run-dir $RUNS/$name --local $(realpath "$ACTOR") -"
    # A page that connects later gets everything.
    of_console "api/events?run=$name" --max-time 2 >events 2>/dev/null || true
    run -0 jq -r 'select(.file == "states.ndjson") | .record | [.state // .type, .phase] | join(" ")' <(sed -n 's/^data: \({"file".*\)/\1/p' events)
    assert_line --index 0 'execution entered'
    assert_line --index 1 'Initializer entered'
    assert_line 'Executor succeeded'
    assert_output --partial 'execution succeeded'
    run -0 jq -sc 'map(select(.file == "logparse.ndjson").rows[] | {(.power | tostring): .counts.measurement}) | add' <(sed -n 's/^data: \({"file".*\)/\1/p' events)
    assert_output '{"128":5,"256":5}'
    assert_equal "$(stat -c %a "$RUNS/$name")" 700
}

@test "a run continues when the console ends, and the next console finds it" {
    start_console --local "$ACTOR"
    name=$(start_run "$(realpath "$ACTOR")" "$LONG")
    until grep -qs '"Executor"' "$RUNS/$name/states.ndjson"; do sleep 0.05; done
    stop_console
    start_console --local "$ACTOR"
    wait_for_run "$name" running
    run -0 status_of_console "api/runs/$name/stop" -X POST
    assert_output 200
    wait_for_run "$name" stopped
    run -0 jq -r '[.state // .type, .phase] | join(" ")' "$RUNS/$name/states.ndjson"
    assert_output --partial 'CleanUpOnError succeeded
execution stopped'
    run -0 of_console "api/runs/$name/stop" -X POST
    assert_output '{"error":"the run has already ended"}'
}

@test "a killed run is found and can be recovered" {
    start_local --no-verify --function "actor=$ACTOR"
    start_console --endpoint-url "$ENDPOINT" --region us-east-1
    name=$(of_console api/runs --data-binary '{"lambdaARN":"actor","num":5,"powerValues":[256,512],"payload":{"sleep":20000}}' | jq -r .name)
    until grep -qs '"version":"2"' "$RUNS/$name/publish.ndjson"; do sleep 0.05; done
    kill_run "$name"
    run -0 jq -c '.[0] | [.recoverable, .resumable]' <(of_console api/runs)
    assert_output '[true,true]'
    run -0 jq -r .command <(of_console "api/runs/$name/recover" -X POST)
    assert_output "power-tune --recover $RUNS/$name"
    until [ -e "$RUNS/$name/finished" ]; do sleep 0.05; done
    run -0 jq -c '[.Versions[].Version]' <(curl -s "$ENDPOINT/2015-03-31/functions/actor/versions")
    assert_output '["$LATEST"]'
    wait_for_run "$name" recovered
}

@test "a killed run can be resumed" {
    start_local --no-verify --function "actor=$ACTOR"
    start_console --endpoint-url "$ENDPOINT" --region us-east-1
    name=$(of_console api/runs --data-binary '{"lambdaARN":"actor","num":5,"powerValues":[256],"payload":{"sleep":300}}' | jq -r .name)
    until grep -qs '"type":"invocation"' "$RUNS/$name/invoke.ndjson"; do sleep 0.05; done
    kill_run "$name"
    curl -sN --max-time 30 "${CONSOLE}api/events?run=$name" >events 2>/dev/null 3>&- &
    watching=$!
    until grep -qs '"phase":"killed"' events; do sleep 0.05; done
    run -0 jq -r .command <(of_console "api/runs/$name/resume" -X POST)
    assert_output "power-tune --resume $RUNS/$name"
    wait_for_run "$name" succeeded
    # Connected pages get an event when files are replaced.
    until grep -q '"phase":"succeeded","startedAt"' events; do sleep 0.05; done
    kill "$watching"
    assert grep -q '^event: again' events
    run -0 jq -c 'select(.type == "stat") | .count' "$RUNS/$name/stats.ndjson"
    assert_output 5
}

@test "the report of one or two runs is served at an address without the secret" {
    start_console --local "$ACTOR"
    first=$(start_run "$(realpath "$ACTOR")" "$SHORT")
    wait_for_run "$first" succeeded
    second=$(start_run "$(realpath "$ACTOR")" "$SHORT")
    wait_for_run "$second" succeeded
    for runs in "$first" "$first,$second"; do
        address=$(of_console "api/report?runs=$runs" -X POST | jq -r .address)
        run -0 curl -sS -D headers "http://$CONSOLE_HOST$address"
        assert_output --partial '<!doctype html>'
        assert_regex "$(tr -d '\r' <headers)" 'Content-Security-Policy: sandbox allow-scripts'
        refute grep -q "$(secret)" <<<"$address"
        # With another run or another signature, nothing is shown.
        run -0 curl -sS -o /dev/null -w '%{http_code}' "http://$CONSOLE_HOST${address/$first/$second}"
        assert_output 403
        run -0 curl -sS -o /dev/null -w '%{http_code}' "http://$CONSOLE_HOST${address%?}"
        assert_output 403
    done
}

secret() {
    cut -d / -f 4 <<<"$CONSOLE"
}

# ---- refused requests ----

@test "without the secret, every request is refused" {
    start_console --local "$ACTOR"
    local good
    good=$(secret)
    for path in / /index.html /api/runs /console.js "/${good%?}/" "/${good}0/" "/${good^^}/" "//$good/" "/%2e/$good/" '/view/' '/view/x/' "/x/$good/"; do
        run -0 curl -sS --path-as-is -o body -w '%{http_code}' "http://$CONSOLE_HOST$path"
        assert_equal "$path $output" "$path 403"
        refute grep -q "$good" body
    done
    run -0 curl -sS -o /dev/null -w '%{http_code}' --data-binary "$SHORT" "http://$CONSOLE_HOST/api/runs"
    assert_output 403
    assert_equal "$(ls "$RUNS")" ''
}

@test "another host, another origin and another site are refused, also with the secret" {
    start_console --local "$ACTOR"
    local port=${CONSOLE_HOST##*:} refused
    for refused in 'Host: evil.example' "Host: evil.example:$port" 'Host: 127.0.0.1' "Host: 127.0.0.1.evil.example:$port" 'Host:' \
        "Host: 127.0.0.1:$((port + 1))" 'Origin: http://evil.example' 'Origin: null' "Origin: http://127.0.0.1:$((port + 1))" \
        "Origin: https://$CONSOLE_HOST" "Origin: http://localhost:$port" "Origin: http://$CONSOLE_HOST.evil.example" \
        'Sec-Fetch-Site: cross-site' 'Sec-Fetch-Site: same-site'; do
        run -0 status_of_console api/runs -H "$refused" --data-binary "$SHORT"
        assert_regex "$refused $output" '^.* 40[03]$'
        run -0 status_of_console api/runs -H "$refused"
        assert_regex "$refused $output" '^.* 40[03]$'
    done
    assert_equal "$(ls "$RUNS")" ''
    run -0 status_of_console api/runs -H "Origin: http://$CONSOLE_HOST" -H 'Sec-Fetch-Site: same-origin'
    assert_output 200
    run -0 status_of_console api/runs -H "Host: localhost:$port" -H "Origin: http://localhost:$port"
    assert_output 200
}

@test "the secret is in no place that another user can read" {
    start_console --local "$ACTOR"
    name=$(start_run "$(realpath "$ACTOR")" "$LONG")
    until grep -qs '"Executor"' "$RUNS/$name/states.ndjson"; do sleep 0.05; done
    local process
    for process in /proc/[0-9]*; do
        refute grep -qs "$(secret)" "$process/cmdline"
    done
    refute grep -rqs "$(secret)" "$RUNS"
    run -0 find "$XDG_STATE_HOME/power-tune" -perm /077
    assert_output ''
    [ "$(id -u)" -eq 0 ] || return 0
    # Another user who knows the port can neither read the folder nor get a response.
    run -0 setpriv --reuid 65534 --clear-groups curl -sS -o /dev/null -w '%{http_code}' "http://$CONSOLE_HOST/api/runs"
    assert_output 403
    run setpriv --reuid 65534 --clear-groups ls "$RUNS"
    refute [ "$status" -eq 0 ]
}

@test "it listens only on loopback" {
    start_console
    run -0 awk -v port="$(printf '%04X' "${CONSOLE_HOST##*:}")" '$4 == "0A" && $2 ~ ":" port "$" { print $2 }' /proc/net/tcp /proc/net/tcp6
    assert_output "0100007F:$(printf '%04X' "${CONSOLE_HOST##*:}")"
}

@test "every response forbids inline scripts, other sites, framing, caching and type guessing" {
    start_console
    for path in '' console.js api/runs nothing; do
        of_console "$path" -D headers -o /dev/null
        run -0 tr -d '\r' <headers
        assert_line "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        assert_line 'X-Content-Type-Options: nosniff'
        assert_line 'Referrer-Policy: no-referrer'
        assert_line 'Cache-Control: no-store'
        assert_line 'Cross-Origin-Resource-Policy: same-origin'
        refute_line --partial 'Access-Control-'
        refute_line --partial 'Set-Cookie'
    done
    # The page contains nothing that the policy refuses, and nothing from other sites.
    run -1 grep -nEi '<script[^>]*>[^<]|<style| on[a-z]+=|style=|https?://' "$ROOT/share/console/index.html"
    run -1 grep -nE "innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|https?://" "$ROOT"/share/console/*.js
}

@test "only known files of run directories can be read" {
    start_console --local "$ACTOR"
    name=$(start_run "$(realpath "$ACTOR")" "$SHORT")
    wait_for_run "$name" succeeded
    echo payload >"$RUNS/$name/payload-0"
    echo hidden >"$RUNS/$name/.hidden"
    echo outside >"$XDG_STATE_HOME/power-tune/outside"
    mkdir -p "$BATS_TEST_TMPDIR/elsewhere"
    echo '{}' >"$BATS_TEST_TMPDIR/elsewhere/result.json"
    ln -s "$BATS_TEST_TMPDIR/elsewhere" "$RUNS/linked"
    ln -sf "$XDG_STATE_HOME/power-tune/outside" "$RUNS/$name/options"
    mkfifo "$RUNS/$name/resume.ndjson"
    for path in "$name/payload-0" "$name/.hidden" "$name/options" "$name/../outside" "$name/%2e%2e/outside" "../outside" "../../outside" \
        "$name/" "$name" "/$name/result.json" "%2e%2e/outside" "linked/result.json" "$name/result.json/" "$name//result.json" \
        "$name/result.json%00" "./$name/result.json" "..%2f..%2fetc/result.json" "$name/resume.ndjson"; do
        run -0 status_of_console "api/runs/$path" -o body
        refute [ "$path $output" = "$path 200" ]
    done
    run -0 jq -c 'map(.name)' <(of_console api/runs)
    assert_output "[\"$name\"]"
    for verb in stop recover resume remove; do
        run -0 status_of_console "api/runs/linked/$verb" -X POST
        assert_regex "$output" '^4'
    done
    run -0 status_of_console 'api/events?run=../x'
    assert_output 404
}

@test "runs with --run-dir are listed, if nobody else can write to their folder" {
    power-tune --quiet --local "$ACTOR" --num 5 --power-values 128 --dry-run --run-dir "$PWD/own" >/dev/null
    power-tune --quiet --local "$ACTOR" --num 5 --power-values 256 --dry-run --run-dir "$PWD/open" >/dev/null
    chmod o+w open
    start_console
    run -0 jq -c 'length' <(of_console api/runs)
    assert_output 1
    name=$(jq -r '.[0].name' <(of_console api/runs))
    assert_equal "$name" "$(head -n 1 own/init.ndjson | jq -r .runId)"
    run -0 jq -c .dryRun <(of_console "api/runs/$name/result.json")
    assert_output true
}

@test "a run of a function that is not in the list is refused" {
    mkdir other
    cp "$ACTOR/bootstrap" other/
    start_console --local "$ACTOR"
    for folder in "$PWD/other" "$(realpath "$ACTOR")/../actor" / ../actor '--help'; do
        run -0 of_console "api/runs?local=$folder" --data-binary "$SHORT"
        assert_output '{"error":"not one of the listed local functions"}'
    done
    assert_equal "$(ls "$RUNS")" ''
}

@test "a user and a password in the URL of an endpoint are refused" {
    start_console
    input=(--data-binary '{"lambdaARN":"a","num":5}')
    for question in 'api/functions GET' 'api/check POST' 'api/runs POST'; do
        run -0 of_console "${question% *}?endpoint-url=http://me:untold@127.0.0.1:1" -X "${question#* }" "${input[@]}"
        assert_output '{"error":"a user name, password or query is not supported in the URL of an endpoint"}'
    done
    assert_equal "$(ls "$RUNS")" ''
}

@test "a region or profile from the page cannot become another option" {
    start_console
    name=$(of_console 'api/runs?region=--local=/&profile=x%0a--run-dir=/tmp/y' --data-binary '{"lambdaARN":"a","num":5}' | jq -r .name)
    run -0 sed -n 1,2p "$RUNS/$name/messages"
    assert_line --index 0 "\$ power-tune --run-dir $RUNS/$name --region=--local=/ '--profile=x"
    wait_for_run "$name" failed
}

@test "requests and bodies are limited" {
    start_console --local "$ACTOR"
    head -c 17000000 /dev/zero >large
    run -0 status_of_console "api/runs?local=$(realpath "$ACTOR")" --data-binary @large
    assert_output 413
    run -0 status_of_console api/runs -H "Large: $(head -c 100000 /dev/zero | tr '\0' x)"
    assert_regex "$output" '^4(00|13|14|31)$'
    run -0 status_of_console "$(head -c 100000 /dev/zero | tr '\0' x)"
    assert_regex "$output" '^4(00|04|13|14|31)$'
    assert_equal "$(ls "$RUNS")" ''
}

@test "bodies of requests without the secret take no memory" {
    start_console
    local before after
    head -c 16000000 /dev/zero >large
    before=$(awk '/VmHWM/ { print $2 }' "/proc/$CONSOLE_PID/status")
    run -0 curl -sS -o /dev/null -w '%{http_code}' --data-binary @large "http://$CONSOLE_HOST/api/runs"
    assert_output 403
    run -0 status_of_console api/check -H 'Origin: http://evil.example' --data-binary @large
    assert_output 403
    after=$(awk '/VmHWM/ { print $2 }' "/proc/$CONSOLE_PID/status")
    assert [ $((after - before)) -lt 8000 ]
}

@test "the number of pages that follow runs is limited" {
    start_console
    for _ in {1..30}; do
        curl -sN --max-time 4 -o /dev/null -w '%{http_code}\n' "${CONSOLE}api/events" >>statuses 2>/dev/null 3>&- &
    done
    until [ "$(wc -l <statuses)" -ge 30 ]; do sleep 0.1; done
    run -0 sort statuses
    assert_equal "$(grep -c 503 statuses)" 6
    run -0 status_of_console api/runs
    assert_output 200
}

@test "the folder of the runs must belong to the user" {
    mkdir -p "$XDG_STATE_HOME/power-tune/runs"
    chmod 777 "$XDG_STATE_HOME/power-tune/runs"
    run -1 pt-console
    assert_output "pt-console: cannot use '$XDG_STATE_HOME/power-tune/runs', the folder of the runs: it belongs to another user, or others may write to it"
}

@test "the browser gets the address in a file that only the user can read, not as an argument" {
    printf '#!/bin/sh\nprintf "%%s\\n" "$@" >"%s/arguments"\ncp "$1" "%s/page"\nstat -c %%a "$1" >"%s/mode"\n' "$PWD" "$PWD" "$PWD" >browser
    chmod +x browser
    BROWSER=$PWD/browser start_console --open
    until [ -s mode ]; do sleep 0.05; done
    refute grep -q "$(secret)" arguments
    assert grep -q "url=$CONSOLE\"" page
    assert_equal "$(cat mode)" 600
    file=$(cat arguments)
    stop_console
    refute [ -e "$file" ]
}

@test "a port in use and bad usage are reported" {
    start_console
    run -1 pt-console --port "${CONSOLE_HOST##*:}"
    assert_output "pt-console: cannot listen on port ${CONSOLE_HOST##*:} of 127.0.0.1: Address already in use"
    run -2 pt-console --port 70000
    assert_output "pt-console: option '--port': '70000' is not a whole number from 0 to 65535"
    run -2 pt-console more
    assert_output "pt-console: unexpected argument 'more'"
    run -2 pt-console --local nowhere
    assert_output "pt-console: --local 'nowhere': no such folder"
}

@test "the console survives each prefix of valid requests and 2,000 mutations of them" {
    start_console --local "$ACTOR"
    name=$(start_run "$(realpath "$ACTOR")" "$SHORT")
    wait_for_run "$name" succeeded
    { cat <<REQUESTS; } | sed "s/SECRET/$(secret)/; s/PLACE/$CONSOLE_HOST/; s/NAME/$name/" >requests
GET /SECRET/api/runs/NAME/result.json?offset=3 HTTP/1.1
Host: PLACE
Origin: http://PLACE

.
POST /SECRET/api/check?local=%2Fnowhere&region=a%20b HTTP/1.1
Host: PLACE
Content-Length: 9

{"num":5}
.
POST /SECRET/api/report?runs=NAME,NAME HTTP/1.1
Host: PLACE
Transfer-Encoding: chunked

2
{}
0

.
REQUESTS
    run -0 "$PROGRAMS/http-fuzz" "${CONSOLE_HOST##*:}" 2000 4 <requests
    run -0 status_of_console api/runs
    assert_output 200
    kill "$CONSOLE_PID"
    status=0
    wait "$CONSOLE_PID" || status=$?
    CONSOLE_PID=
    assert_equal "$status" 0
    refute grep -q -e Sanitizer -e 'runtime error' console.log
    assert_equal "$(ls "$RUNS")" "$name"
}
