/* Prints the known errors of Invoke, a line each: the code and its kind. With arguments CODE..., prints
 * the kinds of these codes with status 400. */
#include "invoke/errors.h"

#include <stdio.h>

int main(int argc, char **argv) {
    static const char *const names[] = {
        [RESPONSE_SUCCESS] = "success",       [RESPONSE_FUNCTION_ERROR] = "function error",
        [RESPONSE_THROTTLED] = "throttled",   [RESPONSE_NOT_STARTED] = "not started",
        [RESPONSE_NOT_ACTIVE] = "not active", [RESPONSE_NOT_SENT] = "not sent",
        [RESPONSE_UNSIGNED] = "signature",    [RESPONSE_LOST] = "lost",
        [RESPONSE_REFUSED] = "refused"};
    for (int i = 1; i < argc; i++)
        printf("%s %s\n", argv[i], names[invoke_error_kind(400, argv[i])]);
    for (const struct invoke_error *error = invoke_errors; argc == 1 && error->code; error++)
        printf("%s %s\n", error->code, names[error->kind]);
    return 0;
}
