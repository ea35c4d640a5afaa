/* The regularized incomplete beta function, and the tails of Student's t and of the binomial distribution,
 * which it gives. Method: its continued fraction (M. Abramowitz and I. A. Stegun, "Handbook of Mathematical
 * Functions", 26.5.8). */
#ifndef STATS_BETA_H
#define STATS_BETA_H

/* I_x(a, b), for a > 0 and b > 0. An `x` outside 0..1 counts as the nearer end. Accurate for a + b up to
 * 10^7. */
double incomplete_beta(double x, double a, double b);

/* The probability of at most `successes` (>= 0) in `trials` trials that each succeed with `probability`
 * (0..1); 26.5.24. */
double binomial_at_most(double successes, double trials, double probability);

#endif
