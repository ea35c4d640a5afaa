/* Parsing dates and times of day in text that is not NUL-terminated.
 *
 * Each function reads from `at`, at most to `end`. */
#ifndef UTIL_TIMESTAMP_H
#define UTIL_TIMESTAMP_H

#include <stdbool.h>
#include <stdint.h>

bool timestamp_is_digit(char byte);

/* Reads exactly `digits` digits into `*number` and moves `*at` past them; false when there are fewer. */
bool timestamp_digits(const char **at, const char *end, int digits, int *number);

/* Moves `*at` past `byte`; false when another byte is there. */
bool timestamp_byte(const char **at, const char *end, char byte);

/* Parses HH:MM:SS with an optional fraction, into milliseconds. Returns where it ends; NULL for anything
 * else. */
const char *timestamp_time_of_day(const char *at, const char *end, int64_t *milliseconds);

/* Parses a date (with - or /) and a time of day, separated by T or a blank, into milliseconds since 1970. The
 * fraction and the time zone are optional; the default is UTC. Returns where it ends; NULL for anything
 * else. */
const char *timestamp_parse(const char *at, const char *end, int64_t *timestamp);

#endif
