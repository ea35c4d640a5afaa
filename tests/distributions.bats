#!/usr/bin/env bats
# tests/distributions/run: skipped and failed runs, and their cleanup. debootstrap is a stub here.

load helper

setup() {
    cd "$BATS_TEST_TMPDIR"
    mkdir -p stubs tmp mirror/dists/trixie
    : >mirror/dists/trixie/Release
    stub 'exit 1'
    PATH=$PWD/stubs:$PATH
    export TMPDIR=$PWD/tmp XDG_CACHE_HOME=$PWD/cache
}

# stub COMMAND: makes debootstrap run this command.
stub() {
    printf '#!/bin/sh\n%s\n' "$1" >stubs/debootstrap
    chmod +x stubs/debootstrap
}

# distributions [ARGUMENT...]: runs it with the mirror of the test.
distributions() {
    "$ROOT/tests/distributions/run" --mirror "file://$PWD/mirror" "$@"
}

root_required() {
    unshare --mount true 2>/dev/null || skip 'mounting requires root'
    { mknod null c 1 3 && : >null; } 2>/dev/null || skip 'cannot make device nodes here'
}

@test "bad usage is exit code 2" {
    run -2 distributions --frobnicate
    assert_output "tests/distributions/run: unknown option '--frobnicate'"
}

@test "without root it is skipped with the reason" {
    [ "$(id -u)" -eq 0 ] || {
        run -0 distributions
        assert_output 'skipped: chroot requires root'
        return
    }
    setpriv --reuid 54321 --clear-groups test -x "$ROOT/tests/distributions/run" || skip 'other users cannot run programs in this folder'
    run -0 setpriv --reuid 54321 --clear-groups "$ROOT/tests/distributions/run"
    assert_output 'skipped: chroot requires root'
}

@test "without debootstrap, or without a mirror that has the release, it is skipped with the reason" {
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

@test "a failed installation of Debian prints the output of debootstrap and leaves no folder" {
    root_required
    stub 'echo "E: Failed getting release signed by an unknown key"; exit 1'
    run -1 distributions trixie
    assert_output 'E: Failed getting release signed by an unknown key
trixie: cannot be installed'
    assert_equal "$(ls tmp)" ''
}

@test "a terminated run leaves no folder, mount or process" {
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
