/* Execution environments: processes that run a function's bootstrap and answer invocations through the
 * Runtime API.
 *
 * An environment belongs to one version, runs one invocation at a time and stays for the next one.
 * Invocations that find none free start one. The clock of an invocation runs from START, which is written
 * when the environment has its share of the machine and is initialised, to the runtime's answer. An
 * environment that is free is frozen soon after. */
#ifndef LOCAL_ENVIRONMENT_ENVIRONMENT_H
#define LOCAL_ENVIRONMENT_ENVIRONMENT_H

#include "local/environment/invoke-request.h"
#include "local/environment/queue.h"
#include "local/sandbox/private-tmp.h"
#include "local/sandbox/sandbox.h"
#include "local/sandbox/task-folder.h"
#include "serve/httpd.h"

#include <sys/resource.h>
#include <sys/types.h>

struct runtime_peer;

enum environment_state {
    ENVIRONMENT_NEW,       /* waits for its share to be started */
    ENVIRONMENT_INIT,      /* started, has not asked for an invocation yet */
    ENVIRONMENT_BUSY,      /* has an invocation */
    ENVIRONMENT_FINISHING, /* has answered, has not asked for the next one yet */
    ENVIRONMENT_IDLE,      /* waits for an invocation */
    ENVIRONMENT_ENDED      /* killed, not reaped yet */
};

struct environment {
    struct server *server;
    struct environment *previous, *next; /* in server->environments */
    struct version *version;
    enum environment_state state;
    int memory_mb, timeout_s;      /* of the configuration that it was started with */
    bool retired;                  /* takes no further invocations */
    struct invocation *invocation; /* that it runs, or will */
    struct ticket ticket;
    struct sandbox *sandbox;
    pid_t process;   /* 0: not started */
    pid_t keeper;    /* of its PID namespace; 0: none */
    int status;      /* see process_start; -1 */
    char *directory; /* its own temporary folder */
    struct private_tmp tmp;
    struct task_folder task; /* its working directory */
    char stream[80];         /* of the log */

    struct watch listening, output;
    int port;
    struct runtime_peer *peers;
    struct httpd_request *next_request; /* the runtime's request for the next invocation, unanswered */

    uint64_t used_before;           /* processor time when it got its invocation, ns */
    struct httpd_request *response; /* the runtime's answer, which came before its share of time was over;
                                        see environment_debt */
    bool response_is_error;
    struct timer response_due;

    struct timer starting, deadline, freezing, watching;
    bool restoring; /* its start is reported as a restore (SnapStart) */
    uint64_t init_started, launched;
    bool init_again;        /* the first init failed; this one counts as a part of the invocation */
    struct text init_error; /* what the runtime said of its failed init */
    bool is_watched;        /* the kernel does not hold it to its memory */
    long peak_kib;
    struct text written; /* what it wrote while it had no invocation */
};

/* Runs an invocation in a free environment of its version, or in a new one. */
void environment_invoke(struct invocation *invocation);

/* No environment of `version` takes another invocation; those that have none end. */
void environments_retire(struct version *version);

/* A child of this program has ended. */
void environment_reaped(struct server *server, pid_t process, int status, const struct rusage *usage);

/* Ends all, and waits for them. */
void environments_end(struct server *server);

/* ---- for the Runtime API ---- */

/* The runtime asks for the next invocation. */
void environment_next(struct environment *environment, struct httpd_request *request);

/* How long its invocation must still last, ns. The kernel lets a group use the whole quota at the beginning
 * of a period, so that work ends up to a period's rest earlier than on a processor of its share's speed; what
 * was used is waited for, but for a little that a short invocation may overdraw, as on Lambda. */
uint64_t environment_debt(const struct environment *environment);

/* The runtime answers its invocation: `body` is taken over; `error_type` not NULL: an error. */
void environment_responded(struct environment *environment, struct text *body, const char *error_type);

/* The runtime's answer was too large. */
void environment_response_too_large(struct environment *environment);

/* The runtime says that it cannot initialise. */
void environment_init_failed(struct environment *environment, struct text *body, const char *error_type);

/* The runtime has done its init and is ready to be restored (SnapStart): the clock of the restore begins. */
void environment_restored(struct environment *environment);

#endif
