#include "logparse/reader.h"

#include "logparse/fill.h"
#include "logparse/own-record.h"
#include "logparse/packed.h"
#include "logparse/place.h"
#include "logparse/prefix.h"
#include "logparse/python.h"
#include "logparse/reader-document.h"
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
        reader->sink->place = log_place_of(reader, line);
        log_message(&reader->context, (struct span){line, (size_t)(end - line)});
        log_deferred_flush(reader->deferred, reader->sink);
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
        reader->sink->place = log_place_of(reader, hit);
        log_sink_unreadable(reader->sink, result, &report);
    }
    return continue_at(end);
}

/* Takes the report at `hit`, after words from `words` on that are not a known prefix. */
static struct step take_unknown(struct log_reader *reader, const char *line, const char *words,
                                const char *hit, const char *limit, const struct log_prefix *prefix) {
    struct report report;
    const char *end = line_end(hit, limit);
    /* Of a longer line, the start may not be kept: then nothing is known about its words. */
    if (end - line > LOG_LINE_KEEP)
        return continue_at(hit + REPORT_START);
    enum report_result result =
        reportline_parse((struct span){line, (size_t)(hit - line)}, limit, &report, &end);
    if (end == limit && !reader->at_end)
        return (struct step){line, false, true};
    log_learner_take(reader,
                     &(struct log_unknown){line, words, hit, end, prefix, &report, result == REPORT_READ});
    return continue_at(hit + REPORT_START);
}

static struct step take_report_anchor(struct log_reader *reader, const char *line, const char *hit,
                                      const char *limit) {
    struct log_prefix prefix = {0};
    const char *at = hit > line ? log_prefix_skip(line, hit, &prefix) : hit;
    if (at == hit || log_message_localstack(line, hit, line_end(hit, limit)))
        return take_text_report(reader, line, hit, limit, &prefix.origin);
    if (log_reader_may_be_document(reader, line, at, hit))
        return (struct step){NULL, log_reader_start_document(reader, line, at, &prefix.origin), false};
    return take_unknown(reader, line, at, hit, limit, &prefix);
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
    return opening && log_reader_may_be_document(reader, opening, bracket, hit) &&
           log_reader_start_document(reader, opening, bracket, &prefix.origin);
}

/* True when the line has `"type": "platform.report"` after some words, and the object began in an earlier line.
 * Without the words it may be the rest of what a function has printed. */
static bool is_member_alone(const char *line, const char *hit) {
    static const char name[] = "\"type\":";
    const size_t length = sizeof name - 1;
    const char *at = hit;
    while (at > line && (at[-1] == ' ' || at[-1] == '"'))
        at--;
    bool member = (size_t)(at - line) > length && memcmp(at - length, name, length) == 0;
    return member && *line != ' ' && *line != '\t' && !memchr(line, '{', (size_t)(at - line));
}

static struct step take_json_anchor(struct log_reader *reader, const char *floor, const char *line,
                                    const char *hit, const char *limit, bool headless) {
    struct log_prefix prefix = {0};
    const char *end = line_end(hit, limit);
    const char *at = headless ? line : log_prefix_skip(line, end, &prefix);
    reader->sink->place = log_place_of(reader, line);
    if (prefix.function_line || (!headless && log_prefix_is_function_line(line, at, end))) {
        log_sink_note(reader->sink, NOTE_QUOTED, "");
        return continue_at(end);
    }
    if (!headless && (*line == ' ' || *line == '\t') && start_opened(reader, floor, line, hit))
        return (struct step){NULL, true, false};
    if (at > line && at[-1] == '"' && end - at > 2 && at[1] == '"' && at[2] == '"')
        log_message(&reader->context, (struct span){line, (size_t)(end - line)});
    else if (!headless && log_reader_may_be_document(reader, line, at, hit))
        return (struct step){NULL, log_reader_start_document(reader, line, at, &prefix.origin), false};
    else if (is_member_alone(line, hit))
        log_sink_note(reader->sink, NOTE_UNREADABLE, "its JSON object begins in an earlier line");
    else
        take_embedded(reader, line, end);
    log_deferred_fill(reader->deferred, 0, &prefix.origin);
    log_deferred_flush(reader->deferred, reader->sink);
    return continue_at(end);
}

