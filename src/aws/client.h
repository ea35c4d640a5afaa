/* Requests to an AWS service: signed, paced, and retried where that is safe.
 *
 * Retries. A request that only reads is sent again after throttling, a server error (5xx), an unreadable
 * response or any failed connection. A request that changes something is sent again only when it certainly
 * did nothing: it was throttled, or no connection was made. Otherwise its result is AWS_LOST, and the caller
 * must look whether the change was made. Before each retry there is a random pause of up to 0.1 s, doubled
 * with each try up to 5 s ("full jitter", as in the SDKs' standard mode), or the server's Retry-After if that
 * is longer; never more than 5 s. All tries share one deadline.
 *
 * Retry quota. As in the standard mode, it limits retries while nothing works: a client begins with 500; a
 * retry takes 5 (10 after a timeout); a success returns what its retries took, or 1. Without quota, a request
 * ends with the error of its last try.
 *
 * Clock skew. When the service refuses a signature because of its time, the client takes the difference of
 * the clocks from the response's Date and tries again. */
#ifndef AWS_CLIENT_H
#define AWS_CLIENT_H

#include "aws/credentials/credentials.h"
#include "aws/error.h"
#include "aws/http.h"
#include "aws/settings.h"
#include "aws/sigv4.h"
#include "util/span.h"
#include "util/text.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    AWS_DEADLINE_MS = 60 * 1000, /* for one request with all its tries */
    AWS_TRY_MS = 20 * 1000,      /* for one try */
    AWS_CONNECT_MS = 10 * 1000,
    AWS_RETRY_QUOTA = 500, /* botocore/retries/quota.py */
    AWS_CONTROL_RESPONSE_LIMIT = 16 * 1024 * 1024
};

/* How a request ended. */
enum aws_result {
    AWS_DONE,          /* success: the response is there */
    AWS_REFUSED,       /* the service refused it with an error: nothing was done */
    AWS_LOST,          /* a change that may or may not have been made */
    AWS_UNREACHABLE,   /* no try reached the service, or (for a request that reads) none got a response */
    AWS_NO_CREDENTIALS /* there were no credentials to sign with */
};

/* A request. The caller owns all strings. */
struct aws_request {
    const char *method;
    const char *path;  /* percent-encoded, beginning with '/' */
    const char *query; /* percent-encoded, without '?'; NULL: none */
    const char *body;  /* NULL: none */
    size_t body_length;
    const char *body_sha256;            /* of the body, if the caller knows it already; else NULL */
    const char *content_type;           /* NULL: application/json */
    const struct sigv4_header *headers; /* more headers, which are signed as well */
    size_t header_count;
    bool changes; /* changes something at AWS: see "Retries" above */
    bool unpaced; /* does not count for the pace of control requests (GetFunction has its own limit of 100 a
                     second) */
};

struct aws_response {
    enum aws_result result;
    long status; /* HTTP status; 0 without a response */
    struct span
        document;     /* after AWS_DONE of a client with `responses_json`: the value in `body`, or absent */
    struct text body; /* raw body of the last response */
    struct text code; /* after an error: AWS's code ("ResourceNotFoundException"), or "" */
    struct text message; /* after an error: AWS's message, or a description of the failure */
    struct text reason;  /* after an error: the member Reason: the kind of throttling */
};
#define AWS_RESPONSE_INIT                                                                                    \
    { AWS_UNREACHABLE, 0, {NULL, 0}, TEXT_INIT, TEXT_INIT, TEXT_INIT, TEXT_INIT }

/* Frees the content of the response and empties it. */
void aws_response_release(struct aws_response *response);

/* True when the request failed with this code. */
bool aws_has_code(const struct aws_response *response, const char *code);

/* True when the service has refused the request for good: not because there are too many. */
bool aws_is_refused(const struct aws_response *response);

/* The deadline for all tries of an operation. Operations with several requests (a change, then a check
 * whether it was made) share one. */
