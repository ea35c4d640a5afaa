/* The link to the page that draws a result. The figures are in the fragment, which a browser does not send
 * to the server. */
#ifndef PICK_VISUALIZATION_H
#define PICK_VISUALIZATION_H

#include "util/text.h"

#include <stdbool.h>
#include <stddef.h>

#define VISUALIZATION_URL "https://lambda-power-tuning.show/"

/* Appends base "#" sizes ";" durations ";" costs. Each list is base64 of little-endian numbers: the memory
 * sizes as 16-bit integers (MB), the average durations (ms) and average costs as 32-bit floats. The arrays
 * have `count` elements, sorted by memory size. */
void visualization_append(struct text *url, const char *base, const double *memory_sizes,
                          const double *durations, const double *costs, size_t count);

/* ---- reading a link ---- */

struct visualization {
    double *memory_sizes, *durations,
        *costs; /* owned; units as for visualization_append, in the order of the link */
    size_t count;
    struct text legend; /* the name that the link gives to the result, or "" */
};

struct visualization_link {
    struct visualization results[2];
    size_t count; /* 2 for a comparison, otherwise 1 */
};

/* Reads the fragment of `url`: "sizes;durations;costs", or these lists twice and then two percent-encoded
 * legends, each list as visualization_append writes it. Sizes must be within 1..32767, the other figures
 * finite and not negative. Returns false, with the reason in `problem`, when the fragment is invalid;
 * `link` must be released either way. */
bool visualization_read(const char *url, struct visualization_link *link, struct text *problem);
void visualization_release(struct visualization_link *link);

/* Appends a link that compares two results: the link of visualization_append for the first, then the lists
 * of the second, then both legends. */
void visualization_append_comparison(struct text *url, const char *base, const struct visualization *first,
                                     const struct visualization *second);

#endif
