/* Reads logs as comma-separated values (RFC 4180): downloads of the console, results of Logs Insights. */
#ifndef LOGPARSE_CSV_H
#define LOGPARSE_CSV_H

#include "logparse/message.h"

enum { LOG_TABLE_COLUMNS = 64 };

struct log_table {
    size_t count;                             /* number of columns */
    size_t message, timestamp, stream, group; /* index of each column; `count`: absent */
};

/* Reads a heading line. True when it names columns, one of them the message. */
bool log_table_header(struct span line, struct log_table *table);

enum log_row_result { LOG_ROW_READ, LOG_ROW_MORE, LOG_ROW_NONE };

/* Reads the row at `*at`, defers its reports and moves `*at` after it. MORE: the row continues after `end`;
 * more input is needed (never when `at_end`). NONE: this is not a row of the table. `*at` moves only for
 * READ. */
enum log_row_result log_table_row(const struct log_table *table, struct log_context *context, const char **at,
                                  const char *end, bool at_end);

#endif
