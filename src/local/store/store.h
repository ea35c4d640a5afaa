/* The functions that pt-local has, with their versions and aliases.
 *
 * $LATEST is version 0 and is there as long as its function. Numbers go up and are never used again. A
 * configuration is a JSON object with the members of the API's FunctionConfiguration that a user sets; the
 * others (ARN, state, revision, code) are put in when it is shown. A change settles later: until then
 * LastUpdateStatus is InProgress. Each read calls store_settle first, so that time needs no timers. */
#ifndef LOCAL_STORE_STORE_H
#define LOCAL_STORE_STORE_H

#include "local/store/code.h"
#include "local/store/runtimes.h"
#include "local/store/stamps.h"

#include <stdbool.h>
#include <stdint.h>

/* jansson's; its header and util/json.h cannot be read together. */
struct json_t;

struct server;
struct function;

struct version {
    struct function *function;
    unsigned long number;
    struct json_t *configuration;
    struct json_t
        *published_from; /* $LATEST's own configuration when this version was published; NULL for $LATEST */
    struct code *code;
    int memory_mb, timeout_s; /* of the configuration */
    bool created;             /* settling from Pending to Active, not from InProgress to Successful */
    uint64_t settles_at;      /* 0: settled */
    char revision[UUID_SIZE];
    char modified[TIMESTAMP_SIZE];
    unsigned int references; /* the store's and each environment's and invocation's */
    bool deleted;
};

struct alias {
    char *name;
    char *description;
    unsigned long version;
    unsigned long additional; /* with `weight` of the invocations; 0: none */
    double weight;
    char revision[UUID_SIZE];
};

struct function {
    struct server *server;
    char *name;
    struct managed_runtime runtime; /* owned */
    struct version **versions;      /* by number */
    size_t version_count, version_capacity;
    unsigned long last_number;
    struct alias **aliases; /* by name */
    size_t alias_count, alias_capacity;
    uint64_t looked_at;       /* when its folder was */
    int reserved_concurrency; /* -1: none */
    long running;             /* invocations */
    unsigned int references;  /* by its versions; it outlives store_remove while one of them is in use */
};

struct store {
    struct function **functions; /* by name */
    size_t count, capacity;
    void (*retired)(struct version *version); /* called when a version was changed or deleted */
};

/* ---- functions ---- */

/* A new function with the code in `directory` and the settings' configuration; takes `configuration` over.
 * NULL with errno when the code cannot be read; EEXIST when the name is taken. */
struct function *store_add(struct server *server, const char *name, const char *directory,
                           struct json_t *configuration);
struct function *store_find(struct store *store, const char *name);
void store_remove(struct function *function);
void store_release(struct store *store);

/* The bytes of code of all versions of all functions. */
long long store_code_size(const struct store *store);

/* Brings up to date what time has changed, and what the function's folder has when it was last looked at more
 * than `patience_ms` ago: a folder may have many files. */
void store_settle(struct function *function, int patience_ms);

/* ---- versions ---- */

struct version *version_latest(struct function *function);
struct version *version_find(struct function *function, unsigned long number);

/* "$LATEST" or the number; `name` has room for VERSION_NAME_SIZE. Returns `name`. */
enum { VERSION_NAME_SIZE = 24 };
const char *version_name(const struct version *version, char name[static VERSION_NAME_SIZE]);

/* The string `member` of the configuration's object `object`, or NULL: version_setting(version,
 * "LoggingConfig", "LogFormat"). */
const char *version_setting(const struct version *version, const char *object, const char *member);

/* The same for a whole number; 0 when there is none. */
long version_number(const struct version *version, const char *object, const char *member);

/* After `configuration` or the code of $LATEST was changed: a new revision and time; settles after
 * `delay_ms`; its environments are not used again. */
void version_changed(struct version *version, int delay_ms);

/* Publishes $LATEST: the newest version as it is when nothing changed since (`*created` is then false),
 * otherwise a new one with the next number. NULL with errno when the code cannot be copied. */
struct version *version_publish(struct function *function, const char *description, bool *created);

/* True when nothing has changed since the newest version was published. */
bool version_is_published(const struct function *function);

/* Takes a version out of its function; it goes when nothing refers to it. */
void version_delete(struct version *version);

/* Created, and not active yet. */
bool version_is_pending(const struct version *version);

struct version *version_hold(struct version *version);
void version_release(struct version *version);

/* ---- aliases ---- */

struct alias *alias_find(struct function *function, const char *name);
struct alias *alias_add(struct function *function, const char *name);
void alias_delete(struct function *function, struct alias *alias);

/* The alias that points at `number`, with all or a part of its invocations; NULL when none does. */
struct alias *alias_of_version(struct function *function, unsigned long number);

#endif
