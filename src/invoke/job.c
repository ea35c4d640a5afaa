#include "invoke/job.h"

#include "invoke/internal.h"
#include "util/diagnostics.h"
#include "util/json.h"
#include "util/memory.h"

#include <stdlib.h>
#include <string.h>

enum { RESPONSE_LIMIT = 64 * 1024 * 1024 };

/* ---- lists of jobs ---- */

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

/* ---- ends ---- */

void job_end(struct job *job) {
    struct branch *branch = job_branch(job);
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

void job_exclude(struct job *job, const char *kind, const struct response *response) {
    if (!job_branch(job)->excluded)
        job_write_failure(job, kind, response, true);
    job_branch(job)->excluded = true;
    job_end(job);
}

void job_wait(struct job *job, int64_t duration_ms) {
    job->wake_ms = monotonic_ms() + duration_ms;
    link_job(&job->engine->waiting, job);
}

/* ---- requests ---- */

/* Sends the request of the job's phase. */
static void send_request(struct job *job) {
    struct engine *engine = job->engine;
    struct text problem = TEXT_INIT;
    if (job_prepare(job, &problem)) {
        job->started_ms = job_clock_ms();
        engine->active++;
        link_job(&engine->busy, job);
        http_loop_start(&engine->loop, job->transfer);
    } else {
        if (!engine->failed)
            report_error("%s", problem.bytes);
        engine->failed = true;
        job_end(job);
    }
    text_release(&problem);
}

/* Enters `phase`, or the next phase when there is nothing to do in it. */
static void drop(struct job *job) {
    job_branch(job)->dropped++;
    job_branch(job)->planned--;
    job_branch(job)->done--;
    job_end(job);
}

static void enter(struct job *job, enum phase phase) {
    const struct plan *plan = job->engine->plan;
    job->phase = phase;
    job->tries = 0;
    job->refusals = 0;
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
            job_wait(job, plan->sleep_between_runs_ms);
        break;
    case PHASE_POST_PROCESSOR:
        if (!*plan->post_processor_arn)
            job_end(job);
        else
            send_request(job);
        break;
    case PHASE_OVER:
        job_end(job);
        break;
    case PHASE_FUNCTION:
        /* What came before, such as a pre-processor, may have taken until after the deadline. */
        if (engine_is_too_late(job->engine))
            drop(job);
        else
            send_request(job);
        break;
    case PHASE_STATE:
        send_request(job);
        break;
    }
}

/* ---- responses, by phase ---- */

