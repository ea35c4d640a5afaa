#include "report/internal.h"

#include "report/html.h"
#include "tune/record.h"

#include <math.h>

/* ---- percentiles ---- */

/* The 95 % interval of the average duration: from the confidence of the whole curve, otherwise from the
 * stat record. */
static bool interval_of(const struct report_run *run, size_t index, double interval[2]) {
    if (run->confidence.known) {
        interval[0] = run->confidence.lows[index];
        interval[1] = run->confidence.highs[index];
        return true;
    }
    return record_interval(span_of(report_run_size(run, index)->object), "durationMs", "trimmedMeanInterval",
                           interval);
}

static void append_interval(struct html_table *table, const struct report_run *run, size_t index) {
    double interval[2];
    html_cell_open(table);
    if (interval_of(run, index, interval))
        text_append_format(table->out, "%.2f to %.2f", interval[0], interval[1]);
    else
        text_append_string(table->out, "<span class=\"none\">too few</span>");
    html_cell_close(table);
}

static void append_percentiles(struct text *out, const struct report_run *run) {
    static const struct html_column columns[] = {
        {"memory (MB)", true},    {"fastest (ms)", true},
        {"p50 (ms)", true},       {"p90 (ms)", true},
        {"p95 (ms)", true},       {"p99 (ms)", true},
        {"p99.9 (ms)", true},     {"slowest (ms)", true},
        {"deviation (ms)", true}, {"average, 95 % interval (ms)", true}};
    static const char *const members[] = {"min", "p50",   "p90", "p95",
                                          "p99", "p99.9", "max", "standardDeviation"};
    struct html_table table;
    html_table_open(&table, out, "Spread of the durations, cold starts included", columns,
                    sizeof columns / sizeof *columns);
    for (size_t i = 0; i < run->choice.count; i++) {
        const struct memory_size *size = report_run_size(run, i);
        html_row_open(&table, i == run->choice.best ? "chosen" : NULL);
        html_cell_number(&table, size->stat.memory_mb, 0);
        for (size_t k = 0; k < sizeof members / sizeof *members; k++)
            html_cell_number(&table, report_figure(size, "durationMs", members[k]), 2);
        append_interval(&table, run, i);
        html_row_close(&table);
    }
    html_table_close(&table);
}

/* ---- histograms ---- */

static void append_histogram(struct text *out, const struct report_run *run, double memory_mb, size_t index) {
    const struct group *group = report_run_group(run, memory_mb);
    struct text label = TEXT_INIT;
    unsigned long long warm = group->warm_duration.count, cold = group->cold_duration.count;
    text_append_format(&label, "%g MB: %llu warm", memory_mb, warm);
    if (cold)
        text_append_format(&label, ", %llu cold", cold);
    text_append_format(
        out,
        "<figure class=\"histogram\" data-chart=\"histogram\" data-run=\"%zu\" data-power=\"%g\">"
        "<figcaption>%s</figcaption><div class=\"canvas\"><canvas role=\"img\" "
        "aria-label=\"Histogram of the durations at %s starts\"></canvas></div></figure>\n",
        index, memory_mb, text_string(&label), text_string(&label));
    text_release(&label);
}

static void append_histograms(struct text *out, const struct report_run *run, size_t index) {
    bool any = false;
    for (size_t i = 0; i < run->choice.count; i++) {
        if (!report_run_group(run, run->choice.memory_sizes[i]))
            continue;
        if (!any)
            text_append_string(out, "<div class=\"histograms\" hidden>\n<h3>Histograms of the "
                                    "durations</h3>\n<p class=\"key\"></p>\n<div class=\"grid\">\n");
        any = true;
        append_histogram(out, run, run->choice.memory_sizes[i], index);
    }
    if (any)
        text_append_string(out, "</div></div>\n");
}

static bool has_percentiles(const struct report_run *run) {
    for (size_t i = 0; i < run->choice.count; i++)
        if (!isnan(report_figure(report_run_size(run, i), "durationMs", "p50")))
            return true;
    return false;
}

void section_spread(struct text *out, const struct report_run *run, size_t index) {
    if (!has_percentiles(run))
        return;
    text_append_format(out, "<section aria-labelledby=\"spread-%zu\">\n<h2 id=\"spread-%zu\">", index, index);
    text_append_string(out, "Spread</h2>\n");
    append_percentiles(out, run);
    append_histograms(out, run, index);
    text_append_string(out, "</section>\n");
}

/* ---- cold and warm ---- */

static void append_start_row(struct html_table *table, const struct memory_size *size) {
    html_row_open(table, NULL);
    html_cell_number(table, size->stat.memory_mb, 0);
    for (int cold = 0; cold < 2; cold++) {
        const char *kind = cold ? "cold" : "warm";
        double count = report_figure(size, kind, "count");
        html_cell_number(table, isnan(count) ? 0 : count, 0);
        html_cell_number(table, report_figure(size, kind, "averageDuration"), 2);
        html_cell_price(table, 1e6 * report_figure(size, kind, "averagePrice"));
    }
    html_cell_number(table, report_figure(size, "initDurationMs", "mean"), 2);
    html_row_close(table);
}

static bool has_cold_starts(const struct report_run *run) {
    for (size_t i = 0; i < run->choice.count; i++)
        if (report_figure(report_run_size(run, i), "cold", "count") > 0)
            return true;
    return false;
}

void section_starts(struct text *out, const struct report_run *run, size_t index) {
    struct text price[2] = {TEXT_INIT, TEXT_INIT};
    if (!has_cold_starts(run))
        return;
    text_append_format(&price[0], "warm, a million (%s)", run->currency);
    text_append_format(&price[1], "cold, a million (%s)", run->currency);
    const struct html_column columns[] = {{"memory (MB)", true},          {"warm starts", true},
                                          {"warm, average (ms)", true},   {text_string(&price[0]), true},
                                          {"cold starts", true},          {"cold, average (ms)", true},
                                          {text_string(&price[1]), true}, {"init, mean (ms)", true}};
    struct html_table table;
    text_append_format(out, "<section aria-labelledby=\"starts-%zu\">\n<h2 id=\"starts-%zu\">", index, index);
    text_append_string(out, "Cold and warm starts</h2>\n");
    section_chart(
        out, "starts", index,
        "Chart of the average duration of warm and of cold starts at each memory size. The table below "
        "has the same figures.");
    html_table_open(&table, out, "Duration and cost of warm and cold starts", columns,
                    sizeof columns / sizeof *columns);
    for (size_t i = 0; i < run->choice.count; i++)
        append_start_row(&table, report_run_size(run, i));
    html_table_close(&table);
    text_append_string(out, "</section>\n");
    text_release(&price[0]);
    text_release(&price[1]);
}
