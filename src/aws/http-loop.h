/* Many exchanges at once in one thread: libcurl's multi interface on epoll, and one more descriptor to watch.
 *
 * Start a transfer that was prepared (aws/http.h); when it is done, the callback gets it. Connections are
 * kept and reused. */
#ifndef AWS_HTTP_LOOP_H
#define AWS_HTTP_LOOP_H

#include "aws/http.h"

#include <stdbool.h>
#include <stdint.h>

struct http_loop {
    CURLM *multi;
    int epoll;
    int64_t timer_ms;  /* when libcurl wants to be called, on the monotonic clock; -1: never */
    int watched;       /* the additional descriptor; -1: none */
    bool always_ready; /* the descriptor is a file: always readable, and not accepted by epoll */
    long running;      /* number of transfers in progress */
    int64_t
        tick_ms; /* longest single wait, so that a display can be updated; a tick alone does not keep the loop
                    waiting. 0: none */
    void (*done)(struct http_transfer *transfer, enum http_result result, void *context);
    void *context;
};

/* Opens the loop. http_loop_wait calls `done` for each transfer that ends; it may start others, or the same
 * one again. At most `connections` are kept open between requests. False with errno. */
bool http_loop_open(struct http_loop *loop, long connections,
                    void (*done)(struct http_transfer *transfer, enum http_result result, void *context),
                    void *context);

/* Ends all transfers in progress without calling `done`. The caller keeps the transfers. */
void http_loop_close(struct http_loop *loop);

/* Starts a prepared transfer. */
void http_loop_start(struct http_loop *loop, struct http_transfer *transfer);

/* Removes a transfer in progress: its connection is closed, and `done` is not called. */
void http_loop_abandon(struct http_loop *loop, struct http_transfer *transfer);

/* Watches `fd` for input; -1: stop watching. */
void http_loop_watch(struct http_loop *loop, int fd);

enum http_loop_event {
    HTTP_LOOP_HANDLED,  /* an event was handled, or the time is up */
    HTTP_LOOP_READABLE, /* like HTTP_LOOP_HANDLED, and the watched descriptor is readable */
    HTTP_LOOP_IDLE      /* did not wait: no transfer, descriptor or timer is active, so that the wait would
                           never end */
};

/* Waits at most `timeout_ms` (-1: no limit) for an event, and handles it. Ends early when a signal
 * arrives. */
enum http_loop_event http_loop_wait(struct http_loop *loop, int64_t timeout_ms);

#endif
