#!/usr/bin/env bats
# shellcheck disable=SC2153,SC2016,SC2030,SC2031,SC2154 # each test is a subshell of its own; run sets output
# The page of the console in a real browser, from a mistake in the input to the comparison of two runs.

load helper
load browser
load console

setup_file() {
    # All tests share one browser and one console: each continues where the last one ended.
    export BATS_NO_PARALLELIZE_WITHIN_FILE=true
    load helper
    load browser
    load console
    browser_start
    export BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR XDG_STATE_HOME=$BATS_FILE_TMPDIR/state
    start_console --local "$ROOT/build/functions/actor" --local "$ROOT/examples/functions/primes"
}

teardown_file() {
    stop_runs
    stop_console
    browser_stop
}

setup() {
    export XDG_STATE_HOME=$BATS_FILE_TMPDIR/state
    browser_required
    browser_view 1280 light
}

# The browser reported no violation of the page's policy, no network request and no exception.
teardown() {
    if [ -n "${BROWSER_PID:-}" ]; then
        run -0 browser_messages
        assert_output ''
    fi
}

# text SELECTOR: prints the visible text of the element.
text() {
    browser_eval "return document.querySelector('$1').innerText"
}

# input JSON: replaces the text of the editor key by key, as a person does.
input() {
    browser_click '#input'
    browser_eval 'document.querySelector("#input").select()' >/dev/null
    browser_type '#input' "$1"
}

# Waits until the run of the page is over.
until_over() {
    browser_until 'return document.querySelector("#execution").dataset.settled === "true"'
}

name_of_run() {
    browser_eval 'return location.hash.split("/").pop()'
}

SHORT='{"num": 5, "powerValues": [128, 256], "payload": {"sleep": 300}}'

@test "a mistake in the input is shown while typing, in pt-init's words, and disables the start" {
    browser_open "$CONSOLE"
    browser_until 'return document.querySelector("#mistakes").innerText === "The input is valid."'
    input '{"num": 3, "powerValues": [128, 256], "strategy": "cheap"}'
    browser_until 'return document.querySelectorAll("#mistakes .mistake").length === 2'
    assert_equal "$(text '#mistakes')" "$(pt-init --syntax --function=local - <<<'{"num": 3, "powerValues": [128, 256], "strategy": "cheap"}' 2>&1 || true)"
    assert_equal "$(browser_eval 'return document.querySelector("#go").disabled')" true
    input '{"num": 5,
"x" }'
    browser_until 'return document.querySelectorAll("#mistakes .mistake").length === 1'
    assert_regex "$(text '#mistakes')" '^pt-init: standard input:2: not JSON: '
    assert_equal "$(text '#lines .bad')" 2
}

@test "valid input starts a run, and its states are shown in the order of the design" {
    slow 'a browser, and a run that it watches'
    input "$SHORT"
    browser_until 'return !document.querySelector("#go").disabled'
    assert_equal "$(text '#mistakes')" 'The input is valid.'
    # Records the order in which states leave the phase "idle", and the phases of each.
    browser_eval 'window.seen = []; window.phases = {};
        setInterval(() => document.querySelectorAll("#machine .state").forEach(({dataset: {key, phase}}) => {
            if (phase === "idle") return;
            if (!window.seen.includes(key)) window.seen.push(key);
            (window.phases[key] ||= new Set()).add(phase);
        }), 20)' >/dev/null
    browser_click '#go'
    browser_until 'return location.hash.startsWith("#/run/")'
    until_over
    run -0 browser_eval 'return window.seen.filter((key) => !/ /.test(key)).join(" ")'
    assert_output 'Initializer Branching Publisher Executor IsCountReached Cleaner Analyzer Optimizer'
    run -0 browser_eval 'return ["Branching", "Executor", "Executor 128", "Executor 256", "Cleaner", "Optimizer"].map((key) => [...window.phases[key]].join("+")).join(" ")'
    assert_output 'entered+succeeded entered+succeeded entered+succeeded entered+succeeded entered+succeeded entered+succeeded'
    run -0 text '[data-key="Executor 128"]'
    assert_output --partial '5/5'
    assert_equal "$(text '#phase')" succeeded
    assert_equal "$(browser_eval 'return document.querySelector("[data-key=CleanUpOnError]").dataset.phase')" idle
}

