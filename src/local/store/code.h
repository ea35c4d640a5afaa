/* The code of functions: what is in a folder.
 *
 * $LATEST is the folder itself; a version that is published keeps what the folder held then, as a copy in
 * pt-local's own folder. Environments run in folders of their own that look like it; see task-folder.h.
 * Versions with the same content share one copy. */
#ifndef LOCAL_STORE_CODE_H
#define LOCAL_STORE_CODE_H

#include "util/text.h"

#include <stdbool.h>

enum { CODE_SHA256_SIZE = 45 };

struct code {
    char *directory;
    bool is_copy; /* removed with the last reference */
    unsigned int references;
    char sha256[CODE_SHA256_SIZE]; /* base64, over the names, modes and bytes of all files in their order */
    long long size;                /* of all files, in bytes */
    unsigned long long fingerprint;
};

/* The code in the folder `directory`, with one reference. NULL with errno when it cannot be read whole. */
struct code *code_open(const char *directory);

/* Looks whether a file has changed since; true when the code is another one now. A folder that cannot be read
 * leaves it as it was. */
bool code_refresh(struct code *code);

/* A copy of `code` as `directory`, which must not exist; one reference. NULL with errno. */
struct code *code_copy(const struct code *code, const char *directory);

struct code *code_hold(struct code *code);
void code_release(struct code *code);

#endif
