/* A run as the report shows it: the records of one function from one source, and what follows from them. */
#ifndef REPORT_RUN_H
#define REPORT_RUN_H

#include "pick/choice.h"
#include "pick/confidence.h"
#include "stats/group.h"
#include "tune/price.h"

#include <stdbool.h>

/* How a run is to be read; what is not given (negative, NULL, 0) the plan or the default says. */
struct report_settings {
    int strategy;             /* enum strategy; -1 */
    double weight;            /* of the balanced strategy; -1 */
    double present_memory_mb; /* MB */
    double invocations_per_month;
    const char *prices; /* another table of prices */
    const char *visualization_url;
};

struct report_run {
    char *label;  /* owned: what the page calls it, where there are several */
    char *name;   /* owned: the function's name, "" when nothing tells it */
    char *plan;   /* owned: the plan record, or NULL */
    char *result; /* owned: pt-pick's result, or NULL: then the choice is made here in the same way */
    char *link;   /* owned: the link that the figures came from, or NULL */
    struct sizes sizes;
    struct group_table groups; /* the single measurements by size, as far as they are there */
    enum strategy strategy;
    double weight, discard;
    struct choice choice;         /* count 0: nothing could be chosen */
    struct confidence confidence; /* of the choice, where the stats tell how the times spread */
    double sure, regret;          /* what the result says of it, or else the above; negative: not known */
    double present_memory_mb;     /* MB; 0: unknown */
    double invocations_per_month; /* 0: unknown */
    size_t present;               /* its index in the choice, or SIZE_MAX when it has no figures */
    char currency[8];
};

struct report_runs {
    struct report_run *list; /* owned */
    size_t count, capacity;
    bool compared; /* they are to be compared: they are not just the functions of one source */
};

/* A new run, empty, with its label. Valid until the next. */
struct report_run *report_runs_add(struct report_runs *runs, const char *label);
void report_runs_close(struct report_runs *runs);

/* To be called when all records are there: makes the choice, or finds that of the result. */
void report_run_finish(struct report_run *run, const struct report_settings *settings);

/* The size that was chosen; the choice must have one. */
const struct size *report_run_chosen(const struct report_run *run);

/* The size of the choice's index. */
const struct size *report_run_size(const struct report_run *run, size_t index);

/* The measurements of a size, or NULL. */
struct group *report_run_group(const struct report_run *run, double memory_mb);

/* Appends the sizes that were asked for and not tried, because the choice was sure without them; the caller
 * frees. */
double *report_run_untried(const struct report_run *run, size_t *count);

/* A member of the plan, absent when it is another type or there is no plan. */
struct span report_plan_member(const struct report_run *run, const char *name, enum json_type type);

/* A number member of a stat record, at one or two names ("durationMs", "p95"; NULL: one). NaN when there is
 * none. */
double report_figure(const struct size *size, const char *name, const char *inner);

/* The price of a GB-second that the run's costs were computed with, from the figures themselves; NaN when
 * they do not tell. */
double report_gb_second(const struct report_run *run);

#endif
