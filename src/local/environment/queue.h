/* The admission queue: environments wait here for their share of the machine.
 *
 * The shares that are granted at one time never add up to more than the machine has, so that an invocation
 * takes as long beside others as alone. They must also fit on the cores: three shares of two thirds of a
 * core do not fit on two cores. The queue is first in, first out: a small share never overtakes a large
 * one, so none starves. */
#ifndef LOCAL_ENVIRONMENT_QUEUE_H
#define LOCAL_ENVIRONMENT_QUEUE_H

#include <stdbool.h>

struct admission_queue;

struct ticket {
    double share;  /* in cores */
    double *taken; /* the part of each core, while granted; owned by the queue */
    void (*granted)(void *context);
    void *context;
    enum { TICKET_NONE, TICKET_WAITING, TICKET_GRANTED } state;
    struct ticket *previous, *next;
};

/* Makes a queue for `cores` cores' worth of time, spread evenly over the machine's cores. With 0, every
 * share is granted at once. */
struct admission_queue *admission_queue_new(double cores);

/* Grants nothing from now on. */
void admission_queue_close(struct admission_queue *queue);
void admission_queue_free(struct admission_queue *queue);

/* Queues a ticket for `share` cores; a share larger than the machine waits for all of it. Calls
 * `ticket->granted` when the share is granted, which may be before this returns. */
void admission_queue_enter(struct admission_queue *queue, struct ticket *ticket, double share);

/* Changes the share of a granted ticket at once, even when it does not fit. */
void admission_queue_adjust(struct admission_queue *queue, struct ticket *ticket, double share);

/* Releases the share of a granted ticket, or removes a waiting one. Otherwise does nothing. */
void admission_queue_leave(struct admission_queue *queue, struct ticket *ticket);

#endif
