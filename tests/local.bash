# For the tests of pt-local itself: calls of its API by curl, unsigned (start it with --no-verify).

ACTOR=$ROOT/build/functions/actor

# api METHOD PATH [CURL-OPTION...]: sends a request. The body goes to standard output, the status to the file
# `status`, the header fields to the file `headers`.
api() {
    local method=$1 path=$2
    shift 2
    curl -sS -X "$method" -D "$BATS_TEST_TMPDIR/headers" "$@" "$ENDPOINT$path" >"$BATS_TEST_TMPDIR/body"
    sed -n 's,^HTTP/[^ ]* \([0-9]*\).*,\1,p' "$BATS_TEST_TMPDIR/headers" | tail -n 1 >"$BATS_TEST_TMPDIR/status"
    cat "$BATS_TEST_TMPDIR/body"
}

# expect STATUS METHOD PATH [CURL-OPTION...]: the same, but fails with a message when the status is different.
expect() {
    local wanted=$1
    shift
    api "$@"
    local status
    status=$(cat "$BATS_TEST_TMPDIR/status")
    [ "$status" = "$wanted" ] || {
        echo "status $status, not $wanted: $*" >&2
        return 1
    }
}

# header NAME: prints a header field of the last response.
header() {
    tr -d '\r' <"$BATS_TEST_TMPDIR/headers" | sed -n "s/^$1: //Ip"
}

FUNCTIONS=/2015-03-31/functions

# configure NAME JSON: UpdateFunctionConfiguration.
configure() {
    expect 200 PUT "$FUNCTIONS/$1/configuration" -d "$2" >/dev/null
}

# invoke NAME[:QUALIFIER] EVENT: invokes the function. The response goes to standard output, the decoded log
# tail to the file `tail`.
invoke() {
    expect 200 POST "$FUNCTIONS/$1/invocations" -H 'X-Amz-Log-Type: Tail' --data-raw "$2"
    header x-amz-log-result | base64 -d >"$BATS_TEST_TMPDIR/tail"
}

# Prints the log tail with placeholders for identifiers, times and figures, which differ from run to run.
normalized_tail() {
    sed -E -e 's/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/ID/g' \
        -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/TIME/g' \
        -e 's/(Duration: )[0-9.]+ ms/\1N ms/g' -e 's/Used: [0-9]+ MB/Used: N MB/' -e 's/\t$//' \
        -e 's/"(durationMs|billedDurationMs|initDurationMs|maxMemoryUsedMB)":[0-9.]+/"\1":N/g' \
        "$BATS_TEST_TMPDIR/tail"
}
