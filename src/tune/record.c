#include "tune/record.h"

#include "util/diagnostics.h"
#include "util/files.h"
#include "util/memory.h"

#include <stdlib.h>
#include <string.h>

bool record_reader_open(struct record_reader *reader, const char *path) {
    const char *name;
    int fd = input_open(path, &name);
    *reader = (struct record_reader){0};
    if (fd >= 0)
        line_reader_open(&reader->lines, fd, name);
    return fd >= 0;
}

void record_reader_close(struct record_reader *reader) {
    input_close(reader->lines.fd);
    line_reader_close(&reader->lines);
}

static bool is_blank(struct span line) {
    for (size_t i = 0; i < line.length; i++)
        if (!strchr(" \t\r", line.start[i]) || !line.start[i])
            return false;
    return true;
}

/* A log that is given instead of records would cause a message for each of its lines. */
enum { MAX_REPORTED = 10 };

static enum record_result bad_line(struct record_reader *reader, const char *what, const char *why,
                                   size_t offset) {
    reader->bad++;
    if (reader->bad == MAX_REPORTED + 1)
        report_error("%s:%lu: further lines that are not records are not reported (pt-logparse turns logs "
                     "into records)",
                     reader->lines.name, reader->lines.line);
    else if (reader->bad > MAX_REPORTED)
        return RECORD_BAD;
    else if (offset)
        report_error("%s:%lu: %s: %s at byte %zu", reader->lines.name, reader->lines.line, what, why, offset);
    else
        report_error("%s:%lu: %s: %s", reader->lines.name, reader->lines.line, what, why);
    return RECORD_BAD;
}

static enum record_result parse(struct record_reader *reader, struct span line, struct record *record) {
    struct json_error error;
    struct span object, type;
    if (!json_check(line, &object, &error))
        return bad_line(reader, reader->lines.unterminated ? "truncated record" : "not a record",
                        error.reason, error.offset + 1);
    if (json_type(object) != JSON_OBJECT)
        return bad_line(reader, "not a record", json_type_name(json_type(object)), 0);
    if (!json_member(object, "type", &type) || json_type(type) != JSON_STRING)
        return bad_line(reader, "not a record", "no string member 'type'", 0);
    *record = (struct record){object, type, reader->lines.line};
    return RECORD_READ;
}

enum record_result record_of_line(struct record_reader *reader, struct span line, struct record *record) {
    return is_blank(line) ? RECORD_WAIT : parse(reader, line, record);
}

enum record_result record_buffered(struct record_reader *reader, struct record *record) {
    struct span line;
    while (line_reader_buffered(&reader->lines, &line))
        if (!is_blank(line))
            return parse(reader, line, record);
    if (!reader->lines.at_end)
        return RECORD_WAIT;
    if (!reader->lines.error)
        return RECORD_END;
    reader->bad++;
    line_reader_report(&reader->lines);
    reader->lines.error = 0;
    return RECORD_BAD;
}

enum record_result record_next(struct record_reader *reader, struct record *record) {
    enum record_result result;
    while ((result = record_buffered(reader, record)) == RECORD_WAIT)
        line_reader_fill(&reader->lines);
    return result;
}

bool record_read_lines(const char *path,
                       void (*take)(void *context, struct record_reader *reader, struct span line),
                       void *context) {
    struct record_reader reader;
    struct span line;
    if (!record_reader_open(&reader, path))
        return false;
    while (!reader.bad && line_reader_next(&reader.lines, &line))
        take(context, &reader, line);
    bool good = !reader.bad && !reader.lines.error;
    if (reader.lines.error)
        line_reader_report(&reader.lines);
    record_reader_close(&reader);
    return good;
}

unsigned long record_read_file(const char *path,
                               void (*take)(void *context, struct record_reader *reader,
                                            const struct record *record),
                               void *context) {
    struct record_reader reader;
    struct record record;
    enum record_result result;
    if (!record_reader_open(&reader, path))
        return 1;
    while ((result = record_next(&reader, &record)) != RECORD_END)
        if (result == RECORD_READ)
            take(context, &reader, &record);
    unsigned long bad = reader.bad;
    record_reader_close(&reader);
    return bad;
}

bool record_is(const struct record *record, const char *type) {
    return json_string_is(record->type, type);
}

void record_report(struct record_reader *reader, const struct record *record, const char *problem) {
    reader->bad++;
    struct text type = TEXT_INIT;
    json_decode_string(record->type, &type);
    report_error("%s:%lu: %s record: %s", reader->lines.name, record->line, text_string(&type), problem);
    text_release(&type);
}

void record_report_unread(unsigned long count, const char *type, const char *programs) {
    report_error("%lu %s record%s: run %s first", count, type, count == 1 ? "" : "s", programs);
}

/* ---- members ---- */

static const char *kind_name(enum field_kind kind) {
    static const char *const names[] = {"a whole number", "a number", "a string", "true or false",
                                        "a value",        "a string", "a value"};
    return names[kind];
}

