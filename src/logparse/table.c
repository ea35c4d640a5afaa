#include "logparse/table.h"

#include "logparse/prefix.h"

enum { MAX_CELLS = 4 * LOG_TABLE_COLUMNS, EVENT_ID_DIGITS = 50, TIME_DIGITS = 13 };

static const char events[] = "EVENTS\t", results[] = "RESULTS\t";

struct cell {
    struct span text; /* without the quotes around it */
    bool quoted;
};

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static struct span trim(struct span text) {
    for (; text.length && is_blank(text.start[text.length - 1]); text.length--)
        ;
    for (; text.length && is_blank(*text.start); text.length--)
        text.start++;
    return text;
}

static bool starts_with(const char *at, const char *end, const char *text) {
    size_t length = strlen(text);
    return (size_t)(end - at) >= length && memcmp(at, text, length) == 0;
}

static size_t count_digits(const char *at, const char *end) {
    const char *start = at;
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    return (size_t)(at - start);
}

static const char *line_end(const char *at, const char *end) {
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    return newline ? newline : end;
}

/* ---- cells ---- */

/* Reads the cell that begins at `at` and returns its end; NULL when its closing quote is missing. */
static const char *read_cell(char separator, const char *at, const char *end, struct cell *cell) {
    cell->quoted = at < end && *at == '"';
    if (!cell->quoted) {
        const char *stop = at;
        while (stop < end && *stop != separator && *stop != '\n')
            stop++;
        cell->text = (struct span){at, (size_t)(stop - at)};
        return stop;
    }
    for (const char *stop = at + 1; (stop = memchr(stop, '"', (size_t)(end - stop))); stop++) {
        if (stop + 1 < end && stop[1] == '"') {
            stop++;
            continue;
        }
        cell->text = (struct span){at + 1, (size_t)(stop - at - 1)};
        return stop + 1;
    }
    return NULL;
}

/* Cuts the text at each separator into at most MAX_CELLS cells; returns their number. */
static size_t split(char separator, struct span text, struct cell *cells) {
    const char *at = text.start, *end = at + text.length;
    size_t count = 0;
    while (count < MAX_CELLS) {
        const char *stop = memchr(at, separator, (size_t)(end - at));
        stop = stop && count + 1 < MAX_CELLS ? stop : end;
        cells[count++] = (struct cell){{at, (size_t)(stop - at)}, false};
        if (stop == end)
            break;
        at = stop + 1;
    }
    return count;
}

/* Joins the cells that the message was cut into, so that `count` cells are left. */
static void join_message(const struct log_table *table, struct cell *cells, size_t count) {
    size_t more = count - table->count;
    struct span *message = &cells[table->message].text;
    const struct span *last = &cells[table->message + more].text;
    message->length = (size_t)(last->start + last->length - message->start);
    for (size_t i = table->message + 1; more && i < table->count; i++)
        cells[i] = cells[i + more];
}

/* What is between the bars at both ends of a row. */
static struct span inside_bars(struct span line) {
    line = trim(line);
    for (; line.length && *line.start == '|'; line.length--)
        line.start++;
    for (; line.length && line.start[line.length - 1] == '|'; line.length--)
        ;
    return line;
}

/* ---- headings ---- */

static bool is_message(struct span name, bool pairs) {
    return span_equals(name, "message") || span_equals(name, "@message") ||
           (pairs && span_equals(name, "value"));
}

