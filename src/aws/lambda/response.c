#include "aws/lambda/internal.h"

#include "util/memory.h"

#include <stdlib.h>
#include <string.h>

char *lambda_copy_member(struct span document, const char *name) {
    struct text value = TEXT_INIT;
    json_get_string(document, name, &value);
    return value.bytes ? value.bytes : memory_copy_string("");
}

long long lambda_whole_member(struct span document, const char *name, long long otherwise) {
    json_whole_number(json_get(document, name), &otherwise);
    return otherwise;
}

static char *copy_sorted(struct span value) {
    struct text text = TEXT_INIT;
    json_append_sorted(&text, value);
    return text.bytes ? text.bytes : memory_copy_string("");
}

/* The members that a version shares with the $LATEST it was published from and that tuning never changes. */
static char *hash_comparable(struct span document) {
    static const char *const members[] = {"Runtime",         "Role",
                                          "Handler",         "CodeSha256",
                                          "VpcConfig",       "DeadLetterConfig",
                                          "Environment",     "KMSKeyArn",
                                          "TracingConfig",   "Layers",
                                          "PackageType",     "FileSystemConfigs",
                                          "Architectures",   "ImageConfigResponse",
                                          "EphemeralStorage"};
    struct text copy = TEXT_INIT;
    text_append_byte(&copy, '{');
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        json_put_value(&copy, members[i], json_get(document, members[i]));
    json_put_value(&copy, "SnapStart", json_get(json_get(document, "SnapStart"), "ApplyOn"));
    text_append_byte(&copy, '}');
    char *text = copy_sorted((struct span){copy.bytes, copy.length});
    text_release(&copy);
    /* Only a hash is kept, because the text contains the environment variables. */
    char hash[SHA256_HEX_SIZE];
    sha256_hex(text, strlen(text), hash);
    free(text);
    return memory_copy_string(hash);
}

bool lambda_has_content(struct span value) {
    struct json_cursor cursor = json_cursor(value);
    struct span member, content;
    enum json_type type = json_type(value);
    return type == JSON_OBJECT ? json_next_member(&cursor, &member, &content)
                               : type != JSON_NONE && type != JSON_NULL;
}

static char *read_architecture(struct span document) {
    struct json_cursor cursor = json_cursor(json_get(document, "Architectures"));
    struct span first = {NULL, 0};
    struct text name = TEXT_INIT;
    if (json_next_element(&cursor, &first) && json_type(first) == JSON_STRING)
        json_decode_string(first, &name);
    return name.bytes ? name.bytes : memory_copy_string("x86_64");
}

void lambda_read_configuration(struct span document, struct function_configuration *configuration) {
    struct span logging = json_get(document, "LoggingConfig");
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
        .architecture = read_architecture(document),
        .state = lambda_copy_member(document, "State"),
        .state_reason = lambda_copy_member(document, "StateReason"),
        .state_reason_code = lambda_copy_member(document, "StateReasonCode"),
        .last_update_status = lambda_copy_member(document, "LastUpdateStatus"),
        .last_update_status_reason = lambda_copy_member(document, "LastUpdateStatusReason"),
        .last_update_status_reason_code = lambda_copy_member(document, "LastUpdateStatusReasonCode"),
        .log_format = lambda_copy_member(logging, "LogFormat"),
        .system_log_level = lambda_copy_member(logging, "SystemLogLevel"),
        .logging_config = copy_sorted(logging),
        .snapstart = lambda_copy_member(json_get(document, "SnapStart"), "ApplyOn"),
        .master_arn = lambda_copy_member(document, "MasterArn"),
        .comparable = hash_comparable(document),
        .memory_size = lambda_whole_member(document, "MemorySize", 128),
        .timeout = lambda_whole_member(document, "Timeout", 3),
        .code_size = lambda_whole_member(document, "CodeSize", 0),
        .reserved_concurrency = -1,
        .has_capacity_provider = lambda_has_content(json_get(document, "CapacityProviderConfig")),
        .is_durable = lambda_has_content(json_get(document, "DurableConfig")),
        .has_tenancy = lambda_has_content(json_get(document, "TenancyConfig")),
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

/* True when the description can be written back later. */
static bool is_exact(struct span description) {
    struct text decoded = TEXT_INIT;
    bool exact = json_type(description) != JSON_STRING || json_append_sorted(&decoded, description);
    text_release(&decoded);
    return exact;
}

/* A configuration without these members cannot be compared: such a 200 is not a valid response. */
bool lambda_take_configuration(struct span document, struct function_configuration *configuration,
                               struct aws_response *response, bool change) {
    if (json_type(json_get(document, "FunctionArn")) != JSON_STRING ||
        lambda_whole_member(document, "MemorySize", -1) < 0 || !is_exact(json_get(document, "Description"))) {
        text_clear(&response->message);
        text_append_string(&response->message, "the response is not a function configuration");
        response->result = change ? AWS_LOST : AWS_UNREACHABLE;
        return false;
    }
    function_configuration_release(configuration);
    lambda_read_configuration(document, configuration);
    return true;
}

/* The response's body contains the environment variables: it is dropped as soon as it is read. */
void lambda_drop_document(struct aws_response *response) {
    response->document = (struct span){NULL, 0};
    text_release(&response->body);
}
