#include "tune/invocation.h"

#include "tune/fault.h"
#include "tune/measurement.h"
#include "tune/record.h"
#include "util/base64.h"
#include "util/json.h"

#include <stddef.h>

/* ---- the log tail ---- */

/* True when the request id of the report is `id`, or `any` is set. */
static bool is_own(const struct report *report, struct span id, bool any) {
    return any || span_same(report->request_id, id);
}

/* A JSON report may follow other text without a newline, so each '{' of the line is tried. */
static bool read_json_line(const char *at, const char *end, struct report *report) {
    enum { ATTEMPTS = 16 };
    for (int i = 0; i < ATTEMPTS && (at = memchr(at, '{', (size_t)(end - at))); i++) {
        struct span object;
        enum report_result result;
        if (!json_check_prefix((struct span){at, (size_t)(end - at)}, &object, NULL)) {
            at++;
            continue;
        }
        if (reportline_parse_json(object, report, &result))
            return result == REPORT_READ;
        at += object.length;
    }
    return false;
}

static bool read_line(const char *at, const char *end, struct report *report) {
    const char *stop;
    if (reportline_id(at, end))
        return reportline_parse((struct span){at, 0}, end, report, &stop) == REPORT_READ;
    return memmem(at, (size_t)(end - at), "platform.report", 15) && read_json_line(at, end, report);
}

bool invocation_report(const struct text *tail, struct span id, bool any, struct report *found) {
    const char *at = text_string(tail), *end = at + tail->length;
    bool any_found = false;
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline ? newline : end;
        struct report report;
        if (read_line(at, stop, &report) && is_own(&report, id, any)) {
            *found = report;
            any_found = true;
        }
        at = newline ? newline + 1 : end;
    }
    return any_found;
}

/* ---- the record ---- */

struct members {
    double memory_mb_number;
    long long index_number;
    struct span memory_mb, index, request_id, log_result, function_error, error_type, message;
};

static bool read_members(struct span object, const struct invocation_rules *rules, struct members *members,
                         struct text *problem) {
    const struct field fields[] = {
        {"power", FIELD_NUMBER, offsetof(struct members, memory_mb_number), true, 1, MAX_REPORT_MB},
        {"index", FIELD_WHOLE, offsetof(struct members, index_number), false, 0, 9e15},
        {"requestId", FIELD_STRING, offsetof(struct members, request_id), !rules->any_request_id, 0, 0},
        {"logResult", FIELD_STRING, offsetof(struct members, log_result), false, 0, 0},
        {"functionError", FIELD_STRING, offsetof(struct members, function_error), false, 0, 0},
        {"errorType", FIELD_STRING, offsetof(struct members, error_type), false, 0, 0},
    };
    if (!record_fields(object, fields, sizeof fields / sizeof *fields, members, problem))
        return false;
    json_member(object, "power", &members->memory_mb);
    if (json_member(object, "index", &members->index) && json_type(members->index) == JSON_NULL)
        members->index = (struct span){NULL, 0};
    return true;
}

/* Collects the members that this stage neither consumes nor writes itself, as an object. */
static void collect_others(struct span object, struct text *others) {
    static const char *const known[] = {"type",          "power",      "index",           "requestId",
                                        "logResult",     "statusCode", "executedVersion", "clientDurationMs",
                                        "functionError", "errorType"};
    struct json_cursor cursor = json_cursor(object);
    struct span name, value;
    text_append_byte(others, '{');
    while (json_next_member(&cursor, &name, &value)) {
        bool own = false;
        for (size_t i = 0; i < sizeof known / sizeof *known && !own; i++)
            own = json_string_is(name, known[i]);
        if (own)
            continue;
        json_separate(others);
        text_append(others, name.start, name.length);
        text_append_byte(others, ':');
        text_append(others, value.start, value.length);
    }
    text_append_byte(others, '}');
}

static void append_failure(struct text *out, const struct members *members, const char *kind,
                           const struct text *others, struct span log) {
    text_append_string(out, "{\"type\":\"failure\"");
    json_put_value(out, "power", members->memory_mb);
    json_put_value(out, "index", members->index);
    json_put_string(out, "kind", kind);
    json_put_value(out, "requestId", members->request_id);
    json_put_value(out, "errorType",
                   members->error_type.start ? members->error_type : members->function_error);
    fault_put_end(out, "log", log, FAULT_LOG);
    if (others->length > 2) {
        text_append_byte(out, ',');
        text_append(out, others->bytes + 1, others->length - 2);
    }
    text_append_byte(out, '}');
}

bool invocation_read(struct span object, const struct invocation_rules *rules, struct text *out,
                     struct text *problem) {
    struct members members = {0};
    struct text tail = TEXT_INIT, others = TEXT_INIT;
    struct report report;
    if (!read_members(object, rules, &members, problem))
        return false;
    if (members.log_result.start &&
        !base64_decode((struct span){members.log_result.start + 1, members.log_result.length - 2}, &tail)) {
        text_append_string(problem, "member 'logResult' is not base64");
        text_release(&tail);
        return false;
    }
    struct span id = members.request_id.start
                         ? (struct span){members.request_id.start + 1, members.request_id.length - 2}
                         : (struct span){NULL, 0};
    struct span log = {text_string(&tail), rules->logs_withheld ? 0 : tail.length};
    collect_others(object, &others);
    struct span error_type = members.error_type.start ? members.error_type : members.function_error;
    if (members.function_error.start && rules->errors_judged && !allowed_has(&rules->allowed, error_type)) {
        append_failure(out, &members, "functionError", &others, log);
    } else if (!invocation_report(&tail, id, rules->any_request_id, &report)) {
        append_failure(out, &members, "noReport", &others, log);
    } else {
        struct invocation_members written = {
            members.memory_mb, members.index, error_type, {text_string(&others), others.length}};
        measurement_append_invocation(out, &report, &written);
    }
    text_release(&tail);
    text_release(&others);
    return true;
}
