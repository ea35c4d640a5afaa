#include "aws/lambda/internal.h"

#include "util/memory.h"

#include <stddef.h>
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

/* False for an absent value, null and an object without members. */
static bool has_content(struct span value) {
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

/* The strings of a configuration: where they are in a response, and in the struct. */
#define STRING(object, member, field)                                                                        \
    { object, member, offsetof(struct function_configuration, field) }
static const struct {
    const char *object, *member; /* `object` NULL: the configuration itself */
    size_t offset;
} strings[] = {
    STRING(NULL, "FunctionName", function_name),
    STRING(NULL, "FunctionArn", function_arn),
    STRING(NULL, "Version", version),
    STRING(NULL, "Description", description),
    STRING(NULL, "RevisionId", revision_id),
    STRING(NULL, "CodeSha256", code_sha256),
    STRING(NULL, "LastModified", last_modified),
    STRING(NULL, "Runtime", runtime),
    STRING(NULL, "PackageType", package_type),
    STRING(NULL, "State", state),
    STRING(NULL, "StateReason", state_reason),
    STRING(NULL, "StateReasonCode", state_reason_code),
    STRING(NULL, "LastUpdateStatus", last_update_status),
    STRING(NULL, "LastUpdateStatusReason", last_update_status_reason),
    STRING(NULL, "LastUpdateStatusReasonCode", last_update_status_reason_code),
    STRING(NULL, "MasterArn", master_arn),
    STRING("LoggingConfig", "LogFormat", log_format),
    STRING("LoggingConfig", "SystemLogLevel", system_log_level),
    STRING("SnapStart", "ApplyOn", snapstart),
};
enum { STRINGS = sizeof strings / sizeof *strings };

static char **string_at(struct function_configuration *configuration, size_t i) {
    return (char **)(void *)((char *)configuration + strings[i].offset);
}

void lambda_read_configuration(struct span document, struct function_configuration *configuration) {
    *configuration = (struct function_configuration){
        .architecture = read_architecture(document),
        .logging_config = copy_sorted(json_get(document, "LoggingConfig")),
        .comparable = hash_comparable(document),
        .memory_size = lambda_whole_member(document, "MemorySize", 128),
        .timeout = lambda_whole_member(document, "Timeout", 3),
        .code_size = lambda_whole_member(document, "CodeSize", 0),
        .reserved_concurrency = -1,
        .has_capacity_provider = has_content(json_get(document, "CapacityProviderConfig")),
        .is_durable = has_content(json_get(document, "DurableConfig")),
        .has_tenancy = has_content(json_get(document, "TenancyConfig")),
    };
    for (size_t i = 0; i < STRINGS; i++)
        *string_at(configuration, i) = lambda_copy_member(
            strings[i].object ? json_get(document, strings[i].object) : document, strings[i].member);
}

void function_configuration_release(struct function_configuration *configuration) {
    for (size_t i = 0; i < STRINGS; i++)
        free(*string_at(configuration, i));
    free(configuration->architecture);
    free(configuration->logging_config);
    free(configuration->comparable);
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
