/* The table of a result: a sentence, a row for each size, and a chart of bars. */
#include "pick/result.h"

#include "tune/record.h"
#include "util/json.h"

#include <math.h>
#include <string.h>

/* ---- confidence ---- */

/* "costs 0.6 % more", "is 41 % faster"; `same` when the values differ by less than 0.05 %. */
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

/* "; 1024 MB costs 0.6 % more (within noise) and is 41 % faster": the second best size compared with the
 * best. The noise is of the figure that the strategy weighs. */
static void append_second(struct text *out, const struct choice *choice, const struct confidence *confidence,
                          enum strategy strategy) {
    const double noise_probability = 0.025; /* one side of a 95 % interval */
    size_t second = confidence->second, best = choice->best;
    double cost = ratio_of(choice->costs[second], choice->costs[best]);
    double duration = ratio_of(choice->durations[second], choice->durations[best]);
    bool noise = confidence->second_better >= noise_probability;
    text_append_format(out, "; %g MB ", choice->memory_sizes[second]);
    if (strategy == STRATEGY_SPEED) {
        append_change(out, duration, "is", "faster", "slower", "is as fast");
        text_append_string(out, noise ? " (within noise)" : "");
        append_change(out, cost, " and costs", "less", "more", " and costs the same");
        return;
    }
    append_change(out, cost, "costs", "less", "more", "costs the same");
    text_append_string(out, noise && strategy == STRATEGY_COST ? " (within noise)" : "");
    append_change(out, duration, " and is", "faster", "slower", " and is as fast");
    text_append_string(
        out, noise && strategy == STRATEGY_BALANCED ? ": the difference in balance is within noise" : "");
}

static void append_present_failure(struct text *out, const struct memory_sizes *sizes, double present) {
    for (size_t i = 0; i < sizes->count; i++) {
        const struct memory_size *size = &sizes->list[i];
        if (size->stat.memory_mb != present || !(size_is_excluded(size) || size->failing))
            continue;
        if (size->failing || size_fails(size))
            text_append_format(out, "The function fails at its current %g MB: ", present);
        else
            text_append_format(out, "The current %g MB could not be measured: ", present);
        size_reason(out, sizes, size);
        text_append_string(out, ". ");
    }
}

/* Says so when failures leave a single size to choose. */
static void append_only_one(struct text *out, const struct memory_sizes *sizes, const struct choice *choice) {
    text_append_format(out, "Only one of %zu sizes can be chosen (%g MB), so there is nothing to compare",
                       sizes->count, choice->memory_sizes[choice->best]);
    for (size_t i = 0; i < sizes->count; i++) {
        if (!sizes->list[i].failing)
            continue;
        text_append_format(out, "; %g MB is left out: ", sizes->list[i].stat.memory_mb);
        size_reason(out, sizes, &sizes->list[i]);
    }
    text_append_byte(out, '.');
}

bool result_is_only_one(const struct memory_sizes *sizes, const struct choice *choice) {
    bool failing = false;
    for (size_t i = 0; i < sizes->count; i++)
        failing = failing || sizes->list[i].failing;
    return failing && choice->candidates == 1;
}

bool result_append_caveat(struct text *out, const struct memory_sizes *sizes, const struct choice *choice,
                          double present) {
    size_t before = out->length;
    append_present_failure(out, sizes, present);
    if (result_is_only_one(sizes, choice))
        append_only_one(out, sizes, choice);
    else if (choice->count == 1 && sizes->count > 1)
        text_append_format(out,
                           "Only one of %zu sizes could be measured (%g MB), so there is nothing to compare.",
                           sizes->count, choice->memory_sizes[0]);
    else if (choice->count == 1)
        text_append_format(out, "Only one size was measured (%g MB), so there is nothing to compare.",
                           choice->memory_sizes[0]);
    return out->length > before;
}

void result_append_confidence(struct text *out, const struct choice *choice,
                              const struct confidence *confidence, enum strategy strategy, bool sure) {
    if (confidence && confidence->known && choice->count > 1) {
        double percent = 100 * confidence->probability;
        if (sure && confidence->likeliest != choice->best)
            text_append_format(out, " in this run: %.0f %% sure, against %.0f %% for %g MB", percent,
                               100 * confidence->probabilities[confidence->likeliest],
                               choice->memory_sizes[confidence->likeliest]);
        else if (sure)
            text_append_format(out, percent >= 99.5 ? ": over 99 %% sure" : ": %.0f %% sure", percent);
        if (confidence->second < choice->count && !(confidence->decided && confidence->second_better > 0.5))
            append_second(out, choice, confidence, strategy);
    }
    text_append_byte(out, '.');
}

/* ---- what was seen ---- */

static void append_time(struct text *out, double ms) {
    if (ms < 999.5)
        text_append_format(out, "%.*f ms", ms < 9.95 ? 1 : 0, ms);
    else
        text_append_format(out, "%.1f s", ms / 1000);
}

