/* How far single log durations scatter around that of their size, and how well that is known. */
#ifndef MODEL_NOISE_H
#define MODEL_NOISE_H

#include "model/posterior.h"

/* Equally likely variances: the middles of the fifths of the posterior of the variance, when `scatter` is the
 * sum of squares of `freedom` degrees of freedom (scatter over variance is chi square), and before anything
 * was measured every order of magnitude of the deviation from 1 % to 70 % was equally likely (H. Jeffreys,
 * "Theory of Probability", 3rd edition, section 3.4). */
void noise_quantiles(double scatter, double freedom, double noise[POSTERIOR_NOISES]);

/* The ratio of one size's variance to that of all, from its own sum of squares: drawn towards 1, the more the
 * fewer degrees of freedom it has. */
double noise_ratio(double scatter, double freedom, double variance_of_all);

#endif
