/* The sink that measurements go to, and the list of measurements found inside a document. These are deferred,
 * because the rest of the document may give their origin (function, log stream, time), or show that a
 * function printed them. */
#ifndef LOGPARSE_DEFERRED_H
#define LOGPARSE_DEFERRED_H

#include "logparse/ending.h"
#include "logparse/fast.h"
#include "logparse/seen.h"
#include "tune/measurement.h"
#include "util/lines.h"

/* Where measurements go. */
struct log_sink {
    struct output *output;
    struct seen *seen; /* NULL: duplicates count */
    struct log_endings endings;
    unsigned long reports;    /* number of reports read, including duplicates */
    unsigned long unreadable; /* number of reports that could not be read */
    bool just_unreadable; /* set for each unreadable report; the caller notes the position and clears it */
};

/* Writes the measurement of a report immediately. */
void log_sink_report(struct log_sink *sink, const struct report *report, const struct origin *origin);

/* Writes the measurement of a line if log_fast_report takes it; NULL otherwise, and always when duplicates do
 * not count. */
const char *log_sink_fast(struct log_sink *sink, enum log_anchor anchor, const char *floor, const char *hit);

/* Writes `records` of `reports` reports that were read elsewhere, without their endings. */
void log_sink_records(struct log_sink *sink, struct span records, unsigned long reports);

/* Gives the measurement of `id`, which was read or is still to come, the status of its ending. */
void log_sink_ending(struct log_sink *sink, const char *id, const char *status);

/* Writes all records but the last: an ending may follow it. */
void log_sink_flush(struct log_sink *sink);

/* Counts a report that could not be read. */
void log_sink_unreadable(struct log_sink *sink);

struct log_entry {
    size_t start, length;                                    /* the unfinished record, in `text` */
    size_t function, function_length, stream, stream_length; /* in `text`; length 0: unknown */
    int64_t timestamp;                                       /* ms since 1970; 0: unknown */
    struct seen_key key;
};

/* A list that is all zeros is empty. */
struct log_deferred {
    struct log_entry *entries; /* owned, like the text */
    size_t count, capacity;
    struct text text;
};

/* Releases the list, which is then empty. */
void log_deferred_release(struct log_deferred *deferred);

/* Defers the measurement of a report, with what is known of its origin. */
void log_deferred_add(struct log_deferred *deferred, const struct log_sink *sink, const struct report *report,
                      const struct origin *origin);

/* Adds `origin` to the entries from index `first` on, where they do not know it yet. */
void log_deferred_fill(struct log_deferred *deferred, size_t first, const struct origin *origin);

/* Removes the entries from index `first` on. */
void log_deferred_drop(struct log_deferred *deferred, size_t first);

/* Writes all entries to the sink and empties the list. */
void log_deferred_flush(struct log_deferred *deferred, struct log_sink *sink);

#endif
