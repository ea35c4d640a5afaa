/* The partial record: the state of one group. It allows parts of a log to be aggregated separately, on any
 * machine, and added up later. The result is the same as for all measurements together, however they were
 * split and in whatever order the parts come. Partial records contain measurements only: failure records pass
 * through, and are counted where the parts are added up.
 *
 * {"type":"partial","schema":2,"by":["power"],"key":[128],"cold":"include","failed":N,...,
 * "samples":[{"count":N,"sum":S,...},...]}; integers that may be too large for a double are strings of
 * decimal digits. Schema 1 had times in picoseconds; it is not read. */
#ifndef STATS_PARTIAL_H
#define STATS_PARTIAL_H

#include "stats/group.h"
#include "stats/stat.h"

enum { MAX_PARTIAL_BY = 8 };

/* Appends the record of `group`, without a newline. `cold`: the measurements that it includes. Sorts the
 * group's times. */
void partial_append(struct text *out, struct group *group, const char *const *by, size_t by_count,
                    enum cold cold);

/* Reads the record's member "by": the names, as string tokens, into `by`, and their number. False when it is
 * missing or invalid. */
bool partial_by(struct span object, struct span by[MAX_PARTIAL_BY], size_t *count);

/* Checks that the record has the same member "cold" as the others: `*cold`, an enum cold, or -1, which the
 * first record replaces. A record without the member includes all measurements. False, with the reason in
 * `problem`, when it differs. */
bool partial_cold(struct span object, int *cold, struct text *problem);

/* Adds the record's group to the group of the same key in `table`. False, with the reason in `problem`, when
 * the record is invalid; the table is then unchanged. */
bool partial_merge(struct span object, struct group_table *table, struct text *problem);

#endif
