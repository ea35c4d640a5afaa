#include "local/environment.h"

#include "local/instance.h"
#include "local/launch.h"
#include "local/process.h"
#include "local/runtime-api.h"
#include "local/server.h"
#include "util/memory.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { INIT_LIMIT_MS = 10000, FREEZE_AFTER_MS = 10, WATCH_EVERY_MS = 5 };

/* Lambda lets a function that starts have a whole core, whatever its memory. */
static const double INIT_CORES = 1.0;

static double share_of(const struct environment *environment) {
    return environment->version->memory_mb / SANDBOX_MB_PER_CORE;
}

static void set_timer(struct environment *environment, struct timer *timer, double milliseconds) {
    loop_set_timer(environment->server->loop, timer,
                   loop_now() + (uint64_t)(milliseconds * (double)NANOSECONDS_PER_MILLISECOND));
}

/* ---- life and death ---- */

static void granted(void *context);
static void deadline_passed(void *context);
static void freeze_idle(void *context);
static void watch_memory(void *context);

static struct environment *environment_new(struct version *version) {
    struct environment *environment = memory_zeroed(1, sizeof *environment);
    struct server *server = version->function->server;
    environment->server = server;
    environment->version = version_hold(version);
    environment->failed = environment->listening.fd = environment->output.fd = -1;
    environment->ticket = (struct ticket){.granted = granted, .context = environment};
    environment->deadline = (struct timer){.fire = deadline_passed, .context = environment};
    environment->freezing = (struct timer){.fire = freeze_idle, .context = environment};
    environment->watching = (struct timer){.fire = watch_memory, .context = environment};
    environment->next = server->environments;
    if (environment->next)
        environment->next->previous = environment;
    server->environments = environment;
    return environment;
}

