/* What a person at a terminal is told before anything is done. */
#ifndef INIT_ANNOUNCE_H
#define INIT_ANNOUNCE_H

#include "init/records.h"

/* Says on standard error, if that is a terminal, how often the function will be executed, what that may cost
 * and what others meet meanwhile. `prices` is the file of a table of prices; NULL: the one that comes with
 * this toolkit. */
void announce(const struct plan_source *source, const char *prices);

#endif
