#include "aws/lambda.h"

#include "aws/arn.h"
#include "util/diagnostics.h"
#include "util/memory.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define FUNCTIONS_PATH "/2015-03-31/functions/"

/* ---- reading answers ---- */

static char *copy_member(const json_t *document, const char *name) {
    const json_t *value = json_object_get(document, name);
    return memory_copy_string(json_is_string(value) ? json_string_value(value) : "");
}

static long long whole_member(const json_t *document, const char *name, long long otherwise) {
    const json_t *value = json_object_get(document, name);
    return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

static char *dump(const json_t *value) {
    char *text = value ? json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY) : NULL;
    char *copy = memory_copy_string(text ? text : "");
    free(text);
    return copy;
}

/* What a version has in common with the $LATEST that it was published from and what tuning never changes. */
static char *dump_comparable(const json_t *document) {
    static const char *const members[] = {"Runtime",         "Role",
                                          "Handler",         "CodeSha256",
                                          "VpcConfig",       "DeadLetterConfig",
                                          "Environment",     "KMSKeyArn",
                                          "TracingConfig",   "Layers",
                                          "PackageType",     "FileSystemConfigs",
                                          "Architectures",   "ImageConfigResponse",
                                          "EphemeralStorage"};
    json_t *copy = json_object();
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        json_object_set(copy, members[i], json_object_get(document, members[i]));
    json_t *snapstart = json_object_get(document, "SnapStart");
    json_object_set(copy, "SnapStart", json_object_get(snapstart, "ApplyOn"));
    char *text = dump(copy);
    json_decref(copy);
    /* Only a hash of it is kept, because it has the environment variables. */
    char hash[SHA256_HEX_SIZE];
    sha256_hex(text, strlen(text), hash);
    free(text);
    return memory_copy_string(hash);
}

static bool is_set(const json_t *document, const char *name) {
    const json_t *value = json_object_get(document, name);
    return value && !json_is_null(value) && !(json_is_object(value) && json_object_size(value) == 0);
}

static void read_configuration(json_t *document, struct function_configuration *configuration) {
    const json_t *logging = json_object_get(document, "LoggingConfig");
    const json_t *architectures = json_object_get(document, "Architectures");
    const json_t *architecture = json_array_get(architectures, 0);
    *configuration = (struct function_configuration){
        .function_name = copy_member(document, "FunctionName"),
        .function_arn = copy_member(document, "FunctionArn"),
        .version = copy_member(document, "Version"),
        .description = copy_member(document, "Description"),
        .revision_id = copy_member(document, "RevisionId"),
        .code_sha256 = copy_member(document, "CodeSha256"),
        .last_modified = copy_member(document, "LastModified"),
        .runtime = copy_member(document, "Runtime"),
        .package_type = copy_member(document, "PackageType"),
        .architecture =
            memory_copy_string(json_is_string(architecture) ? json_string_value(architecture) : "x86_64"),
        .state = copy_member(document, "State"),
        .state_reason = copy_member(document, "StateReason"),
        .state_reason_code = copy_member(document, "StateReasonCode"),
        .last_update_status = copy_member(document, "LastUpdateStatus"),
        .last_update_status_reason = copy_member(document, "LastUpdateStatusReason"),
        .last_update_status_reason_code = copy_member(document, "LastUpdateStatusReasonCode"),
        .log_format = copy_member(logging, "LogFormat"),
        .system_log_level = copy_member(logging, "SystemLogLevel"),
        .logging_config = dump(logging),
        .snapstart = copy_member(json_object_get(document, "SnapStart"), "ApplyOn"),
        .master_arn = copy_member(document, "MasterArn"),
        .comparable = dump_comparable(document),
        .memory_size = whole_member(document, "MemorySize", 128),
        .timeout = whole_member(document, "Timeout", 3),
        .code_size = whole_member(document, "CodeSize", 0),
        .reserved_concurrency = -1,
        .has_capacity_provider = is_set(document, "CapacityProviderConfig"),
        .is_durable = is_set(document, "DurableConfig"),
        .has_tenancy = is_set(document, "TenancyConfig"),
    };
}

