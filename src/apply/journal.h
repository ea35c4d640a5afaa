/* The journal: every change that a run makes and its result, in DIR/journal.ndjson.
 *
 * A record with the phase "intent" is on the disk before the request is sent (written and flushed; the
 * directory, too, when the file is new). After the request, a record with the phase "outcome" or "refused"
 * follows. One record on each line, so that people can read it:
 *
 *     {"type":"journal","at":"20261123T171003Z","action":"update","phase":"intent","memorySizeMB":512}
 *     {"type":"journal","at":"20261123T171004Z","action":"update","phase":"outcome","memorySizeMB":512}
 *     {"type":"journal","at":"20261123T171004Z","action":"publish","phase":"intent","description":"..."}
 *     {"type":"journal","at":"20261123T171004Z","action":"publish","phase":"outcome","version":"7"}
 *
 * A process that is killed while it writes leaves half a line. That line does not count, and is removed when
 * the journal is opened again. */
#ifndef APPLY_JOURNAL_H
#define APPLY_JOURNAL_H

#include "util/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The values that one setting of $LATEST may have now because of this run: the value of the last outcome, and
 * the value of an intent that has no outcome yet. */
struct journal_values {
    char **values; /* JSON tokens; owned */
    size_t count;
};

struct journal_state {
    struct journal_values memory, description, timeout, logging_config;
    char **versions; /* that optimizing has published, by number; owned */
    size_t version_count;
    char *alias;                  /* the alias that optimizing has begun to change, or NULL; owned */
    long long optimize_memory_mb; /* the size, in MB, that optimizing sets; 0: it has not begun */
    long long optimize_newest;    /* the newest version before optimizing published one; -1: not known */
    bool optimized;               /* optimizing is finished */
    bool restored;                /* $LATEST was restored, and not changed since */
    bool cleaned;                 /* the versions of the run were deleted, and none was published since */
    bool unresolved;              /* the last intent has no result: its request may still take effect */
    bool changed;                 /* there is at least one intent */
};

/* True when `token` is one of the values. */
bool journal_has_value(const struct journal_values *values, const char *token);

struct journal {
    int64_t written_ms; /* when the last record was written, on the wall clock, in ms; 0: there is none */
    int fd;             /* -1: no file; records only change `state` */
    char *path;         /* owned; NULL without a file */
    bool failed;        /* the last record could not be written */
    struct journal_state state; /* the sum of all records, including those of earlier processes */
};

/* A journal without a file, for programs that are run without --run-dir. It knows only the changes of this
 * process. */
#define JOURNAL_INIT                                                                                         \
    {                                                                                                        \
        .fd = -1, .state = {.optimize_newest = -1 }                                                          \
    }

/* Opens the journal in `directory` for writing, and reads its records. The file is created when it does not
 * exist. False, with the reason appended to `problem`, when that fails; the journal is then as JOURNAL_INIT.
 * Close it with journal_close. */
bool journal_open(struct journal *journal, const char *directory, struct text *problem);

/* Writes a record and flushes it to the disk. `phase` is "intent", "outcome" or "refused". `members` are
 * further JSON members without braces ("\"memorySizeMB\":512"), or "". `state` changes even when writing
 * fails: the result is then false, errno is set, and `failed` is true. */
bool journal_write(struct journal *journal, const char *action, const char *phase, const char *members);

/* The time in ms since the last record was written; INT64_MAX without a record. Negative when the clock was
 * set back. */
int64_t journal_age_ms(const struct journal *journal);

/* After a failed journal_write: appends the message to `problem`. errno must not have changed since. */
void journal_describe_failure(const struct journal *journal, struct text *problem);

/* Closes the file and frees the memory; the journal is then as JOURNAL_INIT. */
void journal_close(struct journal *journal);

#endif
