#include "serve/event-loop.h"

#include "util/memory.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 64 };

struct loop {
    int epoll;
    size_t watch_count;
    int clock; /* a timerfd: duty cycling needs more precision than the milliseconds of epoll_wait */
    uint64_t armed;
    bool stopped;
    int (*settle)(void *context);
    void *settle_context;
    struct timer **timers; /* a heap, its root at 1 */
    size_t timer_count, timer_capacity;
    struct epoll_event batch[BATCH];
    int batch_count;
};

uint64_t loop_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * NANOSECONDS_PER_SECOND + (uint64_t)now.tv_nsec;
}

struct loop *loop_new(void) {
    struct loop *loop = memory_zeroed(1, sizeof *loop);
    loop->epoll = epoll_create1(EPOLL_CLOEXEC);
    loop->clock = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    if (loop->epoll < 0 || loop->clock < 0 ||
        epoll_ctl(loop->epoll, EPOLL_CTL_ADD, loop->clock, &event) != 0) {
        loop_free(loop);
        return NULL;
    }
    return loop;
}

void loop_free(struct loop *loop) {
    if (!loop)
        return;
    int error = errno;
    if (loop->epoll >= 0)
        close(loop->epoll);
    if (loop->clock >= 0)
        close(loop->clock);
    free(loop->timers);
    free(loop);
    errno = error;
}

bool loop_watch(struct loop *loop, struct watch *watch) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = watch};
    if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, watch->fd, &event) != 0)
        return false;
    loop->watch_count++;
    return true;
}

bool loop_watch_signals(struct loop *loop, struct watch *watch) {
    sigset_t signals;
    struct sigaction interrupt;
    sigemptyset(&signals);
    sigaddset(&signals, SIGCHLD);
    /* A shell sets SIGINT to ignored in background jobs, which Ctrl-C must not end. */
    if (sigaction(SIGINT, NULL, &interrupt) != 0 || interrupt.sa_handler != SIG_IGN)
        sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    signal(SIGPIPE, SIG_IGN);
    if (sigprocmask(SIG_BLOCK, &signals, NULL) != 0)
        return false;
    watch->fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    return watch->fd >= 0 && loop_watch(loop, watch);
}

void loop_unwatch(struct loop *loop, struct watch *watch) {
    if (epoll_ctl(loop->epoll, EPOLL_CTL_DEL, watch->fd, NULL) == 0)
        loop->watch_count--;
    for (int i = 0; i < loop->batch_count; i++)
        if (loop->batch[i].data.ptr == watch)
            loop->batch[i].events = 0;
}

/* ---- timers ---- */

static void put(struct loop *loop, size_t place, struct timer *timer) {
    loop->timers[place] = timer;
    timer->place = place;
}

static void sift_up(struct loop *loop, struct timer *timer) {
    size_t place = timer->place;
    for (; place > 1 && loop->timers[place / 2]->at > timer->at; place /= 2)
        put(loop, place, loop->timers[place / 2]);
    put(loop, place, timer);
}

static void sift_down(struct loop *loop, struct timer *timer) {
    size_t place = timer->place;
    for (;;) {
        size_t child = place * 2;
        if (child < loop->timer_count && loop->timers[child + 1]->at < loop->timers[child]->at)
            child++;
        if (child > loop->timer_count || loop->timers[child]->at >= timer->at)
            break;
        put(loop, place, loop->timers[child]);
        place = child;
    }
    put(loop, place, timer);
}

void loop_set_timer(struct loop *loop, struct timer *timer, uint64_t at) {
    timer->at = at;
    if (!timer->place) {
        loop->timers = memory_reserve(loop->timers, &loop->timer_capacity, loop->timer_count + 2,
                                      sizeof(struct timer *));
        put(loop, ++loop->timer_count, timer);
    }
    sift_up(loop, timer);
    sift_down(loop, timer);
}

void loop_cancel(struct loop *loop, struct timer *timer) {
    if (!timer->place)
        return;
    struct timer *last = loop->timers[loop->timer_count--];
    if (last != timer) {
        put(loop, timer->place, last);
        sift_up(loop, last);
        sift_down(loop, last);
    }
    timer->place = 0;
}

static void arm_clock(struct loop *loop) {
    uint64_t first = loop->timer_count ? loop->timers[1]->at : 0;
    if (first == loop->armed)
        return;
    struct itimerspec when = {.it_value = {.tv_sec = (time_t)(first / NANOSECONDS_PER_SECOND),
                                           .tv_nsec = (long)(first % NANOSECONDS_PER_SECOND)}};
    timerfd_settime(loop->clock, TFD_TIMER_ABSTIME, &when, NULL);
    loop->armed = first;
}

static void fire_timers(struct loop *loop) {
    while (loop->timer_count && loop->timers[1]->at <= loop_now()) {
        struct timer *timer = loop->timers[1];
        loop_cancel(loop, timer);
        timer->fire(timer->context);
    }
}

/* ---- running ---- */

void loop_settle(struct loop *loop, int (*settle)(void *context), void *context) {
    loop->settle = settle;
    loop->settle_context = context;
}

void loop_stop(struct loop *loop) {
    loop->stopped = true;
}

static void dispatch(struct loop *loop) {
    for (int i = 0; i < loop->batch_count; i++) {
        if (!loop->batch[i].events)
            continue;
        struct watch *watch = loop->batch[i].data.ptr;
        if (watch) {
            watch->ready(watch->context);
            continue;
        }
        uint64_t expirations;
        if (read(loop->clock, &expirations, sizeof expirations) > 0)
            loop->armed = 0;
    }
    loop->batch_count = 0;
}

bool loop_run(struct loop *loop) {
    while (!loop->stopped) {
        fire_timers(loop);
        int wait = loop->settle ? loop->settle(loop->settle_context) : -1;
        if (loop->stopped || (wait < 0 && !loop->watch_count && !loop->timer_count))
            break;
        arm_clock(loop);
        loop->batch_count = epoll_wait(loop->epoll, loop->batch, BATCH, wait);
        if (loop->batch_count < 0 && errno != EINTR)
            return false;
        if (loop->batch_count > 0)
            dispatch(loop);
    }
    return true;
}
