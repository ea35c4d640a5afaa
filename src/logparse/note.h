/* What the end of a run says about reports that gave no measurement, and about those that were taken on less
 * evidence: how many of each kind, and where the first is. */
#ifndef LOGPARSE_NOTE_H
#define LOGPARSE_NOTE_H

#include "tune/reportline.h"

#include <stddef.h>

enum log_note_kind {
    NOTE_UNREADABLE, /* a report of the platform that could not be read */
    NOTE_UNMEASURED, /* a report that does not have the figures of a measurement */
    NOTE_QUOTED,     /* a report that a function quotes */
    NOTE_ALONE,      /* a report that was taken although only it has its prefix */
    LOG_NOTES
};

struct log_note {
    unsigned long count;
    /* The first of them: */
    const char *input;  /* the name of its input; NULL: not known yet */
    size_t place;       /* the position of its line in the input */
    unsigned long line; /* 0: not counted yet */
    char reason[96];    /* why; may contain bytes of the log */
};

/* Sets `reason`, which has the room of log_note.reason, to what is missing or wrong in a report. */
void log_note_reason(char *reason, enum report_result result, const struct report *report);

/* Sets `reason` to "an unknown prefix 'PREFIX'", shortened. */
void log_note_prefix(char *reason, struct span prefix);

#endif
