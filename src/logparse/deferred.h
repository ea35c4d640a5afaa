/* The sink that measurements go to, and the list of measurements found inside a document. These are deferred,
 * because the rest of the document may give their origin (function, log stream, time), or show that a
 * function printed them. */
#ifndef LOGPARSE_DEFERRED_H
#define LOGPARSE_DEFERRED_H

#include "logparse/ending.h"
#include "logparse/fast.h"
#include "logparse/ids.h"
#include "logparse/note.h"
#include "logparse/seen.h"
#include "tune/measurement.h"
#include "util/lines.h"

/* Where measurements go.
 *
 * Of a report and an event of Lambda Insights with the same request id, the first counts. An id may occur
 * several times, because an asynchronous invocation is retried: then the n-th event belongs to the n-th
 * report. */
struct log_sink {
    struct output *output;
    struct text *held; /* NULL: records are written; otherwise they are appended to this text */
    struct seen *seen; /* NULL: duplicates count */
    struct log_endings endings;
    struct log_ids ids;       /* owned: the ids of the reports that were read */
    unsigned long reports;    /* number of reports read, including duplicates */
    unsigned long events;     /* number of events of Lambda Insights */
    unsigned long uncompared; /* number of these whose id could not be compared with those of reports */
    unsigned long doubled;    /* number of duplicates that were left out */
    struct log_note notes[LOG_NOTES];
    const char *input; /* the name of the input that is read */
    size_t place;      /* position in it of what is read, set before anything is noted */
};

/* Counts a report, or an event of Lambda Insights, with the key and the hash of its request id. True when its
 * measurement is to be written. */
bool log_sink_counts(struct log_sink *sink, const struct seen_key *key, uint64_t id, bool event);

/* Writes the measurement of a report immediately. */
void log_sink_report(struct log_sink *sink, const struct report *report, const struct origin *origin);

/* Writes the measurement of a line if log_fast_report takes it; NULL otherwise, and always when duplicates do
 * not count. */
const char *log_sink_fast(struct log_sink *sink, enum log_anchor anchor, const char *floor, const char *hit);

/* Writes `records` of `reports` reports that log_fast_lines made, without their endings. */
void log_sink_records(struct log_sink *sink, struct span records, unsigned long reports);

/* Gives the measurement of `id`, which was read or is still to come, the status of its ending. */
void log_sink_ending(struct log_sink *sink, const char *id, const char *status);

/* Writes all records but the last: an ending may follow it. */
void log_sink_flush(struct log_sink *sink);

/* Writes records that were held. */
void log_sink_release(struct log_sink *sink, struct span records);

/* Counts a note about `place`, or about the sink's place. `line` is its line, or 0 when that is counted later;
 * `reason` says why. Both are kept for the first of its kind, by place. */
void log_sink_note_at(struct log_sink *sink, enum log_note_kind kind, size_t place, unsigned long line,
                      const char *reason);
void log_sink_note(struct log_sink *sink, enum log_note_kind kind, const char *reason);

/* The number of notes, of all kinds. */
unsigned long log_sink_notes(const struct log_sink *sink);

/* Counts a note for a report that is missing something or wrong. */
void log_sink_unreadable(struct log_sink *sink, enum report_result result, const struct report *report);

/* Releases what the sink owns. */
void log_sink_close(struct log_sink *sink);

struct log_entry {
    size_t start, length;                                    /* the unfinished record, in `text` */
    size_t function, function_length, stream, stream_length; /* in `text`; length 0: unknown */
    int64_t timestamp;                                       /* ms since 1970; 0: unknown */
    struct seen_key key;
    uint64_t id;  /* hash of the request id, while that is remembered */
    bool event;   /* an event of Lambda Insights */
    bool lost;    /* not a measurement: a report after unknown words, which are in `text` instead */
    size_t place; /* of a lost one, in the input */
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

/* Defers the measurement of a report that was read, or counts one that was not, by `result`. */
void log_deferred_take(struct log_deferred *deferred, struct log_sink *sink, enum report_result result,
                       const struct report *report, const struct origin *origin);

/* The same for `object`, if it is a platform.report; false when it is not. A report without memory, as Lambda
 * Managed Instances have it, does not give a measurement. */
bool log_deferred_take_json(struct log_deferred *deferred, struct log_sink *sink, struct span object);

/* Defers a report that is lost because the unknown `words` come before it. */
void log_deferred_lose(struct log_deferred *deferred, const struct log_sink *sink, struct span words);

/* Makes the last entry an event of Lambda Insights, with its request id: it does not count if a report of the same invocation does. */
void log_deferred_mark_event(struct log_deferred *deferred, struct span id);

/* Adds `origin` to the entries from index `first` on, where they do not know it yet. */
void log_deferred_fill(struct log_deferred *deferred, size_t first, const struct origin *origin);

/* Removes the entries from index `first` on. */
void log_deferred_drop(struct log_deferred *deferred, size_t first);

/* The same, because a function quotes them, which is noted. */
void log_deferred_quote(struct log_deferred *deferred, struct log_sink *sink, size_t first);

/* Writes all entries to the sink and empties the list. */
void log_deferred_flush(struct log_deferred *deferred, struct log_sink *sink);

#endif
