#include "model/observation.h"

#include "model/summary.h"
#include "util/memory.h"

#include <math.h>
#include <stdlib.h>

/* Assumptions about outliers: their share, and that their factor is up to about 20 (e^3). */
static const double outlier_share = 0.03, first_outlier_share = 0.2, outlier_reach = 3;
static const double least_weight = 0.02; /* weight of a certain outlier */
/* Of one duration: assumed until a size has two durations, and the bounds of what they show. */
static const double default_deviation = 0.15, least_deviation = 0.01, largest_deviation = 0.7;
/* First invocations: the probability that they are like warm ones, and from where on they count; the mean and
 * the variance of the log of their factor when they are not. */
static const double like_warm = 0.2, like_warm_used = 0.5, cold_mean = 1.5, cold_variance = 1.5;
/* The correlation of durations that follow each other counts for as many durations as here. */
static const double correlation_count = 10, largest_correlation = 0.7;

void observations_add(struct observations *observed, double duration_ms, bool first) {
    observed->list =
        memory_reserve(observed->list, &observed->capacity, observed->count + 1, sizeof *observed->list);
    observed->list[observed->count++] = (struct observation){log(fmax(duration_ms, 0.01)), first};
    observed->warm += !first;
}

void observations_close(struct observations *observed) {
    free(observed->list);
    *observed = (struct observations){0};
}

/* The sizes and what the fit knows about all of them. */
struct fit {
    struct model_size *sizes;
    size_t count;
    double *work;        /* owned: space for two numbers for each duration */
    bool firsts;         /* first invocations count */
    double firsts_share; /* their share of outliers */
    double deviation;    /* the standard deviation of a log duration in the bulk */
};

