#include "local/environment/variables.h"

#include "local/environment/environment.h"
#include "local/server.h"
#include "util/memory.h"

#include <jansson.h>
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

static void put_platform(struct list *list, const struct environment *environment) {
    const struct version *version = environment->version;
    const struct settings *settings = &environment->server->settings;
    char name[VERSION_NAME_SIZE];
    const char *group = version_setting(version, "LoggingConfig", "LogGroup");
    const char *format = version_setting(version, "LoggingConfig", "LogFormat");
    put_format(list, "AWS_LAMBDA_RUNTIME_API", "127.0.0.1:%d", environment->port);
    put(list, "AWS_LAMBDA_FUNCTION_NAME", version->function->name);
    put(list, "AWS_LAMBDA_FUNCTION_VERSION", version_name(version, name));
    put_format(list, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "%d", environment->memory_mb);
    put(list, "AWS_LAMBDA_INITIALIZATION_TYPE", environment->restoring ? "snap-start" : "on-demand");
    put(list, "AWS_LAMBDA_LOG_GROUP_NAME", group);
    put(list, "AWS_LAMBDA_LOG_STREAM_NAME", environment->stream);
    put(list, "AWS_LAMBDA_LOG_FORMAT", format);
    if (format && strcmp(format, "JSON") == 0)
        put(list, "AWS_LAMBDA_LOG_LEVEL", version_setting(version, "LoggingConfig", "ApplicationLogLevel"));
    put(list, "AWS_REGION", settings->region);
    put(list, "AWS_DEFAULT_REGION", settings->region);
    put(list, "_HANDLER", json_string_value(json_object_get(version->configuration, "Handler")));
    put(list, "LAMBDA_TASK_ROOT", environment->task.folder);
    put(list, "LAMBDA_RUNTIME_DIR", environment->directory);
    put(list, "LANG", "en_US.UTF-8");
    put(list, "TZ", ":UTC");
    put(list, "PATH", "/usr/local/bin:/usr/bin:/bin:/opt/bin");
    put_format(list, "LD_LIBRARY_PATH", "%s:%s/lib", environment->task.folder, environment->task.folder);
    put(list, "TMPDIR",
        environment->server->tmp_mechanism == PRIVATE_TMP_NONE ? environment->directory : "/tmp");
}

char **variables_new(const struct environment *environment) {
    struct list list = {NULL, 0, 0};
    const struct settings *settings = &environment->server->settings;
    const char *name;
    json_t *value;
    put_platform(&list, environment);
    for (size_t i = 0; i < settings->passed_count; i++)
        put(&list, settings->passed[i], getenv(settings->passed[i]));
    json_t *own =
        json_object_get(json_object_get(environment->version->configuration, "Environment"), "Variables");
    json_object_foreach(own, name, value) {
        put(&list, name, json_string_value(value));
    }
    return list.entries;
}

void variables_free(char **variables) {
    for (char **entry = variables; entry && *entry; entry++)
        free(*entry);
    free(variables);
}
