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
 * regret, or when no size has invocations left. Equal inputs and seeds give equal decisions. */
#ifndef MODEL_CHOOSER_H
#define MODEL_CHOOSER_H

#include "model/assessment.h"
#include "model/observation.h"

#include <stdint.h>

enum { CHOOSER_OPENED = 6 };

struct chooser_settings {
    struct goal goal;
    double tolerated; /* tolerated expected regret, a fraction such as 0.01 */
    uint64_t seed;
    const struct posterior_prior *prior; /* from an earlier run, with the same sizes; or NULL */
};

struct chooser_decision {
    bool decided; /* false: run `next` invocations of each size, then call again */
    size_t best;  /* the measured size with the least expected regret */
    double confidence, expected_regret;
};

/* Decides, or sets `next` of the sizes. `sizes` are in ascending order of memory; their summaries and prices
 * (in proportion to the memory) are set here. False when nothing can be
 * chosen and nothing is left to run: every size is out, or has used up its invocations without a
 * measurement. */
bool chooser_next(struct model_size *sizes, size_t count, const struct chooser_settings *settings,
                  struct chooser_decision *decision);

#endif