void function_configuration_release(struct function_configuration *configuration) {
    char *const strings[] = {configuration->function_name,
                             configuration->function_arn,
                             configuration->version,
                             configuration->description,
                             configuration->revision_id,
                             configuration->code_sha256,
                             configuration->last_modified,
                             configuration->runtime,
                             configuration->package_type,
                             configuration->architecture,
                             configuration->state,
                             configuration->state_reason,
                             configuration->state_reason_code,
                             configuration->last_update_status,
                             configuration->last_update_status_reason,
                             configuration->last_update_status_reason_code,
                             configuration->log_format,
                             configuration->system_log_level,
                             configuration->logging_config,
                             configuration->snapstart,
                             configuration->master_arn,
                             configuration->comparable};
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        free(strings[i]);
    *configuration = (struct function_configuration){0};
}

/* A configuration is usable only when it says what is about to be compared. A 200 without these is no answer.
 */
static bool take_configuration(json_t *document, struct function_configuration *configuration,
                               struct aws_answer *answer, bool change) {
    if (!json_is_string(json_object_get(document, "FunctionArn")) ||
        !json_is_integer(json_object_get(document, "MemorySize"))) {
        text_clear(&answer->message);
        text_append_string(&answer->message, "the answer is no function configuration");
        answer->outcome = change ? AWS_LOST : AWS_UNREACHABLE;
        return false;
    }
    function_configuration_release(configuration);
    read_configuration(document, configuration);
    return true;
}

/* The answer's body has the environment variables: wiped as soon as it is read. */
static void drop_document(struct aws_answer *answer) {
    json_decref(answer->document);
    answer->document = NULL;
    text_release(&answer->body);
}

/* ---- requests ---- */

static void append_function_path(struct text *path, const char *function, const char *rest) {
    text_append_string(path, FUNCTIONS_PATH);
    uri_encode(function, strlen(function), false, path);
    text_append_string(path, rest);
}

static void append_parameter(struct text *query, const char *name, const char *value) {
    if (!value || !*value)
        return;
    if (query->length)
        text_append_byte(query, '&');
    text_append_format(query, "%s=", name);
    uri_encode(value, strlen(value), false, query);
}

static bool read_call(struct aws_client *client, const char *path, const char *query, bool unpaced,
                      struct aws_answer *answer) {
    struct aws_deadline deadline = aws_deadline_start(client);
    struct aws_call call = {.method = "GET", .path = path, .query = query, .unpaced = unpaced};
    return aws_call(client, &call, &deadline, answer) == AWS_DONE;
}

static bool change_call(struct aws_client *client, const char *method, const char *path,
                        const json_t *document, struct aws_deadline *deadline, struct aws_answer *answer) {
    char *body = json_dumps(document, JSON_COMPACT);
    struct aws_call call = {.method = method,
                            .path = path,
                            .body = body ? body : "{}",
                            .body_length = body ? strlen(body) : 2,
                            .changes = true};
    bool done = aws_call(client, &call, deadline, answer) == AWS_DONE;
    free(body);
    return done;
}

static void set_string(json_t *document, const char *name, const char *value) {
    if (value)
        json_object_set_new(document, name, json_string(value));
}

static void set_whole(json_t *document, const char *name, long long value) {
    if (value >= 0)
        json_object_set_new(document, name, json_integer(value));
}

/* ---- configurations ---- */

bool lambda_get_configuration(struct aws_client *client, const char *function, const char *qualifier,
                              struct function_configuration *configuration, struct aws_answer *answer) {
    struct text path = TEXT_INIT, query = TEXT_INIT;
    append_function_path(&path, function, "/configuration");
    append_parameter(&query, "Qualifier", qualifier);
    bool done = read_call(client, path.bytes, text_string(&query), false, answer) &&
                take_configuration(answer->document, configuration, answer, false);
    drop_document(answer);
    text_release(&path);
    text_release(&query);
    return done;
}

bool lambda_get_function(struct aws_client *client, const char *function, const char *qualifier,
                         struct function_configuration *configuration, struct aws_answer *answer) {
    struct text path = TEXT_INIT, query = TEXT_INIT;
    append_function_path(&path, function, "");
    append_parameter(&query, "Qualifier", qualifier);
    bool done =
        read_call(client, path.bytes, text_string(&query), true, answer) &&
        take_configuration(json_object_get(answer->document, "Configuration"), configuration, answer, false);
    if (done)
        configuration->reserved_concurrency = whole_member(json_object_get(answer->document, "Concurrency"),
                                                           "ReservedConcurrentExecutions", -1);
    drop_document(answer);
    text_release(&path);
    text_release(&query);
    return done;
}

