#include "tune/observation.h"

#include "tune/noise.h"
#include "util/memory.h"

#include <math.h>
#include <stdlib.h>

/* What is assumed of outliers: how many there are, and that their factor is anything up to about 20. */
static const double outlier_share = 0.03, first_outlier_share = 0.2, outlier_reach = 3;

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

/* The standard deviation of a log duration, from the median of all deviations; 0 when no size has two. */
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

/* ---- what counts how much ---- */

static double normal_density(double distance, double variance) {
    return exp(-distance * distance / variance / 2) / sqrt(6.283185307179586 * variance);
}

/* The probability that a duration at `distance` (in logs) from where it was expected is of the bulk. Outliers
 * are nearly always slow. */
static double bulk_probability(double distance, double variance, bool first) {
    double share = first ? first_outlier_share : outlier_share;
    double bulk = (1 - share) * normal_density(distance, variance);
    double outlier = share * (distance > 0 ? 0.95 / outlier_reach : 0.05 / outlier_reach) *
                     (fabs(distance) > outlier_reach ? exp(outlier_reach - fabs(distance)) : 1);
    return bulk / (bulk + outlier);
}

struct condensed {
    struct posterior_size *sizes;
    double scatter, freedom; /* of all sizes */
};

/* One size, when its log duration is expected at `expected`, known to `variance`. */
static void condense(const struct observed_size *size, double expected, double variance, double noise,
                     struct posterior_size *out, struct condensed *all) {
    double sum = 0, weights = 0, square = 0;
    double *weight = memory_zeroed(size->count + 1, sizeof *weight);
    for (size_t i = 0; i < size->count; i++) {
        weight[i] = bulk_probability(size->list[i].value - expected, noise + variance, size->list[i].first);
        weight[i] = fmax(weight[i], 0.02);
        weights += weight[i];
        sum += weight[i] * size->list[i].value;
    }
    *out = (struct posterior_size){size->power, weights, 0, 1, 0, 0};
    if (size->count == 1)
        out->doubt = size->list[0].first ? first_outlier_share : outlier_share;
    if (size->count) {
        out->mean = sum / weights;
        out->variance = 0.005 / (weights * weights);
        for (size_t i = 0; i < size->count; i++)
            square += weight[i] * pow(size->list[i].value - out->mean, 2);
        if (weights > 1) {
            all->scatter += square;
            all->freedom += weights - 1;
        }
    }
    free(weight);
}

/* ---- the fit ---- */

enum { ROUNDS = 1 };

void observations_fit(struct posterior *posterior, const struct observed_size *sizes, size_t count) {
    double *work = memory_zeroed(2 * total_of(sizes, count) + 2 * count + 1, sizeof *work);
    double *expected = work + 2 * total_of(sizes, count), *variances = expected + count;
    double deviation = pooled_deviation(sizes, count, work), noise[POSTERIOR_NOISES];
    struct condensed all = {.sizes = memory_zeroed(count, sizeof *all.sizes)};
    if (!(deviation > 0))
        deviation = 0.15;
    deviation = fmin(fmax(deviation, 0.01), 0.7);
    for (size_t i = 0; i < count; i++)
        if (sizes[i].count)
            expected[i] = median_of(&sizes[i], work);
    for (int round = 0; round < ROUNDS; round++) {
        if (round)
            posterior_close(posterior);
        all.scatter = all.freedom = 0;
        for (size_t i = 0; i < count; i++)
            condense(&sizes[i], expected[i], variances[i], deviation * deviation, &all.sizes[i], &all);
        noise_quantiles(all.scatter, all.freedom, noise);
        posterior_open(posterior, all.sizes, count, noise);
        if (round + 1 == ROUNDS)
            break;
        /* posterior_without */
    }
    free(all.sizes);
    free(work);
}
