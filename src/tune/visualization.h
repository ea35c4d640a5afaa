/* The link that draws a result: the figures travel in the fragment, which a browser does not send to the
 * server. */
#ifndef TUNE_VISUALIZATION_H
#define TUNE_VISUALIZATION_H

#include "util/text.h"

#include <stddef.h>

#define VISUALIZATION_URL "https://lambda-power-tuning.show/"

/* Appends base + "#" + base64 of the powers (16 bit, little endian) ";" of the average durations (32-bit
 * floats, little endian, ms) ";" of the average costs (the same). The arrays have `count` elements, sorted by
 * power. */
void visualization_append(struct text *url, const char *base, const double *powers, const double *durations,
                          const double *costs, size_t count);

#endif
