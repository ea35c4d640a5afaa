/* Text of two bytes a character (UTF-16), as Windows PowerShell writes what it redirects to a file. */
#ifndef LOGPARSE_UTF16_H
#define LOGPARSE_UTF16_H

#include <stdbool.h>
#include <stddef.h>

/* The first bytes of such a text. */
enum { LOG_WIDE_MARK = 2 };
bool log_wide_begins(const char *bytes, size_t length);

/* Writes as UTF-8 to `out`, which has `room` bytes, what of the `length` bytes at `bytes` is complete and
 * fits; `big`: the larger half of a character comes first. A half of a pair is U+FFFD. Returns how many bytes
 * it read, and in `*made` how many it wrote. */
size_t log_wide_decode(const char *bytes, size_t length, bool big, char *out, size_t room, size_t *made);

#endif
