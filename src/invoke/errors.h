/* Errors of Invoke: did the handler start?
 *
 * Source: the errors of Invoke and their descriptions in Lambda's service model (API version 2015-03-31). An
 * invocation is sent again only after an error of which it is certain that the handler did not start. */
#ifndef INVOKE_ERRORS_H
#define INVOKE_ERRORS_H

#include "invoke/response.h"

struct invoke_error {
    const char *code;
    enum response_kind kind;
};

/* Every error of the model. The last has no code. */
extern const struct invoke_error invoke_errors[];

/* What an error means for the invocation; errors that are not in the table are judged by what all services
 * have in common, and by the HTTP status. */
enum response_kind invoke_error_kind(long status, const char *code);

#endif
