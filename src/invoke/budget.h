/* What a run may cost at most.
 *
 * Nobody knows what an invocation costs before it has ended, but no more than its time limit, with an init of
 * BUDGET_INIT_MS, at its size. One begins only when all that is under way could cost as much and the limit
 * still hold, which then cannot be passed.
 *
 * A limit that is less than that for a single invocation of a size cannot be kept for certain. Those of such
 * a size are made one at a time, each if what it is taken to cost fits: half as much again as the dearest of
 * its size so far; for the first of a size, twice the dearest of any; for the first of all, the least that an
 * invocation costs. Only one that takes far longer than any before it can then pass the limit.
 *
 * Billed times are those of the reports; an invocation without one is taken to have cost what was expected of
 * it, or the time that the client has seen, whichever is more. Pre- and post-processors are not counted. */
#ifndef INVOKE_BUDGET_H
#define INVOKE_BUDGET_H

#include "invoke/branch.h"
#include "tune/price.h"
#include "util/span.h"

#include <stdbool.h>
#include <stddef.h>

struct budget_size {
    long long memory_mb; /* MB */
    double dearest;      /* price of the dearest invocation so far */
};

/* An init takes at most so long, and has been billed since August 2025
 * (https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html). */
enum { BUDGET_INIT_MS = 10000 };

struct budget {
    double limit;      /* in the currency of the price; 0: none */
    double time_limit; /* of an invocation, in ms */
    struct price price;
    double spent;
    double dearest;            /* of any size */
    struct budget_size *sizes; /* owned */
    size_t count, capacity;
    bool warned; /* that the limit cannot be kept for certain */
};

/* The most that one invocation of `memory_mb` can cost. */
double budget_most_of(const struct budget *budget, long long memory_mb);

/* True when an invocation of `memory_mb` may begin, beside those that the branches have under way. */
bool budget_allows(const struct budget *budget, const struct branches *branches, long long memory_mb);

/* An invocation has ended: its log tail (base64), or NULL, and how long it took for the client. */
void budget_note(struct budget *budget, long long memory_mb, const char *log_result, const char *request_id,
                 double client_ms);

/* The same of a record of an earlier process: an invocation, or the measurement or failure that was made of
 * it. */
void budget_note_record(struct budget *budget, long long memory_mb, struct span object);

void budget_release(struct budget *budget);

#endif
