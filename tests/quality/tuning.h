/* Simulated tunings: the original's, with a fixed number of invocations at each size, and those that stop
 * when they are sure. */
#ifndef QUALITY_TUNING_H
#define QUALITY_TUNING_H

#include "model/assessment.h"
#include "quality/simulation.h"

/* What a tuning came to. */
struct tuned {
    double regret; /* the true one of its choice */
    double invocations, megabyte_ms;
    double confidence, expected_regret; /* as it said; of the original nothing */
    double rounds, publications;
};

enum { TUNED_NUMS = 9, TUNED_PERCENTS = 7, MAX_TUNED = 100 };
extern const int tuned_nums[TUNED_NUMS];
extern const double tuned_percents[TUNED_PERCENTS]; /* of expected regret, from the most to the least */

/* The original at every num of tuned_nums, over the same invocations. */
void tune_fixed(struct simulated_function *function, const struct goal *goal, struct random *random,
                struct tuned results[TUNED_NUMS]);

/* Until it is sure to each of tuned_percents, in one tuning that goes on. */
void tune_until_sure(struct simulated_function *function, const struct goal *goal, uint64_t seed,
                     struct random *random, struct tuned results[TUNED_PERCENTS]);

/* With `num` invocations at each size, by the stages' own figures: the choice of pt-pick, and how sure it is.
 */
void tune_by_stats(struct simulated_function *function, const struct goal *goal, int num, uint64_t seed,
                   struct random *random, struct tuned *result);

#endif
