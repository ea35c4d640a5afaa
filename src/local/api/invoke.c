/* Invoke: what is checked before an invocation begins. */
#include "local/api/api.h"

#include "local/api/call-log.h"
#include "local/environment/environment.h"
#include "local/environment/invoke-event.h"
#include "local/environment/invoke-request.h"
#include "local/server.h"
#include "util/base64.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/words.h"

#include <stdlib.h>
#include <strings.h>

enum { EVENT_LIMIT = 1024 * 1024, CONTEXT_LIMIT = 3583 };

enum type { REQUEST_RESPONSE, EVENT, DRY_RUN };

static bool read_type(struct api_request *call, enum type *type) {
    static const char *const names[] = {"RequestResponse", "Event", "DryRun"};
    const char *text = httpd_header(call->request, "X-Amz-Invocation-Type");
    *type = REQUEST_RESPONSE;
    if (!text || !text[0])
        return true;
    int index = WORD_INDEX(text, names);
    if (index >= 0) {
        *type = (enum type)index;
        return true;
    }
    api_fail(call, "ValidationException",
             "1 validation error detected: Value '%.64s' at 'invocationType' failed to satisfy constraint: "
             "Member must "
             "satisfy enum value set: [Event, RequestResponse, DryRun]",
             text);
    return false;
}

static bool check_payload(struct api_request *call, enum type type) {
    const struct httpd_request *request = call->request;
    struct json_error error;
    if (type == EVENT && request->body.length > EVENT_LIMIT) {
        api_fail(call, "RequestTooLargeException",
                 "%zu byte payload is too large for the Event invocation type (limit %d bytes)",
                 request->body.length, EVENT_LIMIT);
        return false;
    }
    if (request->body.length &&
        !json_check((struct span){request->body.bytes, request->body.length}, NULL, &error))
        api_fail(call, "InvalidRequestContentException",
                 "Could not parse request body into json: Could not parse payload into json: %s at byte %zu",
                 error.reason, error.offset);
    return !call->error;
}

static bool check_state(struct api_request *call, const struct version *version) {
    if (version_is_pending(version))
        api_fail(call, "ResourceConflictException",
                 "The operation cannot be performed at this time. The function is currently in the following "
                 "state: "
                 "Pending");
    return !call->error;
}

static bool check_concurrency(struct api_request *call, const struct function *function) {
    const char *quota = invocation_refusal(function);
    if (!quota)
        return true;
    api_fail(call, "TooManyRequestsException", "Rate Exceeded.");
    api_fail_member(call, "Reason", quota);
    call->retry_after_s = 1;
    return false;
}

static char *client_context(const struct api_request *call) {
    const char *encoded = httpd_header(call->request, "X-Amz-Client-Context");
    struct text decoded = TEXT_INIT;
    if (encoded && strlen(encoded) <= CONTEXT_LIMIT)
        base64_decode(span_of(encoded), &decoded);
    for (size_t i = 0; i < decoded.length; i++) /* it becomes a header field */
        if ((unsigned char)decoded.bytes[i] < ' ')
            decoded.bytes[i] = ' ';
    return decoded.bytes;
}

static char *invoked_arn(const struct api_request *call, const struct version *version) {
    struct text arn = TEXT_INIT;
    api_arn(call->server, version->function->name, call->reference.qualifier, &arn);
    return arn.bytes;
}

static struct invocation *new_invocation(struct api_request *call, struct version *version) {
    struct text line = TEXT_INIT;
    const char *log_type = httpd_header(call->request, "X-Amz-Log-Type");
    if (call->server->record >= 0)
        record_begin(call, &line);
    if (!call->request->body.length)
        text_append_string(&call->request->body, "{}");
    struct invocation *invocation = invocation_new(version, call->request, &call->request->body);
    memcpy(invocation->id, call->id, sizeof invocation->id);
    invocation->arn = invoked_arn(call, version);
    invocation->client_context = client_context(call);
    invocation->wants_tail = log_type && strcasecmp(log_type, "Tail") == 0;
    invocation->record = line;
    call->noted = true;
    return invocation;
}

static struct event *new_event(struct api_request *call, struct version *version) {
    const struct text *body = &call->request->body;
    struct event *event = event_new(version);
    memcpy(event->id, call->id, sizeof event->id);
    event->arn = invoked_arn(call, version);
    event->client_context = client_context(call);
    if (body->length)
        text_append(&event->payload, body->bytes, body->length);
    else
        text_append_string(&event->payload, "{}");
    return event;
}

/* An alias may give a part of its invocations to a second version. */
static struct version *route(struct function *function, const struct alias *alias, struct version *version) {
    if (!alias->additional || drand48() >= alias->weight)
        return version;
    struct version *second = version_find(function, alias->additional);
    return second ? second : version;
}

void api_invoke(struct api_request *call) {
    enum type type;
    struct alias *alias;
    struct function *function = api_function_to_run(call);
    struct version *version = function ? api_version(call, function, &alias) : NULL;
    if (version && alias)
        version = route(function, alias, version);
    if (!version || !read_type(call, &type) || !check_payload(call, type) || !check_state(call, version))
        return;
    if (type == DRY_RUN) {
        api_respond(call, 204, NULL);
        return;
    }
    if (type == EVENT) {
        api_respond(call, 202, NULL);
        event_run(new_event(call, version));
        return;
    }
    if (!check_concurrency(call, function))
        return;
    call->kept = true;
    environment_invoke(new_invocation(call, version));
}
