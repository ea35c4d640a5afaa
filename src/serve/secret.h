/* Secrets that protect a server on loopback: in the console's address, and as keys of pt-local. Only the
 * user who started the server knows them; other users of the machine can connect, too. */
#ifndef SERVE_SECRET_H
#define SERVE_SECRET_H

#include "util/span.h"
#include "util/text.h"

enum { SECRET_BYTES = 24, SECRET_SIZE = 2 * SECRET_BYTES + 1 };

/* Makes a new secret: hexadecimal digits and a NUL. False with errno. */
bool secret_make(char secret[SECRET_SIZE]);

/* Compares in constant time, so that the duration does not reveal how much of `given` is right. */
bool secret_equals(struct span given, const char *secret);

/* Appends a signature of `text` (HMAC-SHA256, hexadecimal). An address with a signature can be given to a
 * page that must not know the secret itself. */
void secret_sign(const char *secret, struct span text, struct text *signature);

#endif
