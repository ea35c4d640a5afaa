#include "logparse/document.h"

#include "logparse/document-origin.h"
#include "logparse/log-event.h"
#include "logparse/member.h"
#include "logparse/packed.h"
#include "logparse/prefix.h"
#include "logparse/scan.h"
#include "util/json.h"
#include "util/swar.h"
#include "util/timestamp.h"

enum state { FIRST_NAME, NAME, COLON, FIRST_VALUE, VALUE, AFTER };

void log_document_open(struct log_document *document, struct log_context *context, size_t start,
                       const struct origin *prefix) {
    document->context = context;
    document->level = 0;
    document->state = VALUE;
    document->in_long_string = document->escaped = document->first_on_line = document->own = false;
    document->line_start = start;
    document->names = document->message = document->value = (struct text)TEXT_INIT;
    log_row_open(&document->row);
    document->row_level = 0;
    struct log_frame_origin *kept = &document->prefix;
    kept->timestamp = prefix->timestamp;
    log_origin_keep(document, prefix->function_name, &kept->function, &kept->function_length);
    log_origin_keep(document, prefix->log_stream, &kept->stream, &kept->stream_length);
}

void log_document_close(struct log_document *document) {
    text_release(&document->names);
    text_release(&document->message);
    text_release(&document->value);
    log_row_release(&document->row);
}

/* ---- reports ---- */

/* True for an object whose reports do not count: a line that the function logged, or the record of the
 * Telemetry API that holds one. */
static bool is_own_line(const struct log_frame *frame) {
    return (frame->has_level && frame->has_request_id && frame->has_message) || frame->under == MEMBER_RECORD;
}

/* Writes all deferred reports, with the origins that the open containers know so far. */
static void flush(struct log_document *document) {
    for (size_t i = 0; i < document->level; i++)
        if (is_own_line(&document->frames[i]))
            log_deferred_quote(document->context->deferred, document->context->sink,
                               document->frames[i].first_entry);
    for (size_t i = document->level; i-- > 0;) {
        struct log_frame *frame = &document->frames[i];
        log_origin_fill(document, &frame->origin, frame->first_entry);
        frame->flushed = frame->flushed || frame->first_entry < document->context->deferred->count;
        frame->first_entry = 0;
    }
    log_origin_fill(document, &document->prefix, 0);
    log_deferred_flush(document->context->deferred, document->context->sink);
}

/* ---- figures in members of their own ---- */

/* Takes the value of a member of the innermost container. Members of a container inside one with figures are
 * not part of the same measurement. */
static void take_figure(struct log_document *document, enum log_member member, struct span value) {
    if (document->row_level && document->row_level < document->level && document->row.figures)
        return;
    if (document->row_level != document->level)
        log_row_clear(&document->row);
    document->row_level = document->level;
    log_row_set(&document->row, member, value);
}

/* Ends the row of the container that was closed. Figures that repeat those of a report in a message do not
 * count. */
static void end_row(struct log_document *document, const struct log_frame *frame) {
    struct log_context *context = document->context;
    if (document->row_level != document->level + 1)
        return;
    if (document->row.figures && context->deferred->count == frame->first_entry && !frame->flushed)
        log_row_defer(&document->row, context->deferred, context->sink);
    log_row_clear(&document->row);
    document->row_level = 0;
}

static bool is_figure(enum log_member member) {
    return member >= MEMBER_DURATION || member == MEMBER_REQUEST_ID;
}

/* ---- values ---- */

static void take_message(struct log_document *document, struct span token) {
    struct span inside = {token.start + 1, token.length - 2};
    if (!log_message_may_report(inside))
        return;
    struct log_context *context = document->context;
    text_clear(&document->message);
    json_decode_string(token, &document->message);
    log_message(context, (struct span){text_string(&document->message), document->message.length});
}

/* A string that a subscription has packed. */
static void take_packed(struct log_document *document, struct span inside) {
    struct text unpacked = TEXT_INIT;
    struct log_context inner = {document->context->sink, document->context->deferred,
                                document->context->depth + 1};
    if (log_unpack(inside, &unpacked))
        log_message(&inner, (struct span){text_string(&unpacked), unpacked.length});
    else
        log_sink_note(inner.sink, NOTE_UNREADABLE, "packed logs that are corrupt or too long");
    text_release(&unpacked);
}

