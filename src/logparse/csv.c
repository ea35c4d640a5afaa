#include "logparse/csv.h"

#include "logparse/prefix.h"

struct column {
    struct span text; /* without the quotes around it */
    bool quoted;
};

static struct span trim(struct span text) {
    while (text.length && (text.start[text.length - 1] == '\r' || text.start[text.length - 1] == ' '))
        text.length--;
    return text;
}

bool log_table_header(struct span line, struct log_table *table) {
    static const char *const names[][2] = {{"message", "@message"},
                                           {"timestamp", "@timestamp"},
                                           {"logStreamName", "@logStream"},
                                           {"logGroup", "@log"}};
    size_t *const places[] = {&table->message, &table->timestamp, &table->stream, &table->group};
    const char *at = line.start, *end = at + line.length;
    size_t found[4] = {0}, count = 0;
    while (at <= end && count < LOG_TABLE_COLUMNS) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        struct span name = trim((struct span){at, (size_t)((comma ? comma : end) - at)});
        if (name.length >= 2 && name.start[0] == '"' && name.start[name.length - 1] == '"')
            name = (struct span){name.start + 1, name.length - 2};
        count++;
        for (size_t i = 0; i < 4; i++)
            if (span_equals(name, names[i][0]) || span_equals(name, names[i][1]))
                found[i] = count;
        if (!comma)
            break;
        at = comma + 1;
    }
    table->count = count;
    for (size_t i = 0; i < 4; i++)
        *places[i] = found[i] ? found[i] - 1 : count;
    return found[0] && (count > 1 || line.start[0] == '@' || line.start[0] == '"');
}

/* Reads the column that begins at `at` and returns its end; NULL when its closing quote is missing. */
static const char *read_column(const char *at, const char *end, struct column *column) {
    column->quoted = at < end && *at == '"';
    if (!column->quoted) {
        const char *stop = at;
        while (stop < end && *stop != ',' && *stop != '\n')
            stop++;
        column->text = (struct span){at, (size_t)(stop - at)};
        return stop;
    }
    for (const char *stop = at + 1; (stop = memchr(stop, '"', (size_t)(end - stop))); stop++) {
        if (stop + 1 < end && stop[1] == '"') {
            stop++;
            continue;
        }
        column->text = (struct span){at + 1, (size_t)(stop - at - 1)};
        return stop + 1;
    }
    return NULL;
}

/* True for a bracket with a quote in an unquoted column, which CSV does not allow: the line is JSON. */
static bool is_json(const struct column *column) {
    const struct span text = column->text;
    return !column->quoted && text.length && (*text.start == '{' || *text.start == '[') &&
           memchr(text.start, '"', text.length);
}

static void take_row(const struct log_table *table, struct log_context *context,
                     const struct column *columns) {
    const struct column *message = &columns[table->message];
    size_t first = context->deferred->count;
    struct origin origin = {0};
    if (message->quoted && memchr(message->text.start, '"', message->text.length)) {
        struct text plain = TEXT_INIT;
        for (size_t i = 0; i < message->text.length; i++) {
            text_append_byte(&plain, message->text.start[i]);
            i += message->text.start[i] == '"';
        }
        log_message(context, (struct span){text_string(&plain), plain.length});
        text_release(&plain);
    } else {
        log_message(context, message->text);
    }
    if (context->deferred->count == first)
        return;
    if (table->stream < table->count)
        origin.log_stream = columns[table->stream].text;
    if (table->group < table->count)
        origin.function_name = log_group_function(columns[table->group].text);
    if (table->timestamp < table->count) {
        struct log_prefix prefix;
        struct span time = columns[table->timestamp].text;
        struct text with_comma = TEXT_INIT;
        text_append(&with_comma, time.start, time.length);
        text_append_byte(&with_comma, ',');
        log_prefix_skip(with_comma.bytes, with_comma.bytes + with_comma.length, &prefix);
        origin.timestamp = prefix.origin.timestamp;
        text_release(&with_comma);
    }
    log_deferred_fill(context->deferred, first, &origin);
}

enum log_row_result log_table_row(const struct log_table *table, struct log_context *context, const char **at,
                                  const char *end, bool at_end) {
    struct column columns[LOG_TABLE_COLUMNS];
    const char *here = *at;
    for (size_t count = 0; count < table->count; here++) {
        here = read_column(here, end, &columns[count++]);
        if (!here)
            return at_end ? LOG_ROW_NONE : LOG_ROW_MORE;
        if (count == 1 && is_json(columns))
            return LOG_ROW_NONE;
        if (here < end && *here == '\r')
            here++;
        if (here == end && !at_end)
            return LOG_ROW_MORE;
        bool last = here == end || *here == '\n';
        if (last != (count == table->count) || (!last && *here != ','))
            return LOG_ROW_NONE;
        if (last)
            break;
    }
    *at = here < end ? here + 1 : here;
    take_row(table, context, columns);
    return LOG_ROW_READ;
}
