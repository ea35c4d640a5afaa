/* How sure an answer is: what a posterior says of each size's chance to be the best, and of what a choice may
 * cost.
 *
 * The loss of a size is what the strategy weighs (tune/strategy.h). Its regret in one curve is its loss over
 * the lowest there, minus 1; expected over the posterior it is how much dearer, slower or worse than the best
 * a choice is on average for not knowing more. Both are averages over ASSESSMENT_DRAWS curves drawn from the
 * posterior. */
#ifndef MODEL_ASSESSMENT_H
#define MODEL_ASSESSMENT_H

#include "model/posterior.h"
#include "model/strategy.h"

#include <stdbool.h>

enum { ASSESSMENT_DRAWS = 1000 };

struct goal {
    enum strategy strategy;
    double weight; /* of the cost, where the strategy is balanced */
};

/* What turns the duration of a size into a cost: price * (duration + offset). */
struct assessed_size {
    double price;  /* of one millisecond, in any currency */
    double offset; /* ms that are billed beyond the duration, by rounding up */
    bool out;      /* it cannot be chosen */
};

struct assessment {
    size_t count;
    double *durations;     /* owned: ASSESSMENT_DRAWS x count, ms */
    double *losses;        /* owned: likewise, in multiples of the lowest of each curve */
    size_t *best;          /* owned: of each draw */
    double *probabilities; /* owned: of being the best */
    double *regrets;       /* owned: expected */
};

/* `sizes` are those of the posterior; not all of them may be out. */
void assessment_open(struct assessment *assessment, const struct posterior *posterior,
                     const struct assessed_size *sizes, const struct goal *goal, struct random *random);
void assessment_close(struct assessment *assessment);

/* The probability that `size` is the best. 1 only where there is no other: draws cannot say more than that
 * all of them agree. */
double assessment_confidence(const struct assessment *assessment, size_t size);

/* Between what the duration (ms) of `size` lies with a probability of 95 %. */
void assessment_interval(const struct assessment *assessment, size_t size, double *low, double *high);

/* The probability that the loss of `size` is lower than that of `other`. */
double assessment_better(const struct assessment *assessment, size_t size, size_t other);

#endif
