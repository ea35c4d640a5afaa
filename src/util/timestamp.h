/* Reading dates and times of day in text that is not NUL-terminated, by the parts they are made of.
 *
 * Each function reads from `at`, at most to `end`. */
#ifndef UTIL_TIMESTAMP_H
#define UTIL_TIMESTAMP_H

#include <stdbool.h>
#include <stdint.h>

bool timestamp_is_digit(char byte);

/* Reads exactly `digits` digits into `*number` and moves `*at` past them; false when they are not there. */
bool timestamp_digits(const char **at, const char *end, int digits, int *number);

/* Moves `*at` past `byte`; false when another one is there. */
bool timestamp_byte(const char **at, const char *end, char byte);

/* HH:MM:SS with an optional fraction, in milliseconds. Returns where it ends, NULL when there is none. */
const char *timestamp_time_of_day(const char *at, const char *end, int64_t *milliseconds);

/* A date (with - or /) and a time of day, with T or a blank between them; fraction and zone are optional, UTC
 * without one. In milliseconds since 1970. Returns where it ends, NULL when there is none. */
const char *timestamp_parse(const char *at, const char *end, int64_t *timestamp);

#endif
