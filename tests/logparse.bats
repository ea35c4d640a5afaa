#!/usr/bin/env bats
# pt-logparse: options, errors, exit codes.

load helper
load logparse

@test "a file that can be opened but not read is an error" {
    # Nothing is mapped at address 0.
    run -1 --separate-stderr pt-logparse /proc/self/mem
    assert_equal "$stderr" "pt-logparse: cannot read '/proc/self/mem': Input/output error"
}

@test "unreadable reports are counted, with the line of the first one" {
    printf '%s\n' "START" "$REPORT_LINE" "${REPORT_LINE%57 MB*}57" "${REPORT_LINE/128 MB/128 GB}" "$REPORT_LINE" >"$BATS_TEST_TMPDIR/cut.log"
    cd "$BATS_TEST_TMPDIR"
    run -0 --separate-stderr pt-logparse cut.log
    assert_output "$FOUND}
$FOUND}"
    assert_equal "$stderr" "pt-logparse: 2 of 4 reports could not be read; the first is at line 3: a figure cannot be read"
    run -0 --separate-stderr bash -c 'cat cut.log | pt-logparse'
    assert_equal "$stderr" "pt-logparse: 2 of 4 reports could not be read; the first is at line 3: a figure cannot be read"
    run -0 --separate-stderr pt-logparse "$LOGS/01-text-tabs.log" cut.log cut.log
    assert_equal "$stderr" "pt-logparse: 4 of $(($(wc -l <"$LOGS/01-text-tabs.expected.ndjson") + 8)) reports could not be read; the first is at line 3 of cut.log: a figure cannot be read"
    run -1 --separate-stderr pt-logparse --strict cut.log
    assert_output "$FOUND}
$FOUND}"
}

@test "reports with impossible numbers are unreadable, and an input with no other report is a failure" {
    run -1 --separate-stderr pt-logparse <<<"${REPORT_LINE/5.20/99999999999}
${REPORT_LINE/5.20/1e3}
${REPORT_LINE/5.20/-5}
${REPORT_LINE/128 MB/0 MB}
${OBJECT/5.20/1e400}
${OBJECT/5.20/\"5\"}"
    assert_output ""
    assert_equal "$stderr" "pt-logparse: 6 of 6 reports could not be read; the first is at line 1: a figure cannot be read"
}

@test "a request id of any length is kept" {
    for length in 500 511 512 513 700 5000; do
        id=$(printf "%${length}s" '' | tr ' ' a)
        run -0 --separate-stderr pt-logparse <<<"REPORT RequestId: $id	Duration: 5.20 ms	Billed Duration: 6 ms	Memory Size: 128 MB	Max Memory Used: 30 MB	"
        assert_output "{\"type\":\"measurement\",\"power\":128,\"requestId\":\"$id\",\"durationMs\":5.20,\"billedDurationMs\":6,\"memorySizeMB\":128,\"maxMemoryUsedMB\":30}"
        assert_equal "$stderr" ''
    done
}

@test "a file that cannot be opened does not stop the others, but sets the exit code" {
    cd "$BATS_TEST_TMPDIR"
    printf '%s\n' "$REPORT_LINE" >a
    run -1 --separate-stderr pt-logparse a none a
    assert_output "$FOUND}
$FOUND}"
    assert_equal "$stderr" "pt-logparse: cannot read 'none': No such file or directory"
}

@test "a directory is an error, and does not stop the others" {
    cd "$BATS_TEST_TMPDIR"
    mkdir folder
    printf '%s\n' "$REPORT_LINE" >log
    run -1 --separate-stderr pt-logparse folder log
    assert_output "$FOUND}"
    assert_equal "$stderr" "pt-logparse: cannot read 'folder': Is a directory"
}

@test "a full disk is an error" {
    run -1 --separate-stderr bash -c "pt-logparse '$LOGS/01-text-tabs.log' >/dev/full"
    assert_equal "$stderr" "pt-logparse: cannot write standard output: No space left on device"
}

@test "an unknown option is rejected" {
    run -2 --separate-stderr pt-logparse --fast
    assert_output ""
    assert_equal "$stderr" "pt-logparse: unknown option '--fast' (see pt-logparse --help)"
}

@test "a measurement is written as soon as its line is complete" {
    mkfifo "$BATS_TEST_TMPDIR/in" "$BATS_TEST_TMPDIR/out"
    pt-logparse <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/out" 3>&- &
    exec 8>"$BATS_TEST_TMPDIR/in" 9<"$BATS_TEST_TMPDIR/out"
    printf '%s\n' "$REPORT_LINE" >&8
    read -r -t 20 line <&9
    exec 8>&- 9<&-
    wait
    assert_equal "$line" "$FOUND}"
}
