/* Condenses the durations of each size into the input of the posterior (model/posterior.h): how many count,
 * the mean of their logs, and how far they scatter.
 *
 * Heavy tails. A duration is either from a log-normal bulk or, with a small probability, an outlier that is
 * several times as long. It counts with the probability that it is from the bulk (a mixture with
 * contamination, J. W. Tukey, "A survey of sampling from contaminated distributions", 1960; fitted as in A.
 * P. Dempster, N. M. Laird and D. B. Rubin, "Maximum likelihood from incomplete data via the EM algorithm",
 * Journal of the Royal Statistical Society B 39 (1977)). The first duration after an initialization is an
 * outlier far more often, because caches are cold.
 *
 * The spread is pooled over the sizes in a robust way (median of the deviations from the medians of the
 * sizes). Its own uncertainty is passed on: the result is a set of equally likely variances, quantiles of
 * their posterior. */
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
 * them. `prior` is as for posterior_open. The caller closes the posterior. */
void observations_fit(struct posterior *posterior, struct model_size *sizes, size_t count,
                      const struct posterior_prior *prior);

#endif
