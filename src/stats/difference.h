/* Tests whether the averages of two runs differ by more than noise.
 *
 * K. K. Yuen, "The two-sample trimmed t for unequal population variances", Biometrika 61 (1974): the
 * difference of two trimmed means, divided by the root of the sum of their squared standard errors, follows
 * Student's t with Welch's degrees of freedom. The standard errors come from the intervals that pt-stats
 * writes (stats/distribution.h).
 *
 * Several sizes are tested at once. S. Holm, "A simple sequentially rejective multiple test procedure",
 * Scandinavian Journal of Statistics 6 (1979), keeps the probability at 5 % that any size is reported as
 * different although none is. */
#ifndef STATS_DIFFERENCE_H
#define STATS_DIFFERENCE_H

#include <stdbool.h>
#include <stddef.h>

/* A trimmed mean with its standard error, both in the same unit, and the error's degrees of freedom. */
struct estimate {
    double mean, error, degrees;
};

/* Computes the estimate from a trimmed mean and the upper end of its 95 % confidence interval. The mean is of
 * `count` times without the share `discard` at each end. False when there are too few times. */
bool difference_estimate(double mean, double high, double count, double discard, struct estimate *estimate);

/* The p-value: the probability of a difference at least as large as between the two means, if the true means
 * are equal. */
double difference_probability(const struct estimate *first, const struct estimate *second);

/* Sets `different[i]` to whether size i differs, by Holm's procedure at 5 %, for `count` p-values. */
void difference_judge(const double *probabilities, size_t count, bool *different);

#endif
