/* The stat record: the figures of one group. pt-stats writes it, pt-pick reads it.
 *
 * {"type":"stat","value":MB,"averageDuration":MS,"averagePrice":$,"totalCost":$,"count":N,"failed":N,
 *  "lost":N,"noReport":N,"coldStarts":N,...}: the first four are the original's. A group without measurements
 * has only the counts. pt-records(7) describes the other members, stats/distribution.h the methods. */
#ifndef STATS_STAT_H
#define STATS_STAT_H

#include "stats/distribution.h"
#include "stats/group.h"
#include "tune/price.h"

/* Which measurements to include, by cold start. */
enum cold { COLD_INCLUDE, COLD_EXCLUDE, COLD_ONLY };

/* Their names, in this order. */
#define COLD_CHOICES "include|exclude|only"

struct stat_settings {
    struct price price;
    double discard;        /* share left out of averages at each end, 0..0.4 */
    const char *const *by; /* names of the members of --by, in the order of the key */
    size_t by_count;
};

/* Appends the stat record of `group`, without a newline. Sorts the group's times. */
void stat_append(struct text *out, struct group *group, const struct stat_settings *settings);

/* Marks the groups of functions with cold starts both from before and after August 2025, when Lambda began to
 * bill every init, and prints a warning. Averages of both are misleading, and sizes with different rules
 * cannot be compared. Groups belong to one function when their keys differ in "power" alone. */
void stat_find_mixed_billing(struct group_table *table, const char *const *by, size_t by_count);

/* The part of a stat record that pt-pick reads. */
struct size_stat {
    double memory_mb;
    uint64_t count;
    double average_duration, average_price, total_cost; /* ms and currency; undefined while count is 0 */
    double failed_cost; /* of the failed invocations, as far as their reports are known */
};

/* Reads a stat record. False, with the reason in `problem`, when a member is missing or invalid. */
bool stat_read(struct span object, struct size_stat *stat, struct text *problem);

#endif
