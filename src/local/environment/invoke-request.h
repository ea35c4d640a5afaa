/* One invocation, from its request to its response. */
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
    struct httpd_request *request; /* NULL for an event, which has no response */
    struct event *event;           /* the event that it runs, or NULL */
    char id[UUID_SIZE];
    char trace[TRACE_SIZE];
    char *arn;            /* with the qualifier of the request */
    char *client_context; /* JSON, or NULL */
    struct text payload;
    bool wants_tail;
    struct log log;
    struct text record; /* see record_begin */
    struct environment *environment;
    int memory_mb, timeout_s; /* of the environment that runs it */
    uint64_t started;         /* when START was written, as loop_now; 0: not yet */
    double init_ms;           /* of the environment started for it; < 0: warm start */
    double restore_ms;        /* < 0: none */
};

/* The result of an invocation. */
struct invocation_result {
    const char *status;     /* as in the report: "error", "timeout", "failure"; NULL: success */
    const char *error_type; /* or NULL */
    bool handled;           /* the function itself reported the error */
    long peak_kib;
    struct text *body;   /* response, ownership is taken; NULL: made from error_type and message */
    const char *message; /* of an error, after "RequestId: ... Error: " */
};

/* Checks whether `function` can run another invocation now. Returns NULL if so; otherwise the exceeded
 * limit, by its name in the API: the account's, or the function's own if it has reserved concurrency. */
const char *invocation_refusal(const struct function *function);

/* Makes an invocation of `version`; takes ownership of `payload`. */
struct invocation *invocation_new(struct version *version, struct httpd_request *request,
                                  struct text *payload);

/* Starts its clock, and writes START to its log. */
void invocation_start(struct invocation *invocation);

/* Writes the end of the log, sends the response, and frees the invocation. */
void invocation_finish(struct invocation *invocation, const struct invocation_result *result);

/* Frees the invocation without a response, because the server is ending. */
void invocation_drop(struct invocation *invocation);

#endif
