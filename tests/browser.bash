# shellcheck shell=bash
# For tests in a real browser: headless Chromium, controlled through WebDriver with curl and jq. It cannot
# reach the network: no name can be resolved, and proxied requests go to a closed port.
#
#     setup_file() { browser_start; }
#     teardown_file() { browser_stop; }
#     setup() { browser_required; }        skips the test with a reason when Chromium is not installed
#     browser_open file:///...; browser_eval 'return document.title'

# Prints the path of Chromium.
browser_program() {
    command -v chromium || command -v chromium-browser || command -v google-chrome
}

browser_required() {
    [ -n "${BROWSER_PID:-}" ] || skip 'no Chromium with its chromedriver: nothing is tested in a browser (Debian: chromium, chromium-driver)'
}

# browser_start [OPTION...]: starts a browser for this test file, if Chromium is installed. The options are
# Chromium's. The state is in exported variables.
browser_start() {
    local program port='' tries=0
    program=$(browser_program) || return 0
    command -v chromedriver >/dev/null || return 0
    BROWSER_DIR=$(mktemp -d "${BATS_FILE_TMPDIR:-/tmp}/browser-XXXXXX")
    # In its own process group, so that browser_stop ends all of its browsers.
    TMPDIR=$BROWSER_DIR setsid chromedriver --port=0 >"$BROWSER_DIR/driver.log" 2>&1 3>&- &
    BROWSER_PID=$!
    export BROWSER_DIR BROWSER_PID BROWSER_SESSION=''
    until [ -n "$port" ]; do
        port=$(sed -n 's/.*started successfully on port \([0-9]*\)\..*/\1/p' "$BROWSER_DIR/driver.log")
        tries=$((tries + 1))
        [ "$tries" -lt 600 ] || {
            cat "$BROWSER_DIR/driver.log" >&2
            return 1
        }
        [ -n "$port" ] || sleep 0.05
    done
    BROWSER_SESSION=http://127.0.0.1:$port/session
    local options
    options=$(printf '%s\n' --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --disable-quic --no-first-run \
        --disable-background-networking --disable-component-update --disable-sync --hide-scrollbars \
        '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1' "--user-data-dir=$BROWSER_DIR/profile" "$@" | jq -Rn '[inputs]')
    browser_request POST '' "$(jq -nc --arg binary "$program" --argjson options "$options" '{capabilities: {alwaysMatch: {
        "goog:chromeOptions": {binary: $binary, args: $options}, "goog:loggingPrefs": {browser: "ALL"}}}}')" >"$BROWSER_DIR/session"
    BROWSER_SESSION=$BROWSER_SESSION/$(jq -r .value.sessionId "$BROWSER_DIR/session")
}

# Ends the browser.
browser_stop() {
    if [ -n "${BROWSER_PID:-}" ]; then
        browser_request DELETE '' >/dev/null 2>&1 || true
        kill -KILL -- "-$BROWSER_PID" 2>/dev/null || true
        wait "$BROWSER_PID" 2>/dev/null || true
        rm -rf "$BROWSER_DIR"
        BROWSER_PID=''
    fi
}

# browser_request METHOD PATH [BODY]: sends a WebDriver command and prints the response. Fails when that is an
# error.
browser_request() {
    local answer
    answer=$(curl --silent --show-error --max-time 60 --noproxy '*' -X "$1" -H 'Content-Type: application/json' \
        ${3:+--data-binary @-} "$BROWSER_SESSION$2" <<<"${3:-}") || return 1
    if jq -e '.value | type == "object" and has("error")' >/dev/null <<<"$answer"; then
        jq -r '.value | .error + ": " + .message' <<<"$answer" >&2
        return 1
    fi
    printf '%s\n' "$answer"
}

browser_open() {
    browser_request POST /url "$(jq -nc --arg url "$1" '{url: $url}')" >/dev/null
}

# browser_eval SCRIPT: runs the script as the body of a function in the page, and prints the result: a string
# as it is, any other value as JSON.
browser_eval() {
    browser_request POST /execute/sync "$(jq -nc --arg script "$1" '{script: $script, args: []}')" | jq -cr .value
}

# browser_cdp COMMAND [PARAMETERS]: sends a command of the DevTools protocol.
browser_cdp() {
    browser_request POST /goog/cdp/execute "$(jq -nc --arg cmd "$1" --argjson params "${2:-{\}}" '{cmd: $cmd, params: $params}')" | jq -c .value
}

# browser_view WIDTH [light|dark]: sets the width of the page and the preferred colour scheme.
browser_view() {
    browser_cdp Emulation.setDeviceMetricsOverride "{\"width\":$1,\"height\":900,\"deviceScaleFactor\":1,\"mobile\":false}" >/dev/null
    browser_cdp Emulation.setEmulatedMedia "{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"${2:-light}\"}]}" >/dev/null
}

# browser_keys KEY...: presses keys one after another (WebDriver's code points: \uE004 is Tab, \uE007 Enter).
browser_keys() {
    browser_request POST /actions "$(printf '%s\n' "$@" | jq -Rnc '{actions: [{type: "key", id: "keyboard",
        actions: [inputs | {type: "keyDown", value: .}, {type: "keyUp", value: .}]}]}')" >/dev/null
}

# browser_messages: prints the messages in the browser's console since the last call, one on each line:
# errors, and what a policy has blocked.
browser_messages() {
    browser_request POST /se/log '{"type": "browser"}' | jq -r '.value[].message'
}

# browser_screenshot FILE.png: takes a picture of the whole page. It is taken twice: canvases outside the
# window may be missing in the first.
browser_screenshot() {
    local size
    size=$(browser_cdp Page.getLayoutMetrics | jq -c '{x: 0, y: 0, width: .cssContentSize.width, height: .cssContentSize.height, scale: 1}')
    browser_cdp Page.captureScreenshot "{\"captureBeyondViewport\":true,\"clip\":$size}" >/dev/null
    browser_cdp Page.captureScreenshot "{\"captureBeyondViewport\":true,\"clip\":$size}" | jq -r .data | base64 -d >"$1"
}

# browser_print FILE.pdf: prints the page.
browser_print() {
    browser_cdp Page.printToPDF '{"printBackground":true,"paperWidth":8.27,"paperHeight":11.69}' | jq -r .data | base64 -d >"$1"
}

# browser_element SELECTOR: prints WebDriver's name of the element. browser_click SELECTOR clicks it, and
# browser_type SELECTOR TEXT appends text, like a person: the element must exist and be visible.
browser_element() {
    browser_request POST /element "$(jq -nc --arg value "$1" '{using: "css selector", value: $value}')" | jq -r '.value[]'
}
browser_click() {
    local found
    found=$(browser_element "$1") && browser_request POST "/element/$found/click" '{}' >/dev/null
}
browser_type() {
    local found
    found=$(browser_element "$1") && browser_request POST "/element/$found/value" "$(jq -nc --arg text "$2" '{text: $text}')" >/dev/null
}

# browser_until SCRIPT: waits until the script returns true, at most 30 s.
browser_until() {
    local tries=0
    until [ "$(browser_eval "$1")" = true ]; do
        tries=$((tries + 1))
        [ "$tries" -lt 300 ] || {
            echo "never true: $1" >&2
            browser_eval 'return document.body.innerText' >&2
            return 1
        }
        sleep 0.1
    done
}
