/* Events: invocations that nobody waits for (InvocationType Event).
 *
 * As on Lambda an event is accepted at once and waits while there is no concurrency for it; one that the
 * function fails is tried again twice, with the same request number: after --retry-delay, then after twice
 * that. */
#ifndef LOCAL_ENVIRONMENT_INVOKE_EVENT_H
#define LOCAL_ENVIRONMENT_INVOKE_EVENT_H

#include "local/store/stamps.h"
#include "local/store/store.h"
#include "serve/event-loop.h"
#include "util/text.h"

struct event {
    struct event *previous, *next; /* in server->events */
    struct version *version;
    char id[UUID_SIZE];
    char *arn, *client_context; /* as in struct invocation; owned */
    struct text payload;
    int failures;
    struct timer due;
};

/* Accepts an event: a new one, whose other members the caller fills in before event_run. */
struct event *event_new(struct version *version);

/* Invokes it as soon as its function may run. */
void event_run(struct event *event);

/* Its invocation has ended. */
void event_finished(struct event *event, bool failed);

/* Drops it, or all of them. */
void event_free(struct event *event);
void events_end(struct server *server);

#endif
