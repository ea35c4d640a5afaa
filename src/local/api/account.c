/* The operations on the account, and on properties of a function outside its configuration. */
#include "local/api/api.h"

#include "local/server.h"

#include <jansson.h>

void api_get_account_settings(struct api_request *request) {
    const struct server *server = request->server;
    json_int_t quota = (json_int_t)server->settings.code_storage_mb * 1024 * 1024;
    int unreserved = server->settings.concurrency;
    for (size_t i = 0; i < server->store.count; i++) {
        const struct function *function = server->store.functions[i];
        unreserved -= function->reserved_concurrency > 0 ? function->reserved_concurrency : 0;
    }
    api_respond(request, 200,
                json_pack("{s:{s:I, s:I, s:I, s:i, s:i}, s:{s:I, s:I}}", "AccountLimit", "TotalCodeSize",
                          quota, "CodeSizeUnzipped", (json_int_t)262144000, "CodeSizeZipped",
                          (json_int_t)52428800, "ConcurrentExecutions", server->settings.concurrency,
                          "UnreservedConcurrentExecutions", unreserved, "AccountUsage", "TotalCodeSize",
                          (json_int_t)store_code_size(&server->store), "FunctionCount",
                          (json_int_t)server->store.count));
}

static json_t *show_concurrency(const struct function *function) {
    json_t *response = json_object();
    if (function->reserved_concurrency >= 0)
        json_object_set_new(response, "ReservedConcurrentExecutions",
                            json_integer(function->reserved_concurrency));
    return response;
}

void api_get_concurrency(struct api_request *request) {
    struct function *function = api_function(request);
    if (function)
        api_respond(request, 200, show_concurrency(function));
}

void api_put_concurrency(struct api_request *request) {
    struct function *function = api_function(request);
    json_t *body = function ? api_body(request) : NULL;
    if (!body)
        return;
    json_t *wanted = json_object_get(body, "ReservedConcurrentExecutions");
    json_int_t number = json_integer_value(wanted);
    if (!json_is_integer(wanted) || number < 0)
        api_fail(request, "ValidationException",
                 "1 validation error detected: Value at 'reservedConcurrentExecutions' failed to satisfy "
                 "constraint: Member must have value greater than or equal to 0");
    else if (number > request->server->settings.concurrency)
        api_fail(request, "InvalidParameterValueException",
                 "Specified ReservedConcurrentExecutions for function decreases account's "
                 "UnreservedConcurrentExecution below its minimum value.");
    if (!request->error) {
        function->reserved_concurrency = (int)number;
        api_respond(request, 200, show_concurrency(function));
    }
    json_decref(body);
}

void api_delete_concurrency(struct api_request *request) {
    struct function *function = api_function(request);
    if (!function)
        return;
    function->reserved_concurrency = -1;
    api_respond(request, 204, NULL);
}

void api_get_runtime_management(struct api_request *request) {
    struct alias *alias;
    struct text arn = TEXT_INIT;
    struct function *function = api_function(request);
    if (!function || !api_version(request, function, &alias))
        return;
    api_arn(request->server, function->name,
            request->reference.qualifier[0] ? request->reference.qualifier : "$LATEST", &arn);
    api_respond(request, 200, json_pack("{s:s, s:s}", "FunctionArn", arn.bytes, "UpdateRuntimeOn", "Auto"));
    text_release(&arn);
}

void api_list_tags(struct api_request *request) {
    if (api_function(request))
        api_respond(request, 200, json_pack("{s:{}}", "Tags"));
}

void api_get_policy(struct api_request *request) {
    if (api_function(request))
        api_fail(request, "ResourceNotFoundException", "The resource you requested does not exist.");
}
