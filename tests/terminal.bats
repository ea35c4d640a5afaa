#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2154 # each test is a subshell of its own; run sets output
# The output on a terminal: the progress of a run, its table and its chart.

load helper

setup() {
    command -v script >/dev/null || skip 'script (Debian: bsdutils) is not installed: it provides the terminal'
    cd "$BATS_TEST_TMPDIR" || return
    export TERM=xterm LC_ALL=C.UTF-8
    STATS=$FIXTURES/report/before/stats.ndjson
}

# on_terminal COLUMNS COMMAND: runs it on a terminal of that width, and prints the terminal's output without
# carriage returns.
on_terminal() {
    script -qec "stty cols $1 rows 40; $2" /dev/null </dev/null | tr -d '\r'
}

# widest: prints the width of the widest line on standard input, without escape sequences.
widest() {
    sed 's/\x1b\[[0-9;]*[A-Za-z]//g' | wc -L
}

tune() {
    on_terminal "$1" "AWS_REGION=us-east-1 power-tune --local '$ROOT/examples/functions/fetch' --num 6 --power-values 512,1024 >/dev/null" |
        sed 's/\x1b\[[0-9]*[AK]//g'
}

@test "a run shows a line for each size: bar, count, mean round trip, time left" {
    run -0 tune 100
    # The last picture and the one before it.
    assert_line --regexp '^ *512 MB .*█{30}.* 6/6  round trip [0-9.]+ ms'
    assert_line --regexp '^ *1024 MB .*█{30}.* 6/6  round trip [0-9.]+ ms'
    assert_line --regexp 'MB .*·.* [1-5]/6  round trip [0-9.]+ ms  [0-9]+ s left'
}

@test "no line of the progress is wider than the terminal" {
    for columns in 40 60 80; do
        width=$(tune "$columns" | grep -a '/6' | widest)
        assert [ "$width" -le "$columns" ]
    done
}

@test "in the C locale the bars are ASCII, and NO_COLOR disables the colours" {
    export LC_ALL=C NO_COLOR=1
    run -0 tune 100
    assert_line --regexp '^ *512 MB #{30} 6/6  round trip [0-9.]+ ms'
    run grep -nP '[^\x00-\x7f]|\x1b\[[0-9;]*m' <<<"$output"
    assert_output ''
}

@test "without a terminal, and on a dumb one, there is a plain line for each size" {
    run -0 --separate-stderr env AWS_REGION=us-east-1 power-tune --local "$ROOT/examples/functions/fetch" --num 6 --power-values 512,1024
    assert_regex "$stderr" $'\n512 MB: 6 of 6 invocations, round trip [0-9.]+ ms\n'
    refute_regex "$stderr" $'\x1b'
    TERM=dumb run -0 tune 100
    assert_line --regexp '^512 MB: 6 of 6 invocations, round trip [0-9.]+ ms$'
    run grep -n $'\x1b' <<<"$output"
    assert_output ''
}

@test "the table and the chart fit the width of the terminal" {
    for columns in 66 80 100 140; do
        width=$(on_terminal "$columns" "pt-pick --format table '$STATS' | cat" | tail -n +3 | widest)
        assert [ "$width" -gt 100 ] # a pipe has no width
        width=$(on_terminal "$columns" "pt-pick --format table '$STATS'" | tail -n +3 | widest)
        assert [ "$width" -le "$columns" ]
    done
    # Without a terminal, COLUMNS sets the width.
    assert [ "$(COLUMNS=70 pt-pick --format table "$STATS" | tail -n +3 | widest)" -le 70 ]
}

@test "on a terminal the chosen size is coloured, but not with NO_COLOR, and never in a pipe" {
    run -0 on_terminal 100 "pt-pick --format table '$STATS'"
    assert_line --regexp $'^\x1b\\[32m 1024 MB '
    NO_COLOR=1 run -0 on_terminal 100 "pt-pick --format table '$STATS'"
    refute_line --partial $'\x1b'
    NO_COLOR='' run -0 on_terminal 100 "pt-pick --format table '$STATS'"
    assert_line --partial $'\x1b[32m'
    TERM=dumb run -0 on_terminal 100 "pt-pick --format table '$STATS'"
    refute_line --partial $'\x1b'
    run -0 pt-pick --format table "$STATS"
    refute_line --partial $'\x1b'
}

@test "a narrow table has all the data of a wide one" {
    words() {
        sed '1,2d; /^ *Duration/,$d' | sed -n '/[0-9] \|[a-z]/p' | tr -s ' \n' '\n' | tr -d '\n' | fold -w 1 | sort | tr -d '\n'
    }
    assert_equal "$(COLUMNS=50 pt-pick --format table "$STATS" | words)" "$(pt-pick --format table "$STATS" | words)"
}
