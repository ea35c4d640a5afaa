#include "local/sandbox/sandbox.h"

#include "local/sandbox/cgroup.h"
#include "local/sandbox/process.h"
#include "util/memory.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static const char CGROUP_PREFIX[] = "power-tune-";

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
    bool grouped;
    pid_t leader;
    char *mark;
    bool frozen;
    struct sandbox *next_closing;

    /* Duty cycling. */
    struct timer check;
    double cores;
    bool resting; /* stopped: the share of this period is used up */
    uint64_t period_end;
    uint64_t used_before; /* processor time of the tree when the period began, ns */
    long long budget;     /* of the period, ns, less the overdraft of the last one */
};

enum { CLOSE_RETRY_MS = 5, MIN_CHECK_NS = 200000 };

/* ---- the mechanism ---- */

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
        cgroup_root_find(&sandboxes->root, name, "/proc/self");
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
    for (int tries = 0; sandboxes->closing && tries < 200; tries++) {
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
    cgroup_root_find(&root, name, "/proc/self");
    cgroup_clear(&root, CGROUP_PREFIX, owner);
    cgroup_root_release(&root);
}

const char *sandboxes_memory(const struct sandboxes *sandboxes) {
    return sandboxes->root.limits_memory ? sandboxes_mechanism(sandboxes) : "polling";
}

const char *sandboxes_mechanism(const struct sandboxes *sandboxes) {
    switch (sandboxes->mode) {
    case CPU_CGROUP:
        return sandboxes->root.version == 1 ? "cgroup v1" : "cgroup v2";
    case CPU_NONE:
        return "none";
    case CPU_AUTO:
    case CPU_DUTY:
        break;
    }
    return "duty cycling (SIGSTOP)";
}

/* ---- duty cycling ---- */

static uint64_t tree_used(const struct sandbox *sandbox) {
    struct process_list tree = PROCESS_LIST_INIT;
    process_list_tree(&tree, sandbox->leader);
    uint64_t used = process_list_used(&tree);
    process_list_release(&tree);
    return used;
}

static bool cycles(const struct sandbox *sandbox) {
    return !sandbox->grouped && sandbox->sandboxes->mode != CPU_NONE && sandbox->leader > 0 &&
           sandbox->cores > 0 && sandbox->cores < sandbox->sandboxes->cores;
}

static void begin_period(struct sandbox *sandbox, uint64_t now, long long overdrawn) {
    sandbox->period_end = now + SANDBOX_PERIOD_NS;
    sandbox->budget = (long long)(sandbox->cores * (double)SANDBOX_PERIOD_NS) - overdrawn;
}

static void check_duty(void *context) {
    struct sandbox *sandbox = context;
    uint64_t now = loop_now(), used = tree_used(sandbox);
    long long spent = used > sandbox->used_before ? (long long)(used - sandbox->used_before) : 0;
    if (now >= sandbox->period_end) {
        begin_period(sandbox, now, spent > sandbox->budget ? spent - sandbox->budget : 0);
        sandbox->used_before = used;
        spent = 0;
    }
    bool rest = spent >= sandbox->budget;
    if (rest != sandbox->resting)
        process_tree_signal(sandbox->leader, rest ? SIGSTOP : SIGCONT);
    sandbox->resting = rest;
    uint64_t left = rest ? SANDBOX_PERIOD_NS : (uint64_t)(sandbox->budget - spent);
    uint64_t next = now + (left > MIN_CHECK_NS ? left : MIN_CHECK_NS);
    loop_set_timer(sandbox->sandboxes->loop, &sandbox->check,
                   next < sandbox->period_end ? next : sandbox->period_end);
}

static void restart_duty(struct sandbox *sandbox) {
    loop_cancel(sandbox->sandboxes->loop, &sandbox->check);
    if (sandbox->resting && !sandbox->frozen)
        process_tree_signal(sandbox->leader, SIGCONT);
    sandbox->resting = false;
    if (!cycles(sandbox) || sandbox->frozen)
        return;
    uint64_t now = loop_now();
    sandbox->used_before = tree_used(sandbox);
    begin_period(sandbox, now, 0);
    loop_set_timer(sandbox->sandboxes->loop, &sandbox->check, now + (uint64_t)sandbox->budget);
}

/* ---- one sandbox ---- */

struct sandbox *sandbox_new(struct sandboxes *sandboxes, const char *mark) {
    struct sandbox *sandbox = memory_zeroed(1, sizeof *sandbox);
    sandbox->sandboxes = sandboxes;
    sandbox->mark = memory_copy_string(mark);
    sandbox->check = (struct timer){.fire = check_duty, .context = sandbox};
    if (sandboxes->mode == CPU_CGROUP)
        sandbox->grouped = cgroup_open(&sandbox->group, &sandboxes->root, ++sandboxes->count);
    return sandbox;
}

void sandbox_free(struct sandbox *sandbox) {
    if (!sandbox)
        return;
    struct sandboxes *sandboxes = sandbox->sandboxes;
    loop_cancel(sandboxes->loop, &sandbox->check);
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
    else if (sandbox->leader > 0)
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
    if (!sandbox->grouped)
        restart_duty(sandbox);
}

void sandbox_freeze(struct sandbox *sandbox) {
    set_frozen(sandbox, true);
}

void sandbox_thaw(struct sandbox *sandbox) {
    set_frozen(sandbox, false);
}

void sandbox_kill(struct sandbox *sandbox) {
    loop_cancel(sandbox->sandboxes->loop, &sandbox->check);
    if (sandbox->leader > 0)
        process_tree_signal(sandbox->leader, SIGKILL);
    if (sandbox->grouped)
        cgroup_kill(&sandbox->group);
}
