/* How sure the choice among the sizes of a function is.
 *
 * A decision record (pick/next.h) says it, from single measurements. Without one it is computed from the stat
 * records: the trimmed mean of the warm measurements of a size and its standard error (after Yuen; see
 * stats/distribution.h) tell of the bulk of the durations, the mean and the standard deviation of the tail
 * (model/summary.h). The posterior (model/posterior.h) gives the probability that each size is the best,
 * including requested sizes that were not measured, and the expected regret of the choice
 * (model/assessment.h). */
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
    size_t likeliest;     /* index of the size with the highest probability */
    double tail;        /* what slow invocations add to the typical duration at the chosen size, a fraction */
    double correlation; /* of durations that follow each other; 0: unknown */
};

struct confidence_settings {
    struct goal goal;
    const double *asked; /* requested sizes without a measurement, MB, in any order; none has a stat record */
    size_t asked_count;
    uint64_t seed;
    const char *decision; /* the decision record that made the choice, or NULL */
};

enum { CONFIDENCE_SIZES = 128 }; /* the most sizes that the confidence is computed for */

/* Computes the confidence of the choice. confidence_close releases the arrays. */
void confidence_open(struct confidence *confidence, const struct memory_sizes *sizes,
                     const struct choice *choice, const struct confidence_settings *settings);
void confidence_close(struct confidence *confidence);

#endif
