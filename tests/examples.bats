#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164 # each test is a subshell of its own; run sets output and lines
# Runs every example in the manual pages, in the README and the other documents, and in examples/. The output is compared with the
# recorded one in tests/fixtures/examples or, if the document itself shows the output, with the document.
#
# After an intended change, or with a new example, record the output again, and check it with git diff:
#
#     PT_RECORD=yes bats tests/examples.bats tests/ci.bats
#
# An example without a recorded output fails, and so does a document without a test. These are not really run:
#
#     make TARGET          would build, install packages or run these tests; it must be a target that make help names
#     aws logs tail        would follow the logs of an account; a program of this name prints the stored log
#     the workflows        need their service; tests/ci.bats runs each of their steps alone
#     SSHLOGIN=...         of parallel.sh needs other machines

load helper
load examples

setup() {
    ACTOR=$PT_BUILD/functions/actor
    [ -d "$ACTOR" ] || ACTOR=$ROOT/build/functions/actor
}

teardown() {
    stop_local
    [ -z "${LOGS_PID:-}" ] || kill "$LOGS_PID"
}

@test "the examples of README.md" {
    slow 'it runs every example of the README'
    check_examples README.md
}

@test "the examples of examples/ci/README.md" {
    check_examples examples/ci/README.md
}

@test "the examples of examples/functions/README.md" {
    check_examples examples/functions/README.md
}

@test "the examples of examples/logs/README.md" {
    check_examples examples/logs/README.md
}

@test "the examples of share/man/man1/power-tune.1" {
    check_examples share/man/man1/power-tune.1
}

@test "the examples of share/man/man1/pt-advise.1" {
    check_examples share/man/man1/pt-advise.1
}

@test "the examples of share/man/man1/pt-apply.1" {
    check_examples share/man/man1/pt-apply.1
}

@test "the examples of share/man/man1/pt-console.1" {
    check_examples share/man/man1/pt-console.1
}

@test "the examples of share/man/man1/pt-gate.1" {
    check_examples share/man/man1/pt-gate.1
}

@test "the examples of share/man/man1/pt-init.1" {
    check_examples share/man/man1/pt-init.1
}

@test "the examples of share/man/man1/pt-invoke.1" {
    check_examples share/man/man1/pt-invoke.1
}

@test "the examples of share/man/man1/pt-local.1" {
    check_examples share/man/man1/pt-local.1
}

@test "the examples of share/man/man1/pt-logparse.1" {
    check_examples share/man/man1/pt-logparse.1
}

@test "the examples of share/man/man1/pt-logs.1" {
    check_examples share/man/man1/pt-logs.1
}

@test "the examples of share/man/man1/pt-pick.1" {
    check_examples share/man/man1/pt-pick.1
}

@test "the examples of share/man/man1/pt-report.1" {
    check_examples share/man/man1/pt-report.1
}

@test "the examples of share/man/man1/pt-stats.1" {
    check_examples share/man/man1/pt-stats.1
}

@test "the examples of share/man/man7/power-tune.7" {
    check_examples share/man/man7/power-tune.7
}

@test "the examples of share/man/man7/pt-records.7" {
    check_examples share/man/man7/pt-records.7
}

@test "every document that has examples has a test" {
    run -0 sed -n 's/^    check_examples //p' "$BATS_TEST_FILENAME"
    assert_equal "$output" "$(documents)"
}

