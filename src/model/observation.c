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

void observed_size_add(struct observed_size *size, double duration_ms, bool first) {
    size->list = memory_reserve(size->list, &size->capacity, size->count + 1, sizeof *size->list);
    size->list[size->count++] = (struct observation){log(fmax(duration_ms, 0.01)), first};
}

void observed_size_close(struct observed_size *size) {
    free(size->list);
    *size = (struct observed_size){0};
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

static double median_of(const struct observed_size *size, double *work) {
    for (size_t i = 0; i < size->count; i++)
        work[i] = size->list[i].value;
    return median(work, size->count);
}

static size_t total_of(const struct observed_size *sizes, size_t count) {
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += sizes[i].count;
    return total;
}

/* The standard deviation of a log duration, from the median of all deviations; 0 when no size has two
 * durations. */
static double pooled_deviation(const struct observed_size *sizes, size_t count, double *work) {
    size_t total = 0;
    double *deviations = work + total_of(sizes, count);
    for (size_t i = 0; i < count; i++) {
        double n = (double)sizes[i].count;
        if (sizes[i].count < 2)
            continue;
        double middle = median_of(&sizes[i], work);
        for (size_t k = 0; k < sizes[i].count; k++)
            deviations[total++] = fabs(sizes[i].list[k].value - middle) * sqrt(n / (n - 1));
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

/* The scatter of the durations of one size: sum of squares and degrees of freedom. */
struct scatter {
    double squares, freedom;
};

/* Condenses the durations of one size, whose log durations are about `middle`. */
static void condense(const struct observed_size *size, double middle, double noise,
                     struct posterior_size *out, struct scatter *scatter) {
    double sum = 0, weights = 0, *weight = memory_zeroed(size->count + 1, sizeof *weight);
    for (size_t i = 0; i < size->count; i++) {
        weight[i] =
            fmax(bulk_probability(size->list[i].value - middle, noise, size->list[i].first), least_weight);
        weights += weight[i];
        sum += weight[i] * size->list[i].value;
    }
    *out = (struct posterior_size){.memory_mb = size->memory_mb, .count = weights, .ratio = 1};
    *scatter = (struct scatter){0, 0};
    if (size->count == 1)
        out->doubt = size->list[0].first ? first_outlier_share : outlier_share;
    if (size->count) {
        out->mean = sum / weights;
        out->variance = few_variance / (weights * weights);
    }
    for (size_t i = 0; i < size->count && weights > 1; i++)
        scatter->squares += weight[i] * pow(size->list[i].value - out->mean, 2);
    scatter->freedom = fmax(weights - 1, 0);
    free(weight);
}

/* ---- the fit ---- */

/* Computes the noise of all sizes, and the ratio of each size's variance to it. */
static void pool(struct posterior_size *sizes, const struct scatter *scatters, size_t count,
                 double noise[POSTERIOR_NOISES]) {
    struct scatter all = {0, 0};
    for (size_t i = 0; i < count; i++) {
        all.squares += scatters[i].squares;
        all.freedom += scatters[i].freedom;
    }
    noise_quantiles(all.squares, all.freedom, noise);
    for (size_t i = 0; i < count && all.freedom > 0; i++)
        sizes[i].ratio = noise_ratio(scatters[i].squares, scatters[i].freedom, all.squares / all.freedom);
}

void observations_fit(struct posterior *posterior, const struct observed_size *sizes, size_t count,
                      const struct posterior_prior *prior) {
    double *work = memory_zeroed(2 * total_of(sizes, count) + 1, sizeof *work);
    double deviation = pooled_deviation(sizes, count, work), noise[POSTERIOR_NOISES];
    struct posterior_size *condensed = memory_zeroed(count, sizeof *condensed);
    struct scatter *scatters = memory_zeroed(count, sizeof *scatters);
    deviation = deviation > 0 ? fmin(fmax(deviation, 0.01), 0.7) : default_deviation;
    for (size_t i = 0; i < count; i++) {
        double middle = sizes[i].count ? median_of(&sizes[i], work) : 0;
        condense(&sizes[i], middle, deviation * deviation, &condensed[i], &scatters[i]);
    }
    pool(condensed, scatters, count, noise);
    posterior_open(posterior, condensed, count, noise, prior);
    free(scatters);
    free(condensed);
    free(work);
}
