#include "util/table.h"

#include "util/diagnostics.h"
#include "util/json.h"
#include "util/markdown.h"
#include "util/memory.h"
#include "util/span.h"
#include "util/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void table_open(struct table *table, enum table_format format) {
    *table = (struct table){.format = format};
}

void table_close(struct table *table) {
    free(table->numeric);
    text_release(&table->cells);
    *table = (struct table){0};
}

static void add_cell(struct table *table, const char *content, size_t length) {
    text_append_safe(&table->cells, content, length);
    text_append_byte(&table->cells, '\0');
    table->count++;
}

void table_column(struct table *table, const char *heading, bool numeric) {
    table->numeric = memory_resize(table->numeric, table->columns + 1, sizeof *table->numeric);
    table->numeric[table->columns++] = numeric;
    add_cell(table, heading, strlen(heading));
}

void table_cell(struct table *table, const char *content) {
    add_cell(table, content, strlen(content));
}

static bool for_people(const struct table *table) {
    return table->format == TABLE_ALIGNED || table->format == TABLE_MARKDOWN;
}

static void add_number(struct table *table, double number, const char *format, int precision) {
    struct text text = TEXT_INIT;
    if (isnan(number))
        text_append_string(&text, "");
    else if (!for_people(table))
        json_append_number(&text, number);
    else if (*format == 'f')
        text_append_format(&text, "%.*f", precision, number);
    else
        text_append_format(&text, "%#.*g", precision, number);
    table_cell(table, text_string(&text));
    text_release(&text);
}

void table_number(struct table *table, double number, int decimals) {
    add_number(table, number, "f", decimals);
}

void table_price(struct table *table, double number, int digits) {
    add_number(table, number, "g", digits);
}

/* ---- writing ---- */

/* The width of the text on a terminal, one column per character. */
static size_t span_width(struct span words) {
    size_t width = 0;
    for (size_t at = 0; at < words.length; width++) {
        unsigned long code_point;
        size_t used = utf8_decode(words.start + at, words.length - at, &code_point);
        at += used ? used : 1;
    }
    return width;
}

static size_t width_of(const char *cell) {
    return span_width(span_of(cell));
}

static void append_spaces(struct text *out, size_t count) {
    while (count--)
        text_append_byte(out, ' ');
}

static void append_aligned(struct text *out, struct span cell, size_t width, bool numeric, bool last) {
    size_t own = span_width(cell), space = width > own ? width - own : 0;
    if (numeric)
        append_spaces(out, space);
    text_append(out, cell.start, cell.length);
    if (!numeric && !last)
        append_spaces(out, space);
}

/* Removes trailing blanks and ends the line. */
static void end_line(struct text *out) {
    while (out->length && out->bytes[out->length - 1] == ' ')
        out->bytes[--out->length] = '\0';
    text_append_byte(out, '\n');
}

static bool is_number(const char *cell) {
    struct span value;
    return json_check(span_of(*cell == '+' ? cell + 1 : cell), &value, NULL) &&
           json_type(value) == JSON_NUMBER;
}

/* Spreadsheets take a cell that begins like this for a formula, unless it is a number; a leading quote makes
 * it text (OWASP, "CSV Injection"). A cell cannot begin with a tab or a carriage return, because they are
 * escaped. The last four are the same characters in full width. Where cells are not quoted (TSV), a leading
 * quotation mark could join several cells to one. */
