/* One HTTP exchange over libcurl, and the one question that matters afterwards: can the server have received
 * the request?
 *
 * A transfer is used for one request after another and keeps its connection in between. It can be performed
 * at once (http_perform), or be given to a curl multi handle by its `easy` handle and be judged when it is
 * done (http_outcome).
 *
 * libcurl sends a request again by itself when a connection that it reused turns out dead. That is prevented
 * here: whether to send again is for the caller to decide. */
#ifndef AWS_HTTP_H
#define AWS_HTTP_H

#include "util/text.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

struct http_options {
    const char *ca_bundle;   /* a file of CA certificates in place of the system's, or NULL */
    long connect_timeout_ms; /* for resolving, connecting and TLS together */
    long timeout_ms;         /* for the whole exchange */
    size_t response_limit;   /* more bytes than this in a body are a failure */
};

struct http_request {
    const char *method;
    const char *url;
    const struct curl_slist *headers; /* "Name: value" lines; borrowed until the exchange is over */
    const char *body;                 /* borrowed as well; NULL: no body */
    size_t body_length;
};

enum http_result {
    HTTP_ANSWERED, /* a whole answer is there; its status may be anything */
    HTTP_NOT_SENT, /* no connection was made, or no TLS or no way through the proxy on it: not one byte of the
                      request has gone out */
    HTTP_LOST      /* the request was, or may have been, received, and there is no whole answer */
};

struct http_transfer {
    CURL *easy;
    struct text body; /* of the answer; owned */
    char problem[CURL_ERROR_SIZE];
    const char *reason; /* the same in few words, of which there are few: for counting; "" of an answer */
    size_t response_limit;
    bool too_large;
    bool timed_out;
    void *owner; /* for whoever uses the transfer; not looked at here */
    bool sent;   /* the first byte was about to go out; libcurl may not repeat it */
};

/* libcurl's own start and end: once a process each. False when libcurl cannot start. */
bool http_start(void);
void http_end(void);

/* A transfer with these options (`timeout_ms` may be changed later with http_timeout); ends the program when
 * out of memory. */
struct http_transfer *http_transfer_new(const struct http_options *options);
void http_transfer_free(struct http_transfer *transfer);
void http_timeout(struct http_transfer *transfer, long timeout_ms);

/* Makes the transfer ready for `request`, forgetting the last answer. False when libcurl refuses it (a URL it
 * cannot read); `problem` says why. */
bool http_prepare(struct http_transfer *transfer, const struct http_request *request);

/* Runs the exchange that was prepared and waits for it. */
enum http_result http_perform(struct http_transfer *transfer);

/* What `code`, libcurl's result for this transfer, means; `problem` then says in words what went wrong. */
enum http_result http_result(struct http_transfer *transfer, CURLcode code);

/* Of an answer: the status, and the value of a header, or NULL when it has none. The string is valid until
 * the transfer is prepared again. */
long http_status(const struct http_transfer *transfer);
const char *http_header(const struct http_transfer *transfer, const char *name);

#endif
