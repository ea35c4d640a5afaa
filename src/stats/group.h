/* Groups of measurements that pt-stats aggregates: one for each memory size, or for each combination of the
 * members of --by.
 *
 * A group depends only on the set of its measurements and failures, not on their order or on how they were
 * split into parts that were merged later. */
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
    struct text key;  /* the values of the members of --by, as JSON tokens, each with a newline */
    double memory_mb; /* 0 when --by does not include "power" */
    bool wanted;      /* it has a measurement or a configuration record */
    uint64_t failed;  /* failed invocations, which are not in the averages */
    uint64_t lost, no_report, not_cold;
    struct frequencies errors;       /* error types of failed invocations */
    struct frequencies lost_reasons; /* reasons of lost invocations, where given */
    struct sample warm_duration, warm_billed, cold_duration, cold_billed, init_duration;
    sample_wide megabyte_ms;         /* billed: the sum of memory times milliseconds, each rounded up */
    sample_wide failed_megabyte_ms;  /* the same of failed invocations whose reports are known */
    double max_memory_used;          /* MB, maximum; 0: unknown */
    double failed_max_memory_used;   /* MB, maximum of failed invocations; 0: unknown */
    double memory_size;              /* MB, maximum */
    long long first_time, last_time; /* ms since 1970; 0: unknown */
    /* Cold starts whose init was billed, as it is since August 2025, and whose init was not. Cold starts that
     * may be either are not counted. */
    uint64_t init_billed, init_not_billed;
    bool mixed_billing; /* its function has cold starts of both kinds (set by stat_find_mixed_billing) */
    struct group_table payloads; /* groups by weighted payload; the key is its index */
};

/* The group with the key `key`; creates it if needed. The table owns it. */
struct group *group_find(struct group_table *table, struct span key);

/* Sorts the groups by key, numbers by value. group_find must not be called afterwards. */
void group_table_sort(struct group_table *table);

/* Releases the table and all its groups. */
void group_table_close(struct group_table *table);

/* Adds a measurement. */
void group_add(struct group *group, const struct measurement *measurement);

/* Counts a measurement whose invocation failed. */
void group_add_failed(struct group *group, const struct measurement *measurement);

/* The subgroup of `group` for the weighted payload `index`; creates it if needed. */
struct group *group_payload(struct group *group, long long index);

/* Counts the failure record `object` under its kind, a string token. Ignores kinds that concern a whole
 * size. */
void group_add_failure(struct group *group, struct span object, struct span kind);

/* Adds all of `from`, whose samples may be spilled by this. */
void group_merge(struct group *group, struct group *from);

/* The samples of a group, in a fixed order. */
enum { GROUP_SAMPLES = 5 };
void group_samples(struct group *group, struct sample *samples[GROUP_SAMPLES]);

/* The number of measurements in the group. */
uint64_t group_count(const struct group *group);

#endif
