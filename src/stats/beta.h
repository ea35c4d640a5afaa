/* The regularized incomplete beta function, from which the tails of Student's t and of the binomial
 * distribution come: by its continued fraction (M. Abramowitz and I. A. Stegun, "Handbook of Mathematical
 * Functions", 26.5.8). */
#ifndef STATS_BETA_H
#define STATS_BETA_H

/* I_x(a, b); a and b over 0. Outside 0..1 x is taken for the nearer end. Good for a + b up to 10^7. */
double incomplete_beta(double x, double a, double b);

/* The probability of at most `successes` in `trials`, when each succeeds with `probability`, within 0..1
 * (26.5.24); 0 <= successes. */
double binomial_at_most(double successes, double trials, double probability);

#endif
