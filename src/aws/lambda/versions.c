#include "aws/lambda/internal.h"

#include "aws/arn.h"
#include "util/diagnostics.h"
#include "util/memory.h"

#include <stdlib.h>
#include <string.h>

bool lambda_publish_version(struct aws_client *client, const char *function, const char *description,
                            const char *revision_id, const char *code_sha256, struct aws_deadline *deadline,
                            struct function_configuration *version, struct aws_response *response) {
    struct text path = TEXT_INIT, members = TEXT_INIT;
    json_put_string(&members, "Description", description);
    json_put_string(&members, "RevisionId", revision_id);
    json_put_string(&members, "CodeSha256", code_sha256);
    lambda_append_path(&path, function, "/versions");
    bool done = lambda_change(client, "POST", path.bytes, &members, deadline, response) &&
                lambda_take_configuration(response->document, version, response, true);
    lambda_drop_document(response);
    text_release(&path);
    text_release(&members);
    return done;
}

bool lambda_delete_version(struct aws_client *client, const char *function, const char *version,
                           struct aws_deadline *deadline, struct aws_response *response) {
    if (!version || !is_version_number(version)) {
        report_error("internal error: refusing to delete '%s', which is not the number of a version",
                     version ? version : "(null)");
        abort();
    }
    struct text path = TEXT_INIT, query = TEXT_INIT;
    lambda_append_path(&path, function, "");
    lambda_append_parameter(&query, "Qualifier", version);
    struct aws_request request = {
        .method = "DELETE", .path = path.bytes, .query = query.bytes, .changes = true};
    bool done = aws_send(client, &request, deadline, response) == AWS_DONE;
    text_release(&path);
    text_release(&query);
    return done;
}

static void add_version(struct span element, void *context) {
    struct version_list *list = context;
    struct function_configuration version;
    lambda_read_configuration(element, &version);
    if (!is_version_number(version.version)) {
        function_configuration_release(&version);
        return;
    }
    list->versions = memory_reserve(list->versions, &list->capacity, list->count + 1, sizeof *list->versions);
    list->versions[list->count++] = version;
}

static int compare_versions(const void *left, const void *right) {
    const struct function_configuration *a = left, *b = right;
    size_t a_length = strlen(a->version), b_length = strlen(b->version);
    if (a_length != b_length)
        return a_length < b_length ? -1 : 1;
    return strcmp(a->version, b->version);
}

bool lambda_list_versions(struct aws_client *client, const char *function, struct version_list *list,
                          struct aws_response *response) {
    struct text path = TEXT_INIT;
    lambda_append_path(&path, function, "/versions");
    *list = (struct version_list){NULL, 0, 0};
    bool done = lambda_list(client, path.bytes, NULL, NULL, "Versions", add_version, list, response);
    text_release(&path);
    if (!done)
        version_list_release(list);
    else if (list->count)
        qsort(list->versions, list->count, sizeof *list->versions, compare_versions);
    return done;
}

void version_list_release(struct version_list *list) {
    for (size_t i = 0; i < list->count; i++)
        function_configuration_release(&list->versions[i]);
    free(list->versions);
    *list = (struct version_list){NULL, 0, 0};
}
