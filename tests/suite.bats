#!/usr/bin/env bats
# tests/run: its report on slow and failed tests.

load helper

# suite LINE...: runs a bats file with these lines; every test counts as slow.
suite() {
    printf '%s\n' "load $ROOT/tests/helper" "$@" >"$BATS_TEST_TMPDIR/some.bats"
    # The inner bats must not see the environment of the outer one.
    env -i "PATH=$(tr : '\n' <<<"$PATH" | grep -v 'libexec/bats-core$' | paste -sd :)" "HOME=$BATS_TEST_TMPDIR" "TMPDIR=${TMPDIR:-/tmp}" "BATS_LIB_PATH=$BATS_LIB_PATH" \
        PT_SLOW_MS=0 "$ROOT/tests/run" "$BATS_TEST_TMPDIR/some.bats"
}

@test "a slow test with a reason is listed with it and passes" {
    run -0 suite '@test "it is [slow]" { slow "two builds: both of all"; }'
    assert_line --regexp '^  [0-9]+ ms: it is \[slow\]: two builds: both of all$'
    assert_equal "${lines[-1]}" '1 passed, 0 failed'
}

@test "a slow test without a reason fails" {
    run -1 suite '@test "it is slow" { sleep 0.01; }' '@test "it is slow too" { slow "so it is"; }'
    assert_line --regexp '^  [0-9]+ ms: it is slow: NO REASON IS GIVEN$'
    assert_line --regexp '^  [0-9]+ ms: it is slow too: so it is$'
    assert_line 'FAILED: not ok - it is slow and gives no reason: it is slow'
    assert_equal "${lines[-1]}" '2 passed, 1 failed'
}

@test "a test program other than bats is timed as a whole" {
    printf '%s\n' '#!/bin/sh' 'echo "ok 1 - a"' 'echo "# slow: some.tap: it counts to one"' >"$BATS_TEST_TMPDIR/some.tap"
    chmod +x "$BATS_TEST_TMPDIR/some.tap"
    PT_BUILD=$ROOT/build/plain PT_SLOW_MS=0 run -0 "$ROOT/tests/run" "$BATS_TEST_TMPDIR/some.tap"
    assert_line --regexp '^  [0-9]+ ms: some.tap: it counts to one$'
}

@test "a failed test that passes when run again alone counts as passed" {
    run -0 suite '@test "it fails, once" {' 'slow x' "[ -e '$BATS_TEST_TMPDIR/been' ] || ! touch '$BATS_TEST_TMPDIR/been'" '}'
    assert_line '# failed with other tests, passed alone: it fails, once'
    assert_equal "${lines[-1]}" '1 passed, 0 failed'
    run -1 suite '@test "it fails" { false; }'
    assert_equal "${lines[-1]}" '0 passed, 1 failed'
}
