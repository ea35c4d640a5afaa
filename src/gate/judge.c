#include "gate/judge.h"

#include "stats/difference.h"
#include "tune/record.h"

#include <math.h>

/* A figure and its noise. */
struct observed {
    double value;     /* NaN: missing */
    double error;     /* standard error; NaN: unknown */
    double degrees;   /* of freedom, of the error */
    double low, high; /* the 95 % interval of a percentile; NaN: unknown */
};

/* ---- figures ---- */

/* The standard error is relative to the trimmed mean; a cost has the relative error of the billed
 * duration. */
static void observe_error(struct observed *observed, struct span stat, const char *parent) {
    double error = record_number(stat, parent, "trimmedMeanError", (double)NAN);
    double mean = record_number(stat, parent, "trimmedMean", 0);
    double degrees = record_number(stat, parent, "degreesOfFreedom", (double)NAN);
    if (isnan(error) || !(mean > 0) || isnan(degrees))
        return;
    observed->degrees = degrees;
    observed->error = error / mean * observed->value;
}

static void observe_interval(struct observed *observed, struct span stat, const struct figure *figure) {
    double interval[2];
    if (!figure->interval || !record_interval(stat, figure->parent, figure->interval, interval))
        return;
    observed->low = interval[0];
    observed->high = interval[1];
}

/* The figure at `memory_mb`: from the result for the chosen size, otherwise from the stat record. */
static struct observed observe(const struct measured *measured, double memory_mb,
                               const struct figure *figure) {
    const struct memory_size *size = measured_size(measured, memory_mb);
    struct observed observed = {(double)NAN, (double)NAN, (double)NAN, (double)NAN, (double)NAN};
    bool chosen = memory_mb == measured->memory_mb, price = figure->kind == FIGURE_PRICE;
    struct span stat = size ? span_of(size->object) : (struct span){NULL, 0};
    if (figure->kind == FIGURE_POWER)
        observed.value = memory_mb;
    else if (figure->member)
        observed.value = record_number(stat, figure->parent, figure->member, observed.value);
    else if (chosen)
        observed.value = price ? measured->cost : measured->duration;
    else if (size)
        observed.value = price ? size->cost : size->duration;
    if (!size)
        return observed;
    if (figure->member)
        observe_interval(&observed, stat, figure);
    else if (figure->kind != FIGURE_POWER)
        observe_error(&observed, stat, price ? "billedDurationMs" : "durationMs");
    return observed;
}

/* ---- noise ---- */

static struct observed exactly(double value) {
    return (struct observed){value, 0, INFINITY, value, value};
}

static bool same_averages(struct observed now, struct observed then) {
    if (isnan(now.error) && isnan(then.error))
        return false;
    if (isnan(then.error)) {
        then.error = now.error;
        then.degrees = now.degrees;
    } else if (isnan(now.error)) {
        now.error = then.error;
        now.degrees = then.degrees;
    }
    if (!isfinite(then.degrees))
        then.degrees = 1e9;
    struct estimate one = {now.value, now.error, now.degrees}, other = {then.value, then.error, then.degrees};
    return difference_probability(&one, &other) > 0.05;
}

/* True when the difference is within noise; false when the noise is unknown. */
static bool is_noise(const struct figure *figure, struct observed now, struct observed then) {
    if (!figure->member)
        return same_averages(now, then);
    if (isnan(now.low) && isnan(then.low))
        return false;
    double low = isnan(now.low) ? now.value : now.low, high = isnan(now.low) ? now.value : now.high;
    double then_low = isnan(then.low) ? then.value : then.low;
    double then_high = isnan(then.low) ? then.value : then.high;
    return low <= then_high && then_low <= high;
}

/* True when the two sizes differ, but neither cost nor duration does. */
static bool memory_mb_is_noise(const struct measured *now, const struct measured *then, double memory_mb) {
    if (!(now->memory_mb < memory_mb) && !(now->memory_mb > memory_mb))
        return false;
    const struct figure *const averages[] = {figure_cost(), figure_duration()};
    for (size_t i = 0; i < 2; i++) {
        struct observed here = observe(now, now->memory_mb, averages[i]),
                        there = observe(then, memory_mb, averages[i]);
        if (isnan(there.value) || !is_noise(averages[i], here, there))
            return false;
    }
    return true;
}

