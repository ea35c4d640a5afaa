/* Tables for people and for other tools: aligned columns, CSV (RFC 4180), tab-separated values and
 * Markdown. */
#ifndef UTIL_TABLE_H
#define UTIL_TABLE_H

#include "util/text.h"

#include <stdbool.h>

enum table_format { TABLE_NONE, TABLE_ALIGNED, TABLE_CSV, TABLE_TSV, TABLE_MARKDOWN };

/* Their names, in this order, for the option --format; ndjson is not a table. */
#define TABLE_FORMATS "ndjson|table|csv|tsv|markdown"

struct table {
    enum table_format format;
    size_t width; /* terminal width, which the caller may set; 0: no limit. A wider aligned table breaks its
                     headings and its last column into lines */
    size_t columns;
    bool *numeric;     /* owned; true for a column that is aligned to the right */
    struct text cells; /* each cell ends in a NUL; the headings come first */
    size_t count;      /* number of cells, headings included */
};

void table_open(struct table *table, enum table_format format);
void table_close(struct table *table);

/* Adds a column. Its heading includes the unit ("average (ms)"). Add all columns before the first cell. */
void table_column(struct table *table, const char *heading, bool numeric);

/* Adds the next cell; cells fill the rows from left to right. Control characters and invalid UTF-8 are
 * escaped. In CSV and TSV, a cell that a spreadsheet would take for a formula gets a leading '; in Markdown,
 * text that would be markup becomes a code span. */
void table_cell(struct table *table, const char *content);

/* Adds a cell with a number: rounded to `decimals` decimals in tables for people, exact in CSV and TSV. NaN
 * becomes an empty cell. */
void table_number(struct table *table, double number, int decimals);

/* Like table_number, with `digits` significant digits in tables for people: for prices, which are small. */
void table_price(struct table *table, double number, int digits);

/* Appends the formatted table to `out`. Every line ends in a newline. */
void table_append(struct text *out, const struct table *table);

#endif
