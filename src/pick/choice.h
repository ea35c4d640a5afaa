/* The sizes of one function with what was measured at each, and the choice among them. */
#ifndef PICK_CHOICE_H
#define PICK_CHOICE_H

#include "model/strategy.h"
#include "stats/stat.h"
#include "util/span.h"
#include "util/text.h"

struct size {
    struct size_stat stat;
    char *object;  /* owned: the stat record, or NULL when only failures were seen */
    char *failure; /* owned: the failure record that excludes the size, or NULL */
    double cost,
        duration;    /* what is weighed: the averages of the stat, or those at another rate of cold starts */
    const char *out; /* why it cannot be weighed at that rate, or NULL */
    char *broken;    /* owned: the limits that it does not keep, with its figures (tune/limit.h), or NULL */
};

struct sizes {
    struct size *list; /* owned; sorted by power */
    size_t count, capacity;
    double timeout_s; /* the time limit that they were measured with, for words about it; 0: not known */
};

void sizes_close(struct sizes *sizes);

/* Takes in a stat record. False, with `problem` saying why, when it is wrong or the second of its power. */
bool sizes_add_stat(struct sizes *sizes, struct span object, struct text *problem);

/* Takes in a failure record; one with "excluded":true takes its power out of the choice. False as above. */
bool sizes_add_failure(struct sizes *sizes, struct span object, struct text *problem);

/* Weighs each size as if the share `rate` of its starts were cold (0..1), instead of those that were met. A
 * size that lacks a measurement of a kind that is needed is out. */
void sizes_set_cold_rate(struct sizes *sizes, double rate);

/* True when the size has no figures that can be weighed. */
bool size_is_excluded(const struct size *size);

/* Appends, in words, what came of the invocations of the size that have no measurement: "9 failed with E, 1
 * lost"; behind a comma when `reason` has something. */
void size_failures(struct text *reason, const struct size *size);

/* Appends, in words, why one of the sizes cannot be chosen: it is excluded, or does not keep a limit. Of one
 * that timed out it says which time limit should do, as far as the others tell. */
void size_reason(struct text *reason, const struct sizes *sizes, const struct size *size);

/* Appends those of all sizes: "128 MB: out of memory; 256 MB: 5 lost". */
void sizes_reasons(struct text *reasons, const struct sizes *sizes);

/* True when the size is excluded because the function failed at it. */
bool size_fails(const struct size *size);

struct choice {
    /* Parallel arrays, owned, of the sizes that are not excluded, sorted by power. */
    double *memory_sizes, *durations, *costs;
    size_t count;
    size_t candidates; /* how many of them keep their limits */
    size_t best;       /* the index of the chosen one; of no meaning while there are no candidates */
    double total_cost; /* of all measurements, those of excluded sizes too */
};

void choice_open(struct choice *choice, const struct sizes *sizes, enum strategy strategy, double weight);
void choice_close(struct choice *choice);

#endif
