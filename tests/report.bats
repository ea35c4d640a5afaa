#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # each test is a subshell of its own; run sets output
# pt-report: the page as written. tests/report-browser.bats opens it in a browser.

load helper

RUNS=$FIXTURES/report
LINK='https://lambda-power-tuning.show/#gAAAAQAC;AAAWQwAAoEIAACBC;vTeGNb03BjW9NwY1'
SECOND='gAAAAQAC;AAAWQwAAIEIAACBC;vTeGNb03BjW9NwY1'

# words FILE: the text of the main part, with a line for each cell, heading and paragraph.
words() {
    sed -n '/<main/,/<\/main>/p' "$1" | tr '\n' ' ' | sed -E 's/<(\/(t[hd]|p|h[1-6]|d[td]|caption|pre|dl))[^>]*>/\n/g; s/<[^>]*>//g; s/&nbsp;|\xe2\x80\xaf/ /g' |
        sed -E 's/^ +//; s/ +$//; /^$/d'
}

# figures FILE: the data of the charts.
figures() {
    sed -n 's/.*<script type="application\/json" id="figures">\(.*\)<\/script>$/\1/p' "$1"
}

# stat POWER DURATION PRICE [MEMBERS]
stat() {
    printf '{"type":"stat","value":%s,"averageDuration":%s,"averagePrice":%s,"totalCost":%s,"count":10%s}\n' "$1" "$2" "$3" "$3" "${4:-}"
}

@test "the page of a run has the chosen size and its saving" {
    run -0 --separate-stderr pt-report --output page.html --invocations-per-month 3000000 "$RUNS/before"
    assert_output ''
    run -0 words page.html
    assert_line --index 0 '1024 MB is the best balance of cost and speed. Compared with the current 256 MB, it is 1 % more expensive and 75 % faster.'
    assert_line 'a month of 3 000 000 invocations'
    assert_line '5.6700'
    assert_line '5.7200'
}

@test "the page says which sizes are left out because invocations fail" {
    local stats
    stats=$(
        stat 128 100 0.00001 ',"failed":5,"failedByErrorType":{"Runtime.OutOfMemory":5}'
        stat 256 60 0.000015
    )
    pt-report --quiet >page.html <<<"$stats"
    run -0 words page.html
    assert_line --index 0 'Only one of 2 sizes can be chosen (256 MB), so there is nothing to compare; 128 MB is left out: 5 of 15 invocations ran out of memory.'
    assert_line 'left out: 5 of 15 invocations ran out of memory'
    pt-report --quiet >page.html <<<"${stats%%$'\n'*}"
    run -0 words page.html
    assert_line --index 0 'No size can be chosen: 128 MB: 5 of 15 invocations ran out of memory.'
    stats=$(
        stat 128 100 0.00001 ',"failed":5,"failedByErrorType":{"E":5}'
        stat 256 60 0.000015
    )
    (echo "$stats" && pt-pick --max-failures 50 <<<"$stats") | pt-report --quiet >page.html
    run -0 words page.html
    assert_line --index 0 --regexp '^128 MB is the cheapest'
    refute_line --regexp 'left out'
}

@test "the page has the savings of an invocation, a million and a month" {
    pt-report --quiet --invocations-per-month 1000 >page.html <<<"$(
        stat 128 100 0.00002
        stat 256 60 0.000015
    )
{\"type\":\"plan\",\"memorySizeMB\":128}"
    run -0 words page.html
    for line in 'an invocation' 0.000020000 0.000015000 0.0000050000 'a million invocations' 20.000 15.000 5.0000 'a month of 1 000 invocations' 0.020000 0.0050000; do
        assert_line "$line"
    done
    assert_line '256 MB is the cheapest. Compared with the current 128 MB, it is 25 % cheaper and 40 % faster.'
}

