/* The stat record: the figures of one group, as pt-stats writes and pt-pick reads them.
 *
 * {"type":"stat","value":MB,"averageDuration":MS,"averagePrice":$,"totalCost":$,"count":N,"failed":N,"lost":N,"noReport":N,
 *  "coldStarts":N,...}: the first four are the original's. Without measurements only the counts are there.
 * The others are described in share/doc/records.md; the methods in tune/distribution.h. */
#ifndef STATS_STAT_H
#define STATS_STAT_H

#include "stats/distribution.h"
#include "stats/group.h"
#include "tune/price.h"

struct stat_settings {
    struct price price;
    double discard; /* the share that the averages leave out at each end, 0..0.4 */
    const char *const
        *by; /* the names of the members that groups are told apart by, in the order of the key */
    size_t by_count;
};

/* Appends the record of `group`, without a newline. Sorts the group's times. */
void stat_append(struct text *out, struct group *group, const struct stat_settings *settings);

/* Marks the rows of functions that have cold starts of both rules of billing an init, and says so: since
 * August 2025 that of every one is billed. Averages over times before and after it are those of no time that
 * there was, and sizes that had the one or the other do not compare. Rows are of one function when they
 * differ in "power" alone. */
void stat_find_mixed_billing(struct group_table *table, const char *const *by, size_t by_count);

/* A stat as pt-pick reads it. */
struct size_stat {
    double memory_mb;
    uint64_t count;
    double average_duration, average_price, total_cost; /* of no meaning while count is 0 */
};

/* Reads the members of a stat record. False when one is missing or wrong, with `problem` saying so. */
bool stat_read(struct span object, struct size_stat *stat, struct text *problem);

#endif