@test "every recorded output belongs to a document or a test" {
    cd "$BATS_TEST_TMPDIR"
    documents | while IFS= read -r document; do
        echo "$(expected_name "$document").txt"
    done >names
    for file in "$EXPECTED"/*; do
        name=$(basename "$file")
        grep -qxF "$name" names || grep -qF "check_text $name" "$BATS_TEST_DIRNAME"/*.bats || fail "$name belongs to no document"
    done
}

@test "an example fails if its output changed or was not recorded" {
    EXPECTED=$BATS_TEST_TMPDIR/expected ROOT=$BATS_TEST_TMPDIR/root
    mkdir "$EXPECTED" "$ROOT" "$BATS_TEST_TMPDIR/found" "$BATS_TEST_TMPDIR/work"
    start_local --no-verify --function "my-function=$ACTOR"
    prepare() { :; }
    document() {
        rm -f "$BATS_TEST_TMPDIR/found"/* "$BATS_TEST_TMPDIR/text"
        printf '%s\n\n' 'Words.' "$@" >"$ROOT/page.md"
    }
    cd "$BATS_TEST_TMPDIR/work"
    document '    echo one 0.5'
    PT_RECORD=yes check_examples page.md 3>/dev/null
    unset PT_RECORD
    assert_equal "$(cat "$EXPECTED/page.txt")" "$(printf '%s\n' '=== echo one 0.5' '--- output' 'one 0.5')"
    document '    echo one 0.5'
    run -0 check_examples page.md
    document '    echo one 0.6'
    run -1 check_examples page.md
    assert_line '+one 0.6'
    document '    echo one 0.5' '    echo two'
    run -1 check_examples page.md
    assert_line '+    echo two'
    document '    echo one 0.5' $'```sh\necho three\n```'
    run -1 check_examples page.md
    assert_line '+=== echo three'
    document '    echo one 0.5' '    false'
    run ! check_examples page.md
    assert_line --partial 'this example ends with status 1: echo one 0.5'
}

# Adds the masked output and messages of a command to the text.
add_output() {
    "$@" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err"
    {
        part output mask <"$BATS_TEST_TMPDIR/out"
        grep -v '^pt-local: ' "$BATS_TEST_TMPDIR/err" | part messages mask
    } >>"$BATS_TEST_TMPDIR/text"
}

tune_functions() {
    for name; do
        echo "=== $name" >>"$BATS_TEST_TMPDIR/text"
        add_output power-tune --local "$ROOT/examples/functions/$name" --num 5 --power-values 256,512,1024
    done
}

@test "the functions in examples/, except those for Node.js and Python" {
    for name in fetch primes thumbnail node-resize python-words; do
        echo "$name"
    done | sort | diff - <(cd "$ROOT/examples/functions" && find . -mindepth 1 -maxdepth 1 -type d | sed 's|^\./||' | sort)
    tune_functions fetch primes thumbnail
    check_text functions.txt <"$BATS_TEST_TMPDIR/text"
}

@test "the functions for Node.js and Python in examples/" {
    command -v node >/dev/null && command -v python3 >/dev/null || skip 'node or python3 is not installed'
    tune_functions node-resize python-words
    check_text functions-of-runtimes.txt <"$BATS_TEST_TMPDIR/text"
}

@test "the inputs in examples/, including the one that optimizes" {
    prepare
    for input in examples/inputs/*; do
        echo "=== $input" >>"$BATS_TEST_TMPDIR/text"
        add_output power-tune "$input" --num 5
    done
    # With parallel invocations, one may end so early that another one uses its environment.
    sed -E 's/^( [0-9]+ # # 5) (100|80|60|40)/\1 #/' "$BATS_TEST_TMPDIR/text" | check_text inputs.txt
    run -0 curl --silent "$ENDPOINT/2015-03-31/functions/my-function/aliases/prod"
    assert_equal "$(jq -r .Name <<<"$output")" prod
}

@test "the scripts in examples/" {
    assert_equal "$(cd "$ROOT" && find examples -name '*.sh')" examples/logs/parallel.sh
    run -2 --separate-stderr "$ROOT/examples/logs/parallel.sh"
    assert_equal "$output$stderr" 'usage: parallel.sh LOG...'
    command -v parallel >/dev/null || skip 'GNU parallel is not installed'
    prepare
    {
        examples/logs/parallel.sh resize.log
        examples/logs/parallel.sh exports/a.gz exports/b.gz
    } | check_text parallel.sh.txt
}

@test "a run looks as the README shows it" {
    run -0 --separate-stderr power-tune --local "$ROOT/examples/functions/fetch" --num 5 --no-progress
    shown=$(sed -n '/^```text/,/^```/p' "$ROOT/README.md" | grep -v '^```' | mask | sed -E 's/^( [0-9]+ # #) [0-9]+ [0-9]+/\1 N N/')
    printed=$(printf '%s\n\n%s\n' "$(grep -v '^pt-local: ' <<<"$stderr")" "$output" | mask | sed -E 's/^( [0-9]+ # #) [0-9]+ [0-9]+/\1 N N/')
    assert_equal "$printed" "$shown"
}
