#!/usr/bin/env bats

load helper

@test "3,000 random requests are signed as botocore signs them" {
    python3 -c 'import botocore' 2>/dev/null || skip 'python3 with botocore is not installed'
    python3 "$ROOT/tests/botocore/sign.py" 3000 "$BATS_TEST_TMPDIR/requests" "$BATS_TEST_TMPDIR/wanted"
    "$PROGRAMS/sign" <"$BATS_TEST_TMPDIR/requests" >"$BATS_TEST_TMPDIR/signed"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/wanted")" -eq 3000 ]
    cmp "$BATS_TEST_TMPDIR/wanted" "$BATS_TEST_TMPDIR/signed"
}