static bool is_formula(const char *cell, enum table_format format) {
    static const char *const starts[] = {
        "=", "+", "-", "@", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"};
    if (format == TABLE_TSV && *cell == '"')
        return true;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (strncmp(cell, starts[i], strlen(starts[i])) == 0)
            return !is_number(cell);
    return false;
}

static void append_quoted(struct text *out, const char *cell, bool formula) {
    bool quoted = formula || strpbrk(cell, ",\"\r\n");
    text_append_string(out, quoted ? "\"" : "");
    text_append_string(out, formula ? "'" : "");
    for (; *cell; cell++) {
        if (*cell == '"')
            text_append_byte(out, '"');
        text_append_byte(out, *cell);
    }
    text_append_string(out, quoted ? "\"" : "");
}

static void append_cell(struct text *out, const struct table *table, const char *cell, size_t column,
                        const size_t *widths) {
    bool last = column + 1 == table->columns, formula = is_formula(cell, table->format);
    switch (table->format) {
    case TABLE_CSV:
        append_quoted(out, cell, formula);
        text_append_string(out, last ? "\n" : ",");
        break;
    case TABLE_TSV:
        text_append_string(out, formula ? "'" : "");
        text_append_string(out, cell);
        text_append_string(out, last ? "\n" : "\t");
        break;
    case TABLE_MARKDOWN:
        text_append_string(out, column ? " " : "| ");
        text_append_markdown(out, cell);
        text_append_string(out, last ? " |\n" : " |");
        break;
    case TABLE_NONE:
    case TABLE_ALIGNED:
        append_aligned(out, span_of(cell), widths[column], table->numeric[column], last);
        if (!last)
            text_append_string(out, "  ");
        else
            end_line(out);
        break;
    }
}

static void append_markdown_rule(struct text *out, const struct table *table) {
    text_append_byte(out, '|');
    for (size_t i = 0; i < table->columns; i++)
        text_append_string(out, table->numeric[i] ? " ---: |" : " --- |");
    text_append_byte(out, '\n');
}

/* ---- tables that are wider than the terminal ---- */

/* Breaks `cell` into lines of at most `width` columns, at blanks where possible, and returns line `index`;
 * after the last line a span without a start. */
static struct span line_of(const char *cell, size_t width, size_t index) {
    struct span rest = span_of(cell);
    for (;; index--) {
        size_t fits = 0, blank = 0;
        for (size_t places = 0; fits < rest.length && places < width; places++) {
            unsigned long code_point;
            size_t used = utf8_decode(rest.start + fits, rest.length - fits, &code_point);
            fits += used ? used : 1;
            if (fits < rest.length && rest.start[fits] == ' ')
                blank = fits;
        }
        size_t end = fits == rest.length || !blank ? fits : blank;
        if (!index)
            return (struct span){rest.start, end};
        while (end < rest.length && rest.start[end] == ' ')
            end++;
        if (end == rest.length)
            return (struct span){NULL, 0};
        rest = (struct span){rest.start + end, rest.length - end};
    }
}

static size_t count_lines(const char *cell, size_t width) {
    size_t count = 1;
    while (line_of(cell, width, count).start)
        count++;
    return count;
}

static size_t longest_word(const char *cell) {
    size_t longest = 0;
    for (const char *at = cell; *at;) {
        size_t length = strcspn(at, " ");
        size_t width = span_width((struct span){at, length});
        longest = width > longest ? width : longest;
        at += length + strspn(at + length, " ");
    }
    return longest;
}

static size_t total_width(const size_t *widths, size_t columns) {
    size_t total = 2 * (columns - 1);
    for (size_t i = 0; i < columns; i++)
        total += widths[i];
    return total;
}

/* Narrows each column to its cells and the longest word of its heading. When the last column is text, it gets
 * the rest of the width. */
static void narrow(const struct table *table, size_t *widths) {
    enum { NARROWEST = 12 };
    size_t last = table->columns - 1;
    const char *cell = text_string(&table->cells);
    for (size_t i = 0; i < table->count; i++, cell += strlen(cell) + 1) {
        size_t width = i < table->columns ? longest_word(cell) : width_of(cell);
        size_t *own = &widths[i % table->columns];
        *own = i < table->columns || width > *own ? width : *own;
    }
    size_t total = total_width(widths, table->columns);
    if (table->numeric[last] || total <= table->width)
        return;
    size_t others = total - widths[last];
    widths[last] = others + NARROWEST < table->width ? table->width - others : NARROWEST;
}

/* Appends one row. Headings are aligned to its last line, cells to its first. */
static const char *append_lines(struct text *out, const struct table *table, const char *row, bool heading,
                                const size_t *widths) {
    size_t lines = 1;
    const char *cell = row;
    for (size_t i = 0; i < table->columns; i++, cell += strlen(cell) + 1) {
        size_t own = count_lines(cell, widths[i]);
        lines = own > lines ? own : lines;
    }
    for (size_t line = 0; line < lines; line++) {
        cell = row;
        for (size_t i = 0; i < table->columns; i++, cell += strlen(cell) + 1) {
            size_t above = heading ? lines - count_lines(cell, widths[i]) : 0;
            struct span words = line < above ? span_of("") : line_of(cell, widths[i], line - above);
            append_aligned(out, words.start ? words : span_of(""), widths[i], table->numeric[i],
                           i + 1 == table->columns);
            text_append_string(out, "  ");
        }
        end_line(out);
    }
    return cell;
}

static void append_narrow(struct text *out, const struct table *table, size_t *widths) {
    const char *row = text_string(&table->cells);
    narrow(table, widths);
    for (size_t i = 0; i + table->columns <= table->count; i += table->columns)
        row = append_lines(out, table, row, i == 0, widths);
}

void table_append(struct text *out, const struct table *table) {
    if (!table->columns)
        return;
    size_t *widths = memory_zeroed(table->columns, sizeof *widths);
    const char *cell = text_string(&table->cells);
    for (size_t i = 0; i < table->count; i++, cell += strlen(cell) + 1) {
        size_t width = width_of(cell);
        if (width > widths[i % table->columns])
            widths[i % table->columns] = width;
    }
    if (table->format == TABLE_ALIGNED && table->width &&
        total_width(widths, table->columns) > table->width) {
        append_narrow(out, table, widths);
        free(widths);
        return;
    }
    cell = text_string(&table->cells);
    for (size_t i = 0; i < table->count; i++, cell += strlen(cell) + 1) {
        append_cell(out, table, cell, i % table->columns, widths);
        if (i + 1 == table->columns && table->format == TABLE_MARKDOWN)
            append_markdown_rule(out, table);
    }
    free(widths);
}
