/* Writes stat records as a table, one row each. */
#ifndef STATS_STAT_TABLE_H
#define STATS_STAT_TABLE_H

#include "util/span.h"
#include "util/table.h"

/* Opens a table whose first columns are the `by_count` members `by` (those of --by). */
void stat_table_open(struct table *table, enum table_format format, const char *const *by, size_t by_count);

/* Adds a row for the stat record `object`. */
void stat_table_row(struct table *table, struct span object, const char *const *by, size_t by_count);

#endif
