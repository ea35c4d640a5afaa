#!/usr/bin/env bats
# Replays the inputs with which the fuzzers found new paths in the code. `make fuzz` searches for more.

load helper

FUZZERS=${PT_BUILD:-$ROOT/build/plain}/fuzz

@test "each fuzz target accepts its corpus" {
    for source in "$ROOT"/tests/fuzz/*.c; do
        name=$(basename "$source" .c)
        [ "$name" != replay ] || continue
        inputs=("$ROOT/tests/fixtures/fuzz/$name"/*)
        run -0 --separate-stderr "$FUZZERS/$name" "${inputs[@]}"
        assert_output "${#inputs[@]} inputs"
        refute_regex "$stderr" 'Sanitizer|runtime error'
    done
}

@test "the inputs of the corpus are small" {
    run find "$ROOT/tests/fixtures/fuzz" -type f -size +4k
    assert_output ''
}
