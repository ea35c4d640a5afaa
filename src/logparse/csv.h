/* Logs as a table with commas (RFC 4180): the console's download, results of Logs Insights. */
#ifndef LOGPARSE_CSV_H
#define LOGPARSE_CSV_H

#include "logparse/message.h"

enum { LOG_TABLE_COLUMNS = 64 };

struct log_table {
    size_t count;                             /* of columns */
    size_t message, timestamp, stream, group; /* their places; `count` where there is none */
};

/* True when `line` names columns and one of them is the message's. */
bool log_table_header(struct span line, struct log_table *table);

enum log_row_result { LOG_ROW_READ, LOG_ROW_MORE, LOG_ROW_NONE };

/* Reads the row at `*at` and steps behind it. MORE: it goes on behind `end`, unless that is the end of
 * everything. NONE: what stands there is no row of this table. */
enum log_row_result log_table_row(const struct log_table *table, struct log_context *context, const char **at,
                                  const char *end, bool at_end);

#endif
