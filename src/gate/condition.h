/* Conditions that make the gate fail: "cost>+10%", "p95>800ms", "power!=current".
 *
 *   condition  FIGURE RELATION BOUND, blanks allowed between them
 *   FIGURE     power (MB); cost or averagePrice (in the currency of the prices, no unit), or costPerMillion;
 *              duration or averageDuration, min, p50, p90, p95, p99, p99.9, max (ms or s); maxMemoryUsed (MB, or % of the
 *              size); all at the chosen size
 *   RELATION   > >= < <= = !=
 *   BOUND      NUMBER UNIT; or "current", the figure at the current memory of the function; or "baseline",
 *              the figure of an earlier result; or one of these plus or minus a number: "current-5%",
 *              "baseline+50ms". A bound that begins with + or - refers to the baseline: "+10%" */
#ifndef GATE_CONDITION_H
#define GATE_CONDITION_H

#include "util/text.h"

#include <stdbool.h>
#include <stddef.h>

enum figure_kind { FIGURE_POWER, FIGURE_PRICE, FIGURE_TIME, FIGURE_MEMORY };

struct figure {
    const char *name;
    enum figure_kind kind;
    const char *parent, *member; /* where the stat record has it; member NULL: the result has it */
    const char *interval;        /* its 95 % interval, a member of `parent`, or NULL */
};

enum relation { MORE, AT_LEAST, LESS, AT_MOST, EQUAL, DIFFERENT };
enum reference { NO_REFERENCE, CURRENT, BASELINE };

struct condition {
    char *words; /* owned: the text that was given */
    const struct figure *figure;
    enum relation relation;
    enum reference reference;
    double bound;     /* ms, MB or price; with a reference: what is added to the reference */
    bool share;       /* with a reference: `bound` is a share of the reference */
    bool memory_used; /* `bound` is a share of the memory size */
};

/* Parses `words`. Returns false, with the reason in `problem`, when they are not a condition; then there
 * is nothing to release. */
bool condition_parse(struct condition *condition, const char *words, struct text *problem);

void condition_release(struct condition *condition);

/* True when the relation of the condition is true for `value` and `bound`. */
bool condition_relates(const struct condition *condition, double value, double bound);

/* The figures "cost" and "duration". */
const struct figure *figure_cost(void);
const struct figure *figure_duration(void);

#endif
