/* The journal: what a run is about to change and what has come of it, in DIR/journal.ndjson.
 *
 * Before a call that changes something its intent is on the disk (written and flushed, the directory too when
 * the file is new); after it, its outcome. One record a line, for people to read as well:
 *
 *     {"type":"journal","at":"20261123T171003Z","action":"update","phase":"intent","memorySizeMB":512}
 *     {"type":"journal","at":"20261123T171004Z","action":"update","phase":"outcome","memorySizeMB":512}
 *     {"type":"journal","at":"20261123T171004Z","action":"publish","phase":"intent","description":"power-tune:...:512"}
 *     {"type":"journal","at":"20261123T171004Z","action":"publish","phase":"outcome","version":"7"}
 *
 * A process killed while it wrote leaves a torn last line: that record was not written, and is cut off when
 * the journal is opened again. */
#ifndef APPLY_JOURNAL_H
#define APPLY_JOURNAL_H

#include "util/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One member of $LATEST that a run may have changed: every value that it may have now by this run's doing.
 * The last outcome is one; an intent without an outcome adds another. */
struct journal_values {
    char **values; /* as JSON tokens; owned */
    size_t count;
};

struct journal_state {
    struct journal_values memory, description, timeout, logging_config;
    char **versions; /* published by number, with the function's own description (optimising); owned */
    size_t version_count;
    char *alias;                  /* that optimising has begun to point elsewhere, or NULL */
    long long optimize_memory_mb; /* MB that optimising gives $LATEST for good; 0: it has not begun */
    long long optimize_newest; /* the newest version before optimising published its own; -1: it has not got
                                  that far */
    bool optimized;            /* optimising came to its end */
    bool restored;             /* $LATEST was put back, and nothing was changed since */
    bool cleaned;              /* the run's versions are gone, and none was published since */
    bool unresolved;           /* the last intent has no outcome: its call may act yet */
    bool changed;              /* anything was ever to be changed */
};

/* Reads the journal in `directory`; one that is not there is an empty one. False with a `problem` when it
 * cannot be read. */
bool journal_read(const char *directory, struct journal_state *state, struct text *problem);

void journal_state_release(struct journal_state *state);

/* True when `token` is one of the values. */
bool journal_has_value(const struct journal_values *values, const char *token);

struct journal {
    int64_t written_ms;         /* when the last record was written, of the wall clock; 0: there is none */
    int fd;                     /* -1: records are only remembered, not written */
    char *path;                 /* owned; NULL without a file */
    bool failed;                /* the last record could not be written */
    struct journal_state state; /* what all records say, those of earlier processes included */
};

/* A journal without a file, for filters run by hand: it remembers what this process does. */
#define JOURNAL_INIT                                                                                         \
    {                                                                                                        \
        .fd = -1, .state = {.optimize_newest = -1 }                                                          \
    }

/* Reads the journal in `directory`, creating it when it is not there, and opens it for writing. False with a
 * `problem`; the journal is then as JOURNAL_INIT. */
bool journal_open(struct journal *journal, const char *directory, struct text *problem);

/* Writes a record: `phase` is "intent", "outcome" or "refused"; `members` are the JSON members behind it,
 * without braces
 * ("\"memorySizeMB\":512"), "" for none. Returns when it is on the disk. False when it is not: errno tells
 * why, and `failed` is set; `state` has it all the same. */
bool journal_write(struct journal *journal, const char *action, const char *phase, const char *members);

/* How long ago the last record was written, in ms; INT64_MAX without one. Negative when the clock went back.
 */
int64_t journal_age_ms(const struct journal *journal);

void journal_close(struct journal *journal);

#endif
