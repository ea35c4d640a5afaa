#include "logparse/reader.h"

#include "logparse/fill.h"
#include "logparse/own-record.h"
#include "logparse/packed.h"
#include "logparse/place.h"
#include "logparse/prefix.h"
#include "logparse/reader-form.h"
#include "logparse/scan.h"
#include "util/json.h"

#include <stdlib.h>

static const struct origin no_origin = {{NULL, 0}, {NULL, 0}, 0};

enum { OVERLAP = 8 * 1024, REPORT_START = sizeof REPORTLINE_START - 1 };

/* ---- lines ---- */

static const char *line_end(const char *at, const char *limit) {
    const char *newline = memchr(at, '\n', (size_t)(limit - at));
    return newline ? newline : limit;
}

static bool starts_with(const char *at, const char *end, const char *text, size_t length) {
    return (size_t)(end - at) >= length && memcmp(at, text, length) == 0;
}

/* ---- records of this toolkit ---- */

static void take_record_line(struct log_reader *reader, const char *line, const char *end) {
    struct span text = {line, (size_t)(end - line)}, object, type;
    struct json_error error;
    while (text.length && (*text.start == ' ' || *text.start == '\t')) {
        text.start++;
        text.length--;
    }
    bool json = text.length && *text.start == '{' && json_check(text, &object, &error);
    if (json && json_member(object, "type", &type) && json_type(type) == JSON_STRING &&
        !json_string_is(type, "platform.report")) {
        reader->record(reader->record_context, object, type, log_line_of(reader, log_place_of(reader, line)));
    } else if (!json && log_record_is_cut(text.start, end)) {
        reader->bad_record(reader->record_context, "invocation", error.reason,
                           log_line_of(reader, log_place_of(reader, line)));
    } else {
        log_message(&reader->context, (struct span){line, (size_t)(end - line)});
        log_deferred_flush(reader->deferred, reader->sink);
        log_note_unreadable(reader, line);
    }
}

static bool read_records(struct log_reader *reader) {
    const char *at = reader->buffer + reader->at, *end = reader->buffer + reader->end, *newline;
    while ((newline = memchr(at, '\n', (size_t)(end - at)))) {
        take_record_line(reader, at, newline);
        at = newline + 1;
    }
    if (reader->at_end && at < end) {
        take_record_line(reader, at, end);
        at = end;
    } else if (end - at > MAX_LINE) {
        reader->bad_record(reader->record_context, NULL, line_too_long,
                           log_line_of(reader, log_place_of(reader, at)));
        reader->at_end = true;
        at = end;
    }
    reader->start = reader->at = (size_t)(at - reader->buffer);
    return false;
}

/* ---- documents ---- */

static bool start_document(struct log_reader *reader, const char *line, const char *at,
                           const struct origin *prefix) {
    reader->mode = LOG_DOCUMENT;
    reader->document_line = log_place_of(reader, line);
    reader->start = reader->at = (size_t)(at - reader->buffer);
    log_document_open(&reader->document, &reader->context, log_place_of(reader, at), prefix);
    return true;
}

static void continue_as_text(struct log_reader *reader, const char *at, bool headless) {
    log_document_close(&reader->document);
    reader->mode = LOG_TEXT;
    reader->headless = headless;
    reader->start = reader->at = (size_t)(at - reader->buffer);
}

/* The document is not JSON at `at`. Continues as text: with the line of `at`, or the line in which the
 * document began. */
static bool abandon_document(struct log_reader *reader, const char *at) {
    size_t line_start = reader->document.line_start;
    bool later = line_start > reader->document_line && line_start >= reader->offset + reader->start;
    log_document_abandon(&reader->document);
    log_note_unreadable(reader, at);
    reader->embedded_until = log_place_of(reader, at);
    if (later) {
        continue_as_text(reader, log_at_place(reader, line_start), false);
    } else if (reader->document_line >= reader->offset && line_start <= reader->document.frames[0].start) {
        reader->plain_line = reader->document_line + 1;
        continue_as_text(reader, log_at_place(reader, reader->document_line), false);
    } else {
        continue_as_text(reader, at, true);
    }
    return true;
}

