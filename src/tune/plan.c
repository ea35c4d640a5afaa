#include "tune/plan.h"

#include "util/diagnostics.h"
#include "util/files.h"
#include "util/memory.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What record_fields fills: the plan, and what is turned into members of it. */
struct plan_members {
    struct plan plan;
    struct span payload, payload_file, payloads, payload_use, memory_mb_values;
    long long schema, payload_bytes;
};

#define FIELD(member, name, kind, required)                                                                  \
    { name, kind, offsetof(struct plan_members, member), required, 0, 0 }

static const struct field fields[] = {
    {"schema", FIELD_WHOLE, offsetof(struct plan_members, schema), true, 1, 1},
    FIELD(plan.run_id, "runId", FIELD_COPY, true),
    FIELD(plan.lambda_arn, "lambdaARN", FIELD_COPY, true),
    FIELD(plan.function_arn, "functionArn", FIELD_COPY, false),
    FIELD(plan.function_name, "functionName", FIELD_COPY, true),
    FIELD(plan.region, "region", FIELD_COPY, true),
    FIELD(plan.architecture, "architecture", FIELD_COPY, false),
    FIELD(plan.description, "description", FIELD_COPY, false),
    FIELD(plan.revision_id, "revisionId", FIELD_COPY, false),
    FIELD(plan.code_sha256, "codeSha256", FIELD_COPY, false),
    FIELD(plan.configuration_sha256, "configurationSha256", FIELD_COPY, false),
    FIELD(plan.tenant_id, "tenantId", FIELD_COPY, false),
    FIELD(plan.logging_config, "loggingConfig", FIELD_JSON, false),
    FIELD(plan.trial_logging_config, "trialLoggingConfig", FIELD_JSON, false),
    {"trialTimeout", FIELD_WHOLE, offsetof(struct plan_members, plan.trial_timeout), false, 1, 900},
    {"warmup", FIELD_WHOLE, offsetof(struct plan_members, plan.warmup), false, 0, MAX_NUM},
    {"concurrency", FIELD_WHOLE, offsetof(struct plan_members, plan.concurrency), false, 1, 1e6},
    FIELD(plan.pre_processor_arn, "preProcessorARN", FIELD_COPY, false),
    FIELD(plan.post_processor_arn, "postProcessorARN", FIELD_COPY, false),
    FIELD(plan.auto_optimize_alias, "autoOptimizeAlias", FIELD_COPY, false),
    FIELD(plan.state, "state", FIELD_COPY, false),
    FIELD(payload, "payload", FIELD_STRING, false),
    FIELD(payload_file, "payloadFile", FIELD_STRING, false),
    {"payloadBytes", FIELD_WHOLE, offsetof(struct plan_members, payload_bytes), false, 0, PAYLOAD_LIMIT},
    FIELD(payloads, "payloads", FIELD_VALUE, false),
    FIELD(payload_use, "payloadUse", FIELD_STRING, false),
    FIELD(memory_mb_values, "powerValues", FIELD_VALUE, true),
    FIELD(plan.allowed_exceptions, "allowedExceptions", FIELD_JSON, false),
    {"memorySizeMB", FIELD_WHOLE, offsetof(struct plan_members, plan.memory_size), true, 128, 32768},
    {"timeout", FIELD_WHOLE, offsetof(struct plan_members, plan.timeout), false, 1, 86400},
    {"num", FIELD_WHOLE, offsetof(struct plan_members, plan.num), true, 1, MAX_NUM},
    {"sleepBetweenRunsMs", FIELD_WHOLE, offsetof(struct plan_members, plan.sleep_between_runs_ms), false, 0,
     MAX_SLEEP_MS},
    {"untilSure", FIELD_NUMBER, offsetof(struct plan_members, plan.until_sure), false, 0, MAX_UNTIL_SURE},
    FIELD(plan.parallel_invocation, "parallelInvocation", FIELD_BOOLEAN, false),
    FIELD(plan.auto_optimize, "autoOptimize", FIELD_BOOLEAN, false),
    FIELD(plan.dry_run, "dryRun", FIELD_BOOLEAN, false),
    FIELD(plan.only_cold_starts, "onlyColdStarts", FIELD_BOOLEAN, false),
    FIELD(plan.disable_payload_logs, "disablePayloadLogs", FIELD_BOOLEAN, false),
};

/* The string of a field that has one, owned; NULL: not read. */
static char **string_of(struct plan_members *members, const struct field *field) {
    bool owned = field->kind == FIELD_COPY || field->kind == FIELD_JSON;
    return owned ? (char **)(void *)((char *)members + field->offset) : NULL;
}

/* Gives each string that the record lacks an empty one. */
static void complete_strings(struct plan_members *members) {
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        char **string = string_of(members, &fields[i]);
        if (string && !*string)
            *string = memory_copy("", 0);
    }
}

static bool read_memory_sizes(struct span list, struct plan *plan, struct text *problem) {
    struct json_cursor cursor = json_cursor(list);
    struct span element;
    size_t capacity = 0;
    while (json_next_element(&cursor, &element)) {
        long long memory_mb = 0;
        if (!json_whole_number(element, &memory_mb) || memory_mb < 1 || memory_mb > 32768) {
            text_append_string(problem, "member 'powerValues' has an element that is not a memory size");
            return false;
        }
        plan->memory_sizes = memory_reserve(plan->memory_sizes, &capacity, plan->memory_size_count + 1,
                                            sizeof *plan->memory_sizes);
        plan->memory_sizes[plan->memory_size_count++] = memory_mb;
    }
    if (!plan->memory_size_count)
        text_append_string(problem, "member 'powerValues' is not a list of memory sizes");
    return plan->memory_size_count > 0;
}