@test "the output is the result, and a state shows its input and output" {
    name=$(name_of_run)
    assert_equal "$(text '#output' | jq -c .)" "$(jq -c . "$RUNS/$name/result.json")"
    assert_regex "$(text '#headline')" '^(128|256) MB is the '
    browser_click '[data-key="Initializer"]'
    browser_until 'return document.querySelector("#details-title").innerText === "Initializer"'
    assert_equal "$(text '#state-input' | jq -c .)" "$(jq -c . "$RUNS/$name/input.json")"
    browser_click '[data-key="Executor 256"]'
    browser_until 'return document.querySelector("#details-title").innerText === "Executor, 256 MB"'
    assert_equal "$(text '#state-output' | jq -c 'select(.type == "stat")')" "$(jq -c 'select(.type == "stat" and .value == 256)' "$RUNS/$name/stats.ndjson")"
    assert_equal "$(text '#state-output' | jq -c 'select(.type == "measurement")' | wc -l)" 5
    browser_click '#tab-events'
    run -0 text '#events'
    assert_output --partial 'VersionPublished'
    assert_output --partial 'ExecutionSucceeded'
    browser_click '#tab-terminal'
    assert_equal "$(text '#terminal' | head -n 1)" "\$ power-tune --run-dir $RUNS/$name --local $(realpath "$ROOT/build/functions/actor") -"
    browser_click '#tab-input'
    browser_until 'return document.querySelector("#run-input").innerText !== ""'
    assert_equal "$(text '#run-input' | jq -c .)" "$(jq -c . "$RUNS/$name/input.json")"
}

# in_report SELECTOR SCRIPT: runs the script in the page of the report, which has an origin of its own.
in_report() {
    local frame
    frame=$(browser_element "$1")
    browser_request POST /frame "$(jq -nc --arg id "$frame" '{id: {"element-6066-11e4-a52e-4f735466cecf": $id}}')" >/dev/null
    browser_until 'return document.readyState === "complete" && document.querySelector("main") !== null'
    browser_eval "$2"
    browser_request POST /frame '{"id":null}' >/dev/null
}

@test "the report is shown, and cannot access the console" {
    browser_click '#tab-output'
    browser_until 'return document.querySelector("#report iframe") !== null'
    run -0 in_report '#report iframe' 'return document.querySelector("main").innerText.includes("MB is the") && document.querySelectorAll("canvas").length > 0'
    assert_output true
    run -0 in_report '#report iframe' 'return self.origin'
    assert_output null
    refute grep -q "$(cut -d / -f 4 <<<"$CONSOLE")" <<<"$(in_report '#report iframe' 'return location.href + document.referrer')"
    # The same in a new tab.
    run -0 browser_eval 'return fetch(document.querySelector("#report a").href).then((answer) => answer.headers.get("content-security-policy"))'
    assert_output --partial 'sandbox allow-scripts'
    run -0 in_report '#report iframe' "try { return parent.document.title } catch (error) { return error.name }"
    assert_output SecurityError
}

@test "a second run started from the first one can be compared with it" {
    slow 'a browser, and a run that it watches'
    browser_eval 'window.scrollTo(0, 0)' >/dev/null
    browser_click '#again'
    browser_until 'return document.querySelector("#input").value.includes("powerValues") && !document.querySelector("#go").disabled'
    input '{"num": 5, "powerValues": [128, 256], "payload": {"sleep": 30}}'
    browser_until 'return !document.querySelector("#go").disabled'
    browser_click '#go'
    browser_until 'return location.hash.startsWith("#/run/")'
    until_over
    browser_click '#tab-compare'
    browser_eval 'const select = document.querySelector("#compare-with"); select.selectedIndex = 1; select.dispatchEvent(new Event("change"))' >/dev/null
    browser_until 'return document.querySelector("#comparison iframe") !== null'
    run -0 in_report '#comparison iframe' 'return /differ|against|compared/i.test(document.querySelector("main").innerText)'
    assert_output true
    assert_regex "$(text '#comparison code')" "^pt-report $RUNS/[^ ]+ $RUNS/$(name_of_run)\$"
}

@test "a run that is stopped half way restores the function" {
    browser_click '#new'
    input '{"num": 5, "powerValues": [128, 256], "payload": {"sleep": 20000}}'
    browser_until 'return !document.querySelector("#go").disabled'
    browser_click '#go'
    browser_until 'return document.querySelector("[data-key=Executor]")?.dataset.phase === "entered"'
    browser_click '#stop'
    until_over
    assert_equal "$(text '#phase')" stopped
    assert_equal "$(text '#headline')" 'The execution was stopped, and everything was restored.'
    run -0 browser_eval 'return ["Executor", "Branching", "CleanUpOnError", "Analyzer"].map((key) => document.querySelector(`[data-key=${key}]`).dataset.phase).join(" ")'
    assert_output 'stopped stopped succeeded idle'
    assert [ -e "$RUNS/$(name_of_run)/finished" ]
    assert_regex "$(text '#notice')" '^Command: kill -TERM [0-9]+$'
}

@test "the file that --open passes to a browser redirects to the page" {
    printf '#!/bin/sh\nprintf "%%s" "$1" >"%s/shown.new" && mv "%s/shown.new" "%s/shown"\n' \
        "$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR" >"$BATS_TEST_TMPDIR/show"
    chmod +x "$BATS_TEST_TMPDIR/show"
    BROWSER=$BATS_TEST_TMPDIR/show pt-console --open >"$BATS_TEST_TMPDIR/address" 3>&- &
    local other=$!
    until [ -s "$BATS_TEST_TMPDIR/shown" ]; do sleep 0.05; done
    browser_open "file://$(realpath "$(cat "$BATS_TEST_TMPDIR/shown")")"
    browser_until 'return document.title === "New execution - power-tune"'
    assert_equal "$(browser_eval 'return location.href.replace(/#.*/, "")')" "$(cat "$BATS_TEST_TMPDIR/address")"
    browser_open "$CONSOLE"
    kill "$other"
}

