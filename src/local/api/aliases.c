/* The operations on aliases: CreateAlias, GetAlias, UpdateAlias, DeleteAlias, ListAliases. */
#include "local/api/api.h"

#include "local/api/configuration.h"
#include "local/server.h"
#include "util/memory.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *show(const struct function *function, const struct alias *alias) {
    struct text arn = TEXT_INIT;
    char number[VERSION_NAME_SIZE] = "$LATEST";
    api_arn(function->server, function->name, alias->name, &arn);
    if (alias->version)
        snprintf(number, sizeof number, "%lu", alias->version);
    json_t *shown =
        json_pack("{s:s, s:s, s:s, s:s, s:s}", "AliasArn", arn.bytes, "Name", alias->name, "FunctionVersion",
                  number, "Description", alias->description, "RevisionId", alias->revision);
    if (alias->additional) {
        snprintf(number, sizeof number, "%lu", alias->additional);
        json_object_set_new(shown, "RoutingConfig",
                            json_pack("{s:{s:f}}", "AdditionalVersionWeights", number, alias->weight));
    }
    text_release(&arn);
    return shown;
}

static void fail_version(struct api_request *request, const char *version) {
    struct text arn = TEXT_INIT;
    api_arn(request->server, request->reference.name, version, &arn);
    api_fail(request, "ResourceNotFoundException", "Function not found: %s", arn.bytes);
    text_release(&arn);
}

/* The valid members of a CreateAlias or UpdateAlias request. */
struct alias_update {
    const char *description; /* NULL: not given */
    bool has_version, has_routing;
    unsigned long version, additional;
    double weight;
};

static bool read_version(struct api_request *request, struct function *function, json_t *body,
                         struct alias_update *alias_update) {
    const char *text = json_string_value(json_object_get(body, "FunctionVersion"));
    if (!text)
        return true;
    alias_update->has_version = true;
    if (!api_version_number(text, &alias_update->version)) {
        api_fail(request, "ValidationException",
                 "1 validation error detected: Value '%.64s' at 'functionVersion' failed to satisfy "
                 "constraint: Member must satisfy regular expression pattern: (\\$LATEST|[0-9]+)",
                 text);
        return false;
    }
    if (version_find(function, alias_update->version))
        return true;
    fail_version(request, text);
    return false;
}

static bool read_routing(struct api_request *request, struct function *function, json_t *body,
                         struct alias_update *alias_update) {
    const char *name;
    json_t *weight, *routing = json_object_get(body, "RoutingConfig");
    json_t *weights = json_object_get(routing, "AdditionalVersionWeights");
    alias_update->has_routing = routing != NULL;
    if (json_object_size(weights) > 1)
        api_fail(request, "InvalidParameterValueException",
                 "Number of items in AdditionalVersionWeights cannot be greater than 1");
    json_object_foreach(weights, name, weight) {
        if (request->error)
            break;
        alias_update->weight = json_number_value(weight);
        if (!api_version_number(name, &alias_update->additional) || !alias_update->additional ||
            alias_update->weight < 0 || alias_update->weight > 1)
            api_fail(request, "InvalidParameterValueException", "AdditionalVersionWeights is not valid");
        else if (!version_find(function, alias_update->additional))
            fail_version(request, name);
    }
    return !request->error;
}

static bool read_update(struct api_request *request, struct function *function, json_t *body,
                        struct alias_update *alias_update) {
    *alias_update =
        (struct alias_update){.description = json_string_value(json_object_get(body, "Description"))};
    return read_version(request, function, body, alias_update) &&
           read_routing(request, function, body, alias_update) &&
           !(alias_update->description &&
             configuration_refuses_description(request, alias_update->description));
}

static void apply(struct alias *alias, const struct alias_update *alias_update) {
    if (alias_update->has_version)
        alias->version = alias_update->version;
    if (alias_update->has_routing) {
        alias->additional = alias_update->additional;
        alias->weight = alias_update->weight;
    }
    if (alias_update->description) {
        free(alias->description);
        alias->description = memory_copy_string(alias_update->description);
    }
    stamp_uuid(alias->revision);
}

