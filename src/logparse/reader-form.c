#include "logparse/reader-form.h"

#include "logparse/own-record.h"
#include "logparse/place.h"
#include "logparse/table.h"
#include "util/memory.h"

#include <stdlib.h>
#include <string.h>

/* How many lines may come before the heading of a table. */
enum { MAX_LINES_BEFORE = 16 };

/* ---- the first lines ---- */

static bool is_space(char byte) {
    return byte == '\n' || byte == '\r' || byte == ' ' || byte == '\t';
}

/* True for a line in which nothing begins: no report, document or record. */
static bool is_passed(const char *line, const char *end) {
    static const char figure[] = "Duration: ";
    while (end > line && is_space(end[-1]))
        end--;
    if (end == line)
        return true;
    bool bracket = *line == '{' || *line == '[' || end[-1] == '{' || end[-1] == '[';
    return !bracket && !memmem(line, (size_t)(end - line), figure, sizeof figure - 1) &&
           !log_message_may_report((struct span){line, (size_t)(end - line)});
}

static bool select_mode(struct log_reader *reader, enum log_mode mode, const char *at) {
    reader->first = false;
    reader->mode = mode;
    reader->at = (size_t)(at - reader->buffer);
    if (mode != LOG_TEXT || reader->source.regular)
        reader->start = reader->at;
    return true;
}

/* Steps over a byte order mark and empty lines. */
static const char *skip_nothing(const struct log_reader *reader, const char *at, const char *end) {
    static const char mark[] = "\xef\xbb\xbf";
    if (!reader->lines_before && end - at >= 3 && memcmp(at, mark, 3) == 0)
        at += 3;
    while (at < end && is_space(*at))
        at++;
    return at;
}

/* Where text begins that `at` follows after a byte order mark, blanks and line ends: a document may be indented. */
static const char *text_start(const char *start, const char *at, const char *end) {
    if (at < end && (*at == '{' || *at == '['))
        return at;
    return start < at && !is_space(*start) ? start + 3 : start;
}

bool log_reader_first(struct log_reader *reader) {
    const char *start = reader->buffer + reader->at, *end = reader->buffer + reader->end, *rows;
    if (end - start < 3 && !reader->at_end)
        return false;
    const char *at = skip_nothing(reader, start, end);
    const char *newline = memchr(at, '\n', (size_t)(end - at)), *stop = newline ? newline : end;
    bool whole = newline || reader->at_end;
    struct log_table table;
    if (!whole && end - at < LOG_LINE_KEEP)
        return false;
    if (log_record_begins(at, stop, whole))
        return select_mode(reader, LOG_RECORDS, at);
    struct span line = {at, (size_t)(stop - at)};
    bool table_begins = newline && log_table_heading(line, &table, &rows);
    /* A line with a report may also begin with the name of a column. */
    if (table_begins && (rows != stop || !log_message_may_report(line))) {
        reader->table = memory_resize(NULL, 1, sizeof table);
        *reader->table = table;
        return select_mode(reader, LOG_TABLE, rows == stop ? newline + 1 : at);
    }
    if (!newline || reader->lines_before == MAX_LINES_BEFORE || !is_passed(at, stop))
        return select_mode(reader, LOG_TEXT, text_start(start, at, end));
    reader->lines_before++;
    reader->at = (size_t)(newline + 1 - reader->buffer);
    return true;
}

/* ---- tables ---- */

static void close_table(struct log_reader *reader) {
    log_table_close(reader->table, &reader->context);
    free(reader->table);
    reader->table = NULL;
    reader->mode = LOG_TEXT;
    reader->text_from = log_place_of(reader, reader->buffer + reader->at);
}

bool log_reader_table(struct log_reader *reader) {
    const char *at = reader->buffer + reader->at, *end = reader->buffer + reader->end;
    enum log_row_result result = LOG_ROW_READ;
    while (at < end && result == LOG_ROW_READ) {
        reader->sink->place = log_place_of(reader, at);
        result = log_table_row(reader->table, &reader->context, &at, end, reader->at_end);
    }
    reader->start = reader->at = (size_t)(at - reader->buffer);
    bool over = result == LOG_ROW_NONE || (result == LOG_ROW_MORE && end - at > LOG_LINE_KEEP) ||
                (reader->at_end && at == end);
    if (over)
        close_table(reader);
    return over;
}
