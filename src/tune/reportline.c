#include "tune/reportline.h"

#include "tune/duration.h"
#include "util/json.h"
#include "util/swar.h"

#include <stddef.h>
#include <string.h>

enum { WHOLE_DIGITS = 9, DECIMALS = 18 };

enum value_kind { VALUE_MS, VALUE_MB, VALUE_SIZE, VALUE_WORD };

struct field_name {
    const char *name;
    size_t length;
    size_t offset;
    enum value_kind kind;
};

#define FIELD(name, member, kind)                                                                            \
    { name ":", sizeof name, offsetof(struct report, member), kind }
static const struct field_name field_names[] = {
    FIELD("Duration", duration, VALUE_MS),
    FIELD("Billed Duration", billed_duration, VALUE_MS),
    FIELD("Memory Size", memory_size, VALUE_SIZE),
    FIELD("Max Memory Used", max_memory_used, VALUE_MB),
    FIELD("Init Duration", init_duration, VALUE_MS),
    FIELD("Restore Duration", restore_duration, VALUE_MS),
    FIELD("Billed Restore Duration", billed_restore_duration, VALUE_MS),
    FIELD("Status", status, VALUE_WORD),
    FIELD("Error Type", error_type, VALUE_WORD)};
enum { FIELD_COUNT = sizeof field_names / sizeof *field_names };

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* Steps over an escaped tab or line end inside a JSON string: a backslash (several when strings are nested)
 * and a letter. Returns where it ends, or `at` when there is none. */
static const char *skip_escape(const char *at, const char *end) {
    const char *letter = at;
    while (letter < end && *letter == '\\')
        letter++;
    bool escape = letter > at && letter < end && (*letter == 't' || *letter == 'n' || *letter == 'r');
    return escape ? letter + 1 : at;
}

static const char *skip_blanks(const char *at, const char *end) {
    const char *start;
    do {
        start = at;
        while (at < end && is_blank(*at))
            at++;
        if (at < end && *at == '\\')
            at = skip_escape(at, end);
    } while (at > start && at < end && (is_blank(*at) || *at == '\\'));
    return at;
}

/* The end of a word. Quotes, escapes and commas, which may wrap a report, are not part of its last word. */
static const char *skip_word(const char *at, const char *end) {
    while (end - at >= 8 && swar_plain(at, 8))
        at += 8;
    while (at < end && !is_blank(*at) && *at != '"' && *at != '\\' && *at != ',' && (unsigned char)*at >= ' ')
        at++;
    return at;
}

/* Looks at the field at index `*expected` first, which then becomes the one after the field that was found. */
static const struct field_name *match_field(const char *at, const char *end, size_t *expected) {
    size_t left = (size_t)(end - at);
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        size_t index = (*expected + i) % FIELD_COUNT;
        const struct field_name *field = &field_names[index];
        if (left >= field->length && *at == *field->name && memcmp(at, field->name, field->length) == 0) {
            *expected = index + 1;
            return field;
        }
    }
    return NULL;
}

/* Reads the number at `*at` as a JSON token and steps over it and its unit. */
static bool read_number(const char **at, const char *end, const char *unit, struct span *number) {
    const char *start = *at;
    while (start + 1 < end && *start == '0' && is_digit(start[1]))
        start++;
    const char *stop = start;
    while (stop < end && is_digit(*stop))
        stop++;
    if (stop == start || stop - start > WHOLE_DIGITS)
        return false;
    if (stop < end && *stop == '.') {
        const char *point = stop++;
        while (stop < end && is_digit(*stop))
            stop++;
        if (stop - point < 2 || stop - point > DECIMALS)
            return false;
    }
    *number = (struct span){start, (size_t)(stop - start)};
    const char *after = skip_blanks(stop, end);
    if (end - after < 2 || after[0] != unit[0] || after[1] != unit[1])
        return false;
    *at = after + 2;
    return true;
}

static bool whole_size(struct span number, long *size) {
    long value = 0;
    for (size_t i = 0; i < number.length; i++) {
        if (!is_digit(number.start[i]))
            return false;
        value = value * 10 + (number.start[i] - '0');
    }
    if (value < 1 || value > MAX_REPORT_MB)
        return false;
    *size = value;
    return true;
}

/* When a field occurs twice, the first value counts. */
static bool read_value(const struct field_name *field, const char **at, const char *end,
                       struct report *report) {
    struct span value;
    *at = skip_blanks(*at, end);
    if (field->kind == VALUE_WORD) {
        const char *stop = skip_word(*at, end);
        value = (struct span){*at, (size_t)(stop - *at)};
        *at = stop;
        if (!value.length)
            return true;
    } else if (!read_number(at, end, field->kind == VALUE_MS ? "ms" : "MB", &value)) {
        return false;
    }
    if (field->kind == VALUE_SIZE)
        return report->memory_size || whole_size(value, &report->memory_size);
    struct span *place = (struct span *)(void *)((char *)report + field->offset);
    if (!place->start)
        *place = value;
    return true;
}

