/* Finds the process of a run by the note of its driver: the file "process" in the run directory, a copy of
 * /proc/PID/stat followed by the boot id. A process number alone may have been reused; together with the
 * start time and the boot it is unique. */
#ifndef CONSOLE_RUN_PROCESS_H
#define CONSOLE_RUN_PROCESS_H

#include "util/span.h"

#include <sys/types.h>

struct process_identity {
    pid_t pid;
    unsigned long long started; /* ticks since the boot */
    struct span boot;
};

/* Parses a note. False when it is not valid. `identity->boot` points into `note`. */
bool process_identity_read(struct span note, struct process_identity *identity);

/* Sends a signal to the process if it still exists (0: none). False when it does not exist. */
bool process_signal(const struct process_identity *identity, int signal);

#endif
