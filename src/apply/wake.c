#include "apply/wake.h"

#include <string.h>

enum { WAKE_MS = 5 * 60 * 1000, POLL_MS = 1000 };

static bool is_active(const struct function_configuration *latest) {
    return strcmp(latest->state, "Inactive") != 0 && strcmp(latest->state, "Pending") != 0;
}

/* The response does not matter: the request is enough to wake the function. */
static void invoke_once(struct apply *apply) {
    const struct text *body = &apply->plan.payloads.payloads[0].body;
    struct text path = TEXT_INIT, query = TEXT_INIT;
    lambda_invoke_path(apply->plan.lambda_arn, "", &path, &query);
    struct aws_request call = {.method = "POST",
                               .path = path.bytes,
                               .body = text_string(body),
                               .body_length = body->length,
                               .changes = true};
    struct aws_deadline deadline = aws_deadline_start(apply->session.lambda);
    struct aws_response response = AWS_RESPONSE_INIT;
    aws_send(apply->session.lambda, &call, &deadline, &response);
    aws_response_release(&response);
    text_release(&path);
    text_release(&query);
}

bool wake_function(struct apply *apply, struct text *problem) {
    if (strcmp(apply->latest.state, "Inactive") != 0)
        return true;
    int64_t give_up = monotonic_ms() + WAKE_MS;
    invoke_once(apply);
    while (latest_read(apply, problem) && !is_active(&apply->latest)) {
        if (monotonic_ms() >= give_up) {
            text_append_string(
                problem, "it is inactive and did not become active within 5 minutes after an invocation");
            break;
        }
        sleep_ms(POLL_MS);
    }
    return problem->length == 0;
}
