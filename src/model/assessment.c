#include "model/assessment.h"

#include "util/memory.h"

#include <math.h>
#include <stdlib.h>

static double cost_of(const struct model_size *size, double duration) {
    return size->price * fmax(duration + size->offset, 0);
}

/* Computes the losses of one curve, in multiples of the lowest. Returns the best size. */
static size_t weigh_curve(const double *durations, double *losses, size_t count,
                          const struct model_size *sizes, const struct goal *goal) {
    double highest_cost = 0, highest_duration = 0;
    size_t best = count;
    for (size_t i = 0; i < count; i++) {
        if (sizes[i].out)
            continue;
        highest_duration = fmax(highest_duration, durations[i]);
        highest_cost = fmax(highest_cost, cost_of(&sizes[i], durations[i]));
    }
    double by_cost = goal->strategy == STRATEGY_COST    ? 1
                     : goal->strategy == STRATEGY_SPEED ? 0
                                                        : fmin(fmax(goal->weight, 0), 1);
    for (size_t i = 0; i < count; i++) {
        losses[i] = (1 - by_cost) * durations[i] / highest_duration;
        if (highest_cost > 0)
            losses[i] += by_cost * cost_of(&sizes[i], durations[i]) / highest_cost;
        if (!sizes[i].out && (best == count || losses[i] < losses[best]))
            best = i;
    }
    double lowest = losses[best];
    for (size_t i = 0; i < count; i++)
        losses[i] = lowest > 0 ? losses[i] / lowest : 1;
    return best;
}

void assessment_open(struct assessment *assessment, const struct posterior *posterior,
                     const struct model_size *sizes, const struct goal *goal, struct random *random) {
    size_t count = posterior->count, total = ASSESSMENT_DRAWS * count;
    *assessment = (struct assessment){.count = count,
                                      .durations = memory_zeroed(total, sizeof(double)),
                                      .losses = memory_zeroed(total, sizeof(double)),
                                      .best = memory_zeroed(ASSESSMENT_DRAWS, sizeof(size_t)),
                                      .probabilities = memory_zeroed(count, sizeof(double)),
                                      .regrets = memory_zeroed(count, sizeof(double))};
    posterior_draw(posterior, random, assessment->durations, ASSESSMENT_DRAWS);
    for (size_t i = 0; i < total; i++)
        assessment->durations[i] = exp(fmin(assessment->durations[i], 100));
    for (size_t draw = 0; draw < ASSESSMENT_DRAWS; draw++) {
        double *losses = assessment->losses + draw * count;
        size_t best = weigh_curve(assessment->durations + draw * count, losses, count, sizes, goal);
        assessment->best[draw] = best;
        assessment->probabilities[best]++;
        for (size_t i = 0; i < count; i++)
            assessment->regrets[i] += losses[i] - 1;
    }
    for (size_t i = 0; i < count; i++) {
        assessment->probabilities[i] /= ASSESSMENT_DRAWS;
        assessment->regrets[i] /= ASSESSMENT_DRAWS;
    }
}

void assessment_close(struct assessment *assessment) {
    free(assessment->durations);
    free(assessment->losses);
    free(assessment->best);
    free(assessment->probabilities);
    free(assessment->regrets);
    *assessment = (struct assessment){0};
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void find_interval(const struct assessment *assessment, size_t at, struct model_size *size) {
    double sorted[ASSESSMENT_DRAWS];
    for (size_t draw = 0; draw < ASSESSMENT_DRAWS; draw++)
        sorted[draw] = assessment->durations[draw * assessment->count + at];
    qsort(sorted, ASSESSMENT_DRAWS, sizeof *sorted, compare);
    size->low = sorted[ASSESSMENT_DRAWS / 40];
    size->high = sorted[ASSESSMENT_DRAWS - 1 - ASSESSMENT_DRAWS / 40];
}

static double find_better(const struct assessment *assessment, size_t size, size_t other) {
    size_t better = 0;
    for (size_t draw = 0; draw < ASSESSMENT_DRAWS; draw++) {
        const double *losses = assessment->losses + draw * assessment->count;
        better += losses[size] < losses[other];
    }
    return (double)better / ASSESSMENT_DRAWS;
}

void assessment_report(const struct assessment *assessment, struct model_size *sizes, size_t chosen) {
    double most = assessment->count > 1 ? (ASSESSMENT_DRAWS - 1.0) / ASSESSMENT_DRAWS : 1;
    for (size_t i = 0; i < assessment->count; i++) {
        sizes[i].probability = fmin(assessment->probabilities[i], most);
        sizes[i].regret = assessment->regrets[i];
        sizes[i].better = find_better(assessment, i, chosen);
        find_interval(assessment, i, &sizes[i]);
    }
}
