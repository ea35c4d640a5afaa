/* The histogram of a size's durations. */
#ifndef REPORT_HISTOGRAM_H
#define REPORT_HISTOGRAM_H

#include "stats/sample.h"
#include "util/text.h"

/* Appends "bins":[[from,to,warm,cold],...]: the numbers of warm and cold starts that took from..to ms. The
 * bins cover the range from the fastest to the slowest start without gaps. There are 5 to 30 bins (one,
 * when all durations are equal), by the rule of D. Freedman and P. Diaconis, "On the histogram as a
 * density estimator", Zeitschrift für Wahrscheinlichkeitstheorie 57 (1981). The bins have equal width, or
 * equal ratios when the slowest start took more than 8 times as long as the fastest. One of the samples
 * may be empty, not both. */
void histogram_put_bins(struct text *out, struct sample *warm, struct sample *cold);

#endif
