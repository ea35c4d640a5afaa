#!/usr/bin/env bats
# pt-logparse: reports after words that no known tool writes.

load helper
load logparse

# id N, report N, found N: the request id of invocation N, its report, and its measurement without the last brace.
id() { printf '0a1b2c3d-1111-4a2b-8c3d-%012d' "$1"; }
report() { printf 'REPORT RequestId: %s\tDuration: 5.20 ms\tBilled Duration: 6 ms\tMemory Size: 128 MB\tMax Memory Used: 57 MB\t' "$(id "$1")"; }
found() { printf '{"type":"measurement","power":128,"requestId":"%s","durationMs":5.20,"billedDurationMs":6,"memorySizeMB":128,"maxMemoryUsedMB":57' "$(id "$1")"; }

# says STATUS TEXT WANTED MESSAGE: the log TEXT gives exactly the lines WANTED and the message. In pieces, it gives the same.
says() {
    run "-$1" --separate-stderr pt-logparse <<<"$2"
    assert_output "$3"
    assert_equal "$stderr" "${4:+pt-logparse: $4}"
    run "-$1" --separate-stderr bash -c 'set -o pipefail; dd bs=5 2>"$1" | pt-logparse' - "$BATS_TEST_TMPDIR/dd" <<<"$2"
    assert_output "$3"
    assert_equal "$stderr" "${4:+pt-logparse: $4}"
}

alone() { echo "$1 reports were taken although only they have their prefix; the first is at line $2: an unknown prefix '$3'"; }
lost() { echo "$1 of $2 reports could not be read; the first is at line $3: an unknown prefix '$4'"; }

@test "START or END of the same id after the same form of words makes a report count" {
    local words
    for words in 'Jun 5th 05:53:39pm INFO ' '[info] ' '[INFO] ' 'INFO | ' '04 Jan 2018 17:23:04.746 <name 1.2.3> ' '- `' '2018/11/10 3f6b6b: ' '* ' '(fn) '; do
        says 0 "${words}START RequestId: $(id 1) Version: \$LATEST
$words$(report 1)" "$(found 1)}"
        says 0 "$words$(report 1)
${words}END RequestId: $(id 1)" "$(found 1)}"
    done
    # The words differ only in letters, digits and length; the origin is in what is known before them.
    says 0 "2018-11-10 04:54:40.787000 3f6b6b START RequestId: $(id 1) Version: \$LATEST
2018-11-10 04:54:41 77 $(report 1)" "$(found 1),\"timestamp\":1541825681000}"
}

@test "START or END of another id, or after another form of words, does not make a report after a level count" {
    says 0 "[info] START RequestId: $(id 2) Version: \$LATEST
[info] $(report 1)" "" "no REPORT of the platform in 2 lines, 1 in lines of the function; the first is at line 2: an unknown prefix '[info] '"
    says 0 "<info> END RequestId: $(id 1)
[info] $(report 1)" "" "no REPORT of the platform in 2 lines, 1 in lines of the function; the first is at line 2: an unknown prefix '[info] '"
}

@test "a form that most lines have is the tool's" {
    says 0 "[info] compiling
[info] running
[info] $(report 1)
done
[info] $(report 1)" "$(found 1)}
$(found 1)}"
    # Not if it is the form of half of the lines, or of two.
    says 0 "[info] running
[info] $(report 1)
one
two
[info] three
four" "" "no REPORT of the platform in 6 lines, 1 in lines of the function; the first is at line 2: an unknown prefix '[info] '"
    says 0 "[info] running
[info] $(report 1)" "" "no REPORT of the platform in 2 lines, 1 in lines of the function; the first is at line 2: an unknown prefix '[info] '"
}

@test "a form counts in the lines that were read before its first report, in any pieces" {
    says 0 "a one
b: $(report 1 | sed 's/Duration: 5.20/Duration: x/')
a two
a three
a four
a five
a $(report 2)" "$(found 2)}" "$(lost 1 2 2 'b: ' | sed "s/: an unknown.*/: an unknown prefix 'b: '/")"
}

