/* What a person at a terminal is told before anything is done. */
#ifndef INIT_ANNOUNCE_H
#define INIT_ANNOUNCE_H

#include "init/records.h"

/* Says on standard error, if that is a terminal, how often the function will be executed, what that may cost
 * and what others meet meanwhile. `prices` is the file of a table of prices; NULL: the one that comes with
 * this toolkit. */
void announce(const struct plan_source *source, const char *prices);

/* Appends the same as a record, without a newline:
 * {"type":"estimate","functionName":S,"invocations":N,"atMost":B,"leastCost":N,"mostCost":N,"currency":S,
 *  "leastSeconds":N,"mostSeconds":N}; without the costs where there is no price. */
void estimate_append(const struct plan_source *source, const char *prices, struct text *out);

#endif
