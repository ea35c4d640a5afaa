#include "invoke/engine.h"

#include "aws/sigv4.h"
#include "invoke/job.h"
#include "util/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool engine_open(struct engine *engine, const struct engine_options *options, struct aws_session *session,
                 struct plan *plan, struct output *output, struct progress *progress, struct text *problem) {
    *engine = (struct engine){.options = *options,
                              .session = session,
                              .plan = plan,
                              .output = output,
                              .progress = progress,
                              .limit = (double)options->max_in_flight};
    engine->branches.parallel = plan->parallel_invocation;
    if (!http_loop_open(&engine->loop, options->max_in_flight, job_done, engine)) {
        text_append_format(problem, "cannot create the event loop: %s", strerror(errno));
        return false;
    }
    engine->loop.tick_ms = progress->terminal ? 200 : 0;
    engine->payload_sha256 = memory_zeroed(plan->payloads.count, sizeof *engine->payload_sha256);
    for (size_t i = 0; i < plan->payloads.count; i++) {
        const struct text *body = &plan->payloads.payloads[i].body;
        sha256_hex(text_string(body), body->length, engine->payload_sha256[i]);
    }
    return true;
}

bool engine_finished(const struct engine *engine) {
    return branches_finished(&engine->branches);
}

/* The time at which the next waiting job continues; -1 when none waits. */
static int64_t next_wake(const struct engine *engine) {
    int64_t next = -1;
    for (const struct job *job = engine->waiting; job; job = job->next)
        if (next < 0 || job->wake_ms < next)
            next = job->wake_ms;
    return next;
}

static void wake_jobs(struct engine *engine) {
    if (!engine->waiting)
        return;
    int64_t now = monotonic_ms();
    struct job *next;
    for (struct job *job = engine->waiting; job; job = next) {
        next = job->next;
        if (job->wake_ms <= now && (double)engine->active < engine->limit)
            job_wake(job);
    }
}

static bool is_any_in_flight(const struct branches *branches) {
    for (size_t i = 0; i < branches->count; i++)
        if (branches->branches[i].in_flight)
            return true;
    return false;
}

/* True when the budget allows an invocation of the branch. When it does not, and nothing is in progress whose
 * real cost could be lower than its maximum, the run stops. */
static bool is_affordable(struct engine *engine, const struct branch *branch) {
    if (budget_allows(&engine->budget, &engine->branches, branch))
        return true;
    if (!is_any_in_flight(&engine->branches))
        engine->stopped = "maxCost";
    return false;
}

/* The time until an invocation may no longer start, with a deadline: it may take as long as its time limit and
 * an init. Negative when it is too late. */
static int64_t left_to_start_ms(const struct engine *engine) {
    return engine->options.deadline_ms - (int64_t)engine->budget.time_limit - BUDGET_INIT_MS - monotonic_ms();
}

bool engine_is_too_late(const struct engine *engine) {
    return engine->options.deadline_ms && left_to_start_ms(engine) <= 0;
}

/* After the deadline no invocation starts, and none that waits for its next try is sent again. */
static void check_deadline(struct engine *engine) {
    if (!engine_is_too_late(engine))
        return;
    if (!engine->stopped)
        engine->stopped = "deadline";
    struct job *next;
    for (struct job *job = engine->waiting; job; job = next) {
        next = job->next;
        job_end_wait(job);
    }
}

static void begin_jobs(struct engine *engine) {
    struct segment *segment = NULL;
    struct branch *branch;
    while (!engine->failed && (double)engine->active < engine->limit &&
           (branch = branches_next(&engine->branches, &segment)) && is_affordable(engine, branch))
        job_begin(engine, branch, segment);
}

enum http_loop_event engine_step(struct engine *engine) {
    check_deadline(engine);
    wake_jobs(engine);
    if (!engine->stopped)
        begin_jobs(engine);
    if (engine->stopped)
        branches_drop(&engine->branches);
    if (engine->failed)
        return HTTP_LOOP_HANDLED;
    progress_show(engine->progress, &engine->branches);
    int64_t wake = next_wake(engine), timeout = -1;
    if (wake >= 0) {
        timeout = wake - monotonic_ms();
        /* A job whose time has come may still wait until fewer are active. */
        timeout = timeout < 1 ? 1 : timeout;
    }
    if (engine->options.deadline_ms && !engine->stopped) {
        int64_t left = left_to_start_ms(engine);
        left = left < 0 ? 0 : left;
        timeout = timeout < 0 || left < timeout ? left : timeout;
    }
    return http_loop_wait(&engine->loop, timeout);
}

static void free_jobs(struct job *list) {
    while (list) {
        struct job *next = list->next;
        job_free(list);
        list = next;
    }
}

void engine_close(struct engine *engine) {
    for (struct job *job = engine->busy; job; job = job->next)
        http_loop_abandon(&engine->loop, job->transfer);
    free_jobs(engine->busy);
    free_jobs(engine->waiting);
    free_jobs(engine->idle);
    http_loop_close(&engine->loop);
    branches_release(&engine->branches);
    free(engine->payload_sha256);
}
