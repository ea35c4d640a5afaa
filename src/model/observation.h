/* The durations measured at each size, condensed to what the posterior takes (tune/posterior.h): how many
 * count, the mean of their logs, and how far they scatter.
 *
 * Heavy tails. A duration is either one of a log-normal bulk or, with a small probability, an outlier that is
 * several times as long; each counts with the probability that it is of the bulk (a mixture with
 * contamination, J. W. Tukey, "A survey of sampling from contaminated distributions", 1960; fitted as A. P.
 * Dempster, N. M. Laird and D. B. Rubin, "Maximum likelihood from incomplete data via the EM algorithm",
 * Journal of the Royal Statistical Society B 39 (1977)). The first duration of a version that had just been
 * initialised is an outlier far more often: it warms things up.
 *
 * The spread is pooled over the sizes, robustly (the median of the deviations from the medians of the sizes),
 * and its own uncertainty is carried on: what comes out are equally likely variances, the quantiles of their
 * posterior. */
#ifndef MODEL_OBSERVATION_H
#define MODEL_OBSERVATION_H

#include "model/posterior.h"

#include <stdbool.h>

struct observation {
    double value; /* ln(ms) */
    bool first;   /* of an execution environment that had just been initialised */
};

/* A size and its durations, in the order in which they were measured. */
struct observed_size {
    double memory_mb;         /* MB */
    struct observation *list; /* owned */
    size_t count, capacity;
};

void observed_size_add(struct observed_size *size, double duration_ms, bool first);
void observed_size_close(struct observed_size *size);

/* Fits the posterior of all `sizes` (ascending order of power); `prior` as posterior_open has it. */
void observations_fit(struct posterior *posterior, const struct observed_size *sizes, size_t count,
                      const struct posterior_prior *prior);

#endif