@test "a report that is alone after unknown words counts, and the end says so" {
    says 0 "$(report 1)
  Jun 5th 05:53:39pm INFO $(report 2)
$(report 3)" "$(found 1)}
$(found 2)}
$(found 3)}" "$(alone 1 2 'Jun 5th 05:53:39pm INFO ')"
    says 0 "one: $(report 1)
two; $(report 2)" "$(found 1)}
$(found 2)}" "$(alone 2 1 'one: ')"
}

@test "a report that is not complete to its last member, or has no request id, does not count alone" {
    local full
    full=$(report 1)
    says 1 "x: $full and so on" "" "$(lost 1 1 1 'x: ')"
    says 1 "x: ${full%57 MB*}" "" "$(lost 1 1 1 'x: ')"
    says 1 "x: ${full/$(id 1)/abc}" "" "$(lost 1 1 1 'x: ')"
    says 1 "x: \"$full" "" "$(lost 1 1 1 'x: "')"
    says 0 "the REPORT RequestId: $(id 1) has Duration: 5 ms, Billed Duration: 6 ms, Memory Size: 128 MB, Max Memory Used: 30 MB" "" \
        "no REPORT of the platform in 1 lines, 1 in lines of the function; the first is at line 1: an unknown prefix 'the '"
}

@test "a report whose id another report has does not count alone" {
    # The report of the platform was read: nothing is lost.
    says 0 "$(report 1)
last: $(report 1)" "$(found 1)}"
    says 0 "last: $(report 1)
$(report 1)" "$(found 1)}"
    says 0 "{\"message\":$(jq -R . <<<"$(report 1)")}
last: $(report 1)" "$(found 1)}"
    says 1 "one: $(report 1)
two; $(report 1)" "" "$(lost 2 2 1 'one: ')"
}

@test "a function that quotes reports of its own or of others, between START and END, quotes them" {
    local words
    for words in 'got: ' '[INFO] ' 'x '; do
        # Whole logs of other functions, as a function that forwards logs prints them.
        says 0 "START RequestId: $(id 1) Version: \$LATEST
${words}START RequestId: $(id 2) Version: \$LATEST
${words}END RequestId: $(id 2)
$words $(report 2)
END RequestId: $(id 1)
$(report 1)" "$(found 1)}"
        # The log begins or ends in the middle of an invocation.
        says 0 "$words $(report 2)
END RequestId: $(id 1)
$(report 1)" "$(found 1)}"
        says 0 "$(report 3)
START RequestId: $(id 1) Version: \$LATEST
$words $(report 2)" "$(found 3)}"
        # After a known prefix.
        says 0 "2024-05-01T10:00:00.000Z START RequestId: $(id 1) Version: \$LATEST
2024-05-01T10:00:00.000Z got: $(report 2)
2024-05-01T10:00:00.000Z END RequestId: $(id 1)
2024-05-01T10:00:00.000Z $(report 1)" "$(found 1)$AT}"
    done
    # Every line has the words of a tool, and the function adds its own.
    local before
    for before in 'got: ' '[INFO] ' 'x ' $'2024-05-01T10:00:00.000Z\tx\tINFO\t'; do
        says 0 "tool a b: START RequestId: $(id 1) Version: \$LATEST
tool a b: ${before}START RequestId: $(id 2) Version: \$LATEST
tool a b: ${before}END RequestId: $(id 2)
tool a b: $before$(report 2)
tool a b: ${before}START RequestId: $(id 1) Version: \$LATEST
tool a b: ${before}END RequestId: $(id 1)
tool a b: $before$(report 1 | sed 's/5.20/9.99/')
tool a b: $before$(report 3)
tool a b: END RequestId: $(id 1)
tool a b: $(report 1)" "$(found 1)}"
    done
    # Most lines are the function's.
    says 0 "[INFO] one
[INFO] two
[INFO] $(report 2)
[INFO] three
START RequestId: $(id 1) Version: \$LATEST
END RequestId: $(id 1)
$(report 1)" "$(found 1)}"
}