static bool is_used(const struct fit *fit, const struct observation *one) {
    return !one->first || fit->firsts;
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

/* The median of the durations of a size that are used; sets their number, which may be 0. */
static double median_of(const struct fit *fit, const struct observations *observed, size_t *used) {
    *used = 0;
    for (size_t i = 0; i < observed->count; i++)
        if (is_used(fit, &observed->list[i]))
            fit->work[(*used)++] = observed->list[i].value;
    return *used ? median(fit->work, *used) : 0;
}

static size_t total_of(const struct model_size *sizes, size_t count) {
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += sizes[i].observed.count;
    return total;
}

/* The standard deviation of a log duration, from the median of all deviations. */
static double pooled_deviation(const struct fit *fit) {
    size_t total = 0, used;
    double *deviations = fit->work + total_of(fit->sizes, fit->count);
    for (size_t i = 0; i < fit->count; i++) {
        const struct observations *observed = &fit->sizes[i].observed;
        double middle = median_of(fit, observed, &used), n = (double)used;
        for (size_t k = 0; used > 1 && k < observed->count; k++)
            if (is_used(fit, &observed->list[k]))
                deviations[total++] = fabs(observed->list[k].value - middle) * sqrt(n / (n - 1));
    }
    if (!total)
        return default_deviation;
    return fmin(fmax(1.482602218505602 * median(deviations, total), least_deviation), largest_deviation);
}

/* ---- weights ---- */

static double normal_density(double distance, double variance) {
    return exp(-distance * distance / variance / 2) / sqrt(6.283185307179586 * variance);
}

/* The probability that a duration is from the bulk. `distance`: its log minus the expected log; `share`: of
 * outliers. They are nearly always slow. */
static double bulk_probability(double distance, double variance, double share) {
    double bulk = (1 - share) * normal_density(distance, variance);
    double outlier = share * (distance > 0 ? 0.95 / outlier_reach : 0.05 / outlier_reach) *
                     (fabs(distance) > outlier_reach ? exp(outlier_reach - fabs(distance)) : 1);
    return bulk / (bulk + outlier);
}

/* The share of outliers among the invocations that are like this one. */
static double share_of(const struct fit *fit, const struct observation *one) {
    return one->first ? fit->firsts_share : outlier_share;
}

/* Summarizes the durations of one size that are used. */
static void summarize(const struct fit *fit, struct model_size *size) {
    const struct observations *observed = &size->observed;
    size_t used;
    double middle = median_of(fit, observed, &used), sum = 0, variance = fit->deviation * fit->deviation;
    double *weights = fit->work;
    size->count = size->mean = size->scatter = size->tail = size->tail_squares = size->doubt = 0;
    size->invocations = (double)observed->warm;
    for (size_t i = 0; i < observed->count; i++) {
        const struct observation *one = &observed->list[i];
        double share = share_of(fit, one);
        weights[i] = is_used(fit, one)
                         ? fmax(bulk_probability(one->value - middle, variance, share), least_weight)
                         : 0;
        size->count += weights[i];
        sum += weights[i] * exp(one->value - middle);
        if (used == 1 && is_used(fit, one))
            size->doubt = share;
    }
    size->freedom = fmax(size->count - 1, 0);
    if (used)
        size->mean = middle + log(sum / size->count);
    for (size_t i = 0; i < observed->count; i++) {
        double distance = observed->list[i].value - size->mean, excess;
        if (size->count > 1)
            size->scatter += weights[i] * distance * distance;
        if (observed->list[i].first)
            continue;
        excess = (1 - weights[i]) * (exp(fmin(distance, 6)) - 1);
        size->tail += excess;
        size->tail_squares += excess * excess;
    }
}

/* ---- first invocations ---- */

/* The log of how much more probable the first invocations of a size are if they are like warm ones. */
static double compare_firsts(const struct fit *fit, const struct observations *observed) {
    size_t used;
    double middle = median_of(fit, observed, &used), odds = 0;
    double variance = fit->deviation * fit->deviation * (1 + 1 / (double)used) + 0.0004;
    for (size_t k = 0; used && k < observed->count; k++) {
        double distance = observed->list[k].value - middle;
        if (observed->list[k].first)
            odds += log((1 - first_outlier_share) * normal_density(distance, variance) +
                        first_outlier_share * normal_density(distance, 1)) -
                    log(normal_density(distance - cold_mean, cold_variance));
    }
    return odds;
}

/* Decides whether first invocations count. Without any warm one they do, with little weight. */
static void judge_firsts(struct fit *fit) {
    double odds = log(like_warm / (1 - like_warm));
    bool warm = false;
    for (size_t i = 0; i < fit->count; i++) {
        odds += compare_firsts(fit, &fit->sizes[i].observed);
        warm = warm || fit->sizes[i].observed.warm;
    }
    double probability = 1 / (1 + exp(-odds));
    fit->firsts = !warm || probability > like_warm_used;
    fit->firsts_share = 1 - probability * (1 - first_outlier_share);
}

/* ---- the fit ---- */

/* The correlation of warm durations that follow each other, over all sizes. */
static double correlation_of(const struct fit *fit) {
    double squares = correlation_count, products = summary_correlation * correlation_count;
    for (size_t i = 0; i < fit->count; i++) {
        const struct observations *observed = &fit->sizes[i].observed;
        double before = 0, n = (double)observed->warm;
        bool any = false;
        for (size_t k = 0; n > 1 && k < observed->count; k++) {
            if (observed->list[k].first)
                continue;
            double value = (observed->list[k].value - fit->sizes[i].mean) / fit->deviation;
            value = fmin(fmax(value, -2.5), 2.5);
            squares += value * value;
            /* The second term corrects for the mean of the same durations. */
            products += any ? value * before + value * value / n : 0;
            before = value;
            any = true;
        }
    }
    return fmin(fmax(products / squares, 0), largest_correlation);
}

double observations_fit(struct posterior *posterior, struct model_size *sizes, size_t count,
                        const struct posterior_prior *prior) {
    struct fit fit = {.sizes = sizes, .count = count};
    fit.work = memory_zeroed(2 * total_of(sizes, count) + 1, sizeof *fit.work);
    fit.deviation = pooled_deviation(&fit);
    judge_firsts(&fit);
    for (size_t i = 0; i < count; i++)
        summarize(&fit, &sizes[i]);
    double correlation = correlation_of(&fit);
    summaries_fit(posterior, sizes, count, correlation, prior);
    free(fit.work);
    return correlation;
}
