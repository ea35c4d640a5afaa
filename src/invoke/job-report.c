#include "invoke/job-parts.h"

#include "util/diagnostics.h"
#include "util/json.h"
#include "util/memory.h"

#include <stdlib.h>

enum { WITHOUT_REPORT = 3 }; /* so many first answers without a report end the run */

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
    json_put_number(record, "power", (double)job_branch(job)->power);
    json_put_number(record, "index", (double)job->index);
}

/* What the function says may quote the payload: with disablePayloadLogs it is not repeated. */
static const char *speakable(const struct job *job, const struct text *message) {
    return job->engine->plan->disable_payload_logs ? "" : text_string(message);
}

void job_write_failure(struct job *job, const char *kind, const struct answer *answer, bool excluded) {
    struct text record = TEXT_INIT;
    /* What became of a warm-up is no figure, unless it says that the whole power is left out. */
    begin_record(job, job->index < 0 && !excluded ? "warmup" : "failure", &record);
    json_put_string(&record, "kind", kind);
    if (excluded)
        json_put_boolean(&record, "excluded", true);
    if (answer->code.length)
        json_put_string(&record, "errorType", answer->code.bytes);
    const char *message = answer->kind == ANSWER_FUNCTION_ERROR ? speakable(job, &answer->message)
                                                                : text_string(&answer->message);
    if (*message)
        json_put_string(&record, "message", message);
    if (answer->kind == ANSWER_LOST && answer->reason.length)
        json_put_string(&record, "reason", answer->reason.bytes);
    write_record(job->engine, &record);
}

void job_write_invocation(struct job *job, const struct answer *answer, double duration_ms) {
    struct text record = TEXT_INIT;
    const struct http_transfer *transfer = job->transfer;
    begin_record(job, job->index < 0 ? "warmup" : "invocation", &record);
    if (job->engine->plan->payloads.weighted)
        json_put_number(&record, "payloadIndex", (double)job->payload);
    /* A header is asked for and copied at once: libcurl keeps one answer at a time. */
    json_put_string(&record, "requestId", http_header(transfer, "x-amzn-RequestId"));
    json_put_number(&record, "statusCode", (double)http_status(transfer));
    json_put_string(&record, "executedVersion", http_header(transfer, "X-Amz-Executed-Version"));
    json_put_string(&record, "functionError", http_header(transfer, "X-Amz-Function-Error"));
    if (answer->kind == ANSWER_FUNCTION_ERROR)
        json_put_string(&record, "errorType", text_string(&answer->code));
    const char *log = http_header(transfer, "X-Amz-Log-Result");
    json_put_string(&record, "logResult", log ? log : "");
    json_put_number(&record, "clientDurationMs", (double)(long long)(duration_ms * 1000) / 1000);
    write_record(job->engine, &record);
}

void job_fail_run(struct job *job, const char *what, const struct answer *answer) {
    struct engine *engine = job->engine;
    const char *message = answer->kind == ANSWER_FUNCTION_ERROR ? speakable(job, &answer->message)
                                                                : text_string(&answer->message);
    if (!engine->failed)
        report_error("%s at %lld MB: %s%s%s%s%s", engine->plan->function_name, job_branch(job)->power, what,
                     answer->code.length ? ": " : "", text_string(&answer->code), *message ? ": " : "",
                     message);
    engine->failed = true;
}

/* A function whose log has no reports would be paid for in full, and nothing measured: found out at once. */
void job_look_for_report(struct job *job, const struct answer *answer) {
    struct engine *engine = job->engine;
    if (engine->report_seen || engine->plan->dry_run)
        return;
    char *request_id = memory_copy_string(http_header(job->transfer, "x-amzn-RequestId"));
    engine->report_seen = answer_has_report(http_header(job->transfer, "X-Amz-Log-Result"), request_id);
    free(request_id);
    if (!engine->report_seen && ++engine->reports_missing >= WITHOUT_REPORT)
        job_fail_run(job,
                     "the log tails of the first 3 answers have no report, so that nothing can be measured",
                     answer);
}