static void create(struct api_request *request, struct function *function, json_t *body) {
    struct alias_update alias_update;
    const char *name = json_string_value(json_object_get(body, "Name"));
    if (!name || !is_plain_name(span_of(name), QUALIFIER_SIZE - 1) ||
        strspn(name, "0123456789") == strlen(name)) {
        api_fail(request, "ValidationException",
                 "1 validation error detected: Value '%.128s' at 'name' failed to satisfy constraint: Member "
                 "must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)",
                 name ? name : "null");
        return;
    }
    if (!json_object_get(body, "FunctionVersion")) {
        api_fail(request, "ValidationException",
                 "1 validation error detected: Value null at 'functionVersion' failed to satisfy constraint: "
                 "Member must not be null");
        return;
    }
    if (alias_find(function, name)) {
        struct text arn = TEXT_INIT;
        api_arn(request->server, function->name, name, &arn);
        api_fail(request, "ResourceConflictException", "Alias already exists: %s", arn.bytes);
        text_release(&arn);
        return;
    }
    if (!read_update(request, function, body, &alias_update))
        return;
    struct alias *alias = alias_add(function, name);
    apply(alias, &alias_update);
    api_respond(request, 201, show(function, alias));
}

void api_create_alias(struct api_request *request) {
    struct function *function = api_function(request);
    json_t *body = function ? api_body(request) : NULL;
    if (body)
        create(request, function, body);
    json_decref(body);
}

static struct alias *named_alias(struct api_request *request, struct function *function) {
    struct alias *alias = alias_find(function, request->alias);
    if (!alias) {
        struct text arn = TEXT_INIT;
        api_arn(request->server, function->name, request->alias, &arn);
        api_fail(request, "ResourceNotFoundException", "Cannot find alias arn: %s", arn.bytes);
        text_release(&arn);
    }
    return alias;
}

void api_get_alias(struct api_request *request) {
    struct function *function = api_function(request);
    struct alias *alias = function ? named_alias(request, function) : NULL;
    if (alias)
        api_respond(request, 200, show(function, alias));
}

void api_update_alias(struct api_request *request) {
    struct alias_update alias_update;
    struct function *function = api_function(request);
    struct alias *alias = function ? named_alias(request, function) : NULL;
    json_t *body = alias ? api_body(request) : NULL;
    if (!body)
        return;
    if (!api_refuse_revision(request, body, alias->revision) &&
        read_update(request, function, body, &alias_update)) {
        apply(alias, &alias_update);
        api_respond(request, 200, show(function, alias));
    }
    json_decref(body);
}

/* Lambda, too, responds with 204 when the alias does not exist. */
void api_delete_alias(struct api_request *request) {
    struct function *function = api_function(request);
    struct alias *alias = function ? alias_find(function, request->alias) : NULL;
    if (alias)
        alias_delete(function, alias);
    if (function)
        api_respond(request, 204, NULL);
}

static bool points_at(const struct alias *alias, unsigned long number) {
    return alias->version == number || (number && alias->additional == number);
}

void api_list_aliases(struct api_request *request) {
    size_t limit, i = 0;
    struct text wanted = TEXT_INIT, marker = TEXT_INIT;
    unsigned long number = 0;
    struct function *function = api_function(request);
    if (!function || !api_page(request, &marker, &limit)) {
        text_release(&marker);
        return;
    }
    bool filtered = api_parameter(request, "FunctionVersion", &wanted) && wanted.length;
    bool valid = !filtered || api_version_number(wanted.bytes, &number);
    json_t *list = json_array();
    while (i < function->alias_count && strcmp(function->aliases[i]->name, text_string(&marker)) < 0)
        i++;
    for (; i < function->alias_count && json_array_size(list) < limit; i++)
        if (!filtered || (valid && points_at(function->aliases[i], number)))
            json_array_append_new(list, show(function, function->aliases[i]));
    json_t *response = json_pack("{s:o}", "Aliases", list);
    if (i < function->alias_count)
        json_object_set_new(response, "NextMarker", json_string(function->aliases[i]->name));
    text_release(&wanted);
    text_release(&marker);
    api_respond(request, 200, response);
}
