# Helpers for the tests of pt-logparse.
# shellcheck shell=bash disable=SC2034 # the tests use the variables

LOGS=$FIXTURES/logs
ID=6d6fe7e6-ebb9-59bb-86fb-584407f77e5a
REPORT_LINE="REPORT RequestId: $ID	Duration: 5.20 ms	Billed Duration: 6 ms	Memory Size: 128 MB	Max Memory Used: 57 MB	"
FOUND="{\"type\":\"measurement\",\"power\":128,\"requestId\":\"$ID\",\"durationMs\":5.20,\"billedDurationMs\":6,\"memorySizeMB\":128,\"maxMemoryUsedMB\":57"
OBJECT="{\"time\":\"2024-05-01T10:00:00.000Z\",\"type\":\"platform.report\",\"record\":{\"requestId\":\"$ID\",\"status\":\"success\",\"metrics\":{\"durationMs\":5.20,\"billedDurationMs\":6,\"memorySizeMB\":128,\"maxMemoryUsedMB\":57}}}"
AT=',"timestamp":1714557600000'
# Like OBJECT, with a number that all versions of jq write unchanged: 1.7 keeps the last digit of 5.20, 1.6 does not.
PLAIN=${OBJECT/5.20/5.2} PLAIN_FOUND=${FOUND/5.20/5.2}

# reads TEXT WANTED: the log TEXT gives exactly the lines WANTED, without a message.
reads() {
    run -0 --separate-stderr pt-logparse <<<"$1"
    assert_output "$2"
    assert_equal "$stderr" ""
}

# plain FIRST N: N invocations of a common log, about a kilobyte each, numbered from FIRST.
plain() {
    awk -v from="$1" -v n="$2" 'BEGIN { for (i = from; i < from + n; i++) { id = sprintf("00000000-0000-4000-8000-%012d", i)
        printf "START RequestId: %s Version: $LATEST\n%*d a line of the function\n{\"a\": %d}\nEND RequestId: %s\n", id, 600 + i % 500, i, i, id
        printf "REPORT RequestId: %s\tDuration: %d.%02d ms\tBilled Duration: %d ms\tMemory Size: 128 MB\tMax Memory Used: 57 MB\t\n",
            id, i % 900, i % 100, i % 900 + 1
        if (i % 7 == 0) printf "{\"time\":\"2024-05-01T10:00:00.000Z\",\"type\":\"platform.report\",\"record\":{\"requestId\":\"00000000-0000-4000-9000-%012d\",\"metrics\":{\"durationMs\":%d.125,\"billedDurationMs\":%d,\"memorySizeMB\":256,\"maxMemoryUsedMB\":60},\"status\":\"success\"}}\n", i, i % 90, i % 90 + 1 } }'
}

# in_little_memory COMMAND...: runs the command with 60 MB of address space. The sanitizers need more.
in_little_memory() (
    [ "${PT_BUILD##*/}" = sanitize ] || ulimit -v 60000
    exec "$@"
)
