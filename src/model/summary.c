#include "model/summary.h"

#include "model/noise.h"

#include <math.h>

const double summary_correlation = 0.15;

/* The tail and its square of one invocation before any was seen, and how many invocations this counts for. */
static const double tail_mean = 0.03, tail_square = 0.1, tail_count = 4;
static const double tail_spread = 0.5; /* standard deviation between sizes, in multiples of the tail */
/* The variance of a run's mean, in multiples of one invocation's, is this times the correlation. */
static const double block_share = 0.5;
/* A wait for the end of a quota period or a collector, and the invocations that it may take to see one. */
static const double stall_ms = 15, stall_count = 20;
static const double few_variance = 0.005; /* of a mean of one duration, for rare effects */

/* Adds to each mean what the outliers of its size add to the bulk, drawn towards the tail of all sizes. */
static void add_tails(struct model_size *sizes, size_t count, double inflation) {
    double invocations = tail_count, mean = tail_mean * tail_count, square = tail_square * tail_count;
    for (size_t i = 0; i < count; i++) {
        invocations += sizes[i].invocations;
        mean += sizes[i].tail;
        square += sizes[i].tail_squares;
    }
    mean = fmax(mean / invocations, 0.001);
    double variance = inflation * fmax(square / invocations - mean * mean, 1e-6);
    double between = pow(tail_spread * mean, -2);
    for (size_t i = 0; i < count; i++) {
        if (!(sizes[i].count > 0))
            continue;
        double precision = sizes[i].invocations / variance + between;
        double factor = fmax(1 + (sizes[i].tail / variance + mean * between) / precision, 0.1);
        sizes[i].mean += log(factor);
        sizes[i].variance += 1 / precision / (factor * factor);
    }
}

void summaries_fit(struct posterior *posterior, struct model_size *sizes, size_t count, double correlation,
                   const struct posterior_prior *prior) {
    double noise[POSTERIOR_NOISES], inflation = (1 + correlation) / (1 - correlation);
    for (size_t i = 0; i < count; i++) {
        struct model_size *size = &sizes[i];
        size->ratio = 1;
        size->variance = 0;
        if (!(size->count > 0))
            continue;
        size->variance = few_variance / (size->count * size->count);
        size->count = 1 / (inflation / size->count + block_share * correlation);
    }
    noise_pool(sizes, count, noise);
    add_tails(sizes, count, inflation);
    posterior_open(posterior, sizes, count, noise, prior);
}

/* Until a stall that was not seen would add at most a fortieth. */
size_t summary_least(double duration_ms) {
    const double least = 2, most = 80;
    return (size_t)ceil(fmin(fmax(40 * stall_ms / duration_ms - stall_count, least), most));
}