/* ---- payloads ---- */

static bool read_payload_file(struct span file, long long bytes, struct text *body, struct text *problem) {
    struct text path = TEXT_INIT;
    json_decode_string(file, &path);
    bool read = file_read(text_string(&path), PAYLOAD_LIMIT, body);
    if (!read)
        text_append_format(problem, "cannot read payload file '%s': %s", text_string(&path), strerror(errno));
    else if (body->length != (size_t)bytes)
        text_append_format(problem, "payload file '%s' does not have the %lld bytes that the plan records",
                           text_string(&path), bytes);
    bool right = read && body->length == (size_t)bytes;
    text_release(&path);
    return right;
}

/* Reads one payload: its text from `text`, or else from the file that `file` names. */
static bool read_payload(struct span text, struct span file, long long bytes, struct text *body,
                         struct text *problem) {
    if (text.start && json_type(text) == JSON_STRING) {
        json_decode_string(text, body);
        return true;
    }
    if (file.start && json_type(file) == JSON_STRING)
        return read_payload_file(file, bytes, body, problem);
    text_append_string(problem, "no payload");
    return false;
}

/* Adds an element of the list `payloads`; with weights, each must have one. */
static bool add_payload(struct span element, struct payload_list *list, struct text *problem) {
    struct text body = TEXT_INIT;
    struct span text = {NULL, 0}, file = {NULL, 0}, weight = {NULL, 0}, bytes = {NULL, 0};
    long long length = -1;
    json_member(element, "payload", &text);
    json_member(element, "payloadFile", &file);
    json_member(element, "weight", &weight);
    if (json_member(element, "payloadBytes", &bytes))
        json_whole_number(bytes, &length);
    double given = json_type(weight) == JSON_NUMBER ? json_number(weight) : 0;
    if (list->use == PAYLOAD_WEIGHTED && !(given > 0)) {
        text_append_string(problem, "member 'payloads' has an element without a weight over 0");
        return false;
    }
    bool read = read_payload(text, file, length, &body, problem);
    payload_list_add(list, &body)->weight = given;
    return read;
}

static bool read_payloads(const struct plan_members *members, struct plan *plan, struct text *problem) {
    struct payload_list *list = &plan->payloads;
    struct text body = TEXT_INIT;
    if (json_type(members->payloads) != JSON_ARRAY) {
        bool read =
            read_payload(members->payload, members->payload_file, members->payload_bytes, &body, problem);
        payload_list_single(list, &body);
        return read;
    }
    struct json_cursor cursor = json_cursor(members->payloads);
    struct span element;
    list->use = PAYLOAD_WEIGHTED;
    if (members->payload_use.start && !payload_use_parse(members->payload_use, &list->use)) {
        text_append_string(problem, "member 'payloadUse' is unknown");
        return false;
    }
    while (json_next_element(&cursor, &element))
        if (!add_payload(element, list, problem))
            return false;
    if (!list->count)
        text_append_string(problem, "member 'payloads' is empty");
    return list->count > 0;
}

/* ---- the whole plan ---- */

static bool read_plan(struct span object, bool with_payloads, struct plan *plan, struct text *problem) {
    struct plan_members members = {.plan = {.timeout = 900}, .payload_bytes = -1};
    bool read = record_fields(object, fields, sizeof fields / sizeof *fields, &members, problem);
    complete_strings(&members);
    *plan = members.plan;
    read = read && read_memory_sizes(members.memory_mb_values, plan, problem) &&
           (!with_payloads || read_payloads(&members, plan, problem));
    if (read && (!*plan->run_id ||
                 strspn(plan->run_id, "0123456789abcdefghijklmnopqrstuvwxyzTZ-") != strlen(plan->run_id))) {
        text_append_string(problem, "member 'runId' is not a run id");
        read = false;
    }
    if (read && has_control(plan->tenant_id)) {
        text_append_string(problem, "member 'tenantId' contains a control character");
        read = false;
    }
    if (!read)
        plan_release(plan);
    return read;
}

bool plan_read(struct span object, struct plan *plan, struct text *problem) {
    return read_plan(object, true, plan, problem);
}

bool plan_read_without_payloads(struct span object, struct plan *plan, struct text *problem) {
    return read_plan(object, false, plan, problem);
}

bool plan_read_first(struct record_reader *reader, bool with_payloads, struct plan *plan,
                     struct record *record) {
    struct text problem = TEXT_INIT;
    enum record_result result = record_next(reader, record);
    bool read = false;
    if (result == RECORD_END)
        report_error("%s: no records: the first must be a plan", reader->lines.name);
    else if (result == RECORD_READ && !record_is(record, "plan"))
        report_error("%s:%lu: the first record is not a plan", reader->lines.name, record->line);
    else if (result == RECORD_READ)
        read = read_plan(record->object, with_payloads, plan, &problem);
    if (problem.length)
        record_report(reader, record, text_string(&problem));
    text_release(&problem);
    return read;
}

void plan_release(struct plan *plan) {
    struct plan_members members = {.plan = *plan};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        char **string = string_of(&members, &fields[i]);
        free(string ? *string : NULL);
    }
    free(plan->memory_sizes);
    payload_list_release(&plan->payloads);
    *plan = (struct plan){0};
}

bool plan_allows_error(const struct plan *plan, const char *error_type) {
    struct span element;
    struct json_cursor cursor = json_cursor(span_of(plan->allowed_exceptions));
    while (json_next_element(&cursor, &element))
        if (json_string_is(element, error_type))
            return true;
    return false;
}