static bool read_document(struct log_reader *reader) {
    const char *at = reader->buffer + reader->at, *end = reader->buffer + reader->end;
    enum document_result result;
    do {
        result = log_document_read(&reader->document, reader->buffer, reader->offset, &at, end);
        log_note_unreadable(reader, at);
    } while (result == DOCUMENT_PAUSE);
    if (result == DOCUMENT_BAD || (result == DOCUMENT_MORE && reader->at_end))
        return abandon_document(reader, at);
    if (result == DOCUMENT_MORE) {
        size_t keep = log_document_keep(&reader->document, log_place_of(reader, at));
        reader->at = (size_t)(at - reader->buffer);
        reader->start = keep > reader->offset ? keep - reader->offset : 0;
        return false;
    }
    /* Documents may follow each other directly. */
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\r'))
        at++;
    const char *line =
        reader->document_line >= reader->offset ? log_at_place(reader, reader->document_line) : at;
    bool new_line = at < end && *at == '\n';
    continue_as_text(reader, new_line ? at + 1 : at, !new_line);
    if (at < end && (*at == '{' || *at == '['))
        start_document(reader, line, at, &no_origin);
    return true;
}

/* ---- text ---- */

/* The result of an anchor: continue the text at `next`, or the mode has changed, or more input is needed. */
struct step {
    const char *next;
    bool changed, wait;
};

static struct step continue_at(const char *next) {
    return (struct step){next, false, false};
}

/* Takes the report at `hit`, where its message begins; `line` is the start of its line. */
static struct step take_text_report(struct log_reader *reader, const char *line, const char *hit,
                                    const char *limit, const struct origin *origin) {
    struct report report;
    const char *end;
    enum report_result result =
        reportline_parse((struct span){line, (size_t)(hit - line)}, limit, &report, &end);
    if (end == limit && !reader->at_end)
        return (struct step){line, false, true};
    if (result == REPORT_READ) {
        log_sink_report(reader->sink, &report, origin);
    } else {
        log_sink_unreadable(reader->sink);
        log_note_unreadable(reader, hit);
    }
    return continue_at(end);
}

static bool may_be_document(const struct log_reader *reader, const char *line, const char *at,
                            const char *end) {
    return at < end && (*at == '{' || *at == '[') && reader->plain_line != log_place_of(reader, line) + 1;
}

static struct step take_report_anchor(struct log_reader *reader, const char *line, const char *hit,
                                      const char *limit) {
    struct log_prefix prefix = {0};
    const char *at = hit > line ? log_prefix_skip(line, hit, &prefix) : hit;
    if (at == hit || log_message_localstack(line, hit, line_end(hit, limit)))
        return take_text_report(reader, line, hit, limit, &prefix.origin);
    if (may_be_document(reader, line, at, hit))
        return (struct step){NULL, start_document(reader, line, at, &prefix.origin), false};
    return continue_at(hit + REPORT_START);
}

static struct step take_ending(struct log_reader *reader, const char *line, const char *hit,
                               const char *limit) {
    log_message_ending(&reader->context, line, hit, limit);
    return continue_at(hit + 1);
}

/* Takes the platform.report objects in a line that is not a document: after other text, or in a quoted
 * column. */
static void take_embedded(struct log_reader *reader, const char *line, const char *end) {
    const char *from = reader->embedded_until > log_place_of(reader, line)
                           ? log_at_place(reader, reader->embedded_until)
                           : line;
    from = log_message_embedded(&reader->context, (struct span){line, (size_t)(end - line)}, from);
    reader->embedded_until = log_place_of(reader, from);
}

