#include "stats/distribution.h"

#include "stats/beta.h"
#include "tune/duration.h"
#include "util/memory.h"

#include <math.h>
#include <stdlib.h>

static void append_run(struct distribution *all, int64_t time, uint64_t count) {
    if (all->length && all->runs[all->length - 1].time == time)
        all->runs[all->length - 1].count += count;
    else
        all->runs[all->length++] = (struct time_run){time, count};
}

/* Merges the sorted times of exact samples. */
static void collect_exact(struct distribution *all, struct sample *const *samples, size_t count) {
    all->runs = memory_resize(NULL, (size_t)all->count, sizeof *all->runs);
    size_t at[2] = {0, 0};
    for (size_t i = 0; i < count; i++)
        sample_sort(samples[i]);
    uint64_t first = samples[0]->count, second = count > 1 ? samples[1]->count : 0;
    while (at[0] < first || at[1] < second) {
        bool take_second =
            at[0] >= first || (at[1] < second && samples[1]->times[at[1]] < samples[0]->times[at[0]]);
        append_run(all, samples[take_second]->times[at[take_second]], 1);
        at[take_second]++;
    }
}

static void collect_buckets(struct distribution *all, struct sample *const *samples, size_t count) {
    size_t capacity = 0, last = sample_bucket(samples[0], all->maximum);
    for (size_t bucket = sample_bucket(samples[0], all->minimum); bucket <= last; bucket++) {
        uint64_t sum = 0;
        for (size_t i = 0; i < count; i++)
            sum += samples[i]->buckets ? samples[i]->buckets[bucket] : 0;
        if (!sum)
            continue;
        int64_t middle = sample_bucket_middle(samples[0], bucket);
        middle = middle < all->minimum ? all->minimum : middle > all->maximum ? all->maximum : middle;
        all->runs = memory_reserve(all->runs, &capacity, all->length + 1, sizeof *all->runs);
        all->runs[all->length++] = (struct time_run){middle, sum};
    }
}

void distribution_open(struct distribution *distribution, struct sample *const *samples, size_t count) {
    *distribution = (struct distribution){.exact = true};
    for (size_t i = 0; i < count; i++) {
        const struct sample *sample = samples[i];
        distribution->exact = distribution->exact && sample_is_exact(sample);
        if (!sample->count)
            continue;
        if (!distribution->count || sample->minimum < distribution->minimum)
            distribution->minimum = sample->minimum;
        if (!distribution->count || sample->maximum > distribution->maximum)
            distribution->maximum = sample->maximum;
        distribution->count += sample->count;
        distribution->sum += sample->sum;
        distribution->squares += sample->squares;
    }
    if (distribution->count && distribution->exact)
        collect_exact(distribution, samples, count);
    else if (distribution->count)
        collect_buckets(distribution, samples, count);
}

void distribution_close(struct distribution *distribution) {
    free(distribution->runs);
    *distribution = (struct distribution){.exact = true};
}

double distribution_mean(const struct distribution *distribution) {
    return (double)((long double)distribution->sum / (long double)distribution->count /
                    (long double)DURATION_MS);
}

/* The standard deviation from the sums of times and of their squares. In whole numbers up to the last steps,
 * so that no digits are lost: with the mean rounded down, p, and sum = n p + rest, the sum of (time - p)^2 is
 * squares - p (sum + rest). */
static double deviation(uint64_t count, sample_wide sum, sample_wide squares) {
    sample_wide pivot = sum / count, rest = sum % count;
    long double n = (long double)count, about = (long double)(squares - pivot * (sum + rest));
    long double variance = (about - (long double)rest * (long double)rest / n) / (n - 1);
    return variance > 0 ? (double)(sqrtl(variance) / (long double)DURATION_MS) : 0;
}

double distribution_standard_deviation(const struct distribution *distribution) {
    return deviation(distribution->count, distribution->sum, distribution->squares);
}

/* ---- trimming ---- */

static uint64_t discarded(const struct distribution *distribution, double discard) {
    return (uint64_t)floor((double)distribution->count * discard);
}

/* The number of the ranks `before` .. `before + count` (from 0) that are within `first` .. `end`. */
static uint64_t overlap(uint64_t before, uint64_t count, uint64_t first, uint64_t end) {
    uint64_t from = before > first ? before : first;
    uint64_t to = before + count < end ? before + count : end;
    return to > from ? to - from : 0;
}

static sample_wide trimmed_sum(const struct distribution *distribution, double discard, uint64_t *kept) {
    uint64_t cut = discarded(distribution, discard);
    *kept = distribution->count - 2 * cut;
    if (!cut)
        return distribution->sum;
    sample_wide sum = 0;
    uint64_t before = 0;
    for (size_t i = 0; i < distribution->length; i++) {
        const struct time_run *run = &distribution->runs[i];
        sum += (sample_wide)(uint64_t)run->time * overlap(before, run->count, cut, distribution->count - cut);
        before += run->count;
    }
    return sum;
}

double distribution_trimmed_mean(const struct distribution *distribution, double discard) {
    uint64_t kept;
    sample_wide sum = trimmed_sum(distribution, discard, &kept);
    return (double)((long double)sum / (long double)kept / (long double)DURATION_MS);
}

