#include "local/environment/invoke-event.h"

#include "local/environment/environment.h"
#include "local/environment/invoke-request.h"
#include "local/server.h"
#include "util/memory.h"

#include <stdlib.h>

/* The number of retries of a failed event, and the wait before checking again for free concurrency. */
enum { RETRIES = 2, THROTTLED_MS = 1000 };

static void due(void *context) {
    event_run(context);
}

struct event *event_new(struct version *version) {
    struct server *server = version->function->server;
    struct event *event = memory_zeroed(1, sizeof *event);
    event->version = version_hold(version);
    event->due = (struct timer){.fire = due, .context = event};
    event->next = server->events;
    if (event->next)
        event->next->previous = event;
    server->events = event;
    return event;
}

void event_free(struct event *event) {
    struct server *server = event->version->function->server;
    if (event->previous)
        event->previous->next = event->next;
    else
        server->events = event->next;
    if (event->next)
        event->next->previous = event->previous;
    loop_cancel(server->loop, &event->due);
    version_release(event->version);
    text_release(&event->payload);
    free(event->arn);
    free(event->client_context);
    free(event);
}

static void wait_for(struct event *event, int delay_ms) {
    loop_set_timer(event->version->function->server->loop, &event->due,
                   loop_now() + (unsigned int)delay_ms * NANOSECONDS_PER_MILLISECOND);
}

void event_run(struct event *event) {
    struct text payload = TEXT_INIT;
    if (event->version->deleted) {
        event_free(event);
        return;
    }
    if (invocation_refusal(event->version->function) || version_is_pending(event->version)) {
        wait_for(event, THROTTLED_MS);
        return;
    }
    text_append(&payload, text_string(&event->payload), event->payload.length);
    struct invocation *invocation = invocation_new(event->version, NULL, &payload);
    memcpy(invocation->id, event->id, sizeof invocation->id);
    invocation->arn = memory_copy_string(event->arn);
    invocation->client_context = memory_copy_string(event->client_context);
    invocation->event = event;
    environment_invoke(invocation);
}

void event_finished(struct event *event, bool failed) {
    int delay_ms = event->version->function->server->settings.retry_delay_ms;
    if (failed && event->failures < RETRIES)
        wait_for(event, delay_ms << event->failures++);
    else
        event_free(event);
}

void events_end(struct server *server) {
    while (server->events)
        event_free(server->events);
}
