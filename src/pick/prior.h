/* What an earlier run, or measurements that are there, tell of a function before it is measured. */
#ifndef PICK_PRIOR_H
#define PICK_PRIOR_H

#include "pick/trials.h"

struct prior {
    struct trials trials;
    double floor;                 /* the least memory that the function takes, MB; 0: not known */
    double *numbers;              /* owned */
    struct posterior_prior curve; /* by the sizes that it was fitted to */
};

/* Reads `path`: a run directory (its stats.ndjson), or a file of measurement or stat records. False, with the
 * reason reported, when it cannot be read or has neither. */
bool prior_read(struct prior *prior, const char *path);

/* Fits the curve to these sizes, in ascending order. */
void prior_fit(struct prior *prior, const struct trials *trials, uint64_t seed);

void prior_close(struct prior *prior);

#endif
