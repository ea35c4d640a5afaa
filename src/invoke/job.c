#include "invoke/job.h"

#include "aws/arn.h"
#include "aws/lambda.h"
#include "util/diagnostics.h"
#include "util/json.h"
#include "util/memory.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    RESPONSE_LIMIT = 64 * 1024 * 1024,
    NOT_STARTED_MS =
        60 * 1000, /* errors that say that the handler did not start are tried again for so long */
    THROTTLED_MS = 15 * 60 * 1000, /* throttling without one success, likewise */
    ACTIVE_MS = 26 * 60 * 1000,    /* a version may take so long to become active (SnapStart) */
    WITHOUT_REPORT = 3             /* so many first answers without a report end the run */
};

static double now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* ---- the lists that jobs are in ---- */

static void link_job(struct job **list, struct job *job) {
    job->previous = NULL;
    job->next = *list;
    if (*list)
        (*list)->previous = job;
    *list = job;
}

static void unlink_job(struct job **list, struct job *job) {
    if (job->previous)
        job->previous->next = job->next;
    else
        *list = job->next;
    if (job->next)
        job->next->previous = job->previous;
}

static struct branch *branch_of(const struct job *job) {
    return &job->engine->branches.branches[job->branch];
}

static struct segment *segment_of(const struct job *job) {
    return &branch_of(job)->segments[job->segment];
}

/* ---- records ---- */

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
    json_put_number(record, "power", (double)branch_of(job)->power);
    json_put_number(record, "index", (double)job->index);
}

/* What the function says may quote the payload: with disablePayloadLogs it is not repeated. */
static const char *speakable(const struct job *job, const struct text *message) {
    return job->engine->plan->disable_payload_logs ? "" : text_string(message);
}

static void write_failure(struct job *job, const char *kind, const struct answer *answer, bool excluded) {
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
    write_record(job->engine, &record);
}

