#include "local/code.h"

#include "util/base64.h"
#include "util/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEEPEST = 64, READ_SIZE = 64 * 1024 };

/* ---- walking through a folder ---- */

struct walk {
    struct text path;   /* of the entry that is visited */
    size_t root_length; /* where the name within the folder begins */
    bool (*visit)(struct walk *walk, const struct stat *status);
    EVP_MD_CTX *digest;
    const char *target;
    unsigned long long fingerprint;
    long long size;
    int depth;
};

static int by_name(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool list_names(const char *path, char ***names, size_t *count) {
    DIR *directory = opendir(path);
    if (!directory)
        return false;
    size_t capacity = 0;
    *names = NULL;
    *count = 0;
    struct dirent *entry;
    while ((entry = readdir(directory))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        *names = memory_reserve(*names, &capacity, *count + 1, sizeof **names);
        (*names)[(*count)++] = memory_copy_string(entry->d_name);
    }
    closedir(directory);
    if (*count)
        qsort(*names, *count, sizeof **names, by_name);
    return true;
}

static bool walk_folder(struct walk *walk);

static bool walk_entry(struct walk *walk, const char *name) {
    size_t length = walk->path.length;
    text_append_byte(&walk->path, '/');
    text_append_string(&walk->path, name);
    struct stat status;
    bool done = lstat(walk->path.bytes, &status) == 0 && walk->visit(walk, &status) &&
                (!S_ISDIR(status.st_mode) || walk_folder(walk));
    walk->path.length = length;
    walk->path.bytes[length] = '\0';
    return done;
}

static bool walk_folder(struct walk *walk) {
    char **names;
    size_t count;
    if (walk->depth >= DEEPEST) {
        errno = ELOOP;
        return false;
    }
    if (!list_names(walk->path.bytes, &names, &count))
        return false;
    walk->depth++;
    bool done = true;
    for (size_t i = 0; i < count; i++) {
        done = done && walk_entry(walk, names[i]);
        free(names[i]);
    }
    free(names);
    walk->depth--;
    return done;
}

static bool walk_from(struct walk *walk, const char *directory) {
    text_append_string(&walk->path, directory);
    walk->root_length = walk->path.length;
    bool done = walk_folder(walk);
    text_release(&walk->path);
    return done;
}

/* ---- what it is ---- */

static void mix(unsigned long long *fingerprint, unsigned long long value) {
    *fingerprint = (*fingerprint ^ value) * 0x100000001b3ULL;
    *fingerprint ^= *fingerprint >> 29;
}

static bool visit_status(struct walk *walk, const struct stat *status) {
    for (const char *name = walk->path.bytes + walk->root_length; *name; name++)
        mix(&walk->fingerprint, (unsigned char)*name);
    mix(&walk->fingerprint, (unsigned long long)status->st_ino);
    mix(&walk->fingerprint, status->st_mode);
    if (S_ISDIR(status->st_mode))
        return true;
    mix(&walk->fingerprint, (unsigned long long)status->st_size);
    mix(&walk->fingerprint, (unsigned long long)status->st_mtim.tv_sec);
    mix(&walk->fingerprint, (unsigned long long)status->st_mtim.tv_nsec);
    mix(&walk->fingerprint, (unsigned long long)status->st_ctim.tv_nsec);
    return true;
}

/* Calls `use` for the content of the file; false with errno. */
static bool read_file(const char *path, bool (*use)(void *context, const char *bytes, size_t length),
                      void *context) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return false;
    char buffer[READ_SIZE];
    ssize_t got;
    while ((got = read(fd, buffer, sizeof buffer)) > 0)
        if (!use(context, buffer, (size_t)got)) {
            got = -1;
            break;
        }
    int error = errno;
    close(fd);
    errno = error;
    return got == 0;
}

static bool digest_bytes(void *context, const char *bytes, size_t length) {
    struct walk *walk = context;
    walk->size += (long long)length;
    return EVP_DigestUpdate(walk->digest, bytes, length) == 1;
}

