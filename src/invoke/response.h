/* What the response to an Invoke request means. */
#ifndef INVOKE_RESPONSE_H
#define INVOKE_RESPONSE_H

#include "aws/http.h"
#include "util/text.h"

#include <stdbool.h>

enum response_kind {
    RESPONSE_SUCCESS,        /* the function returned */
    RESPONSE_FUNCTION_ERROR, /* the function ran and failed */
    RESPONSE_THROTTLED,      /* it did not run: too many at once; retry */
    RESPONSE_NOT_STARTED,    /* it did not run: its handler could not be started; retry for a while */
    RESPONSE_NOT_ACTIVE,     /* it did not run: the version is not active yet; wait */
    RESPONSE_NOT_SENT,       /* it did not run: no connection; retry for a while */
    RESPONSE_UNSIGNED,       /* it did not run: the signature was refused */
    RESPONSE_LOST,           /* it may have run, but its result is not known */
    RESPONSE_REFUSED         /* it did not run, and retrying cannot help: no permission, no such
                                function, an invalid payload, a disabled key */
};

struct response {
    enum response_kind kind;
    struct text code;    /* AWS's error code, or the function's errorType; "" when there is none */
    struct text message; /* AWS's message, the function's errorMessage, or the network problem */
    struct text stack;   /* stack trace of the function's error, one frame on each line */
    struct text reason;  /* of RESPONSE_LOST, in a few words: "connection reset", "HTTP 502" */
};

/* Reads the end of a request into `response`, which must be empty. Release it with response_release. */
void response_read(struct http_transfer *transfer, enum http_result result, struct response *response);

void response_release(struct response *response);

/* True when the cause of a function error is the memory size or the time limit: out of memory, timed out,
 * killed, or not initialized. Any other error is an error of the function's code. */
bool response_is_resource_problem(const struct response *response);

/* True when the log tail (base64, or NULL) has the report of the invocation `request_id`. */
bool response_has_report(const char *log_result, const char *request_id);

#endif
