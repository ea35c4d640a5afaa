/* The settings for the aggregation of measurements that a plan record contains. */
#ifndef STATS_STAT_PLAN_H
#define STATS_STAT_PLAN_H

#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>

struct stat_plan {
    bool present;                     /* the input has a plan: earlier stages have judged every measurement */
    struct text region, architecture; /* empty: not in the plan */
    double discard;                   /* 0..0.4; negative: not in the plan */
};

/* Initializes a plan without settings. */
void stat_plan_open(struct stat_plan *plan);

/* Reads a plan record. The members of a later record replace those of an earlier one. */
void stat_plan_read(struct stat_plan *plan, struct span object);

/* Releases the texts. */
void stat_plan_close(struct stat_plan *plan);

#endif
