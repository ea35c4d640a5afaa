#include "tune/fault.h"

#include "util/base64.h"
#include "util/diagnostics.h"
#include "util/json.h"

#include <string.h>

/* ---- the cause ---- */

static bool is_one_of(const char *word, const char *const *words) {
    for (; *words; words++)
        if (strcmp(word, *words) == 0)
            return true;
    return false;
}

/* As Lambda and the runtimes name them. */
enum fault_cause fault_cause(const char *error_type, const char *message, double used_mb, double memory_mb) {
    static const char *const memory_types[] = {"Runtime.OutOfMemory", "java.lang.OutOfMemoryError",
                                               "OutOfMemoryError",    "System.OutOfMemoryException",
                                               "MemoryError",         NULL};
    static const char *const time_types[] = {"Sandbox.Timedout", "Runtime.Timedout", NULL};
    const double full = 0.9;
    bool had_memory = used_mb > 0 && used_mb < full * memory_mb;
    if (is_one_of(error_type, memory_types) || strstr(message, "heap out of memory") ||
        (strstr(message, "signal: killed") && !had_memory))
        return FAULT_OUT_OF_MEMORY;
    if (is_one_of(error_type, time_types) || strstr(message, "Task timed out after"))
        return FAULT_TIMED_OUT;
    return FAULT_OTHER;
}

static const char *const cause_names[] = {NULL, "outOfMemory", "timedOut"};

const char *fault_cause_name(enum fault_cause cause) {
    return cause_names[cause];
}

static void append_string_member(struct text *out, struct span object, const char *name) {
    struct span value;
    if (json_member(object, name, &value) && json_type(value) == JSON_STRING)
        json_decode_string(value, out);
}

static double number_member(struct span object, const char *name) {
    struct span value;
    return json_member(object, name, &value) && json_type(value) == JSON_NUMBER ? json_number(value) : 0;
}

enum fault_cause fault_cause_of_record(struct span record) {
    struct text cause = TEXT_INIT, type = TEXT_INIT, message = TEXT_INIT;
    append_string_member(&cause, record, "cause");
    append_string_member(&type, record, "errorType");
    append_string_member(&message, record, "message");
    enum fault_cause found =
        fault_cause(text_string(&type), text_string(&message), number_member(record, "maxMemoryUsedMB"),
                    number_member(record, "power"));
    for (enum fault_cause i = FAULT_OUT_OF_MEMORY; i <= FAULT_TIMED_OUT; i++)
        if (strcmp(text_string(&cause), cause_names[i]) == 0)
            found = i;
    text_release(&cause);
    text_release(&type);
    text_release(&message);
    return found;
}

/* ---- what a record keeps ---- */

static bool is_inside_character(char byte) {
    return ((unsigned char)byte & 0xc0) == 0x80;
}

void fault_put_start(struct text *out, const char *member, struct span text, size_t limit) {
    if (text.length > limit)
        for (text.length = limit; text.length && is_inside_character(text.start[text.length]);)
            text.length--;
    if (text.length)
        json_put_span(out, member, text);
}

void fault_put_end(struct text *out, const char *member, struct span text, size_t limit) {
    if (text.length > limit) {
        text.start += text.length - limit;
        for (text.length = limit; text.length && is_inside_character(*text.start); text.length--)
            text.start++;
    }
    if (text.length)
        json_put_span(out, member, text);
}

/* One line per frame: strings as they are, other values as JSON. */
static void append_frames(struct text *out, struct span frames) {
    struct json_cursor cursor = json_cursor(frames);
    struct span frame;
    if (json_type(frames) == JSON_STRING)
        json_decode_string(frames, out);
    while (json_type(frames) == JSON_ARRAY && out->length < FAULT_STACK &&
           json_next_element(&cursor, &frame)) {
        if (json_type(frame) == JSON_STRING)
            json_decode_string(frame, out);
        else
            text_append(out, frame.start, frame.length);
        if (out->length && out->bytes[out->length - 1] != '\n')
            text_append_byte(out, '\n');
    }
}

void fault_append_stack(struct text *out, struct span error) {
    enum { CAUSES = 8 };
    struct span frames;
    for (int i = 0; i < CAUSES && out->length < FAULT_STACK; i++) {
        if (json_member(error, "stackTrace", &frames) || json_member(error, "trace", &frames))
            append_frames(out, frames);
        if (!json_member(error, "cause", &error) || json_type(error) != JSON_OBJECT)
            return;
        text_append_string(out, "caused by ");
        append_string_member(out, error, "errorType");
        text_append_string(out, ": ");
        append_string_member(out, error, "errorMessage");
        text_append_byte(out, '\n');
    }
}

/* ---- what a person is shown ---- */

/* Takes the next line from `text`. Lambda's runtime for Python ends lines with \r. Tabs become blanks, and
 * trailing blanks are removed. */
