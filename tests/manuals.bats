#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164 # each test is a subshell of its own; run sets output and lines
# The manual pages and the README against the programs: every option, and every example that needs no account of AWS.

load helper

setup() {
    ACTOR=$PT_BUILD/functions/actor
    [ -d "$ACTOR" ] || ACTOR=$ROOT/build/functions/actor
}

teardown() {
    stop_local
    [ -z "${LOGS_PID:-}" ] || kill "$LOGS_PID"
}

# Every program: those in C by their sources, and the scripts in bin.
programs() {
    for source in "$ROOT"/src/pt-*.c; do
        basename "$source" .c
    done
    for file in "$ROOT"/bin/*; do
        [ "$(head -c 2 "$file")" != '#!' ] || basename "$file"
    done
}

# Long options, one a line. In --help they stand at the start of lines, in a page they are arguments of Fl; examples, which have
# other programs' options, are left out.
options_of_help() {
    "$1" --help | grep -E '^ +--' | grep -oE -- '--[a-z][a-z0-9-]*' | sort -u
}

options_of_page() {
    sed '/^\.Sh EXAMPLES/,/^\.Sh SEE/d' "$1" | grep -oE '(^\.|[ (])(It |Op |Pf )*Fl .*' | grep -oE '(Fl|,) -[a-z][a-z0-9-]*' |
        sed 's/.* -/--/' | sort -u
}

# examples_of_page PAGE DIR: writes each display in EXAMPLES to a file of its own, as a reader would see it.
examples_of_page() {
    awk -v dir="$2" '
        /^\.Sh/ { inside = /EXAMPLES/ }
        /^\.Ed/ { file = "" }
        file { gsub(/\\\(aq/, "\047"); gsub(/\\e/, "\\"); gsub(/\\&/, ""); print > file }
        inside && /^\.Bd -literal/ { file = sprintf("%s/%02d", dir, ++count) }' "$1"
}

# The same for the indented code of a Markdown file, but for the lines that call make.
examples_of_markdown() {
    awk -v dir="$2" '
        /^```/ { fenced = !fenced }
        fenced || !/^    / { file = ""; next }
        !file { file = sprintf("%s/%02d", dir, ++count) }
        /^    make / || /^    make$/ { next }
        { print substr($0, 5) > file }' "$1"
}

# run_example FILE: runs one in the working directory. A display with "$ " in front of its commands has their output too.
# Few invocations are enough; what calls the aws command is for a real account.
run_example() {
    local commands="$1.sh" output
    if grep -q '^aws ' "$1"; then
        echo "# not run, for it needs an account: $(head -n 1 "$1")" >&3
        return 0
    fi
    if grep -qE 'python|pt-logs |--from-logs my-function' "$1" && ! command -v python3 >/dev/null; then
        echo "# not run, for python3 is not installed: $(head -n 1 "$1")" >&3
        return 0
    fi
    if grep -q '^\$ ' "$1"; then
        sed -n 's/^[$>] //p' "$1" >"$commands"
    else
        cp "$1" "$commands"
    fi
    sed -i 's/--num [0-9]*/--num 5/' "$commands"
    # In a group of its own: what an example leaves running ends with it.
    setsid sh -eu "$commands" >"$1.out" 2>"$1.err" 3>&- &
    local group=$! status=0
    wait "$group" || status=$?
    kill -KILL -- "-$group" 2>/dev/null || true
    if [ "$status" -ne 0 ]; then
        echo "this example fails:" "$(cat "$1")" "$(cat "$1.err")" >&2
        return 1
    fi
    if grep -q '^\$ ' "$1"; then
        assert_equal "$(cat "$1.out")" "$(grep -v '^[$>] ' "$1")"
    fi
}

# A folder with what the examples speak of, and an embedded Lambda in place of AWS.
prepare() {
    export AWS_REGION=us-east-1
    start_local --no-verify --function "my-function=$ACTOR"
    export AWS_ENDPOINT_URL=$ENDPOINT
    mkdir "$BATS_TEST_TMPDIR/work" "$BATS_TEST_TMPDIR/found"
    cd "$BATS_TEST_TMPDIR/work"
    ln -s "$PT_BIN" bin
    ln -s "$ROOT/examples" examples
    echo '{"lambdaARN": "my-function", "powerValues": [128, 256], "num": 5}' >input.json
    echo '{"size": "large"}' >event.json
    mkdir exports
    gzip -c "$ROOT/examples/logs/resize.log" | tee exports/a.gz >exports/b.gz
    ln -s "$ROOT/examples/logs/resize.log" resize.log
    start_logs
}

