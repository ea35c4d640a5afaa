#include "local/api/request.h"

#include "serve/query.h"
#include "util/json.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_SIZE = 50, PAGE_LIMIT = 10000 };

/* ---- responses ---- */

struct text *api_respond(struct api_request *request, unsigned int status) {
    request->status = status;
    text_clear(&request->response);
    return &request->response;
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
    struct text *response = api_respond(request, exceptions[i].status);
    request->error = type;
    text_append_byte(response, '{');
    if (request->status != 403)
        json_put_string(response, "Type", request->status == 500 ? "Service" : "User");
    json_put_string(response, exceptions[i].capital ? "Message" : "message", message);
    text_append_byte(response, '}');
}

void api_fail_member(struct api_request *request, const char *name, const char *value) {
    request->response.length--; /* the closing brace */
    json_put_string(&request->response, name, value);
    text_append_byte(&request->response, '}');
}

void api_request_release(struct api_request *request) {
    text_release(&request->response);
    text_release(&request->body);
}

/* ---- parameters and body ---- */

bool api_parameter(const struct api_request *request, const char *name, struct text *value) {
    text_clear(value);
    return query_parameter(request->http->query, name, value);
}

bool api_body(struct api_request *request, struct span *body) {
    const struct text *sent = &request->http->body;
    struct json_error error = {0, "not an object"};
    struct span value = sent->length ? (struct span){sent->bytes, sent->length} : span_of("{}");
    text_clear(&request->body);
    bool valid = json_check(value, &value, &error) && json_type(value) == JSON_OBJECT;
    if (valid && !json_append_sorted(&request->body, value)) {
        error.reason = "a string with a NUL or a lone surrogate";
        valid = false;
    }
    if (!valid)
        api_fail(request, "SerializationException", "Could not parse request body into json: %s",
                 error.reason);
    *body = (struct span){request->body.bytes, request->body.length};
    return valid;
}

/* ---- lists ---- */

bool api_page_begin(struct api_request *request, const char *member, struct api_page *page) {
    struct text value = TEXT_INIT;
    *page = (struct api_page){.request = request, .room = PAGE_SIZE};
    if (api_parameter(request, "MaxItems", &value)) {
        char *end;
        long items = strtol(text_string(&value), &end, 10);
        if (!value.length || *end || items < 1 || items > PAGE_LIMIT)
            api_fail(request, "ValidationException",
                     "1 validation error detected: Value '%.64s' at 'maxItems' failed to satisfy constraint: "
                     "Member must have value between 1 and 10000",
                     text_string(&value));
        else if (items < PAGE_SIZE)
            page->room = (size_t)items;
    }
    text_release(&value);
    if (request->error)
        return false;
    api_parameter(request, "Marker", &page->marker);
    text_append_format(api_respond(request, 200), "{\"%s\":[", member);
    return true;
}

struct text *api_page_item(struct api_page *page, const char *name) {
    if (!page->room) {
        text_append_string(&page->next, name);
        return NULL;
    }
    page->room--;
    json_separate(&page->request->response);
    return &page->request->response;
}

void api_page_end(struct api_page *page) {
    struct text *response = &page->request->response;
    text_append_byte(response, ']');
    json_put_string(response, "NextMarker", page->next.bytes);
    text_append_byte(response, '}');
    text_release(&page->marker);
    text_release(&page->next);
}
