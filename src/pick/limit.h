/* Limits that a size must satisfy to be chosen: "p95<=800ms", "maxMemoryUsed<=90%",
 * "averagePrice<0.00002".
 *
 *   limit     FIGURE ("<=" or "<") NUMBER UNIT, blanks allowed between them
 *   FIGURE    averageDuration, min, p50, p90, p95, p99, p99.9, max (ms or s, of the duration);
 *             averagePrice or cost (in the currency of the prices, no unit), or costPerMillion;
 *             maxMemoryUsed (% of the size, or MB)
 *
 * Beside them every size must satisfy the limit on failures (pick/failures.h).
 *
 * Averages are the ones that the sizes are compared by: with another rate of cold starts, the averages at
 * that rate. The other figures are as measured. A size whose stat record lacks the figure does not satisfy
 * the limit. */
#ifndef PICK_LIMIT_H
#define PICK_LIMIT_H

#include "pick/failures.h"

struct limit {
    char *words; /* owned: the text that was given */
    int figure;
    bool below;          /* "<" instead of "<=" */
    bool share;          /* the bound is a share of the memory size */
    double bound, scale; /* the figure times `scale` is in the unit of the bound */
    const char *unit;
};

struct limits {
    struct limit *list; /* owned */
    size_t count, capacity;
    double max_failures; /* share of the invocations that may fail, 0..1 */
};

#define LIMITS_INIT ((struct limits){.max_failures = MAX_FAILURES_DEFAULT})

/* Parses `words` and adds the limit. Returns false, with the reason in `problem`, when they are not a
 * limit. */
bool limits_add(struct limits *limits, const char *words, struct text *problem);

/* Adds each limit of a JSON value, a string or an array of strings. Returns false as limits_add. */
bool limits_add_json(struct limits *limits, struct span value, struct text *problem);

void limits_close(struct limits *limits);

/* Prints a warning for each limit on a price that excludes no size, or every size, whatever was measured. */
void limits_doubt(const struct limits *limits);

/* Marks the sizes that exceed a limit (size.broken), or at which too many invocations fail (size.failing as
 * well), which takes them out of the choice. Returns how many
 * sizes can still be chosen. */
size_t limits_apply(const struct limits *limits, struct memory_sizes *sizes);

/* After limits_apply has returned 0: appends the size that comes closest to the limits, with the limits
 * that it exceeds and its figures: "256 MB (p95<=800ms: 900 ms)". The closest size is the one whose worst
 * figure is the smallest multiple of its bound. Appends nothing when every size is excluded for another
 * reason, or fails. */
void limits_closest(const struct limits *limits, const struct memory_sizes *sizes, struct text *out);

#endif
