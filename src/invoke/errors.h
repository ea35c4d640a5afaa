/* The errors of Invoke, and whether the handler can have started.
 *
 * Source: the errors of Invoke and their descriptions in Lambda's service model (API version 2015-03-31). An
 * invocation is sent again only after an error that is certain to mean that the handler did not start. */
#ifndef INVOKE_ERRORS_H
#define INVOKE_ERRORS_H

#include "invoke/response.h"

struct invoke_error {
    const char *code;
    enum response_kind kind;
};

/* Every error of the model. The last entry has no code (NULL). */
extern const struct invoke_error invoke_errors[];

/* What an error means for the invocation. An error that is not in the table is classified by the error codes
 * that all services share, and by the HTTP status. */
enum response_kind invoke_error_kind(long status, const char *code);

#endif
