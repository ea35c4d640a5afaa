/* The operations on functions: GetFunction, GetFunctionConfiguration, UpdateFunctionConfiguration,
 * ListFunctions, DeleteFunction. */
#include "local/api/api.h"

#include "local/api/configuration.h"
#include "local/server.h"
#include "util/json.h"

#include <stdlib.h>
#include <string.h>

void api_get_function_configuration(struct api_request *request) {
    struct alias *alias;
    struct function *function = api_function(request);
    struct version *version = function ? api_version(request, function, &alias) : NULL;
    if (version)
        configuration_show(version, request->reference.qualifier, api_respond(request, 200));
}

void api_get_function(struct api_request *request) {
    struct alias *alias;
    struct function *function = api_function(request);
    struct version *version = function ? api_version(request, function, &alias) : NULL;
    if (!version)
        return;
    struct text location = TEXT_INIT, *response = api_respond(request, 200);
    text_append_format(&location, "file://%s", version_latest(function)->code->directory);
    text_append_string(response, "{\"Configuration\":");
    configuration_show(version, request->reference.qualifier, response);
    text_append_string(response, ",\"Code\":{\"RepositoryType\":\"S3\"");
    json_put_string(response, "Location", location.bytes);
    text_append_byte(response, '}');
    if (function->reserved_concurrency >= 0) {
        json_put_name(response, "Concurrency");
        api_show_concurrency(function, response);
    }
    text_append_byte(response, '}');
    text_release(&location);
}

void api_update_function_configuration(struct api_request *request) {
    struct span body;
    struct function *function = api_function(request);
    if (!function || !api_body(request, &body))
        return;
    struct version *latest = version_latest(function);
    char *updated = NULL;
    if (request->reference.qualifier[0] && strcmp(request->reference.qualifier, "$LATEST") != 0)
        api_fail(request, "InvalidParameterValueException",
                 "This operation does not permit a qualified function name");
    else if (!api_refuse_revision(request, body, latest->revision) && !api_refuse_busy(request, latest))
        updated = configuration_update(request, latest->configuration, body);
    if (!updated)
        return;
    free(latest->configuration);
    latest->configuration = updated;
    version_changed(latest, request->server->settings.update_delay_ms);
    configuration_show(latest, "", api_respond(request, 200));
}

void api_list_functions(struct api_request *request) {
    struct api_page page;
    struct text *item;
    struct store *store = &request->server->store;
    if (!api_page_begin(request, "Functions", &page))
        return;
    for (size_t i = 0; i < store->count; i++) {
        struct function *function = store->functions[i];
        if (strcmp(function->name, text_string(&page.marker)) < 0)
            continue;
        if (!(item = api_page_item(&page, function->name)))
            break;
        store_settle(function, 0);
        configuration_show(version_latest(function), "", item);
    }
    api_page_end(&page);
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
    api_respond(request, 204);
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
    api_respond(request, 204);
}
