#include "tune/measurement.h"

#include "tune/duration.h"
#include "util/swar.h"

#include <stddef.h>
#include <stdio.h>

/* ---- writing ---- */

/* Appends a member to an object that already has one. */
static void put_bytes(struct text *out, const char *name, struct span bytes, bool verbatim) {
    if (!bytes.start)
        return;
    verbatim = verbatim || (bytes.length >= 8 && swar_plain(bytes.start, bytes.length));
    size_t length = strlen(name);
    char *start = text_extend(out, length + bytes.length + 8), *at = start;
    *at++ = ',';
    *at++ = '"';
    memcpy(at, name, length);
    at += length;
    *at++ = '"';
    *at++ = ':';
    if (verbatim) {
        *at++ = '"';
        memcpy(at, bytes.start, bytes.length);
        at += bytes.length;
        *at++ = '"';
    }
    text_extended(out, (size_t)(at - start));
    if (!verbatim)
        json_append_string(out, bytes);
}

/* For speed in large logs, room for all members below is made once; their names and punctuation are far
 * shorter than ROOM. */
enum { ROOM = 512 };

static inline char *add(char *at, const char *bytes, size_t length) {
    memcpy(at, bytes, length);
    return at + length;
}
#define ADD(at, text) add(at, text, sizeof text - 1)

/* Most numbers have four to eight bytes: copied as two overlapping groups of four. */
static inline char *add_number(char *at, struct span token) {
    if (token.length < 4 || token.length > 8)
        return add(at, token.start, token.length);
    memcpy(at, token.start, 4);
    memcpy(at + token.length - 4, token.start + token.length - 4, 4);
    return at + token.length;
}

static inline char *add_whole(char *at, long number) {
    char digits[24];
    size_t first = sizeof digits;
    do
        digits[--first] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    return add(at, digits + first, sizeof digits - first);
}

static size_t room_for(const struct report *report) {
    return ROOM + report->request_id.length + report->duration.length + report->billed_duration.length +
           report->init_duration.length + report->restore_duration.length +
           report->billed_restore_duration.length + report->max_memory_used.length;
}

/* Writes the members from durationMs to maxMemoryUsedMB. */
static inline char *add_figures(char *at, const struct report *report) {
    at = add_number(ADD(at, ",\"durationMs\":"), report->duration);
    at = add_number(ADD(at, ",\"billedDurationMs\":"), report->billed_duration);
    if (report->init_duration.start)
        at = add_number(ADD(at, ",\"initDurationMs\":"), report->init_duration);
    if (report->restore_duration.start)
        at = add_number(ADD(at, ",\"restoreDurationMs\":"), report->restore_duration);
    if (report->billed_restore_duration.start)
        at = add_number(ADD(at, ",\"billedRestoreDurationMs\":"), report->billed_restore_duration);
    at = add_whole(ADD(at, ",\"memorySizeMB\":"), report->memory_size);
    return add_number(ADD(at, ",\"maxMemoryUsedMB\":"), report->max_memory_used);
}

/* `out` must end in a member. */
static void put_report(struct text *out, const struct report *report, struct span error_type) {
    put_bytes(out, "requestId", report->request_id, report->verbatim);
    char *start = text_extend(out, room_for(report));
    text_extended(out, (size_t)(add_figures(start, report) - start));
    put_bytes(out, "status", report->status, report->verbatim);
    if (error_type.start)
        json_put_value(out, "errorType", error_type);
    else
        put_bytes(out, "errorType", report->error_type, report->verbatim);
}

#define OPENING "{\"type\":\"measurement\",\"power\":"

void measurement_open(struct text *out, const struct report *report) {
    char *start = text_extend(out, ROOM);
    text_extended(out, (size_t)(add_whole(ADD(start, OPENING), report->memory_size) - start));
    put_report(out, report, (struct span){NULL, 0});
}

void measurement_finish(struct text *out, const struct origin *origin) {
    put_bytes(out, "functionName", origin->function_name, false);
    put_bytes(out, "logStream", origin->log_stream, false);
    char *start = text_extend(out, ROOM), *at = start;
    if (origin->timestamp > 0)
        at = add_whole(ADD(at, ",\"timestamp\":"), (long)origin->timestamp);
    at = ADD(at, "}");
    text_extended(out, (size_t)(at - start));
}

