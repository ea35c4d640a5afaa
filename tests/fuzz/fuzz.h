/* What each fuzzer defines: libFuzzer calls it with the inputs that it makes up, replay.c with files. It
 * aborts on what must not be; the sanitizers find the rest. */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

#endif
