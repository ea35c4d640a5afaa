/* What to run next, until the answer is sure enough: top-two Thompson sampling over the posterior of all
 * sizes.
 *
 * Each invocation goes to the size that is the best in a curve drawn from the posterior or, in half of the
 * cases, to the best of another curve in which it is a different one: so that the leader and whatever may
 * still overtake it are compared (D. Russo, "Simple Bayesian algorithms for best arm identification",
 * Conference on Learning Theory 2016). Several invocations make a round; the more were made, the larger it
 * is.
 *
 * A size takes a published version, so the sizes in use ("open") are as few as will do: others are opened
 * when the best of the open ones is expected to be worse than the best of all by more than half of what is
 * tolerated, and then so many at once that this is no longer so (greedily, up to CHOOSER_OPENED).
 *
 * It ends when the expected regret (tune/assessment.h) of the size with the least is at most what is
 * tolerated, or when no size has invocations left. Equal inputs and seeds give equal answers. */
#ifndef MODEL_CHOOSER_H
#define MODEL_CHOOSER_H

#include "model/assessment.h"
#include "model/observation.h"

#include <stdint.h>

enum { CHOOSER_OPENED = 6 };

struct chooser_settings {
    struct goal goal;
    double tolerated; /* expected regret, a fraction */
    uint64_t seed;
    const struct posterior_prior *prior; /* of an earlier run, by size; or NULL */
};

/* A size that may be chosen. */
struct chooser_size {
    struct observed_size observed;
    double offset; /* ms that are billed beyond the duration */
    size_t left;   /* invocations that it may still get */
    size_t least;  /* measurements that it must have before it is the answer, if it may get them */
    bool open;     /* it was run before, or at least begun */
    bool out;      /* it cannot run, or must not be chosen */
    size_t next;   /* what comes out: how many invocations to make now */
};

struct chooser_decision {
    bool decided; /* otherwise `next` of the sizes says what to run */
    size_t best;  /* the size with the least expected regret of those that were measured */
    double confidence, expected_regret;
};

/* `sizes` in ascending order of power. False when nothing can be chosen and nothing is left to run: every
 * size is out, or has used up its invocations without a measurement. */
bool chooser_next(struct chooser_size *sizes, size_t count, const struct chooser_settings *settings,
                  struct chooser_decision *response);

#endif
