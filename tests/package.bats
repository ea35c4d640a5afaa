#!/usr/bin/env bats
# make deb: checks the Debian package with lintian, and installs, uses and removes it.

load helper

setup_file() {
    load helper
    command -v dpkg-shlibdeps >/dev/null || return 0
    unset MAKEFLAGS MFLAGS MAKELEVEL
    make --no-print-directory -C "$ROOT" -j 2 deb >"$BATS_FILE_TMPDIR/deb.log" 2>&1 || {
        cat "$BATS_FILE_TMPDIR/deb.log" >&2
        return 1
    }
    # Another make deb may run during the tests.
    cp "$(tail -n 1 "$BATS_FILE_TMPDIR/deb.log")" "$BATS_FILE_TMPDIR/power-tune.deb"
}

setup() {
    # Not in setup_file, where bats 1.8 (Debian 12) treats a skip as a failure.
    command -v dpkg-shlibdeps >/dev/null || skip 'dpkg-dev is not installed'
    DEB=$BATS_FILE_TMPDIR/power-tune.deb
}

teardown() {
    [ -z "${INSTALLED:-}" ] || dpkg --purge power-tune >/dev/null 2>&1
}

@test "make deb prints only the name of the package, which has the version of the programs" {
    assert_equal "$(sed "s|$ROOT/||" "$BATS_FILE_TMPDIR/deb.log")" \
        "build/deb/power-tune_$(pt-init --version | sed 's/.* //')_$(dpkg --print-architecture).deb"
}

@test "the changelog begins with the version of the programs" {
    assert_equal "$(sed -n '1s/.*(\(.*\)).*/\1/p' "$ROOT/.debian/changelog")" "$(pt-init --version | sed 's/.* //')"
}

@test "lintian reports nothing for the package" {
    slow 'lintian looks at every file of the package'
    command -v lintian >/dev/null || skip 'lintian is not installed'
    run -0 lintian --allow-root --fail-on error,warning "$DEB"
    assert_output ''
}

@test "lintian misses no hardening in the programs" {
    command -v lintian >/dev/null || skip 'lintian is not installed'
    run -0 lintian --allow-root --display-info --fail-on error,warning "$DEB"
    refute_line --regexp ' hardening-'
}

@test "the package depends on every library of its programs, and on the commands of the driver" {
    dpkg-deb --extract "$DEB" "$BATS_TEST_TMPDIR"
    depends=$(dpkg-deb --field "$DEB" Depends | tr ',' '\n' | sed 's/^ *//; s/[ :].*//' | sort)
    libraries=$(objdump -p "$BATS_TEST_TMPDIR"/usr/bin/pt-* | sed -n 's/^ *NEEDED *//p' | sort -u | while read -r library; do
        dpkg-query --search "*/$(dpkg-architecture -q DEB_HOST_MULTIARCH)/$library" | sed 's/:.*//' | head -n 1
    done)
    assert_equal "$depends" "$(printf '%s\n' "$libraries" jq libjs-chart.js sensible-utils | sort -u)"
}

@test "two packages of one commit are byte-equal" {
    slow 'the package is built again'
    unset MAKEFLAGS MFLAGS MAKELEVEL
    TZ=Asia/Tokyo run -0 bash -c 'umask 077 && make --no-print-directory -C "$0" deb' "$ROOT"
    run -0 cmp "$DEB" "${lines[-1]}"
}

@test "the package can be installed, used and purged without leaving files" {
    slow 'dpkg installs and purges a package'
    [ "$(id -u)" -eq 0 ] || skip 'installing a package requires root'
    ! dpkg-query --status power-tune >/dev/null 2>&1 || skip 'power-tune is installed on this machine'
    INSTALLED=yes
    run -0 dpkg --install "$DEB"
    installed=$(dpkg-query --listfiles power-tune)
    cp -R /usr/share/doc/power-tune/examples/functions "$BATS_TEST_TMPDIR/functions"
    cd "$BATS_TEST_TMPDIR"
    cp "$ROOT/examples/functions/fetch/bootstrap" functions/fetch
    as_somebody=(env -i PATH=/usr/bin:/bin "HOME=$BATS_TEST_TMPDIR" LC_ALL=C.UTF-8)
    run -0 --separate-stderr "${as_somebody[@]}" power-tune --local functions/fetch --num 5 --power-values 512,1024 --quiet --report page.html
    assert_equal "$(jq -c 'keys' <<<"$output")" '["confidence","cost","duration","expectedRegret","power","stateMachine"]'
    grep -q 'Chart.js' page.html
    run -0 "${as_somebody[@]}" bash -c '. /usr/share/bash-completion/completions/pt-stats && COMP_WORDS=(pt-stats --architecture a) COMP_CWORD=2 &&
        _power_tune pt-stats && printf "%s\n" "${COMPREPLY[@]}"'
    assert_output arm64
    run -0 dpkg --purge power-tune
    INSTALLED=''
    left=$(while read -r path; do
        [ -d "$path" ] || [ ! -e "$path" ] || echo "$path"
    done <<<"$installed")
    assert_equal "$left" ''
    assert [ ! -e /usr/share/power-tune ]
    assert [ ! -e /usr/share/doc/power-tune ]
}