static void write_invocation(struct job *job, const struct answer *answer, double duration_ms) {
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

/* ---- ends ---- */

static void fail_run(struct job *job, const char *what, const struct answer *answer) {
    struct engine *engine = job->engine;
    const char *message = answer->kind == ANSWER_FUNCTION_ERROR ? speakable(job, &answer->message)
                                                                : text_string(&answer->message);
    if (!engine->failed)
        report_error("%s at %lld MB: %s%s%s%s%s", engine->plan->function_name, branch_of(job)->power, what,
                     answer->code.length ? ": " : "", text_string(&answer->code), *message ? ": " : "",
                     message);
    engine->failed = true;
}

/* The invocation has run its course, one way or another. */
static void end_job(struct job *job) {
    struct branch *branch = branch_of(job);
    struct engine *engine = job->engine;
    job->phase = PHASE_OVER;
    branch->in_flight--;
    branch->done++;
    if (branch->done == branch->planned)
        progress_branch_done(engine->progress, branch);
    text_clear(&job->replaced);
    text_clear(&job->output);
    link_job(&engine->idle, job);
}

static void exclude(struct job *job, const char *kind, const struct answer *answer) {
    if (!branch_of(job)->excluded)
        write_failure(job, kind, answer, true);
    branch_exclude(branch_of(job));
    end_job(job);
}

static void wait_for(struct job *job, int64_t duration) {
    job->wake_ms = monotonic_ms() + duration;
    link_job(&job->engine->waiting, job);
}

/* Full jitter, doubled with each try, as the control calls have it. */
static int64_t pause_before_try(const struct job *job) {
    enum { FIRST_MS = 100, LONGEST_MS = 5000 };
    int64_t most = (int64_t)FIRST_MS << (job->tries > 6 ? 6 : job->tries);
    int64_t pause =
        (int64_t)((double)(most < LONGEST_MS ? most : LONGEST_MS) * (double)random() / (double)RAND_MAX);
    int64_t wanted = aws_retry_after(job->transfer);
    return pause > wanted ? pause : wanted < LONGEST_MS ? wanted : LONGEST_MS;
}

/* ---- requests ---- */

static void enter(struct job *job, enum phase phase);

static const char *processor_of(const struct job *job) {
    const struct plan *plan = job->engine->plan;
    return job->phase == PHASE_PRE_PROCESSOR ? plan->pre_processor_arn : plan->post_processor_arn;
}

static void processor_path(const struct job *job, struct text *path, struct text *query) {
    struct function_name name;
    struct text identifier = TEXT_INIT, problem = TEXT_INIT;
    if (function_name_parse(span_of(processor_of(job)), &name, &problem)) {
        function_name_identifier(&name, &identifier);
        lambda_invoke_path(identifier.bytes, name.qualifier, path, query);
        function_name_release(&name);
    } else {
        lambda_invoke_path(processor_of(job), "", path, query);
    }
    text_release(&identifier);
    text_release(&problem);
}

static void request_body(const struct job *job, struct aws_call *call) {
    const struct text *body = &job->engine->plan->payloads.payloads[job->payload].body;
    call->body_sha256 = job->engine->payload_sha256[job->payload];
    if (job->phase == PHASE_POST_PROCESSOR) {
        body = &job->output;
        call->body_sha256 = NULL;
    } else if (job->phase == PHASE_FUNCTION && job->replaced.length) {
        body = &job->replaced;
        call->body_sha256 = NULL;
    }
    call->body = text_string(body);
    call->body_length = body->length;
}

/* Sends the request of the job's phase. */
static void send_request(struct job *job) {
    static const struct sigv4_header tail[] = {{"X-Amz-Log-Type", "Tail"}, {"X-Amz-Tenant-Id", NULL}};
    struct sigv4_header headers[] = {tail[0], {tail[1].name, job->engine->plan->tenant_id}};
    struct engine *engine = job->engine;
    struct text path = TEXT_INIT, query = TEXT_INIT, problem = TEXT_INIT;
    struct aws_call call = {.method = "POST", .headers = headers};
    if (job->phase == PHASE_FUNCTION) {
        lambda_invoke_path(engine->plan->lambda_arn, segment_of(job)->version, &path, &query);
        call.header_count = *engine->plan->tenant_id ? 2 : 1;
    } else if (job->phase == PHASE_STATE) {
        lambda_function_path(engine->plan->lambda_arn, segment_of(job)->version, &path, &query);
        call.method = "GET";
    } else {
        processor_path(job, &path, &query);
    }
    call.path = path.bytes;
    call.query = text_string(&query);
    if (job->phase != PHASE_STATE)
        request_body(job, &call);
    curl_slist_free_all(job->headers);
    job->headers = NULL;
    if (aws_prepare(engine->session->lambda, &call, job->transfer, &job->headers, &problem)) {
        job->started_ms = now_ms();
        engine->active++;
        link_job(&engine->busy, job);
        http_loop_start(&engine->loop, job->transfer);
    } else {
        if (!engine->failed)
            report_error("%s", problem.bytes);
        engine->failed = true;
        end_job(job);
    }
    text_release(&path);
    text_release(&query);
    text_release(&problem);
}

/* Goes on to `phase`, or past it when there is nothing to do in it. */
static void enter(struct job *job, enum phase phase) {
    const struct plan *plan = job->engine->plan;
    job->phase = phase;
    job->tries = 0;
    job->first_fault_ms = 0;
    switch (phase) {
    case PHASE_PRE_PROCESSOR:
        if (!*plan->pre_processor_arn)
            enter(job, PHASE_FUNCTION);
        else
            send_request(job);
        break;
    case PHASE_PAUSE:
        if (plan->parallel_invocation || !plan->sleep_between_runs_ms)
            enter(job, PHASE_POST_PROCESSOR);
        else
            wait_for(job, plan->sleep_between_runs_ms);
        break;
    case PHASE_POST_PROCESSOR:
        if (!*plan->post_processor_arn)
            end_job(job);
        else
            send_request(job);
        break;
    case PHASE_OVER:
        end_job(job);
        break;
    case PHASE_STATE:
    case PHASE_FUNCTION:
        send_request(job);
        break;
    }
}

/* ---- tries that did not run ---- */

/* Lowers how much is under way at once, a quarter of it at most once a second. */
static void slow_down(struct engine *engine) {
    int64_t now = monotonic_ms();
    if (!engine->throttled_since_ms)
        engine->throttled_since_ms = now;
    if (now - engine->lowered_ms < 1000)
        return;
    engine->lowered_ms = now;
    double below = (double)engine->active + 1;
    engine->limit = below * 0.75 > 1 ? below * 0.75 : 1;
}

static void speed_up(struct engine *engine) {
    engine->throttled_since_ms = 0;
    if (engine->limit < (double)engine->options.max_in_flight)
        engine->limit += 1 / engine->limit;
}

/* Tries the phase again, for `patience` ms since its first fault; false when that is over. */
static bool try_again(struct job *job, int64_t patience) {
    int64_t now = monotonic_ms();
    if (!job->first_fault_ms)
        job->first_fault_ms = now;
    if (now - job->first_fault_ms >= patience)
        return false;
    wait_for(job, pause_before_try(job));
    job->tries++;
    return true;
}

static void handle_throttled(struct job *job, const struct answer *answer) {
    struct engine *engine = job->engine;
    slow_down(engine);
    if (monotonic_ms() - engine->throttled_since_ms < THROTTLED_MS && try_again(job, INT64_MAX))
        return;
    fail_run(job, "throttled for 15 minutes without one success", answer);
    end_job(job);
}

/* True when the answer was one of those that are tried again, or end the run; the job has then been dealt
 * with. */
static bool handle_not_run(struct job *job, const struct answer *answer) {
    struct aws_client *client = job->engine->session->lambda;
    switch (answer->kind) {
    case ANSWER_THROTTLED:
        handle_throttled(job, answer);
        return true;
    case ANSWER_UNSIGNED:
        if (job->tries++ == 0 && (aws_learn_skew(client, job->transfer, text_string(&answer->code)) ||
                                  credentials_expired(client->provider))) {
            wait_for(job, 0);
            return true;
        }
        /* The others in flight were signed with the same clock: a second look finds it corrected. */
        if (client->skew_seconds && job->tries <= 3) {
            wait_for(job, 0);
            return true;
        }
        fail_run(job, "the signature was refused", answer);
        break;
    case ANSWER_NOT_SENT:
        if (try_again(job, NOT_STARTED_MS))
            return true;
        fail_run(job, "no connection", answer);
        break;
    case ANSWER_NOT_ACTIVE:
        segment_of(job)->pending = true;
        enter(job, PHASE_STATE);
        return true;
    case ANSWER_REFUSED:
        fail_run(job, "it cannot be invoked", answer);
        break;
    default:
        return false;
    }
    end_job(job);
    return true;
}

/* ---- answers, phase by phase ---- */

static void handle_state(struct job *job, enum http_outcome outcome) {
    struct answer answer = {ANSWER_LOST, TEXT_INIT, TEXT_INIT};
    struct span document, configuration, state = {NULL, 0}, reason = {NULL, 0};
    struct span body = {text_string(&job->transfer->body), job->transfer->body.length};
    struct segment *segment = segment_of(job);
    bool read = outcome == HTTP_ANSWERED && http_status(job->transfer) == 200 &&
                json_check(body, &document, NULL) && json_member(document, "Configuration", &configuration);
    if (read) {
        json_member(configuration, "State", &state);
        if (json_member(configuration, "StateReason", &reason) && json_type(reason) == JSON_STRING)
            json_decode_string(reason, &answer.message);
    }
    if (read && (!state.start || json_string_is(state, "Active") || json_string_is(state, "Inactive"))) {
        segment->pending = false;
        enter(job, PHASE_PRE_PROCESSOR);
    } else if (read && json_string_is(state, "Failed")) {
        struct span code = {NULL, 0};
        if (json_member(configuration, "StateReasonCode", &code) && json_type(code) == JSON_STRING)
            json_decode_string(code, &answer.code);
        exclude(job, "notActive", &answer);
    } else if (!try_again(job, ACTIVE_MS)) {
        text_append_string(&answer.message, "the version has not become active within 26 minutes");
        exclude(job, "notActive", &answer);
    }
    answer_release(&answer);
}

static bool is_blank_or_null(const struct text *body) {
    const char *start = text_string(body);
    size_t length = body->length;
    while (length && strchr(" \t\r\n", *start)) {
        start++;
        length--;
    }
    while (length && strchr(" \t\r\n", start[length - 1]))
        length--;
    return !length || (length == 4 && memcmp(start, "null", 4) == 0);
}

static void handle_processor(struct job *job, const struct answer *answer) {
    bool before = job->phase == PHASE_PRE_PROCESSOR;
    struct text what = TEXT_INIT;
    text_append_format(&what, "the %s-processor %s", before ? "pre" : "post", processor_of(job));
    if (answer->kind != ANSWER_SUCCESS) {
        text_append_string(&what, " failed");
        fail_run(job, what.bytes, answer);
        end_job(job);
    } else if (before && job->transfer->body.length > PAYLOAD_LIMIT) {
        text_append_format(&what, " gave %zu bytes, which are over Lambda's limit of %d for a payload",
                           job->transfer->body.length, PAYLOAD_LIMIT);
        fail_run(job, what.bytes, answer);
        end_job(job);
    } else if (before) {
        text_clear(&job->replaced);
        if (!is_blank_or_null(&job->transfer->body))
            text_append(&job->replaced, job->transfer->body.bytes, job->transfer->body.length);
        enter(job, PHASE_FUNCTION);
    } else {
        end_job(job);
    }
    text_release(&what);
}

/* A function whose log has no reports would be paid for in full, and nothing measured: found out at once. */
static void look_for_report(struct job *job, const struct answer *answer) {
    struct engine *engine = job->engine;
    if (engine->report_seen || engine->plan->dry_run)
        return;
    char *request_id = memory_copy_string(http_header(job->transfer, "x-amzn-RequestId"));
    engine->report_seen = answer_has_report(http_header(job->transfer, "X-Amz-Log-Result"), request_id);
    free(request_id);
    if (!engine->report_seen && ++engine->reports_missing >= WITHOUT_REPORT)
        fail_run(job, "the log tails of the first 3 answers have no report, so that nothing can be measured",
                 answer);
}

static void handle_function_error(struct job *job, const struct answer *answer, double duration_ms) {
    struct engine *engine = job->engine;
    if (engine->plan->dry_run || plan_allows_error(engine->plan, text_string(&answer->code))) {
        write_invocation(job, answer, duration_ms);
        enter(job, PHASE_PAUSE);
    } else if (answer_is_resource_problem(answer)) {
        exclude(job, "functionError", answer);
    } else {
        write_failure(job, "functionError", answer, false);
        if (!engine->options.keep_going)
            fail_run(job, "the function failed", answer);
        enter(job, engine->options.keep_going ? PHASE_PAUSE : PHASE_OVER);
    }
}

static void handle_function(struct job *job, const struct answer *answer) {
    double duration_ms = now_ms() - job->started_ms;
    switch (answer->kind) {
    case ANSWER_SUCCESS:
        speed_up(job->engine);
        branch_of(job)->duration_sum_ms += duration_ms;
        write_invocation(job, answer, duration_ms);
        look_for_report(job, answer);
        if (*job->engine->plan->post_processor_arn)
            text_append(&job->output, text_string(&job->transfer->body), job->transfer->body.length);
        enter(job, PHASE_PAUSE);
        break;
    case ANSWER_FUNCTION_ERROR:
        speed_up(job->engine);
        branch_of(job)->duration_sum_ms += duration_ms;
        if (*job->engine->plan->post_processor_arn)
            text_append(&job->output, text_string(&job->transfer->body), job->transfer->body.length);
        handle_function_error(job, answer, duration_ms);
        break;
    case ANSWER_NOT_STARTED:
        if (!try_again(job, NOT_STARTED_MS))
            exclude(job, "notStarted", answer);
        break;
    default:
        write_failure(job, "lost", answer, false);
        enter(job, PHASE_PAUSE);
        break;
    }
}

void job_done(struct http_transfer *transfer, enum http_outcome outcome, void *context) {
    struct job *job = transfer->owner;
    struct engine *engine = context;
    struct answer answer = {ANSWER_LOST, TEXT_INIT, TEXT_INIT};
    unlink_job(&engine->busy, job);
    engine->active--;
    if (job->phase == PHASE_STATE) {
        handle_state(job, outcome);
    } else {
        answer_read(transfer, outcome, &answer);
        if (!handle_not_run(job, &answer)) {
            if (job->phase == PHASE_FUNCTION)
                handle_function(job, &answer);
            else
                handle_processor(job, &answer);
        }
    }
    answer_release(&answer);
}

/* ---- beginning ---- */

static struct job *new_job(struct engine *engine) {
    struct job *job = engine->idle;
    if (job) {
        unlink_job(&engine->idle, job);
        return job;
    }
    struct http_options options =
        aws_http_options(engine->session->lambda,
                         (long)(engine->plan->timeout + engine->options.margin_s) * 1000, RESPONSE_LIMIT);
    job = memory_zeroed(1, sizeof *job);
    job->engine = engine;
    job->transfer = http_transfer_new(&options);
    job->transfer->owner = job;
    return job;
}

void job_begin(struct engine *engine, struct branch *branch, struct segment *segment) {
    struct job *job = new_job(engine);
    job->branch = (size_t)(branch - engine->branches.branches);
    job->segment = (size_t)(segment - branch->segments);
    job->index = segment->next++;
    job->payload = payload_of_index(&engine->plan->payloads, job->index, engine->plan->num);
    branch->in_flight++;
    if (segment->borrowed && engine->plan->only_cold_starts) {
        struct answer answer = {ANSWER_REFUSED, TEXT_INIT, TEXT_INIT};
        text_append_format(&answer.message, "version %s was there before", segment->version);
        write_failure(job, "notCold", &answer, false);
        answer_release(&answer);
        end_job(job);
        return;
    }
    segment->pending = segment->state_unknown;
    segment->state_unknown = false;
    enter(job, segment->pending ? PHASE_STATE : PHASE_PRE_PROCESSOR);
}

void job_wake(struct job *job) {
    unlink_job(&job->engine->waiting, job);
    if (job->phase == PHASE_PAUSE)
        enter(job, PHASE_POST_PROCESSOR);
    else if (branch_of(job)->excluded)
        end_job(job);
    else
        send_request(job);
}

void job_free(struct job *job) {
    http_transfer_free(job->transfer);
    curl_slist_free_all(job->headers);
    text_release(&job->replaced);
    text_release(&job->output);
    free(job);
}
