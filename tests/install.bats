#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154,SC2164 # each test is a subshell of its own; helper.bash uses LOCAL_PID
# make install and uninstall: the installed files work without the source tree.

load helper

setup_file() {
    load helper
    # Installs the tested build without rebuilding it.
    unset MAKEFLAGS MFLAGS MAKELEVEL
    make_here install >"$BATS_FILE_TMPDIR/install.log" 2>&1 || {
        cat "$BATS_FILE_TMPDIR/install.log" >&2
        return 1
    }
}

setup() {
    unset MAKEFLAGS MFLAGS MAKELEVEL
    INSTALLED="$BATS_FILE_TMPDIR/the root/opt/tools"
    cd /
}

teardown() {
    stop_local
}

# make_here TARGET [DESTDIR]
make_here() {
    (umask 077 && make --no-print-directory -C "$ROOT" -o all "VARIANT=${PT_BUILD##*/}" PREFIX=/opt/tools "DESTDIR=${2:-$BATS_FILE_TMPDIR/the root}" "$1")
}

# installed COMMAND...: runs it without this source tree in PATH or the environment.
installed() {
    env -i "PATH=$INSTALLED/bin:/usr/local/bin:/usr/bin:/bin" "HOME=$BATS_TEST_TMPDIR" LC_ALL=C.UTF-8 "$@"
}

@test "make install installs every program, page, example and file of share/, and nothing else" {
    expected=$(
        cd "$ROOT"
        for source in src/pt-*.c; do
            echo "bin/$(basename "$source" .c)"
        done
        echo bin/power-tune
        find share/man -type f
        find share -type f ! -path 'share/man/*' ! -path 'share/doc/*' ! -name 'power-tune.*sh' | sed 's|^share/|share/power-tune/|'
        find share/doc -type f | sed 's|^share/doc/|share/doc/power-tune/|'
        printf '%s\n' share/bash-completion/completions/power-tune share/zsh/site-functions/_power-tune \
            share/fish/vendor_completions.d/power-tune.fish
        find examples -type f ! -name bootstrap ! -path '*/__pycache__/*' | sed 's|^|share/doc/power-tune/|'
    )
    assert_equal "$(cd "$INSTALLED" && find . -type f | sed 's|^\./||' | sort)" "$(sort <<<"$expected")"
}

@test "installed files are readable by everybody, and only programs are executable" {
    run -0 find "$BATS_FILE_TMPDIR/the root" -type f ! -path '*/bin/*' ! -path '*/examples/*.sh' ! -path '*/driver/power-tune-*' ! -perm 644
    assert_output ''
    run -0 find "$BATS_FILE_TMPDIR/the root" \( -type d -o -path '*/bin/*' -o -path '*/examples/*.sh' -o -path '*/driver/power-tune-*' \) ! -perm 755
    assert_output ''
}

@test "an installed power-tune tunes a function without the source tree" {
    mkdir "$BATS_TEST_TMPDIR/fetch"
    cp "$ROOT/examples/functions/fetch/bootstrap" "$BATS_TEST_TMPDIR/fetch"
    run -0 --separate-stderr installed power-tune --local "$BATS_TEST_TMPDIR/fetch" --num 5 --power-values 512,1024 --quiet
    assert_equal "$(jq -c 'keys' <<<"$output")" '["confidence","cost","duration","expectedRegret","power","stateMachine"]'
    run -0 installed power-tune --runs
    assert_output --partial "$BATS_TEST_TMPDIR/.local/state/power-tune/runs/"
}

@test "an installed pt-stats uses the installed prices" {
    log=$INSTALLED/share/doc/power-tune/examples/logs/resize.log
    run -0 installed sh -c 'pt-logparse "$0" | pt-stats --region eu-west-1 --architecture arm64' "$log"
    assert_equal "$output" "$(pt-logparse "$log" | pt-stats --region eu-west-1 --architecture arm64)"
    cp -R "$INSTALLED" "$BATS_TEST_TMPDIR/moved"
    INSTALLED=$BATS_TEST_TMPDIR/moved
    prices=$INSTALLED/share/power-tune/prices.json
    jq '.default.x86_64.gbSecond = 1' "$prices" >"$BATS_TEST_TMPDIR/dear.json"
    cp "$BATS_TEST_TMPDIR/dear.json" "$prices"
    run -0 installed sh -c 'pt-logparse "$0" | pt-stats | head -n 1 | jq .averagePrice' "$log"
    assert_output 0.107
    rm "$prices"
    run -2 --separate-stderr installed sh -c 'pt-logparse "$0" | { pt-stats; exit "$?"; }' "$log"
    assert_equal "${#stderr_lines[@]}" 1
}

