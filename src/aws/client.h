/* Calls to an AWS service: signed, paced, tried again where that is right, and answered with one of five
 * outcomes.
 *
 * Trying again. A call that reads is repeated after throttling, a server error (5xx), an answer that cannot
 * be read and any failed connection. A call that changes something is repeated only when it certainly did
 * nothing: it was throttled, or no connection was made. Otherwise its outcome is AWS_LOST, and whoever made
 * the call looks what has become of it. Between two tries lies a random time of up to 0.1 s, doubled with
 * each try up to 5 s ("full jitter", as in the SDKs' standard mode), or what the server's Retry-After asks
 * for, if that is longer; never more than 5 s. All tries of a call share one deadline.
 *
 * The retry quota, likewise from standard mode, keeps many calls from trying again and again while nothing
 * works: a client begins with 500, a retry takes 5 (10 after a timeout), and a success gives back what its
 * call took, or 1. Without quota a call ends with the error of its last try.
 *
 * A clock that is wrong: when the service refuses a signature for its time, the Date of that answer corrects
 * the clock of the client, and the call is tried again. */
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
    AWS_DEADLINE_MS = 60 * 1000, /* of one call over all its tries */
    AWS_TRY_MS = 20 * 1000,      /* of one try */
    AWS_CONNECT_MS = 10 * 1000,
    AWS_RETRY_QUOTA = 500, /* botocore/retries/quota.py */
    AWS_CONTROL_RESPONSE_LIMIT = 16 * 1024 * 1024
};

struct json_t; /* of jansson, whose names collide with those of util/json.h: no file includes both */

/* How a call ended. */
enum aws_result {
    AWS_DONE,          /* the service did it; the answer is there */
    AWS_REFUSED,       /* the service answered with an error of its own: nothing was done */
    AWS_LOST,          /* a change that may or may not have been made */
    AWS_UNREACHABLE,   /* no try came through to the service, or none was answered (reads) */
    AWS_NO_CREDENTIALS /* there was nothing to sign with */
};

/* What to call. All strings are the caller's. */
struct aws_request {
    const char *method;
    const char *path;  /* percent-encoded, beginning with '/' */
    const char *query; /* percent-encoded, without '?'; NULL: none */
    const char *body;  /* NULL: none */
    size_t body_length;
    const char *body_sha256;            /* of the body when the caller has it already; else NULL */
    const char *content_type;           /* NULL: application/json */
    const struct sigv4_header *headers; /* further headers, which are signed */
    size_t header_count;
    bool changes; /* something at AWS's: see above */
    bool unpaced; /* not counted by the pace of control calls (GetFunction has 100 a second of its own) */
};

struct aws_response {
    enum aws_result result;
    long status;             /* of HTTP; 0 when there was no answer */
    struct json_t *document; /* of AWS_DONE when the body is JSON, else NULL; owned */
    struct text body;        /* of the last answer, as it came */
    struct text code;        /* of an error: AWS's own ("ResourceNotFoundException"), or "" */
    struct text message;     /* of an error: AWS's own words, or what went wrong on the way */
    struct text reason;      /* of an error: the member Reason, which tells the kinds of throttling apart */
};
#define AWS_RESPONSE_INIT                                                                                    \
    { AWS_UNREACHABLE, 0, NULL, TEXT_INIT, TEXT_INIT, TEXT_INIT, TEXT_INIT }

/* Frees what the answer holds, and makes it empty. */
void aws_response_release(struct aws_response *response);

/* When all tries of an operation must be over; operations of several calls (a change, and the look what
 * became of it) share one. */
struct aws_deadline {
    int64_t end_ms; /* of the monotonic clock */
    int tries_left;
    int tries_made;
    int connects_failed; /* in a row */
    int quota_taken;
};

struct aws_client {
    const struct aws_settings *settings;
    struct credentials_provider *provider;
    const char *service;  /* as signatures name it: "lambda" */
    char *region;         /* that is signed for; owned */
    char *endpoint;       /* base URL; owned */
    char *base_path;      /* of the endpoint: "" mostly; owned */
    char *host;           /* as the Host header says it; owned */
    bool custom_endpoint; /* not AWS's own */
    bool is_s3;           /* signs paths as they are */
    bool responses_json;  /* that `document` of an answer is made of; others are for the caller to read */
    long skew_seconds;    /* the service's clock minus this machine's */
    int64_t next_call_ms; /* not before then: the pace */
    int retry_quota;
    struct sigv4_signer signer;
    struct http_transfer *transfer; /* for aws_call */
    int most_connects; /* tries in a row that find no connection; 0: as many as the deadline allows */
    const volatile sig_atomic_t *stopped; /* when this becomes true no further try is made; may be NULL */
};

/* A client of `service` in `region`. `settings` and `provider` must outlive it. NULL, and `problem`, when
 * there is no endpoint. */
struct aws_client *aws_client_new(const struct aws_settings *settings, struct credentials_provider *provider,
                                  const char *service, const char *region, struct text *problem);
/* The same for an endpoint that the caller names, as endpoint_url gives it: the base URL, without a slash at
 * its end. Never NULL. */
struct aws_client *aws_client_at(const struct aws_settings *settings, struct credentials_provider *provider,
                                 const char *service, const char *region, const char *endpoint);
void aws_client_free(struct aws_client *client);

/* The options of a transfer to this service: certificates and the time to connect; `timeout_ms` for a whole
 * exchange. */
struct http_options aws_http_options(const struct aws_client *client, long timeout_ms, size_t response_limit);

/* A deadline that begins now. */
struct aws_deadline aws_deadline_start(const struct aws_client *client);

/* How long to wait before the next try when so many were made: a random time of up to 100 ms, doubled with
 * each try up to 5 s, or what the server asks for (0: nothing), if that is longer, up to `most_wanted_ms`. */
int64_t aws_retry_pause_ms(int tries_made, int64_t wanted_ms, int64_t most_wanted_ms);

/* Waits before the next try: false when the deadline, the number of tries or a signal does not allow another.
 * `wanted_ms` is what the server asked for, or 0. */
bool aws_wait_to_retry(const struct aws_client *client, struct aws_deadline *deadline, int64_t wanted_ms);

/* Makes the call and waits for its end. `response` may hold an earlier one, which is released. */
enum aws_result aws_send(struct aws_client *client, const struct aws_request *call,
                         struct aws_deadline *deadline, struct aws_response *response);

/* ---- for callers that run the exchange themselves ---- */

/* Signs `call` and makes `transfer` ready for it. `*headers` is the list the transfer uses: to be freed by
 * the caller (curl_slist_free_all) when the exchange is over, also when this fails. False when there are no
 * credentials or libcurl refuses: `problem`. */
bool aws_prepare(struct aws_client *client, const struct aws_request *call, struct http_transfer *transfer,
                 struct curl_slist **headers, struct text *problem);

/* When an error code says that the signature's time was wrong and the answer's Date differs from our clock,
 * takes over the difference and returns true: the call can be signed anew. */
bool aws_learn_skew(struct aws_client *client, const struct http_transfer *transfer, const char *code);

/* The time of the monotonic clock in ms. */
int64_t monotonic_ms(void);

/* Sleeps; ends early when a signal arrives. */
void sleep_ms(int64_t duration);

/* Appends "CODE: message" of a failed answer, made one line, for messages. */
void aws_describe(const struct aws_response *response, struct text *out);

#endif
