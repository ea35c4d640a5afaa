#!/usr/bin/env bats
# tests/distributions/run: when it cannot do what it is for, and what it leaves behind. debootstrap is a stub here.

load helper

setup() {
    cd "$BATS_TEST_TMPDIR"
    mkdir -p stubs tmp mirror/dists/trixie
    : >mirror/dists/trixie/Release
    stub 'exit 1'
    PATH=$PWD/stubs:$PATH
    export TMPDIR=$PWD/tmp XDG_CACHE_HOME=$PWD/cache
}

# stub COMMAND: what debootstrap does.
stub() {
    printf '#!/bin/sh\n%s\n' "$1" >stubs/debootstrap
    chmod +x stubs/debootstrap
}

# distributions [ARGUMENT...]: where root may mount.
distributions() {
    "$ROOT/tests/distributions/run" --mirror "file://$PWD/mirror" "$@"
}

root_required() {
    unshare --mount true 2>/dev/null || skip 'it takes root, and the right to mount'
    { mknod null c 1 3 && : >null; } 2>/dev/null || skip 'no device nodes may be made here'
}

@test "bad usage is exit code 2" {
    run -2 distributions --frobnicate
    assert_output "tests/distributions/run: unknown option '--frobnicate'"
}

@test "it is skipped, with the reason, for those who are not root" {
    [ "$(id -u)" -eq 0 ] || {
        run -0 distributions
        assert_output 'skipped: it takes root to make a chroot'
        return
    }
    setpriv --reuid 54321 --clear-groups test -x "$ROOT/tests/distributions/run" || skip 'nobody else may run programs in this folder'
    run -0 setpriv --reuid 54321 --clear-groups "$ROOT/tests/distributions/run"
    assert_output 'skipped: it takes root to make a chroot'
}

@test "it is skipped, with the reason, without debootstrap and without a mirror that has the release" {
    root_required
    run -0 distributions sid
    assert_output 'skipped: sid: the mirror of Debian cannot be reached, or does not have it'
    rm stubs/debootstrap
    for program in sh dirname id; do
        ln -s "$(command -v "$program")" stubs/
    done
    PATH=$PWD/stubs run -0 distributions
    assert_output 'skipped: debootstrap is not installed'
}

@test "a Debian that cannot be installed is a failure, with what debootstrap said, and is removed" {
    root_required
    stub 'echo "E: Failed getting release signed by an unknown key"; exit 1'
    run -1 distributions trixie
    assert_output 'E: Failed getting release signed by an unknown key
trixie: cannot be installed'
    assert_equal "$(ls tmp)" ''
}

@test "a run that is ended leaves no folder, mount or process" {
    root_required
    mounts=$(cat /proc/self/mounts)
    stub "mkdir \"\$4/mounted\"; mount -t tmpfs none \"\$4/mounted\"; echo \$\$ >'$PWD/pid'; exec sleep 1000"
    "$ROOT/tests/distributions/run" --mirror "file://$PWD/mirror" trixie >output 2>&1 3>&- &
    run=$!
    until [ -s pid ]; do
        kill -0 "$run"
        sleep 0.01
    done
    kill -TERM "$run"
    status=0
    wait "$run" || status=$?
    assert_equal "$status" 143
    assert_equal "$(ls tmp)" ''
    assert_equal "$(cat /proc/self/mounts)" "$mounts"
    until ! kill -0 "$(cat pid)" 2>/dev/null; do
        sleep 0.01
    done
}
