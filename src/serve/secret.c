#include "serve/secret.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/random.h>

static void append_hexadecimal(const unsigned char *bytes, size_t length, struct text *out) {
    for (size_t i = 0; i < length; i++)
        text_append_format(out, "%02x", bytes[i]);
}

bool secret_make(char secret[SECRET_SIZE]) {
    unsigned char bytes[SECRET_BYTES];
    size_t have = 0;
    while (have < sizeof bytes) {
        ssize_t got = getrandom(bytes + have, sizeof bytes - have, 0);
        if (got < 0 && errno != EINTR)
            return false;
        have += got > 0 ? (size_t)got : 0;
    }
    struct text digits = TEXT_INIT;
    append_hexadecimal(bytes, sizeof bytes, &digits);
    memcpy(secret, digits.bytes, SECRET_SIZE);
    text_release(&digits);
    return true;
}

bool secret_equals(struct span given, const char *secret) {
    size_t length = strlen(secret);
    return given.start && given.length == length && CRYPTO_memcmp(given.start, secret, length) == 0;
}

void secret_sign(const char *secret, struct span text, struct text *signature) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)text.start, text.length, digest,
         &length);
    append_hexadecimal(digest, length, signature);
}
