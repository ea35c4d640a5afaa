/* The duration of a function at every memory size, as far as measurements at some sizes determine it: a
 * posterior distribution over the curve of log durations.
 *
 * The curve is ln d(m) = level + ln(fixed + (1 - fixed) f(m)) + deviation(m), where f(m) = 1 / min(m / 1769,
 * c) is the time of work that c processors can share (Lambda gives one vCPU for each 1769 MB). Sizes below 512
 * MB may take more, because of quota periods. None of these is assumed: the prior is a mixture over the fixed
 * part, c, the steepness below 512 MB, the size of deviations that neighbouring sizes share, the size of
 * deviations that each size has alone (1 to 60 %), and the noise. Each component of the mixture is weighted by its marginal likelihood. Within a component everything is Gaussian, so the posterior
 * is exact: a Gaussian process with the level as a free constant (C. E. Rasmussen and C. K. I. Williams,
 * "Gaussian Processes for Machine Learning", MIT Press 2006, sections 2.2, 2.7, 5.4.1).
 *
 * The weights come from the curves in tests/quality/data: a quarter of the functions falls faster than 1/m below
 * 512 MB, and 45 % rise somewhere by 2 %. What the parts are worth, as the mean true regret until sure 1 % on single
 * invocations and on published curves (1.6 and 1.3 % with all of them; make bench-real): without the steepness 1.6 and
 * 1.8 %; with smaller deviations of single sizes (65, 22, 9, 4 %) 1.9 and 1.5 %; without shared deviations 1.9 and 1.5
 * %. Independent sizes, as the simplest model, have 1.7 and 1.7 % with a third more invocations, and need twice as
 * many on simulated functions of six sizes (make bench-quality); of 46 sizes they would have to measure all.
 *
 * The scale of the noise is integrated over, not estimated: `noise` contains equally likely variances of one
 * log duration. */
#ifndef MODEL_POSTERIOR_H
#define MODEL_POSTERIOR_H

#include "model/memory-size.h"
#include "model/random.h"

#include <stddef.h>

enum { POSTERIOR_NOISES = 5 };

/* The curve of an earlier run, except its level: for each size the mean of the log duration, and the variance
 * of this mean. It is one more component of the mixture, with the same prior probability as all others
 * together. */
struct posterior_prior {
    const double *means, *variances;
};

struct posterior_component {
    size_t basis, shape;
    size_t without; /* index of the measured size whose mean is ignored; `measured`: none */
    double weight;  /* the sum over all components is 1 */
};

struct posterior {
    size_t count, measured; /* number of sizes, and of measured sizes */
    double *memory_sizes;   /* owned */
    size_t *places;         /* owned: indexes of the measured sizes */
    double *correlations;   /* owned, count x count: correlations of the deviations that sizes share */
    double *shapes;         /* owned, `count` numbers for each shape */
    double *shape_weights;  /* logs, in the same block */
    size_t shape_count;
    double *means, *counts, *ratios, *variances, *doubts; /* owned: by measured size */
    double noise[POSTERIOR_NOISES];
    const struct posterior_prior *prior;    /* or NULL */
    struct posterior_component *components; /* owned */
    size_t component_count, component_capacity;
    double max_weight; /* the highest log weight so far */
};

/* Computes the posterior of `count` >= 1 sizes, in ascending order of memory, from the summaries of their
 * durations. `prior` has the same sizes and
 * must outlive the posterior; it may be NULL. */
void posterior_open(struct posterior *posterior, const struct model_size *sizes, size_t count,
                    const double noise[POSTERIOR_NOISES], const struct posterior_prior *prior);

/* Releases the arrays. */
void posterior_close(struct posterior *posterior);

/* Draws `draws` curves: draws x count log durations. The curves are sorted by component, so that any prefix
 * of them is not a random sample. */
void posterior_draw(const struct posterior *posterior, struct random *random, double *curves, size_t draws);

#endif
