/* Simulated functions, whose true duration at every size is known.
 *
 * The usual family: a fixed part, work that one to four processors share in proportion to the memory,
 * log-normal noise of 2 to 50 %, outliers of 2 to 10 times in 1 to 5 % of the invocations; some need 300 MB.
 * The odd family has besides one of: a step at some size, a minimum in the middle, time that grows with
 * memory, noise of two humps, slow minutes. */
#ifndef QUALITY_SIMULATION_H
#define QUALITY_SIMULATION_H

#include "model/random.h"
#include "model/strategy.h"

#include <stdbool.h>
#include <stddef.h>

enum family { FAMILY_USUAL, FAMILY_ODD };
enum { SIMULATED_SIZES = 46 };

struct simulated_function {
    size_t count;
    const double *memory_sizes;
    double durations[SIMULATED_SIZES]; /* ms, without noise */
    bool fails[SIMULATED_SIZES];       /* it needs more memory */
    double noise, outlier_share;
    double hump_share, hump_factor; /* of the second hump; share 0: none */
    double slow_factor;             /* in slow minutes; 0: there are none */
    bool slow;                      /* such a minute is now */
};

extern const double default_memory_sizes[6];
extern double all_memory_sizes[SIMULATED_SIZES];

/* Fills all_powers. */
void simulation_begin(void);

void simulated_function_make(struct simulated_function *function, enum family family,
                             const double *memory_sizes, size_t count, struct random *random);

/* The duration of one invocation, ms. */
double simulated_function_run(struct simulated_function *function, size_t size, struct random *random);

/* How much worse than the best `size` truly is by the strategy, as a fraction. */
double simulated_function_regret(const struct simulated_function *function, size_t size,
                                 enum strategy strategy, double weight);

#endif
