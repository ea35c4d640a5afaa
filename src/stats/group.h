/* Groups of measurements: what pt-stats adds up, one group for each size or for whatever members it was asked
 * to tell apart.
 *
 * A group is a function of the set of its measurements and failures: neither their order nor how they were
 * split into parts that were merged later can be seen in it. */
#ifndef STATS_GROUP_H
#define STATS_GROUP_H

#include "stats/frequencies.h"
#include "stats/sample.h"
#include "tune/measurement.h"
#include "util/span.h"
#include "util/text.h"

struct group;

struct group_table {
    struct group **groups; /* owned, in the order of their first record until group_table_sort */
    size_t count, capacity;
    size_t *slots; /* owned: open addressing by the key; index + 1 */
    size_t slot_count;
};

struct group {
    struct text
        key; /* the values of the members that it is told apart by, as JSON tokens, each with a newline */
    double memory_mb; /* MB; 0 when sizes are not told apart */
    bool wanted;      /* it has a measurement or a configuration record */
    uint64_t failed;  /* invocations that failed and are in no average */
    uint64_t lost, no_report, not_cold;
    struct frequencies errors;       /* of the failed ones, by type */
    struct frequencies lost_reasons; /* of the lost ones that have a reason */
    struct sample warm_duration, warm_billed, cold_duration, cold_billed, init_duration;
    sample_wide megabyte_ms;         /* billed: memory times milliseconds, each rounded up */
    double max_memory_used;          /* MB, the peak; 0 when unknown */
    double failed_max_memory_used;   /* the same of failed ones, which are not among the measurements */
    double memory_size;              /* MB, the largest there was */
    long long first_time, last_time; /* ms since 1970, of those that tell; 0: none does */
    /* Cold starts by whether their init was billed, as it is since August 2025; what could be either is in
     * neither. */
    uint64_t init_billed, init_not_billed;
    bool mixed_billing; /* its function has cold starts of both, as stat_find_mixed_billing has found */
    struct group_table payloads; /* the same by weighted payload; the key is its index */
};

/* The group of that key, made when there is none. */
struct group *group_find(struct group_table *table, struct span key);

/* Sorts by key, numbers by value; group_find must not be used afterwards. */
void group_table_sort(struct group_table *table);
void group_table_close(struct group_table *table);

void group_add(struct group *group, const struct measurement *measurement);

/* Counts a measurement whose invocation failed. */
void group_add_failed(struct group *group, const struct measurement *measurement);

/* The part of `group` that had the weighted payload of that index, made when there is none. */
struct group *group_payload(struct group *group, long long index);

/* Counts the failure record `object` by its kind, a string token; kinds that are about a whole size count
 * nothing. */
void group_add_failure(struct group *group, struct span object, struct span kind);

/* Adds all of `from`, which may lose its single times on the way. */
void group_merge(struct group *group, struct group *from);

/* The samples of a group, in a fixed order. */
enum { GROUP_SAMPLES = 5 };
void group_samples(struct group *group, struct sample *samples[GROUP_SAMPLES]);

uint64_t group_count(const struct group *group);

#endif
