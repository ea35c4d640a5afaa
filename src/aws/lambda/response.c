#include "aws/lambda/internal.h"

#include "util/memory.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

char *lambda_copy_member(const json_t *document, const char *name) {
    const json_t *value = json_object_get(document, name);
    return memory_copy_string(json_is_string(value) ? json_string_value(value) : "");
}

long long lambda_whole_member(const json_t *document, const char *name, long long otherwise) {
    const json_t *value = json_object_get(document, name);
    return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

static char *dump(const json_t *value) {
    char *text = value ? json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY) : NULL;
    char *copy = memory_copy_string(text ? text : "");
    free(text);
    return copy;
}

/* The members that a version shares with the $LATEST it was published from and that tuning never changes. */
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
    /* Only a hash is kept, because the text contains the environment variables. */
    char hash[SHA256_HEX_SIZE];
    sha256_hex(text, strlen(text), hash);
    free(text);
    return memory_copy_string(hash);
}

static bool is_set(const json_t *document, const char *name) {
    const json_t *value = json_object_get(document, name);
    return value && !json_is_null(value) && !(json_is_object(value) && json_object_size(value) == 0);
}

void lambda_read_configuration(json_t *document, struct function_configuration *configuration) {
    const json_t *logging = json_object_get(document, "LoggingConfig");
    const json_t *architectures = json_object_get(document, "Architectures");
    const json_t *architecture = json_array_get(architectures, 0);
    *configuration = (struct function_configuration){
        .function_name = lambda_copy_member(document, "FunctionName"),
        .function_arn = lambda_copy_member(document, "FunctionArn"),
        .version = lambda_copy_member(document, "Version"),
        .description = lambda_copy_member(document, "Description"),
        .revision_id = lambda_copy_member(document, "RevisionId"),
        .code_sha256 = lambda_copy_member(document, "CodeSha256"),
        .last_modified = lambda_copy_member(document, "LastModified"),
        .runtime = lambda_copy_member(document, "Runtime"),
        .package_type = lambda_copy_member(document, "PackageType"),
        .architecture =
            memory_copy_string(json_is_string(architecture) ? json_string_value(architecture) : "x86_64"),
        .state = lambda_copy_member(document, "State"),
        .state_reason = lambda_copy_member(document, "StateReason"),
        .state_reason_code = lambda_copy_member(document, "StateReasonCode"),
        .last_update_status = lambda_copy_member(document, "LastUpdateStatus"),
        .last_update_status_reason = lambda_copy_member(document, "LastUpdateStatusReason"),
        .last_update_status_reason_code = lambda_copy_member(document, "LastUpdateStatusReasonCode"),
        .log_format = lambda_copy_member(logging, "LogFormat"),
        .system_log_level = lambda_copy_member(logging, "SystemLogLevel"),
        .logging_config = dump(logging),
        .snapstart = lambda_copy_member(json_object_get(document, "SnapStart"), "ApplyOn"),
        .master_arn = lambda_copy_member(document, "MasterArn"),
        .comparable = dump_comparable(document),
        .memory_size = lambda_whole_member(document, "MemorySize", 128),
        .timeout = lambda_whole_member(document, "Timeout", 3),
        .code_size = lambda_whole_member(document, "CodeSize", 0),
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

/* A configuration without these members cannot be compared: such a 200 is not a valid response. */
bool lambda_take_configuration(json_t *document, struct function_configuration *configuration,
                               struct aws_response *response, bool change) {
    if (!json_is_string(json_object_get(document, "FunctionArn")) ||
        !json_is_integer(json_object_get(document, "MemorySize"))) {
        text_clear(&response->message);
        text_append_string(&response->message, "the response is not a function configuration");
        response->result = change ? AWS_LOST : AWS_UNREACHABLE;
        return false;
    }
    function_configuration_release(configuration);
    lambda_read_configuration(document, configuration);
    return true;
}

/* The response's body contains the environment variables: it is wiped as soon as it is read. */
void lambda_drop_document(struct aws_response *response) {
    json_decref(response->document);
    response->document = NULL;
    text_release(&response->body);
}
