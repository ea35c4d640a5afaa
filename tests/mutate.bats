#!/usr/bin/env bats
# tests/mutate, in a small project of its own.

load helper

setup() {
    cd "$BATS_TEST_TMPDIR"
    mkdir -p project/tests
    cd project
    cp "$ROOT/tests/mutate" tests/
    printf 'tests: age\nage: age.c\n\t$(CC) -o $@ $<\n' >Makefile
    cat >age.c <<'END'
/* Is it true that a < b && b == c? A comment has no faults. */
#include <stdlib.h>

int main(int argc, char **argv) {
    return argc == 2 && atoi(argv[1]) >= 18 ? 0 : 1;
}
END
    # Eighteen itself is not tested.
    printf '#!/bin/sh\n./age 19 && ! ./age 17\n' >tests/age.tap
    chmod +x tests/age.tap
}

@test "the faults that no test notices are printed with their place, and the tree stays as it is" {
    cp age.c before
    run -1 --separate-stderr tests/mutate --tests tests/age.tap age.c
    assert_output "survived: age.c:5:39: '>=' became '>'
4 faults: 3 noticed, 0 did not build, 1 survived"
    assert_equal "$(sort <<<"$stderr")" "noticed by tests/age.tap: age.c:5:17: '==' became '!='
noticed by tests/age.tap: age.c:5:22: '&&' became '||'
noticed by tests/age.tap: age.c:5:50: ' 1;' became ' 0;'"
    cmp before age.c
    assert [ ! -e age ]

    # With a test for it, no fault survives.
    printf '#!/bin/sh\n./age 19 && ! ./age 17 && ./age 18\n' >tests/age.tap
    run -0 --separate-stderr tests/mutate --tests tests/age.tap age.c
    assert_output '4 faults: 4 noticed, 0 did not build, 0 survived'
}

@test "a fault that does not end is noticed, and one that does not build is counted" {
    printf 'int main(void) {\n    long left = 3;\n    while (left > 0)\n        left -= 1;\n    return (int)left;\n}\n' >age.c
    printf '#!/bin/sh\n./age\n' >tests/age.tap
    run -0 --separate-stderr tests/mutate --seconds 1 --tests tests/age.tap age.c
    assert_regex "$stderr" "age.c:4:9: 'left -= 1;' became ';'"
    printf 'n=1\nif true; then\n    n=2\nfi\n[ "$n" = 2 ]\n' >age.sh
    printf '#!/bin/sh\nsh age.sh\n' >tests/age.tap
    run -0 --separate-stderr tests/mutate --tests tests/age.tap age.sh
    assert_output '2 faults: 2 noticed, 0 did not build, 0 survived'
}

@test "tests that fail without a fault, and wrong options, end with 2" {
    echo 'exit 1' >>tests/age.tap
    run -2 --separate-stderr tests/mutate --tests tests/age.tap age.c
    assert_equal "${stderr_lines[-1]}" 'mutate: without a fault, this fails: tests/age.tap'
    run -2 --separate-stderr tests/mutate --tests tests/age.tap none.c
    assert_equal "$stderr" 'mutate: there is no file none.c'
    run -2 --separate-stderr tests/mutate --all age.c
    assert_equal "$stderr" 'mutate: there is no option --all'
    run -2 --separate-stderr tests/mutate --seed
    assert_equal "$stderr" 'mutate: --seed: a value is missing'
    run -2 --separate-stderr tests/mutate
    assert_equal "$stderr" 'mutate: no file is named'
}
