#include "local/environment/internal.h"

#include "local/environment/launch.h"
#include "local/server.h"

#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

/* The checks of all environments together may take at most 1/WATCH_REST of the time. */
enum { WATCH_REST = 4 };

/* ---- memory ---- */

void environment_note_memory(struct environment *environment, long kib) {
    if (kib > environment->peak_kib)
        environment->peak_kib = kib;
}

bool environment_over_memory(const struct environment *environment) {
    return environment->is_watched ? environment->peak_kib > environment->memory_mb * 1024L
                                   : sandbox_memory_exceeded(environment->sandbox);
}

void environment_look_at_memory(struct environment *environment) {
    environment_note_memory(environment, sandbox_memory_kib(environment->sandbox, environment->peak_kib));
}

void environment_watch_memory(void *context) {
    struct environment *environment = context;
    uint64_t before = loop_now();
    environment_look_at_memory(environment);
    double took_ms = (double)(loop_now() - before) / (double)NANOSECONDS_PER_MILLISECOND;
    double rest_ms = took_ms * WATCH_REST * (double)(environment->server->running + 1);
    double pause_ms = rest_ms > ENVIRONMENT_WATCH_MS ? rest_ms : ENVIRONMENT_WATCH_MS;
    if (!environment_over_memory(environment))
        environment_set_timer(environment, &environment->watching, pause_ms);
    else if (environment->state == ENVIRONMENT_INIT)
        environment_init_fault(environment, "error", "Runtime.OutOfMemory",
                               "Runtime exited with error: signal: killed");
    else
        environment_out_of_memory(environment);
}

/* ---- faults ---- */

void environment_fail(struct environment *environment, const struct invocation_result *result) {
    struct invocation *invocation = environment->invocation;
    environment->invocation = NULL;
    launch_drain_output(environment, invocation);
    environment_end(environment);
    invocation_finish(invocation, result);
}

void environment_fault(struct environment *environment, const char *status, const char *type,
                       const char *message) {
    struct log *log = &environment->invocation->log;
    struct invocation_result result = {
        .status = status, .error_type = type, .message = message, .peak_kib = environment->peak_kib};
    launch_drain_output(environment, environment->invocation);
    if (!log->json)
        log_line(log, "RequestId: %s Error: %s\n%s", environment->invocation->id, message, type);
    environment_fail(environment, &result);
}

void environment_out_of_memory(struct environment *environment) {
    environment->peak_kib = environment->memory_mb * 1024L;
    environment_fault(environment, "error", "Runtime.OutOfMemory",
                      "Runtime exited with error: signal: killed");
}

void environment_time_out(struct environment *environment) {
    struct invocation *invocation = environment->invocation;
    char message[80], time[TIMESTAMP_SIZE];
    snprintf(message, sizeof message, "Task timed out after %d.00 seconds", environment->timeout_s);
    stamp_log_time(time);
    launch_drain_output(environment, invocation);
    if (!invocation->log.json)
        log_line(&invocation->log, "%s %s %s\n", time, invocation->id, message);
    struct invocation_result result = {.status = "timeout",
                                       .error_type = "Sandbox.Timedout",
                                       .message = message,
                                       .peak_kib = environment->peak_kib};
    environment_fail(environment, &result);
}

/* Describes the end of the process in `text`, in Lambda's words; returns the error type. */
static const char *describe_exit(struct environment *environment, int status, char *text, size_t size) {
    int error = process_failure(environment->status);
    environment->status = -1;
    if (error) {
        const char *reason = strerror(error);
        snprintf(text, size, "fork/exec %s/bootstrap: %c%s", environment->version->code->directory,
                 tolower((unsigned char)reason[0]), reason + 1);
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
        if (environment_over_memory(environment))
            type = "Runtime.OutOfMemory";
        environment_init_fault(environment, "error", type, message);
        return;
    case ENVIRONMENT_BUSY:
        if (environment_over_memory(environment))
            environment_out_of_memory(environment);
        else
            environment_fault(environment, "error", type, message);
        return;
    case ENVIRONMENT_NEW:
    case ENVIRONMENT_FINISHING:
    case ENVIRONMENT_IDLE:
        environment_lose(environment);
    }
}

void environment_reaped(struct server *server, pid_t process, int status, const struct rusage *usage) {
    struct environment *environment = server->environments;
    while (environment && environment->process != process && environment->keeper != process)
        environment = environment->next;
    if (!environment)
        return;
    if (environment->keeper == process) { /* the kernel kills the other processes of the namespace */
        environment->keeper = 0;
        return;
    }
    kill(-process, SIGKILL);
    if (environment->keeper)
        kill(environment->keeper, SIGKILL);
    environment->keeper = 0;
    environment->process = 0;
    if (environment->state != ENVIRONMENT_ENDED)
        environment_note_memory(environment, usage->ru_maxrss);
    exited(environment, status);
}
