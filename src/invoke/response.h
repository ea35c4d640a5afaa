/* What the answer to an Invoke means. */
#ifndef INVOKE_RESPONSE_H
#define INVOKE_RESPONSE_H

#include "aws/http.h"
#include "util/text.h"

#include <stdbool.h>

enum response_kind {
    RESPONSE_SUCCESS,        /* the function returned */
    RESPONSE_FUNCTION_ERROR, /* the function ran and failed */
    RESPONSE_THROTTLED,      /* it did not run: too many at once; try again */
    RESPONSE_NOT_STARTED,    /* it did not run: its handler could not be started; try again for a while */
    RESPONSE_NOT_ACTIVE,     /* it did not run: the version is not active yet; wait for that */
    RESPONSE_NOT_SENT,       /* it did not run: there was no connection; try again for a while */
    RESPONSE_UNSIGNED,       /* it did not run: the signature was refused */
    RESPONSE_LOST,           /* it may have run; there is no telling what came of it */
    RESPONSE_REFUSED         /* it did not run and never will: no permission, no such function, a
                              bad payload, a key that is disabled */
};

struct response {
    enum response_kind kind;
    struct text code;    /* AWS's error code, or the function's errorType; "" when it has none */
    struct text message; /* AWS's words, the function's errorMessage, or what went wrong on the way */
    struct text
        stack; /* of the function's error, a line a frame; bounded, as its message is (tune/fault.h) */
    struct text reason; /* of one that is lost, in few words: "connection reset", "HTTP 502" */
};

/* Reads the end of an exchange into `response`, which is empty before; the strings are appended. */
void response_read(struct http_transfer *transfer, enum http_result result, struct response *response);

void response_release(struct response *response);

/* True when a function error says that this memory size, or the time limit, was the cause: out of memory,
 * timed out, killed, or not initialised. Any other error is the function's own. */
bool response_is_resource_problem(const struct response *response);

/* True when the log tail (base64) has the report of the invocation `request_id`. */
bool response_has_report(const char *log_result, const char *request_id);

#endif
