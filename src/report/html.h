/* HTML, written so that no byte of somebody else's can be anything but text.
 *
 * What stands in the records (names, messages, payloads) goes through html_text or html_span alone: the
 * characters that HTML gives a meaning become references, controls and broken UTF-8 become U+FFFD. It may
 * stand between tags and inside quoted attributes. */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>

void html_span(struct text *out, struct span content);
void html_text(struct text *out, const char *content);

/* The content of a JSON string token, likewise; nothing when it is absent or another value. */
void html_token(struct text *out, struct span token);

/* Appends `json` so that it cannot end the script element that it stands in: <, >, &, U+2028 and U+2029
 * inside its strings are written as \u escapes, which JSON allows there alone and which it does not use
 * outside of them. */
void html_json(struct text *out, struct span json);

/* ---- tables ----
 * With a caption, headings with their scope, and every cell with its heading beside it, for screens that are
 * too narrow to show a row in one line. */

struct html_column {
    const char
        *heading; /* plain text of ours, unit included; what the caller has from elsewhere is escaped too */
    bool numeric;
};

struct html_table {
    struct text *out;
    const struct html_column *columns;
    size_t count, at; /* the next cell of the row */
};

/* Appends the start of a table; `caption` is plain text. The columns must live as long as the table is
 * written. */
void html_table_open(struct html_table *table, struct text *out, const char *caption,
                     const struct html_column *columns, size_t count);
void html_table_close(struct html_table *table);

/* A row; `class` is a class of ours, or NULL. The first cell of a row is its heading. */
void html_row_open(struct html_table *table, const char *class);
void html_row_close(struct html_table *table);

/* The next cell. A number that is NaN is an empty cell, marked as such. */
void html_cell_text(struct html_table *table, const char *content);
void html_cell_number(struct html_table *table, double number, int decimals);
void html_cell_price(struct html_table *table, double price);

/* One cell of text over all columns that the row has left. */
void html_cell_rest(struct html_table *table, const char *content);

/* The next cell, which the caller fills with HTML. */
void html_cell_open(struct html_table *table);
void html_cell_close(struct html_table *table);

/* ---- figures ---- */

/* A price with five significant digits and never an exponent: 2.3500, 0.0000023500. */
void html_price(struct text *out, double price);

/* A whole number with a narrow blank between its thousands. */
void html_count(struct text *out, double count);

/* A change in per cent with its sign ("−12.3 %", "+4.0 %", "0 %"), of `now` against `then`. */
void html_change(struct text *out, double then, double now);

#endif
