/* One HTTP exchange over libcurl. The result tells whether the server can have received the request.
 *
 * A transfer is used for many requests and keeps its connection between them. Run it at once with
 * http_perform, or give its `easy` handle to a curl multi handle and call http_result when it is done.
 *
 * When a reused connection turns out to be closed, libcurl would send the request again by itself. That is
 * prevented here: the caller decides whether to send a request again. */
#ifndef AWS_HTTP_H
#define AWS_HTTP_H

#include "util/text.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

struct http_options {
    const char *ca_bundle;   /* a file of CA certificates instead of the system's, or NULL */
    long connect_timeout_ms; /* for resolving, connecting and TLS together */
    long timeout_ms;         /* for the whole exchange */
    size_t response_limit;   /* a larger body is a failure */
};

struct http_request {
    const char *method;
    const char *url;
    const struct curl_slist *headers; /* "Name: value" lines; must stay valid until the exchange is over */
    const char *body;                 /* like headers; NULL: no body */
    size_t body_length;
};

enum http_result {
    HTTP_COMPLETE, /* there is a complete response, with any status */
    HTTP_NOT_SENT, /* no connection, TLS or way through the proxy: not one byte of the request was sent */
    HTTP_LOST      /* the request may have been received, but the response is missing or incomplete */
};

struct http_transfer {
    CURL *easy;
    struct text body; /* of the response; owned */
    char problem[CURL_ERROR_SIZE];
    const char *reason; /* short form of `problem`, one of a few phrases, for counting; "" after a response */
    size_t response_limit;
    bool too_large;
    bool timed_out;
    void *owner; /* for the user of the transfer; not used here */
    bool sent;   /* the first byte was about to be sent; libcurl must not repeat the request */
};

/* Start and end libcurl, once per process. False when libcurl cannot start. */
bool http_start(void);
void http_end(void);

/* Makes a transfer with these options (http_timeout can change `timeout_ms` later). Ends the program when out
 * of memory. */
struct http_transfer *http_transfer_new(const struct http_options *options);
void http_transfer_free(struct http_transfer *transfer);
void http_timeout(struct http_transfer *transfer, long timeout_ms);

/* Prepares the transfer for `request` and clears the last response. False when libcurl refuses the request
 * (for example its URL); `problem` says why. */
bool http_prepare(struct http_transfer *transfer, const struct http_request *request);

/* Runs the prepared exchange and waits for it. */
enum http_result http_perform(struct http_transfer *transfer);

/* The result for `code`, libcurl's result of this transfer; `problem` then describes a failure. */
enum http_result http_result(struct http_transfer *transfer, CURLcode code);

/* After a response: its status, and the value of a header, or NULL when it has none. The string is valid
 * until the transfer is prepared again. */
long http_status(const struct http_transfer *transfer);
const char *http_header(const struct http_transfer *transfer, const char *name);

#endif
