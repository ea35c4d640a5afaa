/* The operations on aliases: CreateAlias, GetAlias, UpdateAlias, DeleteAlias, ListAliases. */
#include "local/api/api.h"

#include "local/api/configuration.h"
#include "local/server.h"
#include "util/json.h"
#include "util/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void show(const struct function *function, const struct alias *alias, struct text *out) {
    struct text arn = TEXT_INIT;
    char number[VERSION_NAME_SIZE] = "$LATEST";
    api_arn(function->server, function->name, alias->name, &arn);
    if (alias->version)
        snprintf(number, sizeof number, "%lu", alias->version);
    text_append_byte(out, '{');
    json_put_string(out, "AliasArn", arn.bytes);
    json_put_string(out, "Name", alias->name);
    json_put_string(out, "FunctionVersion", number);
    json_put_string(out, "Description", alias->description);
    json_put_string(out, "RevisionId", alias->revision);
    if (alias->additional) {
        text_append_format(out,
                           ",\"RoutingConfig\":{\"AdditionalVersionWeights\":{\"%lu\":", alias->additional);
        json_append_number(out, alias->weight);
        text_append_string(out, "}}");
    }
    text_append_byte(out, '}');
    text_release(&arn);
}

static void fail_version(struct api_request *request, const char *version) {
    struct text arn = TEXT_INIT;
    api_arn(request->server, request->reference.name, version, &arn);
    api_fail(request, "ResourceNotFoundException", "Function not found: %s", arn.bytes);
    text_release(&arn);
}

/* The valid members of a CreateAlias or UpdateAlias request. */
struct alias_update {
    struct span description; /* absent: not given */
    bool has_version, has_routing;
    unsigned long version, additional;
    double weight;
};

static bool read_version(struct api_request *request, struct function *function, struct span body,
                         struct alias_update *alias_update) {
    struct text text = TEXT_INIT;
    if (!json_get_string(body, "FunctionVersion", &text))
        return true;
    alias_update->has_version = true;
    if (!api_version_number(text_string(&text), &alias_update->version))
        api_fail(request, "ValidationException",
                 "1 validation error detected: Value '%.64s' at 'functionVersion' failed to satisfy "
                 "constraint: Member must satisfy regular expression pattern: (\\$LATEST|[0-9]+)",
                 text_string(&text));
    else if (!version_find(function, alias_update->version))
        fail_version(request, text.bytes);
    text_release(&text);
    return !request->error;
}

static bool read_routing(struct api_request *request, struct function *function, struct span body,
                         struct alias_update *alias_update) {
    struct span routing = json_get(body, "RoutingConfig"), name, weight, other;
    struct json_cursor cursor = json_cursor(json_get(routing, "AdditionalVersionWeights"));
    struct text version = TEXT_INIT;
    alias_update->has_routing = routing.start != NULL;
    if (!json_next_member(&cursor, &name, &weight))
        return true;
    json_decode_string(name, &version);
    alias_update->weight = json_type(weight) == JSON_NUMBER ? json_number(weight) : 0;
    if (json_next_member(&cursor, &other, &other))
        api_fail(request, "InvalidParameterValueException",
                 "Number of items in AdditionalVersionWeights cannot be greater than 1");
    else if (!api_version_number(text_string(&version), &alias_update->additional) ||
             !alias_update->additional || alias_update->weight < 0 || alias_update->weight > 1)
        api_fail(request, "InvalidParameterValueException", "AdditionalVersionWeights is not valid");
    else if (!version_find(function, alias_update->additional))
        fail_version(request, version.bytes);
    text_release(&version);
    return !request->error;
}

static bool read_update(struct api_request *request, struct function *function, struct span body,
                        struct alias_update *alias_update) {
    *alias_update = (struct alias_update){.description = json_get(body, "Description")};
    return read_version(request, function, body, alias_update) &&
           read_routing(request, function, body, alias_update) &&
           !configuration_refuses_description(request, alias_update->description);
}

static void apply(struct alias *alias, const struct alias_update *alias_update) {
    if (alias_update->has_version)
        alias->version = alias_update->version;
    if (alias_update->has_routing) {
        alias->additional = alias_update->additional;
        alias->weight = alias_update->weight;
    }
    if (json_type(alias_update->description) == JSON_STRING) {
        struct text description = TEXT_INIT;
        json_decode_string(alias_update->description, &description);
        free(alias->description);
        alias->description = memory_copy_string(text_string(&description));
        text_release(&description);
    }
    stamp_uuid(alias->revision);
}

static bool is_alias_name(const char *name) {
    return is_plain_name(span_of(name), QUALIFIER_SIZE - 1) && strspn(name, "0123456789") != strlen(name);
}

static void create(struct api_request *request, struct function *function, struct span body,
                   const char *name) {
    struct alias_update alias_update;
    if (!is_alias_name(name)) {
        api_fail(request, "ValidationException",
                 "1 validation error detected: Value '%.128s' at 'name' failed to satisfy constraint: Member "
                 "must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)",
                 name);
        return;
    }
    if (!json_get(body, "FunctionVersion").start) {
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
    show(function, alias, api_respond(request, 201));
}

void api_create_alias(struct api_request *request) {
    struct span body;
    struct text name = TEXT_INIT;
    struct function *function = api_function(request);
    if (!function || !api_body(request, &body))
        return;
    bool given = json_get_string(body, "Name", &name);
    create(request, function, body, given ? text_string(&name) : "");
    text_release(&name);
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
        show(function, alias, api_respond(request, 200));
}

void api_update_alias(struct api_request *request) {
    struct span body;
    struct alias_update alias_update;
    struct function *function = api_function(request);
    struct alias *alias = function ? named_alias(request, function) : NULL;
    if (!alias || !api_body(request, &body))
        return;
    if (!api_refuse_revision(request, body, alias->revision) &&
        read_update(request, function, body, &alias_update)) {
        apply(alias, &alias_update);
        show(function, alias, api_respond(request, 200));
    }
}

/* Lambda, too, responds with 204 when the alias does not exist. */
void api_delete_alias(struct api_request *request) {
    struct function *function = api_function(request);
    struct alias *alias = function ? alias_find(function, request->alias) : NULL;
    if (alias)
        alias_delete(function, alias);
    if (function)
        api_respond(request, 204);
}

static bool points_at(const struct alias *alias, unsigned long number) {
    return alias->version == number || (number && alias->additional == number);
}

void api_list_aliases(struct api_request *request) {
    struct api_page page;
    struct text wanted = TEXT_INIT, *item;
    unsigned long number = 0;
    struct function *function = api_function(request);
    if (!function || !api_page_begin(request, "Aliases", &page))
        return;
    bool filtered = api_parameter(request, "FunctionVersion", &wanted) && wanted.length;
    bool valid = !filtered || api_version_number(wanted.bytes, &number);
    for (size_t i = 0; valid && i < function->alias_count; i++) {
        const struct alias *alias = function->aliases[i];
        if (strcmp(alias->name, text_string(&page.marker)) < 0 || (filtered && !points_at(alias, number)))
            continue;
        if (!(item = api_page_item(&page, alias->name)))
            break;
        show(function, alias, item);
    }
    text_release(&wanted);
    api_page_end(&page);
}
