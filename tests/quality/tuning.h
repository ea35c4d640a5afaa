/* Simulated tunings: with a fixed number of invocations at each size, like the original, and until sure. */
#ifndef QUALITY_TUNING_H
#define QUALITY_TUNING_H

#include "quality/subject.h"

/* The result of a tuning. */
struct tuned {
    double regret; /* true regret of the choice */
    double invocations, megabyte_ms;
    double confidence, expected_regret; /* as reported; not set for the original */
    double rounds, publications;
};

enum { TUNED_NUMS = 10, TUNED_PERCENTS = 7, MAX_TUNED = 100 /* the plan's num */ };
extern const int tuned_nums[TUNED_NUMS];
extern const double tuned_percents[TUNED_PERCENTS]; /* expected regret in percent, in descending order */

/* Tunes like the original, for every num of tuned_nums, with the same invocations. */
void tune_fixed(struct subject *subject, const struct goal *goal, struct random *random,
                struct tuned results[TUNED_NUMS]);

/* Tunes until sure for each of tuned_percents, in one tuning that continues. */
void tune_until_sure(struct subject *subject, const struct goal *goal, uint64_t seed, struct random *random,
                     struct tuned results[TUNED_PERCENTS]);

/* Tunes with `num` invocations at each size, and gives the choice of pt-pick from the stages' own figures,
 * with its confidence. */
void tune_by_stats(struct subject *subject, const struct goal *goal, int num, uint64_t seed,
                   struct random *random, struct tuned *result);

#endif
