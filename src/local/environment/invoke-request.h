/* One invocation, from the request that asked for it to the answer. */
#ifndef LOCAL_ENVIRONMENT_INVOKE_REQUEST_H
#define LOCAL_ENVIRONMENT_INVOKE_REQUEST_H

#include "local/environment/log.h"
#include "local/store/stamps.h"
#include "local/store/store.h"
#include "serve/httpd.h"

struct environment;
struct event;

enum { TRACE_SIZE = 96 };

struct invocation {
    struct server *server;
    struct version *version;
    struct httpd_request *request; /* NULL: nobody waits for the answer */
    struct event *event;           /* that it is a try of, or NULL */
    char id[UUID_SIZE];
    char trace[TRACE_SIZE];
    char *arn;            /* with the qualifier that it was invoked with */
    char *client_context; /* JSON, or NULL */
    struct text payload;
    bool wants_tail;
    struct log log;
    struct text record; /* see record_begin */
    struct environment *environment;
    int memory_mb, timeout_s; /* of the environment that runs it */
    uint64_t started;         /* when START was written; 0: not yet */
    double init_ms;           /* of the environment that was started for it; < 0: it was warm */
    double restore_ms;        /* < 0: none */
};

/* How it ended. */
struct invocation_result {
    const char *status;     /* NULL: success; "error", "timeout", "failure": as in the report */
    const char *error_type; /* or NULL */
    bool handled;           /* the function itself reported the error */
    long peak_kib;
    struct text *body;   /* the answer, taken over; NULL: made of error_type and message */
    const char *message; /* of a fault, behind "RequestId: ... Error: " */
};

/* NULL when `function` may run another invocation now; else the quota that is in the way, as the API names
 * it: the account's, or the function's own when concurrency is reserved for it. */
const char *invocation_refusal(const struct function *function);

/* A new invocation of `version`; `payload` is taken over. */
struct invocation *invocation_new(struct version *version, struct httpd_request *request,
                                  struct text *payload);

/* START, now. */
void invocation_start(struct invocation *invocation);

/* Writes the end of the log, answers and frees the invocation. */
void invocation_finish(struct invocation *invocation, const struct invocation_result *result);

/* Drops it without an answer: the server is ending. */
void invocation_drop(struct invocation *invocation);

#endif