/* ---- messages ---- */

static void append_value(struct text *out, const struct figure *figure, double value) {
    if (figure->kind == FIGURE_TIME)
        text_append_format(out, "%.2f ms", value);
    else if (figure->kind == FIGURE_PRICE)
        text_append_format(out, "%.*g per million", value * 1e6 < 1e5 ? 5 : 9, value * 1e6);
    else
        text_append_format(out, "%.6g MB", value);
}

static void append_change(struct text *out, double now, double then) {
    if (then > 0)
        text_append_format(out, "%.1f %% %s", fabs(now - then) / then * 100, now < then ? "less" : "more");
}

/* "cost is 2.9 per million at 512 MB, 20.8 % more than the 2.4 per million of the baseline, 0.26 per
 * million (9.8 %) above the bound of 2.64 per million" */
static void append_figures(struct text *out, const struct condition *condition, double memory_mb,
                           double value, double reference, double bound) {
    const struct figure *figure = condition->figure;
    text_append_format(out, "%s is ", figure->name);
    append_value(out, figure, value);
    if (figure->kind != FIGURE_POWER)
        text_append_format(out, " at %g MB", memory_mb);
    if (figure->kind == FIGURE_POWER && condition->reference != NO_REFERENCE) {
        text_append_format(out, ", %s %g MB",
                           condition->reference == CURRENT ? "currently" : "in the baseline", reference);
        return;
    }
    if (condition->reference != NO_REFERENCE) {
        const char *whose = condition->reference == CURRENT ? "of the current size" : "of the baseline";
        bool same = !(value < reference) && !(value > reference);
        text_append_string(out, same ? ", equal to the " : ", ");
        if (!same) {
            append_change(out, value, reference);
            text_append_string(out, " than the ");
        }
        append_value(out, figure, reference);
        text_append_format(out, " %s", whose);
        if (!(bound < reference) && !(bound > reference))
            return;
    }
    text_append_string(out, ", ");
    if (value < bound || value > bound) {
        append_value(out, figure, fabs(value - bound));
        if (bound > 0)
            text_append_format(out, " (%.1f %%)", fabs(value - bound) / bound * 100);
        text_append_format(out, " %s the bound of ", value < bound ? "below" : "above");
    } else
        text_append_string(out, "the bound is ");
    append_value(out, figure, bound);
}

/* Appends what the other size changes: " (cost 1.2 % less, duration 70.3 % less)". */
static void append_memory_mb_changes(struct text *out, const struct measured *now,
                                     const struct measured *then, double memory_mb) {
    const struct figure *const averages[] = {figure_cost(), figure_duration()};
    bool any = false;
    for (size_t i = 0; i < 2; i++) {
        double here = observe(now, now->memory_mb, averages[i]).value;
        double there = observe(then, memory_mb, averages[i]).value;
        if (!(here < there) && !(here > there))
            continue;
        text_append_format(out, "%s%s ", any ? ", " : " (", averages[i]->name);
        append_change(out, here, there);
        any = true;
    }
    text_append_string(out, any ? ")" : "");
}

/* ---- judging ---- */

static double bound_of(const struct condition *condition, double reference) {
    if (condition->share)
        return reference * (1 + condition->bound);
    return condition->reference == NO_REFERENCE ? condition->bound : reference + condition->bound;
}

static const struct measured *reference_of(const struct condition *condition, const struct judged *judged) {
    return condition->reference == BASELINE ? judged->baseline : judged->now;
}