int64_t distribution_trimmed_mean_ceil(const struct distribution *distribution, double discard) {
    uint64_t kept;
    sample_wide sum = trimmed_sum(distribution, discard, &kept);
    sample_wide divisor = (sample_wide)kept * (sample_wide)DURATION_MS;
    return (int64_t)((sum + divisor - 1) / divisor);
}

/* ---- ranks ---- */

/* The time of rank `rank`, counted from 1. */
static int64_t time_of_rank(const struct distribution *distribution, uint64_t rank) {
    uint64_t before = 0;
    for (size_t i = 0; i < distribution->length; i++) {
        before += distribution->runs[i].count;
        if (rank <= before)
            return distribution->runs[i].time;
    }
    return distribution->maximum;
}

double distribution_percentile(const struct distribution *distribution, unsigned per_mille) {
    sample_wide rank = ((sample_wide)distribution->count * per_mille + 999) / 1000;
    return duration_ms(time_of_rank(distribution, rank ? (uint64_t)rank : 1));
}

/* The ranks between which the percentile `p` of `n` times lies with at least 95 %, with at most 2.5 % on
 * either side. For more than a million times uses the normal approximation, whose ranks differ by at most
 * one. */
static void percentile_ranks(double n, double p, double *low, double *high) {
    const double tail = 0.025;
    double half = 1.959963984540054 * sqrt(n * p * (1 - p));
    *low = fmax(ceil(n * p - half), 0);
    *high = ceil(n * p + half);
    if (n > 1e6)
        return;
    while (*low >= 1 && binomial_at_most(*low - 1, n, p) > tail)
        --*low;
    while (binomial_at_most(*low, n, p) <= tail)
        ++*low;
    while (*high <= n && binomial_at_most(*high - 1, n, p) < 1 - tail)
        ++*high;
    while (*high >= 2 && binomial_at_most(*high - 2, n, p) >= 1 - tail)
        --*high;
}

bool distribution_percentile_interval(const struct distribution *distribution, unsigned per_mille,
                                      struct interval *interval) {
    double n = (double)distribution->count, low, high;
    percentile_ranks(n, per_mille / 1000.0, &low, &high);
    if (low < 1 || high > n)
        return false;
    interval->low = duration_ms(time_of_rank(distribution, (uint64_t)low));
    interval->high = duration_ms(time_of_rank(distribution, (uint64_t)high));
    return true;
}

/* ---- the interval of the trimmed mean ---- */

/* The winsorized standard deviation: the `cut` lowest and the `cut` highest times are replaced by the nearest
 * other time. */
static double winsorized_deviation(const struct distribution *distribution, uint64_t cut) {
    if (!cut)
        return distribution_standard_deviation(distribution);
    int64_t low = time_of_rank(distribution, cut + 1);
    int64_t high = time_of_rank(distribution, distribution->count - cut);
    sample_wide sum = 0, squares = 0;
    for (size_t i = 0; i < distribution->length; i++) {
        int64_t time = distribution->runs[i].time;
        sample_wide kept = (sample_wide)(time < low ? low : time > high ? high : time);
        sum += kept * distribution->runs[i].count;
        squares += kept * kept * distribution->runs[i].count;
    }
    return deviation(distribution->count, sum, squares);
}

bool distribution_mean_error(const struct distribution *distribution, double discard, double *error,
                             uint64_t *degrees) {
    uint64_t cut = discarded(distribution, discard), kept = distribution->count - 2 * cut;
    if (distribution->count < 2 || kept < 2)
        return false;
    double n = (double)distribution->count, h = (double)kept;
    *error = winsorized_deviation(distribution, cut) / (h / n * sqrt(n));
    *degrees = kept - 1;
    return true;
}

bool distribution_mean_interval(const struct distribution *distribution, double discard,
                                struct interval *interval) {
    double error;
    uint64_t degrees;
    if (!distribution_mean_error(distribution, discard, &error, &degrees))
        return false;
    double mean = distribution_trimmed_mean(distribution, discard);
    double half = student_t_975((double)degrees) * error;
    *interval = (struct interval){mean - half > 0 ? mean - half : 0, mean + half};
    return true;
}

double student_t_975(double degrees) {
    const double pi = 3.14159265358979323846, p = 0.05;
    if (degrees == 1)
        return 1 / tan(p * pi / 2);
    if (degrees == 2)
        return sqrt(2 / (p * (2 - p)) - 2);
    double a = 1 / (degrees - 0.5), b = 48 / (a * a);
    double c = ((20700 * a / b - 98) * a - 16) * a + 96.36;
    double d = ((94.5 / (b + c) - 3) / b + 1) * sqrt(a * pi / 2) * degrees;
    double x = d * p, y = pow(x, 2 / degrees);
    if (y > 0.05 + a) {
        x = -1.959963984540054;
        y = x * x;
        if (degrees < 5)
            c += 0.3 * (degrees - 4.5) * (x + 0.6);
        c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c;
        y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x;
        y = expm1(a * y * y);
    } else {
        y = ((1 / (((degrees + 6) / (degrees * y) - 0.089 * d - 0.822) * (degrees + 2) * 3) +
              0.5 / (degrees + 4)) *
                 y -
             1) *
                (degrees + 1) / (degrees + 2) +
            1 / y;
    }
    return sqrt(degrees * y);
}
