#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164 # each test is a subshell of its own; run sets output and lines
# The manual pages against the programs and against one another: options, sections, references. tests/examples.bats has their
# examples, and tests/records.bats the records.

load helper

# Every program: those in C by their sources, and the scripts in bin.
programs() {
    for source in "$ROOT"/src/pt-*.c; do
        basename "$source" .c
    done
    for file in "$ROOT"/bin/*; do
        [ "$(head -c 2 "$file")" != '#!' ] || basename "$file"
    done
}

# Long options, one on each line. In --help they are at the start of a line; in a page they are arguments of Fl. Examples are
# left out, because they contain options of other programs.
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

@test "pages refer only to pages of this toolkit that exist" {
    for page in "$ROOT"/share/man/man[17]/*; do
        name=$(basename "$page")
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

@test "FILES in power-tune(1) names every file that a run leaves" {
    cd "$BATS_TEST_TMPDIR"
    local=(power-tune --local "$ROOT/examples/functions/fetch" --num 5 --power-values 512 --quiet)
    run -0 "${local[@]}" --run-dir run --prices "$ROOT/share/prices.json"
    run -0 "${local[@]}" --run-dir sure --until-sure=20
    run -0 "${local[@]}" --run-dir cold --only-cold-starts
    sed -n '/^A run directory contains/,/^\.Sh/s/^\.It Pa //p' "$ROOT/share/man/man1/power-tune.1" | tr -s ' ,' '\n' | sort -u >named.txt
    find run sure cold -type f -printf '%f\n' | sort -u >left.txt
    run grep -vxF -f named.txt left.txt
    assert_output ''
    assert_equal "$(wc -l <left.txt)" 21
}

@test "tests/words prints lines with foreign phrases, and what to write instead" {
    command -v git >/dev/null || skip "git is not installed"
    mkdir -p "$BATS_TEST_TMPDIR/tree/tests"
    cd "$BATS_TEST_TMPDIR/tree"
    cp "$ROOT/tests/words" tests
    printf '%s\n' 'There is no error.' 'a pause behind each' 'behind = 1' >one.md # words: ok
    printf '%s\n' 'So many at once' '# likewise: words: ok' >two.md               # words: ok
    git init -q
    git add .
    run -1 tests/words
    assert_output "$(printf '%s\n' 'one.md:2:a pause behind each   <- after' 'two.md:1:So many at once   <- N; at most N')" # words: ok
    run -1 tests/words two.md
    assert_output 'two.md:1:So many at once   <- N; at most N' # words: ok
    sed -i 2d one.md
    run -0 tests/words one.md
    assert_output ''
}
