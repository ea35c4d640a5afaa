#!/usr/bin/env bats
# pt-gate: conditions on a result, and the exit of power-tune when one is true.

load helper

setup() {
    cd "$BATS_TEST_TMPDIR"
    measure 100 >result.json
}

# measure AVERAGE [POWER [PRESENT]]: a result with 20 durations at 512 MB, 2 ms apart around the average, and twice as
# long at 256 MB.
measure() {
    local average=$1 power=${2:-512} present=${3:-512}
    printf '{"type":"plan","memorySizeMB":%s,"includeOutputResults":true,"strategy":"cost"}\n' "$present"
    for i in {0..19}; do
        ms=$((average - 19 + 2 * i))
        printf '{"type":"measurement","power":%s,"index":%d,"requestId":"%s","durationMs":%d,"billedDurationMs":%d,"memorySizeMB":%s,"maxMemoryUsedMB":90}\n' \
            "$power" "$i" "$i" "$ms" "$ms" "$power" $((power / 2)) "$i" "$i" $((ms * 2)) $((ms * 2)) $((power / 2))
    done
}

# measured FILE: the file after a plan, as a stream for pt-gate.
measured() {
    pt-stats "$1" >stats && cat stats && pt-pick --include-output-results stats
}

gate() {
    measured result.json | pt-gate "$@"
}

@test "when a condition is true, pt-gate prints the result, reports the figures and exits with 4" {
    measured result.json >stream
    run -4 --separate-stderr pt-gate --fail-if 'p50>80ms' stream
    assert_equal "$output" "$(tail -n 1 stream)"
    assert_equal "$stderr" 'pt-gate: p50>80ms: p50 is 99.00 ms at 512 MB, 19.00 ms (23.8 %) above the bound of 80.00 ms'
}

@test "a condition that is false is not reported" {
    run -0 --separate-stderr gate --fail-if 'p95>800ms' --fail-if 'power!=current' --fail-if 'maxMemoryUsed>90%' --fail-if 'cost>0.1' \
        --fail-if 'duration>=1s' --fail-if 'max<1ms' --fail-if 'power=1024' --fail-if ' power > 600 MB '
    assert_equal "$(jq .power <<<"$output")" 512
    assert_equal "$stderr" ''
}

@test "every condition that is true is reported" {
    run -4 --separate-stderr gate --fail-if 'maxMemoryUsed>=17%' --fail-if 'p95>1s' --fail-if 'power<=512' --fail-if 'duration!=1s'
    assert_equal "$stderr" "$(printf '%s\n' \
        'pt-gate: maxMemoryUsed>=17%: maxMemoryUsed is 90 MB at 512 MB, 2.96 MB (3.4 %) above the bound of 87.04 MB' \
        'pt-gate: power<=512: power is 512 MB, the bound is 512 MB' \
        'pt-gate: duration!=1s: duration is 100.00 ms at 512 MB, 900.00 ms (90.0 %) below the bound of 1000.00 ms')"
}

@test "a condition on the current size is true when it is the chosen one" {
    run -4 --separate-stderr gate --fail-if 'power=current' --fail-if 'power!=current' --fail-if 'power>=current'
    assert_equal "$stderr" "$(printf 'pt-gate: %s: power is 512 MB, currently 512 MB\n' 'power=current' 'power>=current')"
}

@test "a difference from the baseline above the bound and above noise fails" {
    measured result.json | tail -n 1 >baseline.json
    measure 120 >slower
    measured slower >stream
    run -4 --separate-stderr pt-gate --baseline baseline.json --fail-if 'duration>+10%' --fail-if 'cost>+30%' --fail-if 'p50>+5ms' stream
    assert_equal "${stderr_lines[0]}" 'pt-gate: duration>+10%: duration is 120.00 ms at 512 MB, 20.0 % more than the 100.00 ms of the baseline, 10.00 ms (9.1 %) above the bound of 110.00 ms'
    assert_equal "${stderr_lines[1]}" 'pt-gate: p50>+5ms: p50 is 119.00 ms at 512 MB, 20.2 % more than the 99.00 ms of the baseline, 15.00 ms (14.4 %) above the bound of 104.00 ms'
    assert_equal "${#stderr_lines[@]}" 2
}

