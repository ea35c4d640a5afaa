#include "local/api/api.h"

#include "local/api/call-log.h"
#include "local/api/verify.h"
#include "local/server.h"
#include "serve/query.h"
#include "util/memory.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    IDLE_TIMEOUT_S = 120,
    ARRIVING_LIMIT = 128 * 1024 * 1024, /* of bodies together */
    PAGE_SIZE = 50,
    PAGE_LIMIT = 10000,
    CODE_PATIENCE_MS = 1000
};

/* ---- answers ---- */

void api_respond(struct api_request *call, unsigned int status, struct json_t *response) {
    call->status = status;
    call->response = response;
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

void api_fail(struct api_request *call, const char *type, const char *format, ...) {
    char message[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    size_t i = 0;
    while (strcmp(exceptions[i].type, type) != 0)
        i++;
    json_decref(call->response);
    call->status = exceptions[i].status;
    call->error = type;
    call->response = json_object();
    if (call->status != 403)
        json_object_set_new(call->response, "Type", json_string(call->status == 500 ? "Service" : "User"));
    json_object_set_new(call->response, exceptions[i].capital ? "Message" : "message", json_string(message));
}

void api_fail_member(struct api_request *call, const char *name, const char *value) {
    json_object_set_new(call->response, name, json_string(value));
}

static void send_response(struct api_request *call) {
    struct text body = TEXT_INIT;
    char *dumped = call->response ? json_dumps(call->response, JSON_COMPACT) : NULL;
    char retry[16];
    snprintf(retry, sizeof retry, "%d", call->retry_after_s);
    if (dumped)
        text_append_string(&body, dumped);
    free(dumped);
    const struct httpd_header headers[] = {
        {"Content-Type", call->response ? "application/json" : NULL},
        {"x-amzn-RequestId", call->id},
        {"x-amzn-ErrorType", call->error},
        {"Retry-After", call->retry_after_s ? retry : NULL},
    };
    if (!call->noted)
        record_call(call);
    httpd_respond(call->request, call->status, headers, sizeof headers / sizeof *headers, &body);
    json_decref(call->response);
}

/* ---- what a call says ---- */

bool api_parameter(const struct api_request *call, const char *name, struct text *value) {
    text_clear(value);
    return query_parameter(call->request->query, name, value);
}

struct json_t *api_body(struct api_request *call) {
    const struct text *body = &call->request->body;
    json_error_t error;
    if (!body->length)
        return json_object();
    json_t *object = json_loadb(body->bytes, body->length, 0, &error);
    if (!json_is_object(object)) {
        json_decref(object);
        api_fail(call, "SerializationException", "Could not parse request body into json: %s",
                 object ? "not an object" : error.text);
        return NULL;
    }
    return object;
}

bool api_page(struct api_request *call, struct text *marker, size_t *limit) {
    struct text value = TEXT_INIT;
    *limit = PAGE_SIZE;
    api_parameter(call, "Marker", marker);
    if (api_parameter(call, "MaxItems", &value)) {
        char *end;
        long items = strtol(text_string(&value), &end, 10);
        if (!value.length || *end || items < 1 || items > PAGE_LIMIT)
            api_fail(call, "ValidationException",
                     "1 validation error detected: Value '%.64s' at 'maxItems' failed to satisfy constraint: "
                     "Member "
                     "must have value between 1 and 10000",
                     text_string(&value));
        else if (items < PAGE_SIZE)
            *limit = (size_t)items;
    }
    text_release(&value);
    return !call->error;
}

void api_arn(const struct server *server, const char *name, const char *qualifier, struct text *arn) {
    text_append_format(arn, "arn:aws:lambda:%s:%s:function:%s%s%s", server->settings.region,
                       server->settings.account, name, qualifier[0] ? ":" : "", qualifier);
}

bool api_version_number(const char *text, unsigned long *number) {
    if (strcmp(text, "$LATEST") == 0) {
        *number = 0;
        return true;
    }
    if (text[0] < '1' || text[0] > '9' || strspn(text, "0123456789") != strlen(text) || strlen(text) > 18)
        return false;
    *number = strtoul(text, NULL, 10);
    return true;
}

bool api_is_alias_name(const char *qualifier) {
    return qualifier[0] && strcmp(qualifier, "$LATEST") != 0 &&
           strspn(qualifier, "0123456789") != strlen(qualifier);
}

static void fail_missing(struct api_request *call) {
    struct text arn = TEXT_INIT;
    bool is_alias = api_is_alias_name(call->reference.qualifier);
    api_arn(call->server, call->reference.name, call->reference.qualifier, &arn);
    api_fail(call, "ResourceNotFoundException", "%s: %s",
             is_alias ? "Cannot find alias arn" : "Function not found", text_string(&arn));
    text_release(&arn);
}

static struct function *named_function(struct api_request *call, int patience_ms) {
    const struct settings *settings = &call->server->settings;
    const struct function_reference *reference = &call->reference;
    bool elsewhere = (reference->region[0] && strcmp(reference->region, settings->region) != 0) ||
                     (reference->account[0] && strcmp(reference->account, settings->account) != 0);
    struct function *function = elsewhere ? NULL : store_find(&call->server->store, reference->name);
    if (function)
        store_settle(function, patience_ms);
    else
        fail_missing(call);
    return function;
}

struct function *api_function(struct api_request *call) {
    return named_function(call, 0);
}

struct function *api_function_to_run(struct api_request *call) {
    return named_function(call, CODE_PATIENCE_MS);
}

struct version *api_version(struct api_request *call, struct function *function, struct alias **alias) {
    const char *qualifier = call->reference.qualifier;
    unsigned long number = 0;
    *alias = NULL;
    if (api_is_alias_name(qualifier)) {
        *alias = alias_find(function, qualifier);
        if (*alias)
            number = (*alias)->version;
    }
    bool known = *alias || !qualifier[0] || api_version_number(qualifier, &number);
    struct version *version = known ? version_find(function, number) : NULL;
    if (!version)
        fail_missing(call);
    return version;
}

/* ---- which operation ---- */

/* In a pattern F stands for a function, A for an alias and R for an ARN of anything. */
static const struct route {
    const char *method, *pattern, *name;
    api_operation *operation;
} routes[] = {
    {"POST", "2015-03-31/functions/F/invocations", "Invoke", api_invoke},
    {"GET", "2015-03-31/functions", "ListFunctions", api_list_functions},
    {"GET", "2015-03-31/functions/F", "GetFunction", api_get_function},
    {"DELETE", "2015-03-31/functions/F", "DeleteFunction", api_delete_function},
    {"GET", "2015-03-31/functions/F/configuration", "GetFunctionConfiguration",
     api_get_function_configuration},
    {"PUT", "2015-03-31/functions/F/configuration", "UpdateFunctionConfiguration",
     api_update_function_configuration},
    {"POST", "2015-03-31/functions/F/versions", "PublishVersion", api_publish_version},
    {"GET", "2015-03-31/functions/F/versions", "ListVersionsByFunction", api_list_versions},
    {"POST", "2015-03-31/functions/F/aliases", "CreateAlias", api_create_alias},
    {"GET", "2015-03-31/functions/F/aliases", "ListAliases", api_list_aliases},
    {"GET", "2015-03-31/functions/F/aliases/A", "GetAlias", api_get_alias},
    {"PUT", "2015-03-31/functions/F/aliases/A", "UpdateAlias", api_update_alias},
    {"DELETE", "2015-03-31/functions/F/aliases/A", "DeleteAlias", api_delete_alias},
    {"GET", "2015-03-31/functions/F/policy", "GetPolicy", api_get_policy},
    {"GET", "2016-08-19/account-settings", "GetAccountSettings", api_get_account_settings},
    {"GET", "2019-09-30/functions/F/concurrency", "GetFunctionConcurrency", api_get_concurrency},
    {"PUT", "2017-10-31/functions/F/concurrency", "PutFunctionConcurrency", api_put_concurrency},
    {"DELETE", "2017-10-31/functions/F/concurrency", "DeleteFunctionConcurrency", api_delete_concurrency},
    {"GET", "2021-07-20/functions/F/runtime-management-config", "GetRuntimeManagementConfig",
     api_get_runtime_management},
    {"GET", "2017-03-31/tags/R", "ListTags", api_list_tags},
};

static struct span next_segment(struct span *path) {
    const char *slash = path->length ? memchr(path->start, '/', path->length) : NULL;
    size_t length = slash ? (size_t)(slash - path->start) : path->length;
    struct span segment = {path->start, length};
    path->start += slash ? length + 1 : length;
    path->length -= slash ? length + 1 : length;
    return segment;
}

/* True when `path` has the pattern's form; `named[0]` and `named[1]` are then the segments that stand for
 * names. */
static bool matches(struct span path, const char *pattern, struct span named[2]) {
    struct span wanted = span_of(pattern);
    named[0] = named[1] = (struct span){NULL, 0};
    while (wanted.length && path.length) {
        struct span want = next_segment(&wanted), have = next_segment(&path);
        if (want.length != 1 && !span_same(want, have))
            return false;
        if (want.length == 1)
            named[want.start[0] == 'A'] = have;
    }
    return !wanted.length && !path.length;
}

static const struct route *find_route(const struct httpd_request *request, struct span named[2]) {
    struct span path = request->path;
    if (!path.length || path.start[0] != '/')
        return NULL;
    path.start++;
    path.length--;
    if (path.length && path.start[path.length - 1] == '/')
        path.length--;
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        if (span_equals(request->method, routes[i].method) && matches(path, routes[i].pattern, named))
            return &routes[i];
    return NULL;
}

static bool refuse_name(struct api_request *call, const char *member, const char *value) {
    api_fail(call, "ValidationException",
             "1 validation error detected: Value '%.256s' at '%s' failed to satisfy constraint: Member must "
             "satisfy "
             "regular expression pattern",
             value, member);
    return false;
}

static bool read_function(struct api_request *call, struct span segment) {
    struct text decoded = TEXT_INIT, qualifier = TEXT_INIT;
    struct function_reference *reference = &call->reference;
    bool read = percent_decode(segment, &decoded) &&
                function_reference_parse((struct span){text_string(&decoded), decoded.length}, reference);
    if (!read) {
        refuse_name(call, "functionName", text_string(&decoded));
    } else if (api_parameter(call, "Qualifier", &qualifier) && qualifier.length) {
        struct span given = {qualifier.bytes, qualifier.length};
        if (reference->qualifier[0] && !span_equals(given, reference->qualifier))
            api_fail(call, "InvalidParameterValueException",
                     "The derived qualifier from the function name does not match the specified qualifier.");
        else if (!is_plain_name(given, QUALIFIER_SIZE - 1) && !span_equals(given, "$LATEST"))
            refuse_name(call, "qualifier", qualifier.bytes);
        else
            memcpy(reference->qualifier, qualifier.bytes, qualifier.length + 1);
    }
    text_release(&decoded);
    text_release(&qualifier);
    return !call->error;
}

static bool read_alias(struct api_request *call, struct span segment) {
    struct text decoded = TEXT_INIT;
    bool read = percent_decode(segment, &decoded) &&
                is_plain_name((struct span){text_string(&decoded), decoded.length}, QUALIFIER_SIZE - 1);
    if (read)
        memcpy(call->alias, decoded.bytes, decoded.length + 1);
    else
        refuse_name(call, "name", text_string(&decoded));
    text_release(&decoded);
    return read;
}

/* The body of whoever is refused anyway does not fill the memory. */
static bool admit(void *context, struct httpd_request *request) {
    struct api_request call = {.server = context, .request = request};
    bool admitted = verify_headers(&call, time(NULL));
    json_decref(call.response);
    return admitted;
}

static void handle(void *context, struct httpd_request *request) {
    struct api_request call = {.server = context, .request = request};
    struct span named[2];
    const struct route *route = find_route(request, named);
    stamp_uuid(call.id);
    call.server->request_count++;
    call.operation = route ? route->name : NULL;
    if (!verify_call(&call, time(NULL)))
        request->unwanted = true;
    else if (!route)
        api_fail(&call, "UnknownOperationException",
                 "The request is no operation of the API that pt-local has");
    else if ((!named[0].start || read_function(&call, named[0])) &&
             (!named[1].start || read_alias(&call, named[1])))
        route->operation(&call);
    if (!call.kept)
        send_response(&call);
}

struct httpd_options api_options(struct server *server) {
    return (struct httpd_options){.port = server->settings.port,
                                  .body_limit = PAYLOAD_LIMIT,
                                  .bodies_limit = ARRIVING_LIMIT,
                                  .idle_timeout_s = IDLE_TIMEOUT_S,
                                  .request_timeout_s = (unsigned int)server->settings.request_timeout_s,
                                  .admit = admit,
                                  .handle = handle,
                                  .context = server};
}
