#include "util/folder.h"

#include "util/memory.h"
#include "util/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { MAX_DEPTH = 64, BUFFER_SIZE = 64 * 1024 };

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

/* ---- walking ---- */

struct walk {
    struct text path;   /* of the current entry */
    size_t root_length; /* length of the folder's own path */
    bool (*visit)(const struct folder_entry *entry, void *context);
    void *context;
    int depth;
};

static bool walk_folder(struct walk *walk);

static bool walk_entry(struct walk *walk, const char *name) {
    size_t length = walk->path.length;
    struct stat status;
    text_append_format(&walk->path, "/%s", name);
    const struct folder_entry entry = {
        .path = walk->path.bytes, .name = walk->path.bytes + walk->root_length, .status = &status};
    bool done = lstat(walk->path.bytes, &status) == 0 && walk->visit(&entry, walk->context) &&
                (!S_ISDIR(status.st_mode) || walk_folder(walk));
    walk->path.length = length;
    walk->path.bytes[length] = '\0';
    return done;
}

static bool walk_folder(struct walk *walk) {
    char **names;
    size_t count;
    if (walk->depth >= MAX_DEPTH) {
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

bool folder_walk(const char *folder, bool (*visit)(const struct folder_entry *entry, void *context),
                 void *context) {
    struct walk walk = {.path = TEXT_INIT, .visit = visit, .context = context};
    text_append_string(&walk.path, folder);
    walk.root_length = walk.path.length;
    bool done = walk_folder(&walk);
    text_release(&walk.path);
    return done;
}

/* ---- copying ---- */

static bool write_all(int fd, const char *bytes, size_t length) {
    while (length) {
        ssize_t written = write(fd, bytes, length);
        if (written < 0)
            return false;
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

/* Lets the kernel share or copy the bytes if it can; reads and writes the rest. */
static bool copy_bytes(int from, int to, off_t left) {
    char buffer[BUFFER_SIZE];
    ssize_t got = 0;
    if (ioctl(to, FICLONE, from) == 0)
        return true;
    while (left > 0 && (got = copy_file_range(from, NULL, to, NULL, (size_t)left, 0)) > 0)
        left -= got;
    if (got < 0 && (errno == ENOSPC || errno == EDQUOT || errno == EIO))
        return false;
    while (left > 0) {
        got = read(from, buffer, left < BUFFER_SIZE ? (size_t)left : sizeof buffer);
        if (got <= 0)
            return got == 0;
        if (!write_all(to, buffer, (size_t)got))
            return false;
        left -= got;
    }
    return true;
}

static bool copy_to(int from, const char *path) {
    struct stat status;
    if (fstat(from, &status) != 0)
        return false;
    int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (to < 0)
        return false;
    const struct timespec times[2] = {status.st_atim, status.st_mtim};
    bool done = copy_bytes(from, to, status.st_size) && fchmod(to, status.st_mode & 0777) == 0 &&
                futimens(to, times) == 0;
    int error = errno;
    if (close(to) == 0 || !done) {
        errno = error;
        return done;
    }
    return false;
}

static bool copy_file(const char *from, const char *to) {
    int fd = open(from, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    if (fd < 0)
        return false;
    bool done = copy_to(fd, to);
    int error = errno;
    close(fd);
    errno = error;
    return done;
}

static bool copy_link(const char *from, const char *to) {
    char target[4096];
    ssize_t length = readlink(from, target, sizeof target - 1);
    if (length < 0)
        return false;
    target[length] = '\0';
    return symlink(target, to) == 0;
}

static bool copy_entry(const struct folder_entry *entry, void *context) {
    mode_t mode = entry->status->st_mode;
    struct text to = TEXT_INIT;
    bool done = true;
    text_append_format(&to, "%s%s", (const char *)context, entry->name);
    if (S_ISDIR(mode))
        done = mkdir(to.bytes, 0700) == 0 && chmod(to.bytes, (mode & 0777) | 0700) == 0;
    else if (S_ISREG(mode))
        done = copy_file(entry->path, to.bytes);
    else if (S_ISLNK(mode))
        done = copy_link(entry->path, to.bytes);
    text_release(&to);
    return done;
}

bool folder_copy(const char *from, const char *to) {
    struct text target = TEXT_INIT;
    text_append_string(&target, to);
    bool done = folder_walk(from, copy_entry, target.bytes);
    text_release(&target);
    return done;
}

/* ---- removing ---- */

void folder_remove(const char *path) {
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
            folder_remove(inner.bytes);
            text_release(&inner);
            free(names[i]);
        }
        free(names);
    }
    rmdir(path);
}
