#!/usr/bin/env bats

load helper

@test "2,000 random config files are accepted or refused as by botocore, with the same values" {
    python3 -c 'import botocore' 2>/dev/null || skip 'python3 with botocore is not installed'
    mkdir "$BATS_TEST_TMPDIR/files"
    PYTHONUTF8=1 python3 "$ROOT/tests/botocore/config.py" 2000 "$BATS_TEST_TMPDIR/files" "$BATS_TEST_TMPDIR/answers"
    jq -cS . "$BATS_TEST_TMPDIR/answers" >"$BATS_TEST_TMPDIR/wanted"
    # An empty [DEFAULT] has no effect.
    "$PROGRAMS/config-dump" "$BATS_TEST_TMPDIR"/files/* |
        jq -cS 'if (.error | type) == "string" then "error" else with_entries(select(.key != "DEFAULT" or .value != {})) end' \
            >"$BATS_TEST_TMPDIR/got"
    [ "$(grep -c '^"error"$' "$BATS_TEST_TMPDIR/wanted")" -gt 300 ]
    [ "$(grep -vc '^"error"$' "$BATS_TEST_TMPDIR/wanted")" -gt 300 ]
    diff "$BATS_TEST_TMPDIR/wanted" "$BATS_TEST_TMPDIR/got"
}
