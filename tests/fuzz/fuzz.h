/* The function that each fuzzer defines. libFuzzer calls it with generated inputs, replay.c with files. It
 * aborts when a check fails; the sanitizers detect other errors. */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

#endif
