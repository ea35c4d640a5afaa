/* What a run may cost at most: an invocation begins only when its price still fits, with those of all that
 * are under way.
 *
 * Nobody knows what an invocation costs before it has ended. It is taken to cost half as much again as the
 * dearest of its size so far; the first of a size, twice the dearest of any size; and the first of all is
 * made alone. Billed times are those of the reports; an invocation without one is taken to have cost that, or
 * the time that the client has seen, whichever is more. Pre- and post-processors are not counted. */
#ifndef INVOKE_BUDGET_H
#define INVOKE_BUDGET_H

#include "invoke/branch.h"
#include "tune/price.h"
#include "util/span.h"

#include <stdbool.h>
#include <stddef.h>

struct budget_size {
    long long power; /* MB */
    double dearest;  /* price of the dearest invocation so far */
};

struct budget {
    double limit; /* in the currency of the price; 0: none */
    struct price price;
    double spent;
    double dearest;            /* of any size */
    struct budget_size *sizes; /* owned */
    size_t count, capacity;
    bool stopped;      /* it is used up: nothing more is to begin */
    long long dropped; /* how many invocations were not made for that */
};

/* True when an invocation of `power` may begin, beside those that the branches have under way. */
bool budget_allows(const struct budget *budget, const struct branches *branches, long long power);

/* An invocation has ended: its log tail (base64), or NULL, and how long it took for the client. */
void budget_note(struct budget *budget, long long power, const char *log_result, const char *request_id,
                 double client_ms);

/* The same of the invocation record of an earlier process. */
void budget_note_record(struct budget *budget, long long power, struct span object);

void budget_release(struct budget *budget);

#endif
