#include "local/api/configuration.h"

#include "local/server.h"
#include "util/utf8.h"
#include "util/words.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { DESCRIPTION_LIMIT = 256, VARIABLES_LIMIT = 4096, MAX_MEMORY = 10240, MAX_TIMEOUT = 900 };

/* ---- showing ---- */

struct json_t *configuration_new(const struct server *server, const char *name, const char *runtime,
                                 const char *handler) {
    const struct settings *settings = &server->settings;
    struct text group = TEXT_INIT, role = TEXT_INIT;
    text_append_format(&group, "/aws/lambda/%s", name);
    text_append_format(&role, "arn:aws:iam::%s:role/pt-local", settings->account);
    json_t *configuration = json_pack(
        "{s:s, s:s, s:s, s:s, s:i, s:i, s:{s:s}, s:[s], s:{s:i}, s:{s:s}, s:{s:s, s:s}}", "Runtime", runtime,
        "Role", role.bytes, "Handler", handler, "Description", "", "Timeout", settings->timeout_s,
        "MemorySize", settings->memory_mb, "TracingConfig", "Mode", "PassThrough", "Architectures",
        settings->architecture, "EphemeralStorage", "Size", 512, "SnapStart", "ApplyOn", "None",
        "LoggingConfig", "LogFormat", "Text", "LogGroup", group.bytes);
    text_release(&group);
    text_release(&role);
    return configuration;
}

static void show_state(json_t *shown, const struct version *version) {
    bool pending = version->settles_at && version->created;
    bool updating = version->settles_at && !version->created;
    json_object_set_new(shown, "State", json_string(pending ? "Pending" : "Active"));
    if (pending) {
        json_object_set_new(shown, "StateReason", json_string("The function is being created."));
        json_object_set_new(shown, "StateReasonCode", json_string("Creating"));
    }
    json_object_set_new(shown, "LastUpdateStatus", json_string(updating ? "InProgress" : "Successful"));
    if (updating)
        json_object_set_new(shown, "LastUpdateStatusReason", json_string("The function is being created."));
}

/* SnapStart is on only for published versions. */
static void show_snapstart(json_t *shown, const struct version *version) {
    json_t *snapstart = json_object_get(shown, "SnapStart");
    const char *apply = json_string_value(json_object_get(snapstart, "ApplyOn"));
    bool on = version->number && apply && strcmp(apply, "PublishedVersions") == 0;
    json_object_set_new(snapstart, "OptimizationStatus", json_string(on ? "On" : "Off"));
}

struct json_t *configuration_show(const struct version *version, const char *qualifier) {
    char name[VERSION_NAME_SIZE];
    struct text arn = TEXT_INIT, runtime = TEXT_INIT;
    const struct server *server = version->function->server;
    json_t *shown = json_deep_copy(version->configuration);
    api_arn(server, version->function->name, qualifier, &arn);
    text_append_format(&runtime, "arn:aws:lambda:%s::runtime:%064d", server->settings.region, 0);
    json_object_set_new(shown, "FunctionName", json_string(version->function->name));
    json_object_set_new(shown, "FunctionArn", json_string(arn.bytes));
    json_object_set_new(shown, "Version", json_string(version_name(version, name)));
    json_object_set_new(shown, "RevisionId", json_string(version->revision));
    json_object_set_new(shown, "LastModified", json_string(version->modified));
    json_object_set_new(shown, "CodeSha256", json_string(version->code->sha256));
    json_object_set_new(shown, "CodeSize", json_integer(version->code->size));
    json_object_set_new(shown, "PackageType", json_string("Zip"));
    json_object_set_new(shown, "RuntimeVersionConfig",
                        json_pack("{s:s}", "RuntimeVersionArn", runtime.bytes));
    show_state(shown, version);
    show_snapstart(shown, version);
    text_release(&arn);
    text_release(&runtime);
    return shown;
}

/* ---- updating ---- */

static bool constraint(struct api_request *request, const char *value, const char *member, const char *rule) {
    api_fail(
        request, "ValidationException",
        "1 validation error detected: Value '%.300s' at '%s' failed to satisfy constraint: Member must %s",
        value, member, rule);
    return false;
}