struct aws_deadline {
    int64_t end_ms; /* on the monotonic clock */
    int tries_left;
    int tries_made;
    int connects_failed; /* consecutive failures to connect */
    int quota_taken;
};

struct aws_client {
    const struct aws_settings *settings;
    struct credentials_provider *provider;
    const char *service;     /* as in signatures: "lambda" */
    char *region;            /* the region to sign for; owned */
    char *endpoint;          /* base URL; owned */
    char *base_path;         /* path of the endpoint, usually ""; owned */
    char *host;              /* value of the Host header; owned */
    bool custom_endpoint;    /* not AWS's own endpoint */
    bool is_s3;              /* sign paths as they are */
    bool responses_json;     /* responses are checked to be JSON, and are in `document` */
    long skew_seconds;       /* the service's clock minus this machine's */
    int64_t next_request_ms; /* earliest time of the next paced request */
    int retry_quota;
    struct sigv4_signer signer;
    struct http_transfer *transfer; /* used by aws_send */
    int max_connects; /* maximum consecutive tries without a connection; 0: until the deadline */
    const volatile sig_atomic_t *stopped; /* no more tries once this is true; may be NULL */
};

/* Makes a client of `service` in `region`. `settings` and `provider` must outlive it. NULL without an
 * endpoint; `problem` says why. */
struct aws_client *aws_client_new(const struct aws_settings *settings, struct credentials_provider *provider,
                                  const char *service, const char *region, struct text *problem);
/* The same for an endpoint from the caller, as endpoint_url returns it: the base URL, without a slash at its
 * end. Never NULL. */
struct aws_client *aws_client_at(const struct aws_settings *settings, struct credentials_provider *provider,
                                 const char *service, const char *region, const char *endpoint);
void aws_client_free(struct aws_client *client);

/* The options of a transfer to this service, with its certificates and connect timeout; `timeout_ms` is for a
 * whole exchange. */
struct http_options aws_http_options(const struct aws_client *client, long timeout_ms, size_t response_limit);

/* Starts a deadline. */
struct aws_deadline aws_deadline_start(const struct aws_client *client);

/* The pause before the next try after `tries_made` tries: a random time of up to 100 ms, doubled with each
 * try up to 5 s; or `wanted_ms`, the server's request (0: none), if that is longer, but at most
 * `max_wanted_ms`. */
int64_t aws_retry_pause_ms(int tries_made, int64_t wanted_ms, int64_t max_wanted_ms);

/* Waits before the next try. False when the deadline, the number of tries or a signal does not allow one.
 * `wanted_ms` is the server's request, or 0. */
bool aws_wait_to_retry(const struct aws_client *client, struct aws_deadline *deadline, int64_t wanted_ms);

/* Sends the request and waits for its result. An earlier content of `response` is released. */
enum aws_result aws_send(struct aws_client *client, const struct aws_request *request,
                         struct aws_deadline *deadline, struct aws_response *response);

/* ---- for callers that run the exchange themselves ---- */

/* Signs `request` and prepares `transfer` for it. `*headers` becomes the list of headers that the transfer
 * uses; the caller frees it (curl_slist_free_all) after the exchange, also when this fails. False when there
 * are no credentials or libcurl refuses the request; `problem` says why. */
bool aws_prepare(struct aws_client *client, const struct aws_request *request, struct http_transfer *transfer,
                 struct curl_slist **headers, struct text *problem);

/* When the error code says that the signature's time was wrong, and the response's Date differs from our
 * clock, stores the difference and returns true: the request can be signed again. */
bool aws_learn_skew(struct aws_client *client, const struct http_transfer *transfer, const char *code);

/* The time of the monotonic clock in ms. */
int64_t monotonic_ms(void);

/* Sleeps; ends early when a signal arrives. */
void sleep_ms(int64_t duration);

/* Appends "CODE: message" of a failed response as one line, for messages. */
void aws_describe(const struct aws_response *response, struct text *out);

#endif
