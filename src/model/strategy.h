/* Selects the best size by cost, speed or a balance of both: pure arithmetic over the averages of each
 * size. */
#ifndef MODEL_STRATEGY_H
#define MODEL_STRATEGY_H

#include <stdbool.h>
#include <stddef.h>

enum strategy { STRATEGY_COST, STRATEGY_SPEED, STRATEGY_BALANCED };

/* A size: average price of an invocation (in any currency, the same for all) and average duration (ms). */
struct candidate {
    double cost;
    double duration;
};

/* The index of the best of `count` >= 1 candidates:
 *
 *   cost      the lowest cost; of equal ones, the fastest
 *   speed     the lowest duration; of equal ones, the cheapest
 *   balanced  the lowest weight * cost/highest cost + (1 - weight) * duration/highest duration
 *
 * `weight` is clamped to 0..1. Among candidates that are still equal, the first is chosen. */
size_t strategy_choose(const struct candidate *candidates, size_t count, enum strategy strategy,
                       double weight);

#endif