bool lambda_update_configuration(struct aws_client *client, const char *function,
                                 const struct function_change *change, struct aws_deadline *deadline,
                                 struct function_configuration *configuration, struct aws_answer *answer) {
    json_t *document = json_object();
    set_whole(document, "MemorySize", change->memory_size);
    set_whole(document, "Timeout", change->timeout);
    set_string(document, "Description", change->description);
    set_string(document, "RevisionId", change->revision_id);
    if (change->logging_config && *change->logging_config)
        json_object_set_new(document, "LoggingConfig", json_loads(change->logging_config, 0, NULL));
    struct text path = TEXT_INIT;
    append_function_path(&path, function, "/configuration");
    bool done = change_call(client, "PUT", path.bytes, document, deadline, answer) &&
                take_configuration(answer->document, configuration, answer, true);
    drop_document(answer);
    text_release(&path);
    json_decref(document);
    return done;
}

/* ---- versions ---- */

bool lambda_publish_version(struct aws_client *client, const char *function, const char *description,
                            const char *revision_id, const char *code_sha256, struct aws_deadline *deadline,
                            struct function_configuration *version, struct aws_answer *answer) {
    json_t *document = json_object();
    set_string(document, "Description", description);
    set_string(document, "RevisionId", revision_id);
    set_string(document, "CodeSha256", code_sha256);
    struct text path = TEXT_INIT;
    append_function_path(&path, function, "/versions");
    bool done = change_call(client, "POST", path.bytes, document, deadline, answer) &&
                take_configuration(answer->document, version, answer, true);
    drop_document(answer);
    text_release(&path);
    json_decref(document);
    return done;
}

bool lambda_delete_version(struct aws_client *client, const char *function, const char *version,
                           struct aws_deadline *deadline, struct aws_answer *answer) {
    if (!version || !is_version_number(version)) {
        report_error("internal error: refusing to delete '%s', which is not the number of a version",
                     version ? version : "(null)");
        abort();
    }
    struct text path = TEXT_INIT, query = TEXT_INIT;
    append_function_path(&path, function, "");
    append_parameter(&query, "Qualifier", version);
    struct aws_call call = {.method = "DELETE", .path = path.bytes, .query = query.bytes, .changes = true};
    bool done = aws_call(client, &call, deadline, answer) == AWS_DONE;
    text_release(&path);
    text_release(&query);
    return done;
}

static bool list_page(struct aws_client *client, const char *path, const char *parameter, const char *value,
                      const char *marker, struct aws_answer *answer) {
    struct text query = TEXT_INIT;
    append_parameter(&query, parameter, value);
    append_parameter(&query, "Marker", marker);
    append_parameter(&query, "MaxItems", "50");
    bool done = read_call(client, path, query.bytes, false, answer);
    text_release(&query);
    return done;
}

/* The marker of the next page, owned; NULL behind the last. */
static char *next_marker(const struct aws_answer *answer) {
    const json_t *marker = json_object_get(answer->document, "NextMarker");
    return json_is_string(marker) && *json_string_value(marker)
               ? memory_copy_string(json_string_value(marker))
               : NULL;
}

static void add_versions(struct version_list *list, size_t *capacity, const json_t *page) {
    size_t index;
    json_t *value;
    json_array_foreach(json_object_get(page, "Versions"), index, value) {
        struct function_configuration version;
        read_configuration(value, &version);
        if (!is_version_number(version.version)) {
            function_configuration_release(&version);
            continue;
        }
        list->versions = memory_reserve(list->versions, capacity, list->count + 1, sizeof *list->versions);
        list->versions[list->count++] = version;
    }
}

static int compare_versions(const void *left, const void *right) {
    const struct function_configuration *a = left, *b = right;
    size_t a_length = strlen(a->version), b_length = strlen(b->version);
    if (a_length != b_length)
        return a_length < b_length ? -1 : 1;
    return strcmp(a->version, b->version);
}

bool lambda_list_versions(struct aws_client *client, const char *function, struct version_list *list,
                          struct aws_answer *answer) {
    struct text path = TEXT_INIT;
    append_function_path(&path, function, "/versions");
    *list = (struct version_list){NULL, 0};
    size_t capacity = 0;
    char *marker = NULL;
    bool done;
    do {
        done = list_page(client, path.bytes, "", NULL, marker, answer);
        free(marker);
        marker = done ? next_marker(answer) : NULL;
        if (done)
            add_versions(list, &capacity, answer->document);
        drop_document(answer);
    } while (marker);
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
    *list = (struct version_list){NULL, 0};
}

/* ---- aliases ---- */

