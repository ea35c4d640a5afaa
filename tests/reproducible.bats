#!/usr/bin/env bats
# Two builds of one commit are byte-equal, independent of place, time and user.

load helper

setup() {
    unset MAKEFLAGS MFLAGS MAKELEVEL
}

# build_in DIR [VARIABLE=VALUE...]: builds this tree in DIR and installs it into DIR/installed.
build_in() {
    local directory=$1
    shift
    mkdir -p "$directory"
    (cd "$ROOT" && find Makefile src share bin/power-tune examples -type f ! -name bootstrap ! -path '*/__pycache__/*' -print0 |
        tar -cf - --null -T -) | tar -xf - -C "$directory"
    # Without optimization the build takes a third of the time, and has the same paths.
    env "$@" make --no-print-directory -C "$directory" -j 2 CFLAGS='-O0 -g' DESTDIR="$directory/installed" install >/dev/null
}

# The files below a folder with their checksums and modes.
contents_of() {
    (cd "$1" && find . -type f -exec sha256sum {} + | sort -k 2 && find . -printf '%m %p\n' | sort -k 2)
}

@test "builds in different folders, time zones and languages install the same bytes" {
    slow 'everything is built twice'
    build_in "$BATS_TEST_TMPDIR/a" TZ=UTC LC_ALL=C
    build_in "$BATS_TEST_TMPDIR/another folder, deeper/b" TZ=Asia/Tokyo LC_ALL=C.UTF-8 USER=somebody
    assert [ -x "$BATS_TEST_TMPDIR/a/installed/usr/local/bin/pt-init" ]
    assert_equal "$(contents_of "$BATS_TEST_TMPDIR/a/installed")" "$(contents_of "$BATS_TEST_TMPDIR/another folder, deeper/b/installed")"
    run -1 grep -rlaF "$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR/a/installed"
    assert_output ''
}
