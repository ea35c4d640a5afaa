# Behaviour of all programs: --help, --version, output that cannot be written, closed pipes.

load helper

PROGRAMS=$(cd "$ROOT/src" && printf '%s\n' pt-*.c | sed 's/\.c$//')

@test "--help and --version write only to standard output and succeed" {
    for program in $PROGRAMS; do
        run -0 --separate-stderr "$program" --help
        assert_equal "$stderr" ''
        assert_regex "$output" "^usage: ($program|power-tune ${program#pt-}) "
        assert_regex "$output" '[Ee]xit codes:'
        run -0 --separate-stderr "$program" --version
        assert_equal "$stderr" ''
        assert_regex "$output" "^$program \(power-tune\) [0-9]+\.[0-9]+\.[0-9]+$"
    done
}

@test "an unknown option is a usage error on one line that names it" {
    for program in $PROGRAMS; do
        run -2 --separate-stderr "$program" --frobnicate
        assert_equal "$output" ''
        assert_equal "$stderr" "$program: unknown option '--frobnicate' (see $program --help)"
    done
}

@test "an option without its argument is a usage error" {
    for program in pt-init pt-invoke pt-apply; do
        run -2 --separate-stderr "$program" --region
        assert_equal "$stderr" "$program: option '--region' needs an argument"
    done
    run -2 --separate-stderr pt-stats --prices
    assert_equal "$stderr" "pt-stats: option '--prices' needs an argument"
}

@test "a full disk is reported as an error" {
    for program in $PROGRAMS; do
        for option in --help --version; do
            run -1 --separate-stderr bash -c "$program $option >/dev/full"
            assert_equal "$stderr" "$program: cannot write standard output: No space left on device"
        done
    done
    run -1 --separate-stderr bash -c 'pt-logparse "$0" >/dev/full' "$ROOT/examples/logs/resize.log"
    assert_equal "$stderr" 'pt-logparse: cannot write standard output: No space left on device'
    pt-logparse "$ROOT/examples/logs/resize.log" >"$BATS_TEST_TMPDIR/measurements"
    run -1 --separate-stderr bash -c 'pt-stats "$0" >/dev/full' "$BATS_TEST_TMPDIR/measurements"
    assert_equal "$stderr" 'pt-stats: cannot write standard output: No space left on device'
    pt-stats "$BATS_TEST_TMPDIR/measurements" >"$BATS_TEST_TMPDIR/stats"
    run -1 --separate-stderr bash -c 'pt-pick "$0" >/dev/full' "$BATS_TEST_TMPDIR/stats"
    assert_equal "$stderr" 'pt-pick: cannot write standard output: No space left on device'
}

@test "--record writes a copy of the output to a file, and a copy that cannot be written is an error" {
    cd "$BATS_TEST_TMPDIR"
    pt-logparse --record measurements "$ROOT/examples/logs/resize.log" | pt-stats --record stats >out
    pt-logparse "$ROOT/examples/logs/resize.log" | cmp - measurements
    pt-stats measurements | cmp - stats
    cmp stats out
    run -1 --separate-stderr pt-logparse --record /dev/full measurements
    assert_equal "$output$stderr" "pt-logparse: cannot write '/dev/full': No space left on device"
    for program in pt-logparse pt-stats pt-invoke 'pt-apply publish' 'pt-apply discard'; do
        # shellcheck disable=SC2086 # a program and its verb
        run -1 --separate-stderr $program --record none/record </dev/null
        assert_equal "$output$stderr" "${program% *}: cannot write 'none/record': No such file or directory"
    done
}

@test "a closed standard output is reported as an error" {
    for program in $PROGRAMS; do
        for option in --help --version; do
            run -1 --separate-stderr bash -c "$program $option >&-"
            assert_equal "$stderr" "$program: cannot write standard output: Bad file descriptor"
        done
    done
}

@test "a closed pipe ends a filter silently, even where SIGPIPE is ignored" {
    for _ in $(seq 100); do
        cat "$ROOT"/examples/logs/resize.log
    done >"$BATS_TEST_TMPDIR/log"
    for setting in '' "trap '' PIPE;"; do
        run --separate-stderr bash -c "$setting { pt-logparse \"\$0\"; echo \"\$?\" >&3; } 3>\"\$1\" | true" \
            "$BATS_TEST_TMPDIR/log" "$BATS_TEST_TMPDIR/status"
        assert_equal "$stderr" ''
        assert_equal "$(cat "$BATS_TEST_TMPDIR/status")" 141
    done
}

@test "a missing file is named" {
    for program in pt-init pt-invoke pt-logparse pt-stats pt-pick; do
        run --separate-stderr "$program" "$BATS_TEST_TMPDIR/none"
        assert_regex "$stderr" "^$program: cannot (read|open) '$BATS_TEST_TMPDIR/none': No such file or directory"
        [ "$status" -ne 0 ]
    done
}

@test "a log given instead of records does not cause an error for each line" {
    seq 100 | sed 's/^/line /' >"$BATS_TEST_TMPDIR/log"
    run -2 --separate-stderr pt-stats "$BATS_TEST_TMPDIR/log"
    assert_equal "${#stderr_lines[@]}" 11
    assert_equal "${stderr_lines[10]}" \
        "pt-stats: $BATS_TEST_TMPDIR/log:11: further lines that are not records are not reported (pt-logparse turns logs into records)"
}

# Prints a line of N bytes, including its newline, that begins like a record.
long_line() {
    printf '{"type":"other","x":"'
    head -c "$(($1 - 22))" /dev/zero | tr '\0' x
    echo
}

# Runs the command with a memory limit, unless a sanitizer makes that impossible.
bounded() {
    [ "${PT_BUILD##*/}" = sanitize ] || ulimit -v 700000
    "$@"
}

@test "a line that is too long for a record is refused with its number, in bounded memory" {
    record='{"type":"plan","schema":1}'
    for filter in pt-logparse pt-stats pt-pick pt-advise pt-report pt-gate; do
        # shellcheck disable=SC2086 # words
        run -2 --separate-stderr bounded $filter < <(
            echo "$record"
            long_line 400000000
        )
        assert_equal "$stderr" "${filter%% *}: standard input:2: the line is longer than 160 MiB"
    done
    for filter in pt-invoke 'pt-apply publish' 'pt-apply clean' 'pt-apply restore'; do
        # shellcheck disable=SC2086 # words
        run -2 --separate-stderr bounded $filter < <(long_line 400000000)
        assert_equal "$stderr" "${filter%% *}: standard input:1: the line is longer than 160 MiB"
    done
}

@test "a line of 160 MiB is accepted, however it arrives" {
    run -2 --separate-stderr pt-pick < <(long_line 167772161)
    assert_equal "$stderr" 'pt-pick: standard input:1: not a record: unexpected end inside a string at byte 167772161'
    run -2 --separate-stderr pt-pick < <(long_line 167772162)
    assert_equal "$stderr" 'pt-pick: standard input:1: the line is longer than 160 MiB'
}
