/* The code of functions: the content of a folder.
 *
 * $LATEST uses the function's folder itself. A published version keeps a copy of the folder, made when it
 * was published, in pt-local's own folder; versions with the same content share a copy. Environments do
 * not run in these folders but in folders of their own with the same content
 * (local/sandbox/sandbox.h). */
#ifndef LOCAL_STORE_CODE_H
#define LOCAL_STORE_CODE_H

#include "util/text.h"

#include <stdbool.h>

enum { CODE_SHA256_SIZE = 45 };

struct code {
    char *directory;
    bool is_copy; /* the folder is removed with the last reference */
    unsigned int references;
    char sha256[CODE_SHA256_SIZE]; /* base64; over the names, modes and contents of all files, in order */
    long long size;                /* of all files, in bytes */
    unsigned long long fingerprint;
};

/* Reads the code in the folder `directory`; returns it with one reference. NULL with errno when a part of the
 * folder cannot be read. */
struct code *code_open(const char *directory);

/* Checks whether a file has changed, and reads the folder again if so. True when the content is different.
 * When the folder cannot be read, changes nothing and returns false. */
bool code_refresh(struct code *code);

/* Copies `code` to the new folder `directory`, which must not exist; returns the copy with one reference.
 * NULL with errno. */
struct code *code_copy(const struct code *code, const char *directory);

/* Adds a reference; removes one, and with the last one frees the code. */
struct code *code_hold(struct code *code);
void code_release(struct code *code);

#endif