void measurement_append(struct text *out, const struct report *report, const struct origin *origin) {
    measurement_open(out, report);
    measurement_finish(out, origin);
}

void measurement_append_invocation(struct text *out, const struct report *report,
                                   const struct invocation_members *members) {
    struct span name, value;
    text_append_string(out, "{\"type\":\"measurement\"");
    json_put_value(out, "power", members->memory_mb);
    json_put_value(out, "index", members->index);
    put_report(out, report, members->error_type);
    struct json_cursor cursor = json_cursor(members->others);
    while (json_next_member(&cursor, &name, &value))
        json_put_member(out, name, value);
    text_append_byte(out, '}');
}

/* ---- reading ---- */

struct members {
    double memory_mb, max_memory_used;
    long long payload_index;
    struct span duration, billed, init, restore, status, error_type, timestamp;
};

static bool read_time(const char *name, struct span token, bool required, int64_t *time,
                      struct text *problem) {
    *time = 0;
    if ((!token.start && !required) || (token.start && duration_parse(token, time)))
        return true;
    if (!token.start)
        text_append_format(problem, "no member '%s'", name);
    else if (json_type(token) != JSON_NUMBER)
        text_append_format(problem, "member '%s' is %s, not a number", name,
                           json_type_name(json_type(token)));
    else
        text_append_format(problem, "member '%s' is %g, not within 0..%g", name, json_number(token),
                           MAX_DURATION_MS);
    return false;
}

static struct span unless_null(struct span token) {
    return json_type(token) == JSON_NULL ? (struct span){NULL, 0} : token;
}

bool measurement_has_failed(const struct measurement *measurement) {
    return measurement->status.start &&
           (json_string_is(measurement->status, "timeout") || json_string_is(measurement->status, "error") ||
            json_string_is(measurement->status, "failure"));
}

bool measurement_read(struct span object, struct measurement *measurement, struct text *problem) {
    static const struct field fields[] = {
        {"power", FIELD_NUMBER, offsetof(struct members, memory_mb), true, 1, MAX_REPORT_MB},
        {"maxMemoryUsedMB", FIELD_NUMBER, offsetof(struct members, max_memory_used), false, 0, 1e9},
        {"durationMs", FIELD_VALUE, offsetof(struct members, duration), false, 0, 0},
        {"billedDurationMs", FIELD_VALUE, offsetof(struct members, billed), false, 0, 0},
        {"initDurationMs", FIELD_VALUE, offsetof(struct members, init), false, 0, 0},
        {"restoreDurationMs", FIELD_VALUE, offsetof(struct members, restore), false, 0, 0},
        {"status", FIELD_STRING, offsetof(struct members, status), false, 0, 0},
        {"errorType", FIELD_STRING, offsetof(struct members, error_type), false, 0, 0},
        {"payloadIndex", FIELD_WHOLE, offsetof(struct members, payload_index), false, 0, 1e9},
        {"timestamp", FIELD_VALUE, offsetof(struct members, timestamp), false, 0, 0},
    };
    struct members members = {.payload_index = -1};
    int64_t duration, restore;
    if (!record_fields(object, fields, sizeof fields / sizeof *fields, &members, problem))
        return false;
    struct span init_token = unless_null(members.init), restore_token = unless_null(members.restore);
    if (!read_time("durationMs", members.duration, true, &duration, problem) ||
        !read_time("billedDurationMs", members.billed, true, &measurement->billed_duration, problem) ||
        !read_time("initDurationMs", init_token, false, &measurement->init_duration, problem) ||
        !read_time("restoreDurationMs", restore_token, false, &restore, problem))
        return false;
    measurement->memory_mb = members.memory_mb;
    measurement->duration = duration + measurement->init_duration + restore;
    measurement->cold = init_token.start || restore_token.start;
    measurement->max_memory_used = members.max_memory_used;
    measurement->payload_index = members.payload_index;
    measurement->timestamp = 0;
    if (json_type(members.timestamp) == JSON_NUMBER)
        json_whole_number(members.timestamp, &measurement->timestamp);
    measurement->status = members.status;
    measurement->error_type = members.error_type;
    return true;
}

