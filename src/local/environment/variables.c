#include "local/environment/variables.h"

#include "local/environment/environment.h"
#include "local/server.h"
#include "util/json.h"
#include "util/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct list {
    char **entries;
    size_t count, capacity;
};

static void put(struct list *list, const char *name, const char *value) {
    struct text entry = TEXT_INIT;
    if (!value)
        return;
    text_append_format(&entry, "%s=%s", name, value);
    list->entries = memory_reserve(list->entries, &list->capacity, list->count + 2, sizeof(char *));
    list->entries[list->count++] = entry.bytes;
    list->entries[list->count] = NULL;
}

static void put_format(struct list *list, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void put_format(struct list *list, const char *name, const char *format, ...) {
    char value[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(value, sizeof value, format, arguments);
    va_end(arguments);
    put(list, name, value);
}

static void put_setting(struct list *list, const char *name, struct span value) {
    struct text text = TEXT_INIT;
    if (json_type(value) != JSON_STRING)
        return;
    json_decode_string(value, &text);
    put(list, name, text_string(&text));
    text_release(&text);
}

static void put_platform(struct list *list, const struct environment *environment) {
    const struct version *version = environment->version;
    const struct settings *settings = &environment->server->settings;
    char name[VERSION_NAME_SIZE];
    put_format(list, "AWS_LAMBDA_RUNTIME_API", "127.0.0.1:%d", environment->port);
    put(list, "AWS_LAMBDA_FUNCTION_NAME", version->function->name);
    put(list, "AWS_LAMBDA_FUNCTION_VERSION", version_name(version, name));
    put_format(list, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "%d", environment->memory_mb);
    put(list, "AWS_LAMBDA_INITIALIZATION_TYPE", environment->restoring ? "snap-start" : "on-demand");
    put_setting(list, "AWS_LAMBDA_LOG_GROUP_NAME", version_setting(version, "LoggingConfig", "LogGroup"));
    put(list, "AWS_LAMBDA_LOG_STREAM_NAME", environment->stream);
    put_setting(list, "AWS_LAMBDA_LOG_FORMAT", version_setting(version, "LoggingConfig", "LogFormat"));
    put_setting(list, "AWS_LAMBDA_LOG_LEVEL",
                version_setting(version, "LoggingConfig", "ApplicationLogLevel"));
    put(list, "AWS_REGION", settings->region);
    put(list, "AWS_DEFAULT_REGION", settings->region);
    put_setting(list, "_HANDLER", json_get(span_of(version->configuration), "Handler"));
    put(list, "LAMBDA_TASK_ROOT", environment->folders.task);
    put(list, "LAMBDA_RUNTIME_DIR", environment->directory);
    put(list, "LANG", "en_US.UTF-8");
    put(list, "TZ", ":UTC");
    put(list, "PATH", "/usr/local/bin:/usr/bin:/bin:/opt/bin");
    put_format(list, "LD_LIBRARY_PATH", "%s:%s/lib", environment->folders.task, environment->folders.task);
    put(list, "TMPDIR",
        environment->server->isolation.mounts == MOUNTS_NONE ? environment->directory : "/tmp");
}

char **variables_new(const struct environment *environment) {
    struct list list = {NULL, 0, 0};
    const struct settings *settings = &environment->server->settings;
    struct span name, value;
    put_platform(&list, environment);
    for (size_t i = 0; i < settings->passed_count; i++)
        put(&list, settings->passed[i], getenv(settings->passed[i]));
    struct json_cursor cursor =
        json_cursor(version_setting(environment->version, "Environment", "Variables"));
    while (json_next_member(&cursor, &name, &value)) {
        struct text own = TEXT_INIT;
        json_decode_string(name, &own);
        put_setting(&list, own.bytes, value);
        text_release(&own);
    }
    return list.entries;
}

void variables_free(char **variables) {
    for (char **entry = variables; entry && *entry; entry++)
        free(*entry);
    free(variables);
}
