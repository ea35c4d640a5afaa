/* The operations on versions: PublishVersion, ListVersionsByFunction. */
#include "local/api/api.h"

#include "local/api/configuration.h"
#include "local/server.h"
#include "util/json.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

static bool refuse_code(struct api_request *request, struct span body, const char *sha256) {
    struct text wanted = TEXT_INIT;
    if (json_get_string(body, "CodeSha256", &wanted) && strcmp(text_string(&wanted), sha256) != 0)
        api_fail(request, "InvalidParameterValueException",
                 "CodeSHA256 (%.64s) is different from current CodeSHA256 in $LATEST (%s). Please try again "
                 "with the CodeSHA256 in $LATEST.",
                 text_string(&wanted), sha256);
    text_release(&wanted);
    return request->error != NULL;
}

static bool refuse_storage(struct api_request *request, const struct version *latest) {
    long long quota = (long long)request->server->settings.code_storage_mb * 1024 * 1024;
    if (store_code_size(&request->server->store) + latest->code->size > quota)
        api_fail(request, "CodeStorageExceededException", "Code storage limit exceeded.");
    return request->error != NULL;
}

/* Takes ownership of `configuration`. */
static void publish(struct api_request *request, struct function *function, char *configuration) {
    bool created;
    char name[VERSION_NAME_SIZE];
    struct version *version = version_publish(function, configuration, &created);
    if (version)
        configuration_show(version, version_name(version, name), api_respond(request, 201));
    else
        api_fail(request, "ServiceException", "cannot copy the function's code: %s", strerror(errno));
}

void api_publish_version(struct api_request *request) {
    struct span body;
    struct function *function = api_function(request);
    if (!function || !api_body(request, &body))
        return;
    struct version *latest = version_latest(function);
    if (api_refuse_busy(request, latest) || api_refuse_revision(request, body, latest->revision) ||
        refuse_code(request, body, latest->code->sha256))
        return;
    struct text change = TEXT_INIT;
    text_append_byte(&change, '{');
    json_put_value(&change, "Description", json_get(body, "Description"));
    text_append_byte(&change, '}');
    char *configuration =
        configuration_update(request, latest->configuration, (struct span){change.bytes, change.length});
    text_release(&change);
    if (configuration && (version_is_published(function) || !refuse_storage(request, latest)))
        publish(request, function, configuration);
    else
        free(configuration);
}

void api_list_versions(struct api_request *request) {
    char name[VERSION_NAME_SIZE];
    unsigned long first = 0;
    struct api_page page;
    struct text *item;
    struct function *function = api_function(request);
    if (!function || !api_page_begin(request, "Versions", &page))
        return;
    if (page.marker.length && !api_version_number(page.marker.bytes, &first))
        first = ULONG_MAX;
    for (size_t i = 0; i < function->version_count; i++) {
        const struct version *version = function->versions[i];
        if (version->number < first)
            continue;
        if (!(item = api_page_item(&page, version_name(version, name))))
            break;
        configuration_show(version, name, item);
    }
    api_page_end(&page);
    if (first == ULONG_MAX)
        api_fail(request, "InvalidParameterValueException", "Invalid Marker");
}
