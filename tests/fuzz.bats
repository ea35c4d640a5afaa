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

@test "what is JSON here is JSON for Python, too, in 100,000 mutations" {
    command -v python3 >/dev/null || skip 'python3 is not installed'
    run -0 "${PT_BUILD:-$ROOT/build/plain}/unit/util/test-json-fuzz" "$BATS_TEST_TMPDIR/mutations"
    run -0 python3 - "$BATS_TEST_TMPDIR/mutations" <<'END'
import json, sys

def refuse(name):
    raise ValueError(name)

def number(file):
    digits = b""
    while (byte := file.read(1)) not in b" ":
        digits += byte
    return int(digits)

file, count = open(sys.argv[1], "rb"), 0
while file.peek(1):
    verdict, text, count = number(file), file.read(number(file)), count + 1
    try:
        json.loads(text.decode(), parse_constant=refuse)
        accepted = 1
    except ValueError:
        accepted = 0
    if accepted != verdict:
        sys.exit("%s here: %r" % ("accepted" if verdict else "refused", text))
print(count)
END
    assert_output 100000
}
