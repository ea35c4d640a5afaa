#include "tune/reportline.h"

#include "tune/decoration.h"
#include "tune/duration.h"
#include "util/json.h"

#include <stddef.h>
#include <string.h>

enum { WHOLE_DIGITS = 9, DECIMALS = 18, MAX_PREFIX = 256 };

enum value_kind { VALUE_MS, VALUE_MB, VALUE_SIZE, VALUE_WORD };

struct field_name {
    const char *name;
    size_t offset;
    enum value_kind kind;
};

#define FIELD(name, member, kind)                                                                            \
    { name, offsetof(struct report, member), kind }
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

/* Steps over what separates the parts of a report. */
static const char *skip_blanks(const char *at, const char *end) {
    for (const char *start = NULL; at < end && at != start;) {
        start = at;
        if (is_blank(*at) || *at == ',' || *at == ';' || *at == '|' || *at == ']')
            at++;
        else if (*at == '\\')
            at = skip_escape(at, end);
        else if (!is_digit(*at))
            at = decoration_skip(at, end);
    }
    return at;
}

/* The end of a word. Quotes, escapes, commas and decorations, which may wrap a report, are not part of its
 * last word. */
static const char *skip_word(const char *at, const char *end) {
    while (at < end && !is_blank(*at) && !strchr("\"\\,;|`*<&]", *at) && (unsigned char)*at >= ' ' &&
           (*at != '\xc2' || decoration_skip(at, end) == at))
        at++;
    return at;
}

/* The position after the name and its colon. A blank of the name may be a no-break space; decorations may be
 * around the name. */
static const char *skip_name(const char *at, const char *end, const char *name) {
    for (; *name; name++) {
        const char *blank = *name == ' ' && at < end && *at != ' ' ? decoration_skip(at, end) : at;
        if (blank > at)
            at = blank;
        else if (at < end && *at == *name)
            at++;
        else
            return NULL;
    }
    at = decoration_skip(at, end);
    return at < end && *at == ':' ? at + 1 : NULL;
}

/* Steps over the name of a field. Looks at the field at index `*expected` first, which then becomes the one
 * after the field that was found. */
static const struct field_name *match_field(const char **at, const char *end, size_t *expected) {
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        size_t index = (*expected + i) % FIELD_COUNT;
        const char *after = skip_name(*at, end, field_names[index].name);
        if (after) {
            *at = after;
            *expected = index + 1;
            return &field_names[index];
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

static const char *line_end(const char *at, const char *end) {
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    return newline ? newline : end;
}

const char *reportline_id(const char *at, const char *end) {
    enum { EXACT = sizeof REPORTLINE_START - 1, WORD = 6 };
    if (end - at < EXACT || memcmp(at, REPORTLINE_START, WORD) != 0)
        return NULL;
    const char *stop = line_end(at, end), *colon = at + EXACT - 1;
    if (memcmp(at, REPORTLINE_START, EXACT) != 0) {
        const char *name = skip_blanks(at + WORD, stop);
        colon = name > at + WORD ? skip_name(name, stop, "RequestId") : NULL;
    }
    const char *id = colon ? skip_blanks(colon, stop) : NULL;
    return id > colon ? id : NULL;
}

/* Reads the fields of a line, or a part of it, into the report. */
static enum report_result read_fields(const char *at, const char *end, struct report *report) {
    size_t expected = 0;
    for (at = skip_blanks(at, end); at < end; at = skip_blanks(at, end)) {
        const struct field_name *field = match_field(&at, end, &expected);
        if (!field)
            at = skip_unknown(at, end);
        else if (!read_value(field, &at, end, report))
            return REPORT_BAD;
    }
    return is_complete(report) ? REPORT_READ : REPORT_OPEN;
}

/* Steps over `prefix`, repeated with other digits, unless it is too long. A bracket at its end is part of
 * "[REPORT]". */
static const char *skip_prefix(const char *at, const char *end, struct span prefix) {
    if (prefix.length > MAX_PREFIX || (size_t)(end - at) < prefix.length)
        return at;
    prefix.length -= prefix.length && prefix.start[prefix.length - 1] == '[';
    for (size_t i = 0; i < prefix.length; i++)
        if (at[i] != prefix.start[i] && !(is_digit(at[i]) && is_digit(prefix.start[i])))
            return at;
    return at + prefix.length;
}

/* Finds the field at which the report continues after the line that ends at `at`, blank lines aside; `end` if
 * no line follows, NULL if another one does. */
static const char *continuation(const char *at, const char *end, struct span prefix) {
    size_t expected = 0;
    const char *next = skip_blanks(at, end), *start = memrchr(at, '\n', (size_t)(next - at));
    if (next < end && prefix.length && start)
        next = skip_blanks(skip_prefix(start + 1, end, prefix), end);
    const char *field = next;
    return next == end || match_field(&field, end, &expected) ? next : NULL;
}

enum report_result reportline_parse(struct span prefix, const char *end, struct report *report,
                                    const char **stop) {
    *report = (struct report){0};
    const char *start = prefix.start + prefix.length, *at = reportline_id(start, end);
    *stop = line_end(start, end);
    const char *after = at ? skip_word(at, *stop) : NULL;
    if (after == at)
        return REPORT_BAD;
    report->request_id = (struct span){at, (size_t)(after - at)};
    enum report_result result = read_fields(after, *stop, report);
    bool open = result == REPORT_OPEN;
    const char *next;
    while (open && result != REPORT_BAD && *stop < end && (next = continuation(*stop, end, prefix))) {
        *stop = line_end(next, end);
        result = read_fields(next, *stop, report);
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