static bool within(const struct field *field, double number) {
    return (field->minimum == 0 && field->maximum == 0) ||
           (number >= field->minimum && number <= field->maximum);
}

static void replace_copy(const struct field *field, struct span value, char *place) {
    struct text content = TEXT_INIT;
    char *copy;
    if (field->kind == FIELD_COPY)
        json_decode_string(value, &content);
    else
        text_append(&content, value.start, value.length);
    memcpy(&copy, place, sizeof copy);
    free(copy);
    copy = memory_copy(text_string(&content), content.length);
    memcpy(place, &copy, sizeof copy);
    text_release(&content);
}

static bool store(const struct field *field, struct span value, void *target, struct text *problem) {
    char *place = (char *)target + field->offset;
    enum json_type type = json_type(value);
    long long whole = 0;
    double number = 0;
    bool fits = true;
    switch (field->kind) {
    case FIELD_WHOLE:
        fits = json_whole_number(value, &whole);
        number = (double)whole;
        break;
    case FIELD_NUMBER:
        fits = type == JSON_NUMBER;
        number = fits ? json_number(value) : 0;
        break;
    case FIELD_STRING:
    case FIELD_COPY:
        fits = type == JSON_STRING;
        break;
    case FIELD_BOOLEAN:
        fits = type == JSON_TRUE || type == JSON_FALSE;
        break;
    case FIELD_VALUE:
    case FIELD_JSON:
        break;
    }
    if (!fits) {
        text_append_format(problem, "member '%s' is %s, not %s", field->name,
                           type == JSON_NUMBER && field->kind == FIELD_WHOLE
                               ? "a number with a fraction or too large"
                               : json_type_name(type),
                           kind_name(field->kind));
        return false;
    }
    if ((field->kind == FIELD_WHOLE || field->kind == FIELD_NUMBER) && !within(field, number)) {
        text_append_format(problem, "member '%s' is %g, not within %g..%g", field->name, number,
                           field->minimum, field->maximum);
        return false;
    }
    if (field->kind == FIELD_WHOLE)
        memcpy(place, &whole, sizeof whole);
    else if (field->kind == FIELD_NUMBER)
        memcpy(place, &number, sizeof number);
    else if (field->kind == FIELD_BOOLEAN)
        *(bool *)place = type == JSON_TRUE;
    else if (field->kind == FIELD_COPY || field->kind == FIELD_JSON)
        replace_copy(field, value, place);
    else
        memcpy(place, &value, sizeof value);
    return true;
}

static const struct field *find_field(struct span name, const struct field *fields, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (json_string_is(name, fields[i].name))
            return &fields[i];
    return NULL;
}

bool record_fields(struct span object, const struct field *fields, size_t count, void *target,
                   struct text *problem) {
    unsigned long long seen = 0; /* one bit per field; the tables are far shorter than 64 */
    struct json_cursor cursor = json_cursor(object);
    struct span name, value;
    while (json_next_member(&cursor, &name, &value)) {
        const struct field *field = find_field(name, fields, count);
        if (!field || (json_type(value) == JSON_NULL && field->kind != FIELD_VALUE))
            continue;
        if (!store(field, value, target, problem))
            return false;
        seen |= 1ULL << (field - fields);
    }
    for (size_t i = 0; i < count; i++)
        if (fields[i].required && !(seen >> i & 1)) {
            text_append_format(problem, "no member '%s'", fields[i].name);
            return false;
        }
    return true;
}

static struct span member_at(struct span object, const char *parent, const char *name, enum json_type type) {
    struct span value;
    bool found = object.start && (!parent || json_member(object, parent, &object)) &&
                 json_member(object, name, &value) && json_type(value) == type;
    return found ? value : (struct span){NULL, 0};
}

double record_number(struct span object, const char *parent, const char *name, double fallback) {
    struct span value = member_at(object, parent, name, JSON_NUMBER);
    return value.start ? json_number(value) : fallback;
}

bool record_interval(struct span object, const char *parent, const char *name, double interval[2]) {
    struct json_cursor cursor = json_cursor(member_at(object, parent, name, JSON_ARRAY));
    struct span low, high;
    if (!json_next_element(&cursor, &low) || !json_next_element(&cursor, &high))
        return false;
    interval[0] = json_number(low);
    interval[1] = json_number(high);
    return true;
}

/* ---- extending records ---- */

static bool has_member_named(struct span object, struct span name) {
    struct json_cursor cursor = json_cursor(object);
    struct span member, value;
    while (json_next_member(&cursor, &member, &value))
        if (span_same(member, name))
            return true;
    return false;
}

void record_extend(struct text *out, struct span object, struct span added) {
    struct span name, value;
    text_append_byte(out, '{');
    struct json_cursor cursor = json_cursor(object);
    while (json_next_member(&cursor, &name, &value))
        if (!has_member_named(added, name))
            json_put_member(out, name, value);
    cursor = json_cursor(added);
    while (json_next_member(&cursor, &name, &value))
        json_put_member(out, name, value);
    text_append_byte(out, '}');
}
