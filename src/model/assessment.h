/* How certain a choice is: from a posterior, the probability of each size to be the best, and the expected
 * regret of choosing it.
 *
 * The loss of a size is the number that the strategy minimizes (model/strategy.h). Its regret in one curve is
 * its loss divided by the lowest loss there, minus 1. Expected over the posterior, it is how much dearer,
 * slower or worse than the best the choice is on average because of what is not known. Probabilities and
 * regrets are averages over ASSESSMENT_DRAWS curves drawn from the posterior. */
#ifndef MODEL_ASSESSMENT_H
#define MODEL_ASSESSMENT_H

#include "model/posterior.h"
#include "model/strategy.h"

#include <stdbool.h>

enum { ASSESSMENT_DRAWS = 1000 };

struct goal {
    enum strategy strategy;
    double weight; /* weight of the cost, 0..1, for the balanced strategy */
};

struct assessment {
    size_t count;
    double *durations;     /* owned: ASSESSMENT_DRAWS x count, ms */
    double *losses;        /* owned: ASSESSMENT_DRAWS x count, in multiples of the lowest of each curve */
    size_t *best;          /* owned: the best size of each draw */
    double *probabilities; /* owned: probability of each size to be the best */
    double *regrets;       /* owned: expected regret of each size */
};

/* Draws curves and computes everything above. `sizes`: the sizes of the posterior, of which at least one is
 * not out. */
void assessment_open(struct assessment *assessment, const struct posterior *posterior,
                     const struct model_size *sizes, const struct goal *goal, struct random *random);

/* Releases the arrays. */
void assessment_close(struct assessment *assessment);

/* Sets what is known of each size, and the probability that it has a lower loss than `chosen`. A probability
 * to be the best is 1 only if there is one size: otherwise at most 1 - 1/ASSESSMENT_DRAWS, the resolution of the
 * draws. */
void assessment_report(const struct assessment *assessment, struct model_size *sizes, size_t chosen);

#endif
