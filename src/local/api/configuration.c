#include "local/api/configuration.h"

#include "local/server.h"
#include "util/json.h"
#include "util/utf8.h"
#include "util/words.h"

#include <stdio.h>
#include <string.h>

enum { DESCRIPTION_LIMIT = 256, VARIABLES_LIMIT = 4096, MAX_MEMORY = 10240, MAX_TIMEOUT = 900 };

/* ---- new ones, and showing ---- */

/* Ends the object in `built` and returns it sorted. */
static char *finish(struct text *built) {
    struct text sorted = TEXT_INIT;
    text_append_byte(built, '}');
    json_append_sorted(&sorted, (struct span){built->bytes, built->length});
    text_release(built);
    return sorted.bytes;
}

char *configuration_new(const struct server *server, const char *name, const char *runtime,
                        const char *handler) {
    const struct settings *settings = &server->settings;
    struct text built = TEXT_INIT;
    text_append_format(&built,
                       "{\"Architectures\":[\"%s\"],\"EphemeralStorage\":{\"Size\":512},"
                       "\"LoggingConfig\":{\"LogFormat\":\"Text\",\"LogGroup\":\"/aws/lambda/%s\"},"
                       "\"Role\":\"arn:aws:iam::%s:role/pt-local\",\"SnapStart\":{\"ApplyOn\":\"None\"},"
                       "\"TracingConfig\":{\"Mode\":\"PassThrough\"}",
                       settings->architecture, name, settings->account);
    json_put_string(&built, "Description", "");
    json_put_string(&built, "Handler", handler);
    json_put_string(&built, "Runtime", runtime);
    json_put_number(&built, "MemorySize", settings->memory_mb);
    json_put_number(&built, "Timeout", settings->timeout_s);
    return finish(&built);
}

static void show_state(struct text *out, const struct version *version) {
    bool pending = version->settles_at && version->created;
    bool updating = version->settles_at && !version->created;
    json_put_string(out, "State", pending ? "Pending" : "Active");
    if (pending) {
        json_put_string(out, "StateReason", "The function is being created.");
        json_put_string(out, "StateReasonCode", "Creating");
    }
    json_put_string(out, "LastUpdateStatus", updating ? "InProgress" : "Successful");
    if (updating)
        json_put_string(out, "LastUpdateStatusReason", "The function is being created.");
}

/* SnapStart is on only for published versions. */
static void show_snapstart(struct text *out, const struct version *version) {
    bool on = version->number && version_has(version, "SnapStart", "ApplyOn", "PublishedVersions");
    json_put_name(out, "SnapStart");
    text_append_byte(out, '{');
    json_put_value(out, "ApplyOn", version_setting(version, "SnapStart", "ApplyOn"));
    json_put_string(out, "OptimizationStatus", on ? "On" : "Off");
    text_append_byte(out, '}');
}

static void show_members(struct text *out, const struct version *version) {
    struct json_cursor cursor = json_cursor(span_of(version->configuration));
    struct span name, value;
    while (json_next_member(&cursor, &name, &value)) {
        if (json_string_is(name, "SnapStart"))
            continue;
        json_put_member(out, name, value);
    }
}

void configuration_show(const struct version *version, const char *qualifier, struct text *out) {
    char name[VERSION_NAME_SIZE];
    struct text arn = TEXT_INIT;
    const struct server *server = version->function->server;
    api_arn(server, version->function->name, qualifier, &arn);
    text_append_byte(out, '{');
    show_members(out, version);
    json_put_string(out, "FunctionName", version->function->name);
    json_put_string(out, "FunctionArn", arn.bytes);
    json_put_string(out, "Version", version_name(version, name));
    json_put_string(out, "RevisionId", version->revision);
    json_put_string(out, "LastModified", version->modified);
    json_put_string(out, "CodeSha256", version->code->sha256);
    json_put_number(out, "CodeSize", (double)version->code->size);
    json_put_string(out, "PackageType", "Zip");
    json_put_name(out, "RuntimeVersionConfig");
    text_append_format(out, "{\"RuntimeVersionArn\":\"arn:aws:lambda:%s::runtime:%064d\"}",
                       server->settings.region, 0);
    show_state(out, version);
    show_snapstart(out, version);
    text_append_byte(out, '}');
    text_release(&arn);
}

