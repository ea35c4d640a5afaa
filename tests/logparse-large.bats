#!/usr/bin/env bats
# pt-logparse: large files, long lines, many reports.

load helper
load logparse

# long LENGTH: LENGTH bytes of a JSON string, quotes and backslashes.
long() {
    head -c "$1" /dev/zero | tr '\0' q | sed 's/q/\\"/g'
}

# same_in_blocks FILE: the file, which several threads may read in blocks, gives the same output as a pipe.
same_in_blocks() {
    pt-logparse "$1" >"$1.file" 2>"$1.file.stderr"
    # shellcheck disable=SC2002 # the test needs a pipe
    cat "$1" | pt-logparse >"$1.pipe" 2>"$1.pipe.stderr"
    sed -i 's/standard input/FILE/' "$1.pipe.stderr"
    sed -i "s|$1|FILE|" "$1.file.stderr"
    run -0 cmp "$1.file" "$1.pipe"
    run -0 diff "$1.file.stderr" "$1.pipe.stderr"
}

# read_while CHANGE...: runs the command CHANGE after pt-logparse has read the first line of the file `log`; all output is in `got`.
read_while() {
    local line
    rm -f fifo
    mkfifo fifo
    pt-logparse log >fifo 2>stderr &
    exec 9<fifo
    read -r -t 20 line <&9
    "$@"
    { echo "$line" && cat <&9; } >got
    exec 9<&-
    wait $!
}

more_lines() { plain 0 700 >>log; }

@test "strings of megabytes are skipped, whatever is escaped in them, unless they are not JSON" {
    local name=$BATS_TEST_TMPDIR/log text=${REPORT_LINE//	/\\t}
    for start in '' x; do
        {
            printf '{"x":"%s' "$start" && long 1500000 && printf '","message":"%s"}\n' "$text"
            printf '{"%s' "$start" && long 1500000 && printf '":1,"message":"%s"}\n' "$text"
        } >"$name"
        run -0 --separate-stderr pt-logparse "$name"
        assert_equal "$stderr" ''
        assert_output "$FOUND}
$FOUND}"
        run -0 bash -c 'cat "$1" | pt-logparse' - "$name"
        assert_output "$FOUND}
$FOUND}"
    done
    { printf '{"x":"' && long 1500000 && printf '\n%s\n' "$REPORT_LINE"; } >"$name"
    run -0 --separate-stderr pt-logparse "$name"
    assert_output "$FOUND}"
    { printf '{"x":"' && long 1500000 && printf '",!!!%s\n%s\n' "$REPORT_LINE" "$REPORT_LINE"; } >"$name"
    run -0 --separate-stderr pt-logparse "$name"
    assert_output "$FOUND}"
    { printf '{"awslogs":{"data":"H4sI' && head -c 3000000 /dev/zero | tr '\0' x && printf '"}}\n'; } >"$name"
    run -1 --separate-stderr pt-logparse "$name"
    assert_equal "$stderr" "pt-logparse: 1 of 1 reports could not be read; the first is at line 1: packed logs that are corrupt or too long"
}

@test "with --distinct each of 30,000 reports that occur twice counts once" {
    awk -v before="${REPORT_LINE%%"$ID"*}" -v after="${REPORT_LINE#*"$ID"}" 'BEGIN { for (k = 0; k < 2; k++) for (i = 0; i < 30000; i++)
        printf "%s%08x-1111-4111-8111-%012x%s\n", before, i, i * 7, after }' >"$BATS_TEST_TMPDIR/twice"
    run -0 bash -c 'pt-logparse --distinct "$1" | sort -u | wc -l' - "$BATS_TEST_TMPDIR/twice"
    assert_output 30000
    run -0 bash -c 'pt-logparse --distinct "$1" | wc -l' - "$BATS_TEST_TMPDIR/twice"
    assert_output 30000
}

