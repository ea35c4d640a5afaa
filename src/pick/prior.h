/* A prior for a run: what an earlier run or existing measurements tell about the function. */
#ifndef PICK_PRIOR_H
#define PICK_PRIOR_H

#include "pick/trials.h"

struct prior {
    struct trials trials;
    double floor;    /* the smallest memory that the function needs, MB; 0: unknown */
    double *numbers; /* owned */
    struct posterior_prior
        curve; /* has an entry for each size that it was fitted to; points into `numbers` */
};

/* Reads `path`: a run directory (its stats.ndjson) or a file of measurement or stat records. Reports an
 * error and returns false when it cannot be read or has neither. prior_close is due either way. */
bool prior_read(struct prior *prior, const char *path);

/* Fits the curve and evaluates it at the sizes of `trials`, in ascending order. */
void prior_fit(struct prior *prior, const struct trials *trials, uint64_t seed);

void prior_close(struct prior *prior);

#endif
