/* The memory sizes of one function with their measurements, and the choice among them. */
#ifndef PICK_CHOICE_H
#define PICK_CHOICE_H

#include "model/memory-size.h"
#include "model/strategy.h"
#include "stats/stat.h"
#include "util/span.h"
#include "util/text.h"

struct memory_size {
    struct size_stat stat;
    char *object;  /* owned: the stat record; NULL without one */
    char *failure; /* owned: the failure record that excludes the size, or NULL */
    double cost;   /* of an invocation that succeeds, with its share of the price of those that fail: average
                      price, USD or the currency of the stats; see sizes_set_cold_rate */
    double duration; /* average duration, ms; see sizes_set_cold_rate */
    const char *out; /* why the size has no averages at the rate of cold starts that was asked for, or NULL */
    char *broken;    /* owned: the limits that the size exceeds, with its figures (pick/limit.h), or NULL */
    bool failing;    /* too many of its invocations fail (pick/failures.h), as `broken` says */

    /* The invocations one by one (pick/trials.h). */
    struct observations observed;
    size_t measurements;    /* single measurement records */
    size_t failures;        /* invocations without a measurement */
    double max_memory_used; /* MB; 0: unknown */
    double offset_sum;      /* sum of billed duration minus duration over `offsets` warm measurements, ms */
    size_t offsets;
    long long next_index; /* the highest index so far, plus one */
    long long num;        /* the largest "num" of its configurations */
    char *configuration;  /* owned: its latest record, preferably one with a version; or NULL */
    bool published;       /* that record has a version */
    bool asked;           /* the plan or a configuration names the size */
    bool failed;          /* the function cannot run at this size */
    bool out_of_memory;   /* it ran out of memory, so smaller sizes cannot run either */
};

struct memory_sizes {
    struct memory_size *list; /* owned; sorted by memory size */
    size_t count, capacity;
    double timeout_s; /* timeout of the function during the measurements, for messages; 0: unknown */
};

void sizes_close(struct memory_sizes *sizes);

/* Returns the entry of the memory size; inserts it in order when it is new. The pointer is valid until the
 * next call. */
struct memory_size *sizes_find(struct memory_sizes *sizes, double memory_mb);

/* Adds a stat record. Returns false, with the reason in `problem`, when the record is invalid or the size
 * has a stat record already. */
bool sizes_add_stat(struct memory_sizes *sizes, struct span object, struct text *problem);

/* Adds a failure record; one with "excluded":true takes its size out of the choice. Returns false, with
 * the reason in `problem`, when the record is invalid. */
bool sizes_add_failure(struct memory_sizes *sizes, struct span object, struct text *problem);

/* Computes cost and duration of each size as if the share `rate` (0..1) of all starts were cold, instead
 * of the share that was measured. Excludes a size that lacks the cold or warm measurements which the rate
 * needs. */
void sizes_set_cold_rate(struct memory_sizes *sizes, double rate);

/* True when the size has no averages to compare. */
bool size_is_excluded(const struct memory_size *size);

/* Appends how many invocations of the size have no measurement, and why: "9 failed with E, 1 lost". Starts
 * with a comma when `reason` is not empty. */
void size_failures(struct text *reason, const struct memory_size *size);

/* Appends why a size cannot be chosen: it is excluded, or exceeds a limit. For a size that timed out the
 * reason names a sufficient timeout, when the other sizes allow an estimate. */
void size_reason(struct text *reason, const struct memory_sizes *sizes, const struct memory_size *size);

/* Appends the reasons of all sizes: "128 MB: out of memory; 256 MB: 5 lost". */
void sizes_reasons(struct text *reasons, const struct memory_sizes *sizes);

/* True when the size is excluded because the function failed at it. */
bool size_fails(const struct memory_size *size);

struct choice {
    /* Parallel arrays, owned, of the sizes that are not excluded, sorted by memory size. */
    double *memory_sizes; /* MB */
    double *durations;    /* ms */
    double *costs;        /* of an invocation */
    bool *allowed;        /* it satisfies every limit */
    size_t count;
    size_t candidates; /* how many of them satisfy every limit */
    size_t best;       /* index of the chosen one; undefined without candidates */
    double total_cost; /* of all measurements, including those of excluded sizes */
};

/* Chooses among the sizes. choice_close releases the arrays. */
void choice_open(struct choice *choice, const struct memory_sizes *sizes, enum strategy strategy,
                 double weight);
void choice_close(struct choice *choice);

#endif
