# For tests that disturb a run of power-tune on the function "actor". Its run directory is $RUN.

setup() {
    ACTOR=$ROOT/build/functions/actor
    RUN=$BATS_TEST_TMPDIR/run
}

teardown() {
    stop_servers
    stop_local
}

# Starts the driver so that Ctrl-C reaches it: a background job of a shell ignores it.
in_background() {
    setsid env --default-signal=INT power-tune --endpoint-url "$ENDPOINT" --region us-east-1 --quiet --function actor \
        --run-dir "$RUN" "$@" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
    pid=$!
}

tune() {
    power-tune --endpoint-url "$ENDPOINT" --region us-east-1 --quiet --function actor "$@"
}

# until_true COMMAND...: waits until the command succeeds, at most a minute.
until_true() {
    local tries=0
    until "$@"; do
        sleep 0.02
        tries=$((tries + 1))
        [ "$tries" -lt 3000 ] || return 1
    done
}

status_of() {
    status=0
    wait "$1" || status=$?
}

invoking() {
    grep -qs invocation "$RUN/invoke.ndjson"
}
