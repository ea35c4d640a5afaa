#include "local/store/store.h"

#include "local/instance.h"
#include "local/server.h"
#include "serve/event-loop.h"
#include "util/json.h"
#include "util/memory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- versions ---- */

static int whole(struct span value) {
    long long number = 0;
    json_whole_number(value, &number);
    return (int)number;
}

static void read_sizes(struct version *version) {
    version->memory_mb = whole(json_get(span_of(version->configuration), "MemorySize"));
    version->timeout_s = whole(json_get(span_of(version->configuration), "Timeout"));
    version->storage_mb = whole(version_setting(version, "EphemeralStorage", "Size"));
}

static struct version *version_new(struct function *function, unsigned long number, char *configuration,
                                   struct code *code) {
    struct version *version = memory_zeroed(1, sizeof *version);
    version->function = function;
    version->number = number;
    version->configuration = configuration;
    version->code = code;
    version->references = 1;
    function->references++;
    read_sizes(version);
    stamp_uuid(version->revision);
    stamp_modified_time(version->modified);
    function->versions = memory_reserve(function->versions, &function->version_capacity,
                                        function->version_count + 1, sizeof(struct version *));
    function->versions[function->version_count++] = version;
    return version;
}

static void function_release(struct function *function) {
    if (--function->references)
        return;
    free(function->aliases);
    free(function->versions);
    free(function->name);
    runtime_release(&function->runtime);
    free(function);
}

bool version_is_pending(const struct version *version) {
    return version->created && version->settles_at > loop_now();
}

struct version *version_hold(struct version *version) {
    version->references++;
    return version;
}

void version_release(struct version *version) {
    if (!version || --version->references)
        return;
    free(version->configuration);
    free(version->published_from);
    code_release(version->code);
    function_release(version->function);
    free(version);
}

struct version *version_latest(struct function *function) {
    return function->versions[0];
}

struct version *version_find(struct function *function, unsigned long number) {
    for (size_t i = 0; i < function->version_count; i++)
        if (function->versions[i]->number == number)
            return function->versions[i];
    return NULL;
}

const char *version_name(const struct version *version, char name[static VERSION_NAME_SIZE]) {
    if (version->number)
        snprintf(name, VERSION_NAME_SIZE, "%lu", version->number);
    else
        snprintf(name, VERSION_NAME_SIZE, "$LATEST");
    return name;
}

struct span version_setting(const struct version *version, const char *object, const char *member) {
    return json_get(json_get(span_of(version->configuration), object), member);
}

bool version_has(const struct version *version, const char *object, const char *member, const char *wanted) {
    return json_string_is(version_setting(version, object, member), wanted);
}

static uint64_t after(int delay_ms) {
    return loop_now() + (unsigned int)delay_ms * NANOSECONDS_PER_MILLISECOND;
}

void version_changed(struct version *version, int delay_ms) {
    read_sizes(version);
    stamp_uuid(version->revision);
    stamp_modified_time(version->modified);
    version->settles_at = after(delay_ms);
    version->function->server->store.retired(version);
}

/* The code for a version that is published now: the newest version's code if the content is the same,
 * otherwise a copy. */
static struct code *published_code(struct function *function, const struct version *newest) {
    const struct code *latest = version_latest(function)->code;
    if (newest && strcmp(newest->code->sha256, latest->sha256) == 0)
        return code_hold(newest->code);
    struct text path = TEXT_INIT;
    instance_path(function->server->instance, "code", &path);
    struct code *copy = code_copy(latest, path.bytes);
    text_release(&path);
    return copy;
}

static struct version *newest_version(const struct function *function) {
    return function->version_count > 1 ? function->versions[function->version_count - 1] : NULL;
}

bool version_is_published(const struct function *function) {
    const struct version *newest = newest_version(function), *latest = function->versions[0];
    return newest && strcmp(newest->published_from, latest->configuration) == 0 &&
           strcmp(newest->code->sha256, latest->code->sha256) == 0;
}

struct version *version_publish(struct function *function, char *configuration, bool *created) {
    struct version *latest = version_latest(function), *newest = newest_version(function);
    bool published = version_is_published(function);
    struct code *code = published ? NULL : published_code(function, newest);
    *created = code != NULL;
    if (!code) {
        free(configuration);
        return published ? newest : NULL;
    }
    struct version *version = version_new(function, ++function->last_number, configuration, code);
    version->published_from = memory_copy_string(latest->configuration);
    version->created = true;
    version->settles_at = after(function->server->settings.publish_delay_ms);
    stamp_uuid(latest->revision);
    return version;
}

