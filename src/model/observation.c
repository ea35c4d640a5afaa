#include "model/observation.h"

#include "model/noise.h"
#include "util/memory.h"

#include <math.h>
#include <stdlib.h>

/* Assumptions about outliers: their share, and that their factor is up to about 20 (e^3). */
static const double outlier_share = 0.03, first_outlier_share = 0.2, outlier_reach = 3;
static const double least_weight = 0.02;      /* weight of a certain outlier */
static const double default_deviation = 0.15; /* assumed until a size has two durations */
static const double few_variance = 0.005;     /* additional variance of one duration, for rare effects */

void observations_add(struct observations *observed, double duration_ms, bool first) {
    observed->list =
        memory_reserve(observed->list, &observed->capacity, observed->count + 1, sizeof *observed->list);
    observed->list[observed->count++] = (struct observation){log(fmax(duration_ms, 0.01)), first};
}

void observations_close(struct observations *observed) {
    free(observed->list);
    *observed = (struct observations){0};
}

/* ---- the pooled spread ---- */

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t count) {
    qsort(values, count, sizeof *values, compare);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

static double median_of(const struct observations *observed, double *work) {
    for (size_t i = 0; i < observed->count; i++)
        work[i] = observed->list[i].value;
    return median(work, observed->count);
}

static size_t total_of(const struct model_size *sizes, size_t count) {
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += sizes[i].observed.count;
    return total;
}

/* The standard deviation of a log duration, from the median of all deviations; 0 when no size has two
 * durations. */
static double pooled_deviation(const struct model_size *sizes, size_t count, double *work) {
    size_t total = 0;
    double *deviations = work + total_of(sizes, count);
    for (size_t i = 0; i < count; i++) {
        const struct observations *observed = &sizes[i].observed;
        double n = (double)observed->count;
        if (observed->count < 2)
            continue;
        double middle = median_of(observed, work);
        for (size_t k = 0; k < observed->count; k++)
            deviations[total++] = fabs(observed->list[k].value - middle) * sqrt(n / (n - 1));
    }
    return total ? 1.482602218505602 * median(deviations, total) : 0;
}

/* ---- weights ---- */

static double normal_density(double distance, double variance) {
    return exp(-distance * distance / variance / 2) / sqrt(6.283185307179586 * variance);
}

/* The probability that a duration is from the bulk. `distance`: its log minus the expected log. Outliers are
 * nearly always slow. */
static double bulk_probability(double distance, double variance, bool first) {
    double share = first ? first_outlier_share : outlier_share;
    double bulk = (1 - share) * normal_density(distance, variance);
    double outlier = share * (distance > 0 ? 0.95 / outlier_reach : 0.05 / outlier_reach) *
                     (fabs(distance) > outlier_reach ? exp(outlier_reach - fabs(distance)) : 1);
    return bulk / (bulk + outlier);
}

/* Summarizes the durations of one size, whose log durations are about `middle`. */
static void summarize(struct model_size *size, double middle, double noise) {
    const struct observations *observed = &size->observed;
    double sum = 0, weights = 0, *weight = memory_zeroed(observed->count + 1, sizeof *weight);
    for (size_t i = 0; i < observed->count; i++) {
        const struct observation *one = &observed->list[i];
        weight[i] = fmax(bulk_probability(one->value - middle, noise, one->first), least_weight);
        weights += weight[i];
        sum += weight[i] * one->value;
    }
    size->count = weights;
    size->ratio = 1;
    size->mean = size->scatter = size->variance = size->doubt = 0;
    if (observed->count == 1)
        size->doubt = observed->list[0].first ? first_outlier_share : outlier_share;
    if (observed->count) {
        size->mean = sum / weights;
        size->variance = few_variance / (weights * weights);
    }
    for (size_t i = 0; i < observed->count && weights > 1; i++)
        size->scatter += weight[i] * pow(observed->list[i].value - size->mean, 2);
    size->freedom = fmax(weights - 1, 0);
    free(weight);
}

/* ---- the fit ---- */

void observations_fit(struct posterior *posterior, struct model_size *sizes, size_t count,
                      const struct posterior_prior *prior) {
    double *work = memory_zeroed(2 * total_of(sizes, count) + 1, sizeof *work);
    double deviation = pooled_deviation(sizes, count, work), noise[POSTERIOR_NOISES];
    deviation = deviation > 0 ? fmin(fmax(deviation, 0.01), 0.7) : default_deviation;
    for (size_t i = 0; i < count; i++) {
        double middle = sizes[i].observed.count ? median_of(&sizes[i].observed, work) : 0;
        summarize(&sizes[i], middle, deviation * deviation);
    }
    noise_pool(sizes, count, noise);
    posterior_open(posterior, sizes, count, noise, prior);
    free(work);
}
