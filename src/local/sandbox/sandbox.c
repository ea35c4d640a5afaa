#include "local/sandbox/internal.h"

#include "util/memory.h"
#include "util/subprocess.h"
#include "util/text.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char CGROUP_PREFIX[] = "power-tune-";
static const char CGROUP_TOP[] = "/sys/fs/cgroup";
static const char PROCESS[] = "/proc/self";

struct sandboxes {
    struct loop *loop;
    enum cpu_mode mode;      /* never CPU_AUTO */
    struct cgroup_root root; /* of CPU_CGROUP */
    struct sandbox *closing; /* freed sandboxes whose groups still contain ending processes */
    struct timer retry;
    unsigned long count;
    double cores;
};

struct sandbox {
    struct sandboxes *sandboxes;
    struct cgroup group;
    bool grouped; /* otherwise duty cycling, or no limit */
    struct duty duty;
    double cores;
    pid_t leader;
    char *mark;
    bool frozen;
    struct sandbox *next_closing;
};

enum { CLOSE_RETRY_MS = 5, CLOSE_TRIES = 200 };

/* ---- the mechanism ---- */

char *sandbox_path(const char *folder, const char *name) {
    struct text path = TEXT_INIT;
    text_append_format(&path, "%s/%s", folder, name);
    return path.bytes;
}

static void close_groups(void *context) {
    struct sandboxes *sandboxes = context;
    for (struct sandbox **at = &sandboxes->closing; *at;) {
        struct sandbox *sandbox = *at;
        if (!cgroup_close(&sandbox->group)) {
            at = &sandbox->next_closing;
            continue;
        }
        *at = sandbox->next_closing;
        free(sandbox);
    }
    if (sandboxes->closing)
        loop_set_timer(sandboxes->loop, &sandboxes->retry,
                       loop_now() + CLOSE_RETRY_MS * NANOSECONDS_PER_MILLISECOND);
}

struct sandboxes *sandboxes_new(struct loop *loop, enum cpu_mode mode, const char *name) {
    struct sandboxes *sandboxes = memory_zeroed(1, sizeof *sandboxes);
    sandboxes->loop = loop;
    sandboxes->mode = mode;
    sandboxes->retry = (struct timer){.fire = close_groups, .context = sandboxes};
    sandboxes->cores = (double)sysconf(_SC_NPROCESSORS_ONLN);
    if (mode == CPU_AUTO || mode == CPU_CGROUP) {
        cgroup_root_find(&sandboxes->root, name, CGROUP_TOP, PROCESS);
        sandboxes->mode = sandboxes->root.version ? CPU_CGROUP : CPU_DUTY;
        cgroup_clear(&sandboxes->root, CGROUP_PREFIX, 0);
    }
    if (mode == CPU_CGROUP && sandboxes->mode != CPU_CGROUP) {
        sandboxes_free(sandboxes);
        errno = ENOTSUP;
        return NULL;
    }
    return sandboxes;
}

void sandboxes_free(struct sandboxes *sandboxes) {
    if (!sandboxes)
        return;
    for (int tries = 0; sandboxes->closing && tries < CLOSE_TRIES; tries++) {
        close_groups(sandboxes);
        if (sandboxes->closing)
            usleep(CLOSE_RETRY_MS * 1000);
    }
    loop_cancel(sandboxes->loop, &sandboxes->retry);
    cgroup_root_release(&sandboxes->root);
    free(sandboxes);
}

void sandboxes_clear(const char *name, pid_t owner) {
    struct cgroup_root root;
    cgroup_root_find(&root, name, CGROUP_TOP, PROCESS);
    cgroup_clear(&root, CGROUP_PREFIX, owner);
    cgroup_root_release(&root);
}

const char *sandboxes_memory(const struct sandboxes *sandboxes) {
    return sandboxes->root.limits_memory ? sandboxes_mechanism(sandboxes) : "polling";
}

const char *sandboxes_mechanism(const struct sandboxes *sandboxes) {
    return sandboxes->mode == CPU_CGROUP ? sandboxes->root.version->name
           : sandboxes->mode == CPU_NONE ? "none"
                                         : "duty cycling (SIGSTOP)";
}

/* ---- a scope ---- */

/* With version 2, ordinary users can make groups only in a part of the hierarchy that is delegated to them. */
static bool wants_scope(void) {
    struct cgroup_root root;
    if (!cgroup_is_v2(CGROUP_TOP))
        return false;
    cgroup_root_find(&root, "power-tune-0", CGROUP_TOP, PROCESS);
    bool wants = !root.version;
    cgroup_root_release(&root);
    return wants;
}

/* Tries it with a program that does nothing: there may be no manager. */
static bool runs(char *const *command) {
    enum { RESPONSE_LIMIT = 4096 };
    struct text output = TEXT_INIT, errors = TEXT_INIT;
    int status = 1;
    bool ran = process_run(command, RESPONSE_LIMIT, 0, &status, &output, &errors);
    text_release(&output);
    text_release(&errors);
    return ran && status == 0;
}