@test "durations are compared with the baseline at one size, even if another one was chosen" {
    measured result.json | tail -n 1 >baseline.json
    # The same durations, but 512 MB costs a trace more this time, so that 256 MB is chosen.
    pt-stats result.json | jq -c 'if .value == 512 then .averagePrice *= 1.001 else . end' >stats
    run -0 --separate-stderr bash -c 'pt-pick --include-output-results stats | pt-gate --format markdown --baseline baseline.json --fail-if "duration>+10%" --fail-if "p50>+10%" --fail-if "maxMemoryUsed>+1MB" --fail-if "cost>+10%"'
    assert_equal "$stderr" ''
    assert_output "$(printf '%s\n' \
        'Compared with the baseline, 256 MB instead of 512 MB: cost 0.83334 per million → 0.83334 per million; duration 100.00 ms → 200.00 ms, 100.0 % more (more than noise).' \
        '' \
        '- `duration>+10%`: passed: duration is 100.00 ms at 512 MB, equal to the 100.00 ms of the baseline, 10.00 ms (9.1 %) below the bound of 110.00 ms' \
        '- `p50>+10%`: passed: p50 is 99.00 ms at 512 MB, equal to the 99.00 ms of the baseline, 9.90 ms (9.1 %) below the bound of 108.90 ms' \
        '- `maxMemoryUsed>+1MB`: passed: maxMemoryUsed is 90 MB at 512 MB, equal to the 90 MB of the baseline, 1 MB (1.1 %) below the bound of 91 MB' \
        '- `cost>+10%`: passed: cost is 0.83334 per million at 256 MB, equal to the 0.83334 per million of the baseline, 0.083334 per million (9.1 %) below the bound of 0.91667 per million')"
    # Without the size of the baseline, the two chosen sizes are compared.
    grep -v '"value":512' stats >without
    run -4 --separate-stderr bash -c 'pt-pick --include-output-results without | pt-gate --baseline baseline.json --fail-if "duration>+10%"'
    assert_equal "$stderr" 'pt-gate: duration>+10%: duration is 200.00 ms at 256 MB, 100.0 % more than the 100.00 ms of the baseline, 90.00 ms (81.8 %) above the bound of 110.00 ms'
}

@test "cost can be given for a million invocations" {
    measured result.json | tail -n 1 >baseline.json
    run -4 --separate-stderr gate --baseline baseline.json --fail-if 'costPerMillion>0.5' --fail-if 'costPerMillion>5' --fail-if 'costPerMillion>baseline-0.5'
    assert_equal "$stderr" "$(printf '%s\n' \
        'pt-gate: costPerMillion>0.5: costPerMillion is 0.83334 per million at 512 MB, 0.33334 per million (66.7 %) above the bound of 0.5 per million' \
        'pt-gate: costPerMillion>baseline-0.5: costPerMillion is 0.83334 per million at 512 MB, equal to the 0.83334 per million of the baseline, 0.5 per million (150.0 %) above the bound of 0.33334 per million')"
}

@test "a bound on a price that decides nothing is warned about, with what was probably meant" {
    measured result.json >stream
    tail -n 1 stream >baseline.json
    while IFS='|' read -r condition wanted; do
        run -0 --separate-stderr pt-gate --baseline baseline.json --fail-if "$condition" stream
        assert_equal "$stderr" "${wanted:+pt-gate: warning: '$condition': $wanted}"
    done <<'TRIES'
cost>+10|no two invocations differ in price by so much; was 'cost>+10%' meant?
cost>current+5|no two invocations differ in price by so much; was 'cost>current+5%' meant?
averagePrice > 0.5|an invocation costs at most about 0.15 USD; was 'costPerMillion > 0.5' meant?
costPerMillion<0.000005|a million invocations cost at least about 0.002 USD; was 'cost<0.000005' meant?
cost>+10%|
costPerMillion>+10|
costPerMillion>5000|
cost>0.1|
TRIES
    for program in pt-pick pt-advise; do
        run -0 --separate-stderr "$program" stats --limit 'cost<0.5' --limit 'cost<=0.00002' --limit 'costPerMillion<20'
        assert_equal "$stderr" "$program: warning: 'cost<0.5': an invocation costs at most about 0.15 USD; was 'costPerMillion<0.5' meant?"
        run -0 --separate-stderr "$program" stats --limit 'cost<0.5' --format csv
        assert_equal "$stderr" ''
    done
}

