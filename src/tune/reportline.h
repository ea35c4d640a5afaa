/* Parses Lambda's report of one invocation: the REPORT line of a text log, or platform.report of a JSON log.
 *
 *     REPORT RequestId: ID <TAB> Duration: 5.20 ms <TAB> Billed Duration: 6 ms <TAB> Memory Size: 128 MB ...
 *     {"time":...,"type":"platform.report","record":{"requestId":ID,"metrics":{"durationMs":5.2,...},...}}
 *
 * The fields of the line may be in any order. They are separated by tabs, blanks, line ends, their escapes in
 * a JSON string, or (after a unit) nothing. Unknown fields are ignored. RequestId, Duration, Billed Duration,
 * Memory Size and Max Memory Used are required. Nothing is computed or inferred: numbers keep the digits that
 * were printed. Spans point into the text. */
#ifndef TUNE_REPORTLINE_H
#define TUNE_REPORTLINE_H

#include "util/span.h"

#include <stdbool.h>

#define REPORTLINE_START "REPORT RequestId: "

/* A larger number is not a memory size. */
enum { MAX_REPORT_MB = 1000000 };

struct report {
    struct span request_id; /* raw bytes; for a JSON report the inside of the string token */
    /* JSON number tokens in milliseconds. The last three may be absent. */
    struct span duration, billed_duration, init_duration, restore_duration, billed_restore_duration;
    struct span max_memory_used;    /* JSON number token, in MB */
    long memory_size;               /* MB */
    struct span status, error_type; /* like request_id; absent when the report has none */
    bool verbatim;                  /* strings may be copied into JSON without escaping */
};

enum report_result {
    REPORT_READ,
    REPORT_OPEN, /* correct so far, but a required field is missing: it may be on the following lines */
    REPORT_BAD   /* a number without its unit, too large, or not a number */
};

/* Parses the report whose text begins with REPORTLINE_START and ends at `end`. Line ends inside it count as
 * blanks. */
enum report_result reportline_parse(const char *at, const char *end, struct report *report);

/* A fast path for a REPORT line exactly as Lambda has written it since 2019, with its newline before `end`;
 * returns where the newline is. Returns NULL for every other line, which reportline_parse then reads: the
 * result is the same, only slower. */
const char *reportline_parse_fast(const char *at, const char *end, struct report *report);

/* True when the line begins with the name of a known field, like a part of a report that was split into
 * lines. */
bool reportline_continues(const char *at, const char *end);

/* Parses an object that json_check has accepted. False when its "type" is not platform.report; otherwise
 * `*result` says whether the report could be read. */
bool reportline_parse_json(struct span object, struct report *report, enum report_result *result);

/* A fast path for a line that consists of one platform.report exactly as Lambda writes it. `*time` becomes
 * the inside of its "time". False for every other line, which the general parser then reads: the result is
 * the same, only slower. */
bool reportline_parse_json_fast(struct span line, struct report *report, struct span *time);

#endif
