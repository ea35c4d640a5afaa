#include "invoke/job.h"

#include "invoke/job-parts.h"
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
    ACTIVE_MS = 26 * 60 * 1000     /* a version may take so long to become active (SnapStart) */
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

/* ---- ends ---- */

/* The invocation has run its course, one way or another. */
static void end_job(struct job *job) {
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

static void exclude(struct job *job, const char *kind, const struct answer *answer) {
    if (!job_branch(job)->excluded)
        job_write_failure(job, kind, answer, true);
    branch_exclude(job_branch(job));
    end_job(job);
}

static void wait_for(struct job *job, int64_t duration) {
    job->wake_ms = monotonic_ms() + duration;
    link_job(&job->engine->waiting, job);
}

/* As between the tries of a control call; but what the server asks for is waited for longer. */
static int64_t pause_before_try(const struct job *job) {
    enum { MOST_WANTED_MS = 60 * 1000 };
    return aws_retry_pause_ms(job->tries + 1, aws_retry_after(job->transfer), MOST_WANTED_MS);
}

/* ---- requests ---- */

/* Sends the request of the job's phase. */
static void send_request(struct job *job) {
    struct engine *engine = job->engine;
    struct text problem = TEXT_INIT;
    if (job_prepare(job, &problem)) {
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
    text_release(&problem);
}

/* Goes on to `phase`, or past it when there is nothing to do in it. */
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

/* Lowers how much is under way at once by a quarter. Requests that were sent before it was lowered last say
 * nothing new. */
static void slow_down(const struct job *job) {
    struct engine *engine = job->engine;
    if (!engine->throttled_since_ms)
        engine->throttled_since_ms = monotonic_ms();
    if (job->started_ms <= engine->lowered_ms)
        return;
    engine->lowered_ms = now_ms();
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

/* The same after a fault that is not to last: for a minute, and no more often than max_attempts says.
 * Throttling is not such a fault. */
static bool try_again_soon(struct job *job) {
    int most = job->engine->session->settings.max_attempts;
    return (!most || job->tries + 1 < most) && try_again(job, NOT_STARTED_MS);
}

static void handle_throttled(struct job *job, const struct answer *answer) {
    struct engine *engine = job->engine;
    slow_down(job);
    if (monotonic_ms() - engine->throttled_since_ms < THROTTLED_MS && try_again(job, INT64_MAX))
        return;
    job_fail_run(job, "throttled for 15 minutes without one success", answer);
    end_job(job);
}

/* After a refused signature: true when the next one will be another. What was signed before the last
 * correction is only signed again. */
static bool can_sign_anew(struct job *job, const struct answer *answer) {
    enum { MOST_REFUSALS = 3 };
    struct engine *engine = job->engine;
    struct aws_client *client = engine->session->lambda;
    const char *code = text_string(&answer->code);
    if (job->refusals++ >= MOST_REFUSALS)
        return false;
    if (job->started_ms < engine->signed_anew_ms)
        return true;
    bool expired = strncmp(code, "ExpiredToken", strlen("ExpiredToken")) == 0;
    if (!aws_learn_skew(client, job->transfer, code) && !(expired && credentials_expired(client->provider)))
        return false;
    engine->signed_anew_ms = now_ms();
    return true;
}

/* The version is not active, or was not a moment ago: a look at its state, then the function again. */
static void handle_not_active(struct job *job, const struct answer *answer) {
    int64_t now = monotonic_ms();
    if (!job->conflict_ms)
        job->conflict_ms = now;
    if (now - job->conflict_ms >= ACTIVE_MS) {
        exclude(job, "notActive", answer);
        return;
    }
    job_segment(job)->pending = true;
    job->phase = PHASE_STATE;
    job->first_fault_ms = 0;
    job->tries = job->conflicts++;
    wait_for(job, pause_before_try(job));
}

/* True when the answer was one of those that are tried again, or end the run; the job has then been dealt
 * with. */
static bool handle_not_run(struct job *job, const struct answer *answer) {
    switch (answer->kind) {
    case ANSWER_THROTTLED:
        handle_throttled(job, answer);
        return true;
    case ANSWER_UNSIGNED:
        if (can_sign_anew(job, answer)) {
            wait_for(job, 0);
            return true;
        }
        job_fail_run(job, "the signature was refused", answer);
        break;
    case ANSWER_NOT_SENT:
        if (try_again_soon(job))
            return true;
        job_fail_run(job, "no connection", answer);
        break;
    case ANSWER_NOT_ACTIVE:
        if (job->phase != PHASE_FUNCTION)
            return false;
        handle_not_active(job, answer);
        return true;
    case ANSWER_REFUSED:
        job_fail_run(job, job->phase == PHASE_STATE ? "its state cannot be read" : "it cannot be invoked",
                     answer);
        break;
    default:
        return false;
    }
    end_job(job);
    return true;
}

/* ---- answers, phase by phase ---- */

static void handle_state(struct job *job, const struct answer *given) {
    struct answer answer = {ANSWER_LOST, TEXT_INIT, TEXT_INIT};
    struct span document, configuration, state = {NULL, 0}, reason = {NULL, 0};
    struct span body = {text_string(&job->transfer->body), job->transfer->body.length};
    struct segment *segment = job_segment(job);
    bool read = given->kind == ANSWER_SUCCESS && json_check(body, &document, NULL) &&
                json_member(document, "Configuration", &configuration);
    if (read) {
        json_member(configuration, "State", &state);
        if (json_member(configuration, "StateReason", &reason) && json_type(reason) == JSON_STRING)
            json_decode_string(reason, &answer.message);
    }
    if (read && (!state.start || json_string_is(state, "Active") || json_string_is(state, "Inactive"))) {
        segment->pending = false;
        enter(job, job->conflicts ? PHASE_FUNCTION : PHASE_PRE_PROCESSOR);
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
    text_append_format(&what, "the %s-processor %s", before ? "pre" : "post", job_processor(job));
    if ((answer->kind == ANSWER_NOT_STARTED || answer->kind == ANSWER_NOT_ACTIVE) && try_again_soon(job)) {
        text_release(&what);
        return;
    }
    if (answer->kind != ANSWER_SUCCESS) {
        text_append_string(&what, " failed");
        job_fail_run(job, what.bytes, answer);
        end_job(job);
    } else if (before && job->transfer->body.length > PAYLOAD_LIMIT) {
        text_append_format(&what, " gave %zu bytes, which are over Lambda's limit of %d for a payload",
                           job->transfer->body.length, PAYLOAD_LIMIT);
        job_fail_run(job, what.bytes, answer);
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

static void handle_function_error(struct job *job, const struct answer *answer, double duration_ms) {
    struct engine *engine = job->engine;
    if (engine->plan->dry_run || plan_allows_error(engine->plan, text_string(&answer->code))) {
        job_write_invocation(job, answer, duration_ms);
        enter(job, PHASE_PAUSE);
    } else if (answer_is_resource_problem(answer)) {
        exclude(job, "functionError", answer);
    } else {
        job_write_failure(job, "functionError", answer, false);
        if (!engine->options.keep_going)
            job_fail_run(job, "the function failed", answer);
        enter(job, engine->options.keep_going ? PHASE_PAUSE : PHASE_OVER);
    }
}

/* Headers are copied at once: libcurl keeps one answer at a time. */
static void note_cost(struct job *job, double duration_ms) {
    char *request_id = memory_copy_string(http_header(job->transfer, "x-amzn-RequestId"));
    budget_note(&job->engine->budget, job_branch(job)->power, http_header(job->transfer, "X-Amz-Log-Result"),
                request_id, duration_ms);
    free(request_id);
}

static void handle_function(struct job *job, const struct answer *answer) {
    double duration_ms = now_ms() - job->started_ms;
    if (job->engine->budget.limit > 0 && answer->kind != ANSWER_NOT_STARTED)
        note_cost(job, duration_ms);
    switch (answer->kind) {
    case ANSWER_SUCCESS:
        speed_up(job->engine);
        branch_answered(job_branch(job), duration_ms);
        job_write_invocation(job, answer, duration_ms);
        job_look_for_report(job, answer);
        if (*job->engine->plan->post_processor_arn)
            text_append(&job->output, text_string(&job->transfer->body), job->transfer->body.length);
        enter(job, PHASE_PAUSE);
        break;
    case ANSWER_FUNCTION_ERROR:
        speed_up(job->engine);
        branch_answered(job_branch(job), duration_ms);
        if (*job->engine->plan->post_processor_arn)
            text_append(&job->output, text_string(&job->transfer->body), job->transfer->body.length);
        handle_function_error(job, answer, duration_ms);
        break;
    case ANSWER_NOT_STARTED:
        if (!try_again_soon(job))
            exclude(job, "notStarted", answer);
        break;
    default:
        job_write_failure(job, "lost", answer, false);
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
    answer_read(transfer, outcome, &answer);
    if (!handle_not_run(job, &answer)) {
        if (job->phase == PHASE_STATE)
            handle_state(job, &answer);
        else if (job->phase == PHASE_FUNCTION)
            handle_function(job, &answer);
        else
            handle_processor(job, &answer);
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
    /* How long it may take is said for each request. */
    struct http_options options = aws_http_options(engine->session->lambda, AWS_TRY_MS, RESPONSE_LIMIT);
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
    job->index = branch_take(branch, segment);
    job->conflicts = 0;
    job->conflict_ms = 0;
    job->payload = engine->plan->until_sure > 0
                       ? payload_of_index_mixed(&engine->plan->payloads, job->index, engine->plan->num)
                       : payload_of_index(&engine->plan->payloads, job->index, engine->plan->num);
    branch->in_flight++;
    if (segment->borrowed && engine->plan->only_cold_starts) {
        struct answer answer = {ANSWER_REFUSED, TEXT_INIT, TEXT_INIT};
        text_append_format(&answer.message, "version %s was there before", segment->version);
        job_write_failure(job, "notCold", &answer, false);
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
    else if (job_branch(job)->excluded)
        end_job(job);
    else
        send_request(job);
}

void job_hurry(struct job *job) {
    if (job->phase == PHASE_PAUSE || job->phase == PHASE_POST_PROCESSOR || job_branch(job)->excluded) {
        job_wake(job);
        return;
    }
    unlink_job(&job->engine->waiting, job);
    job_branch(job)->dropped++;
    job_branch(job)->planned--;
    job_branch(job)->done--;
    end_job(job);
}

void job_free(struct job *job) {
    http_transfer_free(job->transfer);
    curl_slist_free_all(job->headers);
    text_release(&job->replaced);
    text_release(&job->output);
    free(job);
}
