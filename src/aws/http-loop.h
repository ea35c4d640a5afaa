/* Many exchanges at once, in one thread: libcurl's multi interface on epoll, and one more descriptor to
 * watch.
 *
 * A transfer that was prepared (aws/http.h) is started; when it is done the callback gets it. Connections are
 * kept and reused. */
#ifndef AWS_HTTP_LOOP_H
#define AWS_HTTP_LOOP_H

#include "aws/http.h"

#include <stdbool.h>
#include <stdint.h>

struct http_loop {
    CURLM *multi;
    int epoll;
    int64_t timer_ms;  /* when libcurl wants to be called, on the monotonic clock; -1: no time */
    int watched;       /* the further descriptor; -1: none */
    bool always_ready; /* it is a file, which is always readable and which epoll does not take */
    long running;      /* transfers under way */
    int64_t
        tick_ms; /* no wait is longer than this, for a display; it is not itself a reason to wait. 0: none */
    void (*done)(struct http_transfer *transfer, enum http_result result, void *context);
    void *context;
};

/* `done` is called from http_loop_wait for each transfer that ends; it may start others, and start the same
 * one again. At most `connections` are kept open between requests. False with errno. */
bool http_loop_open(struct http_loop *loop, long connections,
                    void (*done)(struct http_transfer *transfer, enum http_result result, void *context),
                    void *context);

/* Ends all transfers that are under way without calling `done`. The transfers stay the caller's. */
void http_loop_close(struct http_loop *loop);

/* Starts a transfer that was prepared. */
void http_loop_start(struct http_loop *loop, struct http_transfer *transfer);

/* Takes a transfer that is under way out of the loop: its connection is closed, `done` is not called. */
void http_loop_abandon(struct http_loop *loop, struct http_transfer *transfer);

/* Watches `fd` for something to read; -1: no more. */
void http_loop_watch(struct http_loop *loop, int fd);

enum http_loop_event {
    HTTP_LOOP_HANDLED,  /* whatever happened was handled, or the time is up */
    HTTP_LOOP_READABLE, /* the same, and the watched descriptor can be read */
    HTTP_LOOP_IDLE      /* did not wait: nothing is under way, watched or due, so the wait would never end */
};

/* Waits until something has happened, `timeout_ms` at most (-1: until then), and handles it. Ends early when
 * a signal arrives. */
enum http_loop_event http_loop_wait(struct http_loop *loop, int64_t timeout_ms);

#endif
