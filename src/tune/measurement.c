#include "tune/measurement.h"

#include "tune/duration.h"

#include <stddef.h>
#include <stdio.h>

/* ---- writing ---- */

static void put_bytes(struct text *out, const char *name, struct span bytes, bool inside_token) {
    if (!bytes.start)
        return;
    json_put_name(out, name);
    if (!inside_token) {
        json_append_string(out, bytes);
        return;
    }
    text_append_byte(out, '"');
    text_append(out, bytes.start, bytes.length);
    text_append_byte(out, '"');
}

static void put_report(struct text *out, const struct report *report, struct span error_type) {
    put_bytes(out, "requestId", report->request_id, report->json);
    json_put_value(out, "durationMs", report->duration);
    json_put_value(out, "billedDurationMs", report->billed_duration);
    json_put_value(out, "initDurationMs", report->init_duration);
    json_put_value(out, "restoreDurationMs", report->restore_duration);
    json_put_value(out, "billedRestoreDurationMs", report->billed_restore_duration);
    json_put_number(out, "memorySizeMB", (double)report->memory_size);
    json_put_value(out, "maxMemoryUsedMB", report->max_memory_used);
    put_bytes(out, "status", report->status, report->json);
    if (error_type.start)
        json_put_value(out, "errorType", error_type);
    else
        put_bytes(out, "errorType", report->error_type, report->json);
}

void measurement_open(struct text *out, const struct report *report) {
    text_append_string(out, "{\"type\":\"measurement\"");
    json_put_number(out, "power", (double)report->memory_size);
    put_report(out, report, (struct span){NULL, 0});
}

void measurement_finish(struct text *out, const struct origin *origin) {
    json_put_span(out, "functionName", origin->function_name);
    json_put_span(out, "logStream", origin->log_stream);
    if (origin->timestamp)
        json_put_number(out, "timestamp", (double)origin->timestamp);
    text_append_byte(out, '}');
}

void measurement_append(struct text *out, const struct report *report, const struct origin *origin) {
    measurement_open(out, report);
    measurement_finish(out, origin);
}

void measurement_append_invocation(struct text *out, const struct report *report,
                                   const struct invocation_members *members) {
    struct span name, value;
    text_append_string(out, "{\"type\":\"measurement\"");
    json_put_value(out, "power", members->power);
    json_put_value(out, "index", members->index);
    put_report(out, report, members->error_type);
    struct json_cursor cursor = json_cursor(members->others);
    while (json_next_member(&cursor, &name, &value)) {
        json_separate(out);
        text_append(out, name.start, name.length);
        text_append_byte(out, ':');
        text_append(out, value.start, value.length);
    }
    text_append_byte(out, '}');
}

/* ---- reading ---- */

struct members {
    double power, max_memory_used;
    struct span duration, billed, init, restore, status, error_type;
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
                           DURATION_LONGEST_MS);
    return false;
}

static struct span unless_null(struct span token) {
    return json_type(token) == JSON_NULL ? (struct span){NULL, 0} : token;
}

bool measurement_read(struct span object, struct measurement *measurement, struct text *problem) {
    static const struct field fields[] = {
        {"power", FIELD_NUMBER, offsetof(struct members, power), true, 1, REPORT_LARGEST_MB},
        {"maxMemoryUsedMB", FIELD_NUMBER, offsetof(struct members, max_memory_used), false, 0, 1e9},
        {"durationMs", FIELD_VALUE, offsetof(struct members, duration), false, 0, 0},
        {"billedDurationMs", FIELD_VALUE, offsetof(struct members, billed), false, 0, 0},
        {"initDurationMs", FIELD_VALUE, offsetof(struct members, init), false, 0, 0},
        {"restoreDurationMs", FIELD_VALUE, offsetof(struct members, restore), false, 0, 0},
        {"status", FIELD_STRING, offsetof(struct members, status), false, 0, 0},
        {"errorType", FIELD_STRING, offsetof(struct members, error_type), false, 0, 0},
    };
    struct members members = {0};
    int64_t duration, restore;
    if (!record_fields(object, fields, sizeof fields / sizeof *fields, &members, problem))
        return false;
    struct span init_token = unless_null(members.init), restore_token = unless_null(members.restore);
    if (!read_time("durationMs", members.duration, true, &duration, problem) ||
        !read_time("billedDurationMs", members.billed, true, &measurement->billed_duration, problem) ||
        !read_time("initDurationMs", init_token, false, &measurement->init_duration, problem) ||
        !read_time("restoreDurationMs", restore_token, false, &restore, problem))
        return false;
    measurement->power = members.power;
    measurement->duration = duration + measurement->init_duration + restore;
    measurement->cold = init_token.start || restore_token.start;
    measurement->max_memory_used = members.max_memory_used;
    measurement->status = members.status;
    measurement->error_type = members.error_type;
    return true;
}