static double cold_average(const struct memory_sizes *sizes, double memory_mb) {
    for (size_t i = 0; i < sizes->count; i++) {
        struct span stat = span_of(sizes->list[i].object);
        if (sizes->list[i].stat.memory_mb == memory_mb && record_number(stat, "warm", "count", 0) > 0)
            return record_number(stat, "cold", "averageDuration", (double)NAN);
    }
    return (double)NAN;
}

/* " This is for warm invocations; a cold start takes 2.3 s there and 1.1 s at 1024 MB." */
static void append_cold(struct text *out, const struct memory_sizes *sizes, const struct choice *choice,
                        const struct confidence *confidence) {
    double chosen = cold_average(sizes, choice->memory_sizes[choice->best]);
    if (!confidence || !confidence->known || isnan(chosen))
        return;
    text_append_string(out, " This is for warm invocations; a cold start takes ");
    append_time(out, chosen);
    text_append_string(out, " there");
    double second = confidence->second < choice->count
                        ? cold_average(sizes, choice->memory_sizes[confidence->second])
                        : (double)NAN;
    if (!isnan(second)) {
        text_append_string(out, " and ");
        append_time(out, second);
        text_append_format(out, " at %g MB", choice->memory_sizes[confidence->second]);
    }
    text_append_byte(out, '.');
}

/* Why few invocations cannot decide, when the choice is not sure. */
static void append_obstacle(struct text *out, const struct choice *choice,
                            const struct confidence *confidence) {
    const double sure = 0.9, drift = 0.4, slow = 0.15;
    if (!confidence || !confidence->known || confidence->probability >= sure)
        return;
    if (confidence->correlation >= drift)
        text_append_format(out,
                           " Durations that follow each other are alike (correlation %.2f): they drift, so "
                           "measure again at another time.",
                           confidence->correlation);
    else if (confidence->tail >= slow)
        text_append_format(out,
                           " Slow invocations add %.0f %% to the typical duration at %g MB: a larger num "
                           "would show how often they come.",
                           100 * confidence->tail, choice->memory_sizes[choice->best]);
}

/* ---- the sentence ---- */

/* "12 % cheaper", "3 % slower"; `same` when the values differ by less than 0.5 %. */
static void append_comparison(struct text *out, double now, double then, const char *less, const char *more,
                              const char *same) {
    double change = now > 0 ? (then - now) / now * 100 : 0;
    if (fabs(change) < 0.5)
        text_append_string(out, same);
    else
        text_append_format(out, "%.0f %% %s", fabs(change), change < 0 ? less : more);
}

static void append_savings(struct text *out, const struct choice *choice, double present) {
    for (size_t i = 0; i < choice->count; i++) {
        if (choice->memory_sizes[i] != present)
            continue;
        if (i == choice->best) {
            text_append_string(out, " This is the current size.");
            return;
        }
        text_append_format(out, " Compared with the current %g MB: ", present);
        append_comparison(out, choice->costs[i], choice->costs[choice->best], "cheaper", "more expensive",
                          "the same cost");
        text_append_string(out, ", ");
        append_comparison(out, choice->durations[i], choice->durations[choice->best], "faster", "slower",
                          "equally fast");
        text_append_byte(out, '.');
        return;
    }
}

static const char *strategy_words(enum strategy strategy) {
    static const char *const words[] = {"the cheapest", "the fastest", "the best balance of cost and speed"};
    return words[strategy];
}

static void append_sentence(struct text *out, const struct memory_sizes *sizes, const struct choice *choice,
                            const struct result_settings *settings) {
    if (settings->function) {
        struct text name = TEXT_INIT;
        json_decode_string(span_of(settings->function), &name);
        text_append_format(out, "%s: ", text_string(&name));
        text_release(&name);
    }
    bool sure = !result_append_caveat(out, sizes, choice, settings->present_memory_mb);
    if (choice->count > 1 && !result_is_only_one(sizes, choice)) {
        text_append_format(out, "%g MB is %s", choice->memory_sizes[choice->best],
                           strategy_words(settings->strategy));
        result_append_confidence(out, choice, settings->confidence, settings->strategy, sure);
    }
    append_savings(out, choice, settings->present_memory_mb);
    if (choice->count > 1) {
        append_cold(out, sizes, choice, settings->confidence);
        append_obstacle(out, choice, settings->confidence);
    }
    if (settings->provisional)
        text_append_string(out, " Provisional: the run was stopped before all sizes were measured.");
    text_append_string(out, "\n\n");
}

/* ---- the rows ---- */

static double member_number(const struct memory_size *size, const char *name) {
    return record_number(span_of(size->object), NULL, name, (double)NAN);
}