/* ---- fast path ---- */

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

/* Reads a JSON whole number of at most seven digits. */
static inline bool fast_whole(const char **at, const char *end, int64_t *number) {
    const char *start = *at;
    unsigned length = end - start >= 8 ? swar_digits(start) : 0;
    *at = start + length;
    if (length == 0 || length == 8 || (*start == '0' && length > 1))
        return false;
    *number = swar_value(start, length);
    return true;
}

/* Reads milliseconds with at most five decimals, which are whole units. */
static inline bool fast_time(const char **at, const char *end, int64_t *time) {
    static const int64_t scale[] = {0, 10000, 1000, 100, 10, 1};
    int64_t whole;
    if (!fast_whole(at, end, &whole) || end - *at < 9)
        return false;
    *time = whole * DURATION_MS;
    if (**at != '.')
        return true;
    const char *start = *at + 1;
    unsigned length = swar_digits(start);
    *at = start + length;
    if (length < 1 || length > 5)
        return false;
    *time += swar_value(start, length) * scale[length];
    return true;
}

/* Reads the inside of a string of plain ASCII, most often a request id of 36 bytes. */
static inline bool fast_string(const char **at, const char *end) {
    const char *here = *at;
    if (end - here > 36 && here[36] == '"' && swar_plain(here, 36)) {
        *at = here + 37;
        return true;
    }
    while (here < end && *here >= ' ' && *here != '"' && *here != '\\')
        here++;
    *at = here + 1;
    return here < end && *here == '"';
}

const char *measurement_read_fast(const char *at, const char *end, struct measurement *measurement) {
    int64_t memory_mb, size, used;
    if (!STEP_OVER(&at, end, "{\"type\":\"measurement\",\"power\":") || !fast_whole(&at, end, &memory_mb) ||
        !STEP_OVER(&at, end, ",\"requestId\":\"") || !fast_string(&at, end) ||
        !STEP_OVER(&at, end, ",\"durationMs\":") || !fast_time(&at, end, &measurement->duration) ||
        !STEP_OVER(&at, end, ",\"billedDurationMs\":") || !fast_time(&at, end, &measurement->billed_duration))
        return NULL;
    bool init = STEP_OVER(&at, end, ",\"initDurationMs\":");
    measurement->init_duration = 0;
    if (init && !fast_time(&at, end, &measurement->init_duration))
        return NULL;
    if (!STEP_OVER(&at, end, ",\"memorySizeMB\":") || !fast_whole(&at, end, &size) ||
        !STEP_OVER(&at, end, ",\"maxMemoryUsedMB\":") || !fast_whole(&at, end, &used))
        return NULL;
    STEP_OVER(&at, end, ",\"status\":\"success\"");
    if ((STEP_OVER(&at, end, ",\"functionName\":\"") && !fast_string(&at, end)) ||
        (STEP_OVER(&at, end, ",\"logStream\":\"") && !fast_string(&at, end)))
        return NULL;
    measurement->timestamp = 0;
    if (STEP_OVER(&at, end, ",\"timestamp\":"))
        for (const char *start = at; at < end && is_digit(*at) && (*start != '0') && at - start < 15; at++)
            measurement->timestamp = measurement->timestamp * 10 + (*at - '0');
    if (end - at < 2 || at[0] != '}' || at[1] != '\n' || memory_mb < 1 || memory_mb > MAX_REPORT_MB)
        return NULL;
    measurement->memory_mb = (double)memory_mb;
    measurement->duration += measurement->init_duration;
    measurement->cold = init;
    measurement->max_memory_used = (double)used;
    measurement->payload_index = -1;
    /* Cleared separately: copying one from the other would be a wide load that waits for two recent
     * stores. */
    measurement->status = (struct span){NULL, 0};
    measurement->error_type = (struct span){NULL, 0};
    return at + 2;
}

bool record_memory_mb(struct span object, bool required, double *memory_mb, struct text *problem) {
    const struct field field = {"power", FIELD_NUMBER, 0, required, 1, MAX_REPORT_MB};
    *memory_mb = 0;
    return record_fields(object, &field, 1, memory_mb, problem);
}
