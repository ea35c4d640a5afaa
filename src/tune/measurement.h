/* The measurement record: what one invocation took.
 *
 * {"type":"measurement","power":MB,"index":I?,"requestId":S,"durationMs":N,"billedDurationMs":N,"initDurationMs":N?,
 *  "restoreDurationMs":N?,"billedRestoreDurationMs":N?,"memorySizeMB":N,"maxMemoryUsedMB":N,"status":S?,"errorType":S?,
 * ...} */
#ifndef TUNE_MEASUREMENT_H
#define TUNE_MEASUREMENT_H

#include "tune/record.h"
#include "tune/reportline.h"

#include <stdint.h>

/* Where a measurement came from, as far as its wrapping told; absent spans and 0 are not written. */
struct origin {
    struct span function_name, log_stream; /* bytes */
    int64_t timestamp;                     /* milliseconds since 1970, UTC */
};

/* Appends the record of a report from a log, whose power is its own memory size, but for its last brace; and,
 * as its end, where it came from. No newline. */
void measurement_open(struct text *out, const struct report *report);
void measurement_finish(struct text *out, const struct origin *origin);

/* Both. */
void measurement_append(struct text *out, const struct report *report, const struct origin *origin);

/* Appends the record of a report from an invocation's log tail: `memory_mb` and `index` are the invocation's
 * number tokens (`index` may be absent), `error_type` its string token where it had one, and `others` an
 * object whose members pass on. */
struct invocation_members {
    struct span memory_mb, index, error_type, others;
};
void measurement_append_invocation(struct text *out, const struct report *report,
                                   const struct invocation_members *members);

/* A measurement as pt-stats reads it. Times in picoseconds (tune/duration.h). */
struct measurement {
    double memory_mb;
    int64_t duration;               /* with the init and the restore: what the original calls duration */
    int64_t billed_duration;        /* as the platform printed it */
    int64_t init_duration;          /* 0 when it was warm */
    bool cold;                      /* it had an init or a restore */
    long long timestamp;            /* ms since 1970; 0 when the log did not tell */
    long long payload_index;        /* which of several weighted payloads it had; -1: there was one */
    double max_memory_used;         /* MB, 0 when unknown */
    struct span status, error_type; /* string tokens, or absent */
};

/* True when the report says that the invocation failed: its time is that of no result. Where a plan is in the
 * stream, earlier stages have judged, and have let pass what is allowed. */
bool measurement_has_failed(const struct measurement *measurement);

/* Reads the members of a measurement record. False when one is missing or wrong, with `problem` saying so. */
bool measurement_read(struct span object, struct measurement *measurement, struct text *problem);

/* The same of a line at `at`, with its newline before `end`, that pt-logparse wrote for a log: a record with
 * exactly the members of one, in its order; returns where the next line begins. NULL for every other line,
 * which record.h and measurement_read then look at; nothing but the speed depends on it. */
const char *measurement_read_usual(const char *at, const char *end, struct measurement *measurement);

#endif
