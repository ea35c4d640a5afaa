/* The measurement record: the time and memory of one invocation.
 *
 *     {"type":"measurement","power":MB,"index":I?,"requestId":S,"durationMs":N,"billedDurationMs":N,
 *      "initDurationMs":N?,"restoreDurationMs":N?,"billedRestoreDurationMs":N?,"memorySizeMB":N,
 *      "maxMemoryUsedMB":N,"status":S?,"errorType":S?, ...} */
#ifndef TUNE_MEASUREMENT_H
#define TUNE_MEASUREMENT_H

#include "tune/record.h"
#include "tune/reportline.h"

#include <stdint.h>

/* Where a measurement came from, if the wrapping of the log line told; absent spans and 0 are not written. */
struct origin {
    struct span function_name, log_stream; /* raw bytes */
    int64_t timestamp;                     /* milliseconds since 1970, UTC */
};

/* For a report from a log: measurement_open appends the record without its last brace, measurement_finish
 * appends the origin and the brace. The record's power is the memory size of the report. No newline is
 * appended. */
void measurement_open(struct text *out, const struct report *report);
void measurement_finish(struct text *out, const struct origin *origin);

/* Both in one call. */
void measurement_append(struct text *out, const struct report *report, const struct origin *origin);

/* For a report from an invocation's log tail: appends the record. `memory_mb` and `index` are number tokens
 * of the invocation record (`index` may be absent), `error_type` is its string token or absent, and `others`
 * is an object whose members are copied. */
struct invocation_members {
    struct span memory_mb, index, error_type, others;
};
void measurement_append_invocation(struct text *out, const struct report *report,
                                   const struct invocation_members *members);

/* A measurement as pt-stats reads it. Times are in units of 10 ns (tune/duration.h). */
struct measurement {
    double memory_mb;
    int64_t duration;               /* with init and restore: what the original calls duration */
    int64_t billed_duration;        /* as Lambda printed it */
    int64_t init_duration;          /* 0 for a warm start */
    bool cold;                      /* there was an init or a restore */
    long long timestamp;            /* ms since 1970; 0 when unknown */
    long long payload_index;        /* which of several weighted payloads was sent; -1: there was only one */
    double max_memory_used;         /* MB; 0 when unknown */
    struct span status, error_type; /* string tokens, or absent */
};

/* True when the report says that the invocation failed, so that its time is not the time of a result. When
 * there is a plan in the stream, earlier stages have applied its allowed errors already, and this is not
 * used. */
bool measurement_has_failed(const struct measurement *measurement);

/* Reads the members of a measurement record. False when one is missing or wrong; `problem` says which. */
bool measurement_read(struct span object, struct measurement *measurement, struct text *problem);

/* A fast path for records that pt-logparse wrote for a log. Reads the line at `at` when it has exactly the
 * members of such a record, in their order, and its newline is before `end`; returns where the next line
 * begins. Returns NULL for every other line, which the caller then reads with record.h and measurement_read:
 * the result is the same, only slower. */
const char *measurement_read_fast(const char *at, const char *end, struct measurement *measurement);

/* Reads the memory size that a record is about, "power", MB; 0: it names none. False, with the reason in
 * `problem`, when it is invalid, or missing and required. */
bool record_memory_mb(struct span object, bool required, double *memory_mb, struct text *problem);

#endif
