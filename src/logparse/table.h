/* Reads logs that are tables: a heading names the columns, as member.h knows them, and each row is an event
 * or a row of Logs Insights.
 *
 *   - values between commas, semicolons or tabs (RFC 4180): downloads and copies of the console;
 *   - cells between bars: Markdown of the console, and --output table of the aws command;
 *   - --output text of the aws command, which has no heading: rows that begin with EVENTS (filter-log-events
 *     and get-log-events; the event's own time is the last column), and pairs of name and value after
 *     RESULTS (get-query-results).
 *
 * A table whose columns are "field" and "value" has a pair in each row; the pairs up to the next occurrence
 * of a name are one row of Logs Insights.
 *
 * A message may contain separators and line ends that are not quoted: what a row has too much belongs to the
 * message. */
#ifndef LOGPARSE_TABLE_H
#define LOGPARSE_TABLE_H

#include "logparse/message.h"
#include "logparse/row.h"

enum { LOG_TABLE_COLUMNS = 64 };

struct log_table {
    char separator;
    bool quoted;         /* a cell may be in quotes, and a row ends with its line */
    const char *keyword; /* with which rows begin in --output text; NULL: there is a heading */
    bool pairs;          /* each row is a name and a value */
    bool figures;        /* a column has a figure */
    size_t count;        /* number of columns */
    size_t message;      /* index of the message, or value, column; `count`: absent */
    unsigned char columns[LOG_TABLE_COLUMNS]; /* enum log_member */
    struct log_row row;                       /* owned: the row that is read */
    size_t first;                             /* index of its first deferred report */
};

/* Reads a heading line, without its line end, or sees that the line is the first of --output text. Sets
 * `*table`, which owns nothing yet, and `*rows` to where the rows begin: after the heading, or at it. False
 * when the line is neither; `*table` is then unspecified. */
bool log_table_heading(struct span line, struct log_table *table, const char **rows);

enum log_row_result { LOG_ROW_READ, LOG_ROW_MORE, LOG_ROW_NONE };

/* Reads the row or other line at `*at`, writes its reports and moves `*at` after it. MORE: the row continues
 * after `end`; more input is needed (never when `at_end`). NONE: this does not belong to the table. `*at`
 * moves only for READ. */
enum log_row_result log_table_row(struct log_table *table, struct log_context *context, const char **at,
                                  const char *end, bool at_end);

/* Writes the reports of the last row, and releases the table. */
void log_table_close(struct log_table *table, struct log_context *context);

#endif
