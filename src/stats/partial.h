/* The partial record: the state of one group, so that parts of a log can be read apart, on any machine, and
 * added up. It has the measurements alone: failure records pass, and are counted where the parts are added
 * up. However the measurements were split and in whatever order the parts come, the sum is the group that all
 * of them together would have made.
 *
 * {"type":"partial","schema":1,"by":["power"],"key":[128],"cold":"include","failed":N,...,"samples":[{"count":N,"sum":S,...},
 * ...]}; integers that may be too large for a double are strings of decimal digits. */
#ifndef STATS_PARTIAL_H
#define STATS_PARTIAL_H

#include "stats/cold.h"
#include "stats/group.h"

enum { MAX_PARTIAL_BY = 8 };

/* Appends the record of `group`, which was added up under `cold`, without a newline. Sorts the group's times.
 */
void partial_append(struct text *out, struct group *group, const char *const *by, size_t by_count,
                    enum cold cold);

/* Reads the names of the members that the record's group is told apart by, as string tokens. False when there
 * are none or too many. */
bool partial_by(struct span object, struct span by[MAX_PARTIAL_BY], size_t *count);

/* Whether the record's group was added up under `*cold`, which the first part says while it is not `*given`;
 * a record that does not say it has all. False, with `problem` saying why, when not. */
bool partial_cold(struct span object, bool *given, enum cold *cold, struct text *problem);

/* Adds the record's group to its like in `table`. False, with `problem` saying what is wrong, leaves the
 * table as it was. */
bool partial_merge(struct span object, struct group_table *table, struct text *problem);

#endif
