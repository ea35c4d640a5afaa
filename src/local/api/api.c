#include "local/api/api.h"

#include "local/api/request-log.h"
#include "local/api/verify.h"
#include "local/server.h"
#include "serve/query.h"
#include "util/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    IDLE_TIMEOUT_S = 120,
    ARRIVING_LIMIT = 128 * 1024 * 1024, /* of all bodies together that are arriving, in bytes */
    CODE_PATIENCE_MS = 1000
};

/* ---- names, functions and versions ---- */

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

static bool is_alias_name(const char *qualifier) {
    return qualifier[0] && strcmp(qualifier, "$LATEST") != 0 &&
           strspn(qualifier, "0123456789") != strlen(qualifier);
}

static void fail_missing(struct api_request *request) {
    struct text arn = TEXT_INIT;
    bool is_alias = is_alias_name(request->reference.qualifier);
    api_arn(request->server, request->reference.name, request->reference.qualifier, &arn);
    api_fail(request, "ResourceNotFoundException", "%s: %s",
             is_alias ? "Cannot find alias arn" : "Function not found", text_string(&arn));
    text_release(&arn);
}

static struct function *named_function(struct api_request *request, int patience_ms) {
    const struct settings *settings = &request->server->settings;
    const struct function_reference *reference = &request->reference;
    bool elsewhere = (reference->region[0] && strcmp(reference->region, settings->region) != 0) ||
                     (reference->account[0] && strcmp(reference->account, settings->account) != 0);
    struct function *function = elsewhere ? NULL : store_find(&request->server->store, reference->name);
    if (function)
        store_settle(function, patience_ms);
    else
        fail_missing(request);
    return function;
}

struct function *api_function(struct api_request *request) {
    return named_function(request, 0);
}

struct function *api_function_to_run(struct api_request *request) {
    return named_function(request, CODE_PATIENCE_MS);
}

struct version *api_version(struct api_request *request, struct function *function, struct alias **alias) {
    const char *qualifier = request->reference.qualifier;
    unsigned long number = 0;
    *alias = NULL;
    if (is_alias_name(qualifier)) {
        *alias = alias_find(function, qualifier);
        if (*alias)
            number = (*alias)->version;
    }
    bool known = *alias || !qualifier[0] || api_version_number(qualifier, &number);
    struct version *version = known ? version_find(function, number) : NULL;
    if (!version)
        fail_missing(request);
    return version;
}

bool api_refuse_revision(struct api_request *request, struct span body, const char *revision) {
    struct span wanted = json_get(body, "RevisionId");
    if (json_type(wanted) == JSON_STRING && !json_string_is(wanted, revision))
        api_fail(request, "PreconditionFailedException",
                 "The Revision Id provided does not match the latest Revision Id. Call the "
                 "GetFunction/GetAlias API to retrieve the latest Revision Id");
    return request->error != NULL;
}

bool api_refuse_busy(struct api_request *request, const struct version *version) {
    struct text arn = TEXT_INIT;
    api_arn(request->server, version->function->name, "", &arn);
    if (version->settles_at)
        api_fail(request, "ResourceConflictException",
                 "The operation cannot be performed at this time. An update is in progress for resource: %s",
                 arn.bytes);
    text_release(&arn);
    return request->error != NULL;
}

/* ---- which operation ---- */

/* In a pattern, F is a function, A is an alias, and R is an ARN. */
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

/* Matches `path` with a pattern. Sets `named[0]` to the segment of the function or ARN and `named[1]` to the
 * segment of the alias. */
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

static const struct route *find_route(const struct httpd_request *http, struct span named[2]) {
    struct span path = http->path;
    if (!path.length || path.start[0] != '/')
        return NULL;
    path.start++;
    path.length--;
    if (path.length && path.start[path.length - 1] == '/')
        path.length--;
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        if (span_equals(http->method, routes[i].method) && matches(path, routes[i].pattern, named))
            return &routes[i];
    return NULL;
}

static bool refuse_name(struct api_request *request, const char *member, const char *value) {
    api_fail(request, "ValidationException",
             "1 validation error detected: Value '%.256s' at '%s' failed to satisfy constraint: Member must "
             "satisfy regular expression pattern",
             value, member);
    return false;
}

static bool read_function(struct api_request *request, struct span segment) {
    struct text decoded = TEXT_INIT, qualifier = TEXT_INIT;
    struct function_reference *reference = &request->reference;
    bool read = percent_decode(segment, &decoded) &&
                function_reference_parse((struct span){text_string(&decoded), decoded.length}, reference);
    if (!read) {
        refuse_name(request, "functionName", text_string(&decoded));
    } else if (api_parameter(request, "Qualifier", &qualifier) && qualifier.length) {
        struct span given = {qualifier.bytes, qualifier.length};
        if (reference->qualifier[0] && !span_equals(given, reference->qualifier))
            api_fail(request, "InvalidParameterValueException",
                     "The derived qualifier from the function name does not match the specified qualifier.");
        else if (!is_plain_name(given, QUALIFIER_SIZE - 1) && !span_equals(given, "$LATEST"))
            refuse_name(request, "qualifier", qualifier.bytes);
        else
            memcpy(reference->qualifier, qualifier.bytes, qualifier.length + 1);
    }
    text_release(&decoded);
    text_release(&qualifier);
    return !request->error;
}

static bool read_alias(struct api_request *request, struct span segment) {
    struct text decoded = TEXT_INIT;
    bool read = percent_decode(segment, &decoded) &&
                is_plain_name((struct span){text_string(&decoded), decoded.length}, QUALIFIER_SIZE - 1);
    if (read)
        memcpy(request->alias, decoded.bytes, decoded.length + 1);
    else
        refuse_name(request, "name", text_string(&decoded));
    text_release(&decoded);
    return read;
}

static void send_response(struct api_request *request) {
    char retry[16];
    snprintf(retry, sizeof retry, "%d", request->retry_after_s);
    const struct httpd_header headers[] = {
        {"Content-Type", request->response.length ? "application/json" : NULL},
        {"x-amzn-RequestId", request->id},
        {"x-amzn-ErrorType", request->error},
        {"Retry-After", request->retry_after_s ? retry : NULL},
    };
    if (!request->noted)
        record_request(request);
    httpd_respond(request->http, request->status, headers, sizeof headers / sizeof *headers,
                  &request->response);
}

/* Refused requests are detected before their bodies arrive, so that these take no memory. */
static bool admit(void *context, struct httpd_request *http) {
    struct api_request request = {.server = context, .http = http};
    bool admitted = verify_headers(&request, time(NULL));
    api_request_release(&request);
    return admitted;
}

static void handle(void *context, struct httpd_request *http) {
    struct api_request request = {.server = context, .http = http};
    struct span named[2];
    const struct route *route = find_route(http, named);
    stamp_uuid(request.id);
    request.server->request_count++;
    request.operation = route ? route->name : NULL;
    if (!verify_request(&request, time(NULL)))
        http->unwanted = true;
    else if (!route)
        api_fail(&request, "UnknownOperationException", "pt-local does not support this operation");
    else if ((!named[0].start || read_function(&request, named[0])) &&
             (!named[1].start || read_alias(&request, named[1])))
        route->operation(&request);
    if (!request.kept)
        send_response(&request);
    api_request_release(&request);
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
