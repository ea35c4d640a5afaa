#include "model/noise.h"

#include <math.h>

static const double lowest = 0.01, highest = 0.7; /* standard deviations */

void noise_quantiles(double scatter, double freedom, double noise[POSTERIOR_NOISES]) {
    enum { STEPS = 200 };
    const double step = log(highest / lowest) / STEPS, from = log(lowest) + step / 2;
    double likelihoods[STEPS], most = -INFINITY, sum = 0, cumulated = 0;
    for (int i = 0; i < STEPS; i++) {
        double deviation = from + step * i;
        likelihoods[i] = -freedom * deviation - scatter / 2 * exp(-2 * deviation);
        most = fmax(most, likelihoods[i]);
    }
    for (int i = 0; i < STEPS; i++)
        sum += likelihoods[i] = exp(likelihoods[i] - most);
    int next = 0;
    for (int i = 0; i < STEPS; i++) {
        cumulated += likelihoods[i] / sum;
        while (next < POSTERIOR_NOISES && cumulated >= (next + 0.5) / POSTERIOR_NOISES)
            noise[next++] = exp(2 * (from + step * i));
    }
    while (next < POSTERIOR_NOISES)
        noise[next++] = highest * highest;
}

/* The ratio of one size's variance to the variance of all sizes, from its own sum of squares. The fewer its
 * degrees of freedom, the more it is shrunk towards 1. */
static double noise_ratio(double scatter, double freedom, double variance_of_all) {
    const double drawn = 5; /* degrees of freedom that the other sizes count for */
    double own = freedom > 0 && variance_of_all > 0 ? scatter / variance_of_all : 0;
    return (drawn + fmin(own, 100 * freedom)) / (drawn + freedom);
}

void noise_pool(struct model_size *sizes, size_t count, double noise[POSTERIOR_NOISES]) {
    double scatter = 0, freedom = 0;
    for (size_t i = 0; i < count; i++) {
        scatter += sizes[i].scatter;
        freedom += sizes[i].freedom;
    }
    noise_quantiles(scatter, freedom, noise);
    for (size_t i = 0; i < count && freedom > 0; i++)
        sizes[i].ratio = noise_ratio(sizes[i].scatter, sizes[i].freedom, scatter / freedom);
}
