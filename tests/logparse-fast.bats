#!/usr/bin/env bats
# The fast path of pt-logparse is only a speed-up: with it compiled out (make FAST=no) the output is the same.

load helper
load logparse

# same_without FILE: both builds give the same bytes and messages for the file, whole and through a pipe.
same_without() {
    local program general=$PT_BUILD/programs/pt-logparse-general
    for program in pt-logparse "$general"; do
        "$program" "$1" >"out.${program##*/}" 2>"err.${program##*/}" || echo "exit $?" >>"err.${program##*/}"
        # shellcheck disable=SC2002 # the test needs a pipe
        cat "$1" | "$program" >"piped.${program##*/}" 2>>"err.${program##*/}" || echo "exit $?" >>"err.${program##*/}"
    done
    cmp out.pt-logparse out.pt-logparse-general
    cmp piped.pt-logparse piped.pt-logparse-general
    cmp out.pt-logparse piped.pt-logparse
    diff err.pt-logparse err.pt-logparse-general
}

@test "without its fast path pt-logparse gives the same bytes for every stored log" {
    cd "$BATS_TEST_TMPDIR"
    local log count=0
    for log in "$LOGS"/* "$FIXTURES"/posted-logs/*; do
        case $log in *.expected.ndjson | */README.md) continue ;; esac
        same_without "$log"
        count=$((count + 1))
    done
    [ $count -gt 45 ]
}

@test "without its fast path pt-logparse gives the same bytes for generated odd lines" {
    cd "$BATS_TEST_TMPDIR"
    local seed
    for seed in $(seq 1 60); do
        LC_ALL=C awk -v seed="$((seed * 7919))" -v lines=250 -v odd=$((1 + seed % 12)) -f "$ROOT/tests/slow/odd-lines.awk" >log
        same_without log
    done
}

@test "without its fast path pt-logparse gives the same bytes for a large log, whatever is in its middle" {
    cd "$BATS_TEST_TMPDIR"
    local middle packed
    packed=$(printf '{"messageType":"DATA_MESSAGE","logGroup":"/aws/lambda/f","logStream":"s","logEvents":[{"timestamp":1,"message":"%s"}]}' \
        "${REPORT_LINE//$'\t'/\\t}" | gzip -c | base64 -w 0)
    # Large enough to be read in blocks, most of which are fast.
    LC_ALL=C awk -v seed=104729 -v lines=44000 -v odd=5000 -f "$ROOT/tests/slow/odd-lines.awk" >common
    [ "$(wc -c <common)" -gt 5000000 ]
    for middle in 'nothing' $'[\n'"$OBJECT"$'\n]' $'{\n"logGroup":"/aws/lambda/f","logEvents":[\n'"$OBJECT"$'\n]}' \
        '{"type":"measurement","power":128,"requestId":"x","durationMs":1,"billedDurationMs":1,"memorySizeMB":128,"maxMemoryUsedMB":1}' \
        "{\"awslogs\":{\"data\":\"$packed\"}}" $'2024/05/01/[$LATEST]9c1e 2024-05-01T10:00:00.000000 {\n  "logGroup":"/aws/lambda/f","logEvents":[\n'"$OBJECT"$'\n]}' \
        $'REPORT RequestId: x\nDuration: 5 ms' $'{\'a\': 1,\n \'message\': \''"${REPORT_LINE//$'\t'/\\t}"$'\'}' "2024-05-01T10:00:00Z $(sed -n '1,22000s/^REPORT RequestId: \([0-9a-f-]\{36\}\).*/\1/p' common | tail -n 1) Task timed out after 3.00 seconds" "[{\"@requestId\":\"$ID\",\"@duration\":\"5.2\",\"@billedDuration\":\"6\",\"@memorySize\":\"1.28E8\",\"@maxMemoryUsed\":\"5.7E7\"}]"; do
        { head -n 22000 common && echo "$middle" && tail -n +22001 common; } >log
        same_without log
        { echo "$middle" && cat common; } >log
        same_without log
    done
    # The fast path was there, and took lines.
    run ! cmp -s "$PT_BIN/pt-logparse" "$PT_BUILD/programs/pt-logparse-general"
    [ "$(wc -l <out.pt-logparse)" -gt 20000 ]
}