/* An event of Lambda Insights is a document, whatever comes before it: no function writes one. */
static struct step take_insights_anchor(struct log_reader *reader, const char *floor, const char *line,
                                        const char *hit, bool headless) {
    struct log_prefix prefix = {0};
    const char *at = headless ? line : log_prefix_skip(line, hit, &prefix);
    const char *bracket = memchr(at, '{', (size_t)(hit - at));
    if (bracket && bracket > line && memchr(" \t:", bracket[-1], 3) && *line != ' ')
        at = bracket;
    bool document = !headless && !prefix.function_line &&
                    ((log_reader_may_be_document(reader, line, at, hit) &&
                      log_reader_start_document(reader, line, at, &prefix.origin)) ||
                     ((*line == ' ' || *line == '\t') && start_opened(reader, floor, line, hit)));
    return document ? (struct step){NULL, true, false} : continue_at(hit + 1);
}

static bool only_bracket(const char *at, const char *end) {
    for (at++; at < end; at++)
        if (*at != ' ' && *at != '\t' && *at != '\r')
            return false;
    return true;
}

/* Takes the value in Python's notation that begins with the line. It may be of several lines. */
static struct step take_python(struct log_reader *reader, const char *line, const char *limit) {
    struct text json = TEXT_INIT;
    const char *stop = line + 1;
    enum log_python value = log_python_to_json(line, limit, &json, &stop);
    bool wait = value == PYTHON_OPEN && !reader->at_end && limit - line < LOG_LINE_KEEP;
    if (value == PYTHON_WHOLE) {
        reader->sink->place = log_place_of(reader, line);
        log_message(&reader->context, (struct span){text_string(&json), json.length});
        log_deferred_flush(reader->deferred, reader->sink);
    }
    text_release(&json);
    return wait ? (struct step){line, false, true} : continue_at(stop);
}

static struct step take_bracket(struct log_reader *reader, const char *line, const char *limit) {
    static const char start[] = "{\"type\":";
    const char *end = line_end(line, limit);
    if (starts_with(line, end, start, sizeof start - 1) && log_record_begins(line, end, true)) {
        reader->mode = LOG_RECORDS;
        reader->start = reader->at = (size_t)(line - reader->buffer);
        return (struct step){NULL, true, false};
    }
    if (log_python_begins(line, end))
        return take_python(reader, line, limit);
    if ((only_bracket(line, end) || log_line_is_opaque((struct span){line, (size_t)(end - line)})) &&
        log_reader_may_be_document(reader, line, line, end))
        return (struct step){NULL, log_reader_start_document(reader, line, line, &no_origin), false};
    return continue_at(line + 1);
}

/* Notes a line with the figures of a report at `hit`, but without a request id. */
static struct step take_unnamed(struct log_reader *reader, const char *hit, const char *limit) {
    static const char billed[] = "Billed Duration: ", used[] = "Memory Used: ";
    const char *end = line_end(hit, limit);
    reader->sink->place = log_place_of(reader, hit);
    if (memmem(hit, (size_t)(end - hit), billed, sizeof billed - 1) ||
        memmem(hit, (size_t)(end - hit), used, sizeof used - 1))
        log_sink_note(reader->sink, NOTE_UNMEASURED, "no request id");
    return continue_at(hit + 1);
}

/* Looks for reports that some tools print as END lines without a request id. They are looked for only before
 * the first report, so that other logs are as fast. */
static void look_for_ends(struct log_reader *reader, const char *at, const char *end, const char *limit) {
    static const char start[] = "END Duration: ";
    while (!reader->reported && (at = memmem(at, (size_t)(end - at), start, sizeof start - 1))) {
        take_unnamed(reader, at, limit);
        at += sizeof start - 1;
    }
}

