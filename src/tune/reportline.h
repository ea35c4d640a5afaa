/* Parses Lambda's report of one invocation: the REPORT line of a text log, or platform.report of a JSON log.
 *
 *     REPORT RequestId: ID <TAB> Duration: 5.20 ms <TAB> Billed Duration: 6 ms <TAB> Memory Size: 128 MB ...
 *     {"time":...,"type":"platform.report","record":{"requestId":ID,"metrics":{"durationMs":5.2,...},...}}
 *
 * The fields of the line may be in any order. They are separated by tabs, blanks, commas, bars, line ends, their
 * escapes in a JSON string, or (after a unit) nothing. REPORT may be in brackets, and all parts may be decorated
 * (tune/decoration.h). Unknown fields are ignored. RequestId, Duration, Billed Duration,
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
    REPORT_OPEN, /* a required field is missing */
    REPORT_BAD   /* a number without its unit, too large, or not a number */
};

/* The place of the request id of the report that begins at `at`; NULL when none begins there. */
const char *reportline_id(const char *at, const char *end);

/* Parses the report that begins after `prefix`: its line and, if a required field is missing, the following
 * lines that begin with a field, also after the same prefix (digits, as of a time, may differ). `*stop` becomes
 * the end of its last line; `end` means that text after `end` may belong to it. */
enum report_result reportline_parse(struct span prefix, const char *end, struct report *report,
                                    const char **stop);

/* Parses an object that json_check has accepted. False when its "type" is not platform.report; otherwise
 * `*result` says whether the report could be read. */
bool reportline_parse_json(struct span object, struct report *report, enum report_result *result);

#endif
