/* Measurements that were found inside a document and wait for what the document says around them: where they
 * came from, or that they are a function's own words after all. */
#ifndef LOGPARSE_DEFERRED_H
#define LOGPARSE_DEFERRED_H

#include "logparse/seen.h"
#include "tune/measurement.h"
#include "util/lines.h"

/* Where measurements go. */
struct log_sink {
    struct output *output;
    struct seen *seen;        /* NULL: duplicates count */
    unsigned long reports;    /* that were read, duplicates included */
    unsigned long unreadable; /* that could not be read */
    bool just_unreadable;     /* set with each of those, for the caller to note where */
};

/* Writes the measurement of a report at once. */
void log_sink_report(struct log_sink *sink, const struct report *report, const struct origin *origin);

/* The same for the line at `at`, with USUAL_REPORT_ROOM bytes that can be read, when it is usual and
 * duplicates count: returns its newline, otherwise NULL and nothing was done. */
const char *log_sink_usual(struct log_sink *sink, const char *at);

void log_sink_unreadable(struct log_sink *sink);

struct log_entry {
    size_t start, length;                                    /* of the record so far, in `text` */
    size_t function, function_length, stream, stream_length; /* in `text`; lengths 0: not known */
    int64_t timestamp;                                       /* 0: not known */
    struct seen_key key;
};

/* Zeros are one that holds nothing. */
struct log_deferred {
    struct log_entry *entries; /* owned, as the text is */
    size_t count, capacity;
    struct text text;
};

void log_pending_release(struct log_deferred *pending);

/* Keeps the measurement of a report; what is known of its origin already goes with it. */
void log_pending_add(struct log_deferred *pending, const struct log_sink *sink, const struct report *report,
                     const struct origin *origin);

/* Says of the entries from number `first` on where they came from, as far as they do not know it yet. */
void log_pending_fill(struct log_deferred *pending, size_t first, const struct origin *origin);

/* Takes back all entries from number `first` on. */
void log_pending_drop(struct log_deferred *pending, size_t first);

/* Writes all entries. */
void log_pending_flush(struct log_deferred *pending, struct log_sink *sink);

#endif
