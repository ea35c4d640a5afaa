/* Duty cycling: stops and continues a process tree according to the processor time it has used. */
#include "local/sandbox/internal.h"

#include <signal.h>

enum { MIN_CHECK_NS = 200000 };

static uint64_t tree_used(const struct duty *duty) {
    struct process_list tree = PROCESS_LIST_INIT;
    process_list_tree(&tree, duty->leader);
    uint64_t used = process_list_used(&tree);
    process_list_release(&tree);
    return used;
}

static void begin_period(struct duty *duty, uint64_t now, long long overdrawn) {
    duty->period_end = now + SANDBOX_PERIOD_NS;
    duty->budget = (long long)(duty->cores * (double)SANDBOX_PERIOD_NS) - overdrawn;
}

static void check(void *context) {
    struct duty *duty = context;
    uint64_t now = loop_now(), used = tree_used(duty);
    long long spent = used > duty->used_before ? (long long)(used - duty->used_before) : 0;
    if (now >= duty->period_end) {
        begin_period(duty, now, spent > duty->budget ? spent - duty->budget : 0);
        duty->used_before = used;
        spent = 0;
    }
    bool rest = spent >= duty->budget;
    if (rest != duty->resting)
        process_tree_signal(duty->leader, rest ? SIGSTOP : SIGCONT);
    duty->resting = rest;
    uint64_t left = rest ? SANDBOX_PERIOD_NS : (uint64_t)(duty->budget - spent);
    uint64_t next = now + (left > MIN_CHECK_NS ? left : MIN_CHECK_NS);
    loop_set_timer(duty->loop, &duty->check, next < duty->period_end ? next : duty->period_end);
}

void duty_start(struct duty *duty, struct loop *loop, pid_t leader, double cores) {
    *duty = (struct duty){.loop = loop, .leader = leader, .cores = cores};
    duty->check = (struct timer){.fire = check, .context = duty};
    duty->used_before = tree_used(duty);
    uint64_t now = loop_now();
    begin_period(duty, now, 0);
    loop_set_timer(loop, &duty->check, now + (uint64_t)duty->budget);
}

void duty_stop(struct duty *duty, bool proceed) {
    if (!duty->loop)
        return;
    loop_cancel(duty->loop, &duty->check);
    if (duty->resting && proceed)
        process_tree_signal(duty->leader, SIGCONT);
    *duty = (struct duty){.loop = NULL};
}
