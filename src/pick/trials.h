/* The state of a run, by size, from which pt-pick --next decides what to run next: the requested sizes and
 * the results of the invocations so far. Measurement records count one by one; for a size that has only a
 * stat record, the average and spread of the stat are used instead. */
#ifndef PICK_TRIALS_H
#define PICK_TRIALS_H

#include "model/chooser.h"
#include "stats/group.h"
#include "stats/stat.h"
#include "tune/record.h"

struct trial {
    double memory_mb;
    char *configuration; /* owned: its latest record, preferably one with a version; or NULL */
    bool published;      /* that record has a version */
    struct observed_size observed;
    size_t measurements;    /* single measurement records */
    size_t failures;        /* invocations without a measurement */
    double max_memory_used; /* MB; 0: unknown */
    long long next_index;   /* the highest index so far, plus one */
    long long num;          /* the largest "num" of its configurations */
    double offset_sum;      /* sum of billed duration minus duration over `offsets` warm measurements, ms */
    size_t offsets;
    bool asked;         /* the plan or a configuration names the size */
    bool failed;        /* the function cannot run at this size */
    bool out_of_memory; /* it ran out of memory, so smaller sizes cannot run either */
    struct size_stat stat;
    char *stat_record; /* owned: its stat record, or NULL */
};

struct trials {
    struct trial *list; /* owned; sorted by memory size */
    size_t count, capacity;
    bool planned;              /* the stream has a plan, so failed invocations are failure records */
    bool cold_starts;          /* the plan measures cold starts only, so durations include the init */
    long long num;             /* the plan's; 0: none */
    struct group_table groups; /* owned: the measurements by size, unsorted; for limits */
    bool grouped;              /* fill `groups` */
};

/* Adds a record of any type; records that are not about trials are ignored. Returns false, with the reason
 * in `problem`, when the record is invalid. */
bool trials_add(struct trials *trials, const struct record *record, struct text *problem);

/* Returns the trial of the size; inserts it in order when it is new. */
struct trial *trials_find(struct trials *trials, double memory_mb);

/* Returns the sizes for the chooser, one for each trial in the same order. They share their observations
 * with the trials; the caller frees the array only. `floor` is the smallest memory (MB) that the function
 * is already known to need, or 0. */
struct chooser_size *trials_sizes(struct trials *trials, double floor);

/* Fills `memory_sizes`, which has room for one number per trial, with the requested sizes that may run but
 * have neither a measurement nor a stat record (MB). Returns how many there are. */
size_t trials_not_measured(const struct trials *trials, double *memory_sizes);

/* The largest size that ran out of memory, MB; 0: none did. */
double trials_out_of_memory(const struct trials *trials);

/* The smallest requested size above those that ran out of memory, MB; 0: none ran out of memory. */
double trials_floor(const struct trials *trials);

void trials_close(struct trials *trials);

#endif
