/* Advice on a function's memory size from stored logs.
 *
 * When the logs have several sizes, they contain what a run measures, and the choice is the same as a
 * run's.
 *
 * When they have a single size, they tell how much memory the function used at most, and so which smaller
 * sizes have enough memory. The cost at these sizes assumes the same duration. Usually the duration grows
 * as memory shrinks, so the saving is an upper bound; only a run can measure it. A size at which every
 * invocation failed never counts as enough, whatever the reason.
 *
 * When too many invocations fail at the current size (pick/failures.h), the advice begins with that.
 *
 * When every report is a failure, no advice is given. */
#ifndef ADVISE_ADVICE_H
#define ADVISE_ADVICE_H

#include "pick/by-function.h"
#include "pick/limit.h"
#include "pick/result.h"

enum advice_basis {
    ADVICE_FAILURES,     /* every report is a failure: no advice */
    ADVICE_ONE_SIZE,     /* one size has measurements */
    ADVICE_SEVERAL_SIZES /* several sizes have, and one was chosen */
};

struct advice_settings {
    enum strategy strategy;
    double weight;
    const struct limits *limits;
    const char *visualization_url, *region;
    double days; /* how many days the logs cover; 0: unknown */
};

struct advice {
    const struct function *function;
    enum advice_basis basis;
    struct choice choice;
    const struct memory_size
        *present;           /* the current size: the one of the latest report, or without timestamps the most
                                   frequent one; NULL without measurements */
    double invocations;     /* in the logs, including failed ones */
    double max_memory_used; /* at any size, including failed invocations, MB; 0: unknown */
    double all_failed;      /* the largest size below the present one at which every invocation failed, MB;
                                   0: none */
    double memory_mb;       /* the best size, or with one size the smallest that is enough, MB; 0: none */
    double saving;          /* per invocation; with one size an upper bound */
};

/* Applies the limits to the sizes of `function` and derives the advice, which refers to the function:
 * close the advice first. */
void advice_open(struct advice *advice, struct function *function, const struct advice_settings *settings);
void advice_close(struct advice *advice);

/* The days between the first and the last timestamp in the stats of all functions; 0 without timestamps,
 * or when they are less than a minute apart. */
double advice_days(const struct functions *functions);

/* Invocations in a month of 30 days, at the rate of the logs. NaN when the rate is unknown. */
double advice_monthly(const struct advice *advice, const struct advice_settings *settings);

/* The cost of a month at the current size, and what the better size would save; NaN when unknown. */
double advice_monthly_cost(const struct advice *advice, const struct advice_settings *settings);
double advice_monthly_saving(const struct advice *advice, const struct advice_settings *settings);

/* Appends the advice as a sentence without a full stop. */
void advice_sentence(struct text *out, const struct advice *advice, const struct advice_settings *settings);

/* Appends the record, without a newline. With several sizes it is pt-pick's result with more members. */
void advice_append(struct text *out, const struct advice *advice, const struct advice_settings *settings);

/* Appends a table with a row for each of the `count` functions. */
void advice_append_table(struct text *out, const struct advice *list, size_t count,
                         const struct advice_settings *settings, enum table_format format);

#endif
