#include "local/environment/invoke-request.h"

#include "local/api/request-log.h"
#include "local/environment/invoke-event.h"
#include "local/server.h"
#include "util/json.h"
#include "util/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void make_trace(char *trace) {
    char root[25], parent[17];
    stamp_hex(root, 24);
    stamp_hex(parent, 16);
    snprintf(trace, TRACE_SIZE, "Root=1-%08llx-%s;Parent=%s;Sampled=0",
             (unsigned long long)stamp_unix_milliseconds() / 1000, root, parent);
}

struct invocation *invocation_new(struct version *version, struct httpd_request *request,
                                  struct text *payload) {
    struct invocation *invocation = memory_zeroed(1, sizeof *invocation);
    invocation->server = version->function->server;
    invocation->version = version_hold(version);
    invocation->request = request;
    invocation->payload = *payload;
    *payload = (struct text)TEXT_INIT;
    invocation->memory_mb = version->memory_mb;
    invocation->timeout_s = version->timeout_s;
    stamp_uuid(invocation->id);
    make_trace(invocation->trace);
    invocation->init_ms = invocation->restore_ms = -1;
    invocation->log.json = version_has(version, "LoggingConfig", "LogFormat", "JSON");
    invocation->log.no_info = version_has(version, "LoggingConfig", "SystemLogLevel", "WARN");
    version->function->running++;
    invocation->server->running++;
    return invocation;
}

/* Reserved concurrency replaces the account's quota for its function. */
const char *invocation_refusal(const struct function *function) {
    const struct server *server = function->server;
    if (function->reserved_concurrency >= 0)
        return function->running < function->reserved_concurrency
                   ? NULL
                   : "ReservedFunctionConcurrentInvocationLimitExceeded";
    return server->running < server->settings.concurrency ? NULL : "ConcurrentInvocationLimitExceeded";
}

static void free_invocation(struct invocation *invocation) {
    invocation->version->function->running--;
    invocation->server->running--;
    version_release(invocation->version);
    text_release(&invocation->payload);
    text_release(&invocation->log.bytes);
    text_release(&invocation->record);
    free(invocation->arn);
    free(invocation->client_context);
    free(invocation);
}

void invocation_start(struct invocation *invocation) {
    char version[VERSION_NAME_SIZE];
    invocation->started = loop_now();
    log_start(&invocation->log, invocation->id, version_name(invocation->version, version), invocation->arn);
}

/* Rounds to the printed precision before adding, so that the billed duration can be checked against the
 * report. */
static double milliseconds(uint64_t from, uint64_t to) {
    return round((double)(to - from) / 1e4) / 100;
}

static void write_end(struct invocation *invocation, const struct invocation_result *result) {
    struct report report = {.request_id = invocation->id,
                            .duration_ms = milliseconds(invocation->started, loop_now()),
                            .init_ms = invocation->init_ms,
                            .restore_ms = invocation->restore_ms,
                            .memory_mb = invocation->memory_mb,
                            .peak_mb = (result->peak_kib + 1023) / 1024,
                            .status = result->status,
                            .error_type = result->error_type,
                            .handled = result->handled};
    double timeout_ms = invocation->timeout_s * 1000.0;
    if (result->status && strcmp(result->status, "timeout") == 0) {
        report.duration_ms = timeout_ms;
        report.error_type = NULL;
    }
    double init_ms = report.init_ms >= 0 ? report.init_ms : 0;
    report.billed_restore_ms = report.restore_ms >= 0 ? (long)ceil(report.restore_ms) : 0;
    report.billed_ms =
        (long)ceil(round((report.duration_ms + init_ms) * 100) / 100) + report.billed_restore_ms;
    if (report.peak_mb > report.memory_mb)
        report.peak_mb = report.memory_mb;
    log_end(&invocation->log, &report);
}

static void write_fault(const struct invocation *invocation, const struct invocation_result *result,
                        struct text *body) {
    struct text message = TEXT_INIT;
    text_append_format(&message, "RequestId: %s Error: %s", invocation->id, result->message);
    text_append_byte(body, '{');
    json_put_string(body, "errorType", result->error_type);
    json_put_string(body, "errorMessage", message.bytes);
    text_append_byte(body, '}');
    text_release(&message);
}

static void respond(struct invocation *invocation, const struct invocation_result *result,
                    struct text *body) {
    char version[VERSION_NAME_SIZE];
    struct text tail = TEXT_INIT;
    if (invocation->wants_tail)
        log_tail(&invocation->log, &tail);
    const struct httpd_header headers[] = {
        {"Content-Type", "application/json"},
        {"x-amzn-RequestId", invocation->id},
        {"X-Amzn-Trace-Id", invocation->trace},
        {"X-Amz-Executed-Version", version_name(invocation->version, version)},
        {"X-Amz-Function-Error", result->status ? "Unhandled" : NULL},
        {"X-Amz-Log-Result", invocation->wants_tail ? text_string(&tail) : NULL},
    };
    httpd_respond(invocation->request, 200, headers, sizeof headers / sizeof *headers, body);
    text_release(&tail);
}

void invocation_finish(struct invocation *invocation, const struct invocation_result *result) {
    struct text made = TEXT_INIT;
    struct text *body = result->body ? result->body : &made;
    if (!result->body && result->status)
        write_fault(invocation, result, &made);
    if (!invocation->started)
        invocation_start(invocation);
    write_end(invocation, result);
    if (invocation->record.length)
        record_end(invocation->server, &invocation->record, 200, NULL);
    if (invocation->request)
        respond(invocation, result, body);
    text_release(body);
    struct event *event = invocation->event;
    free_invocation(invocation);
    if (event)
        event_finished(event, result->status != NULL);
}

void invocation_drop(struct invocation *invocation) {
    if (invocation->request)
        httpd_drop(invocation->request);
    if (invocation->event)
        event_free(invocation->event);
    free_invocation(invocation);
}
