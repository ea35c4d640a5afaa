/* Secrets that only who started a server knows: the console's address, the keys of pt-local.
 *
 * Another user of the machine can reach loopback, too, so that the address alone must not be enough. */
#ifndef SERVE_SECRET_H
#define SERVE_SECRET_H

#include "util/span.h"
#include "util/text.h"

enum { SECRET_BYTES = 24, SECRET_SIZE = 2 * SECRET_BYTES + 1 };

/* A new secret: hexadecimal digits with a NUL behind them. False with errno. */
bool secret_make(char secret[SECRET_SIZE]);

/* Whether `given` is `secret`; how long that takes does not tell how much of it is right. */
bool secret_equals(struct span given, const char *secret);

/* Appends a signature of `text` (HMAC-SHA256, hexadecimal): an address that ends in it can be given to a page
 * which must not know the secret itself. */
void secret_sign(const char *secret, struct span text, struct text *signature);

#endif
