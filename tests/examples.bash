# shellcheck shell=bash
# Finds the examples in the documents, runs them in order, and masks in their output what differs from run to run. Sourced by
# tests/examples.bats, which explains how to record the expected texts again.
#
# The expected text of a document has a part for each example:
#
#     === the example, as in the document
#     --- output        its standard output
#     --- messages      its standard error
#     --- FILE          each file that it wrote in its folder
#
# Empty parts are left out. What differs from run to run is masked with #, but only in examples that use the embedded Lambda.
# Examples with stored logs are compared exactly.

EXPECTED=$ROOT/tests/fixtures/examples

# ---- finding them ---------------------------------------------------------------------------------------------------

# Prints every document that has examples, as a path below the root.
documents() {
    local document folder
    (cd "$ROOT" && find README.md share/doc share/man examples \( -name '*.md' -o -name '*.[1-9]' \) -type f) | sort |
        while IFS= read -r document; do
            folder=$BATS_TEST_TMPDIR/examples
            mkdir "$folder"
            examples_of "$document" "$folder" || return
            rmdir "$folder" 2>/dev/null || echo "$document"
            rm -rf "$folder"
        done
}

# examples_of_page PAGE DIR: writes each display in the section EXAMPLES to a file in DIR, as a reader sees it.
examples_of_page() {
    awk -v dir="$2" '
        /^\.Sh/ { inside = /EXAMPLES/ }
        /^\.Ed/ { file = "" }
        file { gsub(/\\\(aq/, "\047"); gsub(/\\e/, "\\"); gsub(/\\&/, ""); print > file }
        inside && /^\.Bd/ { file = sprintf("%s/%02d", dir, ++count) }' "$1"
}

# The same for the code in a Markdown file: indented code, also in a list, and fenced code of a shell. Fenced text and JSON are not
# examples; other tests compare them.
examples_of_markdown() {
    awk -v dir="$2" '
        /^ *```(sh|bash|shell|console)?$/ && !fence { fence = 1; file = sprintf("%s/%02d", dir, ++count); next }
        /^ *```(text|json)$/ && !fence { fence = 2; next }
        /^ *```/ && !fence { print "unknown kind of fence: " $0 > "/dev/stderr"; exit 1 }
        /^ *```/ { fence = 0; file = ""; next }
        fence == 2 { next }
        fence { print > file; next }
        /^[1-9]\. / { list = 1 }
        /^[^ 1-9]/ { list = 0 }
        /^$/ { blank = 1; next }
        !/^    / || (list && !/^       /) { file = ""; blank = 0; next }
        !file { file = sprintf("%s/%02d", dir, ++count); blank = 0 }
        blank { print "" > file; blank = 0 }
        { sub(list ? "^       " : "^    ", ""); print > file }' "$1"
}

# examples_of DOCUMENT DIR
examples_of() {
    case $1 in
    *.md) examples_of_markdown "$ROOT/$1" "$2" ;;
    *) examples_of_page "$ROOT/$1" "$2" ;;
    esac
}

