#include "local/environment/queue.h"

#include "util/memory.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/types.h>

struct admission_queue {
    double *left; /* of each core */
    size_t count;
    double capacity; /* of a core; 0: nobody waits */
    unsigned int granted_count;
    struct ticket *first, *last;
    bool granting;
};

/* Shares are sums of fractions: what fits on paper must not fail by the last bit. */
static const double ROUNDING = 1e-9;

struct admission_queue *admission_queue_new(double cores) {
    struct admission_queue *line = memory_zeroed(1, sizeof *line);
    if (cores <= 0)
        return line;
    line->count = (size_t)ceil(cores);
    line->capacity = cores / (double)line->count;
    line->left = memory_zeroed(line->count, sizeof *line->left);
    for (size_t i = 0; i < line->count; i++)
        line->left[i] = line->capacity;
    return line;
}

void admission_queue_free(struct admission_queue *line) {
    if (line)
        free(line->left);
    free(line);
}

void admission_queue_close(struct admission_queue *line) {
    if (line)
        line->granting = true;
}

/* ---- cores ---- */

/* The fullest core, but for those that the ticket has a part of already, that has `least` left; -1: none. */
static ssize_t fullest(const struct admission_queue *line, const struct ticket *ticket, double least) {
    ssize_t found = -1;
    for (size_t i = 0; i < line->count; i++)
        if (ticket->taken[i] == 0 && line->left[i] >= least - ROUNDING &&
            (found < 0 || line->left[i] < line->left[found]))
            found = (ssize_t)i;
    return found;
}

static void give_back(struct admission_queue *line, struct ticket *ticket) {
    for (size_t i = 0; ticket->taken && i < line->count; i++)
        line->left[i] += ticket->taken[i];
    free(ticket->taken);
    ticket->taken = NULL;
}

/* Takes whole cores and one part of a core; nothing, and false, when they are not there. With `must` they are
 * taken all the same, beyond what there is. */
static bool take(struct admission_queue *line, struct ticket *ticket, bool must) {
    double rest = ticket->share;
    ticket->taken = line->count ? memory_zeroed(line->count, sizeof *ticket->taken) : NULL;
    for (size_t parts = 0; parts < line->count && rest > ROUNDING; parts++) {
        double part = rest < line->capacity ? rest : line->capacity;
        ssize_t core = fullest(line, ticket, part);
        if (core < 0 && must)
            core = fullest(line, ticket, -INFINITY);
        if (core < 0) {
            give_back(line, ticket);
            return false;
        }
        ticket->taken[core] = part;
        line->left[core] -= part;
        rest -= rest < line->capacity ? rest : 1;
    }
    return true;
}

static void unlink_ticket(struct admission_queue *line, struct ticket *ticket) {
    if (ticket->previous)
        ticket->previous->next = ticket->next;
    else
        line->first = ticket->next;
    if (ticket->next)
        ticket->next->previous = ticket->previous;
    else
        line->last = ticket->previous;
    ticket->previous = ticket->next = NULL;
}

/* What is called here may enter and leave the line itself: the outermost call then goes on. */
static void grant(struct admission_queue *line) {
    if (line->granting)
        return;
    line->granting = true;
    while (line->first && take(line, line->first, line->granted_count == 0)) {
        struct ticket *ticket = line->first;
        unlink_ticket(line, ticket);
        ticket->state = TICKET_GRANTED;
        line->granted_count++;
        ticket->granted(ticket->context);
    }
    line->granting = false;
}

void admission_queue_enter(struct admission_queue *line, struct ticket *ticket, double share) {
    ticket->share = share;
    ticket->state = TICKET_WAITING;
    ticket->previous = line->last;
    ticket->next = NULL;
    if (line->last)
        line->last->next = ticket;
    else
        line->first = ticket;
    line->last = ticket;
    grant(line);
}

void admission_queue_adjust(struct admission_queue *line, struct ticket *ticket, double share) {
    if (ticket->state != TICKET_GRANTED)
        return;
    give_back(line, ticket);
    ticket->share = share;
    take(line, ticket, true);
    grant(line);
}

void admission_queue_leave(struct admission_queue *line, struct ticket *ticket) {
    if (ticket->state == TICKET_WAITING) {
        unlink_ticket(line, ticket);
    } else if (ticket->state == TICKET_GRANTED) {
        line->granted_count--;
        give_back(line, ticket);
    }
    ticket->state = TICKET_NONE;
    grant(line);
}
