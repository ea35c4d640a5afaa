#include "local/api/request.h"

#include "serve/query.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_SIZE = 50, PAGE_LIMIT = 10000 };

/* ---- responses ---- */

void api_respond(struct api_request *request, unsigned int status, struct json_t *response) {
    request->status = status;
    request->response = response;
}

/* Exceptions by the name that the API gives them; some have "Message" and some "message", as in its model. */
static const struct {
    const char *type;
    unsigned int status;
    bool capital;
} exceptions[] = {
    {"ResourceNotFoundException", 404, true},
    {"ResourceConflictException", 409, false},
    {"InvalidParameterValueException", 400, false},
    {"ValidationException", 400, false},
    {"SerializationException", 400, true},
    {"InvalidRequestContentException", 400, false},
    {"PreconditionFailedException", 412, false},
    {"RequestTooLargeException", 413, false},
    {"TooManyRequestsException", 429, false},
    {"ServiceException", 500, true},
    {"CodeStorageExceededException", 400, false},
    {"UnknownOperationException", 404, false},
    {"MissingAuthenticationTokenException", 403, false},
    {"AccessDeniedException", 403, true},
    {"IncompleteSignatureException", 403, false},
    {"InvalidSignatureException", 403, false},
    {"UnrecognizedClientException", 403, false},
};

void api_fail(struct api_request *request, const char *type, const char *format, ...) {
    char message[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    size_t i = 0;
    while (strcmp(exceptions[i].type, type) != 0)
        i++;
    json_decref(request->response);
    request->status = exceptions[i].status;
    request->error = type;
    request->response = json_object();
    if (request->status != 403)
        json_object_set_new(request->response, "Type",
                            json_string(request->status == 500 ? "Service" : "User"));
    json_object_set_new(request->response, exceptions[i].capital ? "Message" : "message",
                        json_string(message));
}

void api_fail_member(struct api_request *request, const char *name, const char *value) {
    json_object_set_new(request->response, name, json_string(value));
}

/* ---- parameters and body ---- */

bool api_parameter(const struct api_request *request, const char *name, struct text *value) {
    text_clear(value);
    return query_parameter(request->http->query, name, value);
}

struct json_t *api_body(struct api_request *request) {
    const struct text *body = &request->http->body;
    json_error_t error;
    if (!body->length)
        return json_object();
    json_t *object = json_loadb(body->bytes, body->length, 0, &error);
    if (!json_is_object(object)) {
        json_decref(object);
        api_fail(request, "SerializationException", "Could not parse request body into json: %s",
                 object ? "not an object" : error.text);
        return NULL;
    }
    return object;
}

bool api_page(struct api_request *request, struct text *marker, size_t *limit) {
    struct text value = TEXT_INIT;
    *limit = PAGE_SIZE;
    api_parameter(request, "Marker", marker);
    if (api_parameter(request, "MaxItems", &value)) {
        char *end;
        long items = strtol(text_string(&value), &end, 10);
        if (!value.length || *end || items < 1 || items > PAGE_LIMIT)
            api_fail(request, "ValidationException",
                     "1 validation error detected: Value '%.64s' at 'maxItems' failed to satisfy constraint: "
                     "Member must have value between 1 and 10000",
                     text_string(&value));
        else if (items < PAGE_SIZE)
            *limit = (size_t)items;
    }
    text_release(&value);
    return !request->error;
}