@test "a difference within noise is reported and does not count" {
    measured result.json | tail -n 1 >baseline.json
    measure 102 >slower
    measured slower >stream
    run -0 --separate-stderr pt-gate --baseline baseline.json --fail-if 'duration>+1%' --fail-if 'p50>+0ms' --fail-if 'duration>101ms' stream
    assert_equal "$stderr" "$(printf 'pt-gate: %s: within noise, so it does not count\n' \
        'duration>+1%: duration is 102.00 ms at 512 MB, 2.0 % more than the 100.00 ms of the baseline, 1.00 ms (1.0 %) above the bound of 101.00 ms' \
        'p50>+0ms: p50 is 101.00 ms at 512 MB, 2.0 % more than the 99.00 ms of the baseline' \
        'duration>101ms: duration is 102.00 ms at 512 MB, 1.00 ms (1.0 %) above the bound of 101.00 ms')"
}

@test "a baseline without stats is assumed to have the noise of this run" {
    measured result.json | tail -n 1 | jq -c 'del(.stats)' >baseline.json
    measure 102 >slower
    measured slower >stream
    run -0 pt-gate --baseline baseline.json --fail-if 'duration>+1%' stream
    measure 120 >slower
    measured slower >stream
    run -4 pt-gate --baseline baseline.json --fail-if 'duration>+1%' stream
}

@test "without known noise figures are compared as they are" {
    measured result.json | tail -n 1 | jq -c 'del(.stats)' >baseline.json
    jq -c '.duration += 0.01' baseline.json >now.json
    run -4 --separate-stderr pt-gate --baseline baseline.json --fail-if 'duration>+0%' now.json
    run -0 --separate-stderr pt-gate --baseline baseline.json --fail-if 'duration>+0%' baseline.json
}

@test "another size counts when its cost or duration differs" {
    measure 100 512 256 >result.json
    run -4 --separate-stderr gate --fail-if 'power!=current'
    assert_equal "$stderr" 'pt-gate: power!=current: power is 512 MB, currently 256 MB (duration 50.0 % less)'
    sed -i 's/"memorySizeMB":256,"inc/"memorySizeMB":512,"presentPower":256,"inc/' result.json
    run -4 --separate-stderr gate --fail-if 'power!=current'
    assert_equal "$stderr" 'pt-gate: power!=current: power is 512 MB, currently 256 MB (duration 50.0 % less)'
    # Both sizes have the same durations within noise: there is nothing to gain.
    pt-stats result.json | jq -c 'if .value == 512 then (.averagePrice *= 0.999 | .averageDuration *= 0.999)
        elif .value == 256 then .averageDuration /= 2 | .durationMs |= map_values(if type == "number" then . / 2 else . end) else . end' >stats
    run -0 --separate-stderr bash -c '{ cat stats; pt-pick --include-output-results stats; } | pt-gate --fail-if "power!=current"'
    assert_regex "$stderr" '^pt-gate: power!=current: power is 512 MB, currently 256 MB .*: within noise'
}

@test "a condition that requires an improvement fails when there is none" {
    measured result.json | tail -n 1 >baseline.json
    run -4 pt-gate --baseline baseline.json --fail-if 'duration>-10%' baseline.json
    measure 80 >faster
    measured faster >stream
    run -0 pt-gate --baseline baseline.json --fail-if 'duration>-10%' stream
}

