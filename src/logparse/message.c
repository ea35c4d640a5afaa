#include "logparse/message.h"

#include "logparse/document.h"
#include "logparse/prefix.h"
#include "logparse/scan.h"
#include "tune/invocation.h"
#include "util/base64.h"
#include "util/json.h"

#include <stdlib.h>

enum { MAX_DEPTH = 4, MAX_EMBEDDED_FAILURES = 64 };

static bool starts_with(const char *at, const char *end, const char *text) {
    size_t length = strlen(text);
    return (size_t)(end - at) >= length && memcmp(at, text, length) == 0;
}

bool log_message_may_report(struct span message) {
    enum log_anchor anchor;
    const char *at = message.start, *end = at + message.length;
    while ((at = log_scan(at, end, &anchor)) && anchor == ANCHOR_BRACKET)
        at++;
    return at != NULL;
}

bool log_message_localstack(const char *line, const char *report, const char *end) {
    const char *id = reportline_id(report, end), *stop = id;
    while (stop < end && *stop != ' ' && *stop != '\t' && *stop != '\n')
        stop++;
    size_t length = (size_t)(stop - id);
    return length >= 8 && (size_t)(report - line) >= length + 4 && report[-1] == ' ' && report[-2] == ']' &&
           memcmp(report - 2 - length, id, length) == 0 && report[-3 - (ptrdiff_t)length] == '-';
}