static void take_string(struct log_document *document, struct span token) {
    struct log_frame *frame = &document->frames[document->level - 1];
    struct span inside = {token.start + 1, token.length - 2};
    switch ((enum log_member)(frame->array ? frame->under : frame->member)) {
    case MEMBER_MESSAGES:
        if (frame->array)
            take_message(document, token);
        break;
    case MEMBER_LINES:
        if (frame->array && document->first_on_line)
            take_message(document, token);
        break;
    case MEMBER_MESSAGE:
        if (!frame->array)
            take_message(document, token);
        text_clear(&document->value);
        if (inside.length <= MAX_LOG_NAME)
            text_append(&document->value, inside.start, inside.length);
        break;
    case MEMBER_RECORD:
        document->own = document->own || !frame->array;
        break;
    case MEMBER_DATA:
        if (!frame->array && log_is_packed(inside))
            take_packed(document, inside);
        break;
    case MEMBER_TAIL:
        log_message_tail(document->context, token);
        break;
    case MEMBER_TYPE:
        frame->report = !frame->array && span_equals(inside, "platform.report");
        break;
    case MEMBER_FIELD:
        frame->is_field = true;
        frame->field = (unsigned char)(inside.length ? log_member_of(inside) : MEMBER_OTHER);
        break;
    case MEMBER_GROUP:
    case MEMBER_FUNCTION:
    case MEMBER_STREAM:
    case MEMBER_TIME:
        log_origin_set(document, frame, (enum log_member)frame->member, inside);
        break;
    default:
        if (!frame->array && is_figure((enum log_member)frame->member))
            take_figure(document, (enum log_member)frame->member, inside);
        break;
    }
}

static void take_scalar(struct log_document *document, const char *start, const char *end) {
    struct log_frame *frame = &document->frames[document->level - 1];
    if (!frame->array && is_figure((enum log_member)frame->member))
        take_figure(document, (enum log_member)frame->member, (struct span){start, (size_t)(end - start)});
    if (frame->array || frame->member != MEMBER_TIME || end - start != 13 || frame->origin.timestamp)
        return;
    int64_t milliseconds = 0;
    for (; start < end && *start >= '0' && *start <= '9'; start++)
        milliseconds = milliseconds * 10 + (*start - '0');
    frame->origin.timestamp = start == end ? milliseconds : 0;
}

/* ---- containers ---- */

static bool open_container(struct log_document *document, size_t start, bool array) {
    if (document->level == LOG_DOCUMENT_MAX_DEPTH)
        return false;
    const struct log_frame *parent = document->level ? &document->frames[document->level - 1] : NULL;
    unsigned char under = array && !document->context->depth ? MEMBER_LINES : MEMBER_OTHER;
    if (parent)
        under = parent->array ? parent->under : parent->member;
    document->frames[document->level++] = (struct log_frame){
        .start = start, .first_entry = document->context->deferred->count, .array = array, .under = under};
    document->state = array ? FIRST_VALUE : FIRST_NAME;
    return true;
}

static void take_report(struct log_document *document, struct span text) {
    struct span object;
    struct log_sink *sink = document->context->sink;
    if (!text.start || !json_check(text, &object, NULL) ||
        !log_deferred_take_json(document->context->deferred, sink, object))
        log_sink_note(sink, NOTE_UNREADABLE, "an object that is too long");
}

/* A row of Logs Insights is an array of {field, value} objects. Only the value of @message may be a
 * report. */
static void close_field(struct log_document *document, const struct log_frame *frame, struct log_frame *row) {
    struct span value = {text_string(&document->value), document->value.length};
    if (frame->field != MEMBER_MESSAGE)
        log_deferred_drop(document->context->deferred, frame->first_entry);
    if (row && (frame->field == MEMBER_GROUP || frame->field == MEMBER_STREAM || frame->field == MEMBER_TIME))
        log_origin_set(document, row, (enum log_member)frame->field, value);
    if (row && is_figure((enum log_member)frame->field))
        take_figure(document, (enum log_member)frame->field, value);
}

