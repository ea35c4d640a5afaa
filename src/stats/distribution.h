/* The figures of pt-stats: statistics of one or two samples together, as pure functions.
 *
 * Sources. Trimmed mean and its interval: K. K. Yuen, "The two-sample trimmed t for unequal population
 * variances", Biometrika 61 (1974), after Tukey and McLaughlin (1963): t with h - 1 degrees of freedom times
 * s_w / ((h / n) sqrt n), where h of n times remain and s_w is the standard deviation after winsorizing.
 *
 * Percentiles: nearest rank, the smallest time that at least the share p of all times do not exceed. Their
 * interval lies between order statistics (W. J. Conover, "Practical Nonparametric Statistics", 3rd edition,
 * section 3.2). It uses the binomial distribution itself, so that it contains the percentile with at least 95
 * % for any distribution and any number of times. */
#ifndef STATS_DISTRIBUTION_H
#define STATS_DISTRIBUTION_H

#include "stats/sample.h"

/* A time, and how often it occurs. */
struct time_run {
    int64_t time; /* 10 ns */
    uint64_t count;
};

struct distribution {
    struct time_run *runs; /* owned; in ascending order of time */
    size_t length;
    uint64_t count;
    bool exact; /* false: the times are the middles of histogram buckets */
    sample_wide sum, squares;
    int64_t minimum, maximum;
};

/* Collects the times of `count` samples (one or two). Either all samples are exact or all are spilled. Sorts
 * exact ones. */
void distribution_open(struct distribution *distribution, struct sample *const *samples, size_t count);
/* Releases the times. */
void distribution_close(struct distribution *distribution);

/* All results below are in milliseconds. The distribution must have at least one time, and two for the
 * standard deviation. */
double distribution_mean(const struct distribution *distribution);
double distribution_standard_deviation(const struct distribution *distribution);

/* The mean without the floor(count * discard) lowest times and the same number of highest times; 0 <= discard
 * <= 0.4. */
double distribution_trimmed_mean(const struct distribution *distribution, double discard);

/* The trimmed mean rounded up to whole milliseconds, without an earlier rounding. */
int64_t distribution_trimmed_mean_ceil(const struct distribution *distribution, double discard);

/* The percentile `per_mille` / 10. */
double distribution_percentile(const struct distribution *distribution, unsigned per_mille);

/* The standard error of the trimmed mean in milliseconds, and its degrees of freedom. False when there are
 * too few times. */
bool distribution_mean_error(const struct distribution *distribution, double discard, double *error,
                             uint64_t *degrees);

struct interval {
    double low, high; /* milliseconds */
};

/* 95 % confidence intervals. False when there are too few times. */
bool distribution_mean_interval(const struct distribution *distribution, double discard,
                                struct interval *interval);
bool distribution_percentile_interval(const struct distribution *distribution, unsigned per_mille,
                                      struct interval *interval);

/* The 0.975 quantile of Student's t with `degrees` >= 1 degrees of freedom (G. W. Hill, "Algorithm 396",
 * Communications of the ACM 13 (1970)). */
double student_t_975(double degrees);

#endif
