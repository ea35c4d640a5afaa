#!/usr/bin/env bats
# The programs are built with Debian's hardening flags, which the user can override.

load helper

setup() {
    unset MAKEFLAGS MFLAGS MAKELEVEL CC CFLAGS CPPFLAGS LDFLAGS SANITIZE VARIANT WERROR
    cd "$BATS_TEST_TMPDIR"
}

# flags_of VARIABLE...: the commands that compile a source file and link a program.
flags_of() {
    make --no-print-directory -C "$ROOT" -n --always-make VARIANT=flags build/flags/bin/pt-pick "$@" |
        grep -E -e '-o build/flags/(pt-pick\.o|bin/pt-pick) '
}

@test "every program is position-independent, with full RELRO, stack protector and fortified functions" {
    command -v readelf >/dev/null || skip 'readelf is not installed'
    [ "${PT_BUILD:-$ROOT/build/plain}" = "$ROOT/build/plain" ] || skip 'only the plain build is checked'
    for program in "$PT_BIN"/pt-*; do
        echo "# $program"
        readelf -hW "$program" | grep -q 'Type: *DYN (Position-Independent Executable'
        readelf -lW "$program" | grep -q GNU_RELRO
        readelf -dW "$program" | grep -q 'FLAGS.*NOW'
        readelf --dyn-syms -W "$program" >symbols
        grep -q __stack_chk_fail symbols
        grep -q '__[a-z]*printf_chk' symbols
    done
}

@test "the user's flags come after the project's flags and override them" {
    run -0 flags_of CFLAGS='-O2 -fno-stack-protector -fno-pie' LDFLAGS='-no-pie -Wl,-z,lazy'
    assert_line --index 0 --regexp ' -fPIE -fstack-protector-strong .*-D_FORTIFY_SOURCE=2 .* -fno-stack-protector -fno-pie '
    assert_line --index 1 --regexp ' -pie -Wl,-z,relro,-z,now .* -no-pie -Wl,-z,lazy '
    run -0 flags_of CPPFLAGS=-D_FORTIFY_SOURCE=3
    refute_output --partial '-D_FORTIFY_SOURCE=2'
    assert_output --partial '-D_FORTIFY_SOURCE=3'
}

@test "nothing is fortified without optimization or under a sanitizer" {
    for setting in CFLAGS=-g 'CFLAGS=-O2 -O0' SANITIZE=address,undefined; do
        run -0 flags_of "$setting"
        refute_output --partial FORTIFY
        assert_output --partial '-fstack-protector-strong'
    done
}

@test "gcc and clang accept the flags without a warning, with and without optimization" {
    echo 'int main(void) { return 0; }' >main.c
    for compiler in gcc clang; do
        command -v "$compiler" >/dev/null || continue
        for setting in CFLAGS=-O2 CFLAGS=-O0 SANITIZE=address; do
            flags=$(flags_of "$setting" | sed -n '1s/.*-Isrc \(.*\) -MMD.*/\1/p')
            # shellcheck disable=SC2086 # words
            eval "run -0 $compiler $flags -Werror -o main main.c -pie -Wl,-z,relro,-z,now"
            assert_output ''
        done
    done
}
