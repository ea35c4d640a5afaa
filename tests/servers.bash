# For tests with a server between the programs and pt-local.

SERVERS=()

# start_server COMMAND...: starts a server that prints its address, and sets ADDRESS to it.
start_server() {
    await_address "$BATS_TEST_TMPDIR/servers.log" "$@" || return
    SERVERS+=("$SERVER_PID")
    export ADDRESS
}

# start_proxy FAULT...: starts a proxy for pt-local that causes the given failures.
start_proxy() {
    local faults=() fault
    for fault; do
        faults+=(--fault "$fault")
    done
    start_server "$PROGRAMS/proxy" --to "$ENDPOINT" --log "$BATS_TEST_TMPDIR/calls" "${faults[@]}"
}

# Ends the servers; a test's teardown calls it.
stop_servers() {
    local pid
    for pid in "${SERVERS[@]}"; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    SERVERS=()
}

# state_of FUNCTION: prints all that a run must restore: memory, description, versions and aliases, read with
# plain curl.
state_of() {
    curl -s "$ENDPOINT/2015-03-31/functions/$1/configuration" | jq -S '{MemorySize, Description, Timeout, CodeSha256}'
    curl -s "$ENDPOINT/2015-03-31/functions/$1/versions" | jq -S '[.Versions[] | {Version, MemorySize, Description}]'
    curl -s "$ENDPOINT/2015-03-31/functions/$1/aliases" | jq -S '.Aliases | length'
}