void sandboxes_enter_scope(char **arguments) {
    /* Set in the environment of the program in the scope, so that it does not start another one. */
    static const char mark[] = "POWER_TUNE_SCOPE";
    /* By the user's own systemd manager, or, as root, by the system's. */
    char *trial[] = {"systemd-run",
                     "--scope",
                     "--quiet",
                     "--collect",
                     "--property=Delegate=yes",
                     "--no-ask-password",
                     geteuid() == 0 ? "--system" : "--user",
                     "true",
                     NULL};
    enum { PREFIX = sizeof trial / sizeof *trial - 2 };
    size_t count = 0;
    if (getenv(mark) || !wants_scope() || !runs(trial))
        return;
    while (arguments[count])
        count++;
    char **command = memory_zeroed(PREFIX + count + 1, sizeof *command);
    char *self = realpath("/proc/self/exe", NULL);
    memcpy(command, trial, PREFIX * sizeof *command);
    memcpy(command + PREFIX, arguments, count * sizeof *command);
    if (self)
        command[PREFIX] = self;
    setenv(mark, "1", 1);
    execvp(command[0], command);
    unsetenv(mark);
    free(self);
    free(command);
}

/* ---- one sandbox ---- */

struct sandbox *sandbox_new(struct sandboxes *sandboxes, const char *mark) {
    struct sandbox *sandbox = memory_zeroed(1, sizeof *sandbox);
    sandbox->sandboxes = sandboxes;
    sandbox->mark = memory_copy_string(mark);
    if (sandboxes->mode == CPU_CGROUP)
        sandbox->grouped = cgroup_open(&sandbox->group, &sandboxes->root, ++sandboxes->count);
    return sandbox;
}

void sandbox_free(struct sandbox *sandbox) {
    if (!sandbox)
        return;
    struct sandboxes *sandboxes = sandbox->sandboxes;
    duty_stop(&sandbox->duty, false);
    if (!sandbox->grouped && sandbox->leader > 0)
        process_kill_marked(sandbox->mark);
    free(sandbox->mark);
    if (!sandbox->grouped || cgroup_close(&sandbox->group)) {
        free(sandbox);
        return;
    }
    sandbox->next_closing = sandboxes->closing;
    sandboxes->closing = sandbox;
    loop_set_timer(sandboxes->loop, &sandboxes->retry,
                   loop_now() + CLOSE_RETRY_MS * NANOSECONDS_PER_MILLISECOND);
}

size_t sandbox_joins(struct sandbox *sandbox, int joins[static SANDBOX_JOINS]) {
    size_t count = 0;
    for (size_t i = 0; sandbox->grouped && i < CGROUP_HIERARCHIES; i++)
        if (sandbox->group.joins[i] >= 0)
            joins[count++] = sandbox->group.joins[i];
    return count;
}

/* After a change of the leader, the share or the freezing. */
static void restart_duty(struct sandbox *sandbox) {
    const struct sandboxes *sandboxes = sandbox->sandboxes;
    duty_stop(&sandbox->duty, !sandbox->frozen);
    if (!sandbox->grouped && sandboxes->mode != CPU_NONE && sandbox->leader > 0 && sandbox->cores > 0 &&
        sandbox->cores < sandboxes->cores && !sandbox->frozen)
        duty_start(&sandbox->duty, sandboxes->loop, sandbox->leader, sandbox->cores);
}

void sandbox_started(struct sandbox *sandbox, pid_t leader) {
    sandbox->leader = leader;
    restart_duty(sandbox);
}

void sandbox_limit(struct sandbox *sandbox, double cores) {
    if (sandbox->sandboxes->mode == CPU_NONE || cores == sandbox->cores)
        return;
    sandbox->cores = cores;
    if (sandbox->grouped)
        cgroup_limit(&sandbox->group, cores >= sandbox->sandboxes->cores ? 0 : cores);
    restart_duty(sandbox);
}

uint64_t sandbox_used(const struct sandbox *sandbox) {
    pid_t leader = sandbox->leader;
    const struct process_list alone = {.processes = &leader, .count = 1};
    return sandbox->sandboxes->mode != CPU_NONE ? process_list_used(&alone) : 0;
}

bool sandbox_limit_memory(struct sandbox *sandbox, long megabytes) {
    return sandbox->grouped && cgroup_limit_memory(&sandbox->group, megabytes);
}

bool sandbox_memory_exceeded(const struct sandbox *sandbox) {
    return sandbox->grouped && cgroup_memory_exceeded(&sandbox->group);
}

long sandbox_memory_kib(struct sandbox *sandbox, long interesting_kib) {
    struct process_list processes = PROCESS_LIST_INIT;
    long spike = sandbox->grouped ? cgroup_memory_spike_kib(&sandbox->group) : 0;
    if (sandbox->grouped)
        cgroup_list(&sandbox->group, &processes);
    else
        process_list_tree(&processes, sandbox->leader);
    long kib = process_list_kib(&processes, interesting_kib > spike ? interesting_kib - spike : 0) + spike;
    process_list_release(&processes);
    return kib;
}

static void set_frozen(struct sandbox *sandbox, bool frozen) {
    if (sandbox->sandboxes->mode == CPU_NONE || sandbox->frozen == frozen || sandbox->leader <= 0)
        return;
    sandbox->frozen = frozen;
    if (sandbox->grouped && sandbox->group.freeze >= 0)
        cgroup_freeze(&sandbox->group, frozen);
    else
        process_tree_signal(sandbox->leader, frozen ? SIGSTOP : SIGCONT);
    restart_duty(sandbox);
}

void sandbox_freeze(struct sandbox *sandbox) {
    set_frozen(sandbox, true);
}

void sandbox_thaw(struct sandbox *sandbox) {
    set_frozen(sandbox, false);
}

void sandbox_kill(struct sandbox *sandbox) {
    duty_stop(&sandbox->duty, false);
    if (sandbox->leader > 0)
        process_tree_signal(sandbox->leader, SIGKILL);
    if (sandbox->grouped)
        cgroup_kill(&sandbox->group);
}