static size_t characters(const char *text) {
    size_t count = 0;
    unsigned long code_point;
    for (size_t length = strlen(text), at = 0; at < length; count++) {
        size_t step = utf8_decode(text + at, length - at, &code_point);
        at += step ? step : 1;
    }
    return count;
}

bool configuration_refuses_description(struct api_request *request, const char *text) {
    return characters(text) > DESCRIPTION_LIMIT &&
           !constraint(request, text, "description", "have length less than or equal to 256");
}

static bool check_number(struct api_request *request, json_t *value, const char *member, long least,
                         long most) {
    char text[32], rule[80];
    long long number = json_integer_value(value);
    snprintf(text, sizeof text, "%lld", number);
    if (number < least)
        snprintf(rule, sizeof rule, "have value greater than or equal to %ld", least);
    else if (number > most)
        snprintf(rule, sizeof rule, "have value less than or equal to %ld", most);
    else
        return true;
    return constraint(request, text, member, rule);
}

static bool check_memory(struct api_request *request, json_t *value) {
    int most = request->server->settings.max_memory_mb;
    if (!check_number(request, value, "memorySize", 128, MAX_MEMORY))
        return false;
    if (json_integer_value(value) > most)
        api_fail(request, "InvalidParameterValueException",
                 "'MemorySize' value failed to satisfy constraint: Member must have value less than or equal "
                 "to %d",
                 most);
    return !request->error;
}

static bool check_timeout(struct api_request *request, json_t *value) {
    return check_number(request, value, "timeout", 1, MAX_TIMEOUT);
}

static bool check_description(struct api_request *request, json_t *value) {
    return !configuration_refuses_description(request, json_string_value(value));
}

static bool is_reserved(const char *name) {
    static const char *const reserved[] = {
        "_HANDLER",         "_X_AMZN_TRACE_ID",   "LAMBDA_TASK_ROOT",  "LAMBDA_RUNTIME_DIR",
        "AWS_REGION",       "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN"};
    static const char *const allowed[] = {"AWS_LAMBDA_EXEC_WRAPPER", "AWS_XRAY_CONTEXT_MISSING"};
    if (WORD_INDEX(name, allowed) >= 0)
        return false;
    return strncmp(name, "AWS_LAMBDA_", 11) == 0 || WORD_INDEX(name, reserved) >= 0;
}

/* A letter followed by one or more letters, digits or underscores. */
static bool is_variable_name(const char *name) {
    size_t length = strlen(name);
    bool starts = (name[0] >= 'a' && name[0] <= 'z') || (name[0] >= 'A' && name[0] <= 'Z');
    return starts && length > 1 && is_plain_name((struct span){name, length}, length) && !strchr(name, '-');
}

static bool check_environment(struct api_request *request, json_t *value) {
    const char *name;
    json_t *content;
    size_t size = 0;
    json_object_foreach(json_object_get(value, "Variables"), name, content) {
        if (!json_is_string(content))
            api_fail(request, "SerializationException",
                     "the value of an environment variable is not a string");
        else if (!is_variable_name(name))
            constraint(request, name, "environment.variables",
                       "satisfy constraint: [Member must satisfy regular expression pattern: "
                       "[a-zA-Z]([a-zA-Z0-9_])+]");
        else if (is_reserved(name))
            api_fail(request, "InvalidParameterValueException",
                     "Lambda was unable to configure your environment variables because the environment "
                     "variables you have provided contains reserved keys that are currently not supported "
                     "for modification. Reserved keys used in this request: %s",
                     name);
        if (request->error)
            return false;
        size += strlen(name) + strlen(json_string_value(content));
    }
    if (size > VARIABLES_LIMIT)
        api_fail(request, "InvalidParameterValueException",
                 "Lambda was unable to configure your environment variables because the environment "
                 "variables you have provided exceeded the 4KB limit.");
    return !request->error;
}

static bool is_one_of(const char *text, const char *list) {
    const char *found = text && text[0] ? strstr(list, text) : NULL;
    return found && (found == list || found[-1] == ' ') && strchr(" ", found[strlen(text)]);
}

