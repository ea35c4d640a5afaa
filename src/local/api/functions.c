/* The operations on functions: GetFunction, GetFunctionConfiguration, UpdateFunctionConfiguration,
 * ListFunctions, DeleteFunction. */
#include "local/api/api.h"

#include "local/api/configuration.h"
#include "local/server.h"

#include <jansson.h>
#include <string.h>

void api_get_function_configuration(struct api_request *call) {
    struct alias *alias;
    struct function *function = api_function(call);
    struct version *version = function ? api_version(call, function, &alias) : NULL;
    if (version)
        api_respond(call, 200, configuration_show(version, call->reference.qualifier));
}

void api_get_function(struct api_request *call) {
    api_get_function_configuration(call);
    if (call->error)
        return;
    struct function *function = store_find(&call->server->store, call->reference.name);
    struct text location = TEXT_INIT;
    text_append_format(&location, "file://%s", version_latest(function)->code->directory);
    json_t *response = json_pack("{s:o, s:{s:s, s:s}}", "Configuration", call->response, "Code",
                                 "RepositoryType", "S3", "Location", location.bytes);
    if (function->reserved_concurrency >= 0)
        json_object_set_new(
            response, "Concurrency",
            json_pack("{s:i}", "ReservedConcurrentExecutions", function->reserved_concurrency));
    text_release(&location);
    api_respond(call, 200, response);
}

bool api_refuse_revision(struct api_request *call, const struct json_t *body, const char *revision) {
    const char *wanted = json_string_value(json_object_get(body, "RevisionId"));
    if (wanted && strcmp(wanted, revision) != 0)
        api_fail(call, "PreconditionFailedException",
                 "The Revision Id provided does not match the latest Revision Id. Call the "
                 "GetFunction/GetAlias API to "
                 "retrieve the latest Revision Id");
    return call->error != NULL;
}

bool api_refuse_busy(struct api_request *call, const struct version *version) {
    struct text arn = TEXT_INIT;
    api_arn(call->server, version->function->name, "", &arn);
    if (version->settles_at)
        api_fail(call, "ResourceConflictException",
                 "The operation cannot be performed at this time. An update is in progress for resource: %s",
                 arn.bytes);
    text_release(&arn);
    return call->error != NULL;
}

void api_update_function_configuration(struct api_request *call) {
    struct function *function = api_function(call);
    json_t *body = function ? api_body(call) : NULL;
    if (!body)
        return;
    struct version *latest = version_latest(function);
    json_t *updated = NULL;
    if (call->reference.qualifier[0] && strcmp(call->reference.qualifier, "$LATEST") != 0)
        api_fail(call, "InvalidParameterValueException",
                 "This operation does not permit a qualified function name");
    else if (!api_refuse_revision(call, body, latest->revision) && !api_refuse_busy(call, latest))
        updated = configuration_update(call, latest->configuration, body);
    if (updated) {
        json_decref(latest->configuration);
        latest->configuration = updated;
        version_changed(latest, call->server->settings.update_delay_ms);
        api_respond(call, 200, configuration_show(latest, ""));
    }
    json_decref(body);
}

void api_list_functions(struct api_request *call) {
    size_t limit, i = 0;
    struct text marker = TEXT_INIT;
    struct store *store = &call->server->store;
    if (!api_page(call, &marker, &limit)) {
        text_release(&marker);
        return;
    }
    json_t *list = json_array();
    while (i < store->count && strcmp(store->functions[i]->name, text_string(&marker)) < 0)
        i++;
    for (; i < store->count && json_array_size(list) < limit; i++) {
        store_settle(store->functions[i], 0);
        json_array_append_new(list, configuration_show(version_latest(store->functions[i]), ""));
    }
    json_t *response = json_pack("{s:o}", "Functions", list);
    if (i < store->count)
        json_object_set_new(response, "NextMarker", json_string(store->functions[i]->name));
    text_release(&marker);
    api_respond(call, 200, response);
}

static void delete_version(struct api_request *call, struct function *function) {
    unsigned long number;
    const char *qualifier = call->reference.qualifier;
    struct alias *alias;
    if (!api_version_number(qualifier, &number)) {
        api_fail(call, "InvalidParameterValueException", "Deletion of aliases is not currently supported.");
        return;
    }
    if (number == 0) {
        api_fail(call, "InvalidParameterValueException",
                 "$LATEST version cannot be deleted without deleting the function.");
        return;
    }
    struct version *version = api_version(call, function, &alias);
    if (!version)
        return;
    const struct alias *holding = alias_of_version(function, number);
    if (holding) {
        api_fail(call, "ResourceConflictException",
                 "Unable to delete version because the following aliases reference it: [%s]", holding->name);
        return;
    }
    version_delete(version);
    api_respond(call, 204, NULL);
}

void api_delete_function(struct api_request *call) {
    struct function *function = api_function(call);
    if (!function)
        return;
    if (call->reference.qualifier[0]) {
        delete_version(call, function);
        return;
    }
    store_remove(function);
    api_respond(call, 204, NULL);
}
