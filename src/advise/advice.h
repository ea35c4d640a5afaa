/* What stored logs say of a function's memory size, and what they cannot say.
 *
 * Of a function that ran at several sizes the logs hold what a tuning run measures, and the choice is the
 * same. Of one that ran at a single size they tell how much memory it used at most, hence which smaller sizes
 * would hold it, and what these would cost if the time stayed the same, which only a run can find out: time
 * mostly grows as memory shrinks, so that saving is an upper bound. A size at which all failed is none that
 * would hold it, whatever the reason. Where every report is a failure nothing is said. */
#ifndef ADVISE_ADVICE_H
#define ADVISE_ADVICE_H

#include "pick/by-function.h"
#include "pick/limit.h"
#include "pick/result.h"

enum advice_basis {
    ADVICE_FAILURES,     /* nothing but failures: no advice */
    ADVICE_ONE_SIZE,     /* one size was measured */
    ADVICE_SEVERAL_SIZES /* the choice among them */
};

struct advice_settings {
    enum strategy strategy;
    double weight;
    const struct limits *limits;
    const char *visualization_url, *region;
    double days; /* that the logs cover; 0: not known */
};

struct advice {
    const struct function *function;
    enum advice_basis basis;
    struct choice choice;
    const struct size *present; /* the size it has now: that of the latest report, without times the most
                                   frequent; NULL without measurements */
    double invocations;         /* in the logs, failed ones included */
    double max_memory_used;     /* MB, at any size, by failed ones too; 0: not known */
    double all_failed;          /* MB: the largest size below the present one at which all failed; 0: none */
    double memory_mb;           /* MB: the best, or the smallest that would hold it; 0: there is none other */
    double saving;              /* on one invocation; of one size at most */
};

/* Of `function`, whose limits are applied on the way. To be closed before the function is. */
void advice_open(struct advice *advice, struct function *function, const struct advice_settings *settings);
void advice_close(struct advice *advice);

/* The days between the first and the last time that the stats of all functions tell; 0 when they tell none or
 * less than a minute. */
double advice_days(const struct functions *functions);

/* What stands for the invocations of a month (30 days), at the rate of the logs. NaN when it is not known. */
double advice_monthly(const struct advice *advice, const struct advice_settings *settings);

/* The advice in a sentence. */
void advice_sentence(struct text *out, const struct advice *advice, const struct advice_settings *settings);

/* Appends the record, without a newline. Of several sizes it is the result of pt-pick with further members.
 */
void advice_append(struct text *out, const struct advice *advice, const struct advice_settings *settings);

/* Appends a table with a row for each of them. */
void advice_append_table(struct text *out, const struct advice *list, size_t count,
                         const struct advice_settings *settings, enum table_format format);

#endif
