#include "local/waiting-line.h"

#include "util/memory.h"

#include <stddef.h>
#include <stdlib.h>

struct waiting_line {
    double cores, taken;
    unsigned int granted_count;
    struct ticket *first, *last;
    bool granting;
};

/* Shares are sums of fractions: what fits on paper must not fail by the last bit. */
static const double ROUNDING = 1e-9;

struct waiting_line *waiting_line_new(double cores) {
    struct waiting_line *line = memory_zeroed(1, sizeof *line);
    line->cores = cores;
    return line;
}

void waiting_line_free(struct waiting_line *line) {
    free(line);
}

void waiting_line_close(struct waiting_line *line) {
    if (line)
        line->granting = true;
}

static double bounded(const struct waiting_line *line, double share) {
    return line->cores > 0 && share > line->cores ? line->cores : share;
}

static void unlink_ticket(struct waiting_line *line, struct ticket *ticket) {
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

static bool fits(const struct waiting_line *line, const struct ticket *ticket) {
    return line->cores <= 0 || line->granted_count == 0 ||
           line->taken + ticket->share <= line->cores + ROUNDING;
}

/* What is called here may enter and leave the line itself: the outermost call then goes on. */
static void grant(struct waiting_line *line) {
    if (line->granting)
        return;
    line->granting = true;
    while (line->first && fits(line, line->first)) {
        struct ticket *ticket = line->first;
        unlink_ticket(line, ticket);
        ticket->state = TICKET_GRANTED;
        line->taken += ticket->share;
        line->granted_count++;
        ticket->granted(ticket->context);
    }
    line->granting = false;
}

void waiting_line_enter(struct waiting_line *line, struct ticket *ticket, double share) {
    ticket->share = bounded(line, share);
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

void waiting_line_adjust(struct waiting_line *line, struct ticket *ticket, double share) {
    if (ticket->state != TICKET_GRANTED)
        return;
    line->taken -= ticket->share;
    ticket->share = bounded(line, share);
    line->taken += ticket->share;
    grant(line);
}

void waiting_line_leave(struct waiting_line *line, struct ticket *ticket) {
    if (ticket->state == TICKET_WAITING) {
        unlink_ticket(line, ticket);
    } else if (ticket->state == TICKET_GRANTED) {
        line->granted_count--;
        line->taken = line->granted_count ? line->taken - ticket->share : 0;
    }
    ticket->state = TICKET_NONE;
    grant(line);
}