/* ---- checking ---- */

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

bool configuration_refuses_description(struct api_request *request, struct span description) {
    struct text text = TEXT_INIT;
    if (json_type(description) == JSON_STRING)
        json_decode_string(description, &text);
    bool refused = characters(text_string(&text)) > DESCRIPTION_LIMIT &&
                   !constraint(request, text.bytes, "description", "have length less than or equal to 256");
    text_release(&text);
    return refused;
}

static bool check_number(struct api_request *request, struct span value, const char *member, long least,
                         long most) {
    char text[32], rule[80];
    long long number = 0;
    json_whole_number(value, &number);
    snprintf(text, sizeof text, "%lld", number);
    if (number < least)
        snprintf(rule, sizeof rule, "have value greater than or equal to %ld", least);
    else if (number > most)
        snprintf(rule, sizeof rule, "have value less than or equal to %ld", most);
    else
        return true;
    return constraint(request, text, member, rule);
}

static bool check_memory(struct api_request *request, struct span value) {
    int most = request->server->settings.max_memory_mb;
    if (!check_number(request, value, "memorySize", 128, MAX_MEMORY))
        return false;
    if (json_number(value) > most)
        api_fail(request, "InvalidParameterValueException",
                 "'MemorySize' value failed to satisfy constraint: Member must have value less than or equal "
                 "to %d",
                 most);
    return !request->error;
}

static bool check_timeout(struct api_request *request, struct span value) {
    return check_number(request, value, "timeout", 1, MAX_TIMEOUT);
}