@test "a line in the form of the runtimes is the function's, whatever stands around it" {
    says 0 "2024-05-01T10:00:00.000Z	x	INFO	START RequestId: $(id 1) Version: \$LATEST
2024-05-01T10:00:00.000Z	x	INFO	$(report 1)
2024-05-01T10:00:00.000Z	x	INFO	END RequestId: $(id 1)" "" \
        "no REPORT of the platform in 3 lines, 1 in lines of the function; the first is at line 2: an unknown prefix 'x\\x09INFO\\x09'"
    says 0 "2024-05-01T10:00:00.000Z	$(id 3)	INFO	START RequestId: $(id 1) Version: \$LATEST
2024-05-01T10:00:00.000Z	$(id 3)	INFO	$(report 1)" "" \
        "no REPORT of the platform in 2 lines, 1 in lines of the function; the first is at line 2: an unknown prefix '$(id 3)\\x09INFO\\x09'"
}

@test "the evidence must be near, in a file and in a pipe" {
    local kind
    for kind in far near; do
        {
            echo "[info] START RequestId: $(id 1) Version: \$LATEST"
            [ $kind = near ] || head -c 20000 /dev/zero | tr '\0' '\n' | sed 's/$/x/'
            echo "[info] $(report 1)"
            [ $kind = near ] || head -c 70000 /dev/zero | tr '\0' '\n' | sed 's/$/x/'
            echo "[info] END RequestId: $(id 1)"
            [ $kind = far ] || head -c 200000 /dev/zero | tr '\0' '\n' | sed 's/$/x/'
        } >"$BATS_TEST_TMPDIR/$kind"
        pt-logparse "$BATS_TEST_TMPDIR/$kind" >"$BATS_TEST_TMPDIR/file" 2>"$BATS_TEST_TMPDIR/file.stderr"
        run -0 bash -c 'dd if="$1" bs="$2" 2>"$1.dd" | pt-logparse 2>"$1.stderr" | cmp - "${1%/*}/file"' - "$BATS_TEST_TMPDIR/$kind" 100000
        run -0 bash -c 'dd if="$1" bs="$2" 2>"$1.dd" | pt-logparse 2>"$1.stderr" | cmp - "${1%/*}/file"' - "$BATS_TEST_TMPDIR/$kind" 999
        run -0 cmp "$BATS_TEST_TMPDIR/$kind.stderr" "$BATS_TEST_TMPDIR/file.stderr"
        assert_equal "$(wc -l <"$BATS_TEST_TMPDIR/file")" "$([ $kind = far ] && echo 0 || echo 1)"
    done
}

@test "a large log after unknown words is read in little memory" {
    plain 0 9000 | sed 's/^/12:30:59 fn> /' >"$BATS_TEST_TMPDIR/log"
    plain 0 9000 | pt-logparse | grep -v '"status"' >"$BATS_TEST_TMPDIR/wanted"
    run -0 in_little_memory bash -c 'pt-logparse "$1" | grep -v "\"status\"" | cmp - "$2"' - "$BATS_TEST_TMPDIR/log" "$BATS_TEST_TMPDIR/wanted"
    run -0 in_little_memory bash -c 'cat "$1" | pt-logparse | grep -v "\"status\"" | cmp - "$2"' - "$BATS_TEST_TMPDIR/log" "$BATS_TEST_TMPDIR/wanted"
}

@test "thousands of reports that are alone are not taken, and said" {
    for i in $(seq 600); do
        printf '%*s: %s\n' $((i % 40 + 1)) "$(printf '%*s' $((i % 40 + 1)) '' | tr ' ' ';')" "$(report "$i")"
    done >"$BATS_TEST_TMPDIR/log"
    run -0 --separate-stderr pt-logparse "$BATS_TEST_TMPDIR/log"
    assert_regex "$stderr" 'of 600 reports could not be read; the first is at line 1: an unknown prefix'
}
