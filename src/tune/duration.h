/* Times as exact numbers. The platform prints milliseconds with two or three decimals; sums and means of them
 * are to be exact and independent of the order of adding, so a time is kept as a whole number of picoseconds
 * (10^-9 ms).
 *
 * 64 bits hold 10^9 ms (eleven days) with much room; more than nine decimals are rounded to nine. */
#ifndef TUNE_DURATION_H
#define TUNE_DURATION_H

#include "util/span.h"

#include <stdbool.h>
#include <stdint.h>

/* Picoseconds in a millisecond, and the longest time that is believed, in milliseconds. */
#define DURATION_MS INT64_C(1000000000)
#define MAX_DURATION_MS 1e9

/* Reads a JSON number token of milliseconds into picoseconds. False, with `*picoseconds` as it was, when it
 * is no number or is not within 0..DURATION_LONGEST_MS. */
bool duration_parse(struct span token, int64_t *picoseconds);

/* Milliseconds as the nearest double. */
double duration_ms(int64_t picoseconds);

/* Whole milliseconds, rounded up. */
int64_t duration_ceil_ms(int64_t picoseconds);

#endif
