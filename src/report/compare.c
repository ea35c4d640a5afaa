#include "report/internal.h"

#include "report/html.h"
#include "stats/difference.h"
#include "tune/record.h"
#include "util/memory.h"

#include <math.h>
#include <stdlib.h>

/* ---- one size in two runs ---- */

enum verdict { UNKNOWN, NOISE, DIFFERENT };

struct pair {
    const struct memory_size *first, *second; /* NULL: not measured in that run */
    double probability[2]; /* p-values of the differences in duration and cost; NaN: unknown */
    enum verdict verdict[2];
};

enum { DURATION, COST };

static double interval_high(const struct memory_size *size, const char *name) {
    double interval[2] = {(double)NAN, (double)NAN};
    record_interval(span_of(size->object), name, "trimmedMeanInterval", interval);
    return interval[1];
}

/* Estimates a size's duration or cost. The cost is the mean billed duration, not rounded up to whole
 * milliseconds, times the price of a millisecond at this size. Returns false when the stat record has no
 * interval. */
static bool estimate_of(const struct report_run *run, const struct memory_size *size, int figure,
                        struct estimate *estimate) {
    const char *name = figure == COST ? "billedDurationMs" : "durationMs";
    double mean = report_figure(size, name, "trimmedMean");
    if (!difference_estimate(mean, interval_high(size, name), (double)size->stat.count, run->discard,
                             estimate))
        return false;
    double price = figure == COST ? size->stat.average_price / ceil(mean - 1e-9) : 1;
    estimate->mean *= price;
    estimate->error *= price;
    return isfinite(price);
}

static double probability_of(const struct report_run *first_run, const struct memory_size *first,
                             const struct report_run *second_run, const struct memory_size *second,
                             int figure) {
    struct estimate one, other;
    if (!first || !second || !estimate_of(first_run, first, figure, &one) ||
        !estimate_of(second_run, second, figure, &other))
        return (double)NAN;
    return difference_probability(&one, &other);
}

/* Applies Holm's procedure over the sizes with known p-values, separately for each figure. */
static void judge(struct pair *pairs, size_t count) {
    double *probabilities = memory_zeroed(count, sizeof *probabilities);
    size_t *places = memory_zeroed(count, sizeof *places);
    bool *different = memory_zeroed(count, sizeof *different);
    for (int figure = DURATION; figure <= COST; figure++) {
        size_t known = 0;
        for (size_t i = 0; i < count; i++)
            if (!isnan(pairs[i].probability[figure])) {
                places[known] = i;
                probabilities[known++] = pairs[i].probability[figure];
            }
        difference_judge(probabilities, known, different);
        for (size_t i = 0; i < known; i++)
            pairs[places[i]].verdict[figure] = different[i] ? DIFFERENT : NOISE;
    }
    free(probabilities);
    free(places);
    free(different);
}

/* Returns every size of either run, sorted by memory size. The caller frees the array. */
static struct pair *pair_sizes(const struct report_run *first, const struct report_run *second,
                               size_t *count) {
    struct pair *pairs = memory_zeroed(first->choice.count + second->choice.count, sizeof *pairs);
    size_t a = 0, b = 0;
    *count = 0;
    while (a < first->choice.count || b < second->choice.count) {
        double memory_mb_a = a < first->choice.count ? first->choice.memory_sizes[a] : INFINITY;
        double memory_mb_b = b < second->choice.count ? second->choice.memory_sizes[b] : INFINITY;
        double memory_mb = fmin(memory_mb_a, memory_mb_b);
        struct pair *pair = &pairs[(*count)++];
        pair->first = memory_mb_a == memory_mb ? report_run_size(first, a++) : NULL;
        pair->second = memory_mb_b == memory_mb ? report_run_size(second, b++) : NULL;
        for (int figure = DURATION; figure <= COST; figure++)
            pair->probability[figure] = probability_of(first, pair->first, second, pair->second, figure);
    }
    judge(pairs, *count);
    return pairs;
}

/* ---- the sentence ---- */

static const char *verdict_words(enum verdict verdict) {
    static const char *const words[] = {"noise unknown", "within noise", "more than noise"};
    return words[verdict];
}

static enum verdict verdict_of(double probability) {
    return isnan(probability) ? UNKNOWN : probability <= 0.05 ? DIFFERENT : NOISE;
}

static void append_difference(struct text *out, double then, double now, const char *less, const char *more,
                              const char *same, double probability) {
    double change = then > 0 ? (now - then) / then * 100 : 0;
    if (fabs(change) < 0.05)
        text_append_string(out, same);
    else
        text_append_format(out, "%.1f %% %s (%s)", fabs(change), change < 0 ? less : more,
                           verdict_words(verdict_of(probability)));
}