# Prints the name of a document's expected text, without .txt.
expected_name() {
    case $1 in
    share/man/*) basename "$1" ;;
    *) sed 's|/README\.md$||; s|\.md$||; s|/|-|g' <<<"$1" ;;
    esac
}

# ---- running them ---------------------------------------------------------------------------------------------------

# Makes a folder with the files that the examples use, and starts an embedded Lambda instead of AWS.
prepare() {
    export AWS_REGION=us-east-1
    start_local --no-verify --function "my-function=$ACTOR" --function "resize=$ACTOR" --function "checkout=$ACTOR"
    export AWS_ENDPOINT_URL=$ENDPOINT
    mkdir "$BATS_TEST_TMPDIR/work" "$BATS_TEST_TMPDIR/found" "$BATS_TEST_TMPDIR/stubs"
    cd "$BATS_TEST_TMPDIR/work" || return
    ln -s "$PT_BIN" bin
    ln -s "$ROOT/examples" examples
    echo '{"lambdaARN": "my-function", "powerValues": [128, 256], "num": 5}' >input.json
    echo '{"size": "large"}' >event.json
    mkdir exports
    with_request_ids 0a <"$ROOT/examples/logs/resize.log" | gzip -n >exports/a.gz
    with_request_ids 0b <"$ROOT/examples/logs/resize.log" | gzip -n >exports/b.gz
    ln -s "$ROOT/examples/logs/resize.log" resize.log
    stub_programs
    start_logs
}

# Replaces programs that are not part of this toolkit: `aws logs tail --follow` prints a log and ends, and `make` only checks that
# the target exists.
stub_programs() {
    cat >"$BATS_TEST_TMPDIR/stubs/aws" <<EOF
#!/bin/sh
[ "\$*" = 'logs tail /aws/lambda/my-function --follow' ] || exit
sed 's/\tDuration: 23/\tDuration: 723/; s|^|2026-11-23T10:00:00.123000+00:00 2026/11/23/[\$LATEST]0123456789abcdef0123456789abcdef |' \
    '$ROOT/examples/logs/resize.log'
EOF
    cat >"$BATS_TEST_TMPDIR/stubs/make" <<EOF
#!/bin/sh
unset MAKEFLAGS MAKELEVEL
for word; do
    case \$word in
    TESTS=build/plain/*) [ -x "$PT_BUILD/\${word#TESTS=build/plain/}" ] || exit ;;
    TESTS=*) [ -f "$ROOT/\${word#TESTS=}" ] || exit ;;
    *=*) ;;
    *) grep -q "^#: make \$word " '$ROOT/Makefile' && grep -q "^\$word:" '$ROOT/Makefile' || exit ;;
    esac
done
[ "\$1" != help ] || exec /usr/bin/env -i PATH=/usr/bin:/bin make --no-print-directory -C '$ROOT' help
EOF
    chmod +x "$BATS_TEST_TMPDIR/stubs/aws" "$BATS_TEST_TMPDIR/stubs/make"
    PATH=$BATS_TEST_TMPDIR/stubs:$PATH
}

# with_request_ids XX: copies logs, whose request ids then begin with these hexadecimal digits: a report counts
# once, however many logs it is in.
with_request_ids() {
    sed "s/RequestId: ../RequestId: $1/g"
}

# Starts a CloudWatch Logs that answers every request with the reports of the stored log.
start_logs() {
    command -v python3 >/dev/null || return 0
    grep '^REPORT' resize.log | jq -Rc '{logStreamName: "s", timestamp: 1, message: .}' | jq -sc '{events: .}' | sed 's/^/200 /' \
        >"$BATS_TEST_TMPDIR/answer"
    for i in {10..30}; do
        with_request_ids "$i" <"$BATS_TEST_TMPDIR/answer"
    done >"$BATS_TEST_TMPDIR/script"
    await_address "$BATS_TEST_TMPDIR/servers.log" python3 "$ROOT/tests/moto/fake_logs.py" "$BATS_TEST_TMPDIR/script" "$BATS_TEST_TMPDIR/requests"
    LOGS_PID=$SERVER_PID AWS_ENDPOINT_URL_CLOUDWATCH_LOGS=$ADDRESS
    export AWS_ENDPOINT_URL_CLOUDWATCH_LOGS
}

# True if the example shows its output: its commands then begin with "$ ".
shows_output() {
    grep -q '^\$ ' "$1"
}

# Prints the commands of an example, with few invocations and any free port.
commands_of() {
    if shows_output "$1"; then
        sed -n 's/^[$>] //p' "$1"
    else
        cat "$1"
    fi | sed 's/--num [0-9]*/--num 5/; s/"num": [0-9]*/"num": 5/; s/--port [0-9]*/--port 0/'
}

# True if the example makes a run, or reads the files of an earlier one.
moves() {
    grep -qE 'power-tune [^|]*(--function|--local|\.json)|power-tune (console|--runs|--prune)|pt-(init|invoke|apply|local)' "$1" ||
        { [ -s "$BATS_TEST_TMPDIR/moving" ] && sed -E 's/(>|--output )[^ |]+//g' "$1" | grep -qwF -f "$BATS_TEST_TMPDIR/moving"; }
}

# Prints the mask of an example: none, for a run, or for a run with --until-sure.
mask_of() {
    if ! moves "$1"; then
        echo cat
    elif grep -q -- '--until-sure' "$1"; then
        echo mask_rounds
    else
        echo mask
    fi
}