static bool visit_digest(struct walk *walk, const struct stat *status) {
    const char *name = walk->path.bytes + walk->root_length;
    char kind = S_ISDIR(status->st_mode)   ? 'd'
                : S_ISLNK(status->st_mode) ? 'l'
                : status->st_mode & 0111   ? 'x'
                                           : 'f';
    long long size = S_ISREG(status->st_mode) ? status->st_size : 0;
    EVP_DigestUpdate(walk->digest, &kind, 1);
    EVP_DigestUpdate(walk->digest, name, strlen(name) + 1);
    EVP_DigestUpdate(walk->digest, &size, sizeof size);
    if (S_ISREG(status->st_mode))
        return read_file(walk->path.bytes, digest_bytes, walk);
    if (!S_ISLNK(status->st_mode))
        return true;
    char target[4096];
    ssize_t length = readlink(walk->path.bytes, target, sizeof target);
    return length >= 0 && EVP_DigestUpdate(walk->digest, target, (size_t)length) == 1;
}

static bool digest_folder(struct code *code) {
    struct walk walk = {.visit = visit_digest, .digest = EVP_MD_CTX_new()};
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    bool done = walk.digest && EVP_DigestInit_ex(walk.digest, EVP_sha256(), NULL) == 1 &&
                walk_from(&walk, code->directory) && EVP_DigestFinal_ex(walk.digest, digest, &length) == 1;
    EVP_MD_CTX_free(walk.digest);
    if (!done)
        return false;
    struct text encoded = TEXT_INIT;
    base64_encode(digest, length, &encoded);
    memcpy(code->sha256, text_string(&encoded), CODE_SHA256_SIZE);
    text_release(&encoded);
    code->size = walk.size;
    return true;
}

static bool take_fingerprint(const char *directory, unsigned long long *fingerprint) {
    struct walk walk = {.visit = visit_status, .fingerprint = 0xcbf29ce484222325ULL};
    bool done = walk_from(&walk, directory);
    *fingerprint = walk.fingerprint;
    return done;
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

static bool write_bytes(void *context, const char *bytes, size_t length) {
    int fd = *(int *)context;
    while (length) {
        ssize_t written = write(fd, bytes, length);
        if (written < 0)
            return false;
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

static bool copy_file(const char *from, const char *to, mode_t mode) {
    int fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);
    if (fd < 0)
        return false;
    bool done = read_file(from, write_bytes, &fd) && fchmod(fd, mode & 0777) == 0;
    return close(fd) == 0 && done;
}

static bool copy_link(const char *from, const char *to) {
    char target[4096];
    ssize_t length = readlink(from, target, sizeof target - 1);
    if (length < 0)
        return false;
    target[length] = '\0';
    return symlink(target, to) == 0;
}

static bool visit_copy(struct walk *walk, const struct stat *status) {
    struct text to = TEXT_INIT;
    text_append_string(&to, walk->target);
    text_append_string(&to, walk->path.bytes + walk->root_length);
    bool done = true;
    if (S_ISDIR(status->st_mode))
        done = mkdir(to.bytes, 0700) == 0;
    else if (S_ISREG(status->st_mode))
        done = copy_file(walk->path.bytes, to.bytes, status->st_mode);
    else if (S_ISLNK(status->st_mode))
        done = copy_link(walk->path.bytes, to.bytes);
    text_release(&to);
    return done;
}

struct code *code_copy(const struct code *code, const char *directory) {
    struct walk walk = {.visit = visit_copy, .target = directory};
    if (mkdir(directory, 0700) != 0)
        return NULL;
    struct code *copy = memory_zeroed(1, sizeof *copy);
    *copy = *code;
    copy->references = 1;
    copy->is_copy = true;
    copy->directory = memory_copy_string(directory);
    if (!walk_from(&walk, code->directory)) {
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
        directory_remove(code->directory);
    free(code->directory);
    free(code);
}

void directory_remove(const char *path) {
    char **names;
    size_t count;
    struct stat status;
    if (lstat(path, &status) != 0)
        return;
    if (!S_ISDIR(status.st_mode)) {
        unlink(path);
        return;
    }
    chmod(path, 0700);
    if (list_names(path, &names, &count)) {
        for (size_t i = 0; i < count; i++) {
            struct text inner = TEXT_INIT;
            text_append_format(&inner, "%s/%s", path, names[i]);
            directory_remove(inner.bytes);
            text_release(&inner);
            free(names[i]);
        }
        free(names);
    }
    rmdir(path);
}