@test "lines of several megabytes are skipped in little memory" {
    local long="$BATS_TEST_TMPDIR/long.log"
    {
        head -c 5000000 /dev/zero | tr '\0' x
        echo
        printf '%s\n' "$REPORT_LINE"
        printf '{"message":"'
        head -c 5000000 /dev/zero | tr '\0' x
        printf '"}\n%s\n' "$REPORT_LINE"
    } >"$long"
    run -0 --separate-stderr in_little_memory pt-logparse "$long"
    assert_output "$FOUND}
$FOUND}"
}

@test "a report after megabytes of an extension's text is found once" {
    local long="$BATS_TEST_TMPDIR/long.log"
    {
        head -c 1000000 /dev/zero | tr '\0' x
        printf '%s' "$OBJECT"
        head -c 1000000 /dev/zero | tr '\0' x
        echo
    } >"$long"
    run -0 --separate-stderr pt-logparse "$long"
    assert_output "$FOUND,\"status\":\"success\"}"
}

@test "a document on one line of megabytes is read as it arrives" {
    local one="$BATS_TEST_TMPDIR/one.json"
    {
        printf '{"events":['
        for i in $(seq 3000); do printf '{"timestamp":%s,"message":"%s"},' $((1714557600000 + i)) "${REPORT_LINE//	/\\t}"; done
        printf '{}]}'
    } >"$one"
    run -0 --separate-stderr bash -c "pt-logparse '$one' | jq -s -c '[length, .[0].timestamp, .[-1].timestamp]'"
    assert_output "[3000,1714557600001,1714557603000]"
}

@test "a large file gives the same bytes as a pipe, whatever it contains" {
    cd "$BATS_TEST_TMPDIR"
    plain 0 6000 >common
    same_in_blocks common
    assert_equal "$(wc -l <common.file)" 6858
    # Lines that keep their block from the fast path: each kind in a block of its own.
    {
        plain 0 1000
        printf '[\n%s\n]\n' "$OBJECT"
        plain 1000 1000
        printf '{"events":[{"message":"%s"}]}\n' "${REPORT_LINE//$'\t'/\\t}"
        plain 2000 1000
        echo "a line of the function with a REPORT RequestId: $ID in it"
        plain 3000 1000
        printf '%s\n' "$OBJECT" "$REPORT_LINE" "2024-05-01T10:00:00Z $REPORT_LINE"
        plain 4000 500
        # All lines after this one are records of this toolkit.
        echo '{"type":"measurement","power":128,"requestId":"x","durationMs":1,"billedDurationMs":1,"memorySizeMB":128,"maxMemoryUsedMB":1}'
        plain 4500 500
    } >others
    same_in_blocks others
    assert_equal "$(wc -l <others.file)" 5721
    LC_ALL=C awk -v seed=31 -v invocations=1500 -f "$ROOT/tests/slow/make-log.awk" >damaged
    plain 0 40 | jq -Rs '{events: [split("\n")[:-1][] | {message: ., logStreamName: "s", timestamp: 1714557600000}]}' >document
    {
        plain 0 2500
        cat damaged
        plain 3000 1200
        cat document
        plain 5000 1700
        # A line over several blocks with a report at its end, and a report split into lines.
        printf '%0700000d%s\n' 0 "$OBJECT"
        plain 7000 700
        printf '%s\n' "REPORT RequestId: $ID" "Duration: 5.20 ms" "Billed Duration: 6 ms" "Memory Size: 128 MB" "Max Memory Used: 57 MB"
        plain 8000 900 | sed 's/$/\r/'
        plain 9000 300 | tr -d '\n'
        plain 9500 600
        printf '%s' "$REPORT_LINE"
    } >mixed
    same_in_blocks mixed
    # Truncated anywhere, also inside a document.
    head -c 5000001 mixed >shortened
    same_in_blocks shortened
    tail -c 5000003 mixed >headless
    same_in_blocks headless
    {
        echo '{"type":"plan","schema":1,"runId":"r"}'
        plain 0 5000
    } >records
    same_in_blocks records
    {
        echo 'timestamp,message'
        plain 0 5000 | sed 's/"/""/g; s/.*/1714557600000,"&"/'
    } >table
    same_in_blocks table
}