void version_delete(struct version *version) {
    struct function *function = version->function;
    size_t i = 0;
    while (function->versions[i] != version)
        i++;
    function->version_count--;
    memmove(function->versions + i, function->versions + i + 1,
            (function->version_count - i) * sizeof(struct version *));
    version->deleted = true;
    version->function->server->store.retired(version);
    version_release(version);
}

/* ---- aliases ---- */

struct alias *alias_find(struct function *function, const char *name) {
    for (size_t i = 0; i < function->alias_count; i++)
        if (strcmp(function->aliases[i]->name, name) == 0)
            return function->aliases[i];
    return NULL;
}

struct alias *alias_add(struct function *function, const char *name) {
    struct alias *alias = memory_zeroed(1, sizeof *alias);
    alias->name = memory_copy_string(name);
    alias->description = memory_copy_string("");
    stamp_uuid(alias->revision);
    function->aliases = memory_reserve(function->aliases, &function->alias_capacity,
                                       function->alias_count + 1, sizeof(struct alias *));
    size_t i = function->alias_count++;
    for (; i > 0 && strcmp(function->aliases[i - 1]->name, name) > 0; i--)
        function->aliases[i] = function->aliases[i - 1];
    function->aliases[i] = alias;
    return alias;
}

static void alias_free(struct alias *alias) {
    free(alias->name);
    free(alias->description);
    free(alias);
}

void alias_delete(struct function *function, struct alias *alias) {
    size_t i = 0;
    while (function->aliases[i] != alias)
        i++;
    function->alias_count--;
    memmove(function->aliases + i, function->aliases + i + 1,
            (function->alias_count - i) * sizeof(struct alias *));
    alias_free(alias);
}

struct alias *alias_of_version(struct function *function, unsigned long number) {
    for (size_t i = 0; i < function->alias_count; i++)
        if (function->aliases[i]->version == number || (number && function->aliases[i]->additional == number))
            return function->aliases[i];
    return NULL;
}

/* ---- functions ---- */

struct function *store_find(struct store *store, const char *name) {
    for (size_t i = 0; i < store->count; i++)
        if (strcmp(store->functions[i]->name, name) == 0)
            return store->functions[i];
    return NULL;
}

struct function *store_add(struct server *server, const char *name, const char *directory,
                           char *configuration) {
    struct store *store = &server->store;
    errno = EEXIST;
    struct code *code = store_find(store, name) ? NULL : code_open(directory);
    if (!code) {
        int error = errno;
        free(configuration);
        errno = error;
        return NULL;
    }
    struct function *function = memory_zeroed(1, sizeof *function);
    function->server = server;
    function->name = memory_copy_string(name);
    function->reserved_concurrency = -1;
    version_new(function, 0, configuration, code);
    store->functions =
        memory_reserve(store->functions, &store->capacity, store->count + 1, sizeof(struct function *));
    size_t i = store->count++;
    for (; i > 0 && strcmp(store->functions[i - 1]->name, name) > 0; i--)
        store->functions[i] = store->functions[i - 1];
    store->functions[i] = function;
    return function;
}

long long store_code_size(const struct store *store) {
    long long size = 0;
    for (size_t i = 0; i < store->count; i++)
        for (size_t j = 0; j < store->functions[i]->version_count; j++)
            size += store->functions[i]->versions[j]->code->size;
    return size;
}

static void empty_function(struct function *function) {
    while (function->alias_count)
        alias_delete(function, function->aliases[function->alias_count - 1]);
    for (size_t more = function->version_count; more; more--)
        version_delete(function->versions[more - 1]);
}

void store_remove(struct function *function) {
    struct store *store = &function->server->store;
    size_t i = 0;
    while (store->functions[i] != function)
        i++;
    store->count--;
    memmove(store->functions + i, store->functions + i + 1, (store->count - i) * sizeof(struct function *));
    empty_function(function);
}

void store_release(struct store *store) {
    while (store->count)
        empty_function(store->functions[--store->count]);
    free(store->functions);
    *store = (struct store){.functions = NULL};
}

static void look_at_folder(struct function *function) {
    struct version *latest = version_latest(function);
    function->looked_at = loop_now();
    if (code_refresh(latest->code))
        version_changed(latest, function->server->settings.update_delay_ms);
}

void store_settle(struct function *function, int patience_ms) {
    if (loop_now() - function->looked_at >= (unsigned int)patience_ms * NANOSECONDS_PER_MILLISECOND)
        look_at_folder(function);
    uint64_t now = loop_now(); /* read again: a change without a delay settles at once */
    for (size_t i = 0; i < function->version_count; i++) {
        struct version *version = function->versions[i];
        if (!version->settles_at || version->settles_at > now)
            continue;
        version->settles_at = 0;
        stamp_uuid(version->revision);
    }
}
