#include "aws/lambda/internal.h"

#include "util/memory.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static void read_alias(const json_t *document, struct alias *alias) {
    const json_t *weights =
        json_object_get(json_object_get(document, "RoutingConfig"), "AdditionalVersionWeights");
    *alias = (struct alias){.name = lambda_copy_member(document, "Name"),
                            .function_version = lambda_copy_member(document, "FunctionVersion"),
                            .description = lambda_copy_member(document, "Description"),
                            .revision_id = lambda_copy_member(document, "RevisionId")};
    const char *version;
    json_t *weight;
    json_object_foreach((json_t *)weights, version, weight) {
        free(alias->additional_version);
        alias->additional_version = memory_copy_string(version);
        alias->additional_weight = json_number_value(weight);
    }
}

void alias_release(struct alias *alias) {
    free(alias->name);
    free(alias->function_version);
    free(alias->description);
    free(alias->revision_id);
    free(alias->additional_version);
    *alias = (struct alias){0};
}

static bool take_alias(struct aws_response *response, struct alias *alias, bool change) {
    if (!json_is_string(json_object_get(response->document, "FunctionVersion"))) {
        text_append_string(&response->message, "the response is not an alias");
        response->result = change ? AWS_LOST : AWS_UNREACHABLE;
        return false;
    }
    alias_release(alias);
    read_alias(response->document, alias);
    return true;
}

static void append_alias_path(struct text *path, const char *function, const char *name) {
    lambda_append_path(path, function, "/aliases/");
    uri_encode(name, strlen(name), false, path);
}

bool lambda_get_alias(struct aws_client *client, const char *function, const char *name, struct alias *alias,
                      struct aws_response *response) {
    struct text path = TEXT_INIT;
    append_alias_path(&path, function, name);
    bool done = lambda_read(client, path.bytes, NULL, false, response) && take_alias(response, alias, false);
    text_release(&path);
    return done;
}

bool lambda_create_alias(struct aws_client *client, const char *function, const char *name,
                         const char *version, struct aws_deadline *deadline, struct alias *alias,
                         struct aws_response *response) {
    json_t *document = json_object();
    lambda_set_string(document, "Name", name);
    lambda_set_string(document, "FunctionVersion", version);
    struct text path = TEXT_INIT;
    lambda_append_path(&path, function, "/aliases");
    bool done = lambda_change(client, "POST", path.bytes, document, deadline, response) &&
                take_alias(response, alias, true);
    text_release(&path);
    json_decref(document);
    return done;
}

bool lambda_update_alias(struct aws_client *client, const char *function, const char *name,
                         const char *version, const char *revision_id, struct aws_deadline *deadline,
                         struct alias *alias, struct aws_response *response) {
    json_t *document = json_object();
    lambda_set_string(document, "FunctionVersion", version);
    lambda_set_string(document, "RevisionId", revision_id);
    struct text path = TEXT_INIT;
    append_alias_path(&path, function, name);
    bool done = lambda_change(client, "PUT", path.bytes, document, deadline, response) &&
                take_alias(response, alias, true);
    text_release(&path);
    json_decref(document);
    return done;
}

bool lambda_list_aliases(struct aws_client *client, const char *function, const char *version,
                         struct alias_list *list, struct aws_response *response) {
    struct text path = TEXT_INIT;
    lambda_append_path(&path, function, "/aliases");
    *list = (struct alias_list){NULL, 0};
    size_t capacity = 0, index;
    char *marker = NULL;
    json_t *value;
    bool done;
    do {
        done = lambda_list_page(client, path.bytes, "FunctionVersion", version, marker, response);
        free(marker);
        marker = done ? lambda_next_marker(response) : NULL;
        json_array_foreach(done ? json_object_get(response->document, "Aliases") : NULL, index, value) {
            list->aliases = memory_reserve(list->aliases, &capacity, list->count + 1, sizeof *list->aliases);
            read_alias(value, &list->aliases[list->count++]);
        }
    } while (marker);
    text_release(&path);
    if (!done)
        alias_list_release(list);
    return done;
}

void alias_list_release(struct alias_list *list) {
    for (size_t i = 0; i < list->count; i++)
        alias_release(&list->aliases[i]);
    free(list->aliases);
    *list = (struct alias_list){NULL, 0};
}