bool log_message_is_report(const char *report, const char *end) {
    static const char *const fields[] = {"Duration: ", "Init Duration: ", "Billed Duration: "};
    const char *at = reportline_id(report, end);
    while (at && at < end && *at != ' ' && *at != '\t' && *at != '\n')
        at++;
    while (at && at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'))
        at++;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (at && starts_with(at, end, fields[i]))
            return true;
    return false;
}

/* Defers the report at `at`. The following lines of the message may complete it. */
static void add_text_report(struct log_context *context, const char *at, const char *end,
                            const struct origin *origin) {
    struct report report;
    const char *stop;
    enum report_result result = reportline_parse((struct span){at, 0}, end, &report, &stop);
    log_deferred_take(context->deferred, context->sink, result, &report, origin);
}

/* Reads a message of several lines of a log. Reports count only if the first line is the platform's. */
static void read_lines(struct log_context *context, struct span message) {
    static const char *const platform[] = {
        "START RequestId: ", "INIT_START ",     "END RequestId: ", "INIT_REPORT ",
        "RESTORE_START ",    "RESTORE_REPORT ", "EXTENSION\t",     "XRAY TraceId: "};
    const char *at = message.start, *end = at + message.length;
    bool from_platform = false;
    for (size_t i = 0; i < sizeof platform / sizeof *platform; i++)
        from_platform = from_platform || starts_with(at, end, platform[i]);
    while (from_platform && at < end) {
        if (reportline_id(at, end))
            add_text_report(context, at, end, &(struct origin){0});
        at = memchr(at, '\n', (size_t)(end - at));
        at = at ? at + 1 : end;
    }
}

/* Reads the documents from `at` on, which may follow each other directly. Returns the end of the last one. */
static const char *read_documents(struct log_context *context, const char *at, const char *end) {
    struct log_context inner = {context->sink, context->deferred, context->depth + 1};
    const char *start = at;
    bool good = true;
    while (good && at < end && (*at == '{' || *at == '[')) {
        struct log_document document;
        log_document_open(&document, &inner, 0, &(struct origin){0});
        good = log_document_read(&document, start, 0, &at, end) == DOCUMENT_DONE;
        if (!good)
            log_document_abandon(&document);
        log_document_close(&document);
        while (good && at < end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n'))
            at++;
        start = good ? at : start;
    }
    return start;
}

/* Reads text in which each quote is doubled, as in a quoted CSV column, up to the closing quote. */
static void read_doubled(struct log_context *context, const char *at, const char *end) {
    struct text plain = TEXT_INIT;
    for (; at < end; at++) {
        if (*at == '"' && (at + 1 == end || at[1] != '"'))
            break;
        at += *at == '"';
        text_append_byte(&plain, *at);
    }
    struct log_context inner = {context->sink, context->deferred, context->depth + 1};
    log_message(&inner, (struct span){text_string(&plain), plain.length});
    text_release(&plain);
}

const char *log_message_embedded(struct log_context *context, struct span line, const char *from) {
    const char *at = line.start, *end = at + line.length;
    for (int failures = 0;
         failures < MAX_EMBEDDED_FAILURES && at < end && (at = memchr(at, '{', (size_t)(end - at)));) {
        struct span object;
        if (!json_check_prefix((struct span){at, (size_t)(end - at)}, &object, NULL)) {
            at++;
            failures++;
            continue;
        }
        at += object.length;
        if (object.start >= from && log_deferred_take_json(context->deferred, context->sink, object))
            from = at;
    }
    return from;
}

void log_message_tail(struct log_context *context, struct span token) {
    struct text string = TEXT_INIT, tail = TEXT_INIT;
    struct report report;
    json_decode_string(token, &string);
    bool packed = base64_decode((struct span){text_string(&string), string.length}, &tail);
    if (invocation_report(packed ? &tail : &string, (struct span){NULL, 0}, true, &report))
        log_deferred_add(context->deferred, context->sink, &report, &(struct origin){0});
    text_release(&string);
    text_release(&tail);
}

void log_message_ending(struct log_context *context, const char *floor, const char *at, const char *end) {
    const char *status, *id = log_ending_id(floor, at, end, &status);
    if (id)
        log_sink_ending(context->sink, id, status);
}

/* Notes the invocations that ended badly, by the message. */
static void take_endings(struct log_context *context, struct span message) {
    enum log_anchor anchor;
    const char *end = message.start + message.length;
    for (const char *at = message.start; (at = log_scan(at, end, &anchor)); at++)
        if (anchor == ANCHOR_ENDING)
            log_message_ending(context, message.start, at, end);
}

/* Notes the report in a message in which none was found, after `words`: a function quotes it, or unknown words
 * hide it. */
static void lose_report(struct log_context *context, const char *words, const char *end, bool own) {
    enum log_anchor anchor;
    const char *hit = words;
    while ((hit = log_scan(hit, end, &anchor)) && anchor != ANCHOR_REPORT && anchor != ANCHOR_JSON_REPORT)
        hit++;
    if (!hit && !own && starts_with(words, end, LOG_UNNAMED_START))
        log_sink_note(context->sink, NOTE_UNMEASURED, "no request id");
    if (!hit)
        return;
    const char *newline = memchr(words, '\n', (size_t)(end - words));
    if (own || anchor != ANCHOR_REPORT || (newline && newline < hit) || !log_message_is_report(hit, end))
        log_sink_note(context->sink, NOTE_QUOTED, "");
    else
        log_deferred_lose(context->deferred, context->sink, (struct span){words, (size_t)(hit - words)});
}

static void find_reports(struct log_context *context, struct span message, const char *at,
                         const struct log_prefix *prefix) {
    const char *end = message.start + message.length;
    if (at < end && (*at == '{' || *at == '[')) {
        size_t first = context->deferred->count;
        if (end - at > 2 && at > message.start && at[-1] == '"' && at[1] == '"' && at[2] == '"')
            read_doubled(context, at, end);
        else if ((at = read_documents(context, at, end)) < end)
            log_message_embedded(context, (struct span){at, (size_t)(end - at)}, at);
        log_deferred_fill(context->deferred, first, &prefix->origin);
        return;
    }
    const char *newline = memchr(message.start, '\n', message.length);
    struct span line = {message.start, newline ? (size_t)(newline - message.start) : message.length};
    log_message_embedded(context, line, line.start);
    read_lines(context, message);
}

void log_message(struct log_context *context, struct span message) {
    struct log_prefix prefix;
    const char *end = message.start + message.length;
    if (context->depth > MAX_DEPTH || !message.length || !log_message_may_report(message))
        return;
    take_endings(context, message);
    const char *at = log_prefix_skip(message.start, end, &prefix);
    if (reportline_id(at, end)) {
        add_text_report(context, at, end, &prefix.origin);
        return;
    }
    bool own = prefix.function_line || log_prefix_is_function_line(message.start, at, end);
    size_t count = context->deferred->count;
    unsigned long notes = log_sink_notes(context->sink);
    if (!own)
        find_reports(context, message, at, &prefix);
    if (context->deferred->count == count && log_sink_notes(context->sink) == notes)
        lose_report(context, at, end, own);
}