static void append_row(struct table *table, const struct memory_sizes *sizes, const struct memory_size *size,
                       double chosen) {
    struct text reason = TEXT_INIT;
    bool excluded = size_is_excluded(size);
    bool people = table->format == TABLE_ALIGNED || table->format == TABLE_MARKDOWN;
    table_number(table, size->stat.memory_mb, 0);
    table_number(table, excluded ? (double)NAN : size->duration, 2);
    table_price(table, excluded ? (double)NAN : size->cost * 1e6, 5);
    table_number(table, (double)size->stat.count, 0);
    table_number(table, 100 * member_number(size, "coldStarts") / (double)size->stat.count, 0);
    table_number(table, member_number(size, "maxMemoryUsedMB"), 0);
    if (excluded || size->broken)
        size_reason(&reason, sizes, size);
    else if (size->stat.memory_mb == chosen)
        text_append_string(&reason, people ? "<- best" : "best");
    if (people && !excluded && !size->failing)
        size_failures(&reason, size);
    table_cell(table, text_string(&reason));
    text_release(&reason);
}

static void currency_of(const struct memory_sizes *sizes, struct text *currency) {
    for (size_t i = 0; i < sizes->count && !currency->length; i++) {
        struct span value;
        if (sizes->list[i].object && json_member(span_of(sizes->list[i].object), "currency", &value) &&
            json_type(value) == JSON_STRING)
            json_decode_string(value, currency);
    }
    if (!currency->length)
        text_append_string(currency, "USD");
}

static void append_rows(struct text *out, const struct memory_sizes *sizes, const struct choice *choice,
                        enum table_format format, size_t width) {
    struct text currency = TEXT_INIT, cost = TEXT_INIT;
    struct table table;
    table_open(&table, format);
    table.width = width;
    currency_of(sizes, &currency);
    text_append_format(&cost, "cost of a million (%s)", text_string(&currency));
    table_column(&table, "memory (MB)", true);
    table_column(&table, "average (ms)", true);
    table_column(&table, text_string(&cost), true);
    table_column(&table, "measured", true);
    table_column(&table, "cold starts (%)", true);
    table_column(&table, "memory used (MB)", true);
    table_column(&table, "note", false);
    for (size_t i = 0; i < sizes->count; i++)
        append_row(&table, sizes, &sizes->list[i], choice->memory_sizes[choice->best]);
    table_append(out, &table);
    table_close(&table);
    text_release(&currency);
    text_release(&cost);
}

/* ---- the bars ---- */

/* A bar that fills `share` of `width` columns, to the eighth of a column with Unicode blocks; then spaces. */
static void append_bar(struct text *out, double share, size_t width, bool unicode) {
    static const char *const blocks[] = {"",       "\u258f", "\u258e", "\u258d",
                                         "\u258c", "\u258b", "\u258a", "\u2589"};
    size_t eighths = (size_t)lround(share * (double)width * 8);
    if (!eighths && share > 0)
        eighths = 1;
    size_t whole = unicode ? eighths / 8 : (eighths + 7) / 8, drawn = whole;
    for (size_t i = 0; i < whole; i++)
        text_append_string(out, unicode ? "\u2588" : "#");
    if (unicode && eighths % 8) {
        text_append_string(out, blocks[eighths % 8]);
        drawn++;
    }
    for (; drawn < width; drawn++)
        text_append_byte(out, ' ');
}

static double maximum_of(const double *numbers, size_t count) {
    double maximum = 0;
    for (size_t i = 0; i < count; i++)
        maximum = fmax(maximum, numbers[i]);
    return maximum;
}

static void trim_line(struct text *out) {
    while (out->length && out->bytes[out->length - 1] == ' ')
        out->bytes[--out->length] = '\0';
    text_append_byte(out, '\n');
}

static void append_chart(struct text *out, const struct choice *choice,
                         const struct result_picture *picture) {
    enum { LABEL = 9, MIN_WIDTH = 5, MAX_WIDTH = 60, DEFAULT_COLUMNS = 80 };
    size_t columns = picture->width ? picture->width : DEFAULT_COLUMNS;
    size_t room = columns > LABEL + 2 ? (columns - LABEL - 2) / 2 : 0;
    size_t width = room < MIN_WIDTH ? MIN_WIDTH : room > MAX_WIDTH ? MAX_WIDTH : room;
    double slowest = maximum_of(choice->durations, choice->count),
           dearest = maximum_of(choice->costs, choice->count);
    text_append_format(out, "\n%*s%-*sCost\n", LABEL, "", (int)width + 2, "Duration");
    for (size_t i = 0; i < choice->count; i++) {
        bool bright = picture->colour && i == choice->best;
        text_append_string(out, bright ? "\033[32m" : "");
        text_append_format(out, "%5g MB ", choice->memory_sizes[i]);
        append_bar(out, slowest > 0 ? choice->durations[i] / slowest : 0, width, picture->unicode);
        text_append_string(out, "  ");
        append_bar(out, dearest > 0 ? choice->costs[i] / dearest : 0, width, picture->unicode);
        if (bright)
            text_append_string(out, "\033[0m\n");
        else
            trim_line(out);
    }
}

void result_append_table(struct text *out, const struct memory_sizes *sizes, const struct choice *choice,
                         const struct result_settings *settings, enum table_format format,
                         const struct result_picture *picture) {
    if (format == TABLE_ALIGNED)
        append_sentence(out, sizes, choice, settings);
    append_rows(out, sizes, choice, format, picture->width);
    if (format == TABLE_ALIGNED)
        append_chart(out, choice, picture);
}
