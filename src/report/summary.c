#include "report/internal.h"

#include "pick/result.h"
#include "report/html.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

const char *section_strategy_words(enum strategy strategy) {
    static const char *const words[] = {"the cheapest", "the fastest", "the best balance of cost and speed"};
    return words[strategy];
}

static double change_of(double then, double now) {
    return then > 0 ? (now - then) / then * 100 : 0;
}

/* "12 % cheaper", "3 % slower"; `same` when the change is below 0.5 %. */
static void append_comparison(struct text *out, double change, const char *less, const char *more,
                              const char *same) {
    if (fabs(change) < 0.5)
        text_append_string(out, same);
    else
        text_append_format(out, "%.0f %% %s", fabs(change), change < 0 ? less : more);
}

static bool is_among(const struct memory_sizes *sizes, double memory_mb) {
    for (size_t i = 0; i < sizes->count; i++)
        if (sizes->list[i].stat.memory_mb == memory_mb)
            return true;
    return false;
}

/* Compares the chosen size with the present one, when both have figures. */
static void append_present(struct text *out, const struct report_run *run) {
    const struct choice *choice = &run->choice;
    size_t best = choice->best, now = run->present;
    if (now == best) {
        text_append_string(out, ", and the current size.");
    } else if (now != SIZE_MAX) {
        text_append_format(out, ". Compared with the current %g MB, it is ", run->present_memory_mb);
        append_comparison(out, change_of(choice->costs[now], choice->costs[best]), "cheaper",
                          "more expensive", "equally expensive");
        text_append_string(out, " and ");
        append_comparison(out, change_of(choice->durations[now], choice->durations[best]), "faster", "slower",
                          "equally fast");
        text_append_byte(out, '.');
    } else if (run->present_memory_mb > 0 && !is_among(&run->sizes, run->present_memory_mb)) {
        text_append_format(out, ". The current %g MB was not measured, so the two cannot be compared.",
                           run->present_memory_mb);
    } else {
        text_append_byte(out, '.');
    }
}

static void append_sentence(struct text *out, const struct report_run *run) {
    const struct choice *choice = &run->choice;
    if (!choice->count) {
        text_append_string(out, "No size could be measured.");
        return;
    }
    if (!choice->candidates) {
        text_append_string(out, "No size can be chosen: ");
        sizes_reasons(out, &run->sizes);
        text_append_byte(out, '.');
        return;
    }
    result_append_caveat(out, &run->sizes, choice, run->present_memory_mb);
    if (choice->count == 1 || result_is_only_one(&run->sizes, choice)) {
        text_append_string(out, run->present == choice->best ? " This is the current size." : "");
        return;
    }
    text_append_format(out, "%g MB is %s", choice->memory_sizes[choice->best],
                       section_strategy_words(run->strategy));
    append_present(out, run);
}

/* ---- the tiles ---- */

static void open_tile(struct text *out, const char *name) {
    text_append_format(out, "<div class=\"tile\"><dt>%s</dt><dd>", name);
}

static void append_tile_change(struct text *out, const struct report_run *run, double then, double now) {
    text_append_string(out, "</dd><dd class=\"note\">");
    if (run->present == SIZE_MAX || run->present == run->choice.best)
        return;
    html_change(out, then, now);
    text_append_format(out, " compared with %g MB", run->present_memory_mb);
}

static void append_sure_tile(struct text *out, const struct report_run *run) {
    struct text caveat = TEXT_INIT;
    bool sure = !result_append_caveat(&caveat, &run->sizes, &run->choice, run->present_memory_mb);
    text_release(&caveat);
    if (run->sure < 0 || !sure)
        return;
    double percent = 100 * fmin(run->sure, 1);
    open_tile(out, "Confidence");
    if (percent >= 99.5)
        text_append_string(out, "over 99&nbsp;%");
    else
        text_append_format(out, "%.0f&nbsp;%%", percent);
    text_append_format(out, "</dd><dd class=\"note\">expected to be %.1f %% worse than the best</dd></div>\n",
                       100 * fmin(run->regret, 10));
}

