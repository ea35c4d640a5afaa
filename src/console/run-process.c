#include "console/run-process.h"

#include "util/files.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <unistd.h>

enum { STAT_LIMIT = 4096, FIELD_STATE = 3, FIELD_STARTED = 22 };

/* Parses a line of /proc/PID/stat. The name, in brackets, may contain anything, so fields start after the
 * last bracket. */
static bool read_stat(struct span line, long long *pid, unsigned long long *started, char *state) {
    const char *bracket = memrchr(line.start, ')', line.length);
    char fields[STAT_LIMIT];
    size_t length = bracket ? line.length - (size_t)(bracket + 1 - line.start) : 0;
    if (!bracket || length < 2 || length >= sizeof fields)
        return false;
    *pid = strtoll(line.start, NULL, 10);
    memcpy(fields, bracket + 1, length);
    fields[length] = '\0';
    *state = fields[1];
    char *at = fields + 1;
    for (int field = FIELD_STATE; at && field < FIELD_STARTED; field++) {
        at = strchr(at, ' ');
        at += at != NULL;
    }
    if (!at)
        return false;
    *started = strtoull(at, NULL, 10);
    return *pid > 1;
}

bool process_identity_read(struct span note, struct process_identity *identity) {
    const char *newline = note.length ? memchr(note.start, '\n', note.length) : NULL;
    long long pid;
    char state;
    if (!newline || !read_stat((struct span){note.start, (size_t)(newline - note.start)}, &pid,
                               &identity->started, &state))
        return false;
    identity->pid = (pid_t)pid;
    identity->boot = (struct span){newline + 1, note.length - (size_t)(newline + 1 - note.start)};
    return identity->boot.length > 0;
}

static bool is_there(const struct process_identity *identity) {
    struct text content = TEXT_INIT;
    char path[64], state = 'X';
    long long pid;
    unsigned long long started;
    bool there = file_read("/proc/sys/kernel/random/boot_id", STAT_LIMIT, &content) &&
                 span_same((struct span){content.bytes, content.length}, identity->boot);
    text_clear(&content);
    snprintf(path, sizeof path, "/proc/%ld/stat", (long)identity->pid);
    there = there && file_read(path, STAT_LIMIT, &content) && content.length > 0 &&
            read_stat((struct span){content.bytes, content.length - 1}, &pid, &started, &state) &&
            started == identity->started && state != 'Z' && state != 'X';
    text_release(&content);
    return there;
}

bool process_signal(const struct process_identity *identity, int signal) {
    /* A pidfd, so that the number cannot be reused between the check and the signal. */
    int fd = pidfd_open(identity->pid, 0);
    if (fd < 0)
        return false;
    bool there = is_there(identity) && (!signal || pidfd_send_signal(fd, signal, NULL, 0) == 0);
    close(fd);
    return there;
}