@test "an installed pt-report uses the installed page parts and Chart.js" {
    cp -R "$FIXTURES/report/before" "$BATS_TEST_TMPDIR/before"
    run -0 --separate-stderr installed pt-report --quiet "$BATS_TEST_TMPDIR/before"
    assert_equal "$output" "$(pt-report --quiet "$FIXTURES/report/before")"
    assert_equal "$(grep -c 'Chart.js v' <<<"$output")" 1
    mv "$INSTALLED/share/power-tune/report/chart.js" "$BATS_TEST_TMPDIR"
    run -1 --separate-stderr installed pt-report --quiet "$BATS_TEST_TMPDIR/before"
    mv "$BATS_TEST_TMPDIR/chart.js" "$INSTALLED/share/power-tune/report"
    assert_equal "$output" ''
    assert_regex "$stderr" "^pt-report: cannot read '.*report/chart.js': No such file or directory$"
}

@test "an installed console serves the installed page" {
    await_address "$BATS_TEST_TMPDIR/servers.log" env -i "PATH=$INSTALLED/bin:$PATH" "HOME=$BATS_TEST_TMPDIR" pt-console
    run -0 curl -sS "${ADDRESS}console.js"
    kill "$SERVER_PID"
    assert_output "$(cat "$ROOT/share/console/console.js")"
}

@test "an installed pt-local runs Python handlers" {
    command -v python3 >/dev/null || skip 'python3 is not installed'
    mkfifo "$BATS_TEST_TMPDIR/address"
    # Not a shell function: the background process must be pt-local itself, so that it can be ended.
    env -i "PATH=$INSTALLED/bin:$PATH" pt-local --no-verify \
        --function "words=$INSTALLED/share/doc/power-tune/examples/functions/python-words" >"$BATS_TEST_TMPDIR/address" 2>/dev/null 3>&- &
    LOCAL_PID=$!
    read -r endpoint <"$BATS_TEST_TMPDIR/address"
    run -0 curl --silent --data '{"words": 17}' "$endpoint/2015-03-31/functions/words/invocations"
    stop_local
    assert_equal "$(jq -c 'keys' <<<"$output")" '["count","most","words"]'
}

@test "the completions are installed where the shells look for them" {
    for program in "$INSTALLED"/bin/*; do
        name=${program##*/}
        assert [ -f "$INSTALLED/share/bash-completion/completions/$name" ]
        assert [ -f "$INSTALLED/share/fish/vendor_completions.d/$name.fish" ]
        grep -qw -- "$name" <(head -n 1 "$INSTALLED/share/zsh/site-functions/_power-tune")
    done
    run -0 installed bash -c '. "$0/share/bash-completion/completions/pt-stats" && COMP_WORDS=(pt-stats --architecture a) COMP_CWORD=2 &&
        _power_tune pt-stats && printf "%s\n" "${COMPREPLY[@]}"' "$INSTALLED"
    assert_output arm64
}

@test "the installed example functions compile" {
    cd "$INSTALLED/share/doc/power-tune/examples/functions"
    run -0 "${CC:-cc}" -o "$BATS_TEST_TMPDIR/bootstrap" primes/main.c runtime.c -lcurl -lm
    assert [ -x "$BATS_TEST_TMPDIR/bootstrap" ]
}

@test "make uninstall removes every installed file and no other" {
    make_here install "$BATS_TEST_TMPDIR/another root" >/dev/null
    touch "$BATS_TEST_TMPDIR/another root/opt/tools/bin/pt-other"
    make_here uninstall "$BATS_TEST_TMPDIR/another root" >/dev/null
    run -0 find "$BATS_TEST_TMPDIR/another root" ! -type d
    assert_output "$BATS_TEST_TMPDIR/another root/opt/tools/bin/pt-other"
}

@test "without apt-get .ci/dependencies names the missing packages and installs nothing" {
    mkdir "$BATS_TEST_TMPDIR/bin"
    ln -s "$(command -v sh)" "$(command -v id)" "$BATS_TEST_TMPDIR/bin"
    sh=$(command -v sh)
    run -1 --separate-stderr env PATH="$BATS_TEST_TMPDIR/bin" "$sh" "$ROOT/.ci/dependencies" build
    assert_equal "$output" ''
    assert_regex "$stderr" "^cannot install missing packages without apt-get \(Debian names\): gcc .*jq"
}

@test ".ci/dependencies prints nothing when nothing is missing" {
    run -0 --separate-stderr sh "$ROOT/.ci/dependencies" build
    assert_equal "$output$stderr" ''
}
