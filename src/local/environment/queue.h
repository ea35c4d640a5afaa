/* The line in which invocations wait for their share of the machine.
 *
 * The shares of the environments that run never add up to more than the machine has, so that what is measured
 * while many run is what would be measured with one alone; nor do those that must run side by side on one
 * core add up to more than a core: three shares of two thirds do not fit on two cores. Who came first goes
 * first, also before somebody smaller who would fit: nobody starves. */
#ifndef LOCAL_ENVIRONMENT_QUEUE_H
#define LOCAL_ENVIRONMENT_QUEUE_H

#include <stdbool.h>

struct admission_queue;

struct ticket {
    double share;  /* of cores */
    double *taken; /* of each core, while it is granted; the line's */
    void (*granted)(void *context);
    void *context;
    enum { TICKET_NONE, TICKET_WAITING, TICKET_GRANTED } state;
    struct ticket *previous, *next;
};

/* `cores` is what there is to share out, the same part of each core; 0: anything, nobody waits. */
struct admission_queue *admission_queue_new(double cores);
/* Nobody is granted anything any more. */
void admission_queue_close(struct admission_queue *queue);
void admission_queue_free(struct admission_queue *queue);

/* Waits for `share` cores, or all of them when it is more. `granted` may be called before this returns. */
void admission_queue_enter(struct admission_queue *queue, struct ticket *ticket, double share);

/* Another share for one who has been granted one, at once. */
void admission_queue_adjust(struct admission_queue *queue, struct ticket *ticket, double share);

/* Gives the share back, or leaves the line. Nothing when the ticket is neither waiting nor granted. */
void admission_queue_leave(struct admission_queue *queue, struct ticket *ticket);

#endif
