/* Times as exact numbers. Lambda prints milliseconds with two or three decimals. Sums and means must be exact
 * and must not depend on the order of addition, so a time is a whole number of units of 10 ns (10^-5 ms).
 * More decimals than five are rounded to the nearest unit, half a unit up. The largest time, 10^9 ms (eleven
 * days), has 47 bits. */
#ifndef TUNE_DURATION_H
#define TUNE_DURATION_H

#include "util/span.h"

#include <stdbool.h>
#include <stdint.h>

/* Units per millisecond, and the longest time that is accepted, in milliseconds. */
#define DURATION_MS INT64_C(100000)
#define MAX_DURATION_MS 1e9

/* Parses a JSON number token of milliseconds. False when the token is not a number from 0 to MAX_DURATION_MS;
 * `*time` is then unchanged. */
bool duration_parse(struct span token, int64_t *time);

/* Converts to milliseconds, rounded to the nearest double. */
double duration_ms(int64_t time);

/* Converts to whole milliseconds, rounded up. */
int64_t duration_ceil_ms(int64_t time);

#endif
