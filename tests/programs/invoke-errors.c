/* Prints the errors of Invoke and what each means, a line each: the code and the kind. */
#include "invoke/errors.h"

#include <stdio.h>

int main(void) {
    static const char *const names[] = {
        [ANSWER_SUCCESS] = "success",       [ANSWER_FUNCTION_ERROR] = "function error",
        [ANSWER_THROTTLED] = "throttled",   [ANSWER_NOT_STARTED] = "not started",
        [ANSWER_NOT_ACTIVE] = "not active", [ANSWER_NOT_SENT] = "not sent",
        [ANSWER_UNSIGNED] = "signature",    [ANSWER_LOST] = "lost",
        [ANSWER_REFUSED] = "refused"};
    for (const struct invoke_error *error = invoke_errors; error->code; error++)
        printf("%s %s\n", error->code, names[error->kind]);
    return 0;
}
