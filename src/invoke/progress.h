/* The progress of the invocations, on standard error. On a terminal: a line for each memory size with a bar,
 * the number of invocations, their mean round trip on the client's clock and the time left, redrawn in place.
 * Elsewhere: a plain line when a size is done. */
#ifndef INVOKE_PROGRESS_H
#define INVOKE_PROGRESS_H

#include "invoke/branch.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
    bool shown;    /* progress is shown at all */
    bool terminal; /* standard error is a terminal on which lines can be redrawn */
    bool unicode, colour;
    size_t lines;       /* lines of the last picture on the terminal */
    int64_t next_ms;    /* the next picture is not drawn before then */
    int64_t started_ms; /* when the first picture was drawn; 0: not yet */
};

/* Makes `progress` ready and finds out what standard error is. Nothing is shown unless `wanted`. */
void progress_open(struct progress *progress, bool wanted);

/* Draws the progress on a terminal, at most every 100 ms. */
void progress_show(struct progress *progress, const struct branches *branches);

/* Prints the line of a branch that is done, when standard error is not a terminal. */
void progress_branch_done(const struct progress *progress, const struct branch *branch);

/* Draws the last picture. Later output begins on a new line. */
void progress_close(struct progress *progress, const struct branches *branches);

#endif
