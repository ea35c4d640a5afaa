/* Events: asynchronous invocations (InvocationType Event).
 *
 * As on Lambda, an event is accepted at once, and waits while its function has no free concurrency. When
 * the function fails, the event is retried twice with the same request id: after --retry-delay, then after
 * twice that time. */
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

/* Makes an event and adds it to the server's list. The caller sets the other members before event_run. */
struct event *event_new(struct version *version);

/* Runs the event as soon as its function has free concurrency. */
void event_run(struct event *event);

/* To be called when its invocation has ended: retries the event, or frees it. */
void event_finished(struct event *event, bool failed);

/* Frees an event; frees all events. */
void event_free(struct event *event);
void events_end(struct server *server);

#endif
