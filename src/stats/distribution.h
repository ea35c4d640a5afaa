/* What can be said of one or more samples taken together: the figures of pt-stats, as pure functions.
 *
 * Sources: trimmed mean and its interval, K. K. Yuen, "The two-sample trimmed t for unequal population
 * variances", Biometrika 61 (1974), after Tukey and McLaughlin (1963): t with h - 1 degrees of freedom times
 * s_w / ((h / n) sqrt n), where h of n remain and s_w is the standard deviation after winsorizing.
 * Percentiles are those of the nearest rank: the smallest time that at least the share p of all do not
 * exceed; their interval lies between order statistics, W. J. Conover, "Practical Nonparametric Statistics",
 * 3rd edition, section 3.2: by the binomial distribution itself, so that it holds the percentile with at
 * least 95 %, whatever the shape and however few the times. */
#ifndef STATS_DISTRIBUTION_H
#define STATS_DISTRIBUTION_H

#include "stats/sample.h"

/* Times in ascending order, equal ones together. */
struct time_run {
    int64_t time; /* picoseconds */
    uint64_t count;
};

struct distribution {
    struct time_run *runs; /* owned */
    size_t length;
    uint64_t count;
    bool exact; /* false: the runs are the middles of histogram steps */
    sample_wide sum, squares;
    uint64_t squares_high;
    int64_t minimum, maximum;
};

/* Of all times in `samples` (one or two) together; either all are exact or all spilled. Exact ones are sorted
 * on the way. */
void distribution_open(struct distribution *distribution, struct sample *const *samples, size_t count);
void distribution_close(struct distribution *distribution);

/* All in milliseconds; the distribution must hold at least one time (two for the standard deviation and the
 * interval of the mean). */
double distribution_mean(const struct distribution *distribution);
double distribution_standard_deviation(const struct distribution *distribution);

/* The mean without the floor(count * discard) lowest and as many highest times; 0 <= discard <= 0.4. */
double distribution_trimmed_mean(const struct distribution *distribution, double discard);

/* The same rounded up to whole milliseconds, without rounding anything before. */
int64_t distribution_trimmed_mean_ceil(const struct distribution *distribution, double discard);

/* The percentile `per_mille` / 1000. */
double distribution_percentile(const struct distribution *distribution, unsigned per_mille);

/* The standard error of the trimmed mean, in milliseconds, and its degrees of freedom; false when there are
 * too few times to give one. */
bool distribution_mean_error(const struct distribution *distribution, double discard, double *error,
                             uint64_t *degrees);

struct interval {
    double low, high; /* milliseconds */
};

/* 95 % confidence intervals; false when there are too few times to give one. */
bool distribution_mean_interval(const struct distribution *distribution, double discard,
                                struct interval *interval);
bool distribution_percentile_interval(const struct distribution *distribution, unsigned per_mille,
                                      struct interval *interval);

/* The 0.975 quantile of Student's t with `degrees` >= 1 degrees of freedom (G. W. Hill, "Algorithm 396",
 * Communications of the ACM 13 (1970)). */
double student_t_975(double degrees);

#endif