# run_example FILE: runs an example in the working directory and prints its part of the expected text.
run_example() {
    local status=0 tries=0 group mask file
    commands_of "$1" >"$1.sh"
    mask=$(mask_of "$1")
    touch "$BATS_TEST_TMPDIR/begun"
    # In a process group, so that processes that the example leaves running can be killed.
    setsid sh -eu "$1.sh" >"$1.out" 2>"$1.err" </dev/null 3>&- &
    group=$!
    wait "$group" || status=$?
    # If the example ends with a command in the background, wait until that has written its file.
    file=$(sed -n '$s/.* >\([a-z]*\) &$/\1/p' "$1")
    until [ -z "$file" ] || [ -s "$file" ] || [ "$((++tries))" -gt 1000 ]; do
        sleep 0.01
    done
    kill -KILL -- "-$group" 2>/dev/null || true
    if [ "$status" -ne 0 ]; then
        echo "this example ends with status $status:" "$(cat "$1")" "$(cat "$1.err")" >&2
        return 1
    fi
    sed '1s/^/=== /; 2,$s/^/    /' "$1"
    if shows_output "$1"; then
        assert_equal "$(cat "$1.out")" "$(grep -v '^[$>] ' "$1")" || return
    else
        part output "$mask" <"$1.out"
    fi
    # The first messages of the embedded Lambda depend on the machine.
    grep -v '^pt-local: ' "$1.err" | part messages "$mask"
    find . -mindepth 1 -maxdepth 1 -newer "$BATS_TEST_TMPDIR/begun" | sed 's|^\./||' | sort >"$1.new"
    [ "$mask" = cat ] || cat "$1.new" >>"$BATS_TEST_TMPDIR/moving"
    while IFS= read -r file; do
        [ ! -f "$file" ] || show_file "$file" | part "$file" "$mask"
    done <"$1.new"
    echo
}

# Prints a file: of a page its headings, of a compressed file its content.
show_file() {
    case $1 in
    *.html) grep -oE '<(title|h1|h2)[^>]*>[^<]*' "$1" | sed 's/<\([a-z0-9]*\)[^>]*>/\1: /' ;;
    *.gz) gzip -dc "$1" ;;
    *) cat "$1" ;;
    esac
}

# part NAME MASK: prints a heading and standard input, masked and shortened, unless it is empty.
part() {
    "$2" >"$BATS_TEST_TMPDIR/part"
    [ -s "$BATS_TEST_TMPDIR/part" ] || return 0
    echo "--- $1"
    awk 'NR <= 50 { print } END { if (NR > 50) print "(and " NR - 50 " lines more)" }' "$BATS_TEST_TMPDIR/part"
}

# ---- masking --------------------------------------------------------------------------------------------------------

# Masks times, costs, the choice and its confidence, ids, dates, ports and folders. Words, names of members, sizes and counts stay.
mask() {
    sed -E \
        -e "s|$BATS_TEST_TMPDIR/work|DIR|g; s|$BATS_TEST_TMPDIR|TMP|g; s|$ROOT|ROOT|g" \
        -e 's|http://127\.0\.0\.1:[0-9]+(/[0-9a-f]{16,}/)?|http://LOCAL/|g' \
        -e 's/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/UUID/g' \
        -e 's/20[0-9]{6}T[0-9]{6}Z(-[A-Za-z0-9]{6})?/TIME/g; s/20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|\+0000)?/TIME/g' \
        -e 's/"(runId|logResult|codeSha256|configurationSha256|revisionId)":"[^"]*"/"\1":"#"/g' \
        -e 's/"(runId|logResult|codeSha256|configurationSha256|revisionId)": "[^"]*"/"\1": "#"/g' \
        -e 's/"stats":\[\{.*\}\]/"stats":[#]/' \
        -e 's/"([A-Za-z0-9.]*Interval)":\[[^]]*\]/"\1":[#]/g' \
        -e 's/"(cost|duration|lambdaCost|confidence|expectedRegret|probability|averageDuration|averagePrice|totalCost|clientDurationMs|durationMs|billedDurationMs|initDurationMs|maxMemoryUsedMB|maxMemoryUsedShare|costOfMillion|costOfMillionWithRequests|mean|trimmedMean|standardDeviation|coefficientOfVariation|min|p50|p90|p95|p99|p99\.9|max|trimmedMeanError|codeSizeBytes|leastCost|mostCost|lambdaCost)":(-?[0-9][-+.eE0-9]*)/"\1":#/g' \
        -e 's|(lambda-power-tuning\.show/)#[^" )]*|\1#|g' \
        -e 's/^(START .* Version:) [0-9]+/\1 #/; /^REPORT /s/(Billed Duration|Memory Size|Max Memory Used): [0-9]+/\1: #/g; /^REPORT /s/\t(Init .*)?$//' \
        -e '/"stateMachine"|"dryRun"/s/"power":[0-9]+/"power":#/g; s/^[0-9]+$/#/' \
        -e '/"type":"plan"/s/"memorySizeMB":[0-9]+/"memorySizeMB":#/; s/"memorySizeMB": [0-9]+/"memorySizeMB": #/' \
        -e 's/\([0-9]+ MB, x86_64/(# MB, x86_64/; s/"([a-zA-Z]*[vV]ersion)":"[0-9]+"/"\1":"#"/g' \
        -e 's/^[0-9]+ MB is the (cheapest|fastest|best balance of cost and speed)\b.*/# MB is the \1 .../' \
        -e 's/^([^ ]+ +[^ ]+) .* (done +TMP)/\1 ... \2/' \
        -e 's/^(Compared with the baseline), .*/\1 .../; s/^(- `[^`]*`: passed).*/\1 .../' \
        -e 's/[█▉▊▋▌▍▎▏]+/▌/g; s/ *<- best//' \
        -e 's/(^|[^A-Za-z0-9_.])-?[0-9]+\.[0-9]+([eE][-+]?[0-9]+)?/\1#/g; s/(^|[^A-Za-z0-9_.])[0-9]+[eE]-[0-9]+/\1#/g' \
        -e 's/^( *[0-9]+ +# +# +[0-9]+ +[0-9]+ +)[0-9]+/\1#/; s/^((\| [0-9#]+ ){5}\| )[0-9]+/\1#/; s/\*\*//g' \
        -e 's/ +/ /g; s/ $//' |
        sort_by_size
}

