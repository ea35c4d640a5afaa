/* From the summaries of the durations of all sizes to the posterior of their means.
 *
 * What is bought is the mean duration, not the typical one. The mean is that of the bulk times 1 + the tail:
 * what slow invocations add. How well it is known depends on these assumptions. They come from the public
 * measurements in tests/quality/data, and so do the figures: the mean true regret until sure 1 % on single
 * invocations and on published curves is 1.6 and 1.3 % (make bench-real on the two thirds that the assumptions were
 * made with, 3 tunings), and without the assumption:
 *
 *   - The tail differs between sizes by half of its mean (on the functions with a tail by 0.4 to 1 of it). A size's
 *     own tail counts as far as its invocations determine it. With one tail for all sizes: 1.7 and 4.8 %.
 *   - Neighbours in time resemble each other: lag-1 correlation 0.15, or as the durations show; the variance of a
 *     mean grows accordingly. And a run of invocations has a mean of its own, because of drift: its variance is half
 *     of this correlation times the variance of one invocation, however many there are. Without both: 1.7 and 1.5
 *     %, and results that say 0.5 and 0.6 % instead of 0.7 and 0.9 %.
 *   - A function may wait for the end of a quota period or a collector, for 15 ms, once in twenty or more
 *     invocations. So a function of a few ms needs many, which cost little (summary_least). Without: 2.0 and 3.0 %. */
#ifndef MODEL_SUMMARY_H
#define MODEL_SUMMARY_H

#include "model/posterior.h"

/* Adds the uncertainties above to the summaries of `sizes`, in ascending order of memory, and opens `posterior`
 * with them. `correlation`: of durations that follow each other; `prior` is as for posterior_open. The caller
 * closes the posterior. */
void summaries_fit(struct posterior *posterior, struct model_size *sizes, size_t count, double correlation,
                   const struct posterior_prior *prior);

/* The correlation without durations in order. */
extern const double summary_correlation;

/* How many warm invocations a size with this mean duration must have before it is chosen. */
size_t summary_least(double duration_ms);

#endif
