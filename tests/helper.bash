# Every bats file loads this first: the libraries, the built programs on PATH, and an environment for tests.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

ROOT=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
FIXTURES=$ROOT/tests/fixtures
: "${PT_BUILD:=$ROOT/build/plain}" "${PT_BIN:=$ROOT/bin}"
PATH=$PT_BIN:$PATH
# Programs for the tests only, built from tests/programs.
PROGRAMS=$PT_BUILD/programs
export PATH PT_BUILD PT_BIN LC_ALL=C.UTF-8 PROGRAMS

# No account, files or proxies of the user: a test sets what it needs.
unset "${!AWS_@}" http_proxy https_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY no_proxy ALL_PROXY all_proxy
unset COLUMNS NO_COLOR
export AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY
export AWS_EC2_METADATA_DISABLED=true AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null
export XDG_STATE_HOME=$BATS_TEST_TMPDIR/state

# slow REASON: why the test may take more than ten seconds. tests/run prints it, and fails a slow test without
# a reason.
slow() {
    echo "# slow: $BATS_TEST_DESCRIPTION: $1" >&3
}

# refuses PROGRAM: for each line "OPTIONS|MESSAGE" of standard input, the program with these options ends with 2,
# writes nothing and reports just the message.
refuses() {
    local options message
    while IFS='|' read -r options message; do
        # shellcheck disable=SC2086
        run -2 --separate-stderr "$1" $options
        assert_output ""
        assert_equal "$stderr" "$1: $message"
    done
}

# await_address LOG COMMAND...: starts a server in the background, waits until it prints its address, and sets
# ADDRESS and SERVER_PID. Its messages go to the file LOG.
await_address() {
    local log=$1 pipe=$BATS_TEST_TMPDIR/address.$BASHPID.$((SERVERS_STARTED += 1)) output
    shift
    mkfifo "$pipe"
    "$@" >"$pipe" 2>>"$log" 3>&- &
    SERVER_PID=$!
    exec {output}<"$pipe"
    read -r -t 60 -u "$output" ADDRESS || {
        cat "$log" >&2
        return 1
    }
}

# start_local [OPTION...]: starts pt-local on a free port with the given options, waits until it is ready and
# sets ENDPOINT and LOCAL_PID. Its messages go to $BATS_TEST_TMPDIR/local.log. stop_local ends it; a test's
# teardown calls it.
start_local() {
    : >"$BATS_TEST_TMPDIR/local.log"
    await_address "$BATS_TEST_TMPDIR/local.log" pt-local --port 0 "$@" || return
    ENDPOINT=$ADDRESS LOCAL_PID=$SERVER_PID
    export ENDPOINT LOCAL_PID
}

stop_local() {
    [ -n "${LOCAL_PID:-}" ] || return 0
    kill "$LOCAL_PID" 2>/dev/null || true
    wait "$LOCAL_PID" 2>/dev/null || true
    LOCAL_PID=
}
