/* Chooses what to run next, until the choice of a size is certain enough: top-two Thompson sampling over the
 * posterior of all sizes.
 *
 * Each invocation goes to the best size of a curve drawn from the posterior or, in half of the cases, to the
 * best size of another curve in which it is a different one. So the leader is compared with the sizes that
 * may still overtake it (D. Russo, "Simple Bayesian algorithms for best arm identification", Conference on
 * Learning Theory 2016). Several invocations make a round; rounds grow with the number of invocations made.
 *
 * Each size in use ("open") needs a published version, so only as many as needed are open. More are opened
 * when the best open size is expected to be worse than the best of all sizes by more than half of the
 * tolerated regret. Then as many are opened at once as end this condition (greedily, at most CHOOSER_OPENED).
 *
 * The search ends when the size with the least expected regret (model/assessment.h) has at most the tolerated
 * regret, or when no size has invocations left. Before that, every size with a probability of 2 % or more
 * to be the best gets two warm measurements, and the best one as many as summary_least says. Equal inputs and
 * seeds give equal decisions. */
#ifndef MODEL_CHOOSER_H
#define MODEL_CHOOSER_H

#include "model/assessment.h"
#include "model/observation.h"

#include <stdint.h>

enum { CHOOSER_BEGUN = 4, CHOOSER_OPENED = 6 };

struct chooser_settings {
    struct goal goal;
    double tolerated; /* tolerated expected regret, a fraction such as 0.01 */
    uint64_t seed;
    const struct posterior_prior *prior; /* from an earlier run, with the same sizes; or NULL */
};

struct chooser_decision {
    bool decided; /* false: run `next` invocations of each size, then call again */
    size_t best;  /* the size with warm measurements and the least expected regret */
    double expected_regret;
    double correlation; /* of warm durations that follow each other */
    double confidence;  /* set when decided, as is what is known of each size */
};

/* Decides, or sets `next` of the sizes. `sizes` are in ascending order of memory; their summaries and prices
 * (in proportion to the memory) are set here. False when nothing can be
 * chosen and nothing is left to run: every size is out, or has used up its invocations without a
 * measurement. */
bool chooser_next(struct model_size *sizes, size_t count, const struct chooser_settings *settings,
                  struct chooser_decision *decision);

#endif
