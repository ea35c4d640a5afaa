/* UTF-16 text, as Windows PowerShell writes redirected output. */
#ifndef LOGPARSE_UTF16_H
#define LOGPARSE_UTF16_H

#include <stdbool.h>
#include <stddef.h>

enum { LOG_UTF16_MARK = 2 };

/* True when `bytes` begin with a byte order mark of UTF-16, of LOG_UTF16_MARK bytes. */
bool log_utf16_begins(const char *bytes, size_t length);

/* Converts the complete characters among the `length` bytes at `bytes` to UTF-8, as many as fit into the
 * `room` bytes of `out`. `big`: big-endian. An unpaired surrogate becomes U+FFFD. Returns the number of bytes
 * read; `*made` is the number of bytes written. */
size_t log_utf16_decode(const char *bytes, size_t length, bool big, char *out, size_t room, size_t *made);

#endif
