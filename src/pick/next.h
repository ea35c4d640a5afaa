/* pt-pick --next: which configurations to run next, or the decision. */
#ifndef PICK_NEXT_H
#define PICK_NEXT_H

#include "pick/limit.h"
#include "pick/prior.h"
#include "util/text.h"

#include <stdbool.h>

struct next_settings {
    struct goal goal;
    double percent; /* decide when the expected regret is at most this, in percent */
    uint64_t seed;
    struct prior *prior; /* or NULL */
    const struct limits *limits;
    struct memory_sizes *sizes;        /* stat records so far; the stats of the measurements are added */
    const char *region, *architecture; /* whose prices apply */
    double discard;                    /* share of the measurements that the averages leave out at each end */
};

enum { LIMIT_COUNT = 5 }; /* measurements of a size before its limits are checked */

/* Appends the configuration records to run next, each with its "num", or one decision record. Each ends in
 * a newline:
 *     {"type":"configuration","power":512,"num":2,"index":1,"version":"7",...}
 *     {"type":"decision","power":512,"confidence":0.97,"expectedRegret":0.004,"correlation":0.2,
 *      "sizes":[{"power":512,"probability":0.97,"expectedRegret":0.004,"better":0,"averageDurationInterval":[91.5,97.2]},...]}
 * A configuration is the latest record of its size, with the version when one was published. "index" is
 * the index of its first invocation, absent when 0. With onlyColdStarts there is a record for each
 * invocation. Returns the exit status; failures are reported. */
int next_append(struct text *out, struct trials *trials, const struct next_settings *settings);

#endif
