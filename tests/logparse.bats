#!/usr/bin/env bats
# pt-logparse: stored logs in every form, the traps in them, and the invocation records of a run.

load helper

LOGS=$FIXTURES/logs

# measurements OPTION... FILE: what comes out, without the members that say where it came from, keys sorted.
measurements() {
    pt-logparse "$@" | jq -c --sort-keys 'select(.type == "measurement") | del(.functionName, .logStream, .timestamp, .index)'
}

# gives_expected NUMBER [OPTION...]: the stored log of that number gives what lies beside it, and nothing is said.
gives_expected() {
    local expected log
    expected=$(echo "$LOGS/$1"-*.expected.ndjson)
    for log in "$LOGS/$1"-*; do
        case $log in *.expected.ndjson) ;; *) break ;; esac
    done
    run -0 --separate-stderr measurements "${@:2}" "$log"
    assert_equal "$output" "$(jq -c --sort-keys . "$expected")"
    assert_equal "$stderr" ""
}

@test "stored log 01: text tabs" {
    gives_expected 01
}

@test "stored log 03: init first 2018" {
    gives_expected 03
}

@test "stored log 04: xray second line" {
    gives_expected 04
}

@test "stored log 05: status timeout" {
    gives_expected 05
}

@test "stored log 07: task timed out old" {
    gives_expected 07
}

@test "stored log 09: snapstart" {
    gives_expected 09
}

@test "stored log 11: very old 2014 2015" {
    gives_expected 11
}

@test "stored log 13: console expanded copy" {
    gives_expected 13 --distinct
}

@test "stored log 15: sam local" {
    gives_expected 15
}

@test "stored log 17: docker compose" {
    gives_expected 17
}

@test "stored log 18: localstack" {
    gives_expected 18
}

@test "stored log 21: sls logs" {
    gives_expected 21
}

@test "stored log 23: sam logs terminal paste" {
    gives_expected 23
}

@test "stored log 24: aws logs tail" {
    gives_expected 24
}

@test "stored log 25: aws logs tail short" {
    gives_expected 25
}

@test "stored log 27: pulumi logs" {
    gives_expected 27
}

@test "stored log 33: console export" {
    gives_expected 33
}

@test "stored log 36: filter log events" {
    gives_expected 36
}

@test "stored log 38: insights results" {
    gives_expected 38
}

@test "stored log 40: s3 export" {
    gives_expected 40
}

@test "stored log 41: subscription decoded" {
    gives_expected 41
}

@test "stored log 45: log event json" {
    gives_expected 45
}

@test "stored log 50: json platform report" {
    gives_expected 50
}

@test "stored log 52: json status" {
    gives_expected 52
}

@test "stored log 54: json console copy" {
    gives_expected 54 --distinct
}

@test "stored log 55: json glued to text" {
    gives_expected 55
}

@test "stored log 60: user text report" {
    gives_expected 60
}

@test "stored log 63: tail 4k cut" {
    gives_expected 63
}

@test "stored log 65: non utf8" {
    gives_expected 65
}

@test "stored log 67: duplicates" {
    gives_expected 67 --distinct
}

@test "stored log 68: crlf bom" {
    gives_expected 68
}

@test "stored log 69: invocation records" {
    gives_expected 69
}

@test "stored log 72: report over lines" {
    gives_expected 72
}

@test "stored log 75: empty" {
    gives_expected 75
}

@test "stored log 19: a log without a report is said to have none" {
    run -0 --separate-stderr pt-logparse "$LOGS/19-serverless-offline.log"
    assert_output ""
    assert_equal "$stderr" "pt-logparse: no REPORT in 5 lines"
}