@test "the current size is not compared when it was not measured or is unknown" {
    pt-report --quiet --present-power 640 >page.html <<<"$(
        stat 128 100 0.00002
        stat 256 60 0.000015
    )"
    run -0 words page.html
    assert_line --index 0 '256 MB is the cheapest. The current 640 MB was not measured, so the two cannot be compared.'
    pt-report --quiet >page.html <<<"$(
        stat 128 100 0.00002
        stat 256 60 0.000015
    )"
    run -0 words page.html
    assert_line --index 0 '256 MB is the cheapest.'
    refute_line --partial 'saves'
    pt-report --quiet --present-power 256 >page.html <<<"$(
        stat 128 100 0.00002
        stat 256 60 0.000015
    )"
    run -0 words page.html
    assert_line --index 0 '256 MB is the cheapest, and the current size.'
}

@test "the page begins with a failure at the current size, or with the only measured size" {
    failure='{"type":"failure","power":128,"kind":"functionError","excluded":true,"errorType":"Runtime.OutOfMemory","maxMemoryUsedMB":128}'
    times=',"durationMs":{"mean":60,"trimmedMeanError":1,"degreesOfFreedom":9}'
    pt-report --quiet >page.html <<<"{\"type\":\"plan\",\"memorySizeMB\":128}
$(stat 256 60 0.000015 "$times")
$(stat 512 60 0.00003 "$times")
$failure"
    run -0 words page.html
    assert_line --index 0 'The function fails at its current 128 MB: out of memory (128 of 128 MB). 256 MB is the cheapest.'
    refute_line 'Confidence'
    pt-report --quiet >page.html <<<"{\"type\":\"plan\",\"memorySizeMB\":256}
$(stat 256 60 0.000015 "$times")
$failure"
    run -0 words page.html
    assert_line --index 0 'Only one of 2 sizes could be measured (256 MB), so there is nothing to compare. This is the current size.'
    refute_line 'Confidence'
    pt-report --quiet >page.html <<<"{\"type\":\"plan\",\"memorySizeMB\":256}
$(stat 256 60 0.000015 "$times")
$(stat 512 60 0.00003 "$times")"
    run -0 words page.html
    assert_line 'Confidence'
}

@test "the report compares with the version of the alias that was tuned, and names it" {
    pt-report --quiet >page.html <<<"{\"type\":\"plan\",\"memorySizeMB\":512,\"presentPower\":256,\"presentVersion\":\"7\",\"presentAlias\":\"live\"}
$(stat 256 60 0.000030)
$(stat 512 30 0.000015)"
    run -0 words page.html
    assert_line --index 0 '512 MB is the cheapest. Compared with the current 256 MB, it is 50 % cheaper and 50 % faster.'
    run -0 grep -A 7 '^Memory of \$LATEST$' <<<"$output"
    assert_output 'Memory of $LATEST
512 MB
Compared alias
live
Compared version
7
Its memory
256 MB'
}

@test "the tables have every figure of the stats" {
    pt-report --quiet "$RUNS/before" >page.html
    run -0 words page.html
    while read -r figure; do
        assert_line "$figure"
    done < <(jq -r 'select(.type == "stat" and .count > 0) | [.averageDuration, .durationMs["min", "p50", "p90", "p95", "p99", "p99.9", "max", "standardDeviation"],
        .warm.averageDuration, .cold.averageDuration, .initDurationMs.mean] | .[]' "$RUNS/before/stats.ndjson" | xargs printf '%.2f\n')
}

@test "an excluded size is in the table with its reason, and in the chart" {
    pt-report --quiet "$RUNS/before" >page.html
    run -0 words page.html
    assert_line 'left out: Runtime.OutOfMemory: RequestId: 2f59e23b-825d-44b0-b233-bb2968c149dc Error: Runtime exited with error: signal: killed'
    assert_equal "$(figures page.html | jq -c '.runs[0].out | map(.power)')" '[128]'
}

@test "the charts have the figures of the records" {
    pt-report --quiet "$RUNS/before" >page.html
    assert_equal "$(figures page.html | jq -c '.runs[0] | [.present, .chosen, .currency]')" '[256,1024,"USD"]'
    assert_equal "$(figures page.html | jq -c '.runs[0].sizes | map([.power, .duration, .cost, .warm, .cold])')" \
        "$(jq -sc 'map(select(.type == "stat" and .count > 0) | [.value, .averageDuration, .averagePrice * 1e6, .warm.averageDuration, .cold.averageDuration])' "$RUNS/before/stats.ndjson")"
}