# Also leaves out the lines of sizes: which are measured, and how often, depends on the measurements.
mask_rounds() {
    mask | sed -E '/^ ?[0-9]+ MB|^ [0-9]+ #/d'
}

# Sorts adjacent lines of one kind, because it is random which size is invoked and done first.
sort_by_size() {
    awk '
        function flush(   i, j, key, line) {
            for (i = 2; i <= count; i++) {
                key = keys[i]
                line = lines[i]
                for (j = i - 1; j > 0 && keys[j] > key; j--) { keys[j + 1] = keys[j]; lines[j + 1] = lines[j] }
                keys[j + 1] = key
                lines[j + 1] = line
            }
            for (i = 1; i <= count; i++) print lines[i]
            count = 0
        }
        /^[0-9]+ MB: [0-9]+ of / { lines[++count] = $0; keys[count] = $1 + 0; next }
        /^{"type":"(invocation|measurement|configuration)","power":[0-9]+/ {
            split($0, field, /[:,]/)
            lines[++count] = $0
            keys[count] = (field[2] ~ /configuration/ ? 0 : 1e12) + field[4] * 1e6 + (field[5] ~ /index/ ? field[6] : 0)
            next
        }
        { flush(); print }
        END { flush() }'
}

# ---- comparing ------------------------------------------------------------------------------------------------------

# check_text NAME: compares standard input with the expected text of that name or, with PT_RECORD, records it.
check_text() {
    cat >"$BATS_TEST_TMPDIR/got"
    if [ -n "${PT_RECORD:-}" ]; then
        cp "$BATS_TEST_TMPDIR/got" "$EXPECTED/$1"
        echo "# recorded: tests/fixtures/examples/$1" >&3
        return 0
    fi
    diff -u "$EXPECTED/$1" "$BATS_TEST_TMPDIR/got" >&2 || {
        echo "if the new output is right: PT_RECORD=yes bats tests/examples.bats" >&2
        return 1
    }
}

# check_examples DOCUMENT: runs all examples in order, and compares their text.
check_examples() {
    local file name
    prepare
    examples_of "$1" "$BATS_TEST_TMPDIR/found"
    grep -q . "$BATS_TEST_TMPDIR"/found/*
    if grep -qE 'python|pt-logs |--from-logs (--since [^ ]* )?[a-z-]+( |$)' "$BATS_TEST_TMPDIR"/found/*; then
        command -v python3 >/dev/null || skip 'python3 is not installed'
    fi
    for file in "$BATS_TEST_TMPDIR"/found/[0-9][0-9]; do
        run_example "$file" >>"$BATS_TEST_TMPDIR/text" || return
    done
    check_text "$(expected_name "$1").txt" <"$BATS_TEST_TMPDIR/text" || return
    # No example leaves a version.
    for name in my-function resize checkout; do
        run -0 curl --silent "$ENDPOINT/2015-03-31/functions/$name/versions"
        refute_output --partial power-tune:
    done
}
