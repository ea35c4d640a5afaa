/* The connections of an HTTP server. Closes some of them so that no client can lock out the others.
 *
 * There are at most `limit` connections. When there is one more, one on which no request is handled is
 * closed: the oldest whose last request was refused or that has not sent one; otherwise the oldest idle
 * one; otherwise the oldest whose request is still arriving. Every request has a time limit to arrive,
 * however steadily its bytes come. Only httpd.c uses this. */
#ifndef SERVE_CONNECTIONS_H
#define SERVE_CONNECTIONS_H

#include "serve/event-loop.h"
#include "serve/httpd.h"

/* One connection; libmicrohttpd's "socket context". */
struct connection {
    struct connections *all;
    void *peer; /* as passed to httpd_accept */
    int fd;
    struct httpd_request *request; /* being received or handled; NULL: none */
    uint64_t deadline;             /* by when its request must have arrived; 0: no limit */
    bool served;                   /* a request was completed */
    bool trusted;                  /* its last request was admitted */
    bool spared;                   /* had unread bytes at the deadline, and got one more check */
    bool evicted;
    struct connection *previous, *next;
};

struct connections {
    struct loop *loop;
    struct connection *first; /* the newest */
    size_t count, limit;
    uint64_t request_timeout, idle_timeout; /* ns; 0: none */
    struct timer sweep, watching;
};

void connections_open(struct connections *all, struct loop *loop, const struct httpd_options *options,
                      size_t limit);
void connections_close(struct connections *all);

/* Adds a connection; may close another one. Removes and frees one that was closed. */
struct connection *connection_new(struct connections *all, int fd, void *peer);
void connection_free(struct connection *connection);

/* To be called when a request on the connection begins, and when it has ended. */
void connection_begin_request(struct connection *connection, struct httpd_request *request);
void connection_end_request(struct connection *connection);

/* The request that has been arriving for the longest time and has a body; NULL: none. */
struct httpd_request *connections_oldest_body(const struct connections *all);

/* To be called after the server has run. */
void connections_settle(struct connections *all);

#endif