@test "a large file that is truncated or grows while it is read ends at its new end" {
    cd "$BATS_TEST_TMPDIR"
    plain 0 6000 >some
    cat some some some some >log
    head -c 15000001 log | pt-logparse >wanted
    read_while truncate -s 15000001 log
    run -0 cmp got wanted
    assert_equal "$(cat stderr)" ''
    cat some some some some >log
    read_while more_lines
    pt-logparse log | cmp - got
    assert_equal "$(wc -l <got)" $((4 * 6858 + 800))
}

@test "a large file is read in an address space that is smaller" {
    cd "$BATS_TEST_TMPDIR"
    plain 0 6000 >some
    cat some some some some some some some some some some >log
    pt-logparse some >wanted
    in_little_memory pt-logparse log | tee got | tail -n 6858 | cmp - wanted
    assert_equal "$(wc -l <got)" 68580
}

@test "the line of the first unreadable report of a large file is correct" {
    cd "$BATS_TEST_TMPDIR"
    {
        plain 0 5000
        echo "REPORT RequestId: x"
        plain 5000 100
    } >log
    run -0 --separate-stderr bash -c 'pt-logparse log | wc -l'
    assert_output 5829
    assert_equal "$stderr" "pt-logparse: 1 of 5830 reports could not be read; the first is at line $(grep -n 'RequestId: x' log | cut -d : -f 1): no Duration"
}

@test "the line of the first unreadable report of a large document is correct, in a file and in a pipe" {
    cd "$BATS_TEST_TMPDIR"
    plain 0 1500 | jq -R --arg bad "REPORT RequestId: x" '[., if input_line_number == 900 or input_line_number == 4000 then $bad else empty end][] |
        {message: ., timestamp: 1714557600000}' | jq -s '{events: .}' >document
    line=$(grep -n 'RequestId: x"' document | head -n 1 | cut -d : -f 1)
    run -0 --separate-stderr bash -c 'pt-logparse document | wc -l'
    assert_equal "$stderr" "pt-logparse: 2 of 1717 reports could not be read; the first is at line $line: no Duration"
    # shellcheck disable=SC2002 # the test needs a pipe
    run -0 --separate-stderr bash -c 'cat document | pt-logparse | wc -l'
    assert_equal "$stderr" "pt-logparse: 2 of 1717 reports could not be read; the first is at line $line: no Duration"
}

@test "generated and damaged logs give the same bytes as a simple reader, whole or in small pieces" {
    local seed log=$BATS_TEST_TMPDIR/log
    for seed in 11 12 13; do
        LC_ALL=C awk -v seed=$seed -v invocations=3000 -f "$ROOT/tests/slow/make-log.awk" >"$log"
        LC_ALL=C awk -f "$ROOT/tests/slow/read-log.awk" "$log" >"$log.slow" 2>"$log.unreadable"
        pt-logparse "$log" >"$log.fast" 2>"$log.stderr"
        cmp "$log.slow" "$log.fast"
        assert_equal "$(grep -o '[0-9]* of' "$log.stderr")" "$(sed 's/ unreadable/ of/' "$log.unreadable")"
        dd if="$log" bs=37 2>"$log.dd" | pt-logparse 2>"$log.stderr" | cmp - "$log.slow"
    done
}

@test "a plan of twelve megabytes passes through" {
    {
        printf '{"type":"plan","schema":1,"runId":"r","payload":"'
        head -c 12000000 /dev/zero | tr '\0' x
        printf '"}\n'
    } >"$BATS_TEST_TMPDIR/plan"
    run -0 bash -c "pt-logparse '$BATS_TEST_TMPDIR/plan' | cmp - '$BATS_TEST_TMPDIR/plan'"
    assert_output ""
}
