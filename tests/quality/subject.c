#include "quality/subject.h"

#include <math.h>
#include <string.h>

void subject_begin(struct subject *subject, struct random *random) {
    memset(subject->made, 0, sizeof subject->made);
    if (subject->begin)
        subject->begin(subject, random);
}

struct invocation subject_run(struct subject *subject, size_t size, struct random *random) {
    struct invocation invocation = subject->run(subject, size, random);
    subject->made[size]++;
    return invocation;
}

double subject_regret(const struct subject *subject, size_t size, const struct goal *goal) {
    double highest_cost = 0, highest_duration = 0, lowest = INFINITY, loss = INFINITY;
    double by_cost = goal->strategy == STRATEGY_COST    ? 1
                     : goal->strategy == STRATEGY_SPEED ? 0
                                                        : goal->weight;
    for (size_t i = 0; i < subject->count; i++)
        if (!subject->fails[i]) {
            highest_duration = fmax(highest_duration, subject->durations[i]);
            highest_cost = fmax(highest_cost, subject->costs[i]);
        }
    for (size_t i = 0; i < subject->count; i++) {
        double own = by_cost * subject->costs[i] / highest_cost +
                     (1 - by_cost) * subject->durations[i] / highest_duration;
        if (!subject->fails[i])
            lowest = fmin(lowest, own);
        if (i == size)
            loss = own;
    }
    return loss / lowest - 1;
}
