/* What a person at a terminal is told before anything is done. */
#ifndef INIT_ANNOUNCE_H
#define INIT_ANNOUNCE_H

#include "init/records.h"

/* Says on standard error, if that is a terminal, how often the function will be executed, what that may cost
 * and what others meet meanwhile. */
void announce(const struct plan_source *source);

/* Appends the same as a record, without a newline:
 * {"type":"estimate","functionName":S,"invocations":N,"atMost":B,"leastCost":N,"mostCost":N,"currency":S,
 *  "leastSeconds":N,"mostSeconds":N}. */
void estimate_append(const struct plan_source *source, struct text *out);

#endif
