#include "local/environment/queue.h"

#include "util/memory.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/types.h>

struct admission_queue {
    double *left; /* of each core, what is not granted */
    size_t count;
    double capacity; /* of each core; 0: no limit */
    unsigned int granted_count;
    struct ticket *first, *last;
    bool granting;
};

/* Tolerance for rounding errors in sums of shares. */
static const double ROUNDING = 1e-9;

struct admission_queue *admission_queue_new(double cores) {
    struct admission_queue *queue = memory_zeroed(1, sizeof *queue);
    if (cores <= 0)
        return queue;
    queue->count = (size_t)ceil(cores);
    queue->capacity = cores / (double)queue->count;
    queue->left = memory_zeroed(queue->count, sizeof *queue->left);
    for (size_t i = 0; i < queue->count; i++)
        queue->left[i] = queue->capacity;
    return queue;
}

void admission_queue_free(struct admission_queue *queue) {
    if (queue)
        free(queue->left);
    free(queue);
}

void admission_queue_close(struct admission_queue *queue) {
    if (queue)
        queue->granting = true;
}

/* ---- cores ---- */

/* The fullest core that has `least` left and no part of this ticket yet; -1: none. */
static ssize_t fullest(const struct admission_queue *queue, const struct ticket *ticket, double least) {
    ssize_t found = -1;
    for (size_t i = 0; i < queue->count; i++)
        if (ticket->taken[i] == 0 && queue->left[i] >= least - ROUNDING &&
            (found < 0 || queue->left[i] < queue->left[found]))
            found = (ssize_t)i;
    return found;
}

static void give_back(struct admission_queue *queue, struct ticket *ticket) {
    for (size_t i = 0; ticket->taken && i < queue->count; i++)
        queue->left[i] += ticket->taken[i];
    free(ticket->taken);
    ticket->taken = NULL;
}

/* Takes whole cores and one part of a core for the ticket. When they are not free, takes nothing and returns
 * false; with `must`, takes more than is free. */
static bool take(struct admission_queue *queue, struct ticket *ticket, bool must) {
    double rest = ticket->share;
    ticket->taken = queue->count ? memory_zeroed(queue->count, sizeof *ticket->taken) : NULL;
    for (size_t parts = 0; parts < queue->count && rest > ROUNDING; parts++) {
        double part = rest < queue->capacity ? rest : queue->capacity;
        ssize_t core = fullest(queue, ticket, part);
        if (core < 0 && must)
            core = fullest(queue, ticket, -INFINITY);
        if (core < 0) {
            give_back(queue, ticket);
            return false;
        }
        ticket->taken[core] = part;
        queue->left[core] -= part;
        rest -= rest < queue->capacity ? rest : 1;
    }
    return true;
}

static void unlink_ticket(struct admission_queue *queue, struct ticket *ticket) {
    if (ticket->previous)
        ticket->previous->next = ticket->next;
    else
        queue->first = ticket->next;
    if (ticket->next)
        ticket->next->previous = ticket->previous;
    else
        queue->last = ticket->previous;
    ticket->previous = ticket->next = NULL;
}

/* The callbacks may call enter and leave; the outermost grant() then continues. */
static void grant(struct admission_queue *queue) {
    if (queue->granting)
        return;
    queue->granting = true;
    while (queue->first && take(queue, queue->first, queue->granted_count == 0)) {
        struct ticket *ticket = queue->first;
        unlink_ticket(queue, ticket);
        ticket->state = TICKET_GRANTED;
        queue->granted_count++;
        ticket->granted(ticket->context);
    }
    queue->granting = false;
}

void admission_queue_enter(struct admission_queue *queue, struct ticket *ticket, double share) {
    ticket->share = share;
    ticket->state = TICKET_WAITING;
    ticket->previous = queue->last;
    ticket->next = NULL;
    if (queue->last)
        queue->last->next = ticket;
    else
        queue->first = ticket;
    queue->last = ticket;
    grant(queue);
}

void admission_queue_adjust(struct admission_queue *queue, struct ticket *ticket, double share) {
    if (ticket->state != TICKET_GRANTED)
        return;
    give_back(queue, ticket);
    ticket->share = share;
    take(queue, ticket, true);
    grant(queue);
}

void admission_queue_leave(struct admission_queue *queue, struct ticket *ticket) {
    if (ticket->state == TICKET_WAITING) {
        unlink_ticket(queue, ticket);
    } else if (ticket->state == TICKET_GRANTED) {
        queue->granted_count--;
        give_back(queue, ticket);
    }
    ticket->state = TICKET_NONE;
    grant(queue);
}
