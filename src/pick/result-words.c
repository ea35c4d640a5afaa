#include "pick/result.h"

#include <math.h>

/* "costs 0.6 % more", "is 41 % faster": a change below a thousandth is none. */
static void append_change(struct text *out, double ratio, const char *verb, const char *less,
                          const char *more, const char *same) {
    double percent = fabs(ratio - 1) * 100;
    if (percent < 0.05)
        text_append_string(out, same);
    else
        text_append_format(out, "%s %.*f %% %s", verb, percent < 9.95 ? 1 : 0, percent,
                           ratio < 1 ? less : more);
}

static double ratio_of(double value, double base) {
    return base > 0 ? value / base : 1;
}

/* What the size that comes next would be, and whether that is a difference at all. */
static void append_second(struct text *out, const struct choice *choice, const struct confidence *confidence,
                          enum strategy strategy) {
    const double noise = 0.025; /* as for an interval of 95 % */
    size_t second = confidence->second, best = choice->best;
    double cost = ratio_of(choice->costs[second], choice->costs[best]);
    double duration = ratio_of(choice->durations[second], choice->durations[best]);
    text_append_format(out, "; %g MB ", choice->memory_sizes[second]);
    if (strategy == STRATEGY_SPEED)
        append_change(out, duration, "is", "faster", "slower", "is as fast");
    append_change(out, cost, strategy == STRATEGY_SPEED ? " and costs" : "costs", "less", "more",
                  strategy == STRATEGY_SPEED ? " and costs the same" : "costs the same");
    if (strategy != STRATEGY_SPEED)
        append_change(out, duration, " and is", "faster", "slower", " and is as fast");
    if (confidence->second_better >= noise)
        text_append_string(out, ": within noise");
}

static void append_present_failure(struct text *out, const struct sizes *sizes, double present) {
    for (size_t i = 0; i < sizes->count; i++) {
        const struct size *size = &sizes->list[i];
        if (size->stat.memory_mb != present || !size_is_excluded(size))
            continue;
        if (size_fails(size))
            text_append_format(out, "The function fails at the %g MB that it has now: ", present);
        else
            text_append_format(out, "The %g MB that the function has now could not be measured: ", present);
        size_reason(out, sizes, size);
        text_append_string(out, ". ");
    }
}

bool result_append_caveat(struct text *out, const struct sizes *sizes, const struct choice *choice,
                          double present) {
    size_t before = out->length;
    append_present_failure(out, sizes, present);
    if (choice->count == 1 && sizes->count > 1)
        text_append_format(out,
                           "Only one of %zu sizes could be measured, %g MB: there is nothing to compare.",
                           sizes->count, choice->memory_sizes[0]);
    else if (choice->count == 1)
        text_append_format(out, "Only one size was measured, %g MB: there is nothing to compare.",
                           choice->memory_sizes[0]);
    return out->length > before;
}

void result_append_confidence(struct text *out, const struct choice *choice,
                              const struct confidence *confidence, enum strategy strategy, bool sure) {
    if (confidence && confidence->known && choice->count > 1) {
        double percent = 100 * confidence->probability;
        if (sure && percent >= 99.5)
            text_append_string(out, ": over 99 % sure");
        else if (sure)
            text_append_format(out, ": %.0f %% sure", percent);
        if (confidence->second < choice->count && !(confidence->decided && confidence->second_better > 0.5))
            append_second(out, choice, confidence, strategy);
    }
    text_append_byte(out, '.');
}