/* Steps over an unknown field: its name, a word, and the unit after a number. A tab always ends it. A second
 * "RequestId:" belongs to another report, joined to this one without a line end. */
static const char *skip_unknown(const char *at, const char *end) {
    const char *name = at;
    while (at < end && *at != ':' && *at != '\t' && *at != '\n')
        at++;
    if (at == end || *at != ':')
        return at;
    if (at - name >= 9 && memcmp(at - 9, "RequestId", 9) == 0)
        return end;
    const char *word = skip_blanks(at + 1, end);
    at = skip_word(word, end);
    if (at > word && is_digit(*word)) {
        const char *unit = skip_blanks(at, end);
        if (end - unit >= 2 && (memcmp(unit, "ms", 2) == 0 || memcmp(unit, "MB", 2) == 0))
            at = unit + 2;
    }
    return at > name ? at : at + 1;
}

static bool is_complete(const struct report *report) {
    return report->duration.start && report->billed_duration.start && report->memory_size &&
           report->max_memory_used.start;
}

static enum report_result parse_lines(const char *at, const char *end, struct report *report) {
    *report = (struct report){0};
    at += sizeof REPORTLINE_START - 1;
    const char *stop = skip_word(at, end);
    report->request_id = (struct span){at, (size_t)(stop - at)};
    if (stop == at)
        return REPORT_BAD;
    size_t expected = 0;
    for (at = skip_blanks(stop, end); at < end; at = skip_blanks(at, end)) {
        const struct field_name *field = match_field(at, end, &expected);
        if (!field) {
            at = skip_unknown(at, end);
            continue;
        }
        at += field->length;
        if (!read_value(field, &at, end, report))
            return REPORT_BAD;
    }
    return is_complete(report) ? REPORT_READ : REPORT_OPEN;
}

static const char *line_end(const char *at, const char *end) {
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    return newline ? newline : end;
}

/* The end of the line after the one that ends at `at`, blank lines aside, if it begins with the name of a
 * field; `end` if no line follows; otherwise NULL. */
static const char *continuation(const char *at, const char *end) {
    size_t expected = 0;
    const char *next = skip_blanks(at, end);
    if (next == end)
        return end;
    return match_field(next, end, &expected) ? line_end(next, end) : NULL;
}

enum report_result reportline_parse(const char *at, const char *end, struct report *report,
                                    const char **stop) {
    *stop = line_end(at, end);
    enum report_result result = parse_lines(at, *stop, report);
    bool open = result == REPORT_OPEN;
    const char *next;
    while (open && result != REPORT_BAD && *stop < end && (next = continuation(*stop, end))) {
        *stop = next;
        result = parse_lines(at, next, report);
    }
    return result;
}

/* ---- JSON ---- */

static struct span inside(struct span token) {
    return (struct span){token.start + 1, token.length - 2};
}

static bool read_metrics(struct span metrics, struct report *report) {
    static const struct {
        const char *name;
        size_t offset;
    } members[] = {{"durationMs", offsetof(struct report, duration)},
                   {"billedDurationMs", offsetof(struct report, billed_duration)},
                   {"initDurationMs", offsetof(struct report, init_duration)},
                   {"restoreDurationMs", offsetof(struct report, restore_duration)},
                   {"billedRestoreDurationMs", offsetof(struct report, billed_restore_duration)},
                   {"maxMemoryUsedMB", offsetof(struct report, max_memory_used)}};
    struct json_cursor cursor = json_cursor(metrics);
    struct span name, value;
    while (json_next_member(&cursor, &name, &value)) {
        int64_t number;
        long long size;
        if (json_string_is(name, "memorySizeMB")) {
            if (!json_whole_number(value, &size) || size < 1 || size > MAX_REPORT_MB)
                return false;
            report->memory_size = (long)size;
        }
        for (size_t i = 0; i < sizeof members / sizeof *members; i++)
            if (json_string_is(name, members[i].name) && json_type(value) != JSON_NULL) {
                if (!duration_parse(value, &number))
                    return false;
                *(struct span *)(void *)((char *)report + members[i].offset) = value;
            }
    }
    return is_complete(report);
}

bool reportline_parse_json(struct span object, struct report *report, enum report_result *result) {
    struct span type, record = {0}, metrics, value;
    if (!json_member(object, "type", &type) || !json_string_is(type, "platform.report"))
        return false;
    *report = (struct report){.verbatim = true};
    *result = REPORT_BAD;
    if (!json_member(object, "record", &record) || !json_member(record, "requestId", &value) ||
        json_type(value) != JSON_STRING || value.length == 2)
        return true;
    report->request_id = inside(value);
    if (json_member(record, "status", &value) && json_type(value) == JSON_STRING)
        report->status = inside(value);
    if (json_member(record, "errorType", &value) && json_type(value) == JSON_STRING)
        report->error_type = inside(value);
    if (json_member(record, "metrics", &metrics) && read_metrics(metrics, report))
        *result = REPORT_READ;
    return true;
}
