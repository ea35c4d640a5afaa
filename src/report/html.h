/* HTML output that is safe against injection.
 *
 * Text from records (names, messages, payloads) is written only by html_text, html_span and html_token.
 * They replace the characters that are special in HTML by references, and control characters and invalid
 * UTF-8 by U+FFFD. The result is safe between tags and inside quoted attributes. */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>

/* Append the content as text. */
void html_span(struct text *out, struct span content);
void html_text(struct text *out, const char *content);

/* Appends the content of a JSON string token; nothing when the token is absent or has another type. */
void html_token(struct text *out, struct span token);

/* Appends `json` for a script element, which it cannot end: <, >, &, U+2028 and U+2029 are written as \u
 * escapes. JSON has these characters only inside strings, where such escapes are valid. */
void html_json(struct text *out, struct span json);

/* ---- tables ---- Each table has a caption and headings with a scope. Every cell repeats its heading in
 * data-label, for screens that are too narrow to show a row in one line. */

struct html_column {
    const char *heading; /* plain text with the unit; it is escaped */
    bool numeric;
};

struct html_table {
    struct text *out;
    const struct html_column *columns;
    size_t count, at; /* number of columns; index of the next cell in the row */
};

/* Starts a table; `caption` is plain text. The columns must stay valid until html_table_close. */
void html_table_open(struct html_table *table, struct text *out, const char *caption,
                     const struct html_column *columns, size_t count);
void html_table_close(struct html_table *table);

/* Starts a row; `class` is its CSS class or NULL. The first cell of a row is its heading. */
void html_row_open(struct html_table *table, const char *class);
void html_row_close(struct html_table *table);

/* Append the next cell. A number that is not finite is shown as a dash. */
void html_cell_text(struct html_table *table, const char *content);
void html_cell_number(struct html_table *table, double number, int decimals);
void html_cell_price(struct html_table *table, double price);

/* Appends one cell of text that spans the remaining columns of the row. */
void html_cell_rest(struct html_table *table, const char *content);

/* Starts the next cell, which the caller fills with HTML. */
void html_cell_open(struct html_table *table);
void html_cell_close(struct html_table *table);

/* ---- figures ---- */

/* Appends a price with five significant digits and without an exponent: 2.3500, 0.0000023500. */
void html_price(struct text *out, double price);

/* Appends a whole number with a narrow space between its thousands. */
void html_count(struct text *out, double count);

/* Appends the change from `then` to `now` in percent, with a sign: "−12.3 %", "+4.0 %", "0 %". */
void html_change(struct text *out, double then, double now);

#endif
