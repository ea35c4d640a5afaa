#include "local/store/code.h"

#include "util/base64.h"
#include "util/folder.h"
#include "util/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_SIZE = 64 * 1024 };

/* ---- reading ---- */

static void mix(unsigned long long *fingerprint, unsigned long long value) {
    *fingerprint = (*fingerprint ^ value) * 0x100000001b3ULL;
    *fingerprint ^= *fingerprint >> 29;
}

static bool add_status(const struct folder_entry *entry, void *context) {
    unsigned long long *fingerprint = context;
    const struct stat *status = entry->status;
    for (const char *name = entry->name; *name; name++)
        mix(fingerprint, (unsigned char)*name);
    mix(fingerprint, (unsigned long long)status->st_ino);
    mix(fingerprint, status->st_mode);
    if (S_ISDIR(status->st_mode))
        return true;
    mix(fingerprint, (unsigned long long)status->st_size);
    mix(fingerprint, (unsigned long long)status->st_mtim.tv_sec);
    mix(fingerprint, (unsigned long long)status->st_mtim.tv_nsec);
    mix(fingerprint, (unsigned long long)status->st_ctim.tv_nsec);
    return true;
}

struct digest {
    EVP_MD_CTX *context;
    long long size; /* bytes of files read so far */
};

static bool digest_file(struct digest *digest, const char *path) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return false;
    char buffer[READ_SIZE];
    ssize_t got;
    while ((got = read(fd, buffer, sizeof buffer)) > 0) {
        digest->size += got;
        if (EVP_DigestUpdate(digest->context, buffer, (size_t)got) != 1)
            break;
    }
    int error = errno;
    close(fd);
    errno = error;
    return got == 0;
}

static bool add_digest(const struct folder_entry *entry, void *context) {
    struct digest *digest = context;
    mode_t mode = entry->status->st_mode;
    char kind = S_ISDIR(mode) ? 'd' : S_ISLNK(mode) ? 'l' : mode & 0111 ? 'x' : 'f';
    long long size = S_ISREG(mode) ? entry->status->st_size : 0;
    EVP_DigestUpdate(digest->context, &kind, 1);
    EVP_DigestUpdate(digest->context, entry->name, strlen(entry->name) + 1);
    EVP_DigestUpdate(digest->context, &size, sizeof size);
    if (S_ISREG(mode))
        return digest_file(digest, entry->path);
    if (!S_ISLNK(mode))
        return true;
    char target[4096];
    ssize_t length = readlink(entry->path, target, sizeof target);
    return length >= 0 && EVP_DigestUpdate(digest->context, target, (size_t)length) == 1;
}

static bool digest_folder(struct code *code) {
    struct digest digest = {.context = EVP_MD_CTX_new()};
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    bool done = digest.context && EVP_DigestInit_ex(digest.context, EVP_sha256(), NULL) == 1 &&
                folder_walk(code->directory, add_digest, &digest) &&
                EVP_DigestFinal_ex(digest.context, bytes, &length) == 1;
    EVP_MD_CTX_free(digest.context);
    if (!done)
        return false;
    struct text encoded = TEXT_INIT;
    base64_encode(bytes, length, &encoded);
    memcpy(code->sha256, text_string(&encoded), CODE_SHA256_SIZE);
    text_release(&encoded);
    code->size = digest.size;
    return true;
}

static bool take_fingerprint(const char *directory, unsigned long long *fingerprint) {
    *fingerprint = 0xcbf29ce484222325ULL;
    return folder_walk(directory, add_status, fingerprint);
}

struct code *code_open(const char *directory) {
    struct code *code = memory_zeroed(1, sizeof *code);
    code->references = 1;
    code->directory = realpath(directory, NULL);
    if (!code->directory || !take_fingerprint(code->directory, &code->fingerprint) || !digest_folder(code)) {
        int error = errno;
        code_release(code);
        errno = error;
        return NULL;
    }
    return code;
}

bool code_refresh(struct code *code) {
    unsigned long long fingerprint;
    if (!take_fingerprint(code->directory, &fingerprint) || fingerprint == code->fingerprint)
        return false;
    struct code now = *code;
    now.fingerprint = fingerprint;
    if (!digest_folder(&now))
        return false;
    bool changed = strcmp(now.sha256, code->sha256) != 0;
    *code = now;
    return changed;
}

/* ---- copies ---- */

struct code *code_copy(const struct code *code, const char *directory) {
    if (mkdir(directory, 0700) != 0)
        return NULL;
    struct code *copy = memory_zeroed(1, sizeof *copy);
    *copy = *code;
    copy->references = 1;
    copy->is_copy = true;
    copy->directory = memory_copy_string(directory);
    if (!folder_copy(code->directory, directory)) {
        int error = errno;
        code_release(copy);
        errno = error;
        return NULL;
    }
    return copy;
}

struct code *code_hold(struct code *code) {
    code->references++;
    return code;
}

void code_release(struct code *code) {
    if (!code || --code->references)
        return;
    if (code->is_copy)
        folder_remove(code->directory);
    free(code->directory);
    free(code);
}
