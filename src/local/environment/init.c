#include "local/environment/internal.h"

#include "local/environment/launch.h"
#include "local/server.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* As on Lambda, a starting function gets at least a whole core, whatever its memory. */
static const double INIT_CORES = 1.0;

double environment_share(const struct environment *environment) {
    double share = environment->memory_mb / SANDBOX_MB_PER_CORE;
    bool starts = environment->state == ENVIRONMENT_NEW || environment->state == ENVIRONMENT_INIT;
    return starts && share < INIT_CORES ? INIT_CORES : share;
}

/* Excludes the time for making the sandbox from the init. */
static void leave_out_sandbox(struct environment *environment) {
    uint64_t begun = process_begun(environment->status);
    if (begun && environment->launched)
        environment->init_started += begun - environment->launched;
    environment->launched = 0;
}

static double since_start_ms(struct environment *environment) {
    leave_out_sandbox(environment);
    return round((double)(loop_now() - environment->init_started) / 1e4) / 100;
}

double environment_init_rest(struct environment *environment) {
    double limit_ms = environment->server->settings.init_timeout_ms;
    if (environment->launched && !process_begun(environment->status))
        return limit_ms;
    return limit_ms - since_start_ms(environment);
}

static bool restores(const struct version *version) {
    return version->number && version_has(version, "SnapStart", "ApplyOn", "PublishedVersions");
}

static void launch_now(void *context) {
    struct environment *environment = context;
    environment->launched = loop_now();
    const char *problem = launch(environment);
    if (problem) {
        environment->init_again = true; /* a second try would fail, too */
        environment_init_fault(environment, "error", "Runtime.InvalidEntrypoint", problem);
        return;
    }
    sandbox_limit(environment->sandbox, environment_share(environment));
    environment_set_timer(environment, &environment->deadline,
                          environment->init_again ? environment->timeout_s * 1000.0
                                                  : environment->server->settings.init_timeout_ms);
    environment_set_timer(environment, &environment->watching, ENVIRONMENT_WATCH_MS);
}

void environment_start(struct environment *environment) {
    int delay_ms = environment->server->settings.cold_start_delay_ms;
    environment->state = ENVIRONMENT_INIT;
    environment->memory_mb = environment->version->memory_mb;
    environment->timeout_s = environment->version->timeout_s;
    environment->invocation->memory_mb = environment->memory_mb;
    environment->invocation->timeout_s = environment->timeout_s;
    environment->restoring = restores(environment->version);
    environment->init_started = loop_now();
    if (environment->init_again)
        invocation_start(environment->invocation);
    environment->starting = (struct timer){.fire = launch_now, .context = environment};
    if (delay_ms)
        environment_set_timer(environment, &environment->starting, delay_ms);
    else
        launch_now(environment);
}

void environment_initialised(struct environment *environment) {
    struct invocation *invocation = environment->invocation;
    double spent_ms = since_start_ms(environment);
    launch_drain_output(environment, invocation);
    if (environment->restoring && !environment->init_again) {
        invocation->restore_ms = spent_ms;
        log_restore_report(&invocation->log, spent_ms);
    } else if (!environment->init_again) {
        invocation->init_ms = spent_ms;
    }
    environment->state = ENVIRONMENT_IDLE;
    admission_queue_adjust(environment->server->admission, &environment->ticket,
                           environment_share(environment));
    environment_deliver(environment);
}

/* Retries a failed init as part of the invocation, as Lambda does. */
static void try_again(struct environment *environment) {
    struct environment *again = environment_new(environment->version);
    again->init_again = true;
    again->invocation = environment->invocation;
    again->invocation->environment = again;
    environment->invocation = NULL;
    environment_end(environment);
    environment_wait_for_share(again);
}

void environment_init_fault(struct environment *environment, const char *status, const char *type,
                            const char *message) {
    struct invocation *invocation = environment->invocation;
    launch_drain_output(environment, invocation);
    log_init_report(&invocation->log, since_start_ms(environment),
                    environment->init_again ? "invoke" : "init", status, type);
    if (!environment->init_again) {
        try_again(environment);
        return;
    }
    if (!invocation->started)
        invocation_start(invocation);
    if (!environment->init_error.length) {
        environment_fault(environment, status, type, message);
        return;
    }
    struct text body = environment->init_error;
    environment->init_error = (struct text)TEXT_INIT;
    struct invocation_result result = {
        .status = status, .error_type = type, .peak_kib = environment->peak_kib, .body = &body};
    environment_fail(environment, &result);
}

void environment_init_failed(struct environment *environment, struct text *body, const char *error_type) {
    text_release(&environment->init_error);
    environment->init_error = *body;
    *body = (struct text)TEXT_INIT;
    environment_init_fault(environment, "error", error_type, "Runtime exited without providing a reason");
}

void environment_restored(struct environment *environment) {
    leave_out_sandbox(environment);
    if (environment->state == ENVIRONMENT_INIT)
        environment->init_started = loop_now();
}
