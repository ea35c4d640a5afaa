/* Tables for people and for other tools: aligned columns, CSV (RFC 4180), tab-separated values, Markdown. */
#ifndef UTIL_TABLE_H
#define UTIL_TABLE_H

#include "util/text.h"

#include <stdbool.h>

enum table_format { TABLE_NONE, TABLE_ALIGNED, TABLE_CSV, TABLE_TSV, TABLE_MARKDOWN };

/* "ndjson" (no table: TABLE_NONE), "table", "csv", "tsv" or "markdown"; false, with `*format` as it was, for
 * any other name. */
bool table_format_parse(const char *name, enum table_format *format);

struct table {
    enum table_format format;
    size_t width; /* of the terminal; 0: any. An aligned table that is wider breaks its headings, and the last
                     column, into lines; the caller may set it */
    size_t columns;
    bool *numeric;     /* owned: a column that is aligned to the right */
    struct text cells; /* each ends in a NUL; the headings come first */
    size_t count;      /* of cells */
};

void table_open(struct table *table, enum table_format format);
void table_close(struct table *table);

/* Adds a column with its heading, unit included ("average (ms)"). All columns come before the first cell. */
void table_column(struct table *table, const char *heading, bool numeric);

/* Adds the next cell; a row is full after as many as there are columns. Controls and broken UTF-8 are made
 * safe. What a spreadsheet would take for a formula has ' in front in CSV and tab-separated values; what
 * Markdown would take for markup is a code span. */
void table_cell(struct table *table, const char *content);

/* The same of a number: for people with `decimals` decimals, for tools as exactly as it is. NaN is an empty
 * cell. */
void table_number(struct table *table, double number, int decimals);

/* The same with `digits` significant digits for people: for prices, which are small. */
void table_price(struct table *table, double number, int digits);

/* Appends the table; each line, the last too, ends in a newline. */
void table_append(struct text *out, const struct table *table);

#endif
