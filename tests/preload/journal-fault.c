/* A shared library for LD_PRELOAD that injects faults into the writing of a journal.
 *
 * JOURNAL_FAULT=LINE:WHAT applies when line LINE (from 1) of a file "journal.ndjson" is about to be written:
 *
 *     before       the process group is killed
 *     torn         half of the line is written, then the process group is killed
 *     after        the line is written, then the process group is killed
 *     synced       the line is written and flushed, then the process group is killed
 *     full         from then on no space is left on the device; half of a line still fits
 *     broken       from then on flushing fails with an input/output error
 *     signal-NAME  the leader of the process group gets the signal; the line is written
 *
 * JOURNAL_FAULT=unreadable makes every read at a position of it (pread) fail with an input/output error.
 *
 * The number of the line is counted in the file itself, so a run of many processes needs no counter. */
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_journal(int fd) {
    static const char name[] = "/journal.ndjson";
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path);
    size_t suffix = sizeof name - 1;
    return length > (ssize_t)suffix && memcmp(path + length - suffix, name, suffix) == 0;
}

static long count_lines(int fd) {
    char block[4096];
    off_t at = 0;
    ssize_t length;
    long lines = 0;
    while ((length = pread(fd, block, sizeof block, at)) > 0) {
        for (ssize_t i = 0; i < length; i++)
            lines += block[i] == '\n';
        at += length;
    }
    return lines;
}

/* The fault for line number `line`; NULL when there is none. */
static const char *fault_at(long line, bool *later) {
    const char *wanted = getenv("JOURNAL_FAULT");
    const char *what = wanted ? strchr(wanted, ':') : NULL;
    if (!what || line < strtol(wanted, NULL, 10))
        return NULL;
    *later = line > strtol(wanted, NULL, 10);
    return what + 1;
}

static void kill_group(void) {
    kill(0, SIGKILL);
    pause();
}

static ssize_t real_write(int fd, const void *bytes, size_t length) {
    ssize_t (*function)(int, const void *, size_t);
    *(void **)&function = dlsym(RTLD_NEXT, "write");
    return function(fd, bytes, length);
}

static void send_signal(const char *name) {
    static const struct {
        const char *name;
        int number;
    } signals[] = {{"INT", SIGINT}, {"TERM", SIGTERM}, {"HUP", SIGHUP}, {"PIPE", SIGPIPE}};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        if (strcmp(signals[i].name, name) == 0)
            kill(getpgrp(), signals[i].number);
}

ssize_t write(int fd, const void *bytes, size_t length) {
    bool later = false;
    const char *what =
        getenv("JOURNAL_FAULT") && is_journal(fd) ? fault_at(count_lines(fd) + 1, &later) : NULL;
    if (!what)
        return real_write(fd, bytes, length);
    if (strcmp(what, "full") == 0) {
        struct stat status;
        char last = '\n';
        bool torn = fstat(fd, &status) == 0 && status.st_size > 0 &&
                    pread(fd, &last, 1, status.st_size - 1) == 1 && last != '\n';
        if (!torn && length > 1)
            return real_write(fd, bytes, length / 2);
        errno = ENOSPC;
        return -1;
    }
    if (later)
        return real_write(fd, bytes, length);
    if (strcmp(what, "before") == 0)
        kill_group();
    if (strcmp(what, "torn") == 0) {
        real_write(fd, bytes, length / 2);
        kill_group();
    }
    ssize_t written = real_write(fd, bytes, length);
    if (strcmp(what, "after") == 0)
        kill_group();
    if (strncmp(what, "signal-", 7) == 0)
        send_signal(what + 7);
    return written;
}

int fdatasync(int fd) {
    int (*function)(int);
    bool later = false;
    *(void **)&function = dlsym(RTLD_NEXT, "fdatasync");
    const char *what = getenv("JOURNAL_FAULT") && is_journal(fd) ? fault_at(count_lines(fd), &later) : NULL;
    if (what && strcmp(what, "broken") == 0) {
        errno = EIO;
        return -1;
    }
    int result = function(fd);
    if (what && !later && strcmp(what, "synced") == 0)
        kill_group();
    return result;
}

static bool is_unreadable(int fd) {
    const char *wanted = getenv("JOURNAL_FAULT");
    return wanted && strcmp(wanted, "unreadable") == 0 && is_journal(fd);
}

ssize_t pread(int fd, void *bytes, size_t length, off_t at) {
    ssize_t (*function)(int, void *, size_t, off_t);
    *(void **)&function = dlsym(RTLD_NEXT, "pread");
    if (!is_unreadable(fd))
        return function(fd, bytes, length, at);
    errno = EIO;
    return -1;
}

/* What a program that was compiled with _FORTIFY_SOURCE calls. */
ssize_t __pread_chk(int fd, void *bytes, size_t length, off_t at, size_t room);

ssize_t __pread_chk(int fd, void *bytes, size_t length, off_t at, size_t room) {
    return pread(fd, bytes, length < room ? length : room, at);
}