static bool check_choice(struct api_request *request, json_t *object, const char *member,
                         const char *choices) {
    json_t *value = json_object_get(object, member);
    char rule[160];
    if (!value || is_one_of(json_string_value(value), choices))
        return true;
    snprintf(rule, sizeof rule, "satisfy enum value set: [%s]", choices);
    return constraint(request, json_is_string(value) ? json_string_value(value) : "", member, rule);
}

static bool check_logging(struct api_request *request, json_t *value) {
    if (!check_choice(request, value, "LogFormat", "JSON Text") ||
        !check_choice(request, value, "SystemLogLevel", "DEBUG INFO WARN") ||
        !check_choice(request, value, "ApplicationLogLevel", "TRACE DEBUG INFO WARN ERROR FATAL"))
        return false;
    const char *format = json_string_value(json_object_get(value, "LogFormat"));
    bool is_json = format && strcmp(format, "JSON") == 0;
    if (!is_json &&
        (json_object_get(value, "SystemLogLevel") || json_object_get(value, "ApplicationLogLevel")))
        api_fail(request, "InvalidParameterValueException",
                 "You cannot set log levels when the log format is Text. Change the log format to JSON.");
    return !request->error;
}

static bool check_storage(struct api_request *request, json_t *value) {
    return check_number(request, json_object_get(value, "Size"), "ephemeralStorage.size", 512, 10240);
}

static bool check_snapstart(struct api_request *request, json_t *value) {
    return check_choice(request, value, "ApplyOn", "PublishedVersions None");
}

/* The members that UpdateFunctionConfiguration can change. */
static const struct member {
    const char *name;
    json_type type;
    bool (*check)(struct api_request *request, json_t *value);
} members[] = {
    {"Description", JSON_STRING, check_description},
    {"MemorySize", JSON_INTEGER, check_memory},
    {"Timeout", JSON_INTEGER, check_timeout},
    {"Environment", JSON_OBJECT, check_environment},
    {"LoggingConfig", JSON_OBJECT, check_logging},
    {"EphemeralStorage", JSON_OBJECT, check_storage},
    {"SnapStart", JSON_OBJECT, check_snapstart},
    {"Role", JSON_STRING, NULL},
    {"Handler", JSON_STRING, NULL},
    {"Runtime", JSON_STRING, NULL},
    {"KMSKeyArn", JSON_STRING, NULL},
    {"TracingConfig", JSON_OBJECT, NULL},
};

/* An update replaces the whole LoggingConfig; absent members get their defaults. */
static json_t *with_logging_defaults(const json_t *present, json_t *logging) {
    json_t *group = json_object_get(json_object_get(present, "LoggingConfig"), "LogGroup");
    json_t *whole = json_pack("{s:s, s:O}", "LogFormat", "Text", "LogGroup", group);
    json_object_update(whole, logging);
    if (strcmp(json_string_value(json_object_get(whole, "LogFormat")), "JSON") == 0) {
        json_t *defaults = json_pack("{s:s, s:s}", "ApplicationLogLevel", "INFO", "SystemLogLevel", "INFO");
        json_object_update_missing(whole, defaults);
        json_decref(defaults);
    }
    return whole;
}

static void set_member(json_t *updated, const json_t *present, const char *name, json_t *value) {
    if (strcmp(name, "LoggingConfig") == 0)
        json_object_set_new(updated, name, with_logging_defaults(present, value));
    else if (strcmp(name, "Environment") == 0 && json_object_size(json_object_get(value, "Variables")) == 0)
        json_object_del(updated, name);
    else
        json_object_set(updated, name, value);
}

struct json_t *configuration_update(struct api_request *request, const struct json_t *present,
                                    struct json_t *update) {
    json_t *updated = json_deep_copy(present);
    for (size_t i = 0; i < sizeof members / sizeof *members && !request->error; i++) {
        json_t *value = json_object_get(update, members[i].name);
        if (!value || json_is_null(value))
            continue;
        if (json_typeof(value) != members[i].type)
            api_fail(request, "SerializationException", "member %s has the wrong type", members[i].name);
        else if (!members[i].check || members[i].check(request, value))
            set_member(updated, present, members[i].name, value);
    }
    if (!request->error)
        return updated;
    json_decref(updated);
    return NULL;
}
