/* What the platform says of one invocation: the REPORT line of a text log, the platform.report of a JSON log.
 *
 *     REPORT RequestId: ID <TAB> Duration: 5.20 ms <TAB> Billed Duration: 6 ms <TAB> Memory Size: 128 MB
 * <TAB> ...
 *     {"time":...,"type":"platform.report","record":{"requestId":ID,"metrics":{"durationMs":5.2,...},"status":...}}
 *
 * The fields of the line come in any order, separated by tabs, blanks, line ends, what a JSON string has for
 * them, or nothing behind a unit; unknown ones are passed over. RequestId, Duration, Billed Duration, Memory
 * Size and Max Memory Used are required. Nothing is computed and nothing is inferred: figures are kept as the
 * digits that were printed. Spans point into the text that was read. */
#ifndef TUNE_REPORTLINE_H
#define TUNE_REPORTLINE_H

#include "util/span.h"

#include <stdbool.h>

#define REPORTLINE_START "REPORT RequestId: "

/* More memory than this is no memory size. */
enum { MAX_REPORT_MB = 1000000 };

struct report {
    struct span request_id; /* its bytes; of a JSON report the inside of the token */
    /* JSON number tokens, in milliseconds; the last three may be absent. */
    struct span duration, billed_duration, init_duration, restore_duration, billed_restore_duration;
    struct span max_memory_used;    /* a JSON number token, in MB */
    long memory_size;               /* MB */
    struct span status, error_type; /* as request_id; absent when not said */
    bool verbatim; /* strings can stand in a JSON token as they are: they come from one, or are plain */
};

enum report_result {
    REPORT_READ,
    REPORT_OPEN, /* what is there is right, but a required field is missing: it may stand on the lines that
                    follow */
    REPORT_BAD   /* a figure cannot be believed or read: a number without its unit, too large, not a number */
};

/* Reads the report whose text begins with REPORTLINE_START and ends at `end`, where line ends inside count as
 * blanks. */
enum report_result reportline_parse(const char *at, const char *end, struct report *report);

/* The same of a line as the platform has written it since 2019, tab for tab, and with its newline before
 * `end`; returns where that is. NULL for every other line, which reportline_parse then reads; nothing but the
 * speed depends on it. */
const char *reportline_parse_usual(const char *at, const char *end, struct report *report);

/* True when the line begins with the name of a known field, as the parts of a report do that fell apart into
 * lines. */
bool reportline_continues(const char *at, const char *end);

/* Reads an object that json_check has accepted. False when its own "type" is not platform.report: it is then
 * none. Otherwise `*result` says whether it could be read. */
bool reportline_parse_json(struct span object, struct report *report, enum report_result *result);

/* The same of a whole line as the platform writes it, member for member, on which nothing else stands;
 * `*time` is then the inside of its "time". False for every other line, which the general readers then look
 * at; nothing but the speed depends on it. */
bool reportline_parse_usual_json(struct span line, struct report *report, struct span *time);

#endif