static bool check_description(struct api_request *request, struct span value) {
    return !configuration_refuses_description(request, value);
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

static void check_variable(struct api_request *request, const char *name) {
    if (!is_variable_name(name))
        constraint(request, name, "environment.variables",
                   "satisfy constraint: [Member must satisfy regular expression pattern: "
                   "[a-zA-Z]([a-zA-Z0-9_])+]");
    else if (is_reserved(name))
        api_fail(request, "InvalidParameterValueException",
                 "Lambda was unable to configure your environment variables because the environment "
                 "variables you have provided contains reserved keys that are currently not supported "
                 "for modification. Reserved keys used in this request: %s",
                 name);
}

static bool check_environment(struct api_request *request, struct span value) {
    struct json_cursor cursor = json_cursor(json_get(value, "Variables"));
    struct span name, content;
    size_t size = 0;
    while (!request->error && json_next_member(&cursor, &name, &content)) {
        struct text variable = TEXT_INIT;
        json_decode_string(name, &variable);
        if (json_type(content) == JSON_STRING)
            check_variable(request, text_string(&variable));
        else
            api_fail(request, "SerializationException",
                     "the value of an environment variable is not a string");
        if (!request->error)
            json_decode_string(content, &variable);
        size += variable.length;
        text_release(&variable);
    }
    if (!request->error && size > VARIABLES_LIMIT)
        api_fail(request, "InvalidParameterValueException",
                 "Lambda was unable to configure your environment variables because the environment "
                 "variables you have provided exceeded the 4KB limit.");
    return !request->error;
}

static bool is_one_of(const char *text, const char *list) {
    const char *found = text && text[0] ? strstr(list, text) : NULL;
    return found && (found == list || found[-1] == ' ') && strchr(" ", found[strlen(text)]);
}

static bool check_choice(struct api_request *request, struct span object, const char *member,
                         const char *choices) {
    struct span value = json_get(object, member);
    struct text text = TEXT_INIT;
    char rule[160];
    json_get_string(object, member, &text);
    snprintf(rule, sizeof rule, "satisfy enum value set: [%s]", choices);
    bool valid = !value.start || is_one_of(text_string(&text), choices) ||
                 constraint(request, text_string(&text), member, rule);
    text_release(&text);
    return valid;
}

static bool check_logging(struct api_request *request, struct span value) {
    if (!check_choice(request, value, "LogFormat", "JSON Text") ||
        !check_choice(request, value, "SystemLogLevel", "DEBUG INFO WARN") ||
        !check_choice(request, value, "ApplicationLogLevel", "TRACE DEBUG INFO WARN ERROR FATAL"))
        return false;
    if (!json_string_is(json_get(value, "LogFormat"), "JSON") &&
        (json_get(value, "SystemLogLevel").start || json_get(value, "ApplicationLogLevel").start))
        api_fail(request, "InvalidParameterValueException",
                 "You cannot set log levels when the log format is Text. Change the log format to JSON.");
    return !request->error;
}

static bool check_storage(struct api_request *request, struct span value) {
    return check_number(request, json_get(value, "Size"), "ephemeralStorage.size", 512, 10240);
}

static bool check_snapstart(struct api_request *request, struct span value) {
    return check_choice(request, value, "ApplyOn", "PublishedVersions None");
}

/* ---- updating ---- */

static void put_string_or(struct text *out, const char *name, struct span object, const char *otherwise) {
    struct span given = json_get(object, name);
    if (json_type(given) == JSON_STRING)
        json_put_value(out, name, given);
    else
        json_put_string(out, name, otherwise);
}

/* An update replaces the whole LoggingConfig; absent members get their defaults. */
static void put_logging(struct text *out, const char *present, struct span logging) {
    struct text group = TEXT_INIT;
    json_get_string(json_get(span_of(present), "LoggingConfig"), "LogGroup", &group);
    json_put_name(out, "LoggingConfig");
    text_append_byte(out, '{');
    put_string_or(out, "LogFormat", logging, "Text");
    put_string_or(out, "LogGroup", logging, text_string(&group));
    if (json_string_is(json_get(logging, "LogFormat"), "JSON")) {
        put_string_or(out, "ApplicationLogLevel", logging, "INFO");
        put_string_or(out, "SystemLogLevel", logging, "INFO");
    }
    text_append_byte(out, '}');
    text_release(&group);
}

static void put_environment(struct text *out, struct span environment) {
    struct json_cursor cursor = json_cursor(json_get(environment, "Variables"));
    struct span name, value;
    if (json_next_member(&cursor, &name, &value))
        json_put_value(out, "Environment", environment);
}

/* The members that UpdateFunctionConfiguration can change. */
static const struct member {
    const char *name;
    enum json_type type;
    bool (*check)(struct api_request *request, struct span value);
} members[] = {
    {"Description", JSON_STRING, check_description},
    {"MemorySize", JSON_NUMBER, check_memory},
    {"Timeout", JSON_NUMBER, check_timeout},
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

/* Checks the member of an update; an absent one and null pass. */
static void check_member(struct api_request *request, const struct member *member, struct span value) {
    long long number;
    if (!value.start || json_type(value) == JSON_NULL)
        return;
    if (json_type(value) != member->type ||
        (member->type == JSON_NUMBER && !json_whole_number(value, &number)))
        api_fail(request, "SerializationException", "member %s has the wrong type", member->name);
    else if (member->check)
        member->check(request, value);
}

static void put_member(struct text *out, const char *present, const struct member *member,
                       struct span value) {
    if (!value.start || json_type(value) == JSON_NULL)
        value = json_get(span_of(present), member->name);
    if (member->check == check_logging)
        put_logging(out, present, value);
    else if (member->check == check_environment)
        put_environment(out, value);
    else if (member->type == JSON_NUMBER)
        json_put_number(out, member->name, json_number(value));
    else
        json_put_value(out, member->name, value);
}

char *configuration_update(struct api_request *request, const char *present, struct span update) {
    struct text updated = TEXT_INIT;
    text_append_byte(&updated, '{');
    json_put_value(&updated, "Architectures", json_get(span_of(present), "Architectures"));
    for (size_t i = 0; i < sizeof members / sizeof *members && !request->error; i++) {
        struct span value = json_get(update, members[i].name);
        check_member(request, &members[i], value);
        put_member(&updated, present, &members[i], value);
    }
    if (!request->error)
        return finish(&updated);
    text_release(&updated);
    return NULL;
}
