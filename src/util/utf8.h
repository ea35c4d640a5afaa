/* UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef UTIL_UTF8_H
#define UTIL_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* The length of the sequence at `bytes` (1 to 4), its value in `*code_point`; 0 when there is no valid
 * sequence in the `length` bytes that are there, with `*code_point` as it was. */
size_t utf8_decode(const char *bytes, size_t length, unsigned long *code_point);

/* Writes `code_point` to `bytes` (room for 4) and returns how many bytes it took. Surrogates are written as
 * the three bytes that their value would have: callers that want strict UTF-8 do not pass them. */
size_t utf8_encode(unsigned long code_point, char *bytes);

/* The length (1 to 4) of the character at `bytes` when it may be shown on a terminal. 0 when it is a control
 * character, a character that reorders the text around it, or not valid UTF-8: its bytes are then escaped one
 * by one. */
size_t utf8_printable(const char *bytes, size_t length);

/* The number of bytes at the start of `bytes` that are valid UTF-8: `length` when all are. */
size_t utf8_valid_length(const char *bytes, size_t length);

/* True when the bytes begin as UTF-16 does, with a byte order mark: what PowerShell writes into files. */
bool utf8_is_utf16(const char *bytes, size_t length);

/* What messages say of such a text. */
#define UTF8_IS_UTF16 "text in UTF-16, as PowerShell writes it, in place of UTF-8"

#endif
