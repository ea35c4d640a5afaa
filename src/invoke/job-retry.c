#include "invoke/internal.h"

#include "aws/client.h"
#include "util/diagnostics.h"

#include <string.h>
#include <time.h>

enum {
    NOT_STARTED_MS = 60 * 1000,   /* how long to retry when the handler did not start */
    THROTTLED_MS = 15 * 60 * 1000 /* how long to retry when all invocations are throttled */
};

double job_clock_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* The same pause as between the attempts of other requests, but a longer Retry-After of the server is
 * respected. */
static int64_t pause_before_try(const struct job *job) {
    enum { MAX_WANTED_MS = 60 * 1000 };
    return aws_retry_pause_ms(job->tries + 1, aws_retry_after(job->transfer), MAX_WANTED_MS);
}

/* After throttling: lowers the maximum of requests in progress by a quarter. A request that was sent before
 * the last lowering does not lower it again. */
static void slow_down(const struct job *job) {
    struct engine *engine = job->engine;
    if (!engine->throttled_since_ms)
        engine->throttled_since_ms = monotonic_ms();
    if (job->started_ms <= engine->lowered_ms)
        return;
    engine->lowered_ms = job_clock_ms();
    double below = (double)engine->active + 1;
    engine->limit = below * 0.75 > 1 ? below * 0.75 : 1;
}

void job_speed_up(struct engine *engine) {
    engine->throttled_since_ms = 0;
    if (engine->limit < (double)engine->options.max_in_flight)
        engine->limit += 1 / engine->limit;
}

bool job_try(struct job *job, int64_t patience) {
    int64_t now = monotonic_ms();
    if (!job->first_fault_ms)
        job->first_fault_ms = now;
    if (now - job->first_fault_ms >= patience)
        return false;
    job_wait(job, pause_before_try(job));
    job->tries++;
    return true;
}

/* Schedules another attempt after a temporary failure, but not throttling: for a minute, and at most as often
 * as the setting max_attempts allows. */
static bool try_soon(struct job *job) {
    int most = job->engine->session->settings.max_attempts;
    return (!most || job->tries + 1 < most) && job_try(job, NOT_STARTED_MS);
}

bool job_try_to_start(struct job *job, const struct response *response) {
    enum { SILENT_TRIES = 2 };
    struct engine *engine = job->engine;
    if (!try_soon(job))
        return false;
    if (job->tries > SILENT_TRIES && !engine->waiting_reported) {
        report_warning("%s at %lld MB: the handler cannot be started; retrying for up to %d s: "
                       "%s: %s",
                       engine->plan->function_name, job_branch(job)->memory_mb, NOT_STARTED_MS / 1000,
                       text_string(&response->code), text_string(&response->message));
        engine->waiting_reported = true;
    }
    return true;
}

static void handle_throttled(struct job *job, const struct response *response) {
    struct engine *engine = job->engine;
    slow_down(job);
    if (monotonic_ms() - engine->throttled_since_ms < THROTTLED_MS && job_try(job, INT64_MAX))
        return;
    job_fail_run(job, "throttled for 15 minutes without a success", response);
    job_end(job);
}

/* After a refused signature: true when a new signature can help, because the clock was corrected or the
 * credentials can be renewed. A request that was signed before the last correction is only signed again. */
static bool can_sign_anew(struct job *job, const struct response *response) {
    enum { MAX_REFUSALS = 3 };
    struct engine *engine = job->engine;
    struct aws_client *client = engine->session->lambda;
    const char *code = text_string(&response->code);
    if (job->refusals++ >= MAX_REFUSALS)
        return false;
    if (job->started_ms < engine->signed_anew_ms)
        return true;
    bool expired = strncmp(code, "ExpiredToken", strlen("ExpiredToken")) == 0;
    if (!aws_learn_skew(client, job->transfer, code) && !(expired && credentials_expired(client->provider)))
        return false;
    engine->signed_anew_ms = job_clock_ms();
    return true;
}

/* The version is not active: reads its state after a pause, then invokes the function again. */
static void handle_not_active(struct job *job, const struct response *response) {
    int64_t now = monotonic_ms();
    if (!job->conflict_ms)
        job->conflict_ms = now;
    if (now - job->conflict_ms >= ACTIVE_MS) {
        job_exclude(job, "notActive", response);
        return;
    }
    job_segment(job)->pending = true;
    job->phase = PHASE_STATE;
    job->first_fault_ms = 0;
    job->tries = job->conflicts++;
    job_wait(job, pause_before_try(job));
}

static void refuse(struct job *job, const struct response *response) {
    struct text what = TEXT_INIT;
    if (job->phase == PHASE_STATE)
        text_append_string(&what, "its state cannot be read");
    else if (job->phase == PHASE_FUNCTION)
        text_append_string(&what, "it cannot be invoked");
    else
        text_append_format(&what, "the %s-processor %s cannot be invoked",
                           job->phase == PHASE_PRE_PROCESSOR ? "pre" : "post", job_processor(job));
    job_fail_run(job, what.bytes, response);
    text_release(&what);
}

bool job_handle_not_run(struct job *job, const struct response *response) {
    switch (response->kind) {
    case RESPONSE_THROTTLED:
        handle_throttled(job, response);
        return true;
    case RESPONSE_UNSIGNED:
        if (can_sign_anew(job, response)) {
            job_wait(job, 0);
            return true;
        }
        job_fail_run(job, "the signature was refused", response);
        break;
    case RESPONSE_NOT_SENT:
        if (try_soon(job))
            return true;
        job_fail_run(job, "no connection", response);
        break;
    case RESPONSE_NOT_ACTIVE:
        if (job->phase != PHASE_FUNCTION)
            return false;
        handle_not_active(job, response);
        return true;
    case RESPONSE_REFUSED:
        refuse(job, response);
        break;
    default:
        return false;
    }
    job_end(job);
    return true;
}
