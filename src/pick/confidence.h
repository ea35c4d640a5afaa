/* How sure the choice among the sizes of a function is, from their stat records.
 *
 * Each stat says how long the size took on average and with what standard error (of the trimmed mean: Yuen,
 * see tune/distribution.h); the relative errors are pooled over the sizes, and their own uncertainty is
 * integrated over (tune/noise.h). From these and a mixture of priors over the shape of the whole curve
 * (tune/posterior.h) come the probability of each size to be the best, of those that were asked for but not
 * measured too, and the regret that is to be expected of the choice (tune/assessment.h). */
#ifndef PICK_CONFIDENCE_H
#define PICK_CONFIDENCE_H

#include "model/assessment.h"
#include "pick/choice.h"

struct confidence {
    bool known;             /* false when there are no candidates, or too many sizes for this */
    double probability;     /* that the chosen size is the best */
    double expected_regret; /* of the choice, a fraction */
    /* Owned, parallel to the arrays of the choice. */
    double *probabilities;          /* of being the best */
    double *lows, *highs;           /* between which the average duration lies with 95 %, ms */
    double *cost_lows, *cost_highs; /* likewise the average cost */
    /* The size that is most likely the best if the chosen one is not; the count of the choice: there is none.
     */
    size_t second;
    double second_better; /* the probability that it is better than the chosen one */
    bool decided;         /* the choice was made from more than the averages, which may not show why */
};

struct confidence_settings {
    struct goal goal;
    const double
        *asked; /* powers that were asked for and not measured, MB, in any order: none of them has a stat */
    size_t asked_count;
    uint64_t seed;
};

enum { CONFIDENCE_SIZES = 128 };

void confidence_open(struct confidence *confidence, const struct sizes *sizes, const struct choice *choice,
                     const struct confidence_settings *settings);
void confidence_close(struct confidence *confidence);

#endif
