#include "model/strategy.h"

/* `value` as a share of the highest; 0 when all are 0. */
static double share(double value, double highest) {
    return highest > 0 ? value / highest : 0;
}

static double balance(const struct candidate *candidate, const struct candidate *highest, double weight) {
    return weight * share(candidate->cost, highest->cost) +
           (1 - weight) * share(candidate->duration, highest->duration);
}

static struct candidate find_highest(const struct candidate *candidates, size_t count) {
    struct candidate highest = candidates[0];
    for (size_t i = 1; i < count; i++) {
        if (candidates[i].cost > highest.cost)
            highest.cost = candidates[i].cost;
        if (candidates[i].duration > highest.duration)
            highest.duration = candidates[i].duration;
    }
    return highest;
}

size_t strategy_choose(const struct candidate *candidates, size_t count, enum strategy strategy,
                       double weight) {
    struct candidate highest = find_highest(candidates, count);
    double clamped = weight < 0 ? 0 : weight > 1 ? 1 : weight;
    size_t best = 0;
    for (size_t i = 1; i < count; i++) {
        const struct candidate *a = &candidates[i], *b = &candidates[best];
        bool better = false;
        switch (strategy) {
        case STRATEGY_COST:
            better = a->cost < b->cost || (a->cost == b->cost && a->duration < b->duration);
            break;
        case STRATEGY_SPEED:
            better = a->duration < b->duration || (a->duration == b->duration && a->cost < b->cost);
            break;
        case STRATEGY_BALANCED:
            better = balance(a, &highest, clamped) < balance(b, &highest, clamped);
            break;
        }
        if (better)
            best = i;
    }
    return best;
}