@test "each of several results is judged and named" {
    for name in a b; do
        sed "s/\"memorySizeMB\":[0-9]*,\"maxM/\"functionName\":\"$name\",&/; /\"plan\"/d" result.json
    done | sed '41,$s/"durationMs":[0-9]*/"durationMs":700/' | pt-stats --by functionName,power >stats
    run -4 --separate-stderr bash -c 'pt-pick --include-output-results stats | pt-gate --fail-if "duration>500ms"'
    assert_equal "$(jq -r .functionName <<<"$output")" "$(printf '%s\n' a b)"
    assert_regex "$stderr" '^pt-gate: b: duration>500ms: duration is [0-9.]+ ms at [0-9]+ MB, [^,]* above the bound of 500.00 ms$'
}

@test "a condition that cannot be evaluated is exit 1, and the others are still reported" {
    measured result.json | tail -n 1 | jq -c 'del(.stats)' >bare.json
    run -1 --separate-stderr pt-gate --fail-if 'p95>1s' --fail-if 'duration>1ms' bare.json
    assert_equal "${stderr_lines[0]}" 'pt-gate: cannot evaluate p95>1s: no p95 for 512 MB'
    assert_regex "${stderr_lines[1]}" '^pt-gate: duration>1ms: '
    measure 100 512 1024 >result.json
    run -1 --separate-stderr gate --fail-if 'duration>current'
    assert_equal "$stderr" 'pt-gate: cannot evaluate duration>current: the run has no duration for 1024 MB'
}

@test "a usage error is one line that names the problem" {
    bad() {
        run -2 --separate-stderr pt-gate "${@:2}" </dev/null
        assert_equal "$output$stderr" "pt-gate: $1"
    }
    names='power, cost, costPerMillion, duration, min, p50, p90, p95, p99, p99.9, max or maxMemoryUsed'
    bad "option '--fail-if': 'price>1': 'price' is not $names" --fail-if 'price>1'
    bad "option '--fail-if': 'cost': expected >, >=, <, <=, = or != after the figure" --fail-if cost
    bad "option '--fail-if': 'p95>800': p95 takes the unit ms or s" --fail-if 'p95>800'
    bad "option '--fail-if': 'p95>+8MB': p95 takes the unit ms or s, or %" --fail-if 'p95>+8MB'
    bad "option '--fail-if': 'cost>': '' does not begin with a number, current or baseline" --fail-if 'cost>'
    bad "option '--fail-if': 'cost>nan': 'nan' does not begin with a number, current or baseline" --fail-if 'cost>nan'
    bad "option '--fail-if': 'cost>current5%': '5%': expected + or - after current or baseline" --fail-if 'cost>current5%'
    bad "option '--fail-if': 'cost>+10%' requires --baseline" --fail-if 'cost>+10%'
    bad "option '--format': 'csv' is not ndjson or markdown" --format csv
    bad "cannot read 'none': No such file or directory" --baseline none
    bad "no result in '-' (pt-pick writes results)" --fail-if 'cost>0.1'
    run -2 --separate-stderr pt-gate --fail-if 'power!=current' <(measured result.json | tail -n 1)
    assert_equal "$stderr" 'pt-gate: cannot compare with the current size: the input has no plan with memorySizeMB'
    run -0 pt-gate --check --fail-if 'cost>1e-3' </dev/null
    assert_output ''
}

@test "--format markdown prints the changes from the baseline and the outcome of each condition" {
    measured result.json | tail -n 1 >baseline.json
    measure 120 >slower
    measured slower >stream
    run -4 --separate-stderr pt-gate --format markdown --baseline baseline.json --fail-if 'duration>+10%' --fail-if 'p50>1s' stream
    assert_output "$(printf '%s\n' \
        'Compared with the baseline, both at 512 MB: cost 0.83334 per million → 1 per million, 20.0 % more (more than noise); duration 100.00 ms → 120.00 ms, 20.0 % more (more than noise).' \
        '' \
        '- `duration>+10%`: **failed**: duration is 120.00 ms at 512 MB, 20.0 % more than the 100.00 ms of the baseline, 10.00 ms (9.1 %) above the bound of 110.00 ms' \
        '- `p50>1s`: passed: p50 is 119.00 ms at 512 MB, 881.00 ms (88.1 %) below the bound of 1000.00 ms')"
}

