#include "local/environment/internal.h"

#include "local/environment/launch.h"
#include "local/environment/runtime-api.h"
#include "local/server.h"
#include "util/memory.h"
#include "util/process-list.h"

#include <stdlib.h>
#include <sys/wait.h>

enum { FREEZE_AFTER_MS = 10, MAX_OVERDRAFT_NS = 2000000 };

void environment_set_timer(struct environment *environment, struct timer *timer, double milliseconds) {
    loop_set_timer(environment->server->loop, timer,
                   loop_now() + (uint64_t)(milliseconds * (double)NANOSECONDS_PER_MILLISECOND));
}

/* ---- making and ending ---- */

static void granted(void *context);
static void deadline_passed(void *context);
static void freeze_idle(void *context);

struct environment *environment_new(struct version *version) {
    struct environment *environment = memory_zeroed(1, sizeof *environment);
    struct server *server = version->function->server;
    environment->server = server;
    environment->version = version_hold(version);
    environment->memory_mb = version->memory_mb;
    environment->timeout_s = version->timeout_s;
    environment->status = environment->listening.fd = environment->output.fd = -1;
    environment->ticket = (struct ticket){.granted = granted, .context = environment};
    environment->deadline = (struct timer){.fire = deadline_passed, .context = environment};
    environment->freezing = (struct timer){.fire = freeze_idle, .context = environment};
    environment->watching = (struct timer){.fire = environment_watch_memory, .context = environment};
    environment->next = server->environments;
    if (environment->next)
        environment->next->previous = environment;
    server->environments = environment;
    return environment;
}

void environment_free(struct environment *environment) {
    if (environment->previous)
        environment->previous->next = environment->next;
    else
        environment->server->environments = environment->next;
    if (environment->next)
        environment->next->previous = environment->previous;
    launch_release(environment);
    version_release(environment->version);
    text_release(&environment->written);
    text_release(&environment->init_error);
    free(environment);
}

void environment_end(struct environment *environment) {
    struct loop *loop = environment->server->loop;
    environment->state = ENVIRONMENT_ENDED;
    environment->retired = true;
    loop_cancel(loop, &environment->deadline);
    loop_cancel(loop, &environment->freezing);
    loop_cancel(loop, &environment->watching);
    loop_cancel(loop, &environment->starting);
    loop_cancel(loop, &environment->response_due);
    launch_stop_output(environment);
    runtime_api_close(environment);
    if (environment->next_request)
        httpd_drop(environment->next_request);
    if (environment->response)
        httpd_drop(environment->response);
    environment->next_request = environment->response = NULL;
    admission_queue_leave(environment->server->admission, &environment->ticket);
    if (!environment->process)
        environment_free(environment);
    else
        sandbox_kill(environment->sandbox);
}

void environment_lose(struct environment *environment) {
    struct invocation *invocation = environment->invocation;
    environment->invocation = NULL;
    environment_end(environment);
    if (invocation)
        environment_invoke(invocation);
}

/* ---- invocations ---- */

static bool is_free(const struct environment *environment, const struct version *version) {
    return environment->version == version && !environment->retired && !environment->invocation &&
           (environment->state == ENVIRONMENT_IDLE || environment->state == ENVIRONMENT_FINISHING);
}

void environment_wait_for_share(struct environment *environment) {
    admission_queue_enter(environment->server->admission, &environment->ticket,
                          environment_share(environment));
}

void environment_invoke(struct invocation *invocation) {
    struct environment *environment = invocation->server->environments;
    while (environment && !is_free(environment, invocation->version))
        environment = environment->next;
    if (!environment)
        environment = environment_new(invocation->version);
    environment->invocation = invocation;
    invocation->environment = environment;
    loop_cancel(invocation->server->loop, &environment->freezing);
    if (environment->state != ENVIRONMENT_FINISHING)
        environment_wait_for_share(environment);
}

void environment_deliver(struct environment *environment) {
    struct invocation *invocation = environment->invocation;
    struct httpd_request *next_request = environment->next_request;
    double timeout_ms = environment->timeout_s * 1000.0;
    invocation->memory_mb = environment->memory_mb;
    invocation->timeout_s = environment->timeout_s;
    environment->state = ENVIRONMENT_BUSY;
    environment->next_request = NULL;
    if (environment->written.length)
        log_output(&invocation->log, environment->written.bytes, environment->written.length);
    text_clear(&environment->written);
    sandbox_limit(environment->sandbox, environment_share(environment));
    sandbox_thaw(environment->sandbox);
    if (!invocation->started)
        invocation_start(invocation);
    environment->used_before = sandbox_used(environment->sandbox);
    double spent_ms = (double)(loop_now() - invocation->started) / (double)NANOSECONDS_PER_MILLISECOND;
    double left_ms = timeout_ms > spent_ms ? timeout_ms - spent_ms : 0;
    environment_set_timer(environment, &environment->deadline, left_ms);
    environment_set_timer(environment, &environment->watching, ENVIRONMENT_WATCH_MS);
    runtime_api_deliver(next_request, invocation, stamp_unix_milliseconds() + (long long)left_ms);
}