static bool is_true_by_noise(const struct condition *condition, const struct judged *judged,
                             struct observed value, struct observed reference, double bound) {
    if (condition->figure->kind == FIGURE_POWER)
        return condition->reference != NO_REFERENCE &&
               memory_mb_is_noise(judged->now, reference_of(condition, judged), reference.value);
    /* When the condition is true for the reference itself, the value is compared with the bound instead. */
    bool of_bound =
        condition->reference == NO_REFERENCE || condition_relates(condition, reference.value, bound);
    return is_noise(condition->figure, value, of_bound ? exactly(bound) : reference);
}

/* Durations and memory are compared with the baseline's at one size, the one that the baseline chose, when it
 * was measured again: among sizes of equal cost the choice is random, and their durations differ. */
static double size_of(const struct condition *condition, const struct judged *judged) {
    enum figure_kind kind = condition->figure->kind;
    bool one_size = condition->reference == BASELINE && (kind == FIGURE_TIME || kind == FIGURE_MEMORY);
    if (one_size && !isnan(observe(judged->now, judged->baseline->memory_mb, condition->figure).value))
        return judged->baseline->memory_mb;
    return judged->now->memory_mb;
}

static bool is_missing(const struct condition *condition, const struct judged *judged, double value,
                       double reference, struct text *words) {
    if (isnan(value))
        text_append_format(words, "no %s for %g MB", condition->figure->name, judged->now->memory_mb);
    else if (isnan(reference))
        text_append_format(
            words, "%s has no %s for %g MB", condition->reference == BASELINE ? "the baseline" : "the run",
            condition->figure->name,
            condition->reference == BASELINE ? judged->baseline->memory_mb : judged->present_memory_mb);
    return words->length > 0;
}

enum verdict condition_judge(const struct condition *condition, const struct judged *judged,
                             struct text *words) {
    const struct figure *figure = condition->figure;
    double memory_mb = size_of(condition, judged);
    struct observed value = observe(judged->now, memory_mb, figure), reference = exactly(0);
    if (condition->reference == CURRENT)
        reference = observe(judged->now, judged->present_memory_mb, figure);
    else if (condition->reference == BASELINE)
        reference = observe(judged->baseline, judged->baseline->memory_mb, figure);
    if (is_missing(condition, judged, value.value, reference.value, words))
        return VERDICT_UNKNOWN;
    double bound = bound_of(condition, reference.value);
    if (condition->memory_used)
        bound *= memory_mb;
    append_figures(words, condition, memory_mb, value.value, reference.value, bound);
    if (figure->kind == FIGURE_POWER && condition->reference != NO_REFERENCE)
        append_memory_mb_changes(words, judged->now, reference_of(condition, judged), reference.value);
    if (!condition_relates(condition, value.value, bound))
        return VERDICT_PASSED;
    return is_true_by_noise(condition, judged, value, reference, bound) ? VERDICT_NOISE : VERDICT_FAILED;
}

void judged_append_changes(const struct judged *judged, struct text *out) {
    const struct figure *const averages[] = {figure_cost(), figure_duration()};
    const struct measured *now = judged->now, *then = judged->baseline;
    if (now->memory_mb == then->memory_mb)
        text_append_format(out, "Compared with the baseline, both at %g MB:", now->memory_mb);
    else
        text_append_format(out, "Compared with the baseline, %g MB instead of %g MB:", now->memory_mb,
                           then->memory_mb);
    for (size_t i = 0; i < 2; i++) {
        struct observed here = observe(now, now->memory_mb, averages[i]);
        struct observed there = observe(then, then->memory_mb, averages[i]);
        text_append_format(out, "%s %s ", i ? ";" : "", averages[i]->name);
        append_value(out, averages[i], there.value);
        text_append_string(out, " → ");
        append_value(out, averages[i], here.value);
        if (!(here.value < there.value) && !(here.value > there.value))
            continue;
        text_append_string(out, ", ");
        append_change(out, here.value, there.value);
        bool known = !isnan(here.error) || !isnan(there.error);
        text_append_string(out, !known                               ? ""
                                : is_noise(averages[i], here, there) ? " (within noise)"
                                                                     : " (more than noise)");
    }
    text_append_string(out, ".\n");
}
