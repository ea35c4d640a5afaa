#include "aws/lambda/internal.h"

#include "util/memory.h"

#include <stdlib.h>
#include <string.h>

static void read_alias(struct span document, struct alias *alias) {
    struct json_cursor weights =
        json_cursor(json_get(json_get(document, "RoutingConfig"), "AdditionalVersionWeights"));
    struct span version, weight;
    struct text additional = TEXT_INIT;
    *alias = (struct alias){.name = lambda_copy_member(document, "Name"),
                            .function_version = lambda_copy_member(document, "FunctionVersion"),
                            .description = lambda_copy_member(document, "Description"),
                            .revision_id = lambda_copy_member(document, "RevisionId")};
    if (json_next_member(&weights, &version, &weight)) {
        json_decode_string(version, &additional);
        alias->additional_version = memory_copy_string(text_string(&additional));
        alias->additional_weight = json_type(weight) == JSON_NUMBER ? json_number(weight) : 0;
    }
    text_release(&additional);
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
    if (json_type(json_get(response->document, "FunctionVersion")) != JSON_STRING) {
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
    struct text path = TEXT_INIT, members = TEXT_INIT;
    json_put_string(&members, "Name", name);
    json_put_string(&members, "FunctionVersion", version);
    lambda_append_path(&path, function, "/aliases");
    bool done = lambda_change(client, "POST", path.bytes, &members, deadline, response) &&
                take_alias(response, alias, true);
    text_release(&path);
    text_release(&members);
    return done;
}

bool lambda_update_alias(struct aws_client *client, const char *function, const char *name,
                         const char *version, const char *revision_id, struct aws_deadline *deadline,
                         struct alias *alias, struct aws_response *response) {
    struct text path = TEXT_INIT, members = TEXT_INIT;
    json_put_string(&members, "FunctionVersion", version);
    json_put_string(&members, "RevisionId", revision_id);
    append_alias_path(&path, function, name);
    bool done = lambda_change(client, "PUT", path.bytes, &members, deadline, response) &&
                take_alias(response, alias, true);
    text_release(&path);
    text_release(&members);
    return done;
}

static void add_alias(struct span element, void *context) {
    struct alias_list *list = context;
    list->aliases = memory_reserve(list->aliases, &list->capacity, list->count + 1, sizeof *list->aliases);
    read_alias(element, &list->aliases[list->count++]);
}

bool lambda_list_aliases(struct aws_client *client, const char *function, const char *version,
                         struct alias_list *list, struct aws_response *response) {
    struct text path = TEXT_INIT;
    lambda_append_path(&path, function, "/aliases");
    *list = (struct alias_list){NULL, 0, 0};
    bool done =
        lambda_list(client, path.bytes, "FunctionVersion", version, "Aliases", add_alias, list, response);
    text_release(&path);
    if (!done)
        alias_list_release(list);
    return done;
}

void alias_list_release(struct alias_list *list) {
    for (size_t i = 0; i < list->count; i++)
        alias_release(&list->aliases[i]);
    free(list->aliases);
    *list = (struct alias_list){NULL, 0, 0};
}
