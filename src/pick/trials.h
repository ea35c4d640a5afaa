/* The stream that says what to run next is decided from: which sizes were asked for, and what came of the
 * invocations so far, by size. Measurement records count one by one; where a size has only a stat record, its
 * average and spread stand for them. */
#ifndef PICK_TRIALS_H
#define PICK_TRIALS_H

#include "model/chooser.h"
#include "stats/group.h"
#include "stats/stat.h"
#include "tune/record.h"

struct trial {
    double memory_mb;    /* MB */
    char *configuration; /* owned: its last record, that with a version wins; or NULL */
    bool published;      /* that record has a version */
    struct observed_size observed;
    size_t measurements;    /* that were read one by one */
    size_t failures;        /* invocations that gave no measurement */
    double max_memory_used; /* MB; 0: not known */
    long long next_index;   /* one more than the highest index so far */
    long long num;          /* the most that its configurations ask for */
    double offset_sum;      /* ms that were billed beyond the durations of `offsets` warm measurements */
    size_t offsets;
    bool asked;         /* the plan or a configuration names it */
    bool failed;        /* it cannot run */
    bool out_of_memory; /* for want of memory, so that smaller sizes cannot either */
    struct size_stat stat;
    char *stat_record; /* owned: its stat record, or NULL */
};

struct trials {
    struct trial *list; /* owned; sorted by power */
    size_t count, capacity;
    bool planned;              /* the stream has a plan: invocations that failed come as failure records */
    bool cold_starts;          /* the plan measures cold starts only: their init belongs to them */
    long long num;             /* the plan's; 0: none */
    struct group_table groups; /* owned: the measurements by size, for limits; sorted by nothing */
    bool grouped;              /* whether they are wanted */
};

/* Takes in a record of any type; those that say nothing about trials are passed over. False, with `problem`
 * saying why, when one is wrong. */
bool trials_add(struct trials *trials, const struct record *record, struct text *problem);

/* Makes one of the sizes that were asked for; nothing when it is there. */
struct trial *trials_find(struct trials *trials, double memory_mb);

/* What to choose from: as many as there are trials, in their order; shares what was observed with them.
 * `floor` is the least memory (MB) that the function is known to take from elsewhere, or 0. The caller frees
 * the list. */
struct chooser_size *trials_sizes(struct trials *trials, double floor);

/* The powers that were asked for and may run, but have no measurement and no stat: fills `memory_sizes`, as long as
 * there are trials, and returns how many there are. */
size_t trials_not_measured(const struct trials *trials, double *memory_sizes);

/* The largest size that failed for want of memory, MB; 0: none did. */
double trials_out_of_memory(const struct trials *trials);

/* The smallest size that may still hold the function, when some failed for want of memory (MB); 0: none did.
 */
double trials_floor(const struct trials *trials);

void trials_close(struct trials *trials);

#endif
