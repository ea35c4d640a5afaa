/* Fast path for the REPORT line that a large log mostly consists of: copies its figures directly into a
 * measurement record.
 *
 * Only speed depends on it. The record equals, byte for byte, what measurement_append writes for the result
 * of reportline_parse_fast. */
#ifndef LOGPARSE_FAST_REPORT_H
#define LOGPARSE_FAST_REPORT_H

#include "util/text.h"

/* The number of bytes from the start of a line that must be readable. */
enum { FAST_REPORT_ROOM = 256 };

/* Appends the record of the line at `at`, which begins with REPORTLINE_START, and a newline to `output`.
 * Returns the line's newline. NULL, with nothing appended, for a line of any other form or longer than
 * FAST_REPORT_ROOM bytes; this many bytes may be read in any case. */
const char *fast_report_copy(const char *at, struct text *output);

#endif
