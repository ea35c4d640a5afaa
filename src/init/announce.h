/* The announcement of a run: how many invocations, what they may cost and how long they may take. */
#ifndef INIT_ANNOUNCE_H
#define INIT_ANNOUNCE_H

#include "init/records.h"

/* When standard error is a terminal, reports how often the function will be executed, the estimated cost and
 * time, and the effect on other callers of the function. */
void announce(const struct plan_source *source);

/* Appends the estimate as a record without a newline; costs in `currency`:
 *
 *     {"type":"estimate","functionName":S,"invocations":N,"atMost":B,"leastCost":N,"mostCost":N,"currency":S,
 *      "leastSeconds":N,"mostSeconds":N}. */
void estimate_append(const struct plan_source *source, struct text *out);

#endif
