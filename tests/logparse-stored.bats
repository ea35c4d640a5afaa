#!/usr/bin/env bats
# pt-logparse: a stored log of each known tool and age.

load helper
load logparse

# measurements OPTION... FILE: the measurements, without the members that give their origin, keys sorted.
measurements() {
    pt-logparse "$@" | jq -c --sort-keys 'select(.type == "measurement") | del(.functionName, .logStream, .timestamp, .index)'
}

# gives_expected NUMBER [OPTION...]: the stored log of that number gives the expected records beside it, without a message.
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

@test "stored log 01 (tab-separated text) gives its measurements" {
    gives_expected 01
}

@test "stored log 03 (init first, 2018) gives its measurements" {
    gives_expected 03
}

@test "stored log 04 (X-Ray on a second line) gives its measurements" {
    gives_expected 04
}

@test "stored log 05 (status timeout) gives its measurements" {
    gives_expected 05
}

@test "stored log 07 (old form of a timeout) gives its measurements" {
    gives_expected 07
}

@test "stored log 09 (SnapStart) gives its measurements" {
    gives_expected 09
}

@test "stored log 11 (2014 and 2015) gives its measurements" {
    gives_expected 11
}

@test "stored log 13 (expanded copy from the console) gives its measurements" {
    gives_expected 13 --distinct
}

@test "stored log 15 (sam local) gives its measurements" {
    gives_expected 15
}

@test "stored log 17 (docker compose) gives its measurements" {
    gives_expected 17
}

@test "stored log 18 (LocalStack) gives its measurements" {
    gives_expected 18
}

@test "stored log 21 (serverless logs) gives its measurements" {
    gives_expected 21
}

@test "stored log 23 (sam logs, copied from a terminal) gives its measurements" {
    gives_expected 23
}

@test "stored log 24 (aws logs tail) gives its measurements" {
    gives_expected 24
}

@test "stored log 25 (aws logs tail, short format) gives its measurements" {
    gives_expected 25
}

@test "stored log 27 (pulumi logs) gives its measurements" {
    gives_expected 27
}

@test "stored log 33 (export of the console) gives its measurements" {
    gives_expected 33
}

@test "stored log 36 (filter-log-events) gives its measurements" {
    gives_expected 36
}

@test "stored log 38 (results of Logs Insights) gives its measurements" {
    gives_expected 38
}

@test "stored log 40 (export to S3) gives its measurements" {
    gives_expected 40
}

@test "stored log 41 (decoded subscription event) gives its measurements" {
    gives_expected 41
}

@test "stored log 45 (JSON log events) gives its measurements" {
    gives_expected 45
}

@test "stored log 50 (JSON platform.report) gives its measurements" {
    gives_expected 50
}

@test "stored log 52 (JSON with a status) gives its measurements" {
    gives_expected 52
}

@test "stored log 54 (JSON copied from the console) gives its measurements" {
    gives_expected 54 --distinct
}

@test "stored log 55 (JSON directly after text) gives its measurements" {
    gives_expected 55
}

@test "stored log 60 (report printed by a function) gives its measurements" {
    gives_expected 60
}

@test "stored log 63 (log tail cut at 4 KB) gives its measurements" {
    gives_expected 63
}

@test "stored log 65 (not UTF-8) gives its measurements" {
    gives_expected 65
}

@test "stored log 67 (duplicates) gives its measurements" {
    gives_expected 67 --distinct
}

@test "stored log 68 (CRLF and byte order mark) gives its measurements" {
    gives_expected 68
}

@test "stored log 69 (invocation records) gives its measurements" {
    gives_expected 69
}

@test "stored log 72 (report over several lines) gives its measurements" {
    gives_expected 72
}

@test "stored log 75 (empty) gives its measurements" {
    gives_expected 75
}

@test "stored log 19, without a report, gives a message" {
    run -0 --separate-stderr pt-logparse "$LOGS/19-serverless-offline.log"
    assert_output ""
    assert_equal "$stderr" "pt-logparse: no REPORT in 5 lines"
}
