#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164 # each test is a subshell of its own; run sets output and lines
# Compares the manual pages with the programs and with each other: options, sections, records. tests/examples.bats runs their
# examples.

load helper

setup() {
    ACTOR=$PT_BUILD/functions/actor
    [ -d "$ACTOR" ] || ACTOR=$ROOT/build/functions/actor
}

teardown() {
    stop_local
}

# Every program: the C programs by their sources, and the scripts in bin.
programs() {
    for source in "$ROOT"/src/pt-*.c; do
        basename "$source" .c
    done
    for file in "$ROOT"/bin/*; do
        [ "$(head -c 2 "$file")" != '#!' ] || basename "$file"
    done
}

# Long options, one per line. In --help they start lines, in a page they are arguments of Fl. Examples are left out, because they
# have options of other programs.
options_of_help() {
    "$1" --help | grep -E '^ +--' | grep -oE -- '--[a-z][a-z0-9-]*' | sort -u
}

options_of_page() {
    sed '/^\.Sh EXAMPLES/,/^\.Sh SEE/d' "$1" | grep -oE '(^\.|[ (])(It |Op |Pf )*Fl .*' | grep -oE '(Fl|,) -[a-z][a-z0-9-]*' |
        sed 's/.* -/--/' | sort -u
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

@test "every page of this toolkit that a page refers to exists" {
    for page in "$ROOT"/share/man/man[17]/*; do
        name=$(basename "$page")
        sed -n 's/^\.Xr \(p[a-z]*-[a-z]*\) \([17]\).*/\1.\2/p' "$page" | sort -u | while read -r other; do
            [ -f "$ROOT/share/man/man${other##*.}/$other" ] || fail "$name refers to $other"
        done
    done
}

@test "mandoc finds no problems in the pages" {
    command -v mandoc >/dev/null || skip 'mandoc is not installed'
    run -0 mandoc -Tlint -Wwarning "$ROOT"/share/man/man[17]/*
    assert_output ''
}

@test "pt-records(7) describes every member that the stages write" {
    export AWS_REGION=us-east-1
    start_local --no-verify --function "my-function=$ACTOR"
    export AWS_ENDPOINT_URL=$ENDPOINT
    cd "$BATS_TEST_TMPDIR"
    echo '{"lambdaARN": "my-function", "powerValues": [128, 256], "num": 5, "includeOutputResults": true, "allowedExceptions": ["Known"],
        "payload": [{"weight": 1, "payload": {"error": "Known"}}, {"weight": 4, "payload": {}}]}' >input.json
    run -0 --separate-stderr power-tune --quiet --run-dir run --warmup 1 --timeout 20 input.json
    pt-logparse "$FIXTURES"/logs/*.log 2>/dev/null >run/logs.ndjson || [ "$?" -le 2 ]
    pt-stats run/logs.ndjson 2>/dev/null >run/logstats.ndjson
    pt-stats --partial run/logs.ndjson 2>/dev/null >run/partials.ndjson
    pt-stats --by functionName,power run/logs.ndjson 2>/dev/null | pt-advise >run/advice.ndjson
    # Input parameters appear under their own names; values from AWS are in objects of their own.
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
