#include "invoke/internal.h"

#include "tune/fault.h"
#include "tune/invocation.h"
#include "util/base64.h"
#include "util/diagnostics.h"
#include "util/json.h"
#include "util/memory.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_WITHOUT_REPORT = 3 }; /* the run ends when this many first responses have no report */

struct branch *job_branch(const struct job *job) {
    return &job->engine->branches.branches[job->branch];
}

struct segment *job_segment(const struct job *job) {
    return &job_branch(job)->segments[job->segment];
}

static void write_record(struct engine *engine, struct text *record) {
    text_append_byte(record, '}');
    output_line(engine->output, record->bytes, record->length);
    if (!output_flush(engine->output))
        engine->failed = true;
    text_release(record);
}

static void begin_record(const struct job *job, const char *type, struct text *record) {
    text_append_byte(record, '{');
    json_put_string(record, "type", type);
    json_put_number(record, "power", (double)job_branch(job)->memory_mb);
    json_put_number(record, "index", (double)job->index);
}

/* The message of a response, or "" when it must not be shown: a message of the function may quote the
 * payload, and disablePayloadLogs forbids that. */
static const char *visible_message(const struct job *job, const struct response *response) {
    bool withheld = response->kind == RESPONSE_FUNCTION_ERROR && job->engine->plan->disable_payload_logs;
    return withheld ? "" : text_string(&response->message);
}

static struct span all_of(const struct text *text) {
    return (struct span){text_string(text), text->length};
}

/* Why the function failed. `used_mb` is set to the memory that it used, in MB; 0: not known. */
static enum fault_cause cause_of(const struct job *job, const struct response *response,
                                 const struct text *log, double *used_mb) {
    char *request_id = memory_copy_string(http_header(job->transfer, "x-amzn-RequestId"));
    struct report report;
    *used_mb = 0;
    if (request_id && invocation_report(log, span_of(request_id), false, &report))
        *used_mb = json_number(report.max_memory_used);
    free(request_id);
    const char *code = text_string(&response->code);
    double memory_mb = (double)job_branch(job)->memory_mb;
    enum fault_cause cause = fault_cause(code, text_string(&response->message), *used_mb, memory_mb);
    /* Only the log of Node.js says why it aborted. */
    if (cause == FAULT_OTHER && strcmp(code, "Runtime.ExitError") == 0)
        cause = fault_cause(code, text_string(log), *used_mb, memory_mb);
    return cause;
}

/* Adds the members of the function's error other than its type. */
static void put_error(struct text *record, const struct job *job, const struct response *response) {
    struct text log = TEXT_INIT;
    const char *encoded = http_header(job->transfer, "X-Amz-Log-Result");
    double used_mb;
    if (encoded)
        base64_decode(span_of(encoded), &log);
    json_put_string(record, "cause", fault_cause_name(cause_of(job, response, &log, &used_mb)));
    if (!job->engine->plan->disable_payload_logs) {
        if (used_mb > 0)
            json_put_number(record, "maxMemoryUsedMB", used_mb);
        fault_put_start(record, "message", all_of(&response->message), FAULT_MESSAGE);
        fault_put_start(record, "stackTrace", all_of(&response->stack), FAULT_STACK);
        fault_put_end(record, "log", all_of(&log), FAULT_LOG);
        fault_put_start(record, "payload", all_of(&job->replaced), FAULT_PAYLOAD);
    }
    text_release(&log);
}

/* Which payload was sent. Figures are computed for each payload of a weighted list, but not for each event. */
static void put_payload_index(struct text *record, const struct job *job) {
    enum payload_use use = job->engine->plan->payloads.use;
    if (use != PAYLOAD_SINGLE)
        json_put_number(record, use == PAYLOAD_WEIGHTED ? "payloadIndex" : "eventIndex",
                        (double)job->payload);
}

static void put_failure(struct text *record, const struct job *job, const struct response *response) {
    put_payload_index(record, job);
    json_put_string(record, "requestId", http_header(job->transfer, "x-amzn-RequestId"));
    fault_put_start(record, "errorType", all_of(&response->code), FAULT_TYPE);
    if (response->kind == RESPONSE_FUNCTION_ERROR)
        put_error(record, job, response);
    else
        fault_put_start(record, "message", all_of(&response->message), FAULT_MESSAGE);
}

