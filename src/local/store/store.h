/* The functions of pt-local, with their versions and aliases.
 *
 * $LATEST is version 0 and exists as long as its function. Version numbers increase and are never reused. A
 * configuration is a JSON object, in the form of json_append_sorted, with the members of the API's
 * FunctionConfiguration that a user can set; the others (ARN, state, revision, code) are added when it is
 * shown.
 *
 * A change settles after a delay: until then, LastUpdateStatus is InProgress or, for a new version, State is
 * Pending. The store has no timers: every reader calls store_settle first. */
#ifndef LOCAL_STORE_STORE_H
#define LOCAL_STORE_STORE_H

#include "local/store/code.h"
#include "local/store/runtimes.h"
#include "local/store/stamps.h"
#include "util/span.h"

#include <stdbool.h>
#include <stdint.h>

struct server;
struct function;

struct version {
    struct function *function;
    unsigned long number;
    char *configuration;
    char *published_from; /* the configuration of $LATEST at publication; NULL for $LATEST */
    struct code *code;
    int memory_mb, timeout_s, storage_mb; /* copies from the configuration */
    bool created;        /* settles from Pending to Active; otherwise from InProgress to Successful */
    uint64_t settles_at; /* as loop_now; 0: settled */
    char revision[UUID_SIZE];
    char modified[TIMESTAMP_SIZE];
    unsigned int references; /* by the store, environments, invocations and events */
    bool deleted;
};

struct alias {
    char *name;
    char *description;
    unsigned long version;
    unsigned long additional; /* the version that gets the part `weight` of the invocations; 0: none */
    double weight;
    char revision[UUID_SIZE];
};

struct function {
    struct server *server;
    char *name;
    struct managed_runtime runtime; /* owned */
    struct version **versions;      /* ordered by number */
    size_t version_count, version_capacity;
    unsigned long last_number;
    struct alias **aliases; /* ordered by name */
    size_t alias_count, alias_capacity;
    uint64_t looked_at;       /* when its folder was last checked for changes, as loop_now */
    int reserved_concurrency; /* -1: none */
    long running;             /* invocations */
    unsigned int references;  /* by its versions: after store_remove, it exists while one of them is used */
};

struct store {
    struct function **functions; /* ordered by name */
    size_t count, capacity;
    void (*retired)(struct version *version); /* called when a version was changed or deleted */
};

/* ---- functions ---- */

/* Adds a function with the code in `directory`. Takes ownership of `configuration`. NULL with errno when
 * the code cannot be read; EEXIST when there is a function of that name. */
struct function *store_add(struct server *server, const char *name, const char *directory,
                           char *configuration);

/* Finds a function; NULL when there is none. */
struct function *store_find(struct store *store, const char *name);

/* Removes a function with its versions and aliases. */
void store_remove(struct function *function);

/* Removes all functions. */
void store_release(struct store *store);

/* The size of the code of all versions of all functions, in bytes. */
long long store_code_size(const struct store *store);

/* Settles the changes that are due. Also checks the function's folder for changes, unless it was checked
 * within the last `patience_ms`: a folder may have many files. */
void store_settle(struct function *function, int patience_ms);

/* ---- versions ---- */

/* $LATEST. */
struct version *version_latest(struct function *function);

/* Finds a version by number, 0 for $LATEST; NULL when there is none. */
struct version *version_find(struct function *function, unsigned long number);

/* Writes "$LATEST" or the number into `name`, and returns `name`. */
enum { VERSION_NAME_SIZE = 24 };
const char *version_name(const struct version *version, char name[static VERSION_NAME_SIZE]);

/* The value in an object of the configuration; absent when there is none. For example,
 * version_setting(version, "LoggingConfig", "LogFormat"). */
struct span version_setting(const struct version *version, const char *object, const char *member);

/* True when that value is the string `wanted`. */
bool version_has(const struct version *version, const char *object, const char *member, const char *wanted);

/* To be called after the configuration or code of $LATEST has changed: gives it a new revision and time, and
 * retires its environments. The change settles after `delay_ms`. */
void version_changed(struct version *version, int delay_ms);

/* Publishes $LATEST, with `configuration`, and returns the version. If nothing has changed since the newest
 * version, that version is returned and `*created` is false. NULL with errno when the code cannot be
 * copied. Takes ownership of `configuration`. */
struct version *version_publish(struct function *function, char *configuration, bool *created);

/* True when nothing has changed since the newest version was published. */
bool version_is_published(const struct function *function);

/* Removes a version from its function. It is freed when the last reference is released. */
void version_delete(struct version *version);

/* True while a new version is Pending. */
bool version_is_pending(const struct version *version);

/* Adds a reference; removes one, and with the last one frees the version. */
struct version *version_hold(struct version *version);
void version_release(struct version *version);

/* ---- aliases ---- */

/* Finds an alias; NULL when there is none. */
struct alias *alias_find(struct function *function, const char *name);

/* Adds an alias; there must not be one of that name. */
struct alias *alias_add(struct function *function, const char *name);

/* Removes and frees an alias. */
void alias_delete(struct function *function, struct alias *alias);

/* An alias that routes all or a part of its invocations to version `number`; NULL when there is none. */
struct alias *alias_of_version(struct function *function, unsigned long number);

#endif
