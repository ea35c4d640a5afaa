/* Judges whether a condition is true for a result, and whether the difference is more than noise.
 *
 * Two averages are compared by Yuen's test of trimmed means (stats/difference.h) at 95 %; a baseline
 * without stats is assumed to have the noise of this run. Percentiles differ when their 95 % intervals do
 * not overlap. Durations and memory are compared with the baseline at the size that the baseline chose, when it
 * was measured again; costs at the two chosen sizes. Another memory size counts only when its cost or duration differs. When no noise is known,
 * figures are compared as they are. */
#ifndef GATE_JUDGE_H
#define GATE_JUDGE_H

#include "gate/condition.h"
#include "gate/measured.h"

enum verdict {
    VERDICT_PASSED,
    VERDICT_NOISE,  /* the condition is true, but within noise */
    VERDICT_FAILED, /* the condition is true: the gate fails */
    VERDICT_UNKNOWN /* a figure of the condition is missing */
};

struct judged {
    const struct measured *now, *baseline; /* baseline: NULL without one */
    double present_memory_mb;              /* MB; 0: unknown */
};

/* Judges one condition. Appends the figures and their difference to `words`, or which figure is missing. */
enum verdict condition_judge(const struct condition *condition, const struct judged *judged,
                             struct text *words);

/* Appends what changed since the baseline, which must exist, as a sentence in Markdown. */
void judged_append_changes(const struct judged *judged, struct text *out);

#endif
