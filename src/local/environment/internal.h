/* What the parts of the environments share: environment.c (finding and feeding them), environment-init.c
 * (starting them) and environment-fault.c (their ends). For nobody else. */
#ifndef LOCAL_ENVIRONMENT_INTERNAL_H
#define LOCAL_ENVIRONMENT_INTERNAL_H

#include "local/environment/environment.h"

enum { ENVIRONMENT_WATCH_MS = 5 };

/* ---- environment.c ---- */

struct environment *environment_new(struct version *version);

/* Takes everything away from it and kills it. It is freed when its process has been reaped. */
void environment_end(struct environment *environment);
void environment_free(struct environment *environment);

/* It is gone, or must go, while it had nothing to run; what it was going to run goes to another one. */
void environment_lose(struct environment *environment);

/* Enters the line for the share that its state needs. */
void environment_wait_for_share(struct environment *environment);

/* Hands its invocation to the runtime, which is asking for one. */
void environment_deliver(struct environment *environment);

void environment_set_timer(struct environment *environment, struct timer *timer, double milliseconds);

/* Its share of the processors, in cores. */
double environment_share(const struct environment *environment);

/* ---- environment-init.c ---- */

/* Its share is there: starts it. */
void environment_start(struct environment *environment);

/* The runtime has asked for its first invocation. */
void environment_initialised(struct environment *environment);

/* How much of the time limit of its init is left, ms: what is done before its program starts, which may be to
 * copy much code, does not count. */
double environment_init_rest(struct environment *environment);

/* Its init has failed; `status` and `type` as in the report, `message` for a fault. */
void environment_init_fault(struct environment *environment, const char *status, const char *type,
                            const char *message);

/* ---- environment-fault.c ---- */

/* Answers its invocation with a fault and ends it. */
void environment_fault(struct environment *environment, const char *status, const char *type,
                       const char *message);
void environment_time_out(struct environment *environment);

/* The same with an outcome that is made already. */
void environment_fail(struct environment *environment, const struct invocation_result *result);

/* The most memory that it has used. */
void environment_note_memory(struct environment *environment, long kib);
void environment_look_at_memory(struct environment *environment);
bool environment_over_memory(const struct environment *environment);
void environment_out_of_memory(struct environment *environment);

/* A timer's: looks what it uses now. */
void environment_watch_memory(void *context);

#endif
