/* UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef UTIL_UTF8_H
#define UTIL_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Decodes the sequence at `bytes` into `*code_point` and returns its length (1 to 4). Returns 0 when the
 * `length` bytes do not begin with a valid sequence; `*code_point` is then unchanged. */
size_t utf8_decode(const char *bytes, size_t length, unsigned long *code_point);

/* Writes `code_point` to `bytes` (room for 4) and returns the number of bytes written. A surrogate is written
 * as the three bytes of its value: callers that need strict UTF-8 must not pass one. */
size_t utf8_encode(unsigned long code_point, char *bytes);

/* The length (1 to 4) of the character at `bytes` when it may be shown on a terminal. 0 when it is a control
 * character, a character that reorders the text around it, or not valid UTF-8: its bytes are then escaped one
 * by one. */
size_t utf8_printable(const char *bytes, size_t length);

/* The number of bytes at the start of `bytes` that are valid UTF-8: `length` when all are. */
size_t utf8_valid_length(const char *bytes, size_t length);

/* True when the bytes begin with a byte order mark of UTF-16, which PowerShell writes into files. */
bool utf8_is_utf16(const char *bytes, size_t length);

/* Describes such a text in messages. */
#define UTF8_IS_UTF16 "UTF-16 text, as PowerShell writes it, instead of UTF-8"

#endif