static void environment_free(struct environment *environment) {
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

/* Takes everything away from it and kills it. It is freed when its process has been reaped. */
static void end(struct environment *environment) {
    struct loop *loop = environment->server->loop;
    environment->state = ENVIRONMENT_ENDED;
    environment->retired = true;
    loop_cancel(loop, &environment->deadline);
    loop_cancel(loop, &environment->freezing);
    loop_cancel(loop, &environment->watching);
    launch_stop_output(environment);
    runtime_api_close(environment);
    if (environment->asking)
        httpd_drop(environment->asking);
    environment->asking = NULL;
    waiting_line_leave(environment->server->line, &environment->ticket);
    if (!environment->process)
        environment_free(environment);
    else
        sandbox_kill(environment->sandbox);
}

/* It is gone, or must go, while it had nothing to run; what it was going to run goes to another one. */
static void lose(struct environment *environment) {
    struct invocation *invocation = environment->invocation;
    environment->invocation = NULL;
    end(environment);
    if (invocation)
        environment_invoke(invocation);
}

/* ---- invocations ---- */

static bool is_free(const struct environment *environment, const struct version *version) {
    return environment->version == version && !environment->retired && !environment->invocation &&
           (environment->state == ENVIRONMENT_IDLE || environment->state == ENVIRONMENT_FINISHING);
}

static void wait_for_share(struct environment *environment) {
    double share = share_of(environment);
    if (environment->state == ENVIRONMENT_NEW && share < INIT_CORES)
        share = INIT_CORES;
    waiting_line_enter(environment->server->line, &environment->ticket, share);
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
        wait_for_share(environment);
}

/* Hands the invocation to the runtime, which is asking for one. */
static void deliver(struct environment *environment) {
    struct invocation *invocation = environment->invocation;
    struct httpd_request *asking = environment->asking;
    double timeout_ms = environment->version->timeout_s * 1000.0;
    environment->state = ENVIRONMENT_BUSY;
    environment->asking = NULL;
    if (environment->written.length)
        log_output(&invocation->log, environment->written.bytes, environment->written.length);
    text_clear(&environment->written);
    sandbox_limit(environment->sandbox, share_of(environment));
    sandbox_thaw(environment->sandbox);
    if (!invocation->started)
        invocation_start(invocation);
    double spent_ms = (double)(loop_now() - invocation->started) / (double)NANOSECONDS_PER_MILLISECOND;
    double left_ms = timeout_ms > spent_ms ? timeout_ms - spent_ms : 0;
    set_timer(environment, &environment->deadline, left_ms);
    set_timer(environment, &environment->watching, WATCH_EVERY_MS);
    runtime_api_deliver(asking, invocation, stamp_unix_milliseconds() + (long long)left_ms);
}

static void fail(struct environment *environment, const struct outcome *outcome) {
    struct invocation *invocation = environment->invocation;
    environment->invocation = NULL;
    launch_drain_output(environment, invocation);
    end(environment);
    invocation_finish(invocation, outcome);
}

static void fault(struct environment *environment, const char *status, const char *type,
                  const char *message) {
    struct log *log = &environment->invocation->log;
    struct outcome outcome = {
        .status = status, .error_type = type, .message = message, .peak_kib = environment->peak_kib};
    launch_drain_output(environment, environment->invocation);
    if (!log->json)
        log_line(log, "RequestId: %s Error: %s\n%s", environment->invocation->id, message, type);
    fail(environment, &outcome);
}

static void out_of_memory(struct environment *environment) {
    environment->peak_kib = environment->version->memory_mb * 1024L;
    fault(environment, "error", "Runtime.OutOfMemory", "Runtime exited with error: signal: killed");
}

static void time_out(struct environment *environment) {
    struct invocation *invocation = environment->invocation;
    char message[80], time[TIMESTAMP_SIZE];
    snprintf(message, sizeof message, "Task timed out after %d.00 seconds", environment->version->timeout_s);
    stamp_log_time(time);
    launch_drain_output(environment, invocation);
    if (!invocation->log.json)
        log_line(&invocation->log, "%s %s %s\n", time, invocation->id, message);
    struct outcome outcome = {.status = "timeout",
                              .error_type = "Sandbox.Timedout",
                              .message = message,
                              .peak_kib = environment->peak_kib};
    fail(environment, &outcome);
}

/* ---- starting ---- */

/* The first init of an environment that failed is tried again inside the invocation, as Lambda does; then its
 * time is the invocation's own. */
static void init_failed(struct environment *environment, const char *status, const char *type,
                        const char *message) {
    struct invocation *invocation = environment->invocation;
    double init_ms = (double)(loop_now() - environment->init_started) / (double)NANOSECONDS_PER_MILLISECOND;
    launch_drain_output(environment, invocation);
    log_init_report(&invocation->log, init_ms, environment->init_again ? "invoke" : "init", status, type);
    if (environment->init_again && !invocation->started)
        invocation_start(invocation);
    if (environment->init_again && environment->init_error.length) {
        struct text body = environment->init_error;
        environment->init_error = (struct text)TEXT_INIT;
        struct outcome outcome = {
            .status = "error", .error_type = type, .peak_kib = environment->peak_kib, .body = &body};
        fail(environment, &outcome);
        return;
    }
    if (environment->init_again) {
        fault(environment, "error", type, message);
        return;
    }
    struct environment *again = environment_new(environment->version);
    again->init_again = true;
    again->invocation = invocation;
    invocation->environment = again;
    environment->invocation = NULL;
    end(environment);
    wait_for_share(again);
}

static void start(struct environment *environment) {
    environment->state = ENVIRONMENT_INIT;
    environment->init_started = loop_now();
    if (environment->init_again)
        invocation_start(environment->invocation);
    const char *problem = launch(environment);
    if (problem) {
        environment->init_again = true; /* what fails here fails again */
        init_failed(environment, "error", "Runtime.InvalidEntrypoint", problem);
        return;
    }
    double share = share_of(environment);
    sandbox_limit(environment->sandbox, share > INIT_CORES ? share : INIT_CORES);
    set_timer(environment, &environment->deadline,
              environment->init_again ? environment->version->timeout_s * 1000.0 : INIT_LIMIT_MS);
    set_timer(environment, &environment->watching, WATCH_EVERY_MS);
}

static void granted(void *context) {
    struct environment *environment = context;
    if (environment->state == ENVIRONMENT_NEW)
        start(environment);
    else
        deliver(environment);
}

static void initialised(struct environment *environment) {
    struct invocation *invocation = environment->invocation;
    if (!environment->init_again)
        invocation->init_ms = round((double)(loop_now() - environment->init_started) / 1e4) / 100;
    launch_drain_output(environment, invocation);
    waiting_line_adjust(environment->server->line, &environment->ticket, share_of(environment));
    deliver(environment);
}

/* ---- timers ---- */

static void deadline_passed(void *context) {
    struct environment *environment = context;
    if (environment->state == ENVIRONMENT_INIT && !environment->init_again)
        init_failed(environment, "timeout", NULL, "");
    else if (environment->state == ENVIRONMENT_FINISHING)
        lose(environment);
    else
        time_out(environment);
}

static void freeze_idle(void *context) {
    struct environment *environment = context;
    sandbox_freeze(environment->sandbox);
}

static void note_memory(struct environment *environment, long kib) {
    if (kib > environment->peak_kib)
        environment->peak_kib = kib;
}

static bool over_memory(const struct environment *environment) {
    return environment->peak_kib > environment->version->memory_mb * 1024L;
}

static void watch_memory(void *context) {
    struct environment *environment = context;
    note_memory(environment, process_tree_kib(environment->process));
    if (!over_memory(environment))
        set_timer(environment, &environment->watching, WATCH_EVERY_MS);
    else if (environment->state == ENVIRONMENT_INIT)
        init_failed(environment, "error", "Runtime.OutOfMemory", "Runtime exited with error: signal: killed");
    else
        out_of_memory(environment);
}

/* ---- what the runtime says ---- */

void environment_next(struct environment *environment, struct httpd_request *request) {
    switch (environment->state) {
    case ENVIRONMENT_INIT:
        environment->asking = request;
        initialised(environment);
        return;
    case ENVIRONMENT_FINISHING:
        loop_cancel(environment->server->loop, &environment->deadline);
        environment->asking = request;
        environment->state = ENVIRONMENT_IDLE;
        if (environment->invocation)
            wait_for_share(environment);
        else if (environment->retired)
            end(environment);
        else
            set_timer(environment, &environment->freezing, FREEZE_AFTER_MS);
        return;
    case ENVIRONMENT_BUSY:
    case ENVIRONMENT_IDLE:
        runtime_api_refuse(request,
                           environment->state == ENVIRONMENT_BUSY ? "Running to Ready" : "Ready to Ready");
        return;
    case ENVIRONMENT_NEW:
    case ENVIRONMENT_ENDED:
        httpd_drop(request);
    }
}

/* The invocation is answered; the environment stays for the next one. */
static void complete(struct environment *environment, const struct outcome *outcome) {
    struct invocation *invocation = environment->invocation;
    environment->state = ENVIRONMENT_FINISHING;
    environment->invocation = NULL;
    loop_cancel(environment->server->loop, &environment->watching);
    invocation_finish(invocation, outcome);
    waiting_line_leave(environment->server->line, &environment->ticket);
}

void environment_answered(struct environment *environment, struct text *body, const char *error_type) {
    note_memory(environment, process_peak_kib(environment->process));
    launch_drain_output(environment, environment->invocation);
    if (over_memory(environment)) {
        text_release(body);
        out_of_memory(environment);
        return;
    }
    struct outcome outcome = {.status = error_type ? "error" : NULL,
                              .error_type = error_type,
                              .handled = true,
                              .peak_kib = environment->peak_kib,
                              .body = body};
    complete(environment, &outcome);
}

void environment_answer_too_large(struct environment *environment) {
    struct text body = TEXT_INIT;
    text_append_string(
        &body, "{\"errorType\":\"Function.ResponseSizeTooLarge\",\"errorMessage\":\"Response payload size "
               "exceeded maximum allowed payload size (6291556 bytes).\"}");
    note_memory(environment, process_peak_kib(environment->process));
    launch_drain_output(environment, environment->invocation);
    struct outcome outcome = {.status = "failure",
                              .error_type = "Function.ResponseSizeTooLarge",
                              .peak_kib = environment->peak_kib,
                              .body = &body};
    complete(environment, &outcome);
}

void environment_init_failed(struct environment *environment, struct text *body, const char *error_type) {
    text_release(&environment->init_error);
    environment->init_error = *body;
    *body = (struct text)TEXT_INIT;
    init_failed(environment, "error", error_type, "Runtime exited without providing a reason");
}

/* ---- what the system says ---- */

/* How the process ended, in the words of Lambda. */
static const char *describe_exit(struct environment *environment, int status, char *text, size_t size) {
    int error = process_failure(environment->failed);
    environment->failed = -1;
    if (error) {
        snprintf(text, size, "fork/exec %s/bootstrap: %s", environment->version->code->directory,
                 strerror(error));
        return "Runtime.InvalidEntrypoint";
    }
    if (WIFSIGNALED(status))
        snprintf(text, size, "Runtime exited with error: signal: %s", launch_signal_name(WTERMSIG(status)));
    else if (WEXITSTATUS(status))
        snprintf(text, size, "Runtime exited with error: exit status %d", WEXITSTATUS(status));
    else
        snprintf(text, size, "Runtime exited without providing a reason");
    return "Runtime.ExitError";
}

static void exited(struct environment *environment, int status) {
    char message[512];
    const char *type = describe_exit(environment, status, message, sizeof message);
    switch (environment->state) {
    case ENVIRONMENT_ENDED:
        environment_free(environment);
        return;
    case ENVIRONMENT_INIT:
        if (over_memory(environment))
            type = "Runtime.OutOfMemory";
        init_failed(environment, "error", type, message);
        return;
    case ENVIRONMENT_BUSY:
        if (over_memory(environment))
            out_of_memory(environment);
        else
            fault(environment, "error", type, message);
        return;
    case ENVIRONMENT_NEW:
    case ENVIRONMENT_FINISHING:
    case ENVIRONMENT_IDLE:
        lose(environment);
    }
}

void environment_reaped(struct server *server, pid_t process, int status, const struct rusage *usage) {
    struct environment *environment = server->environments;
    while (environment && environment->process != process)
        environment = environment->next;
    if (!environment)
        return;
    kill(-process, SIGKILL);
    environment->process = 0;
    if (environment->state != ENVIRONMENT_ENDED)
        note_memory(environment, usage->ru_maxrss);
    exited(environment, status);
}

/* ---- all of them ---- */

void environments_retire(struct version *version) {
    struct environment *next;
    for (struct environment *environment = version->function->server->environments; environment;
         environment = next) {
        next = environment->next;
        if (environment->version != version || environment->state == ENVIRONMENT_NEW)
            continue;
        environment->retired = true;
        if (environment->state == ENVIRONMENT_IDLE && !environment->invocation)
            end(environment);
    }
}

void environments_end(struct server *server) {
    struct environment *next;
    for (struct environment *environment = server->environments; environment; environment = next) {
        next = environment->next;
        if (environment->invocation)
            invocation_drop(environment->invocation);
        environment->invocation = NULL;
        if (environment->state != ENVIRONMENT_ENDED)
            end(environment);
    }
    while (server->environments) {
        int status;
        struct rusage usage;
        pid_t process = wait4(-1, &status, 0, &usage);
        if (process < 0)
            break;
        environment_reaped(server, process, status, &usage);
    }
}
