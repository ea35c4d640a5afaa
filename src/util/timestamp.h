/* Dates and times of day: parsing them in text that is not NUL-terminated, and formatting.
 *
 * Each function reads from `at`, at most to `end`. */
#ifndef UTIL_TIMESTAMP_H
#define UTIL_TIMESTAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

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

/* Formats a time in UTC as strftime does. False when it has no date or does not fit; `out` is then "". */
bool timestamp_format(time_t when, const char *format, char *out, size_t size);

/* The form of run ids, of the journal and of AWS signatures: 20240501T100000Z. timestamp_read parses it,
 * and returns where it ends; NULL for anything else. */
#define TIMESTAMP_COMPACT "%Y%m%dT%H%M%SZ"
enum { TIMESTAMP_COMPACT_SIZE = 17 };
const char *timestamp_read(const char *text, time_t *when);

#endif