@test "the duration axis ends just above the longest average, or above a percentile near it" {
    stat 128 100 0.00002 >records
    pt-report --quiet records >page.html
    assert_equal "$(figures page.html | jq '.runs[0].durationTop')" 105
    stat 128 100 0.00002 ',"durationMs":{"min":90,"p50":100,"p90":120,"p99":150}' >records
    pt-report --quiet records >page.html
    assert_equal "$(figures page.html | jq '.runs[0].durationTop')" 157.5
    stat 128 100 0.00002 ',"durationMs":{"min":90,"p50":100,"p90":120,"p99":9000}' >records
    pt-report --quiet records >page.html
    assert_equal "$(figures page.html | jq '.runs[0].durationTop')" 210
}

@test "a histogram counts every measurement once, and warm and cold starts separately" {
    pt-report --quiet "$RUNS/before" >page.html
    assert_equal "$(figures page.html | jq -c '.runs[0].histograms | map([.power, (.bins | map(.[2]) | add), (.bins | map(.[3]) | add)])')" \
        '[[256,19,1],[512,19,1],[1024,19,1],[1536,19,1],[3008,19,1]]'
    # The outer edges are the fastest and the slowest start.
    assert_equal "$(figures page.html | jq -c '.runs[0].histograms | map([.bins[0][0], .bins[-1][1]])')" \
        "$(jq -sc 'map(select(.type == "stat" and .count > 0).durationMs | [.min, .max])' "$RUNS/before/stats.ndjson")"
}

@test "one measurement, or several with the same duration, have a histogram" {
    for count in 1 3; do
        {
            yes '{"type":"measurement","power":128,"durationMs":5,"billedDurationMs":5}' | head -n "$count"
            stat 128 5 0.00002
        } >records
        pt-report --quiet <records >page.html
        assert_equal "$(figures page.html | jq -c '.runs[0].histograms')" "[{\"power\":128,\"bins\":[[5,5,$count,0]]}]"
    done
}

@test "the page has the function, the input, the price with its date, and the version" {
    pt-report --quiet "$RUNS/before" >page.html
    run -0 words page.html
    for line in resize arn:aws:lambda:eu-west-1:123456789012:function:resize eu-west-1 arm64 '256 MB' '2026-11-20 08:15 UTC' \
        '128, 256, 512, 1024, 1536, 3008 MB' '0.000013333 USD' '0.20000 USD' "$(jq -r .date "$ROOT/share/prices.json")" '{&quot;bucket&quot;: &quot;pictures&quot;, &quot;width&quot;: 640}' \
        "power-tune $(pt-report --version | sed 's/.* //')"; do
        assert_line "$line"
    done
}

@test "a price from another price table has no date, unless --prices names that table" {
    jq '.regions["eu-west-1"].arm64.gbSecond = 1 | .date = "2031-01"' "$ROOT/share/prices.json" >prices.json
    pt-stats --prices prices.json "$RUNS/before/logparse.ndjson" >records
    pt-report --quiet <records >page.html
    run -0 words page.html
    assert_line 'an unknown date: the run used another price table'
    pt-report --quiet --prices prices.json <records >page.html
    run -0 words page.html
    assert_line '2031-01'
    assert_line '1.0000 USD'
}

@test "a payload that was not recorded is not shown, and a long one is cut" {
    printf '%s\n' '{"type":"plan","disablePayloadLogs":true,"payloadFile":"x"}' "$(stat 128 100 0.00002)" | pt-report --quiet >page.html
    run -0 words page.html
    assert_line 'Payload not recorded.'
    printf '{"type":"plan","payload":"%s"}\n%s\n' "$(printf 'ä%.0s' {1..9000})" "$(stat 128 100 0.00002)" | pt-report --quiet >page.html
    run -0 words page.html
    assert_line 'The first 8192 of 18000 bytes.'
    iconv -f UTF-8 -t UTF-8 page.html >/dev/null
}

@test "the choice and the exceeded limits come from the result" {
    printf '%s\n' "$(
        stat 128 100 0.00002
        stat 256 60 0.000015
        stat 512 50 0.00003
    )" \
        '{"power":512,"cost":1,"duration":1,"stateMachine":{},"excluded":[{"power":256,"reason":"p95 is 70 ms"}]}' | pt-report --quiet >page.html
    run -0 words page.html
    assert_line --index 0 '512 MB is the cheapest.'
    assert_line 'left out: p95 is 70 ms'
}

