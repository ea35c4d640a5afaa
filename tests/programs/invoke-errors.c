/* Prints the errors of Invoke and what each means, a line each: the code and the kind. With arguments,
 * CODE..., what these mean with the status 400. */
#include "invoke/errors.h"

#include <stdio.h>

int main(int argc, char **argv) {
    static const char *const names[] = {
        [ANSWER_SUCCESS] = "success",       [ANSWER_FUNCTION_ERROR] = "function error",
        [ANSWER_THROTTLED] = "throttled",   [ANSWER_NOT_STARTED] = "not started",
        [ANSWER_NOT_ACTIVE] = "not active", [ANSWER_NOT_SENT] = "not sent",
        [ANSWER_UNSIGNED] = "signature",    [ANSWER_LOST] = "lost",
        [ANSWER_REFUSED] = "refused"};
    for (int i = 1; i < argc; i++)
        printf("%s %s\n", argv[i], names[invoke_error_kind(400, argv[i])]);
    for (const struct invoke_error *error = invoke_errors; argc == 1 && error->code; error++)
        printf("%s %s\n", error->code, names[error->kind]);
    return 0;
}
