/* Finding, in large blocks, the few places of a log where something can begin. Wide: 32 bytes at a time with
 * AVX2 where the processor has it, 16 with SSE2, else eight with plain words; the answers are the same. */
#ifndef LOGPARSE_SCAN_H
#define LOGPARSE_SCAN_H

#include <stddef.h>

enum log_anchor {
    ANCHOR_NONE,
    ANCHOR_REPORT,      /* "REPORT RequestId: " */
    ANCHOR_JSON_REPORT, /* "platform.report" */
    ANCHOR_BRACKET      /* a line that begins with { or [: the place is the bracket's */
};

/* The first place at or behind `at` where one of them stands whole before `end`, and which; NULL when there
 * is none. A bracket counts only behind a newline that is not before `at`. */
const char *log_scan(const char *at, const char *end, enum log_anchor *found);

/* The next quote, backslash or control character (below a blank) at or behind `at`; `end` when there is none.
 */
const char *log_find_special(const char *at, const char *end);

/* The number of blanks from `at` on, before anything else or `end`. */
size_t log_count_blanks(const char *at, const char *end);

/* The number of newlines in `length` bytes. */
size_t log_count_lines(const char *bytes, size_t length);

#endif
