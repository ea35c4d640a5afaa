/* Which process a run is, by what its driver has noted (the file "process" of its directory: a copy of
 * /proc/PID/stat, and the boot's id). A number alone may be another process's by now; with the time it
 * started, in ticks since a certain boot, it is not. */
#ifndef CONSOLE_RUN_PROCESS_H
#define CONSOLE_RUN_PROCESS_H

#include "util/span.h"

#include <sys/types.h>

struct process_identity {
    pid_t pid;
    unsigned long long started; /* ticks since the boot */
    struct span boot;
};

/* Reads such a note. False when it is none. */
bool process_identity_read(struct span note, struct process_identity *identity);

/* Whether that process is there still; sends it a signal if so (0: none). */
bool process_signal(const struct process_identity *identity, int signal);

#endif