@test "the page has the confidence of the result, or the one that pt-pick would compute" {
    sure=$(pt-pick "$RUNS/before/stats.ndjson" | jq '.confidence * 100 | round')
    pt-report --quiet "$RUNS/before/stats.ndjson" >page.html
    run -0 words page.html
    assert_line "$sure %"
    assert_line --partial 'Next best: '
    printf '%s\n' '{"power":1024,"cost":1,"duration":1,"stateMachine":{},"confidence":0.123,"expectedRegret":0.25}' |
        cat "$RUNS/before/stats.ndjson" - | pt-report --quiet >page.html
    run -0 words page.html
    assert_line '12 %'
    assert_line 'expected to be 25.0 % worse than the best'
    # A link has no confidence.
    pt-report --quiet "$LINK" >page.html
    run -0 words page.html
    refute_line 'Confidence'
}

@test "the page names the sizes that were not tried" {
    jq -c 'if .type == "plan" then .powerValues += [192, 2048] else . end' "$RUNS/before/stats.ndjson" | pt-report --quiet >page.html
    run -0 words page.html
    assert_line '192, 2048 MB'
}

@test "without a result the page makes the choice of pt-pick" {
    for strategy in cost speed balanced; do
        power=$(pt-pick --strategy "$strategy" --balanced-weight 0.3 "$RUNS/before/stats.ndjson" | jq .power)
        pt-report --quiet --strategy "$strategy" --balanced-weight 0.3 "$RUNS/before/stats.ndjson" >page.html
        assert_equal "$(figures page.html | jq .runs[0].chosen)" "$power"
    done
}

@test "each of several functions has a part of the page" {
    printf '{"type":"stat","functionName":"%s","value":128,"averageDuration":1,"averagePrice":1,"count":1}\n' one two three >records
    printf '{"type":"measurement","functionName":"two","power":128,"durationMs":5,"billedDurationMs":5}\n' >>records
    pt-report --quiet <records >page.html
    assert_equal "$(figures page.html | jq -c '.runs | map([.label, (.histograms | length)])')" '[["one",0],["two",1],["three",0]]'
    run -0 words page.html
    refute_line 'Comparison'
}

@test "a link is read without fetching it" {
    run -0 --separate-stderr pt-report --output page.html "$LINK"
    assert_equal "$stderr" "pt-report: $LINK"
    assert_equal "$(figures page.html | jq -c '.runs[0].sizes | map([.power, .duration, (.cost * 1e3 | round)])')" '[[128,150,1000],[256,80,500],[512,40,500]]'
    run -0 words page.html
    assert_line --index 0 '512 MB is the cheapest.'
}