# ---- power-tune -----------------------------------------------------------------------------------------------------

tune() {
    power-tune --local "$ROOT/examples/functions/fetch" --num 5 --power-values 256,512 --quiet "$@"
}

@test "power-tune exits with 4 when a condition is true, and the run is complete" {
    run -4 --separate-stderr tune --run-dir run --fail-if 'p95>1ms' --fail-if 'p95>800s'
    assert_equal "$output" "$(cat run/result.json)"
    assert_regex "$stderr" '^pt-gate: p95>1ms: p95 is [0-9.]+ ms at [0-9]+ MB, [0-9.]+ ms \([0-9.]+ %\) above the bound of 1.00 ms$'
    assert [ -e run/finished ]
    run -0 --separate-stderr tune --baseline run --fail-if 'cost>+900%' --run-dir other
    assert_equal "$stderr" ''
}

@test "an invalid condition or baseline is refused before the run" {
    run -2 --separate-stderr tune --fail-if 'cost>+10%' --run-dir run
    assert_equal "$stderr" "pt-gate: option '--fail-if': 'cost>+10%' requires --baseline"
    run -2 --separate-stderr tune --baseline none --run-dir run
    assert_equal "$stderr" "pt-gate: cannot read 'none': No such file or directory"
    run -2 --separate-stderr tune --summary html --run-dir run
    assert_equal "$stderr" "power-tune: option '--summary': 'html' is not markdown"
    assert [ ! -e run ]
}

@test "the summary has a sentence, the table, a link to the chart, and the changes from the baseline" {
    tune --run-dir before >/dev/null
    run -4 --separate-stderr tune --baseline before --fail-if 'power<10240' --summary markdown --run-dir run
    figures='s/#[^)]*/#.../; s/-?[0-9]+(\.[0-9]+)?(e-?[0-9]+)?/N/g; s/[^.]*$//'
    assert_equal "${lines[0]}" '### power-tune: `fetch`'
    assert_regex "${lines[1]}" '^[0-9]+ MB is the cheapest'
    assert_regex "${lines[2]}" '^\| *memory \(MB\)'
    assert_regex "$output" $'\n\\[Chart\\]\\(https://lambda-power-tuning.show/#[^)]*\\)\n'
    assert_equal "[Chart]($(jq -r .stateMachine.visualization run/result.json))" "$(grep '^\[Chart' <<<"$output")"
    assert_regex "${lines[-2]}" '^Compared with the baseline, .*: cost [0-9.]+ per million → [0-9.]+ per million'
    assert_regex "${lines[-1]}" '^- `power<10240`: \*\*failed\*\*: power is [0-9]+ MB'
}

@test "names and URLs are escaped in the summary" {
    run -0 --separate-stderr tune --summary markdown --visualization-url 'https://x/a) [b](c) <i>"\`é' --run-dir run
    assert_regex "$output" $'\n\\[Chart\\]\\(https://x/a%29%20%5Bb%5D%28c%29%20%3Ci%3E%22%5C%60%C3%A9#[A-Za-z0-9+/=;]*\\)$'
    # Lambda does not allow such a name, but an endpoint can send anything.
    # shellcheck disable=SC2016 # expanded by sh
    run -0 --separate-stderr sh -c '
        driver_dir=$1/share/driver
        . "$driver_dir/parts.sh"
        plan_member() { printf "a\140b\n# @c\n"; }
        exec_with() { :; }
        run_dir=$2
        write_summary' sh "$ROOT" "$PWD/run"
    assert_equal "${lines[0]}" '### power-tune: `a?b????c`'
}
