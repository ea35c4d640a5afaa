/* Whether a condition holds of what was measured, and whether that is more than noise.
 *
 * Noise: two averages are compared by Yuen's test of trimmed means (report/difference.h) at 95 %; a base line
 * that does not tell its noise is taken to have that of this run. Percentiles differ when their 95 %
 * intervals do not overlap. Another power counts when the cost or the duration there differs from what it is
 * compared with. Where no noise is known, figures are compared as they are. */
#ifndef GATE_JUDGE_H
#define GATE_JUDGE_H

#include "gate/condition.h"
#include "gate/measured.h"

enum verdict {
    VERDICT_PASSED,
    VERDICT_NOISE,  /* the condition holds, but by no more than noise */
    VERDICT_FAILED, /* the condition holds */
    VERDICT_UNKNOWN /* a figure that it takes is not there */
};

struct judged {
    const struct measured *now, *baseline; /* baseline: NULL without one */
    double present_memory_mb;              /* MB; 0: unknown */
};

/* Judges one condition and appends, in words, the figures and by how much it holds. */
enum verdict condition_judge(const struct condition *condition, const struct judged *judged,
                             struct text *words);

/* Appends what changed against the base line, a sentence in Markdown; there must be one. */
void judged_append_changes(const struct judged *judged, struct text *out);

#endif