@test "pt-report reads the link that pt-pick writes, for every fixture of aws-lambda-power-tuning" {
    for file in "$FIXTURES"/parity/*.json; do
        link=$(jq -r '.original.stateMachine.visualization // empty' "$file")
        [ -n "$link" ] || continue
        pt-report --quiet "$link" >page.html
        [ "$(jq -r '.original.stats | length' "$file")" -eq 0 ] ||
            assert_equal "$file $(figures page.html | jq -c '.runs[0].sizes | map(.power)')" "$file $(jq -c '.original.stats | map(.value) | sort' "$file")"
    done
}

@test "a comparison link is two runs with the names from the link" {
    run -0 --separate-stderr pt-report --output page.html "$LINK;$SECOND;JS%20x86;JS%20%3Cb%3EARM64"
    assert_equal "$(figures page.html | jq -c '.runs | map(.label)')" '["JS x86","JS <b>ARM64"]'
    assert_equal "$stderr" "pt-report: $LINK;$SECOND;JS%20x86;JS%20%3Cb%3EARM64"
    run -0 words page.html
    assert_line 'unknown'
}

@test "an invalid link is refused, and nothing is written" {
    local link
    while IFS='|' read -r link why; do
        run -2 --separate-stderr pt-report --output page.html "$link"
        assert_equal "$stderr" "pt-report: cannot read the link '$link': $why"
        assert [ ! -e page.html ]
    done <<'EOF_LINKS'
https://x/|it has no fragment
https://x/#|its fragment has neither 3 nor 8 parts
https://x/#a;b|its fragment has neither 3 nor 8 parts
https://x/#gAAA;AAAWQw==;vTeGNQ==|its fragment does not have lists of sizes, durations and costs of equal length
https://x/#gAAAAQ==;AAAWQw==;vTeGNQ==|its fragment does not have lists of sizes, durations and costs of equal length
https://x/#AAA=;AAAWQw==;vTeGNQ==|its fragment does not have lists of sizes, durations and costs of equal length
https://x/#gAA=;AADAfw==;vTeGNQ==|its fragment does not have lists of sizes, durations and costs of equal length
https://x/#gAA=;AAAWww==;vTeGNQ==|its fragment does not have lists of sizes, durations and costs of equal length
https://x/#;;|its fragment does not have lists of sizes, durations and costs of equal length
https://x/#gACAAA==;AAAWQwAAFkM=;vTeGNb03hjU=|duplicate stat record for 128 MB
EOF_LINKS
}

@test "runs are compared with the first, in percent and with noise" {
    run -0 --separate-stderr pt-report --output page.html "$RUNS/before/" "$RUNS/after"
    assert_regex "$stderr" '^pt-report: https://lambda-power-tuning\.show/#[^;]*;[^;]*;[^;]*;[^;]*;[^;]*;[^;]*;before;after$'
    run -0 words page.html
    assert_line --partial 'At the size chosen for each, after at 1024 MB is 11.9 % cheaper (more than noise) and 11.8 % faster (more than noise) than before at 1024 MB.'
    assert_line 'after compared with before'
    # 256 MB is unchanged, 512 MB is faster.
    run -0 grep -E -A 12 '^after compared with before' <(words page.html)
    table=$(words page.html | sed -n '/^after compared with before/,/^“More than noise/p')
    assert_equal "$(grep -A 4 -x 256 <<<"$table" | tail -n 1)" no
    assert_equal "$(grep -A 4 -x 512 <<<"$table" | tail -n 1)" yes
}

@test "a run compared with itself is within noise" {
    pt-report --quiet "$RUNS/before" "$RUNS/before" >page.html
    run -0 words page.html
    refute_line yes
    assert_line no
}

@test "sizes that only one run has are in the comparison without a verdict" {
    stat 128 100 0.00002 >one
    stat 256 60 0.000015 >two
    pt-report --quiet one two >page.html
    run -0 words page.html
    assert_line 'only in one run'
    refute_line yes
    refute_line no
}

@test "records without a stat are refused, and so are other lines" {
    run -2 --separate-stderr pt-report <<<'{"type":"plan"}'
    assert_equal "$stderr" "pt-report: no stat record in '-' (pt-stats writes them)"
    assert_output ''
    run -2 --separate-stderr pt-report <<<'{"power":1}'
    assert_equal "$stderr" "pt-report: standard input:1: not a record: no string member 'type'"
    run -2 --separate-stderr pt-report <<<'{"type":"stat","value":128,"averageDuration":-1,"averagePrice":1}'
    assert_equal "$stderr" "pt-report: standard input:1: stat record: member 'averageDuration' is -1, not within 0..1e+12"
    run -2 --separate-stderr pt-report not-there
    assert_equal "$stderr" "pt-report: cannot read 'not-there': No such file or directory"
    # The file can be opened, but address 0 cannot be read.
    run -2 --separate-stderr pt-report /proc/self/mem
    assert_equal "$stderr" "pt-report: cannot read '/proc/self/mem': Input/output error"
    mkdir empty
    run -2 --separate-stderr pt-report empty
    assert_equal "$stderr" "pt-report: cannot read 'empty/stats.ndjson': No such file or directory"
}

@test "a run without any measurement has a page with the reasons" {
    printf '{"type":"failure","power":128,"kind":"functionError","excluded":true,"errorType":"E"}\n{"type":"stat","value":128,"count":0,"failed":1}\n' >records
    pt-report --quiet <records >page.html
    run -0 words page.html
    assert_line --index 0 'No size could be measured.'
    assert_line 'left out: E'
}

@test "names and messages from records are escaped everywhere" {
    evil='</script><script>alert(1)</script><img src=x onerror=alert(1)>"'"'"'&amp;'
    plan=$(jq -nc --arg evil "$evil" '{type: "plan", functionName: $evil, region: $evil, description: $evil, functionArn: $evil, payload: $evil, memorySizeMB: 128, limit: [$evil], powerValues: [$evil]}')
    failure=$(jq -nc --arg evil "$evil" '{type: "failure", power: 256, kind: "functionError", excluded: true, errorType: $evil, message: ($evil + "\u2028\u0000\u001b[31m")}')
    mkdir "$evil.d" 2>/dev/null || mkdir -p "$evil.d"
    printf '%s\n' "$plan" "$failure" "$(stat 128 100 0.00002)" >"$evil.d/stats.ndjson"
    pt-report --quiet "$evil.d" "$evil.d" >page.html
    # The page has its own three script elements and no others.
    assert_equal "$(grep -o '<script' page.html | wc -l)" 3
    assert_equal "$(grep -o '</script' page.html | wc -l)" 3
    assert_equal "$(grep -c '<img' page.html)" 0
    run grep -nP '[\x00-\x08\x0b-\x1f]|\xe2\x80\xa8' page.html
    assert_output ''
    assert_equal "$(figures page.html | jq -r '.runs[0].out[0].reason' | head -c 40)" "$(head -c 40 <<<"$evil: $evil")"
}

@test "the page loads nothing, and its policy allows only its own scripts" {
    pt-report --quiet "$RUNS/before" >page.html
    policy=$(sed -n 's/.*Content-Security-Policy" content="\([^"]*\)".*/\1/p' page.html)
    assert_regex "$policy" "^default-src 'none'; script-src 'sha256-[A-Za-z0-9+/=]{44}' 'sha256-[A-Za-z0-9+/=]{44}'; style-src 'sha256-[A-Za-z0-9+/=]{44}'; img-src data:; base-uri 'none'; form-action 'none'$"
    run grep -oE '(src|action|@import|url\()=?["(]?https?:[^ ]*' page.html
    assert_output ''
    assert_equal "$(grep -c 'Permission is hereby granted' page.html)" 1
}