/* Takes the cells as the names of the columns. True when they are a heading. */
static bool name_columns(struct log_table *table, struct cell *cells, size_t count) {
    bool described = count > 1;
    if (!count || count > LOG_TABLE_COLUMNS)
        return false;
    table->count = table->message = count;
    for (size_t i = 0; i < count; i++) {
        struct span name = cells[i].text = trim(cells[i].text);
        described = described || cells[i].quoted || (name.length && *name.start == '@');
        table->columns[i] = (unsigned char)(name.length ? log_member_of(name) : MEMBER_OTHER);
        table->pairs = table->pairs || (table->columns[i] == MEMBER_FIELD && count == 2);
        table->figures =
            table->figures || (table->columns[i] >= MEMBER_DURATION && table->columns[i] < MEMBER_EVENT_TYPE);
    }
    for (size_t i = 0; i < count; i++) {
        bool message = is_message(cells[i].text, table->pairs);
        table->message = message ? i : table->message;
        if (!message && table->columns[i] == MEMBER_MESSAGE)
            table->columns[i] = MEMBER_OTHER;
    }
    return described && (table->message < count || table->figures);
}

/* EVENTS, eventId, ingestionTime, logStreamName, message, timestamp. GetLogEvents has no id and no stream. A
 * row that was cut before its timestamp has only the time of ingestion. */
static bool event_columns(struct log_table *table, const char *at, const char *end) {
    size_t digits = count_digits(at, end), columns = *table->keyword != '\0';
    bool id = digits >= EVENT_ID_DIGITS;
    if ((!id && (digits != TIME_DIGITS || !columns)) || at + digits == end || at[digits] != '\t')
        return false;
    columns += id;
    size_t ingestion = columns++;
    if (id)
        table->columns[columns++] = MEMBER_STREAM;
    table->message = columns++;
    const char *tab = memrchr(at, '\t', (size_t)(end - at)), *last = tab + 1;
    bool whole = end - last == TIME_DIGITS && count_digits(last, end) == TIME_DIGITS;
    table->columns[whole ? columns++ : ingestion] = MEMBER_TIME;
    table->count = columns;
    return true;
}

/* The layouts of --output text. */
static bool is_text_output(struct span line, struct log_table *table) {
    const char *at = line.start, *end = at + line.length;
    *table = (struct log_table){.separator = '\t', .keyword = ""};
    if (starts_with(at, end, results)) {
        table->keyword = results;
        table->pairs = true;
        table->count = 3;
        table->message = 2;
        table->columns[1] = MEMBER_FIELD;
        return end - at > (ptrdiff_t)sizeof results && at[sizeof results - 1] == '@';
    }
    if (starts_with(at, end, events)) {
        table->keyword = events;
        at += sizeof events - 1;
    }
    return event_columns(table, at, end);
}

bool log_table_heading(struct span line, struct log_table *table, const char **rows) {
    struct cell cells[MAX_CELLS];
    size_t count = 0;
    *rows = line.start;
    if (is_text_output(line, table))
        return true;
    *rows = line.start + line.length;
    line = trim(line);
    if (!line.length || line.length > 4096)
        return false;
    *table = (struct log_table){.separator = '|', .quoted = *line.start != '|'};
    if (!table->quoted)
        return name_columns(table, cells, split('|', inside_bars(line), cells));
    const char *at = line.start, *end = at + line.length;
    table->separator = memchr(at, '\t', line.length)  ? '\t'
                       : memchr(at, ',', line.length) ? ','
                       : memchr(at, ';', line.length) ? ';'
                                                      : ',';
    while (at && at <= end && count < LOG_TABLE_COLUMNS) {
        at = read_cell(table->separator, at, end, &cells[count++]);
        if (!at || (at < end && *at != table->separator))
            return false;
        at++;
    }
    return name_columns(table, cells, count);
}

/* ---- rows ---- */

/* Ends the row: adds its figures when its message gave no report, and writes the reports. */
static void end_row(struct log_table *table, struct log_context *context) {
    struct log_row *row = &table->row;
    if (context->deferred->count == table->first && row->figures)
        log_row_defer(row, context->deferred, context->sink);
    if (context->deferred->count > table->first) {
        struct origin origin = log_row_origin(row);
        log_deferred_fill(context->deferred, table->first, &origin);
    }
    log_deferred_flush(context->deferred, context->sink);
    table->first = context->deferred->count;
    log_row_clear(row);
}

