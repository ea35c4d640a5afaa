#include "tune/reportline.h"

#include "tune/duration.h"
#include "util/json.h"
#include "util/swar.h"

#include <stddef.h>

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
        at = skip_escape(at, end);
    } while (at > start);
    return at;
}

/* The end of a word. Quotes, escapes and commas, which may wrap a report, are not part of its last word. */
static const char *skip_word(const char *at, const char *end) {
    while (at < end && !is_blank(*at) && *at != '"' && *at != '\\' && *at != ',' && (unsigned char)*at >= ' ')
        at++;
    return at;
}

static const struct field_name *match_field(const char *at, const char *end) {
    size_t left = (size_t)(end - at);
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const struct field_name *field = &field_names[i];
        if (left >= field->length && *at == *field->name && memcmp(at, field->name, field->length) == 0)
            return field;
    }
    return NULL;
}

bool reportline_continues(const char *at, const char *end) {
    return match_field(skip_blanks(at, end), end) != NULL;
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

/* ---- fast path ----
 * The REPORT line exactly as Lambda has written it since 2019: almost every line of a large log. Anything
 * else is left to the general parser, so only the speed depends on this. */

/* Reads a number without a fraction, of at most eight digits. */
static inline bool fast_whole(const char **at, const char *end, struct span *number) {
    const char *start = *at;
    unsigned length = 0;
    if (end - start >= 8)
        length = swar_digits(start);
    else
        while (start + length < end && is_digit(start[length]))
            length++;
    *number = (struct span){start, length};
    *at = start + length;
    return length > 0 && length < 8 && (*start != '0' || length == 1);
}

static inline bool fast_number(const char **at, const char *end, struct span *number) {
    if (!fast_whole(at, end, number) || end - *at < 9)
        return false;
    if (**at != '.')
        return true;
    unsigned decimals = swar_digits(*at + 1);
    *at += 1 + decimals;
    number->length += 1 + decimals;
    return decimals > 0 && decimals < 8;
}

const char *reportline_parse_fast(const char *at, const char *end, struct report *report) {
    struct span size;
    at += sizeof REPORTLINE_START - 1;
    if (end - at < 100 || at[36] != '\t' || !swar_plain(at, 36))
        return NULL;
    const struct span absent = {NULL, 0};
    report->request_id = (struct span){at, 36};
    report->init_duration = report->restore_duration = report->billed_restore_duration = absent;
    report->status = report->error_type = absent;
    report->verbatim = true;
    at += 36;
    if (!STEP_OVER(&at, end, "\tDuration: ") || !fast_number(&at, end, &report->duration) ||
        !STEP_OVER(&at, end, " ms\tBilled Duration: ") || !fast_number(&at, end, &report->billed_duration) ||
        !STEP_OVER(&at, end, " ms\tMemory Size: ") || !fast_whole(&at, end, &size) ||
        !whole_size(size, &report->memory_size) || !STEP_OVER(&at, end, " MB\tMax Memory Used: ") ||
        !fast_whole(&at, end, &report->max_memory_used) || !STEP_OVER(&at, end, " MB"))
        return NULL;
    if (end - at >= 2 && at[0] == '\t' && at[1] == '\n')
        return at + 1;
    if (STEP_OVER(&at, end, "\tInit Duration: ") &&
        (!fast_number(&at, end, &report->init_duration) || !STEP_OVER(&at, end, " ms")))
        return NULL;
    if (at < end && *at == '\t')
        at++;
    return at < end && *at == '\n' ? at : NULL;
}

/* ---- general parser ---- */

enum report_result reportline_parse(const char *at, const char *end, struct report *report) {
    *report = (struct report){0};
    at += sizeof REPORTLINE_START - 1;
    const char *stop = skip_word(at, end);
    report->request_id = (struct span){at, (size_t)(stop - at)};
    if (stop == at)
        return REPORT_BAD;
    for (at = skip_blanks(stop, end); at < end; at = skip_blanks(at, end)) {
        const struct field_name *field = match_field(at, end);
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

/* ---- fast path for JSON ---- */

static inline bool fast_id(const char **at, const char *end, struct span *id) {
    if (end - *at < 40 || (*at)[36] != '"' || !swar_plain(*at, 36))
        return false;
    *id = (struct span){*at, 36};
    *at += 37;
    return true;
}

static bool fast_metrics(const char **at, const char *end, struct report *report) {
    struct span size;
    const struct span absent = {NULL, 0};
    report->init_duration = report->restore_duration = report->billed_restore_duration = absent;
    if (!STEP_OVER(at, end, "\"metrics\":{\"durationMs\":") || !fast_number(at, end, &report->duration) ||
        !STEP_OVER(at, end, ",\"billedDurationMs\":") || !fast_whole(at, end, &report->billed_duration) ||
        !STEP_OVER(at, end, ",\"memorySizeMB\":") || !fast_whole(at, end, &size) ||
        !whole_size(size, &report->memory_size) || !STEP_OVER(at, end, ",\"maxMemoryUsedMB\":") ||
        !fast_whole(at, end, &report->max_memory_used))
        return false;
    if (STEP_OVER(at, end, ",\"initDurationMs\":") && !fast_number(at, end, &report->init_duration))
        return false;
    return STEP_OVER(at, end, "}");
}

bool reportline_parse_json_fast(struct span line, struct report *report, struct span *time) {
    const char *at = line.start, *end = at + line.length;
    if (!STEP_OVER(&at, end, "{\"time\":\"") || end - at < 25 || at[24] != '"' || !swar_plain(at, 24))
        return false;
    *time = (struct span){at, 24};
    at += 24;
    if (!STEP_OVER(&at, end, "\",\"type\":\"platform.report\",\"record\":{\"requestId\":\"") ||
        !fast_id(&at, end, &report->request_id))
        return false;
    report->verbatim = true;
    report->error_type = (struct span){NULL, 0};
    bool status_first = STEP_OVER(&at, end, ",\"status\":\"success\"");
    report->status = (struct span){at - 8, 7};
    if (!STEP_OVER(&at, end, ",") || !fast_metrics(&at, end, report))
        return false;
    if (!status_first) {
        if (!STEP_OVER(&at, end, ",\"status\":\"success\""))
            return false;
        report->status = (struct span){at - 8, 7};
    }
    return end - at == 2 && at[0] == '}' && at[1] == '}';
}
