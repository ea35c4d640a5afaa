/* pt-pick --next: what to run next, or the decision. */
#ifndef PICK_NEXT_H
#define PICK_NEXT_H

#include "pick/limit.h"
#include "pick/prior.h"
#include "util/text.h"

#include <stdbool.h>
struct next_settings {
    struct goal goal;
    double percent; /* the expected regret at which to stop, in percent */
    uint64_t seed;
    struct prior *prior; /* or NULL */
    const struct limits *limits;
    struct sizes *sizes;               /* with the stats so far; those of what was measured are added */
    const char *region, *architecture; /* of the prices */
    double discard;                    /* of the averages */
};

enum { LIMIT_COUNT = 5 }; /* measurements that a size must have before a limit is asked for */

/* Appends the configuration records to run next, each with its "num", or the one decision record, with a
 * newline behind each:
 *     {"type":"configuration","power":512,"num":2,"index":1,"version":"7",...}
 *     {"type":"decision","power":512,"confidence":0.97,"expectedRegret":0.004}
 * A configuration is the size's own record, that with its version if there is one; "index" is that of the
 * first of these invocations, where it is not 0. With onlyColdStarts there is a record for each invocation.
 * Returns the exit status, its reason reported. */
int next_append(struct text *out, struct trials *trials, const struct next_settings *settings);

#endif