static void take_message(struct log_context *context, const struct cell *cell) {
    if (!cell->quoted || !memchr(cell->text.start, '"', cell->text.length)) {
        log_message(context, cell->quoted ? cell->text : trim(cell->text));
        return;
    }
    struct text plain = TEXT_INIT;
    for (size_t i = 0; i < cell->text.length; i++) {
        text_append_byte(&plain, cell->text.start[i]);
        i += cell->text.start[i] == '"';
    }
    log_message(context, (struct span){text_string(&plain), plain.length});
    text_release(&plain);
}

static void take_pair(struct log_table *table, struct log_context *context, const struct cell *name,
                      const struct cell *value) {
    struct span field = trim(name->text);
    enum log_member member = field.length ? log_member_of(field) : MEMBER_OTHER;
    if (member == MEMBER_OTHER)
        return;
    bool message = is_message(field, false);
    if (table->row.set[member])
        end_row(table, context);
    log_row_set(&table->row, member, message ? field : trim(value->text));
    if (message)
        take_message(context, value);
}

static void take_row(struct log_table *table, struct log_context *context, const struct cell *cells) {
    if (table->pairs) {
        take_pair(table, context, &cells[table->message - 1], &cells[table->message]);
        return;
    }
    if (table->message < table->count)
        take_message(context, &cells[table->message]);
    bool none = context->deferred->count == table->first && !table->figures;
    for (size_t i = 0; !none && i < table->count; i++)
        if (i != table->message && table->columns[i] != MEMBER_OTHER)
            log_row_set(&table->row, (enum log_member)table->columns[i], trim(cells[i].text));
    end_row(table, context);
}

/* True when the line is the heading of another table of the same layout, whose rows then follow. */
static bool take_heading(struct log_table *table, struct log_context *context, const struct cell *first,
                         struct span line) {
    struct log_table next;
    const char *rows;
    struct span name = trim(first->text);
    if (!name.length || log_member_of(name) == MEMBER_OTHER || !log_table_heading(line, &next, &rows) ||
        next.separator != table->separator || next.pairs != table->pairs)
        return false;
    log_table_close(table, context);
    *table = next;
    return true;
}

/* True for a bracket with a quote in an unquoted cell, which CSV does not allow: the line is JSON. */
static bool is_json(const struct cell *cell) {
    const struct span text = cell->text;
    return !cell->quoted && text.length && (*text.start == '{' || *text.start == '[') &&
           memchr(text.start, '"', text.length);
}

/* A row whose cells may be in quotes. */
static enum log_row_result read_quoted(struct log_table *table, struct log_context *context, const char **at,
                                       const char *end, bool at_end) {
    struct cell cells[MAX_CELLS];
    const char *here = *at + (**at == '\r');
    size_t count = 0;
    /* After an empty line, text with tabs could be taken for a row. */
    if (here < end && *here == '\n' && table->separator != '\t') {
        *at = here + 1;
        return LOG_ROW_READ;
    }
    here = *at;
    for (bool last = false; !last; here += !last) {
        here = read_cell(table->separator, here, end, &cells[count++]);
        if (!here)
            return at_end ? LOG_ROW_NONE : LOG_ROW_MORE;
        if (count == 1 && is_json(cells))
            return LOG_ROW_NONE;
        if (here < end && *here == '\r')
            here++;
        if (here == end && !at_end)
            return LOG_ROW_MORE;
        last = here == end || *here == '\n';
        if (!last && (*here != table->separator || count == MAX_CELLS))
            return LOG_ROW_NONE;
    }
    bool heading = take_heading(table, context, cells, (struct span){*at, (size_t)(here - *at)});
    /* Only a tab can be part of a message that is not in quotes. */
    bool joined = count > table->count && table->separator == '\t' && table->message < table->count;
    if (!heading && count != table->count && !joined)
        return LOG_ROW_NONE;
    if (!heading && joined)
        join_message(table, cells, count);
    if (!heading)
        take_row(table, context, cells);
    *at = here < end ? here + 1 : here;
    return LOG_ROW_READ;
}