/* The second best size, and whether its difference is within noise. */
static void append_second(struct text *out, const struct report_run *run) {
    struct text words = TEXT_INIT;
    result_append_confidence(&words, &run->choice, &run->confidence, run->strategy, true);
    const char *second = strchr(text_string(&words), ';');
    if (second) {
        text_append_string(out, "<p class=\"hint second\">Next best:");
        html_text(out, second + 1);
        text_append_string(out, "</p>\n");
    }
    text_release(&words);
}

static void append_tiles(struct text *out, const struct report_run *run) {
    const struct choice *choice = &run->choice;
    size_t best = choice->best, now = run->present == SIZE_MAX ? best : run->present;
    text_append_string(out, "<dl class=\"tiles\">\n");
    open_tile(out, "Memory");
    text_append_format(out, "%g&nbsp;MB</dd><dd class=\"note\">%s</dd></div>\n", choice->memory_sizes[best],
                       section_strategy_words(run->strategy));
    open_tile(out, "Average duration");
    text_append_format(out, "%.2f&nbsp;ms", choice->durations[best]);
    append_tile_change(out, run, choice->durations[now], choice->durations[best]);
    text_append_string(out, "</dd></div>\n");
    open_tile(out, "A million invocations");
    html_price(out, choice->costs[best] * 1e6);
    text_append_format(out, "&nbsp;%s", run->currency);
    append_tile_change(out, run, choice->costs[now], choice->costs[best]);
    text_append_string(out, "</dd></div>\n");
    append_sure_tile(out, run);
    text_append_string(out, "</dl>\n");
}

/* ---- the savings ---- */

static void append_saving(struct html_table *table, const char *of, double now, double then) {
    html_row_open(table, NULL);
    html_cell_text(table, of);
    html_cell_price(table, now);
    html_cell_price(table, then);
    html_cell_price(table, now - then);
    html_row_close(table);
}

static void append_savings(struct text *out, const struct report_run *run) {
    double now = run->choice.costs[run->present], then = run->choice.costs[run->choice.best];
    struct text headings[3] = {TEXT_INIT, TEXT_INIT, TEXT_INIT}, month = TEXT_INIT;
    text_append_format(&headings[0], "%g MB, now (%s)", run->present_memory_mb, run->currency);
    text_append_format(&headings[1], "%g MB (%s)", run->choice.memory_sizes[run->choice.best], run->currency);
    text_append_format(&headings[2], "saved (%s)", run->currency);
    const struct html_column columns[] = {{"cost of", false},
                                          {text_string(&headings[0]), true},
                                          {text_string(&headings[1]), true},
                                          {text_string(&headings[2]), true}};
    struct html_table table;
    html_table_open(&table, out, "Saving of the chosen size, without the price of the requests", columns, 4);
    append_saving(&table, "an invocation", now, then);
    append_saving(&table, "a million invocations", now * 1e6, then * 1e6);
    double rate = run->invocations_per_month;
    if (rate > 0) {
        text_append_string(&month, "a month of ");
        html_count(&month, rate);
        text_append_string(&month, " invocations");
        append_saving(&table, text_string(&month), now * rate, then * rate);
    }
    html_table_close(&table);
    for (size_t i = 0; i < 3; i++)
        text_release(&headings[i]);
    text_release(&month);
}

void section_summary(struct text *out, const struct report_run *run) {
    struct text sentence = TEXT_INIT;
    append_sentence(&sentence, run);
    text_append_string(out, "<p class=\"sentence\">");
    html_text(out, text_string(&sentence));
    text_append_string(out, "</p>\n");
    text_release(&sentence);
    if (!run->choice.count)
        return;
    append_tiles(out, run);
    append_second(out, run);
    if (run->present != SIZE_MAX && run->present != run->choice.best)
        append_savings(out, run);
}
