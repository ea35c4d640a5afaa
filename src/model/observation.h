/* Condenses the durations of each size into the input of the posterior (model/summary.h): how many count,
 * their mean, and how far they scatter.
 *
 * Heavy tails. A duration is either from a log-normal bulk or, with a small probability, an outlier that is
 * several times as long. It counts with the probability that it is from the bulk (a mixture with
 * contamination, J. W. Tukey, "A survey of sampling from contaminated distributions", 1960; fitted as in A.
 * P. Dempster, N. M. Laird and D. B. Rubin, "Maximum likelihood from incomplete data via the EM algorithm",
 * Journal of the Royal Statistical Society B 39 (1977)). The rest of it counts in the tail.
 *
 * First invocations. The first invocation after an initialization, its init apart, takes 3.9, 5.2, 10.5 times a
 * warm one by quartile (tests/quality/data), or the same. Which of the two holds is one unknown of the function:
 * sizes with both kinds of durations tell. Until they make it probable that firsts are like warm invocations,
 * firsts count for nothing; then they count like warm ones, except that a fifth of them are outliers.
 * Taken for warm ones from the start, the mean true regret until sure 1 % on single invocations is 2.6 % instead of
 * 1.6 %; never used, published curves need 14 % more invocations for 1.9 % instead of 1.3 %.
 *
 * The spread is pooled over the sizes in a robust way (median of the deviations from the medians of the
 * sizes). Its own uncertainty is passed on (model/noise.h). */
#ifndef MODEL_OBSERVATION_H
#define MODEL_OBSERVATION_H

#include "model/posterior.h"

#include <stdbool.h>

struct observation {
    double value; /* ln(ms) */
    bool first;   /* first invocation after the execution environment was initialized */
};

/* Adds a duration in milliseconds. */
void observations_add(struct observations *observed, double duration_ms, bool first);

/* Releases the durations. */
void observations_close(struct observations *observed);

/* Sets the summaries of the durations of `sizes`, in ascending order of memory, and opens `posterior` with
 * them. `prior` is as for posterior_open. The caller closes the posterior. Returns the correlation of warm
 * durations that follow each other. */
double observations_fit(struct posterior *posterior, struct model_size *sizes, size_t count,
                        const struct posterior_prior *prior);

#endif
