/* A run as the report shows it: the records of one function from one source, and the values derived from
 * them. */
#ifndef REPORT_RUN_H
#define REPORT_RUN_H

#include "pick/choice.h"
#include "pick/confidence.h"
#include "stats/group.h"
#include "tune/price.h"

#include <stdbool.h>

/* The options of pt-report. A setting that is not given (-1, NULL, 0) is taken from the plan or the
 * default. */
struct report_settings {
    int strategy;             /* enum strategy */
    double weight;            /* weight of cost in the balanced strategy */
    double present_memory_mb; /* MB */
    double invocations_per_month;
    const char *prices; /* path of another price table */
    const char *visualization_url;
};

struct report_run {
    char *label;    /* owned: the name of the run on a page with several */
    char *name;     /* owned: the function's name, "" when unknown */
    char *plan;     /* owned: the plan record, or NULL */
    char *decision; /* owned: the decision record, or NULL */
    char *result;   /* owned: pt-pick's result; NULL: the choice is made as pt-pick would */
    char *link;     /* owned: the link that the figures were read from, or NULL */
    struct memory_sizes sizes;
    struct group_table groups; /* the single measurements by size; may be empty */
    enum strategy strategy;
    double weight, discard;
    struct choice choice;         /* count 0: nothing could be chosen */
    struct confidence confidence; /* of the choice, when the stats have the spread of the durations */
    double sure, regret;          /* from the result, otherwise from `confidence`; negative: unknown */
    double present_memory_mb;     /* MB; 0: unknown */
    double invocations_per_month; /* 0: unknown */
    size_t present; /* index of the present memory in the choice; SIZE_MAX when it has no figures */
    char currency[8];
};

struct report_runs {
    struct report_run *list; /* owned */
    size_t count, capacity;
    bool compared; /* compare the runs, because they come from several sources */
};

/* Adds an empty run with a copy of the label. The pointer is valid until the next call. */
struct report_run *report_runs_add(struct report_runs *runs, const char *label);
void report_runs_close(struct report_runs *runs);

/* Derives the other members once all records are added: makes the choice, or takes the result's. */
void report_run_finish(struct report_run *run, const struct report_settings *settings);

/* The chosen size; the choice must not be empty. */
const struct memory_size *report_run_chosen(const struct report_run *run);

/* The size at an index of the choice. */
const struct memory_size *report_run_size(const struct report_run *run, size_t index);

/* True when the result lists the size among its excluded sizes; appends the reason. */
bool report_run_excluded(const struct report_run *run, double memory_mb, struct text *reason);

/* The measurements of a size, or NULL. */
struct group *report_run_group(const struct report_run *run, double memory_mb);

/* Returns the `count` requested sizes (MB) that were not tried because the choice was sure without them.
 * The caller frees the array. */
double *report_run_untried(const struct report_run *run, size_t *count);

/* A member of the plan; absent without a plan, or when the member has another type. */
struct span report_plan_member(const struct report_run *run, const char *name, enum json_type type);

/* A number in the stat record of a size: the member `name`, or `inner` of the object `name`. NaN when it
 * is absent. */
double report_figure(const struct memory_size *size, const char *name, const char *inner);

/* The price of a GB-second with which the run's costs were computed, derived from the costs; NaN when it
 * is unknown. */
double report_gb_second(const struct report_run *run);

#endif