static void close_container(struct log_document *document, const char *base, size_t offset, const char *end) {
    struct log_frame frame = document->frames[--document->level];
    struct log_frame *parent = document->level ? &document->frames[document->level - 1] : NULL;
    struct log_deferred *deferred = document->context->deferred;
    bool own_report = frame.report && (!parent || parent->array || parent->member == MEMBER_MESSAGE);
    if (own_report)
        take_report(document, frame.start >= offset
                                  ? (struct span){base + (frame.start - offset),
                                                  (size_t)(end - base) - (frame.start - offset)}
                                  : (struct span){NULL, 0});
    if (is_own_line(&frame))
        log_deferred_quote(deferred, document->context->sink, frame.first_entry);
    document->own = document->own || (frame.has_level && frame.has_request_id);
    end_row(document, &frame);
    if (frame.is_field)
        close_field(document, &frame, parent);
    if (frame.under == MEMBER_METRICS && parent && !parent->origin.timestamp)
        parent->origin.timestamp = frame.origin.timestamp;
    if (deferred->count > frame.first_entry)
        log_origin_fill(document, &frame.origin, frame.first_entry);
    if (deferred->count >= LOG_DOCUMENT_MAX_DEFERRED && !document->context->depth)
        flush(document);
    if (!deferred->count)
        log_origin_trim(document);
    document->state = AFTER;
}

/* ---- tokens ---- */

/* Moves `*at` from inside a string to after its closing quote. MORE: the string continues after `end`. */
static enum document_result skip_string(const char **at, const char *end) {
    const char *here = *at;
    while ((here = log_find_special(here, end)) < end) {
        if (*here == '"') {
            *at = here + 1;
            return DOCUMENT_DONE;
        }
        if (*here != '\\')
            return DOCUMENT_BAD;
        here += 2;
    }
    return DOCUMENT_MORE;
}

/* Skips the rest of a string that is too long to be kept. */
static enum document_result skip_long_string(struct log_document *document, const char **at,
                                             const char *end) {
    const char *here = *at;
    if (document->escaped && here < end) { /* there may be no new input */
        here++;
        document->escaped = false;
    }
    while (here < end && (here = log_find_special(here, end)) < end) {
        if (*here == '"') {
            document->in_long_string = false;
            document->state = document->state == NAME ? COLON : AFTER;
            *at = here + 1;
            return DOCUMENT_DONE;
        }
        if (*here != '\\')
            return DOCUMENT_BAD;
        document->escaped = here + 1 == end;
        here += 2;
    }
    *at = end;
    return DOCUMENT_MORE;
}

static enum document_result read_string(struct log_document *document, const char **at, const char *end) {
    const char *start = *at, *after = start + 1;
    bool name = document->state == NAME || document->state == FIRST_NAME;
    enum document_result result = skip_string(&after, end);
    if (result == DOCUMENT_MORE && end - start > LOG_DOCUMENT_KEEP) {
        document->in_long_string = true;
        if (!name && document->frames[document->level - 1].member == MEMBER_DATA &&
            log_is_packed((struct span){start + 1, (size_t)(end - start - 1)}))
            log_sink_note(document->context->sink, NOTE_UNREADABLE,
                          "packed logs that are corrupt or too long");
        document->state = name ? NAME : VALUE;
        document->frames[document->level - 1].member =
            name ? MEMBER_OTHER : document->frames[document->level - 1].member;
        *at = start + 1;
        return skip_long_string(document, at, end);
    }
    if (result != DOCUMENT_DONE)
        return result;
    struct span token = {start, (size_t)(after - start)};
    struct log_frame *frame = &document->frames[document->level - 1];
    if (name) {
        enum log_member member =
            token.length > 2 ? log_member_of((struct span){start + 1, token.length - 2}) : MEMBER_OTHER;
        frame->member = (unsigned char)member;
        frame->has_level = frame->has_level || member == MEMBER_LEVEL;
        frame->has_request_id = frame->has_request_id || member == MEMBER_REQUEST_ID;
        frame->has_message = frame->has_message || member == MEMBER_MESSAGE;
        document->state = COLON;
    } else {
        take_string(document, token);
        document->state = AFTER;
    }
    *at = after;
    return DOCUMENT_DONE;
}

static bool is_scalar_byte(char byte) {
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || byte == '-' || byte == '+' ||
           byte == '.' || byte == 'E';
}

static enum document_result read_scalar(struct log_document *document, const char **at, const char *end) {
    const char *after = *at;
    while (end - after >= 8 && after - *at < LOG_DOCUMENT_KEEP && swar_digits(after) == 8)
        after += 8;
    while (after < end && is_scalar_byte(*after) && after - *at < LOG_DOCUMENT_KEEP)
        after++;
    if (after == end)
        return DOCUMENT_MORE;
    if (after == *at || !document->level)
        return DOCUMENT_BAD;
    char first = **at;
    if (first != '-' && (first < '0' || first > '9') && first != 't' && first != 'f' && first != 'n')
        return DOCUMENT_BAD;
    take_scalar(document, *at, after);
    document->state = AFTER;
    *at = after;
    return DOCUMENT_DONE;
}