static bool take_line(struct span *text, struct text *line) {
    text_clear(line);
    if (!text->length)
        return false;
    size_t length = 0;
    while (length < text->length && text->start[length] != '\n' && text->start[length] != '\r')
        length++;
    for (size_t i = 0; i < length; i++)
        text_append_byte(line, text->start[i] == '\t' ? ' ' : text->start[i]);
    while (line->length && line->bytes[line->length - 1] == ' ')
        line->bytes[--line->length] = '\0';
    length += length < text->length;
    *text = (struct span){text->start + length, text->length - length};
    return true;
}

/* Lambda's own lines (START, END, REPORT) do not explain the error. */
static bool is_worth_showing(const struct text *line) {
    static const char *const platform[] = {
        "START RequestId: ", "END RequestId: ", "REPORT RequestId: ", "XRAY TraceId: ", NULL};
    if (strstr(text_string(line), "\"type\":\"platform."))
        return false;
    for (const char *const *start = platform; *start; start++)
        if (strncmp(text_string(line), *start, strlen(*start)) == 0)
            return false;
    return line->length > 0;
}

static size_t count_lines(struct span text) {
    struct text line = TEXT_INIT;
    size_t count = 0;
    while (take_line(&text, &line))
        count += is_worth_showing(&line);
    text_release(&line);
    return count;
}

/* Appends the first `head` lines of `text` and the last `tail`. */
static void append_lines(struct text *out, const char *what, struct span text, size_t head, size_t tail) {
    size_t count = count_lines(text), at = 0;
    struct text line = TEXT_INIT;
    while (take_line(&text, &line)) {
        if (!is_worth_showing(&line))
            continue;
        if (at < head || at + tail >= count)
            text_append_format(out, "%s: %.1000s\n", what, line.bytes);
        else if (at == head && head)
            text_append_format(out, "%s: ... %zu more lines\n", what, count - head - tail);
        at++;
    }
    text_release(&line);
}

void fault_append_start(struct text *out, struct span value, size_t limit) {
    struct text content = TEXT_INIT;
    if (json_type(value) == JSON_STRING)
        json_decode_string(value, &content);
    else
        text_append(&content, value.start, value.length);
    while (content.length && memchr(" \t\r\n", content.bytes[content.length - 1], 4))
        content.length--;
    for (size_t i = 0; i < content.length; i++)
        if (memchr("\t\r\n", content.bytes[i], 3))
            content.bytes[i] = ' ';
    text_append_safe(out, text_string(&content), content.length < limit ? content.length : limit);
    text_append_string(out, content.length > limit ? "..." : "");
    text_release(&content);
}

static void append_request(struct text *out, struct span record) {
    static const struct {
        const char *member, *words;
    } facts[] = {{"requestId", "request"},
                 {"index", "invocation"},
                 {"payloadIndex", "payload"},
                 {"eventIndex", "event"}};
    size_t before = out->length;
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        struct span value;
        if (!json_member(record, facts[i].member, &value) || json_type(value) == JSON_NULL)
            continue;
        text_append_format(out, "%s%s ", out->length > before ? ", " : "", facts[i].words);
        fault_append_start(out, value, FAULT_TYPE);
    }
    if (out->length > before)
        text_append_byte(out, '\n');
}

static void append_log(struct text *log, struct span record) {
    struct span encoded;
    append_string_member(log, record, "log");
    if (!log->length && json_member(record, "logResult", &encoded) && json_type(encoded) == JSON_STRING)
        base64_decode((struct span){encoded.start + 1, encoded.length - 2}, log);
}

enum { SHOWN_PAYLOAD = 500 };

void fault_append_sent(struct text *out, struct span record) {
    struct span sent;
    if (!json_member(record, "sent", &sent))
        return;
    text_append_string(out, "sent: ");
    fault_append_start(out, sent, SHOWN_PAYLOAD);
    text_append_string(out, json_string_is(sent, "null") ? " (no payload was given)\n" : "\n");
}

void fault_append_details(struct text *out, struct span record) {
    enum { LINES = 10 };
    struct text stack = TEXT_INIT, log = TEXT_INIT;
    struct span payload;
    append_request(out, record);
    fault_append_sent(out, record);
    if (json_member(record, "payload", &payload)) {
        text_append_string(out, "payload from the pre-processor: ");
        fault_append_start(out, payload, SHOWN_PAYLOAD);
        text_append_byte(out, '\n');
    }
    append_string_member(&stack, record, "stackTrace");
    append_lines(out, "stack", (struct span){text_string(&stack), stack.length}, LINES / 2, LINES / 2);
    append_log(&log, record);
    append_lines(out, "log", (struct span){text_string(&log), log.length}, 0, LINES);
    text_release(&stack);
    text_release(&log);
}

void fault_report(struct span record) {
    struct text details = TEXT_INIT, line = TEXT_INIT;
    fault_append_details(&details, record);
    struct span rest = {text_string(&details), details.length};
    while (take_line(&rest, &line))
        report_notice("  %s", line.bytes);
    text_release(&details);
    text_release(&line);
}