/* Starts the document that an earlier line, not before `floor`, may have opened. */
static bool start_opened(struct log_reader *reader, const char *floor, const char *line, const char *hit) {
    struct log_prefix prefix;
    const char *bracket, *opening = log_opening(floor, line, &bracket, &prefix);
    return opening && may_be_document(reader, opening, bracket, hit) &&
           start_document(reader, opening, bracket, &prefix.origin);
}

static struct step take_json_anchor(struct log_reader *reader, const char *floor, const char *line,
                                    const char *hit, const char *limit, bool headless) {
    struct log_prefix prefix = {0};
    const char *end = line_end(hit, limit);
    const char *at = headless ? line : log_prefix_skip(line, end, &prefix);
    if (prefix.function_line || (!headless && log_prefix_is_function_line(line, at, end)))
        return continue_at(end);
    if (!headless && (*line == ' ' || *line == '\t') && start_opened(reader, floor, line, hit))
        return (struct step){NULL, true, false};
    if (at > line && at[-1] == '"' && end - at > 2 && at[1] == '"' && at[2] == '"')
        log_message(&reader->context, (struct span){line, (size_t)(end - line)});
    else if (!headless && may_be_document(reader, line, at, hit))
        return (struct step){NULL, start_document(reader, line, at, &prefix.origin), false};
    else
        take_embedded(reader, line, end);
    log_deferred_fill(reader->deferred, 0, &prefix.origin);
    log_deferred_flush(reader->deferred, reader->sink);
    log_note_unreadable(reader, line);
    return continue_at(end);
}

/* An event of Lambda Insights is a document, whatever comes before it: no function writes one. */
static struct step take_insights_anchor(struct log_reader *reader, const char *floor, const char *line,
                                        const char *hit, bool headless) {
    struct log_prefix prefix = {0};
    const char *at = headless ? line : log_prefix_skip(line, hit, &prefix);
    const char *bracket = memchr(at, '{', (size_t)(hit - at));
    if (bracket && bracket > line && bracket[-1] == ' ' && *line != ' ')
        at = bracket;
    bool document =
        !headless && !prefix.function_line &&
        ((may_be_document(reader, line, at, hit) && start_document(reader, line, at, &prefix.origin)) ||
         ((*line == ' ' || *line == '\t') && start_opened(reader, floor, line, hit)));
    return document ? (struct step){NULL, true, false} : continue_at(hit + 1);
}

static bool only_bracket(const char *at, const char *end) {
    for (at++; at < end; at++)
        if (*at != ' ' && *at != '\t' && *at != '\r')
            return false;
    return true;
}

static struct step take_bracket(struct log_reader *reader, const char *line, const char *limit) {
    static const char start[] = "{\"type\":";
    const char *end = line_end(line, limit);
    if (starts_with(line, end, start, sizeof start - 1) && log_record_begins(line, end, true)) {
        reader->mode = LOG_RECORDS;
        reader->start = reader->at = (size_t)(line - reader->buffer);
        return (struct step){NULL, true, false};
    }
    if ((only_bracket(line, end) || log_line_is_opaque((struct span){line, (size_t)(end - line)})) &&
        may_be_document(reader, line, line, end))
        return (struct step){NULL, start_document(reader, line, line, &no_origin), false};
    return continue_at(line + 1);
}

static const char *find_line(const char *hit, const char *floor) {
    if (hit > floor && hit[-1] == '\n')
        return hit;
    const char *newline = hit > floor ? memrchr(floor, '\n', (size_t)(hit - floor)) : NULL;
    return newline ? newline + 1 : floor;
}