# A CloudWatch Logs that answers every request with the reports of the stored log.
start_logs() {
    command -v python3 >/dev/null || return 0
    grep '^REPORT' resize.log | jq -Rc '{logStreamName: "s", timestamp: 1, message: .}' | jq -sc '{events: .}' | sed 's/^/200 /' >answer
    for _ in {1..20}; do
        cat answer
    done >script
    python3 "$ROOT/tests/moto/fake_logs.py" script requests >logs.address 3>&- &
    LOGS_PID=$!
    until [ -s logs.address ]; do
        kill -0 "$LOGS_PID"
        sleep 0.01
    done
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS=$(cat logs.address)
    export AWS_ENDPOINT_URL_CLOUDWATCH_LOGS
}

run_all_found() {
    local file count=0
    for file in "$BATS_TEST_TMPDIR"/found/[0-9][0-9]; do
        run_example "$file"
        count=$((count + 1))
    done
    [ "$count" -ge "$1" ]
    # And leave nothing of theirs behind.
    run -0 curl --silent "$ENDPOINT/2015-03-31/functions/my-function/versions"
    refute_output --partial power-tune:
}

run_examples_of() {
    prepare
    examples_of_page "$ROOT/share/man/$1" "$BATS_TEST_TMPDIR/found"
    run_all_found 2
}

@test "every program has a page, and every page its sections in order" {
    for program in $(programs); do
        [ -f "$ROOT/share/man/man1/$program.1" ]
    done
    for page in "$ROOT"/share/man/man1/*.1; do
        run -0 sed -n 's/^\.Sh //p' "$page"
        expected=$(printf '%s\n' NAME SYNOPSIS DESCRIPTION ENVIRONMENT FILES 'EXIT STATUS' EXAMPLES 'SEE ALSO' | grep -xF -f <(printf '%s\n' "${lines[@]}"))
        assert_output "$expected"
        for section in NAME SYNOPSIS DESCRIPTION 'EXIT STATUS' EXAMPLES 'SEE ALSO'; do
            assert_line "$section"
        done
    done
}

@test "--help and the page of every program have the same options" {
    for program in $(programs); do
        assert_equal "$program: $(options_of_page "$ROOT/share/man/man1/$program.1")" "$program: $(options_of_help "$program")"
    done
}

@test "every page of this toolkit that a page refers to is there, and every page has a test of its examples" {
    for page in "$ROOT"/share/man/man[17]/*; do
        name=$(basename "$page")
        grep -q "run_examples_of ${page#"$ROOT"/share/man/}\$" "$BATS_TEST_FILENAME" || fail "no test of $name"
        sed -n 's/^\.Xr \(p[a-z]*-[a-z]*\) \([17]\).*/\1.\2/p' "$page" | sort -u | while read -r other; do
            [ -f "$ROOT/share/man/man${other##*.}/$other" ] || fail "$name refers to $other"
        done
    done
}

