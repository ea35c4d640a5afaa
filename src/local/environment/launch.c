#include "local/environment/launch.h"

#include "local/environment/runtime-api.h"
#include "local/environment/variables.h"
#include "local/instance.h"
#include "local/server.h"
#include "util/diagnostics.h"
#include "util/folder.h"
#include "util/memory.h"
#include "util/timestamp.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

enum { MAX_DRAIN = 1024 * 1024, READ_SIZE = 16 * 1024, KEPT_OUTPUT = 64 * 1024 };

/* ---- output ---- */

/* Output between invocations goes to the log of the next one, as on Lambda. */
static void keep(struct environment *environment, struct invocation *invocation, const char *bytes,
                 size_t length) {
    if (invocation)
        log_output(&invocation->log, bytes, length);
    else if (environment->written.length + length <= KEPT_OUTPUT)
        text_append(&environment->written, bytes, length);
}

void launch_drain_output(struct environment *environment, struct invocation *invocation) {
    char buffer[READ_SIZE];
    for (size_t drained = 0; environment->output.fd >= 0 && drained < MAX_DRAIN;) {
        ssize_t got = read(environment->output.fd, buffer, sizeof buffer);
        if (got == 0)
            launch_stop_output(environment);
        if (got <= 0)
            return;
        keep(environment, invocation, buffer, (size_t)got);
        drained += (size_t)got;
        if ((size_t)got < sizeof buffer)
            return;
    }
}

static void output_ready(void *context) {
    struct environment *environment = context;
    bool in_log = environment->state == ENVIRONMENT_INIT || environment->state == ENVIRONMENT_BUSY;
    launch_drain_output(environment, in_log ? environment->invocation : NULL);
}

void launch_stop_output(struct environment *environment) {
    if (environment->output.fd < 0)
        return;
    loop_unwatch(environment->server->loop, &environment->output);
    close(environment->output.fd);
    environment->output.fd = -1;
}

/* ---- starting ---- */

static void name_stream(struct environment *environment) {
    char day[16], version[VERSION_NAME_SIZE], number[33];
    timestamp_format(time(NULL), "%Y/%m/%d", day, sizeof day);
    stamp_hex(number, 32);
    snprintf(environment->stream, sizeof environment->stream, "%s/[%s]%s", day,
             version_name(environment->version, version), number);
}

static bool make_folders(struct environment *environment) {
    struct text path = TEXT_INIT;
    struct server *server = environment->server;
    instance_path(server->instance, "environment", &path);
    environment->directory = path.bytes;
    return mkdir(path.bytes, 0700) == 0 &&
           folders_open(&environment->folders, &server->isolation, instance_folder(server->instance),
                        path.bytes, environment->version->code->directory);
}

/* Its /tmp must contain the code and the interpreter if they are below /tmp. */
static void show_paths(struct environment *environment) {
    const struct version *version = environment->version;
    struct folders *folders = &environment->folders;
    folders->shown[folders->shown_count++] = version_latest(version->function)->code->directory;
    for (size_t i = 0; i < RUNTIME_ARGUMENTS && version->function->runtime.arguments[i]; i++)
        folders->shown[folders->shown_count++] = version->function->runtime.arguments[i];
}

/* On tmpfs, the kernel counts files as memory. The limit is then raised by the size of the storage, and
 * the exact limit is enforced by polling. */
static void limit_memory(struct environment *environment) {
    struct statfs status;
    bool in_memory = statfs(environment->directory, &status) == 0 && status.f_type == TMPFS_MAGIC;
    int storage_mb = in_memory ? environment->version->storage_mb : 0;
    bool limited = sandbox_limit_memory(environment->sandbox, environment->memory_mb + storage_mb);
    environment->is_watched = !limited || in_memory;
}

static bool open_output(struct environment *environment, int *writing) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    environment->output = (struct watch){.fd = ends[0], .ready = output_ready, .context = environment};
    *writing = ends[1];
    return loop_watch(environment->server->loop, &environment->output);
}

static pid_t start_process(struct environment *environment, int output) {
    struct text bootstrap = TEXT_INIT;
    text_append_format(&bootstrap, "%s/bootstrap", environment->folders.task);
    char *own[] = {bootstrap.bytes, NULL};
    struct managed_runtime *runtime = &environment->version->function->runtime;
    char **arguments = runtime->identifier ? runtime->arguments : own;
    char **variables = variables_new(environment);
    int joins[SANDBOX_JOINS];
    struct process_plan plan = {.program = arguments[0],
                                .arguments = arguments,
                                .environment = variables,
                                .output = output,
                                .joins = joins,
                                .folders = &environment->folders};
    plan.join_count = sandbox_joins(environment->sandbox, joins);
    plan.keeps_orphans = plan.join_count == 0; /* with a control group, its members are known */
    pid_t process = process_start(&plan, &environment->status, &environment->keeper);
    variables_free(variables);
    text_release(&bootstrap);
    return process;
}

static bool has_bootstrap(const struct environment *environment) {
    struct text path = TEXT_INIT;
    struct stat status;
    text_append_format(&path, "%s/bootstrap", environment->version->code->directory);
    bool there = stat(path.bytes, &status) == 0;
    text_release(&path);
    return there;
}

const char *launch(struct environment *environment) {
    int output = -1;
    pid_t process = -1;
    if (!environment->version->function->runtime.identifier && !has_bootstrap(environment))
        return "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]";
    name_stream(environment);
    bool has_folders = make_folders(environment);
    struct text mark = TEXT_INIT;
    text_append_format(&mark, PROCESS_MARK "%s", environment->directory);
    environment->sandbox = sandbox_new(environment->server->sandboxes, mark.bytes);
    text_release(&mark);
    limit_memory(environment);
    if (has_folders)
        show_paths(environment);
    if (has_folders && runtime_api_listen(environment) && open_output(environment, &output))
        process = start_process(environment, output);
    int error = errno;
    if (output >= 0)
        close(output);
    if (process < 0) {
        report_warning("function '%s': cannot start an environment: %s", environment->version->function->name,
                       strerror(error));
        return "cannot start the environment";
    }
    environment->process = process;
    sandbox_started(environment->sandbox, process);
    return NULL;
}

void launch_release(struct environment *environment) {
    launch_stop_output(environment);
    if (environment->status >= 0)
        close(environment->status);
    sandbox_free(environment->sandbox);
    if (environment->directory)
        folder_remove(environment->directory);
    folders_release(&environment->folders);
    free(environment->directory);
}

const char *launch_signal_name(int signal_number) {
    switch (signal_number) {
    case SIGKILL:
        return "killed";
    case SIGSEGV:
        return "segmentation fault";
    case SIGABRT:
        return "aborted";
    case SIGTERM:
        return "terminated";
    case SIGBUS:
        return "bus error";
    case SIGILL:
        return "illegal instruction";
    case SIGFPE:
        return "floating point exception";
    default:
        return "other";
    }
}
