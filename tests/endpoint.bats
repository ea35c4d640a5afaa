#!/usr/bin/env bats

load helper

@test "endpoints are the same as botocore's in all its regions, with FIPS and dual-stack" {
    python3 -c 'import botocore' 2>/dev/null || skip 'python3 with botocore is not installed'
    python3 "$ROOT/tests/botocore/endpoints.py" "$BATS_TEST_TMPDIR/requests" "$BATS_TEST_TMPDIR/urls"
    paste -d ' ' "$BATS_TEST_TMPDIR/requests" "$BATS_TEST_TMPDIR/urls" >"$BATS_TEST_TMPDIR/wanted"
    "$PROGRAMS/endpoint" <"$BATS_TEST_TMPDIR/requests" >"$BATS_TEST_TMPDIR/answers"
    paste -d ' ' "$BATS_TEST_TMPDIR/requests" "$BATS_TEST_TMPDIR/answers" >"$BATS_TEST_TMPDIR/got"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/wanted")" -gt 1000 ]
    diff "$BATS_TEST_TMPDIR/wanted" "$BATS_TEST_TMPDIR/got"
}
