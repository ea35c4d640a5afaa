/* Invoke: checks the request, then starts an invocation or accepts an event. */
#include "local/api/api.h"

#include "local/api/request-log.h"
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

static bool read_type(struct api_request *request, enum type *type) {
    static const char *const names[] = {"RequestResponse", "Event", "DryRun"};
    const char *text = httpd_header(request->http, "X-Amz-Invocation-Type");
    *type = REQUEST_RESPONSE;
    if (!text || !text[0])
        return true;
    int index = WORD_INDEX(text, names);
    if (index >= 0) {
        *type = (enum type)index;
        return true;
    }
    api_fail(request, "ValidationException",
             "1 validation error detected: Value '%.64s' at 'invocationType' failed to satisfy constraint: "
             "Member must satisfy enum value set: [Event, RequestResponse, DryRun]",
             text);
    return false;
}

static bool check_payload(struct api_request *request, enum type type) {
    const struct httpd_request *http = request->http;
    struct json_error error;
    if (type == EVENT && http->body.length > EVENT_LIMIT) {
        api_fail(request, "RequestTooLargeException",
                 "%zu byte payload is too large for the Event invocation type (limit %d bytes)",
                 http->body.length, EVENT_LIMIT);
        return false;
    }
    if (http->body.length && !json_check((struct span){http->body.bytes, http->body.length}, NULL, &error))
        api_fail(request, "InvalidRequestContentException",
                 "Could not parse request body into json: Could not parse payload into json: %s at byte %zu",
                 error.reason, error.offset);
    return !request->error;
}

static bool check_state(struct api_request *request, const struct version *version) {
    if (version_is_pending(version))
        api_fail(request, "ResourceConflictException",
                 "The operation cannot be performed at this time. The function is currently in the following "
                 "state: Pending");
    return !request->error;
}

static bool check_concurrency(struct api_request *request, const struct function *function) {
    const char *quota = invocation_refusal(function);
    if (!quota)
        return true;
    api_fail(request, "TooManyRequestsException", "Rate Exceeded.");
    api_fail_member(request, "Reason", quota);
    request->retry_after_s = 1;
    return false;
}

static char *client_context(const struct api_request *request) {
    const char *encoded = httpd_header(request->http, "X-Amz-Client-Context");
    struct text decoded = TEXT_INIT;
    if (encoded && strlen(encoded) <= CONTEXT_LIMIT)
        base64_decode(span_of(encoded), &decoded);
    for (size_t i = 0; i < decoded.length; i++) /* it is sent on in a header field */
        if ((unsigned char)decoded.bytes[i] < ' ')
            decoded.bytes[i] = ' ';
    return decoded.bytes;
}

static char *invoked_arn(const struct api_request *request, const struct version *version) {
    struct text arn = TEXT_INIT;
    api_arn(request->server, version->function->name, request->reference.qualifier, &arn);
    return arn.bytes;
}

static struct invocation *new_invocation(struct api_request *request, struct version *version) {
    struct text line = TEXT_INIT;
    const char *log_type = httpd_header(request->http, "X-Amz-Log-Type");
    if (request->server->record >= 0)
        record_begin(request, &line);
    if (!request->http->body.length)
        text_append_string(&request->http->body, "{}");
    struct invocation *invocation = invocation_new(version, request->http, &request->http->body);
    memcpy(invocation->id, request->id, sizeof invocation->id);
    invocation->arn = invoked_arn(request, version);
    invocation->client_context = client_context(request);
    invocation->wants_tail = log_type && strcasecmp(log_type, "Tail") == 0;
    invocation->record = line;
    request->noted = true;
    return invocation;
}

static struct event *new_event(struct api_request *request, struct version *version) {
    const struct text *body = &request->http->body;
    struct event *event = event_new(version);
    memcpy(event->id, request->id, sizeof event->id);
    event->arn = invoked_arn(request, version);
    event->client_context = client_context(request);
    if (body->length)
        text_append(&event->payload, body->bytes, body->length);
    else
        text_append_string(&event->payload, "{}");
    return event;
}

/* An alias can route a part of its invocations to a second version. */
static struct version *route(struct function *function, const struct alias *alias, struct version *version) {
    if (!alias->additional || drand48() >= alias->weight)
        return version;
    struct version *second = version_find(function, alias->additional);
    return second ? second : version;
}

void api_invoke(struct api_request *request) {
    enum type type;
    struct alias *alias;
    struct function *function = api_function_to_run(request);
    struct version *version = function ? api_version(request, function, &alias) : NULL;
    if (version && alias)
        version = route(function, alias, version);
    if (!version || !read_type(request, &type) || !check_payload(request, type) ||
        !check_state(request, version))
        return;
    if (type == DRY_RUN) {
        api_respond(request, 204);
        return;
    }
    if (type == EVENT) {
        api_respond(request, 202);
        event_run(new_event(request, version));
        return;
    }
    if (!check_concurrency(request, function))
        return;
    request->kept = true;
    environment_invoke(new_invocation(request, version));
}