static bool is_rule(struct span line) {
    bool dash = false;
    for (size_t i = 0; i < line.length; i++) {
        dash = dash || line.start[i] == '-';
        if (!memchr("|+-: =", line.start[i], 6))
            return false;
    }
    return dash || !line.length;
}

/* A row between bars: up to the first line that ends with a bar. A line with too few cells is a title. */
static enum log_row_result read_bars(struct log_table *table, struct log_context *context, const char **at,
                                     const char *end, bool at_end) {
    struct cell cells[MAX_CELLS];
    const char *stop = line_end(*at, end);
    if (stop == end && !at_end)
        return LOG_ROW_MORE;
    struct span line = trim((struct span){*at, (size_t)(stop - *at)});
    if (!is_rule(line)) {
        if (*line.start != '|')
            return LOG_ROW_NONE;
        while (line.start[line.length - 1] != '|' || line.length == 1) {
            if (stop == end)
                return at_end ? LOG_ROW_NONE : LOG_ROW_MORE;
            stop = line_end(stop + 1, end);
            if (stop == end && !at_end)
                return LOG_ROW_MORE;
            line = trim((struct span){*at, (size_t)(stop - *at)});
        }
        size_t count = split('|', inside_bars(line), cells);
        bool heading = take_heading(table, context, cells, line);
        if (!heading && count < table->count && table->pairs)
            end_row(table, context);
        if (!heading && count > table->count && table->message < table->count)
            join_message(table, cells, count);
        if (!heading && (count == table->count || (count > table->count && table->message < table->count)))
            take_row(table, context, cells);
    }
    *at = stop < end ? stop + 1 : stop;
    return LOG_ROW_READ;
}

static const char *skip_indent(const char *at, const char *end) {
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    return at;
}

/* True when a row, or what --output text prints after the rows, begins at `at`, possibly indented. */
static bool begins_row(const struct log_table *table, const char *at, const char *end) {
    const char *here = at = skip_indent(at, end);
    if (!*table->keyword)
        return count_digits(at, end) >= EVENT_ID_DIGITS;
    while (here < end && *here >= 'A' && *here <= 'Z')
        here++;
    return here - at > 5 && here < end && *here == '\t';
}

/* A row of --output text: up to the next one. */
static enum log_row_result read_keyword(struct log_table *table, struct log_context *context, const char **at,
                                        const char *end, bool at_end) {
    struct cell cells[MAX_CELLS];
    enum { LONGEST_START = 64 };
    const char *stop = line_end(*at, end);
    while (stop < end && (end - stop > LONGEST_START || at_end) && !begins_row(table, stop + 1, end))
        stop = line_end(stop + 1, end);
    if (!at_end && end - stop <= LONGEST_START)
        return LOG_ROW_MORE;
    struct log_table columns;
    struct span text = trim((struct span){*at, (size_t)(stop - *at)});
    if (is_text_output(text, &columns) && columns.keyword == table->keyword) {
        size_t count = split('\t', text, cells);
        table->count = columns.count;
        table->message = columns.message;
        memcpy(table->columns, columns.columns, sizeof columns.columns);
        if (count > table->count)
            join_message(table, cells, count);
        if (count >= table->count)
            take_row(table, context, cells);
    } else if (text.length && !begins_row(table, text.start, text.start + text.length)) {
        return LOG_ROW_NONE;
    }
    *at = stop < end ? stop + 1 : stop;
    return LOG_ROW_READ;
}

enum log_row_result log_table_row(struct log_table *table, struct log_context *context, const char **at,
                                  const char *end, bool at_end) {
    if (table->keyword)
        return read_keyword(table, context, at, end, at_end);
    return table->quoted ? read_quoted(table, context, at, end, at_end)
                         : read_bars(table, context, at, end, at_end);
}

void log_table_close(struct log_table *table, struct log_context *context) {
    end_row(table, context);
    log_row_release(&table->row);
}
