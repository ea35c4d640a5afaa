/* How sure the choice among the sizes of a function is, computed from their stat records.
 *
 * Each stat record has the average duration of a size and its standard error (of the trimmed mean, after
 * Yuen; see stats/distribution.h). The relative errors are pooled over the sizes, and their own
 * uncertainty is integrated out (model/noise.h). Together with a mixture of priors for the shape of the
 * whole curve (model/posterior.h) they give the probability that each size is the best, including
 * requested sizes that were not measured, and the expected regret of the choice (model/assessment.h). */
#ifndef PICK_CONFIDENCE_H
#define PICK_CONFIDENCE_H

#include "model/assessment.h"
#include "pick/choice.h"

struct confidence {
    bool known;             /* false without candidates, or with more than CONFIDENCE_SIZES sizes */
    double probability;     /* that the chosen size is the best */
    double expected_regret; /* of the choice, as a fraction of the best */
    /* Owned, parallel to the arrays of the choice. */
    double *probabilities;          /* that the size is the best */
    double *lows, *highs;           /* 95 % interval of the average duration, ms */
    double *cost_lows, *cost_highs; /* 95 % interval of the average cost */
    /* Index of the size with the smallest expected regret after the chosen one; the count of the choice
     * when there is none. */
    size_t second;
    double second_better; /* the probability that the second size is better than the chosen one */
    bool decided;         /* a decision record made the choice, from single measurements; the averages may not
                             explain it */
};

struct confidence_settings {
    struct goal goal;
    const double *asked; /* requested sizes without a measurement, MB, in any order; none has a stat record */
    size_t asked_count;
    uint64_t seed;
};

enum { CONFIDENCE_SIZES = 128 }; /* the most sizes that the confidence is computed for */

/* Computes the confidence of the choice. confidence_close releases the arrays. */
void confidence_open(struct confidence *confidence, const struct memory_sizes *sizes,
                     const struct choice *choice, const struct confidence_settings *settings);
void confidence_close(struct confidence *confidence);

#endif
