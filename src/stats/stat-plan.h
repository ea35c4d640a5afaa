/* What the plan says of how measurements are to be added up. */
#ifndef STATS_STAT_PLAN_H
#define STATS_STAT_PLAN_H

#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>

struct stat_plan {
    bool there; /* a plan was in the stream: earlier stages have judged every measurement */
    struct text region, architecture; /* empty when it does not say */
    double discard;                   /* 0..0.4; negative when it does not say */
};

void stat_plan_open(struct stat_plan *plan);

/* Takes in a plan record; a second one takes the place of the first as far as it says something. */
void stat_plan_read(struct stat_plan *plan, struct span object);

void stat_plan_close(struct stat_plan *plan);

#endif
