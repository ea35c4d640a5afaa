/* The operations on functions: GetFunction, GetFunctionConfiguration, UpdateFunctionConfiguration,
 * ListFunctions, DeleteFunction. */
#include "local/api/api.h"

#include "local/api/configuration.h"
#include "local/server.h"

#include <jansson.h>
#include <string.h>

void api_get_function_configuration(struct api_request *request) {
    struct alias *alias;
    struct function *function = api_function(request);
    struct version *version = function ? api_version(request, function, &alias) : NULL;
    if (version)
        api_respond(request, 200, configuration_show(version, request->reference.qualifier));
}

void api_get_function(struct api_request *request) {
    api_get_function_configuration(request);
    if (request->error)
        return;
    struct function *function = store_find(&request->server->store, request->reference.name);
    struct text location = TEXT_INIT;
    text_append_format(&location, "file://%s", version_latest(function)->code->directory);
    json_t *response = json_pack("{s:o, s:{s:s, s:s}}", "Configuration", request->response, "Code",
                                 "RepositoryType", "S3", "Location", location.bytes);
    if (function->reserved_concurrency >= 0)
        json_object_set_new(
            response, "Concurrency",
            json_pack("{s:i}", "ReservedConcurrentExecutions", function->reserved_concurrency));
    text_release(&location);
    api_respond(request, 200, response);
}

void api_update_function_configuration(struct api_request *request) {
    struct function *function = api_function(request);
    json_t *body = function ? api_body(request) : NULL;
    if (!body)
        return;
    struct version *latest = version_latest(function);
    json_t *updated = NULL;
    if (request->reference.qualifier[0] && strcmp(request->reference.qualifier, "$LATEST") != 0)
        api_fail(request, "InvalidParameterValueException",
                 "This operation does not permit a qualified function name");
    else if (!api_refuse_revision(request, body, latest->revision) && !api_refuse_busy(request, latest))
        updated = configuration_update(request, latest->configuration, body);
    if (updated) {
        json_decref(latest->configuration);
        latest->configuration = updated;
        version_changed(latest, request->server->settings.update_delay_ms);
        api_respond(request, 200, configuration_show(latest, ""));
    }
    json_decref(body);
}

void api_list_functions(struct api_request *request) {
    size_t limit, i = 0;
    struct text marker = TEXT_INIT;
    struct store *store = &request->server->store;
    if (!api_page(request, &marker, &limit)) {
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
    api_respond(request, 200, response);
}

static void delete_version(struct api_request *request, struct function *function) {
    unsigned long number;
    const char *qualifier = request->reference.qualifier;
    struct alias *alias;
    if (!api_version_number(qualifier, &number)) {
        api_fail(request, "InvalidParameterValueException",
                 "Deletion of aliases is not currently supported.");
        return;
    }
    if (number == 0) {
        api_fail(request, "InvalidParameterValueException",
                 "$LATEST version cannot be deleted without deleting the function.");
        return;
    }
    struct version *version = api_version(request, function, &alias);
    if (!version)
        return;
    const struct alias *holding = alias_of_version(function, number);
    if (holding) {
        api_fail(request, "ResourceConflictException",
                 "Unable to delete version because the following aliases reference it: [%s]", holding->name);
        return;
    }
    version_delete(version);
    api_respond(request, 204, NULL);
}

void api_delete_function(struct api_request *request) {
    struct function *function = api_function(request);
    if (!function)
        return;
    if (request->reference.qualifier[0]) {
        delete_version(request, function);
        return;
    }
    store_remove(function);
    api_respond(request, 204, NULL);
}
