/* The maximum cost of a run (--max-cost).
 *
 * The cost of an invocation is known only when it has ended. But there is a maximum: the price of its time
 * limit plus an init of BUDGET_INIT_MS at its memory size. An invocation starts only when the limit would
 * hold even if it, and all that are in progress, cost their maximum. So the limit is never exceeded.
 *
 * This does not work when the limit is below the maximum of a single invocation. Then invocations of that
 * size are made one at a time, and each starts when its expected cost fits:
 *
 *     after others of its size              1.5 times the most expensive of its size
 *     the first of its size                 2 times the most expensive of any size
 *     the first of all                      the price of 1 ms
 *
 * Only an invocation that takes far longer than those before it can then exceed the limit.
 *
 * The billed durations are those of the reports. An invocation without a report counts with its expected
 * cost, or with the cost of the time that the client measured, whichever is more. Pre- and post-processors
 * are not counted. */
#ifndef INVOKE_BUDGET_H
#define INVOKE_BUDGET_H

#include "invoke/branch.h"
#include "tune/price.h"
#include "util/span.h"

#include <stdbool.h>

/* The maximum duration of an init, which has been billed since August 2025
 * (https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html). */
enum { BUDGET_INIT_MS = 10000 };

struct budget {
    double limit;      /* in the currency of the price; 0: none */
    double time_limit; /* of an invocation, in ms */
    struct price price;
    double spent;
    double highest_cost; /* cost of the most expensive invocation of any size */
    bool warned;         /* it was reported that the limit cannot be guaranteed */
};

/* The maximum cost of one invocation of this size. */
double budget_max_cost_of(const struct budget *budget, long long memory_mb);

/* True when an invocation of `branch` may start in addition to those in progress in `branches`. */
bool budget_allows(const struct budget *budget, const struct branches *branches, const struct branch *branch);

/* Adds the cost of an invocation that has ended, here and to its branch. `log_result` is its log tail in
 * base64, or NULL; `client_ms` is how long it took on the client's clock. */
void budget_note(struct budget *budget, struct branch *branch, const char *log_result, const char *request_id,
                 double client_ms);

/* Adds the cost of an invocation of an earlier process, from its record: an invocation, measurement or
 * failure. */
void budget_note_record(struct budget *budget, struct branch *branch, struct span object);

#endif
