/* Shared by the sources of this folder: environment.c (life of an environment), init.c (start) and fault.c
 * (errors and memory). */
#ifndef LOCAL_ENVIRONMENT_INTERNAL_H
#define LOCAL_ENVIRONMENT_INTERNAL_H

#include "local/environment/environment.h"

enum { ENVIRONMENT_WATCH_MS = 5 };

/* ---- environment.c ---- */

/* Makes an environment of `version` and adds it to the server's list. */
struct environment *environment_new(struct version *version);

/* Kills an environment and releases everything but its process. It is freed when its process has been
 * reaped. */
void environment_end(struct environment *environment);
void environment_free(struct environment *environment);

/* Ends an environment that runs nothing; another one gets the invocation that was assigned to it, if any. */
void environment_lose(struct environment *environment);

/* Enters the admission queue for the share that its state needs. */
void environment_wait_for_share(struct environment *environment);

/* Sends its invocation as the response to the runtime's request for the next one. */
void environment_deliver(struct environment *environment);

/* Sets a timer to fire in `milliseconds`. */
void environment_set_timer(struct environment *environment, struct timer *timer, double milliseconds);

/* ---- init.c ---- */

/* Its share of the processors in its current state, in cores. */
double environment_share(const struct environment *environment);

/* Starts the environment; its share has been granted. */
void environment_start(struct environment *environment);

/* The runtime has requested its first invocation. */
void environment_initialised(struct environment *environment);

/* How much of the time limit of the init is left, in ms. The time before the program starts does not
 * count: it may be spent on copying much code. */
double environment_init_rest(struct environment *environment);

/* Its init has failed. `status` and `type` are as in the report; `message` is the error message. */
void environment_init_fault(struct environment *environment, const char *status, const char *type,
                            const char *message);

/* ---- fault.c ---- */

/* Completes its invocation with an error, and ends the environment. */
void environment_fault(struct environment *environment, const char *status, const char *type,
                       const char *message);

/* The same for an invocation that has run out of time, or of memory. */
void environment_time_out(struct environment *environment);
void environment_out_of_memory(struct environment *environment);

/* The same with a given result. */
void environment_fail(struct environment *environment, const struct invocation_result *result);

/* Raises the highest memory use that was seen. */
void environment_note_memory(struct environment *environment, long kib);

/* Reads the memory use now, and notes it. */
void environment_look_at_memory(struct environment *environment);

/* True when the environment has used more than its memory. */
bool environment_over_memory(const struct environment *environment);

/* The callback of a timer: checks the memory use, and sets the timer again. */
void environment_watch_memory(void *context);

#endif
