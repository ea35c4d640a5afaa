/* The line in which invocations wait for their share of the machine.
 *
 * The shares of the environments that run never add up to more than the machine has, so that what is measured
 * while many run is what would be measured with one alone; nor do those that must run side by side on one
 * core add up to more than a core: three shares of two thirds do not fit on two cores. Who came first goes
 * first, also before somebody smaller who would fit: nobody starves. */
#ifndef LOCAL_ENVIRONMENT_QUEUE_H
#define LOCAL_ENVIRONMENT_QUEUE_H

#include <stdbool.h>

struct waiting_line;

struct ticket {
    double share;  /* of cores */
    double *taken; /* of each core, while it is granted; the line's */
    void (*granted)(void *context);
    void *context;
    enum { TICKET_NONE, TICKET_WAITING, TICKET_GRANTED } state;
    struct ticket *previous, *next;
};

/* `cores` is what there is to share out, the same part of each core; 0: anything, nobody waits. */
struct waiting_line *waiting_line_new(double cores);
/* Nobody is granted anything any more. */
void waiting_line_close(struct waiting_line *line);
void waiting_line_free(struct waiting_line *line);

/* Waits for `share` cores, or all of them when it is more. `granted` may be called before this returns. */
void waiting_line_enter(struct waiting_line *line, struct ticket *ticket, double share);

/* Another share for one who has been granted one, at once. */
void waiting_line_adjust(struct waiting_line *line, struct ticket *ticket, double share);

/* Gives the share back, or leaves the line. Nothing when the ticket is neither waiting nor granted. */
void waiting_line_leave(struct waiting_line *line, struct ticket *ticket);

#endif