/* Compares the runs at their chosen sizes. */
static void append_sentence(struct text *out, const struct report_run *first,
                            const struct report_run *second) {
    const struct memory_size *then = report_run_chosen(first), *now = report_run_chosen(second);
    text_append_string(out, "<p class=\"sentence\">At the size chosen for each, <bdi>");
    html_text(out, second->label);
    text_append_format(out, "</bdi> at %g MB is ", now->stat.memory_mb);
    if (now->stat.memory_mb > 0 && first->currency[0] == second->currency[0])
        append_difference(out, then->cost, now->cost, "cheaper", "more expensive", "equally expensive",
                          probability_of(first, then, second, now, COST));
    else
        text_append_string(out, "priced in another currency");
    text_append_string(out, " and ");
    append_difference(out, then->duration, now->duration, "faster", "slower", "equally fast",
                      probability_of(first, then, second, now, DURATION));
    text_append_string(out, " than <bdi>");
    html_text(out, first->label);
    text_append_format(out, "</bdi> at %g MB.</p>\n", then->stat.memory_mb);
}

/* ---- the table ---- */

static void append_figure_cells(struct html_table *table, const struct pair *pair, int figure) {
    static const char *const answers[] = {"unknown", "no", "yes"};
    double then = (double)NAN, now = (double)NAN;
    if (pair->first)
        then = figure == COST ? pair->first->cost * 1e6 : pair->first->duration;
    if (pair->second)
        now = figure == COST ? pair->second->cost * 1e6 : pair->second->duration;
    if (figure == COST) {
        html_cell_price(table, then);
        html_cell_price(table, now);
    } else {
        html_cell_number(table, then, 2);
        html_cell_number(table, now, 2);
    }
    html_cell_open(table);
    if (pair->first && pair->second)
        html_change(table->out, then, now);
    else
        text_append_string(table->out, "<span class=\"none\">–</span>");
    html_cell_close(table);
    html_cell_open(table);
    if (pair->first && pair->second)
        text_append_format(table->out, "<span class=\"verdict-%d\">%s</span>", (int)pair->verdict[figure],
                           answers[pair->verdict[figure]]);
    else
        text_append_string(table->out, "<span class=\"none\">only in one run</span>");
    html_cell_close(table);
}

/* The number of bytes of a label that fit into a heading, without cutting a UTF-8 character. */
static int shortened(const char *label) {
    enum { MAX_COUNT = 24 };
    int length = 0;
    while (length < MAX_COUNT && label[length])
        length++;
    while (label[length] && length > 0 && (label[length] & 0xc0) == 0x80)
        length--;
    return length;
}

static void append_differences(struct text *out, const struct report_run *first,
                               const struct report_run *second) {
    struct text heading[4] = {TEXT_INIT, TEXT_INIT, TEXT_INIT, TEXT_INIT}, caption = TEXT_INIT;
    const struct report_run *runs[] = {first, second};
    for (size_t i = 0; i < 2; i++) {
        text_append_format(&heading[i], "%.*s (ms)", shortened(runs[i]->label), runs[i]->label);
        text_append_format(&heading[2 + i], "%.*s, a million (%s)", shortened(runs[i]->label), runs[i]->label,
                           runs[i]->currency);
    }
    const struct html_column columns[] = {{"memory (MB)", true},
                                          {text_string(&heading[0]), true},
                                          {text_string(&heading[1]), true},
                                          {"duration", true},
                                          {"more than noise?", false},
                                          {text_string(&heading[2]), true},
                                          {text_string(&heading[3]), true},
                                          {"cost", true},
                                          {"more than noise?", false}};
    struct html_table table;
    size_t count;
    struct pair *pairs = pair_sizes(first, second, &count);
    text_append_format(&caption, "%s compared with %s", second->label, first->label);
    html_table_open(&table, out, text_string(&caption), columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < count; i++) {
        html_row_open(&table, NULL);
        html_cell_number(&table, (pairs[i].first ? pairs[i].first : pairs[i].second)->stat.memory_mb, 0);
        append_figure_cells(&table, &pairs[i], DURATION);
        append_figure_cells(&table, &pairs[i], COST);
        html_row_close(&table);
    }
    html_table_close(&table);
    free(pairs);
    for (size_t i = 0; i < 4; i++)
        text_release(&heading[i]);
    text_release(&caption);
}

void section_comparison(struct text *out, const struct report_runs *runs) {
    const struct report_run *first = &runs->list[0];
    text_append_string(out,
                       "<section aria-labelledby=\"comparison\">\n<h2 id=\"comparison\">Comparison</h2>\n");
    for (size_t i = 1; i < runs->count; i++)
        if (first->choice.count && runs->list[i].choice.count)
            append_sentence(out, first, &runs->list[i]);
    section_chart(
        out, "durations", 0,
        "Chart of the average durations of all runs against memory. The tables have the same figures.");
    section_chart(out, "costs", 0,
                  "Chart of the costs of all runs against memory. The tables have the same figures.");
    for (size_t i = 1; i < runs->count; i++)
        append_differences(out, first, &runs->list[i]);
    text_append_string(out,
                       "<p class=\"hint\">“More than noise” means that the difference is significant at 95 % "
                       "for all sizes of a table together (Yuen’s test of trimmed means, Holm’s correction). "
                       "The test knows the variation within a run, not what changed between the runs."
                       "</p>\n</section>\n");
}
