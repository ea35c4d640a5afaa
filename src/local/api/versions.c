/* The operations on versions: PublishVersion, ListVersionsByFunction. */
#include "local/api/api.h"

#include "local/api/configuration.h"
#include "local/server.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

static bool refuse_code(struct api_request *request, json_t *body, const char *sha256) {
    const char *wanted = json_string_value(json_object_get(body, "CodeSha256"));
    if (wanted && strcmp(wanted, sha256) != 0)
        api_fail(request, "InvalidParameterValueException",
                 "CodeSHA256 (%.64s) is different from current CodeSHA256 in $LATEST (%s). Please try again "
                 "with the CodeSHA256 in $LATEST.",
                 wanted, sha256);
    return request->error != NULL;
}

static bool refuse_storage(struct api_request *request, const struct version *latest) {
    long long quota = (long long)request->server->settings.code_storage_mb * 1024 * 1024;
    if (store_code_size(&request->server->store) + latest->code->size > quota)
        api_fail(request, "CodeStorageExceededException", "Code storage limit exceeded.");
    return request->error != NULL;
}

static void publish(struct api_request *request, struct function *function, const char *description) {
    bool created;
    char name[VERSION_NAME_SIZE];
    struct version *version = version_publish(function, description, &created);
    if (version)
        api_respond(request, 201, configuration_show(version, version_name(version, name)));
    else
        api_fail(request, "ServiceException", "cannot copy the function's code: %s", strerror(errno));
}

void api_publish_version(struct api_request *request) {
    struct function *function = api_function(request);
    json_t *body = function ? api_body(request) : NULL;
    if (!body)
        return;
    struct version *latest = version_latest(function);
    const char *description = json_string_value(json_object_get(body, "Description"));
    bool refused = api_refuse_busy(request, latest) || api_refuse_revision(request, body, latest->revision) ||
                   refuse_code(request, body, latest->code->sha256) ||
                   (description && configuration_refuses_description(request, description)) ||
                   (!version_is_published(function) && refuse_storage(request, latest));
    if (!refused)
        publish(request, function, description);
    json_decref(body);
}

void api_list_versions(struct api_request *request) {
    size_t limit, i = 0;
    char name[VERSION_NAME_SIZE];
    struct text marker = TEXT_INIT;
    unsigned long first = 0;
    struct function *function = api_function(request);
    bool paged = function && api_page(request, &marker, &limit);
    if (paged && marker.length && !api_version_number(marker.bytes, &first))
        api_fail(request, "InvalidParameterValueException", "Invalid Marker");
    text_release(&marker);
    if (!paged || request->error)
        return;
    json_t *list = json_array();
    while (i < function->version_count && function->versions[i]->number < first)
        i++;
    for (; i < function->version_count && json_array_size(list) < limit; i++) {
        const struct version *version = function->versions[i];
        json_array_append_new(list, configuration_show(version, version_name(version, name)));
    }
    json_t *response = json_pack("{s:o}", "Versions", list);
    if (i < function->version_count)
        json_object_set_new(response, "NextMarker", json_string(version_name(function->versions[i], name)));
    api_respond(request, 200, response);
}