static void handle_state(struct job *job, const struct response *given) {
    struct response response = {RESPONSE_LOST, TEXT_INIT, TEXT_INIT, TEXT_INIT, TEXT_INIT};
    struct span document, configuration, state = {NULL, 0}, reason = {NULL, 0};
    struct span body = {text_string(&job->transfer->body), job->transfer->body.length};
    struct segment *segment = job_segment(job);
    bool read = given->kind == RESPONSE_SUCCESS && json_check(body, &document, NULL) &&
                json_member(document, "Configuration", &configuration);
    if (read) {
        json_member(configuration, "State", &state);
        if (json_member(configuration, "StateReason", &reason) && json_type(reason) == JSON_STRING)
            json_decode_string(reason, &response.message);
    }
    if (read && (!state.start || json_string_is(state, "Active") || json_string_is(state, "Inactive"))) {
        segment->pending = false;
        enter(job, job->conflicts ? PHASE_FUNCTION : PHASE_PRE_PROCESSOR);
    } else if (read && json_string_is(state, "Failed")) {
        struct span code = {NULL, 0};
        if (json_member(configuration, "StateReasonCode", &code) && json_type(code) == JSON_STRING)
            json_decode_string(code, &response.code);
        job_exclude(job, "notActive", &response);
    } else if (!job_try(job, ACTIVE_MS)) {
        text_append_string(&response.message, "the version has not become active within 26 minutes");
        job_exclude(job, "notActive", &response);
    }
    response_release(&response);
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

static void handle_processor(struct job *job, const struct response *response) {
    bool before = job->phase == PHASE_PRE_PROCESSOR;
    struct text what = TEXT_INIT;
    text_append_format(&what, "the %s-processor %s", before ? "pre" : "post", job_processor(job));
    if ((response->kind == RESPONSE_NOT_STARTED || response->kind == RESPONSE_NOT_ACTIVE) &&
        job_try_to_start(job, response)) {
        text_release(&what);
        return;
    }
    if (response->kind != RESPONSE_SUCCESS) {
        text_append_string(&what, " failed");
        job_fail_run(job, what.bytes, response);
        job_end(job);
    } else if (before && job->transfer->body.length > PAYLOAD_LIMIT) {
        text_append_format(&what, " returned %zu bytes, over Lambda's limit of %d for a payload",
                           job->transfer->body.length, PAYLOAD_LIMIT);
        job_fail_run(job, what.bytes, response);
        job_end(job);
    } else if (before) {
        text_clear(&job->replaced);
        if (!is_blank_or_null(&job->transfer->body))
            text_append(&job->replaced, job->transfer->body.bytes, job->transfer->body.length);
        enter(job, PHASE_FUNCTION);
    } else {
        job_end(job);
    }
    text_release(&what);
}

static void handle_function_error(struct job *job, const struct response *response, double duration_ms) {
    struct engine *engine = job->engine;
    if (engine->plan->dry_run || plan_allows_error(engine->plan, text_string(&response->code))) {
        job_write_invocation(job, response, duration_ms);
        enter(job, PHASE_PAUSE);
    } else if (response_is_resource_problem(response)) {
        job_exclude(job, "functionError", response);
    } else {
        job_write_failure(job, "functionError", response, false);
        if (!engine->options.keep_going)
            job_fail_run(job, "the function failed", response);
        enter(job, engine->options.keep_going ? PHASE_PAUSE : PHASE_OVER);
    }
}

/* The request id is copied: libcurl keeps only the last header that was asked for. */
static void note_cost(struct job *job, double duration_ms) {
    char *request_id = memory_copy_string(http_header(job->transfer, "x-amzn-RequestId"));
    budget_note(&job->engine->budget, job_branch(job), http_header(job->transfer, "X-Amz-Log-Result"),
                request_id, duration_ms);
    free(request_id);
}

static void handle_function(struct job *job, const struct response *response) {
    double duration_ms = job_clock_ms() - job->started_ms;
    if (job->engine->budget.limit > 0 && response->kind != RESPONSE_NOT_STARTED)
        note_cost(job, duration_ms);
    switch (response->kind) {
    case RESPONSE_SUCCESS:
        job_speed_up(job->engine);
        branch_note_response(job_branch(job), duration_ms);
        job_write_invocation(job, response, duration_ms);
        job_look_for_report(job, response);
        if (*job->engine->plan->post_processor_arn)
            text_append(&job->output, text_string(&job->transfer->body), job->transfer->body.length);
        enter(job, PHASE_PAUSE);
        break;
    case RESPONSE_FUNCTION_ERROR:
        job_speed_up(job->engine);
        branch_note_response(job_branch(job), duration_ms);
        if (*job->engine->plan->post_processor_arn)
            text_append(&job->output, text_string(&job->transfer->body), job->transfer->body.length);
        handle_function_error(job, response, duration_ms);
        break;
    case RESPONSE_NOT_STARTED:
        if (!job_try_to_start(job, response))
            job_exclude(job, "notStarted", response);
        break;
    default:
        job_write_failure(job, "lost", response, false);
        enter(job, PHASE_PAUSE);
        break;
    }
}

void job_done(struct http_transfer *transfer, enum http_result result, void *context) {
    struct job *job = transfer->owner;
    struct engine *engine = context;
    struct response response = {RESPONSE_LOST, TEXT_INIT, TEXT_INIT, TEXT_INIT, TEXT_INIT};
    unlink_job(&engine->busy, job);
    engine->active--;
    response_read(transfer, result, &response);
    if (!job_handle_not_run(job, &response)) {
        if (job->phase == PHASE_STATE)
            handle_state(job, &response);
        else if (job->phase == PHASE_FUNCTION)
            handle_function(job, &response);
        else
            handle_processor(job, &response);
    }
    response_release(&response);
}

/* ---- beginning ---- */

static struct job *new_job(struct engine *engine) {
    struct job *job = engine->idle;
    if (job) {
        unlink_job(&engine->idle, job);
        return job;
    }
    /* The time limit here is replaced for each request. */
    struct http_options options = aws_http_options(engine->session->lambda, AWS_TRY_MS, RESPONSE_LIMIT);
    job = memory_zeroed(1, sizeof *job);
    job->engine = engine;
    job->transfer = http_transfer_new(&options);
    job->transfer->owner = job;
    return job;
}

/* The payload of an invocation, by its position in the plan's list. */
static size_t payload_for(const struct plan *plan, long long memory_mb, long long index) {
    struct payload_demand demand = {plan->num, plan->warmup, plan->memory_size_count};
    size_t size = 0;
    while (size < plan->memory_size_count && plan->memory_sizes[size] != memory_mb)
        size++;
    return payload_of(&plan->payloads, &demand, size, index, plan->until_sure > 0);
}

void job_begin(struct engine *engine, struct branch *branch, struct segment *segment) {
    struct job *job = new_job(engine);
    job->branch = (size_t)(branch - engine->branches.branches);
    job->segment = (size_t)(segment - branch->segments);
    job->index = branch_take(branch, segment);
    job->conflicts = 0;
    job->conflict_ms = 0;
    job->payload = payload_for(engine->plan, branch->memory_mb, job->index);
    branch->in_flight++;
    if (job->payload >= engine->plan->payloads.count) {
        job->payload = 0;
        if (!engine->failed)
            report_error("%s at %lld MB: the payloads have run out: each of %zu was used once",
                         engine->plan->function_name, branch->memory_mb, engine->plan->payloads.count);
        engine->failed = true;
        job_end(job);
        return;
    }
    if (segment->borrowed && engine->plan->only_cold_starts) {
        struct response response = {RESPONSE_REFUSED, TEXT_INIT, TEXT_INIT, TEXT_INIT, TEXT_INIT};
        text_append_format(&response.message, "version %s existed before", segment->version);
        job_write_failure(job, "notCold", &response, false);
        response_release(&response);
        job_end(job);
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
    else if (job_branch(job)->excluded)
        job_end(job);
    else
        send_request(job);
}

void job_end_wait(struct job *job) {
    if (job->phase == PHASE_PAUSE || job_branch(job)->excluded) {
        job_wake(job);
    } else if (job->phase != PHASE_POST_PROCESSOR) {
        unlink_job(&job->engine->waiting, job);
        drop(job);
    }
}

void job_free(struct job *job) {
    http_transfer_free(job->transfer);
    curl_slist_free_all(job->headers);
    text_release(&job->replaced);
    text_release(&job->output);
    free(job);
}