/* A report in a line whose start was dropped does not count. */
static struct step take_headless(struct log_reader *reader, const char *hit) {
    reader->sink->place = log_place_of(reader, hit);
    if (reader->after_document)
        log_sink_note(reader->sink, NOTE_UNREADABLE, "after a JSON document in its line");
    return continue_at(hit + REPORT_START);
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
    const char *hit = line, *floor = line;
    if (reader->taken_until > log_place_of(reader, line))
        step.next = log_at_place(reader, reader->taken_until);
    else if (line < limit && !reader->headless && (*line == '{' || *line == '['))
        step = take_bracket(reader, line, limit);
    while (!step.changed && !step.wait && (hit = log_scan(step.next, limit, &anchor))) {
        line = find_line(hit, floor);
        look_for_ends(reader, step.next, hit, limit);
        reader->reported = reader->reported || anchor == ANCHOR_REPORT || anchor == ANCHOR_JSON_REPORT;
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
        else if (anchor == ANCHOR_UNNAMED)
            step = take_unnamed(reader, hit, limit);
        else if (anchor == ANCHOR_INSIGHTS)
            step = take_insights_anchor(reader, floor, line, hit, headless);
        else
            step = headless ? take_headless(reader, hit) : take_report_anchor(reader, line, hit, limit);
    }
    if (step.wait)
        reader->taken_until = log_place_of(reader, hit);
    else if (!step.changed)
        look_for_ends(reader, step.next, limit, limit);
    return step;
}

/* Processes the start of a line that is too long to be kept. It may be a document; in text, only
 * platform.report objects count. */
static bool read_overlong(struct log_reader *reader, const char *line, const char *end) {
    struct log_prefix prefix;
    const char *at = reader->headless ? line : log_prefix_skip(line, end, &prefix);
    if (!reader->headless && log_reader_may_be_document(reader, line, at, end))
        return log_reader_start_document(reader, line, at, &prefix.origin);
    if (log_message_may_report((struct span){line, (size_t)(end - line)}) &&
        !(!reader->headless && (prefix.function_line || log_prefix_is_function_line(line, at, end)))) {
        reader->sink->place = log_place_of(reader, line);
        take_embedded(reader, line, end);
        log_deferred_flush(reader->deferred, reader->sink);
    }
    reader->headless = true;
    reader->after_document = false;
    reader->start = reader->at = reader->end - OVERLAP;
    return false;
}

/* Keeps the lines before the buffer's position that log_learner_take may look at. */
static void keep_lines_before(struct log_reader *reader) {
    size_t floor = reader->text_from > reader->offset ? reader->text_from - reader->offset : 0;
    size_t kept = reader->at > LEARN_BEFORE ? reader->at - LEARN_BEFORE : 0;
    if (!reader->source.regular)
        reader->start = kept > floor ? kept : floor;
}

static bool read_text(struct log_reader *reader) {
    const char *line = reader->buffer + reader->at, *end = reader->buffer + reader->end;
    const char *newline = line < end ? memrchr(line, '\n', (size_t)(end - line)) : NULL;
    const char *limit = reader->at_end ? end : newline ? newline + 1 : line;
    struct step step = read_lines(reader, line, limit);
    const char *done = step.changed ? find_line(reader->buffer + reader->at, line)
                       : step.wait  ? step.next
                                    : limit;
    log_learner_examine(reader, done);
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
    keep_lines_before(reader);
    return overlong && read_overlong(reader, limit, end);
}

/* ---- the whole ---- */

static bool take_step(struct log_reader *reader) {
    if (reader->first)
        return log_reader_first(reader);
    switch (reader->mode) {
    case LOG_DOCUMENT:
        return log_reader_document(reader);
    case LOG_TABLE:
        return log_reader_table(reader);
    case LOG_RECORDS:
        return read_records(reader);
    case LOG_TEXT:
        break;
    }
    return read_text(reader);
}

bool log_reader_step(struct log_reader *reader) {
    bool again = take_step(reader);
    log_count_note_lines(reader, false);
    return again;
}

void log_reader_open(struct log_reader *reader, int fd, const char *name, struct log_sink *sink,
                     struct log_deferred *deferred) {
    *reader = (struct log_reader){.sink = sink, .deferred = deferred, .first = true};
    reader->context = (struct log_context){sink, deferred, 0};
    log_source_open(&reader->source, fd, name);
    sink->input = name;
}

void log_reader_close(struct log_reader *reader) {
    log_source_close(&reader->source);
    free(reader->buffer);
    free(reader->table);
    *reader = (struct log_reader){0};
}
