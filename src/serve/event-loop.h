/* An event loop for file descriptors and timers, in one thread.
 *
 * loop_run calls all callbacks one after another, so that no locks are needed. Watches and timers are
 * members of their owner's struct. Before the owner is freed, they must be removed (loop_unwatch,
 * loop_cancel); any callback may do that. Times are in nanoseconds of CLOCK_MONOTONIC. */
#ifndef SERVE_EVENT_LOOP_H
#define SERVE_EVENT_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NANOSECONDS_PER_MILLISECOND 1000000ULL
#define NANOSECONDS_PER_SECOND 1000000000ULL

struct loop;

struct watch {
    int fd;
    void (*ready)(void *context);
    void *context;
};

struct timer {
    uint64_t at;
    size_t place; /* in the loop's heap, from 1; 0: not set */
    void (*fire)(void *context);
    void *context;
};

/* Makes a loop; NULL with errno. Frees it; NULL is permitted. */
struct loop *loop_new(void);
void loop_free(struct loop *loop);

/* Calls `watch->ready` whenever its `fd` is readable or was closed by the other side. False with errno. */
bool loop_watch(struct loop *loop, struct watch *watch);

/* Calls `watch->ready` when a child has ended or this process should end. Blocks SIGCHLD, SIGTERM, SIGHUP,
 * and, unless it was ignored, SIGINT, and opens `watch->fd` to read them (signalfd(2)); the caller closes
 * it. Ignores SIGPIPE. False with errno. */
bool loop_watch_signals(struct loop *loop, struct watch *watch);

/* Stops watching: no further callbacks, not even for events that have already happened. Does not close the
 * descriptor. */
void loop_unwatch(struct loop *loop, struct watch *watch);

/* Sets a timer, or changes its time. It fires once, never before `at`. Cancels a timer. */
void loop_set_timer(struct loop *loop, struct timer *timer, uint64_t at);
void loop_cancel(struct loop *loop, struct timer *timer);

/* Sets a function that is called in each turn, before the loop waits. It returns the longest time to wait in
 * milliseconds, or -1 for no limit. */
void loop_settle(struct loop *loop, int (*settle)(void *context), void *context);

/* Runs until loop_stop is called or no watch and no timer is left. False with errno when waiting fails. */
bool loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

/* The current time. */
uint64_t loop_now(void);

#endif
