/* Conditions under which a gate fails: "cost>+10%", "p95>800ms", "power!=current".
 *
 *   condition  FIGURE RELATION BOUND, blanks allowed between them
 *   FIGURE     power (MB); cost or averagePrice (in the currency of the prices, no unit); duration or
 *              averageDuration, min, p50, p90, p95, p99, p99.9, max (ms or s); maxMemoryUsed (MB, or % of the
 *              size): each of the size that was chosen
 *   RELATION   > >= < <= = !=
 *   BOUND      NUMBER UNIT; or "current", the memory that the function has, and what was measured at it; or
 *              "baseline", an earlier result; either of these with more or less, as "current-5%",
 *              "baseline+50ms". What begins with + or - is of the base line: "+10%" */
#ifndef GATE_CONDITION_H
#define GATE_CONDITION_H

#include "util/text.h"

#include <stdbool.h>
#include <stddef.h>

enum figure_kind { FIGURE_POWER, FIGURE_PRICE, FIGURE_TIME, FIGURE_MEMORY };

struct figure {
    const char *name;
    enum figure_kind kind;
    const char *parent, *member; /* where a stat has it; NULL: the result's own */
    const char *interval;        /* the stat's 95 % interval of it, in `parent`, or NULL */
};

enum relation { MORE, AT_LEAST, LESS, AT_MOST, EQUAL, DIFFERENT };
enum reference { NO_REFERENCE, CURRENT, BASELINE };

struct condition {
    char *words; /* owned: as it was given */
    const struct figure *figure;
    enum relation relation;
    enum reference reference;
    double bound;     /* ms, MB or money; with a reference what is added to it */
    bool share;       /* with a reference: `bound` is a share of it */
    bool memory_used; /* maxMemoryUsed as a share of the size */
};

/* Reads `words`. False, with `problem` saying why, when they are no condition. */
bool condition_parse(struct condition *condition, const char *words, struct text *problem);

void condition_release(struct condition *condition);

/* Whether `value` stands in the relation of the condition to `bound`. */
bool condition_relates(const struct condition *condition, double value, double bound);

/* The figures that averages are compared by. */
const struct figure *figure_cost(void);
const struct figure *figure_duration(void);

#endif
