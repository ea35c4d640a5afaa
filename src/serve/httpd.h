/* An HTTP/1.1 server on loopback, built on libmicrohttpd, in the event loop.
 *
 * The handler gets a request when its whole body has arrived. It responds at once, or keeps the request
 * and responds later, or sends the response body in pieces. All resources are limited: header fields by a
 * memory limit for each connection, a body by `body_limit` (further bytes are counted and discarded), all
 * bodies together by `bodies_limit`, and the number of connections (serve/connections.h). Clients that are
 * idle or slow for too long are dropped. Targets and query strings are not decoded, because signatures are
 * computed over the original bytes. A target with an invalid escape or an escaped NUL gets status 400. */
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
    struct span path;  /* as received, percent-encoded */
    struct span query; /* after the first '?'; start is NULL when there is none */
    struct text body;
    size_t body_length; /* larger than body.length when the body exceeds the limit */
    bool crowded_out;   /* body discarded: too many were arriving at once */
    bool unwanted;      /* not admitted; a handler that refuses a request sets it, too */
    void *peer;         /* as passed to httpd_accept; NULL: none */

    /* Private to the server. */
    struct httpd_server *server;
    struct connection *on;
    struct MHD_Connection *connection;
    char *target, *method_name;
    struct httpd_request *previous, *next;
    struct MHD_Response *response;
    unsigned int status;
    struct text unsent; /* bytes of a response in pieces */
    size_t sent;        /* number of these bytes already sent */
    bool suspended, finished;
    bool malformed;               /* invalid target */
    void (*ended)(void *context); /* see httpd_begin */
    void *ended_context;
    enum {
        HTTPD_ARRIVING,
        HTTPD_RECEIVING,
        HTTPD_HANDLING,
        HTTPD_WAITING,
        HTTPD_RESPONDED,
        HTTPD_DROPPED
    } state;
};

struct httpd_header {
    const char *name, *value; /* value NULL: not sent */
};

struct httpd_options {
    int port; /* 0: any free port; -1: do not listen, connections come through httpd_accept */
    size_t body_limit;
    size_t bodies_limit;            /* of all arriving bodies together; 0: no limit */
    unsigned int idle_timeout_s;    /* 0: none */
    unsigned int connection_limit;  /* 0: 4096; fewer if the limit on descriptors is low */
    unsigned int request_timeout_s; /* time for a request to arrive; 0: no limit */
    /* Decides, before the body arrives, whether to keep it; NULL: keep all. The handler also gets requests
     * that are not admitted, marked `unwanted`. */
    bool (*admit)(void *context, struct httpd_request *request);
    void (*handle)(void *context, struct httpd_request *request);
    void (*gone)(void *context, void *peer); /* a connection of httpd_accept was closed; may be NULL */
    void *context;
};

/* Starts a server. NULL with errno, which is 0 when libmicrohttpd gives no reason. */
struct httpd_server *httpd_server_new(struct loop *loop, const struct httpd_options *options);

/* The port that the server listens on. */
int httpd_server_port(const struct httpd_server *server);

/* Closes all connections, drops waiting requests, and frees the server. NULL is permitted. */
void httpd_server_free(struct httpd_server *server);

/* To be called in each turn of the loop: does the pending work. Returns the longest time until the next
 * call in milliseconds, -1 for no limit. */
int httpd_server_settle(struct httpd_server *server);

/* True when there is work that no event announces: httpd_server_settle must be called again. */
bool httpd_server_active(const struct httpd_server *server);

/* Takes ownership of the connected socket `fd`, and serves it. */
void httpd_accept(struct httpd_server *server, int fd, void *peer);

/* The value of a header field; NULL when absent. Valid until the response is sent. */
const char *httpd_header(const struct httpd_request *request, const char *name);

/* The same for a trailer field, after a chunked body. */
const char *httpd_trailer(const struct httpd_request *request, const char *name);

/* Sends the response. Takes ownership of `body` (NULL: none) and leaves it empty. Do not use the request
 * afterwards. */
void httpd_respond(struct httpd_request *request, unsigned int status, const struct httpd_header *headers,
                   size_t count, struct text *body);

/* Begins a response with status 200 whose body is sent in pieces. `ended` is called once when the
 * connection is closed, by whichever side; do not use the request afterwards. */
void httpd_begin(struct httpd_request *request, const struct httpd_header *headers, size_t count,
                 void (*ended)(void *context), void *context);

/* Adds a piece to the body; returns how many bytes the client has not taken yet; ends the body. */
void httpd_send(struct httpd_request *request, struct span bytes);
size_t httpd_unsent(const struct httpd_request *request);
void httpd_finish(struct httpd_request *request);

/* Closes the connection without a response. Do not use the request afterwards. */
void httpd_drop(struct httpd_request *request);

#endif
