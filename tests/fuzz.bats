#!/usr/bin/env bats
# The inputs with which the fuzzers found new ways through the code: none may break it. `make fuzz` looks for more.

load helper

FUZZERS=${PT_BUILD:-$ROOT/build/plain}/fuzz

@test "each fuzzer takes the inputs that were found for it" {
    for source in "$ROOT"/tests/fuzz/*.c; do
        name=$(basename "$source" .c)
        [ "$name" != replay ] || continue
        inputs=("$ROOT/tests/fixtures/fuzz/$name"/*)
        run -0 --separate-stderr "$FUZZERS/$name" "${inputs[@]}"
        assert_output "${#inputs[@]} inputs"
        refute_regex "$stderr" 'Sanitizer|runtime error'
    done
}

@test "the inputs of the fuzzers are small" {
    run find "$ROOT/tests/fixtures/fuzz" -type f -size +4k
    assert_output ''
}
