/* A function that a tuning can be played on, and whose true regrets are known. */
#ifndef QUALITY_SUBJECT_H
#define QUALITY_SUBJECT_H

#include "model/assessment.h"
#include "model/random.h"

#include <stdbool.h>
#include <stddef.h>

enum { SUBJECT_SIZES = 64 };

/* One invocation, ms. */
struct invocation {
    double duration; /* without the init */
    double init;     /* 0: warm */
    bool first;      /* the first of an execution environment */
};

struct subject {
    size_t count;
    const double *memory_sizes;
    bool fails[SUBJECT_SIZES];                             /* runs out of memory at this size */
    size_t made[SUBJECT_SIZES];                            /* invocations of each size in this tuning */
    double durations[SUBJECT_SIZES], costs[SUBJECT_SIZES]; /* the true means; costs in MB x ms */
    void (*begin)(struct subject *subject, struct random *random);
    struct invocation (*run)(struct subject *subject, size_t size, struct random *random);
};

/* Starts a tuning: every size has fresh environments. */
void subject_begin(struct subject *subject, struct random *random);

/* Invokes the function at a size. */
struct invocation subject_run(struct subject *subject, size_t size, struct random *random);

/* The true regret of `size`, as a fraction. */
double subject_regret(const struct subject *subject, size_t size, const struct goal *goal);

#endif
