/* The operations on the account, and on properties of a function outside its configuration. */
#include "local/api/api.h"

#include "local/server.h"
#include "util/json.h"

void api_get_account_settings(struct api_request *request) {
    enum { CODE_UNZIPPED = 262144000, CODE_ZIPPED = 52428800 };
    const struct server *server = request->server;
    int unreserved = server->settings.concurrency;
    for (size_t i = 0; i < server->store.count; i++) {
        const struct function *function = server->store.functions[i];
        unreserved -= function->reserved_concurrency > 0 ? function->reserved_concurrency : 0;
    }
    struct text *response = api_respond(request, 200);
    text_append_string(response, "{\"AccountLimit\":{");
    json_put_number(response, "TotalCodeSize", server->settings.code_storage_mb * 1024.0 * 1024);
    json_put_number(response, "CodeSizeUnzipped", CODE_UNZIPPED);
    json_put_number(response, "CodeSizeZipped", CODE_ZIPPED);
    json_put_number(response, "ConcurrentExecutions", server->settings.concurrency);
    json_put_number(response, "UnreservedConcurrentExecutions", unreserved);
    text_append_string(response, "},\"AccountUsage\":{");
    json_put_number(response, "TotalCodeSize", (double)store_code_size(&server->store));
    json_put_number(response, "FunctionCount", (double)server->store.count);
    text_append_string(response, "}}");
}

void api_show_concurrency(const struct function *function, struct text *out) {
    text_append_byte(out, '{');
    if (function->reserved_concurrency >= 0)
        json_put_number(out, "ReservedConcurrentExecutions", function->reserved_concurrency);
    text_append_byte(out, '}');
}

void api_get_concurrency(struct api_request *request) {
    struct function *function = api_function(request);
    if (function)
        api_show_concurrency(function, api_respond(request, 200));
}

void api_put_concurrency(struct api_request *request) {
    struct span body;
    struct function *function = api_function(request);
    if (!function || !api_body(request, &body))
        return;
    long long number = -1;
    json_whole_number(json_get(body, "ReservedConcurrentExecutions"), &number);
    if (number < 0)
        api_fail(request, "ValidationException",
                 "1 validation error detected: Value at 'reservedConcurrentExecutions' failed to satisfy "
                 "constraint: Member must have value greater than or equal to 0");
    else if (number > request->server->settings.concurrency)
        api_fail(request, "InvalidParameterValueException",
                 "Specified ReservedConcurrentExecutions for function decreases account's "
                 "UnreservedConcurrentExecution below its minimum value.");
    if (request->error)
        return;
    function->reserved_concurrency = (int)number;
    api_show_concurrency(function, api_respond(request, 200));
}

void api_delete_concurrency(struct api_request *request) {
    struct function *function = api_function(request);
    if (!function)
        return;
    function->reserved_concurrency = -1;
    api_respond(request, 204);
}

void api_get_runtime_management(struct api_request *request) {
    struct alias *alias;
    struct text arn = TEXT_INIT;
    struct function *function = api_function(request);
    if (!function || !api_version(request, function, &alias))
        return;
    api_arn(request->server, function->name,
            request->reference.qualifier[0] ? request->reference.qualifier : "$LATEST", &arn);
    struct text *response = api_respond(request, 200);
    text_append_byte(response, '{');
    json_put_string(response, "FunctionArn", arn.bytes);
    json_put_string(response, "UpdateRuntimeOn", "Auto");
    text_append_byte(response, '}');
    text_release(&arn);
}

void api_list_tags(struct api_request *request) {
    if (api_function(request))
        text_append_string(api_respond(request, 200), "{\"Tags\":{}}");
}

void api_get_policy(struct api_request *request) {
    if (api_function(request))
        api_fail(request, "ResourceNotFoundException", "The resource you requested does not exist.");
}
