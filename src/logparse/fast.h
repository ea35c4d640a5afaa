/* The fast path: copies the figures of the commonest lines of a large log directly into measurement records.
 *
 * Contract
 * --------
 * It takes two forms, and only when a whole line is one of them to the last byte, newline included:
 *
 *     REPORT RequestId: ID<TAB>Duration: N ms<TAB>Billed Duration: N ms<TAB>Memory Size: N MB<TAB>
 *         Max Memory Used: N MB[<TAB>Init Duration: N ms][<TAB>]
 *     {"time":"T","type":"platform.report","record":{"requestId":"ID"[,"status":"success"],
 *         "metrics":{"durationMs":N,"billedDurationMs":N,"memorySizeMB":N,"maxMemoryUsedMB":N
 *         [,"initDurationMs":N]}[,"status":"success"]}}
 *
 * each on one line, status once. ID is 36 printable characters that need no escape; T has 24 of these;
 * N has up to seven digits, no needless zero in front, and up to seven decimals where the platform writes
 * decimals. The grammar of a report is in tune/reportline.h; these forms are a part of it, and give the
 * record that reportline_parse or reportline_parse_json and measurement_append give, byte for byte.
 *
 * It knows nothing of what surrounds a line. The caller makes sure that the lines before give the line no
 * other meaning: it is in no document, table or stream of records, and continues no report. With --distinct
 * the caller does not ask at all.
 *
 * It refuses by returning NULL or false, for any reason and at any time; nothing is then kept. It never
 * reports an error, and never decides that a report is unreadable. So whatever it refuses, and whatever it is
 * not asked, the general way reads (logparse/reader.h) with the same output: only the speed is lost. `make
 * FAST=no` builds programs in which it refuses everything; tests/logparse-fast.bats compares the two.
 *
 * What it gives, of a log as `make bench-logs` makes it, where grep takes 1: pt-logparse takes 0.38, without
 * it 1.3. In two threads (logparse/blocks.h) with the general parser of a report: 0.94; with a reader of the
 * text form that fills a struct report for measurement_append: 0.46. JSON reports, 30 % of a log: 0.3 of
 * grep -E, through a document each 1.9.
 *
 * A new form of log needs nothing here. It must be refused, however, if lines of the two forms mean something
 * else in it: log_fast_lines stops at the places where a document, records or packed events may begin. */
#ifndef LOGPARSE_FAST_H
#define LOGPARSE_FAST_H

#include "logparse/scan.h"
#include "util/text.h"

#include <stdbool.h>

#ifndef LOGPARSE_FAST
#define LOGPARSE_FAST 1
#endif

/* The number of bytes from an anchor that must be readable. The longest line is shorter. */
enum { LOG_FAST_ROOM = 512 };

/* Appends the record of the line with the report `anchor` at `hit`, and a newline, to `output`. `floor`, not
 * after `hit`, is the start of a line. Returns the newline of the line; NULL, with nothing appended, for a
 * line of any other form. */
const char *log_fast_report(enum log_anchor anchor, const char *floor, const char *hit, struct text *output);

/* Appends the records of all reports from `at`, the start of a line, to `end`, and adds their number to
 * `*reports`. The last line must have its newline. False, with any content of `output`, when a line needs the
 * general way. */
bool log_fast_lines(const char *at, const char *end, struct text *output, unsigned long *reports);

#endif
