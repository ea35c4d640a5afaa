/* How far log durations scatter around the mean of their size, and how well this is known. */
#ifndef MODEL_NOISE_H
#define MODEL_NOISE_H

#include "model/posterior.h"

/* Computes equally likely variances: the middles of the five fifths of the variance's posterior. `scatter` is
 * a sum of squares with `freedom` degrees of freedom (scatter / variance has a chi-squared distribution). The
 * prior gives every order of magnitude of the standard deviation from 1 % to 70 % the same probability (H.
 * Jeffreys, "Theory of Probability", 3rd edition, section 3.4). */
void noise_quantiles(double scatter, double freedom, double noise[POSTERIOR_NOISES]);

/* Computes the noise of all sizes together, and sets the ratio of each size's variance to it. */
void noise_pool(struct model_size *sizes, size_t count, double noise[POSTERIOR_NOISES]);

#endif
