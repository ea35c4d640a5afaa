/* The usual REPORT line, turned straight into its measurement record: what almost all of a large log is made
 * of.
 *
 * Nothing but the speed depends on it. The record is byte for byte what measurement_append makes of what
 * reportline_parse_usual reads. */
#ifndef LOGPARSE_FAST_REPORT_H
#define LOGPARSE_FAST_REPORT_H

#include "util/text.h"

/* So many bytes from the start of a line on must be readable. */
enum { USUAL_REPORT_ROOM = 256 };

/* Appends the record of the line at `at`, which begins with REPORTLINE_START, and a newline; returns where
 * the line ends, at its newline. NULL, with nothing appended, for a line that is not usual, or does not end
 * within USUAL_REPORT_ROOM bytes, all of which are read. */
const char *fast_report_copy(const char *at, struct text *output);

#endif