@test "a page of another origin neither reads nor starts anything, even if it knew the address" {
    before=$(ls "$RUNS")
    echo '<!doctype html><meta charset="utf-8"><body></body>' >"$BATS_TEST_TMPDIR/attack.html"
    browser_open "file://$BATS_TEST_TMPDIR/attack.html"
    run -0 browser_eval "
        const body = '{\"num\":5,\"powerValues\":[128]}';
        const tries = [['GET', 'cors'], ['POST', 'cors'], ['POST', 'no-cors'], ['GET', 'no-cors']].map(([method, mode]) =>
            fetch('${CONSOLE}api/runs?local=' + encodeURIComponent('$(realpath "$ROOT/build/functions/actor")'), {method, mode, body: method === 'POST' ? body : undefined})
                .then((answer) => answer.text()).catch(() => 'refused'));
        return Promise.all(tries).then((texts) => texts.map((text) => text || 'nothing').join(' '))"
    assert_output 'refused refused refused refused'
    # Forms and frames are refused, too.
    browser_eval "document.body.innerHTML = '<form method=post enctype=text/plain target=frame action=\"${CONSOLE}api/runs\"><input name=x></form><iframe name=frame src=\"$CONSOLE\"></iframe>';
        document.forms[0].submit(); return 1" >/dev/null
    sleep 0.5
    assert_equal "$(ls "$RUNS")" "$before"
    browser_messages >/dev/null
    browser_open "$CONSOLE"
}

@test "a run continues when the page and the console are closed, and a new console shows it" {
    slow 'a browser, and a run that it watches'
    browser_click '#new'
    input '{"num": 5, "powerValues": [128], "payload": {"sleep": 1500}}'
    browser_until 'return !document.querySelector("#go").disabled'
    browser_click '#go'
    browser_until 'return document.querySelector("[data-key=Executor]")?.dataset.phase === "entered"'
    name=$(name_of_run)
    browser_open about:blank
    kill "$CONSOLE_PID"
    while kill -0 "$CONSOLE_PID" 2>/dev/null; do sleep 0.05; done
    BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR start_console --port "${CONSOLE_HOST##*:}" --local "$ROOT/build/functions/actor"
    browser_open "$CONSOLE"
    browser_until 'return document.querySelector(".run[data-phase=running]") !== null'
    browser_click ".run[data-name='$name']"
    until_over
    assert_equal "$(text '#phase')" succeeded
    # The page fits into wide and narrow windows.
    for width in 1280 390; do
        browser_view "$width" dark
        assert_equal "$width: $(browser_eval 'return document.documentElement.scrollWidth')" "$width: $width"
    done
    browser_open about:blank
    stop_console
}

@test "malformed files of a run are shown as far as possible and cause no exception" {
    name=20260101T000000Z-malformed
    mkdir -m 700 "$RUNS/$name"
    local file value
    BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR start_console # the test before has stopped the other one
    for file in init publish stats journal states logparse; do
        for value in null true 1 '"x"' '[]' '{}' '{"toString":1}' '"128 MB"' '"128 x"' -1 1.5 1e300 99999 '"__proto__"' '"constructor"'; do
            for type in plan configuration stat state execution failure measurement x; do
                printf '{"type":"%s","power":%s,"value":%s,"num":%s,"state":%s,"phase":%s,"at":%s,"action":%s,"version":%s,"averageDuration":%s,"excluded":%s,"message":%s,"functionName":%s,"exitStatus":%s}\n' \
                    "$type" "$value" "$value" "$value" "$value" "$value" "$value" "$value" "$value" "$value" "$value" "$value" "$value" "$value"
                printf '{"type":"%s","power":128,"value":128,"num":%s,"state":"A B","phase":"entered","borrowed":%s,"averageDuration":%s}\n' \
                    "$type" "$value" "$value" "$value"
            done
            printf '%s\n{"power":%s\n' "$value" "$value"
        done >"$RUNS/$name/$file.ndjson"
    done
    echo '{"power":{"toString":1},"cost":[]}' >"$RUNS/$name/result.json"
    head -c 100000 /dev/zero | tr '\0' '[' >"$RUNS/$name/input.json"
    printf 'x\n{"toString":1}\n' >"$RUNS/$name/messages"
    browser_open "${CONSOLE}#/run/$name"
    until_over
    browser_until 'return document.querySelector("[data-key=Analyzer]") !== null'
    # Clicks on each box and each tab.
    browser_eval 'for (const box of document.querySelectorAll("[data-key]")) box.click(); return 1' >/dev/null
    for tab in compare input events terminal output; do browser_click "#tab-$tab"; done
    browser_until 'return document.querySelector("#details-title").textContent !== "State"'
    run -0 browser_messages
    assert_output ''
    browser_open about:blank
    rm -rf "${RUNS:?}/$name"
    stop_console
}
