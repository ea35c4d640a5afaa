/* The histogram of a size's durations. */
#ifndef REPORT_HISTOGRAM_H
#define REPORT_HISTOGRAM_H

#include "tune/sample.h"
#include "util/text.h"

/* Appends "bins":[[from,to,warm,cold],...]: how many warm and cold starts took from..to ms, over all from the
 * fastest to the slowest, without gaps. The square root of the number of times is that of the bins,
 * within 5..30. They are of one width, or, where the slowest took more than 8 times as long as the fastest,
 * of one ratio. */
void histogram_put_bins(struct text *out, struct sample *warm, struct sample *cold);

#endif
