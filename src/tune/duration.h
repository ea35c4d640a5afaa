/* Times as exact numbers. Lambda prints milliseconds with two or three decimals. Sums and means must be exact
 * and must not depend on the order of addition, so a time is a whole number of picoseconds (10^-9 ms).
 *
 * 64 bits hold much more than the largest time, 10^9 ms (eleven days). Decimals after the ninth are
 * rounded. */
#ifndef TUNE_DURATION_H
#define TUNE_DURATION_H

#include "util/span.h"

#include <stdbool.h>
#include <stdint.h>

/* Picoseconds per millisecond, and the longest time that is accepted, in milliseconds. */
#define DURATION_MS INT64_C(1000000000)
#define MAX_DURATION_MS 1e9

/* Parses a JSON number token of milliseconds into picoseconds. False when the token is not a number from 0 to
 * MAX_DURATION_MS; `*picoseconds` is then unchanged. */
bool duration_parse(struct span token, int64_t *picoseconds);

/* Converts to milliseconds, rounded to the nearest double. */
double duration_ms(int64_t picoseconds);

/* Converts to whole milliseconds, rounded up. */
int64_t duration_ceil_ms(int64_t picoseconds);

#endif
