/* The link that draws a result: the figures travel in the fragment, which a browser does not send to the
 * server. */
#ifndef PICK_VISUALIZATION_H
#define PICK_VISUALIZATION_H

#include "util/text.h"

#include <stdbool.h>
#include <stddef.h>

#define VISUALIZATION_URL "https://lambda-power-tuning.show/"

/* Appends base + "#" + base64 of the powers (16 bit, little endian) ";" of the average durations (32-bit
 * floats, little endian, ms) ";" of the average costs (the same). The arrays have `count` elements, sorted by
 * power. */
void visualization_append(struct text *url, const char *base, const double *memory_sizes,
                          const double *durations, const double *costs, size_t count);

/* ---- what such a link says ---- */

struct visualization {
    double *memory_sizes, *durations,
        *costs; /* owned; as visualization_append has them, in the order of the link */
    size_t count;
    struct text legend; /* what the link calls it, "" when it does not */
};

struct visualization_link {
    struct visualization results[2];
    size_t count; /* 2: a link that compares, 1: any other */
};

/* Reads the fragment of `url`: "sizes;durations;costs", or the same twice and two legends in percent encoding
 * behind them, each list as visualization_append writes it. Powers are within 1..32767, figures finite and
 * not negative. False, with `problem` saying why, when it is none; `link` must be released either way. */
bool visualization_read(const char *url, struct visualization_link *link, struct text *problem);
void visualization_release(struct visualization_link *link);

/* Appends a link that compares: that of visualization_append for the first result, then the lists of the
 * second, then both legends. */
void visualization_append_comparison(struct text *url, const char *base, const struct visualization *first,
                                     const struct visualization *second);

#endif