/* Processes the lines from `line` to `limit`, which is the end of a line. */
static struct step read_lines(struct log_reader *reader, const char *line, const char *limit) {
    struct step step = continue_at(line);
    enum log_anchor anchor;
    const char *hit, *floor = line;
    if (line < limit && !reader->headless && (*line == '{' || *line == '['))
        step = take_bracket(reader, line, limit);
    while (!step.changed && !step.wait && (hit = log_scan(step.next, limit, &anchor))) {
        line = find_line(hit, floor);
        bool headless = reader->headless && line == floor;
        bool room = limit - hit >= LOG_FAST_ROOM && !headless;
        const char *newline =
            anchor != ANCHOR_BRACKET && room ? log_sink_fast(reader->sink, anchor, line, hit) : NULL;
        if (newline)
            step = continue_at(newline);
        else if (anchor == ANCHOR_BRACKET)
            step = take_bracket(reader, hit, limit);
        else if (anchor == ANCHOR_JSON_REPORT)
            step = take_json_anchor(reader, floor, line, hit, limit, headless);
        else if (anchor == ANCHOR_ENDING)
            step = take_ending(reader, line, hit, limit);
        else if (anchor == ANCHOR_INSIGHTS)
            step = take_insights_anchor(reader, floor, line, hit, headless);
        else
            step = headless ? continue_at(hit + REPORT_START) : take_report_anchor(reader, line, hit, limit);
    }
    return step;
}

/* Processes the start of a line that is too long to be kept. It may be a document; in text, only
 * platform.report objects count. */
static bool read_overlong(struct log_reader *reader, const char *line, const char *end) {
    struct log_prefix prefix;
    const char *at = reader->headless ? line : log_prefix_skip(line, end, &prefix);
    if (!reader->headless && may_be_document(reader, line, at, end))
        return start_document(reader, line, at, &prefix.origin);
    if (log_message_may_report((struct span){line, (size_t)(end - line)}) &&
        !(!reader->headless && (prefix.function_line || log_prefix_is_function_line(line, at, end)))) {
        take_embedded(reader, line, end);
        log_deferred_flush(reader->deferred, reader->sink);
        log_note_unreadable(reader, line);
    }
    reader->headless = true;
    reader->start = reader->at = reader->end - OVERLAP;
    return false;
}

static bool read_text(struct log_reader *reader) {
    const char *line = reader->buffer + reader->at, *end = reader->buffer + reader->end;
    const char *newline = line < end ? memrchr(line, '\n', (size_t)(end - line)) : NULL;
    const char *limit = reader->at_end ? end : newline ? newline + 1 : line;
    struct step step = read_lines(reader, line, limit);
    if (step.changed)
        return true;
    if (limit > line)
        reader->headless = reader->headless && !newline;
    bool overlong = !reader->at_end && !step.wait && end - limit > LOG_LINE_KEEP;
    if (!reader->at_end && !step.wait && !overlong) {
        struct log_prefix prefix;
        const char *bracket, *opening = log_opening(step.next, limit, &bracket, &prefix);
        step = (struct step){opening, false, opening != NULL};
    }
    reader->start = reader->at = (size_t)((step.wait ? step.next : limit) - reader->buffer);
    return overlong && read_overlong(reader, limit, end);
}

/* ---- the whole ---- */

bool log_reader_step(struct log_reader *reader) {
    if (reader->first)
        return log_reader_first(reader);
    switch (reader->mode) {
    case LOG_DOCUMENT:
        return read_document(reader);
    case LOG_TABLE:
        return log_reader_table(reader);
    case LOG_RECORDS:
        return read_records(reader);
    case LOG_TEXT:
        break;
    }
    return read_text(reader);
}

void log_reader_open(struct log_reader *reader, int fd, const char *name, struct log_sink *sink,
                     struct log_deferred *deferred) {
    *reader = (struct log_reader){.sink = sink, .deferred = deferred, .first = true};
    reader->context = (struct log_context){sink, deferred, 0};
    log_source_open(&reader->source, fd, name);
}

void log_reader_close(struct log_reader *reader) {
    log_source_close(&reader->source);
    free(reader->buffer);
    free(reader->table);
    *reader = (struct log_reader){0};
}
