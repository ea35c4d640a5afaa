/* How far the invocations are, for a person: a line for each power, with a bar, how many of how many,
 * their mean round trip by the client's clock and the time that is left, redrawn in place on a terminal;
 * elsewhere a plain line when a power is done. Written to standard error. */
#ifndef INVOKE_PROGRESS_H
#define INVOKE_PROGRESS_H

#include "invoke/branch.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
    bool shown; /* anything at all */
    bool terminal;
    bool unicode, colour;
    size_t lines;       /* that stand on the terminal now */
    int64_t next_ms;    /* not redrawn before then */
    int64_t started_ms; /* 0: nothing was drawn yet */
};

/* Ready to show, if `wanted`; looks what standard error is. */
void progress_open(struct progress *progress, bool wanted);

/* Shows how things stand; cheap when it is too early for another picture. */
void progress_show(struct progress *progress, const struct branches *branches);

/* A branch has had its last invocation. */
void progress_branch_done(const struct progress *progress, const struct branch *branch);

/* The last picture; what follows on standard error begins on a line of its own. */
void progress_close(struct progress *progress, const struct branches *branches);

#endif
