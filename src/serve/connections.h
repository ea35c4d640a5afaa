/* The connections of an HTTP server: which of them are ended so that nobody keeps the others out.
 *
 * There are at most `limit`. When another one comes, one that nothing is served on is closed for it: the
 * oldest whose last request was refused, or that has not sent one; else the oldest that is idle; else the
 * oldest whose request is still arriving. Every request has a time limit, however steadily its bytes drip
 * in. For httpd.c alone. */
#ifndef SERVE_CONNECTIONS_H
#define SERVE_CONNECTIONS_H

#include "serve/event-loop.h"
#include "serve/httpd.h"

/* One connection; MHD's "socket context". */
struct connection {
    struct connections *all;
    void *peer; /* what httpd_accept was given */
    int fd;
    struct httpd_request *request; /* that is being received or handled */
    uint64_t deadline;             /* when it must have sent a request; 0: any time */
    bool served;                   /* a request was answered */
    bool trusted;                  /* its last request was admitted */
    bool spared;                   /* bytes had come by the deadline that were not read */
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

struct connection *connection_new(struct connections *all, int fd, void *peer);
void connection_free(struct connection *connection);

/* A request begins, or has ended, on the connection. */
void connection_begin_request(struct connection *connection, struct httpd_request *request);
void connection_end_request(struct connection *connection);

/* The request that has been arriving for the longest time and has a body; NULL: none. */
struct httpd_request *connections_oldest_body(const struct connections *all);

/* To be called when the server has run. */
void connections_settle(struct connections *all);

#endif