static void read_alias(const json_t *document, struct alias *alias) {
    const json_t *routing = json_object_get(document, "RoutingConfig");
    *alias = (struct alias){.name = copy_member(document, "Name"),
                            .function_version = copy_member(document, "FunctionVersion"),
                            .description = copy_member(document, "Description"),
                            .revision_id = copy_member(document, "RevisionId"),
                            .has_routing =
                                json_object_size(json_object_get(routing, "AdditionalVersionWeights")) > 0};
}

void alias_release(struct alias *alias) {
    free(alias->name);
    free(alias->function_version);
    free(alias->description);
    free(alias->revision_id);
    *alias = (struct alias){0};
}

static bool take_alias(struct aws_answer *answer, struct alias *alias, bool change) {
    if (!json_is_string(json_object_get(answer->document, "FunctionVersion"))) {
        text_append_string(&answer->message, "the answer is no alias");
        answer->outcome = change ? AWS_LOST : AWS_UNREACHABLE;
        return false;
    }
    alias_release(alias);
    read_alias(answer->document, alias);
    return true;
}

static void append_alias_path(struct text *path, const char *function, const char *name) {
    append_function_path(path, function, "/aliases/");
    uri_encode(name, strlen(name), false, path);
}

bool lambda_get_alias(struct aws_client *client, const char *function, const char *name, struct alias *alias,
                      struct aws_answer *answer) {
    struct text path = TEXT_INIT;
    append_alias_path(&path, function, name);
    bool done = read_call(client, path.bytes, NULL, false, answer) && take_alias(answer, alias, false);
    text_release(&path);
    return done;
}

bool lambda_create_alias(struct aws_client *client, const char *function, const char *name,
                         const char *version, struct aws_deadline *deadline, struct alias *alias,
                         struct aws_answer *answer) {
    json_t *document = json_object();
    set_string(document, "Name", name);
    set_string(document, "FunctionVersion", version);
    struct text path = TEXT_INIT;
    append_function_path(&path, function, "/aliases");
    bool done = change_call(client, "POST", path.bytes, document, deadline, answer) &&
                take_alias(answer, alias, true);
    text_release(&path);
    json_decref(document);
    return done;
}

bool lambda_update_alias(struct aws_client *client, const char *function, const char *name,
                         const char *version, const char *revision_id, struct aws_deadline *deadline,
                         struct alias *alias, struct aws_answer *answer) {
    json_t *document = json_object();
    set_string(document, "FunctionVersion", version);
    set_string(document, "RevisionId", revision_id);
    struct text path = TEXT_INIT;
    append_alias_path(&path, function, name);
    bool done =
        change_call(client, "PUT", path.bytes, document, deadline, answer) && take_alias(answer, alias, true);
    text_release(&path);
    json_decref(document);
    return done;
}

bool lambda_list_aliases(struct aws_client *client, const char *function, const char *version,
                         struct alias_list *list, struct aws_answer *answer) {
    struct text path = TEXT_INIT;
    append_function_path(&path, function, "/aliases");
    *list = (struct alias_list){NULL, 0};
    size_t capacity = 0, index;
    char *marker = NULL;
    json_t *value;
    bool done;
    do {
        done = list_page(client, path.bytes, "FunctionVersion", version, marker, answer);
        free(marker);
        marker = done ? next_marker(answer) : NULL;
        json_array_foreach(done ? json_object_get(answer->document, "Aliases") : NULL, index, value) {
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

/* ---- the account ---- */

bool lambda_get_account_settings(struct aws_client *client, struct account_settings *settings,
                                 struct aws_answer *answer) {
    if (!read_call(client, "/2016-08-19/account-settings", NULL, false, answer))
        return false;
    const json_t *limit = json_object_get(answer->document, "AccountLimit");
    const json_t *usage = json_object_get(answer->document, "AccountUsage");
    *settings = (struct account_settings){whole_member(limit, "ConcurrentExecutions", -1),
                                          whole_member(limit, "UnreservedConcurrentExecutions", -1),
                                          whole_member(limit, "TotalCodeSize", -1),
                                          whole_member(usage, "TotalCodeSize", 0)};
    return true;
}

/* ---- invoking ---- */

void lambda_invoke_path(const char *function, const char *qualifier, struct text *path, struct text *query) {
    append_function_path(path, function, "/invocations");
    append_parameter(query, "Qualifier", qualifier);
}

void lambda_function_path(const char *function, const char *qualifier, struct text *path,
                          struct text *query) {
    append_function_path(path, function, "");
    append_parameter(query, "Qualifier", qualifier);
}
