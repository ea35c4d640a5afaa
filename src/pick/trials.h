/* The state of a run, by size, from which pt-pick --next decides what to run next: the requested sizes and
 * the results of the invocations so far. Measurement records count one by one; for a size that has only a
 * stat record, the average and spread of the stat are used instead. */
#ifndef PICK_TRIALS_H
#define PICK_TRIALS_H

#include "model/chooser.h"
#include "pick/choice.h"
#include "stats/group.h"
#include "tune/record.h"

struct trials {
    struct memory_sizes sizes;
    bool planned;              /* the stream has a plan, so failed invocations are failure records */
    bool cold_starts;          /* the plan measures cold starts only, so durations include the init */
    long long num;             /* the plan's; 0: none */
    struct group_table groups; /* owned: the measurements by size, unsorted; for limits */
    bool grouped;              /* fill `groups` */
};

/* Adds a record of any type; records that are not about trials are ignored. Returns false, with the reason
 * in `problem`, when the record is invalid. */
bool trials_add(struct trials *trials, const struct record *record, struct text *problem);

/* Returns the sizes for the chooser, in the same order. They share their observations
 * with the trials; the caller frees the array only. `floor` is the smallest memory (MB) that the function
 * is already known to need, or 0. */
struct model_size *trials_sizes(struct trials *trials, double floor);

/* Fills `memory_sizes`, which has room for one number for each size, with the requested sizes that may run but
 * have neither a measurement nor a stat record (MB). Returns how many there are. */
size_t trials_not_measured(const struct trials *trials, double *memory_sizes);

/* The largest size that ran out of memory, MB; 0: none did. */
double trials_out_of_memory(const struct trials *trials);

/* The smallest requested size above those that ran out of memory, MB; 0: none ran out of memory. */
double trials_floor(const struct trials *trials);

void trials_close(struct trials *trials);

#endif
