/* What is known of a function's duration at every memory size, from what was measured at some: a posterior
 * distribution over the curve of log durations.
 *
 * The curve is ln d(m) = level + ln(fixed + (1 - fixed) f(m)) + deviation(m), where f(m) = 1 / min(m / 1769,
 * c) is the time of work that c processors can share (Lambda gives one vCPU for each 1769 MB). Nothing of
 * this is taken for granted: the prior is a mixture over the fixed part, c, the size of deviations that
 * neighbouring sizes share and of those that each size has for itself (1 to 60 %), and the noise; each member
 * of the mixture is weighted by its marginal likelihood. Within one member everything is Gaussian, so that
 * the posterior is exact: a Gaussian process with the level as a free constant (C. E. Rasmussen and C. K. I.
 * Williams, "Gaussian Processes for Machine Learning", MIT Press 2006, sections 2.2, 2.7 and 5.4.1).
 *
 * The scale of the noise is integrated over, not estimated: `noise` are equally likely variances of one log
 * duration. */
#ifndef MODEL_POSTERIOR_H
#define MODEL_POSTERIOR_H

#include "model/random.h"

#include <stddef.h>

enum { POSTERIOR_NOISES = 5 };

/* A size, and what was measured at it. */
struct posterior_size {
    double memory_mb; /* MB */
    double count;     /* how many durations; a fraction where some count less; 0: not measured */
    double mean;      /* of their natural logs (ms) */
    double ratio;     /* the variance of a log duration here, as a multiple of `noise` */
    double variance;  /* of the mean, beyond that of the noise */
    double doubt; /* the probability that the mean tells nothing: a single duration that may be an outlier */
};

/* What an earlier run says of the curve, its level apart: by size, the mean of the log duration and the
 * variance of that. It is one more member of the mixture, as likely as all others together before anything is
 * measured. */
struct posterior_prior {
    const double *means, *variances;
};

struct posterior_component {
    size_t basis, shape;
    size_t
        without; /* the number of the measured size whose mean tells nothing, or the count of them: all do */
    double weight; /* their sum is 1 */
};

struct posterior {
    size_t count, measured; /* how many sizes, and how many with a measurement */
    double *memory_sizes;   /* owned */
    size_t *places;         /* owned: which were measured */
    double *correlations;   /* owned, count x count: of the deviations that sizes share */
    double *shapes;         /* owned, each count numbers */
    double *shape_weights;  /* logs, in the same block */
    size_t shape_count;
    double *means, *counts, *ratios, *variances, *doubts; /* owned: of the measured */
    double noise[POSTERIOR_NOISES];
    const struct posterior_prior *prior;    /* or NULL */
    struct posterior_component *components; /* owned */
    size_t component_count, component_capacity;
    double most; /* the highest log weight so far */
};

/* `sizes` in ascending order of power, at least one. `prior`, of as many sizes, may be NULL; it must outlive
 * the posterior. */
void posterior_open(struct posterior *posterior, const struct posterior_size *sizes, size_t count,
                    const double noise[POSTERIOR_NOISES], const struct posterior_prior *prior);
void posterior_close(struct posterior *posterior);

/* `draws` curves: draws x count log durations, ordered by nothing that matters but not independent of their
 * order. */
void posterior_draw(const struct posterior *posterior, struct random *random, double *curves, size_t draws);

#endif
