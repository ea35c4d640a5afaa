/* Finds the few places (anchors) in a large block where a report, a document or a record can begin. Uses AVX2
 * (32 bytes at a time) or SSE2 (16 bytes) if the processor has it, else plain 8-byte words; the results are
 * the same. */
#ifndef LOGPARSE_SCAN_H
#define LOGPARSE_SCAN_H

#include <stddef.h>

/* A report that some tools print without its request id. */
#define LOG_UNNAMED_START "REPORT Duration: "

enum log_anchor {
    ANCHOR_NONE,
    ANCHOR_REPORT,      /* "REPORT RequestId: ", possibly decorated: see reportline_id */
    ANCHOR_UNNAMED,     /* LOG_UNNAMED_START */
    ANCHOR_JSON_REPORT, /* "platform.report" */
    ANCHOR_INSIGHTS,    /* "used_memory_max", a member of an event of Lambda Insights */
    ANCHOR_ENDING,      /* the words after the id of an invocation that ended badly: see log_ending_id */
    ANCHOR_BRACKET      /* a { or [ at the start of a line: the position of the bracket */
};

/* The first anchor from `at` on that is complete before `end`, and its kind in `*found`; NULL when there is
 * none. A bracket counts only if the newline before it is at or after `at`. */
const char *log_scan(const char *at, const char *end, enum log_anchor *found);

/* The next quote, backslash or control character (below 0x20) from `at` on; `end` when there is none. */
const char *log_find_special(const char *at, const char *end);

/* The number of consecutive spaces from `at` on, at most to `end`. */
size_t log_count_blanks(const char *at, const char *end);

/* The number of newlines in `length` bytes. */
size_t log_count_lines(const char *bytes, size_t length);

#endif