static void granted(void *context) {
    struct environment *environment = context;
    if (environment->state == ENVIRONMENT_NEW)
        environment_start(environment);
    else
        environment_deliver(environment);
}

/* ---- timers ---- */

static void deadline_passed(void *context) {
    struct environment *environment = context;
    bool in_init = environment->state == ENVIRONMENT_INIT && !environment->init_again;
    double rest_ms = in_init ? environment_init_rest(environment) : 0;
    if (rest_ms > 0)
        environment_set_timer(environment, &environment->deadline, rest_ms);
    else if (in_init)
        environment_init_fault(environment, "timeout", NULL, "");
    else if (environment->state == ENVIRONMENT_FINISHING)
        environment_lose(environment);
    else
        environment_time_out(environment);
}

static void freeze_idle(void *context) {
    struct environment *environment = context;
    sandbox_freeze(environment->sandbox);
}

/* ---- requests of the runtime ---- */

void environment_next(struct environment *environment, struct httpd_request *request) {
    switch (environment->state) {
    case ENVIRONMENT_INIT:
        environment->next_request = request;
        environment_initialised(environment);
        return;
    case ENVIRONMENT_FINISHING:
        loop_cancel(environment->server->loop, &environment->deadline);
        environment->next_request = request;
        environment->state = ENVIRONMENT_IDLE;
        if (environment->invocation)
            environment_wait_for_share(environment);
        else if (environment->retired)
            environment_end(environment);
        else
            environment_set_timer(environment, &environment->freezing, FREEZE_AFTER_MS);
        return;
    case ENVIRONMENT_IDLE: /* requested again over another connection: the last request counts */
        httpd_drop(environment->next_request);
        environment->next_request = request;
        return;
    case ENVIRONMENT_BUSY:
        runtime_api_refuse(request, "Running to Ready");
        return;
    case ENVIRONMENT_NEW:
    case ENVIRONMENT_ENDED:
        httpd_drop(request);
    }
}

uint64_t environment_debt(const struct environment *environment) {
    uint64_t lasted = loop_now() - environment->invocation->started;
    uint64_t used = sandbox_used(environment->sandbox) - environment->used_before;
    if (used <= MAX_OVERDRAFT_NS)
        return 0;
    double due = (double)(used - MAX_OVERDRAFT_NS) / environment_share(environment);
    return due > (double)lasted ? (uint64_t)due - lasted : 0;
}

/* Completes the invocation; the environment is kept for the next one. */
static void complete(struct environment *environment, const struct invocation_result *result) {
    struct invocation *invocation = environment->invocation;
    environment->state = ENVIRONMENT_FINISHING;
    environment->invocation = NULL;
    loop_cancel(environment->server->loop, &environment->watching);
    invocation_finish(invocation, result);
    admission_queue_leave(environment->server->admission, &environment->ticket);
}

void environment_responded(struct environment *environment, struct text *body, const char *error_type) {
    environment_note_memory(environment, process_peak_kib(environment->process));
    environment_look_at_memory(environment);
    launch_drain_output(environment, environment->invocation);
    if (environment_over_memory(environment)) {
        text_release(body);
        environment_out_of_memory(environment);
        return;
    }
    struct invocation_result result = {.status = error_type ? "error" : NULL,
                                       .error_type = error_type,
                                       .handled = true,
                                       .peak_kib = environment->peak_kib,
                                       .body = body};
    complete(environment, &result);
}

void environment_response_too_large(struct environment *environment) {
    struct text body = TEXT_INIT;
    text_append_string(&body, "{\"errorType\":\"Function.ResponseSizeTooLarge\",\"errorMessage\":\"Response "
                              "payload size exceeded maximum allowed payload size (6291556 bytes).\"}");
    environment_note_memory(environment, process_peak_kib(environment->process));
    environment_look_at_memory(environment);
    launch_drain_output(environment, environment->invocation);
    struct invocation_result result = {.status = "failure",
                                       .error_type = "Function.ResponseSizeTooLarge",
                                       .peak_kib = environment->peak_kib,
                                       .body = &body};
    complete(environment, &result);
}

/* ---- all environments ---- */

void environments_retire(struct version *version) {
    struct environment *next;
    for (struct environment *environment = version->function->server->environments; environment;
         environment = next) {
        next = environment->next;
        if (environment->version != version || environment->state == ENVIRONMENT_NEW)
            continue;
        environment->retired = true;
        if (environment->state == ENVIRONMENT_IDLE && !environment->invocation)
            environment_end(environment);
    }
}

void environments_end(struct server *server) {
    struct environment *next;
    admission_queue_close(server->admission);
    for (struct environment *environment = server->environments; environment; environment = next) {
        next = environment->next;
        if (environment->invocation)
            invocation_drop(environment->invocation);
        environment->invocation = NULL;
        if (environment->state != ENVIRONMENT_ENDED)
            environment_end(environment);
    }
    while (server->environments) {
        int status;
        struct rusage usage;
        pid_t process = wait4(-1, &status, 0, &usage);
        if (process < 0)
            break;
        environment_reaped(server, process, status, &usage);
    }
    process_end_children();
}
