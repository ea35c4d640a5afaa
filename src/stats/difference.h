/* Whether the averages of two runs differ by more than their noise.
 *
 * K. K. Yuen, "The two-sample trimmed t for unequal population variances", Biometrika 61 (1974): the
 * difference of two trimmed means over the root of the sum of their squared standard errors, as Student's t
 * with Welch's degrees of freedom. The standard errors are those of the intervals that pt-stats writes
 * (tune/distribution.h). Several sizes are tested at once: S. Holm, "A simple sequentially rejective multiple
 * test procedure", Scandinavian Journal of Statistics 6 (1979), keeps the probability that any of them is
 * called different although none is at 5 %. */
#ifndef STATS_DIFFERENCE_H
#define STATS_DIFFERENCE_H

#include <stdbool.h>
#include <stddef.h>

/* A trimmed mean with its standard error, which has `degrees` degrees of freedom; any unit, the same for
 * both. */
struct estimate {
    double mean, error, degrees;
};

/* The estimate behind a 95 % interval [.., high] around the trimmed mean of `count` times of which the share
 * `discard` was left out at each end. False when there are too few times for one. */
bool difference_estimate(double mean, double high, double count, double discard, struct estimate *estimate);

/* The probability of a difference as large as that between the two, or larger, when there is none. */
double difference_probability(const struct estimate *first, const struct estimate *second);

/* Sets `different[i]` for each of `count` probabilities that stays below 5 % by Holm's procedure. */
void difference_judge(const double *probabilities, size_t count, bool *different);

/* The two-sided tail probability of Student's t, from the incomplete beta function (M. Abramowitz and I. A.
 * Stegun, "Handbook of Mathematical Functions", 26.7.1). `degrees` is over 0. */
double difference_student_tail(double t, double degrees);

#endif
