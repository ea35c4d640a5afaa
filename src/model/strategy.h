/* Which size is the best: pure arithmetic over the averages of each size. */
#ifndef MODEL_STRATEGY_H
#define MODEL_STRATEGY_H

#include <stdbool.h>
#include <stddef.h>

enum strategy { STRATEGY_COST, STRATEGY_SPEED, STRATEGY_BALANCED };

/* "cost", "speed" or "balanced"; false, with `*strategy` as it was, for any other name. */
bool strategy_parse(const char *name, enum strategy *strategy);
const char *strategy_name(enum strategy strategy);

/* What is weighed: the average price of an invocation (in any one currency) and its average duration (ms). */
struct candidate {
    double cost;
    double duration;
};

/* The index of the best of `count` candidates (at least one):
 *   cost      the lowest cost, ties to the faster
 *   speed     the lowest duration, ties to the cheaper
 *   balanced  the lowest weight * cost/highest cost + (1 - weight) * duration/highest duration, weight
 * clamped to 0..1 What is still a tie goes to the first. */
size_t strategy_choose(const struct candidate *candidates, size_t count, enum strategy strategy,
                       double weight);

#endif
