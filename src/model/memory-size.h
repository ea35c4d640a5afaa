/* A memory size of the function, for the stages of the model. Each stage sets or reads its own members; the
 * others may be 0. */
#ifndef MODEL_MEMORY_SIZE_H
#define MODEL_MEMORY_SIZE_H

#include <stdbool.h>
#include <stddef.h>

/* Durations in the order of measurement (model/observation.h). */
struct observations {
    struct observation *list; /* owned */
    size_t count, capacity;
    size_t warm; /* how many of them are not first invocations */
};

struct model_size {
    double memory_mb;
    struct observations observed;

    /* Summary of the durations (model/summary.h). */
    double invocations;        /* how many durations there are; 0: not measured */
    double count;              /* how many of them are from the bulk, possibly weighted */
    double mean;               /* natural log of the mean of the bulk (ms) */
    double scatter, freedom;   /* sum of squares of the logs around the mean, with its degrees of freedom */
    double tail, tail_squares; /* sums of what the others exceed the mean by, in multiples of the mean */
    double ratio;              /* variance of a log duration at this size, in multiples of the noise */
    double variance;           /* variance of the mean in addition to the noise */
    double doubt;              /* probability that the mean is an outlier, for a single duration */

    /* The loss (model/assessment.h): an invocation costs price * (duration + offset). */
    double price;  /* per millisecond, in any currency */
    double offset; /* ms billed in addition to the duration, because of rounding up */
    bool out;      /* cannot run, or must not be chosen */

    /* What is known of it (model/assessment.h). */
    double probability; /* that it is the best */
    double regret;      /* expected, as a fraction of the best */
    double low, high;   /* 95 % interval of its mean duration, ms */
    double better;      /* the probability that it is better than the chosen size */

    /* What to run next (model/chooser.h). */
    size_t left;  /* number of invocations that it may still get */
    size_t least; /* measurements required before it is chosen, as far as `left` allows */
    bool open;    /* in use: its invocations have begun */
    size_t next;  /* output: number of invocations to make now */
};

#endif
