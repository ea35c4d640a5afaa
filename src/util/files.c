#include "util/files.h"

#include "util/diagnostics.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Closes `fd` and keeps errno for the caller. */
static void close_quietly(int fd) {
    int saved_errno = errno;
    close(fd);
    errno = saved_errno;
}

enum { READ_SIZE = 64 * 1024 };

static bool read_all(int fd, size_t limit, struct text *content) {
    size_t start = content->length;
    for (;;) {
        char *end = text_extend(content, READ_SIZE);
        ssize_t got = read(fd, end, READ_SIZE);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got == 0;
        text_extended(content, (size_t)got);
        if (content->length - start > limit) {
            errno = EFBIG;
            return false;
        }
    }
}

bool file_read(const char *path, size_t limit, struct text *content) {
    if (strcmp(path, "-") == 0)
        return read_all(STDIN_FILENO, limit, content);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool ok = read_all(fd, limit, content);
    close_quietly(fd);
    return ok;
}

bool write_all(int fd, const char *bytes, size_t length) {
    while (length) {
        ssize_t written = write(fd, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

int input_open(const char *path, const char **name) {
    bool standard = strcmp(path, "-") == 0;
    *name = standard ? "standard input" : path;
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        report_error("cannot read '%s': %s", path, strerror(errno));
    return fd;
}

void input_close(int fd) {
    if (fd != STDIN_FILENO)
        close(fd);
}

bool is_directory(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool directory_sync(const char *path) {
    const char *slash = strrchr(path, '/');
    struct text directory = TEXT_INIT;
    if (!slash)
        text_append_byte(&directory, '.');
    else
        text_append(&directory, path, slash == path ? 1 : (size_t)(slash - path));
    int fd = open(directory.bytes, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    text_release(&directory);
    if (fd < 0)
        return false;
    /* Some file systems cannot flush a directory and return EINVAL; nothing more can be done there. */
    bool ok = fsync(fd) == 0 || errno == EINVAL;
    close_quietly(fd);
    return ok;
}

bool file_write_durably(const char *path, const char *content, size_t length) {
    struct text temporary = TEXT_INIT;
    text_append_format(&temporary, "%s.new.%ld", path, (long)getpid());
    int fd = open(temporary.bytes, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
    bool ok = fd >= 0 && write_all(fd, content, length) && fsync(fd) == 0;
    if (fd >= 0) {
        if (ok)
            ok = close(fd) == 0;
        else
            close_quietly(fd);
    }
    ok = ok && rename(temporary.bytes, path) == 0 && directory_sync(path);
    if (!ok) {
        int saved_errno = errno;
        unlink(temporary.bytes);
        errno = saved_errno;
    }
    text_release(&temporary);
    return ok;
}

bool share_path(const char *name, struct text *path) {
    static const char *const places[] = {"share", "share/power-tune"};
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length < 0)
        length = 0;
    program[length] = '\0';
    for (int up = 0; up < 2; up++) {
        char *slash = strrchr(program, '/');
        if (slash)
            *slash = '\0';
    }
    size_t start = path->length;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        path->length = start;
        text_append_format(path, "%s/%s/%s", program, places[i], name);
        if (access(path->bytes + start, R_OK) == 0)
            return true;
    }
    return false;
}
