/* What the answer to an Invoke means. */
#ifndef INVOKE_RESPONSE_H
#define INVOKE_RESPONSE_H

#include "aws/http.h"
#include "util/text.h"

#include <stdbool.h>

enum answer_kind {
    ANSWER_SUCCESS,        /* the function returned */
    ANSWER_FUNCTION_ERROR, /* the function ran and failed */
    ANSWER_THROTTLED,      /* it did not run: too many at once; try again */
    ANSWER_NOT_STARTED,    /* it did not run: its handler could not be started; try again for a while */
    ANSWER_NOT_ACTIVE,     /* it did not run: the version is not active yet; wait for that */
    ANSWER_NOT_SENT,       /* it did not run: there was no connection; try again for a while */
    ANSWER_UNSIGNED,       /* it did not run: the signature was refused */
    ANSWER_LOST,           /* it may have run; there is no telling what came of it */
    ANSWER_REFUSED         /* it did not run and never will: no permission, no such function, a
                              bad payload, a key that is disabled */
};

struct answer {
    enum answer_kind kind;
    struct text code;    /* AWS's error code, or the function's errorType; "" when it has none */
    struct text message; /* AWS's words, the function's errorMessage, or what went wrong on the way */
    struct text
        stack; /* of the function's error, a line a frame; bounded, as its message is (tune/fault.h) */
    struct text reason; /* of one that is lost, in few words: "connection reset", "HTTP 502" */
};

/* Reads the end of an exchange into `answer`, which is empty before; the strings are appended. */
void answer_read(struct http_transfer *transfer, enum http_outcome outcome, struct answer *answer);

void answer_release(struct answer *answer);

/* True when a function error says that this memory size, or the time limit, was the cause: out of memory,
 * timed out, killed, or not initialised. Any other error is the function's own. */
bool answer_is_resource_problem(const struct answer *answer);

/* True when the log tail (base64) has the report of the invocation `request_id`. */
bool answer_has_report(const char *log_result, const char *request_id);

#endif
