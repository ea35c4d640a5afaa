#include "pick/dry-run.h"

#include "tune/fault.h"
#include "tune/invocation.h"
#include "tune/record.h"
#include "tune/reportline.h"
#include "util/base64.h"
#include "util/diagnostics.h"
#include "util/json.h"
#include "util/memory.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct invocation {
    double memory_mb, client_ms;
    struct span request_id, status_code, function_error, error_type, message, response, log;
};

static const struct field fields[] = {
    {"power", FIELD_NUMBER, offsetof(struct invocation, memory_mb), true, 1, MAX_REPORT_MB},
    {"clientDurationMs", FIELD_NUMBER, offsetof(struct invocation, client_ms), false, 0, 1e9},
    {"requestId", FIELD_STRING, offsetof(struct invocation, request_id), false, 0, 0},
    {"statusCode", FIELD_VALUE, offsetof(struct invocation, status_code), false, 0, 0},
    {"functionError", FIELD_STRING, offsetof(struct invocation, function_error), false, 0, 0},
    {"errorType", FIELD_STRING, offsetof(struct invocation, error_type), false, 0, 0},
    {"message", FIELD_STRING, offsetof(struct invocation, message), false, 0, 0},
    {"response", FIELD_STRING, offsetof(struct invocation, response), false, 0, 0},
    {"logResult", FIELD_STRING, offsetof(struct invocation, log), false, 0, 0},
};

static void append_error(struct text *out, const struct invocation *invocation) {
    fault_append_start(
        out, invocation->error_type.start ? invocation->error_type : invocation->function_error, FAULT_TYPE);
    if (!invocation->message.start)
        return;
    text_append_string(out, ": ");
    fault_append_start(out, invocation->message, FAULT_MESSAGE);
}

/* ---- for people ---- */

/* "153 ms, init 20 ms" from the report, or the time that the client measured. */
static void append_duration(struct text *out, const struct invocation *invocation) {
    struct text id = TEXT_INIT, log = TEXT_INIT;
    struct report report;
    if (invocation->log.start && invocation->request_id.start) {
        base64_decode((struct span){invocation->log.start + 1, invocation->log.length - 2}, &log);
        json_decode_string(invocation->request_id, &id);
    }
    if (log.length && invocation_report(&log, (struct span){text_string(&id), id.length}, false, &report)) {
        text_append_format(out, ", %.*s ms", (int)report.duration.length, report.duration.start);
        if (report.init_duration.start)
            text_append_format(out, ", init %.*s ms", (int)report.init_duration.length,
                               report.init_duration.start);
    } else if (invocation->client_ms > 0) {
        text_append_format(out, ", %.0f ms with the network", invocation->client_ms);
    }
    text_release(&id);
    text_release(&log);
}

/* Appends lines of the function or of others, indented and made safe for a terminal. */
static void append_indented(struct text *out, const struct text *lines) {
    for (const char *at = text_string(lines); *at;) {
        size_t length = strcspn(at, "\n");
        text_append_string(out, "  ");
        text_append_safe(out, at, length);
        text_append_byte(out, '\n');
        at += length + (at[length] == '\n');
    }
}

static void describe(struct text *out, const struct invocation *invocation, struct span object) {
    enum { SHOWN_RESPONSE = 500 };
    struct text details = TEXT_INIT;
    text_append_format(out, "%g MB: status ", invocation->memory_mb);
    fault_append_start(out, invocation->status_code, FAULT_TYPE);
    append_duration(out, invocation);
    text_append_byte(out, '\n');
    if (invocation->function_error.start) {
        text_append_string(&details, "error: ");
        append_error(&details, invocation);
        text_append_byte(&details, '\n');
        fault_append_details(&details, object);
    } else {
        fault_append_sent(&details, object);
        text_append_string(&details, invocation->response.start ? "response: " : "");
        fault_append_start(&details, invocation->response, SHOWN_RESPONSE);
    }
    append_indented(out, &details);
    text_release(&details);
}

static int compare_sizes(const void *a, const void *b) {
    double first = ((const struct dry_run_size *)a)->memory_mb,
           second = ((const struct dry_run_size *)b)->memory_mb;
    return (first > second) - (first < second);
}

void dry_run_describe(struct dry_run *run, struct text *out) {
    if (run->count)
        qsort(run->sizes, run->count, sizeof *run->sizes, compare_sizes);
    for (size_t i = 0; i < run->count; i++)
        text_append_string(out, text_string(&run->sizes[i].words));
}

void dry_run_close(struct dry_run *run) {
    for (size_t i = 0; i < run->count; i++)
        text_release(&run->sizes[i].words);
    free(run->sizes);
    text_release(&run->invocations);
    *run = (struct dry_run){0};
}

/* ---- for programs ---- */

static void append_element(struct text *out, const struct invocation *invocation) {
    json_separate(out);
    text_append_byte(out, '{');
    json_put_number(out, "power", invocation->memory_mb);
    json_put_value(out, "statusCode", invocation->status_code);
    json_put_value(out, "functionError", invocation->function_error);
    text_append_byte(out, '}');
}

static void report_failure(const struct invocation *invocation, struct span object) {
    struct text error = TEXT_INIT;
    append_error(&error, invocation);
    report_error("dry run: the function failed at %g MB: %s", invocation->memory_mb, text_string(&error));
    text_release(&error);
    fault_report(object);
}

bool dry_run_add(struct dry_run *run, struct span object, struct text *problem) {
    struct invocation invocation = {0};
    if (!record_fields(object, fields, sizeof fields / sizeof *fields, &invocation, problem))
        return false;
    bool failed = invocation.function_error.start != NULL;
    run->failures += failed;
    append_element(&run->invocations, &invocation);
    if (run->for_people) {
        run->sizes = memory_reserve(run->sizes, &run->capacity, run->count + 1, sizeof *run->sizes);
        struct dry_run_size *size = &run->sizes[run->count++];
        *size = (struct dry_run_size){invocation.memory_mb, TEXT_INIT};
        describe(&size->words, &invocation, object);
    } else if (failed) {
        report_failure(&invocation, object);
    }
    return true;
}
