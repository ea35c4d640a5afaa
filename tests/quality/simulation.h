/* Simulated functions with a known true duration at every size.
 *
 * The regular family has a fixed part, work that one to four processors share in proportion to the memory,
 * log-normal noise of 2 to 50 %, and outliers of 2 to 10 times in 1 to 5 % of the invocations; some functions
 * need 300 MB. The odd family has in addition one of: a step at some size, a minimum in the middle, time that
 * grows with memory, noise with two humps, slow minutes. */
#ifndef QUALITY_SIMULATION_H
#define QUALITY_SIMULATION_H

#include "quality/subject.h"

#include <stdbool.h>
#include <stddef.h>

enum family { FAMILY_REGULAR, FAMILY_ODD };
enum { SIMULATED_SIZES = 46 };

struct simulated_function {
    struct subject subject;            /* first: a subject is its function */
    double durations[SIMULATED_SIZES]; /* ms, without noise */
    double noise, outlier_share;
    double hump_share, hump_factor; /* of the second hump; share 0: none */
    double slow_factor;             /* factor in slow minutes; 0: no slow minutes */
    bool slow;                      /* a slow minute is in progress */
};

extern const double default_memory_sizes[6];
extern double all_memory_sizes[SIMULATED_SIZES];

/* Fills all_powers. */
void simulation_begin(void);

void simulated_function_make(struct simulated_function *function, enum family family,
                             const double *memory_sizes, size_t count, struct random *random);

#endif