/* Reads a token other than a string. DONE: continue with the next token. */
static enum document_result read_mark(struct log_document *document, const char *base, size_t offset,
                                      const char **at, const char *end) {
    char byte = **at;
    bool array = document->level && document->frames[document->level - 1].array;
    bool value = document->state == VALUE || document->state == FIRST_VALUE;
    if ((byte == '{' || byte == '[') && value) {
        if (!open_container(document, offset + (size_t)(*at - base), byte == '['))
            return DOCUMENT_BAD;
    } else if (document->level && byte == (array ? ']' : '}') &&
               (document->state == AFTER || document->state == FIRST_NAME ||
                document->state == FIRST_VALUE)) {
        close_container(document, base, offset, *at + 1);
    } else if (byte == ',' && document->state == AFTER) {
        document->state = array ? VALUE : NAME;
    } else if (byte == ':' && document->state == COLON) {
        document->state = VALUE;
    } else if (value) {
        return read_scalar(document, at, end);
    } else {
        return DOCUMENT_BAD;
    }
    (*at)++;
    return DOCUMENT_DONE;
}

static void skip_space(struct log_document *document, const char *base, size_t offset, const char **at,
                       const char *end) {
    const char *here = *at;
    for (; here < end && (*here == ' ' || *here == '\n' || *here == '\t' || *here == '\r'); here++) {
        if (*here == '\n') {
            document->line_start = offset + (size_t)(here + 1 - base);
            document->first_on_line = true;
        }
        here += log_count_blanks(here + 1, end);
    }
    *at = here;
}

/* Skips an element of an array if it is an event without a report. */
static bool pass_event(struct log_document *document, const char *base, size_t offset, const char **at,
                       const char *end) {
    bool element = (document->state == VALUE || document->state == FIRST_VALUE) && document->level &&
                   document->level < LOG_DOCUMENT_MAX_DEPTH && document->frames[document->level - 1].array;
    const char *after = element && **at == '{' ? log_event_pass(*at, end) : NULL;
    if (!after)
        return false;
    const char *newline = memrchr(*at, '\n', (size_t)(after - *at));
    if (newline)
        document->line_start = offset + (size_t)(newline + 1 - base);
    document->state = AFTER;
    *at = after;
    return true;
}

enum document_result log_document_read(struct log_document *document, const char *base, size_t offset,
                                       const char **at, const char *end) {
    for (;;) {
        enum document_result result;
        if (document->in_long_string) {
            result = skip_long_string(document, at, end);
            if (result != DOCUMENT_DONE)
                return result;
        }
        skip_space(document, base, offset, at, end);
        if (*at >= end)
            return DOCUMENT_MORE;
        if (pass_event(document, base, offset, at, end))
            continue;
        if (!document->context->depth)
            document->context->sink->place = offset + (size_t)(*at - base);
        bool string = **at == '"' && document->level && document->state != COLON && document->state != AFTER;
        result = string ? read_string(document, at, end) : read_mark(document, base, offset, at, end);
        if (result != DOCUMENT_DONE)
            return result;
        document->first_on_line = false;
        if (!document->level && document->state == AFTER) {
            if (!document->context->depth)
                flush(document);
            return DOCUMENT_DONE;
        }
    }
}

size_t log_document_keep(const struct log_document *document, size_t position) {
    size_t floor = position > LOG_DOCUMENT_KEEP ? position - LOG_DOCUMENT_KEEP : 0;
    size_t keep =
        document->line_start >= floor && document->line_start < position ? document->line_start : position;
    for (size_t i = 0; i < document->level; i++)
        if (document->frames[i].start >= floor && document->frames[i].start < keep)
            keep = document->frames[i].start;
    return keep;
}

void log_document_abandon(struct log_document *document) {
    size_t first = document->context->deferred->count;
    for (size_t i = document->level; i-- > 0;) {
        if (document->frames[i].has_message || document->frames[i].report)
            first = document->frames[i].first_entry;
        if (document->frames[i].report)
            log_sink_note(document->context->sink, NOTE_UNREADABLE, "an object that is cut");
    }
    log_deferred_drop(document->context->deferred, first);
    if (!document->context->depth)
        flush(document);
}
