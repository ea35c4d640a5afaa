/* The histogram of a size's durations. */
#ifndef REPORT_HISTOGRAM_H
#define REPORT_HISTOGRAM_H

#include "stats/sample.h"
#include "util/text.h"

/* Appends "bins":[[from,to,warm,cold],...]: how many warm and cold starts took from..to ms, over all from the
 * fastest to the slowest, without gaps. There are 5 to 30 (one, when all took the same), by the rule of D.
 * Freedman and P. Diaconis, "On the histogram as a density estimator", Zeitschrift für
 * Wahrscheinlichkeitstheorie 57 (1981); of one width, or, where the slowest took more than 8 times as long as
 * the fastest, of one ratio. One of the samples may be empty, not both. */
void histogram_put_bins(struct text *out, struct sample *warm, struct sample *cold);

#endif