void job_write_failure(struct job *job, const char *kind, const struct response *response, bool excluded) {
    struct text record = TEXT_INIT;
    /* The result of a warm-up invocation does not count, unless it excludes the memory size. */
    begin_record(job, job->index < 0 && !excluded ? "warmup" : "failure", &record);
    json_put_string(&record, "kind", kind);
    if (excluded)
        json_put_boolean(&record, "excluded", true);
    put_failure(&record, job, response);
    if (response->kind == RESPONSE_LOST && response->reason.length)
        json_put_string(&record, "reason", response->reason.bytes);
    write_record(job->engine, &record);
}

/* What a dry run shows: the payload, the response, and the error, whose only record this is. */
static void put_trial(struct text *record, const struct job *job, const struct response *response) {
    fault_put_start(record, "sent", all_of(job_payload(job)), FAULT_PAYLOAD);
    if (response->kind == RESPONSE_FUNCTION_ERROR) {
        fault_put_start(record, "message", all_of(&response->message), FAULT_MESSAGE);
        fault_put_start(record, "stackTrace", all_of(&response->stack), FAULT_STACK);
    } else {
        fault_put_start(record, "response", all_of(&job->transfer->body), FAULT_PAYLOAD);
    }
}

void job_write_invocation(struct job *job, const struct response *response, double duration_ms) {
    struct text record = TEXT_INIT;
    const struct http_transfer *transfer = job->transfer;
    begin_record(job, job->index < 0 ? "warmup" : "invocation", &record);
    put_payload_index(&record, job);
    /* Each header is copied at once: libcurl keeps only the last header that was asked for. */
    json_put_string(&record, "requestId", http_header(transfer, "x-amzn-RequestId"));
    json_put_number(&record, "statusCode", (double)http_status(transfer));
    json_put_string(&record, "executedVersion", http_header(transfer, "X-Amz-Executed-Version"));
    json_put_string(&record, "functionError", http_header(transfer, "X-Amz-Function-Error"));
    if (response->kind == RESPONSE_FUNCTION_ERROR) {
        json_put_string(&record, "errorType", text_string(&response->code));
    }
    if (job->engine->plan->dry_run && !job->engine->plan->disable_payload_logs)
        put_trial(&record, job, response);
    const char *log = http_header(transfer, "X-Amz-Log-Result");
    json_put_string(&record, "logResult", log ? log : "");
    json_put_number(&record, "clientDurationMs", (double)(long long)(duration_ms * 1000) / 1000);
    write_record(job->engine, &record);
}

/* Reports the details of an error of the function, each on its own line. */
static void report_details(const struct job *job, const struct response *response) {
    const struct engine *engine = job->engine;
    struct text record = TEXT_INIT;
    begin_record(job, "failure", &record);
    put_failure(&record, job, response);
    text_append_byte(&record, '}');
    fault_report(all_of(&record));
    text_release(&record);
    if (job->phase == PHASE_FUNCTION && payload_is_null(job_payload(job)))
        report_notice("  the event was null: no payload was given");
    if (engine->options.run_dir)
        report_notice("  the records of the run are in '%s'", engine->options.run_dir);
    if (job->phase == PHASE_FUNCTION)
        report_notice("  --keep-going counts such errors and continues%s%.*s%s",
                      response->code.length ? "; --allowed-exceptions " : "", FAULT_TYPE,
                      text_string(&response->code),
                      response->code.length ? " counts them as normal results" : "");
}

void job_fail_run(struct job *job, const char *what, const struct response *response) {
    struct engine *engine = job->engine;
    const char *message = visible_message(job, response);
    if (!engine->failed) {
        report_error("%s at %lld MB: %s%s%s%s%s", engine->plan->function_name, job_branch(job)->memory_mb,
                     what, response->code.length ? ": " : "", text_string(&response->code),
                     *message ? ": " : "", message);
        if (response->kind == RESPONSE_FUNCTION_ERROR)
            report_details(job, response);
    }
    engine->failed = true;
}

/* Without reports in the log, all invocations would be paid for and nothing measured: the run ends at
 * once. */
void job_look_for_report(struct job *job, const struct response *response) {
    struct engine *engine = job->engine;
    if (engine->report_seen || engine->plan->dry_run)
        return;
    char *request_id = memory_copy_string(http_header(job->transfer, "x-amzn-RequestId"));
    engine->report_seen = response_has_report(http_header(job->transfer, "X-Amz-Log-Result"), request_id);
    free(request_id);
    if (!engine->report_seen && ++engine->reports_missing >= MAX_WITHOUT_REPORT)
        job_fail_run(job,
                     "nothing can be measured: the log tails of the first 3 responses have no REPORT line",
                     response);
}
