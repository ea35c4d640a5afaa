/* An HTTP/1.1 server on loopback, on libmicrohttpd, inside the event loop.
 *
 * A request is handed to the handler when its body has arrived whole; the handler answers at once, or keeps
 * the request and answers later, or answers piece by piece. Requests are bounded: header fields by memory for
 * each connection, bodies by `body_limit` (more is counted, not kept) and together by `bodies_limit`,
 * connections by number (serve/connections.h); a client that says nothing for a while, or takes too long to
 * say it, is dropped. Nothing is decoded: targets and query strings are the bytes that came, which is what
 * signatures are computed over; a target with a broken escape or an escaped NUL is answered with 400 here. */
#ifndef SERVE_HTTPD_H
#define SERVE_HTTPD_H

#include "serve/event-loop.h"
#include "util/span.h"
#include "util/text.h"

#include <stdint.h>

struct MHD_Connection;
struct MHD_Response;
struct httpd_server;

struct httpd_request {
    struct span method;
    struct span path;  /* as it came, percent-encoded */
    struct span query; /* behind the first '?', without it; start NULL when there was none */
    struct text body;
    size_t body_length; /* more than body.length when the body was over the limit */
    bool crowded_out;   /* its body was not kept: too many were arriving at once */
    bool unwanted;      /* it was not admitted; a handler that refuses a request sets it, too */
    void *peer;         /* what httpd_accept was given for the connection; NULL when it was detached */

    /* The server's own. */
    struct httpd_server *server;
    struct connection *on;
    struct MHD_Connection *connection;
    char *target, *method_name;
    struct httpd_request *previous, *next;
    struct MHD_Response *response;
    unsigned int status;
    struct text unsent; /* of a body that is sent piece by piece */
    size_t sent;        /* of it */
    bool suspended, finished;
    bool malformed;               /* its target */
    void (*ended)(void *context); /* see httpd_begin */
    void *ended_context;
    enum {
        HTTPD_ARRIVING,
        HTTPD_RECEIVING,
        HTTPD_HANDLING,
        HTTPD_WAITING,
        HTTPD_ANSWERED,
        HTTPD_DROPPED
    } state;
};

struct httpd_header {
    const char *name, *value; /* one without value is not sent */
};

struct httpd_options {
    int port; /* to listen on, 0 for a free one, or -1: connections come through httpd_accept alone */
    size_t body_limit;
    size_t bodies_limit;            /* of all bodies together that are arriving; 0: none */
    unsigned int idle_timeout_s;    /* 0: none */
    unsigned int connection_limit;  /* 0: 4096; fewer where there are few descriptors */
    unsigned int request_timeout_s; /* that a request may take to arrive; 0: any time */
    /* Whether the body of a request is to be kept, by what is known before it comes; NULL: of all. Others
     * are handed to the handler all the same, `unwanted`. */
    bool (*admit)(void *context, struct httpd_request *request);
    void (*handle)(void *context, struct httpd_request *request);
    void (*gone)(void *context, void *peer); /* a connection that httpd_accept took is closed; may be NULL */
    void *context;
};

/* NULL with errno, which may be 0 when libmicrohttpd does not say why. */
struct httpd_server *httpd_server_new(struct loop *loop, const struct httpd_options *options);
int httpd_server_port(const struct httpd_server *server);

/* Closes all connections; requests that wait for an answer are dropped. */
void httpd_server_free(struct httpd_server *server);

/* To be called in each turn of the loop: does what is to do; the milliseconds that may pass until the next
 * call, -1 for any. */
int httpd_server_settle(struct httpd_server *server);

/* True when there is something to do that needs no further event: httpd_server_settle must be called again.
 */
bool httpd_server_active(const struct httpd_server *server);

/* Takes over the connected socket `fd`. */
void httpd_accept(struct httpd_server *server, int fd, void *peer);

/* The value of a header field, NULL when it is absent. Valid until the request is answered. */
const char *httpd_header(const struct httpd_request *request, const char *name);

/* The same of a field behind a chunked body. */
const char *httpd_trailer(const struct httpd_request *request, const char *name);

/* Answers; `body` is taken over and empty afterwards (NULL: none). The request is the server's again. */
void httpd_respond(struct httpd_request *request, unsigned int status, const struct httpd_header *headers,
                   size_t count, struct text *body);

/* Begins an answer whose body is sent piece by piece, status 200. `ended` is called once, with `context`,
 * when the connection is gone, whoever ended it: the request must not be used from then on. */
void httpd_begin(struct httpd_request *request, const struct httpd_header *headers, size_t count,
                 void (*ended)(void *context), void *context);

/* Adds a piece; how many bytes wait for a client that is slow to read; ends the body behind what was added.
 */
void httpd_send(struct httpd_request *request, struct span bytes);
size_t httpd_unsent(const struct httpd_request *request);
void httpd_finish(struct httpd_request *request);

/* Closes the connection without an answer. The request is the server's again. */
void httpd_drop(struct httpd_request *request);

#endif
