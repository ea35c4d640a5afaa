/* The event loop that the servers run in: file descriptors and timers, in one thread.
 *
 * Everything happens in callbacks from loop_run, one after another, so that nothing needs a lock. A watch and
 * a timer are part of their owner's struct; they must be taken out (loop_unwatch, loop_cancel) before it is
 * freed, which may be done from any callback. Times are nanoseconds of CLOCK_MONOTONIC. */
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

/* NULL with errno when the system refuses one. */
struct loop *loop_new(void);
void loop_free(struct loop *loop);

/* Calls `ready` whenever `fd` can be read or was closed from the other side. False with errno. */
bool loop_watch(struct loop *loop, struct watch *watch);

/* Calls `watch->ready` when a child has ended or the process is asked to end: SIGCHLD, SIGTERM, SIGHUP, and
 * SIGINT unless it was ignored, are blocked and can be read from `watch->fd` (signalfd(2)), which is the
 * caller's to close; SIGPIPE is ignored. False with errno. */
bool loop_watch_signals(struct loop *loop, struct watch *watch);

/* No further calls, also not for what has happened already. The descriptor stays open. */
void loop_unwatch(struct loop *loop, struct watch *watch);

/* Sets a timer, or sets it anew. It fires once, never before `at`. */
void loop_set_timer(struct loop *loop, struct timer *timer, uint64_t at);
void loop_cancel(struct loop *loop, struct timer *timer);

/* `settle` is called after the callbacks of each turn, before the loop waits again; it returns how many
 * milliseconds it may wait at most, or -1 for any time. */
void loop_settle(struct loop *loop, int (*settle)(void *context), void *context);

/* Runs until loop_stop, or until nothing is watched or set, so that no callback could follow. False with
 * errno when waiting fails. */
bool loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

uint64_t loop_now(void);

#endif
