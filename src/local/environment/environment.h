/* Execution environments: processes that run a function's bootstrap and serve invocations through the
 * Runtime API.
 *
 * An environment belongs to one version, runs one invocation at a time, and is kept for the next one. An
 * invocation that finds no free environment starts a new one. The duration of an invocation is measured
 * from START, which is written when the environment is initialised and has been granted its share of the
 * machine, to the response of the runtime. An idle environment is frozen after a few milliseconds. */
#ifndef LOCAL_ENVIRONMENT_ENVIRONMENT_H
#define LOCAL_ENVIRONMENT_ENVIRONMENT_H

#include "local/environment/invoke-request.h"
#include "local/environment/queue.h"
#include "local/sandbox/sandbox.h"
#include "serve/httpd.h"

#include <sys/resource.h>
#include <sys/types.h>

struct runtime_peer;

enum environment_state {
    ENVIRONMENT_NEW,       /* waits for its share of the machine, then starts */
    ENVIRONMENT_INIT,      /* started; has not requested an invocation yet */
    ENVIRONMENT_BUSY,      /* runs an invocation */
    ENVIRONMENT_FINISHING, /* has responded; has not requested the next invocation yet */
    ENVIRONMENT_IDLE,      /* waits for an invocation */
    ENVIRONMENT_ENDED      /* killed, not reaped yet */
};

struct environment {
    struct server *server;
    struct environment *previous, *next; /* in server->environments */
    struct version *version;
    enum environment_state state;
    int memory_mb, timeout_s;      /* from the configuration it was started with */
    bool retired;                  /* gets no further invocations */
    struct invocation *invocation; /* that it runs, or will run */
    struct ticket ticket;
    struct sandbox *sandbox;
    pid_t process;   /* 0: not started */
    pid_t keeper;    /* first process of its PID namespace; 0: none */
    int status;      /* see process_start; -1: none */
    char *directory; /* its own temporary folder */
    struct folders folders;
    char stream[80]; /* name of its log stream */

    struct watch listening, output;
    int port;
    struct runtime_peer *peers;
    struct httpd_request *next_request; /* the runtime's request for the next invocation; NULL: none */

    uint64_t used_before;           /* processor time at the start of its invocation, ns */
    struct httpd_request *response; /* the runtime's response while it is delayed; see environment_debt */
    bool response_is_error;
    struct timer response_due;

    struct timer starting, deadline, freezing, watching;
    bool restoring; /* SnapStart: its start is reported as a restore */
    uint64_t init_started, launched;
    bool init_again;        /* the first init failed: this one is part of the invocation */
    struct text init_error; /* the error that the runtime reported for its failed init */
    bool is_watched;        /* its memory is limited by polling, not by the kernel */
    long peak_kib;
    struct text written; /* output while it had no invocation */
};

/* Runs an invocation in a free environment of its version, or in a new one. Takes ownership of it. */
void environment_invoke(struct invocation *invocation);

/* Retires the environments of `version`: they get no further invocations, and end when they are idle. */
void environments_retire(struct version *version);

/* To be called when a child of this program has been reaped: `status` and `usage` as from wait4. */
void environment_reaped(struct server *server, pid_t process, int status, const struct rusage *usage);

/* Ends all environments, and waits until their processes have ended. */
void environments_end(struct server *server);

/* ---- for the Runtime API ---- */

/* The runtime requests the next invocation. Keeps the request until there is one. */
void environment_next(struct environment *environment, struct httpd_request *request);

/* How much longer the current invocation must last, in ns. The kernel lets a control group use its whole
 * quota at the beginning of a period, so that a short invocation ends earlier than on a processor of its
 * share's speed. The response is delayed until the time used is paid for, except for 2 ms that an
 * invocation may overdraw, as on Lambda. */
uint64_t environment_debt(const struct environment *environment);

/* The runtime responds to its invocation. Takes ownership of `body`. `error_type` is NULL for success. */
void environment_responded(struct environment *environment, struct text *body, const char *error_type);

/* The runtime's response was too large. */
void environment_response_too_large(struct environment *environment);

/* The runtime reports that its init failed. Takes ownership of `body`. */
void environment_init_failed(struct environment *environment, struct text *body, const char *error_type);

/* The runtime has finished its init and is ready to be restored (SnapStart): the time of the restore
 * begins. */
void environment_restored(struct environment *environment);

#endif
