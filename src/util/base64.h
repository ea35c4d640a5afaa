/* Base64 (RFC 4648, section 4: the standard alphabet, with padding). */
#ifndef UTIL_BASE64_H
#define UTIL_BASE64_H

#include "util/span.h"
#include "util/text.h"

/* Appends the encoding of `length` bytes. */
void base64_encode(const void *bytes, size_t length, struct text *out);

/* Appends the bytes that `encoded` stands for. False when it is not valid base64 (a character outside the
 * alphabet, an impossible length, padding before the end); `out` is then unchanged. */
bool base64_decode(struct span encoded, struct text *out);

#endif
