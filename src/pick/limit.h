/* Limits that a size must keep to be chosen: "p95<=800ms", "maxMemoryUsed<=90%", "averagePrice<0.00002".
 *
 *   limit     FIGURE ("<=" or "<") NUMBER UNIT, blanks allowed between them
 *   FIGURE    averageDuration, min, p50, p90, p95, p99, p99.9, max (ms or s, of the duration);
 *             averagePrice or cost (in the currency of the prices, no unit);
 *             maxMemoryUsed (% of the size, or MB)
 *
 * Averages are those that are weighed, so with another rate of cold starts they are of that rate; the other
 * figures are as they were measured. A figure that a stat does not have keeps no limit. */
#ifndef PICK_LIMIT_H
#define PICK_LIMIT_H

#include "pick/choice.h"

struct limit {
    char *words; /* owned: as it was given */
    int figure;
    bool below;          /* "<": the bound itself does not keep it */
    bool share;          /* of the size, for memory */
    double bound, scale; /* the figure times `scale` is in the unit of the bound */
    const char *unit;
};

struct limits {
    struct limit *list; /* owned */
    size_t count, capacity;
};

/* Adds the limit that `words` says. False, with `problem` saying why, when it says none. */
bool limits_add(struct limits *limits, const char *words, struct text *problem);

/* The same of each string of a JSON value, a string or an array of strings. */
bool limits_add_json(struct limits *limits, struct span value, struct text *problem);

void limits_close(struct limits *limits);

/* Takes the sizes that do not keep every limit out of the choice. Returns how many that can otherwise be
 * chosen are left. */
size_t limits_apply(const struct limits *limits, struct sizes *sizes);

/* After limits_apply has left none: appends which size comes nearest and by how much it fails, in words. The
 * nearest is the one whose worst figure is the smallest multiple of its bound. Appends nothing when no size
 * could be chosen anyway. */
void limits_nearest(const struct limits *limits, const struct sizes *sizes, struct text *out);

#endif
