#include "report/html.h"

#include "util/json.h"
#include "util/utf8.h"

#include <math.h>
#include <stdio.h>

static const char replacement[] = "\xef\xbf\xbd";

static const char *reference_of(char byte) {
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

static bool is_control(unsigned long code_point) {
    return (code_point < 0x20 && code_point != '\n' && code_point != '\t') ||
           (code_point >= 0x7f && code_point < 0xa0);
}

void html_span(struct text *out, struct span content) {
    for (size_t at = 0; at < content.length;) {
        unsigned long code_point = 0;
        size_t used = utf8_decode(content.start + at, content.length - at, &code_point);
        const char *reference = used == 1 ? reference_of(content.start[at]) : NULL;
        if (!used || is_control(code_point))
            text_append_string(out, replacement);
        else if (reference)
            text_append_string(out, reference);
        else
            text_append(out, content.start + at, used);
        at += used ? used : 1;
    }
}

void html_text(struct text *out, const char *content) {
    html_span(out, span_of(content));
}

void html_token(struct text *out, struct span token) {
    struct text content = TEXT_INIT;
    if (json_type(token) != JSON_STRING)
        return;
    json_decode_string(token, &content);
    html_span(out, (struct span){text_string(&content), content.length});
    text_release(&content);
}

void html_json(struct text *out, struct span json) {
    for (size_t i = 0; i < json.length; i++) {
        const char *at = json.start + i;
        bool separator =
            i + 2 < json.length && at[0] == '\xe2' && at[1] == '\x80' && (at[2] == '\xa8' || at[2] == '\xa9');
        if (*at == '<' || *at == '>' || *at == '&') {
            text_append_format(out, "\\u%04x", (unsigned)*at);
        } else if (separator) {
            text_append_string(out, at[2] == '\xa8' ? "\\u2028" : "\\u2029");
            i += 2;
        } else {
            text_append_byte(out, *at);
        }
    }
}

/* ---- tables ---- */

void html_table_open(struct html_table *table, struct text *out, const char *caption,
                     const struct html_column *columns, size_t count) {
    *table = (struct html_table){out, columns, count, 0};
    text_append_string(out, "<table role=\"table\">\n<caption>");
    html_text(out, caption);
    text_append_string(out, "</caption>\n<thead role=\"rowgroup\"><tr role=\"row\">");
    for (size_t i = 0; i < count; i++) {
        text_append_format(out, "<th role=\"columnheader\" scope=\"col\"%s>",
                           columns[i].numeric ? " class=\"number\"" : "");
        html_text(out, columns[i].heading);
        text_append_string(out, "</th>");
    }
    text_append_string(out, "</tr></thead>\n<tbody role=\"rowgroup\">\n");
}

void html_table_close(struct html_table *table) {
    text_append_string(table->out, "</tbody>\n</table>\n");
}

void html_row_open(struct html_table *table, const char *class) {
    table->at = 0;
    text_append_string(table->out, "<tr role=\"row\"");
    if (class)
        text_append_format(table->out, " class=\"%s\"", class);
    text_append_byte(table->out, '>');
}

void html_row_close(struct html_table *table) {
    text_append_string(table->out, "</tr>\n");
}

void html_cell_open(struct html_table *table) {
    const struct html_column *column = &table->columns[table->at];
    text_append_string(table->out, table->at ? "<td role=\"cell\"" : "<th role=\"rowheader\" scope=\"row\"");
    if (column->numeric)
        text_append_string(table->out, " class=\"number\"");
    text_append_string(table->out, " data-label=\"");
    html_text(table->out, column->heading);
    text_append_string(table->out, "\">");
}

void html_cell_close(struct html_table *table) {
    text_append_string(table->out, table->at++ ? "</td>" : "</th>");
}

void html_cell_text(struct html_table *table, const char *content) {
    html_cell_open(table);
    html_text(table->out, content);
    html_cell_close(table);
}

void html_cell_rest(struct html_table *table, const char *content) {
    text_append_format(table->out, "<td role=\"cell\" class=\"rest\" colspan=\"%zu\" data-label=\"",
                       table->count - table->at);
    html_text(table->out, table->columns[table->count - 1].heading);
    text_append_string(table->out, "\">");
    html_text(table->out, content);
    table->at = table->count;
    text_append_string(table->out, "</td>");
}

/* Opens a cell for the number. A missing number is shown as a dash, because screen readers skip blank
 * cells. */
static bool open_figure(struct html_table *table, double number) {
    html_cell_open(table);
    if (isfinite(number))
        return true;
    text_append_string(table->out, "<span class=\"none\">–</span>");
    html_cell_close(table);
    return false;
}

void html_cell_number(struct html_table *table, double number, int decimals) {
    if (!open_figure(table, number))
        return;
    text_append_format(table->out, "%.*f", decimals, number);
    html_cell_close(table);
}

void html_cell_price(struct html_table *table, double price) {
    if (!open_figure(table, price))
        return;
    html_price(table->out, price);
    html_cell_close(table);
}

/* ---- figures ---- */

void html_price(struct text *out, double price) {
    enum { DIGITS = 5, MAX_DECIMALS = 20 };
    double size = fabs(price);
    int decimals = DIGITS - 1;
    if (size > 0)
        decimals = DIGITS - 1 - (int)floor(log10(size));
    decimals = decimals < 2 ? 2 : decimals > MAX_DECIMALS ? MAX_DECIMALS : decimals;
    text_append_format(out, "%s%.*f", price < 0 ? "\u2212" : "", decimals, size);
}

void html_count(struct text *out, double count) {
    char digits[40];
    int length = snprintf(digits, sizeof digits, "%.0f", count);
    for (int i = 0; i < length && i < (int)sizeof digits - 1; i++) {
        if (i && (length - i) % 3 == 0)
            text_append_string(out, "\u202f");
        text_append_byte(out, digits[i]);
    }
}

void html_change(struct text *out, double then, double now) {
    double change = then > 0 ? (now - then) / then * 100 : 0;
    if (fabs(change) < 0.05)
        text_append_string(out, "0 %");
    else
        text_append_format(out, "%s%.1f %%", change < 0 ? "\u2212" : "+", fabs(change));
}