@test "the pages are clean mdoc" {
    command -v mandoc >/dev/null || skip 'mandoc is not installed'
    run -0 mandoc -Tlint -Wwarning "$ROOT"/share/man/man[17]/*
    assert_output ''
}

@test "every member that the stages write is in pt-records(7)" {
    prepare
    echo '{"lambdaARN": "my-function", "powerValues": [128, 256], "num": 5, "includeOutputResults": true, "allowedExceptions": ["Known"],
        "payload": [{"weight": 1, "payload": {"error": "Known"}}, {"weight": 4, "payload": {}}]}' >input.json
    run -0 --separate-stderr power-tune --quiet --run-dir run --warmup 1 --timeout 20 input.json
    pt-logparse "$FIXTURES"/logs/*.log 2>/dev/null >run/logs.ndjson || [ "$?" -le 2 ]
    pt-stats run/logs.ndjson 2>/dev/null >run/logstats.ndjson
    pt-stats --partial run/logs.ndjson 2>/dev/null >run/partials.ndjson
    pt-stats --by functionName,power run/logs.ndjson 2>/dev/null | pt-advise >run/advice.ndjson
    # Parameters of the input are there by their own names; what AWS says stands in objects of its own.
    cat run/*.ndjson run/result.json | jq -r 'del(.loggingConfig) |
        if .type == "plan" then del(.num, .powerValues, .payloads) elif .type == "partial" then map_values(0)
        elif .failedByErrorType then .failedByErrorType = 0 else . end |
        paths[] | strings' | sort -u >members
    jq -r 'select(.type == "plan") | to_entries[] | .key' run/init.ndjson |
        grep -E '^(parallel|strategy|balanced|auto|dry|discard|sleep|disable|include|only|allowed)' >parameters
    run -0 grep -vxF -f parameters members
    for member in "${lines[@]}"; do
        grep -qE "(^|[^A-Za-z0-9.])$member([^A-Za-z0-9]|\$)" "$ROOT/share/man/man7/pt-records.7" || fail "$member is not in pt-records(7)"
    done
}

@test "the examples of power-tune(1) run" {
    run_examples_of man1/power-tune.1
}

@test "the examples of pt-init(1) run" {
    run_examples_of man1/pt-init.1
}

@test "the examples of pt-apply(1) run" {
    run_examples_of man1/pt-apply.1
}

@test "the examples of pt-invoke(1) run" {
    run_examples_of man1/pt-invoke.1
}

@test "the examples of pt-advise(1) run" {
    run_examples_of man1/pt-advise.1
}

@test "the examples of pt-logs(1) run" {
    run_examples_of man1/pt-logs.1
}

@test "the examples of pt-logparse(1) run" {
    run_examples_of man1/pt-logparse.1
}

@test "the examples of pt-stats(1) run" {
    run_examples_of man1/pt-stats.1
}

@test "the examples of pt-pick(1) run" {
    run_examples_of man1/pt-pick.1
}

@test "the examples of pt-gate(1) run" {
    run_examples_of man1/pt-gate.1
}

@test "the examples of pt-report(1) run" {
    run_examples_of man1/pt-report.1
}

@test "the examples of pt-console(1) run" {
    run_examples_of man1/pt-console.1
}

@test "the examples of pt-local(1) run" {
    run_examples_of man1/pt-local.1
}

@test "the examples of power-tune(7) run" {
    run_examples_of man7/power-tune.7
}

@test "the examples of pt-records(7) run" {
    run_examples_of man7/pt-records.7
}

@test "the examples of the README run" {
    prepare
    examples_of_markdown "$ROOT/README.md" "$BATS_TEST_TMPDIR/found"
    rm -f "$BATS_TEST_TMPDIR"/found/*.sh
    run_all_found 5
}

@test "the examples of examples/ run" {
    prepare
    cat "$ROOT/examples/logs/README.md" <(echo) "$ROOT/examples/functions/README.md" <(echo) "$ROOT/examples/ci/README.md" >all.md
    examples_of_markdown all.md "$BATS_TEST_TMPDIR/found"
    run_all_found 5
}

@test "the inputs in examples/ run, the one that optimizes too" {
    prepare
    for input in examples/inputs/*.json; do
        run -0 --separate-stderr power-tune "$input" --num 5 --quiet
        assert_equal "$(jq 'has("power")' <<<"$output")" true
    done
    run -0 curl --silent "$ENDPOINT/2015-03-31/functions/my-function/aliases/prod"
    assert_equal "$(jq -r .Name <<<"$output")" prod
}

# What moves from run to run is masked: figures, bars, where the mark stands, and the comparison with the present size.
masked() {
    sed -E '1s/[:.] .*/./; s/#[^"]*"/#..."/; s/-?[0-9]+(\.[0-9]+)?(e-?[0-9]+)?/N/g; s/[█▉▊▋▌▍▎▏]+//g; s/<- best//; s/ +/ /g; s/ $//'
}

@test "a run looks as the README shows it" {
    prepare
    run -0 --separate-stderr power-tune --local "$ROOT/examples/functions/fetch" --num 5 --no-progress
    shown=$(sed -n '/^```text/,/^```/p' "$ROOT/README.md" | grep -v '^```' | masked)
    printed=$(printf '%s\n\n%s\n' "$(grep -v '^pt-local: ' <<<"$stderr")" "$output" | masked)
    assert_equal "$printed" "$shown"
}
