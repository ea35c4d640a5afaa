#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2154 # each test is a subshell of its own; run sets output
# power-tune --report: the page of a run, and failures to write it.

load helper

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    export AWS_REGION=us-east-1
}

tune() {
    power-tune --local "$ROOT/examples/functions/fetch" --num 5 --power-values 512,1024 --no-progress "$@"
}

@test "a run writes its page with the permissions of the umask, and prints its result" {
    umask 022
    run -0 --separate-stderr tune --run-dir run --report 'the page.html' --invocations-per-month 1000000
    assert_equal "$output" "$(cat run/result.json)"
    refute_regex "$stderr" 'pt-report'
    assert_equal "$(stat -c %a 'the page.html')" 644
    assert_equal "$(tail -n 1 'the page.html')" '</html>'
    assert_equal "$(sed -n 's/.*id="figures">\(.*\)<\/script>$/\1/p' 'the page.html' | jq -c '.runs[0] | [.chosen, (.sizes | map(.power)), (.histograms | map(.bins | map(.[2] + .[3]) | add))]')" \
        "$(jq -c '[.power, [512, 1024], [5, 5]]' run/result.json)"
    # The same page as pt-report makes from the run directory.
    pt-report --quiet --invocations-per-month 1000000 run >again.html
    cmp 'the page.html' again.html
}

@test "--report with an unwritable file is refused before the run" {
    mkdir folder
    run -2 --separate-stderr tune --run-dir run --report folder
    assert_equal "$stderr" "power-tune: --report: 'folder' is a folder"
    run -2 --separate-stderr tune --run-dir run --report missing/page.html
    assert_equal "$stderr" "power-tune: --report: the folder 'missing' does not exist"
    run -2 --separate-stderr tune --run-dir run --report ''
    assert_equal "$stderr" "power-tune: option '--report': the name is empty"
    run -2 --separate-stderr tune --run-dir run --report page.html --invocations-per-month x
    assert_equal "$stderr" "pt-report: option '--invocations-per-month': 'x' is not a whole number from 1 to 1000000000000000"
    assert [ ! -e run ]
}

@test "a failure to write the report at the end is reported, and the result stays in the run directory" {
    [ -w /dev/full ] || skip '/dev/full is not writable'
    run -1 --separate-stderr tune --run-dir run --report /dev/full --quiet
    assert_output ''
    assert_equal "$(grep -v '^pt-local' <<<"$stderr")" "pt-report: cannot write '/dev/full': No space left on device
power-tune: the run succeeded, but its report was not written; to write it: pt-report --output FILE '$PWD/run'
power-tune: the result is in '$PWD/run/result.json'"
    run -0 jq -c 'has("power")' run/result.json
    assert_output true
    assert [ -e run/finished ]
}

@test "when the result cannot be printed, the error names the run directory" {
    [ -w /dev/full ] || skip '/dev/full is not writable'
    run -1 --separate-stderr bash -c "ROOT='$ROOT'; $(declare -f tune); tune --run-dir full --quiet >/dev/full"
    assert_equal "$(grep -v '^pt-local' <<<"$stderr")" "power-tune: cannot write standard output: No space left on device
power-tune: the run succeeded; its result is in '$PWD/full/result.json'"
    run -0 jq -c 'has("power")' full/result.json
    assert_output true
}

@test "a dry run has no report and reports that" {
    run -0 --separate-stderr tune --dry-run --report page.html --quiet
    assert_equal "$(jq .dryRun <<<"$output")" true
    assert_equal "$(grep -v '^pt-local' <<<"$stderr")" 'power-tune: a dry run measures nothing: --report is not applied'
    assert [ ! -e page.html ]
}

@test "--resume writes the report of a finished run" {
    start_local --no-verify --function "fetch=$ROOT/examples/functions/fetch"
    export AWS_ENDPOINT_URL=$ENDPOINT
    power-tune --function fetch --num 5 --power-values 512,1024 --quiet --run-dir run >result
    run -0 --separate-stderr power-tune --resume run --report page.html
    stop_local
    assert_equal "$output" "$(cat result)"
    assert_equal "$(tail -n 1 page.html)" '</html>'
}

@test "--from-logs writes a report with every function" {
    export AWS_REGION=
    run -0 --separate-stderr power-tune --from-logs --quiet --report page.html "$ROOT/examples/logs/resize.log"
    assert_equal "$(jq -c .power <<<"$output")" "$(sed -n 's/.*id="figures">\(.*\)<\/script>$/\1/p' page.html | jq '.runs[0].chosen')"
}

teardown() {
    stop_local
}