@test "--output keeps the old file when the page cannot be made or written" {
    echo before >page.html
    run -2 pt-report --output page.html not-there
    assert_equal "$(cat page.html)" before
    run -1 --separate-stderr pt-report --output missing/page.html "$RUNS/before"
    assert_equal "$stderr" "pt-report: cannot write 'missing/page.html': No such file or directory"
    run -0 pt-report --quiet --output page.html "$RUNS/before"
    assert_equal "$(echo page*)" page.html
    assert_equal "$(tail -n 1 page.html)" '</html>'
    (
        umask 027
        pt-report --quiet --output private.html "$RUNS/before"
    )
    assert_equal "$(command stat -c %a private.html)" 640
}

@test "a full disk is an error" {
    [ -e /dev/full ] || skip '/dev/full does not exist'
    run -1 --separate-stderr bash -c 'pt-report --quiet "$0" >/dev/full' "$RUNS/before"
    assert_regex "$stderr" '^pt-report: .*No space left on device$'
    run -1 --separate-stderr pt-report --output /dev/full "$RUNS/before"
    assert_equal "$stderr" "pt-report: cannot write '/dev/full': No space left on device"
}

@test "invalid options are refused" {
    while IFS='|' read -r option message; do
        run -2 --separate-stderr pt-report "$option" "$RUNS/before"
        assert_equal "$stderr" "pt-report: $message"
    done <<'EOF_OPTIONS'
--strategy=x|option '--strategy': 'x' is not cost, speed or balanced
--balanced-weight=2|option '--balanced-weight': '2' is not a number from 0 to 1
--invocations-per-month=0|option '--invocations-per-month': '0' is not a whole number from 1 to 1000000000000000
--present-power=x|option '--present-power': 'x' is not a whole number from 1 to 32768
EOF_OPTIONS
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return
}
