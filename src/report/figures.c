#include "report/internal.h"

#include "report/html.h"
#include "util/json.h"

#include <math.h>
#include <stdint.h>

void section_chart(struct text *out, const char *kind, size_t index, const char *label) {
    text_append_format(out,
                       "<figure class=\"chart\" data-chart=\"%s\" data-run=\"%zu\" hidden>"
                       "<div class=\"legend\" role=\"group\" aria-label=\"What the chart shows\"></div>"
                       "<div class=\"canvas\"><canvas role=\"img\" aria-label=\"",
                       kind, index);
    html_text(out, label);
    text_append_string(out, "\"></canvas></div></figure>\n");
}

/* ---- the table ---- */

/* The probability that the size is the best. */
static double probability_of(const struct report_run *run, double memory_mb) {
    for (size_t i = 0; i < run->choice.count && run->confidence.known; i++)
        if (run->choice.memory_sizes[i] == memory_mb)
            return run->confidence.probabilities[i];
    return (double)NAN;
}

static void append_reason(struct text *reason, const struct report_run *run, const struct memory_size *size) {
    if (!report_run_excluded(run, size->stat.memory_mb, reason) && (size_is_excluded(size) || size->failing))
        size_reason(reason, &run->sizes, size);
}

static void append_note(struct text *note, const struct report_run *run, const struct memory_size *size,
                        bool chosen) {
    struct text reason = TEXT_INIT;
    append_reason(&reason, run, size);
    if (chosen)
        text_append_string(note, "chosen");
    if (size->stat.memory_mb == run->present_memory_mb)
        text_append_format(note, "%snow", note->length ? ", " : "");
    if (reason.length)
        text_append_format(note, "%sleft out: ", note->length ? ", " : "");
    text_append(note, text_string(&reason), reason.length);
    text_release(&reason);
}

static void append_change(struct html_table *table, double then, double now) {
    html_cell_open(table);
    html_change(table->out, then, now);
    html_cell_close(table);
}

static double count_of(const struct memory_size *size, const char *name) {
    double count = report_figure(size, name, NULL);
    return isnan(count) ? 0 : count;
}

/* The columns that a run has beyond the averages; a link has only averages. */
struct extent {
    bool present, requests, probabilities, counts;
};

static struct extent extent_of(const struct report_run *run) {
    if (!run->choice.count)
        return (struct extent){0};
    const struct memory_size *size = report_run_size(run, 0);
    return (struct extent){
        run->present != SIZE_MAX, !isnan(report_figure(size, "costOfMillionWithRequests", NULL)),
        !isnan(probability_of(run, size->stat.memory_mb)), !isnan(report_figure(size, "count", NULL))};
}

static void append_figures(struct html_table *table, const struct report_run *run,
                           const struct memory_size *size, const struct extent *extent) {
    const struct choice *choice = &run->choice;
    html_cell_number(table, size->duration, 2);
    if (extent->present)
        append_change(table, choice->durations[run->present], size->duration);
    html_cell_price(table, size->cost * 1e6);
    if (extent->present)
        append_change(table, choice->costs[run->present], size->cost);
    if (extent->requests)
        html_cell_price(table, report_figure(size, "costOfMillionWithRequests", NULL));
    if (extent->probabilities)
        html_cell_number(table, 100 * probability_of(run, size->stat.memory_mb), 0);
    if (!extent->counts)
        return;
    html_cell_number(table, report_figure(size, "count", NULL), 0);
    html_cell_number(table, count_of(size, "failed") + count_of(size, "lost") + count_of(size, "noReport"),
                     0);
    html_cell_number(table, report_figure(size, "maxMemoryUsedMB", NULL), 0);
}

static void append_row(struct html_table *table, const struct report_run *run, const struct memory_size *size,
                       const struct extent *extent) {
    bool out = size_is_excluded(size);
    bool chosen = !out && size->stat.memory_mb == run->choice.memory_sizes[run->choice.best];
    struct text note = TEXT_INIT;
    append_note(&note, run, size, chosen);
    html_row_open(table, out ? "out" : chosen ? "chosen" : NULL);
    html_cell_number(table, size->stat.memory_mb, 0);
    if (!out)
        append_figures(table, run, size, extent);
    html_cell_rest(table, text_string(&note));
    html_row_close(table);
    text_release(&note);
}

static void append_table(struct text *out, const struct report_run *run) {
    struct text cost = TEXT_INIT, with_requests = TEXT_INIT;
    struct extent extent = extent_of(run);
    text_append_format(&cost, "cost of a million (%s)", run->currency);
    text_append_format(&with_requests, "with requests (%s)", run->currency);
    const struct {
        bool shown;
        struct html_column column;
    } wanted[] = {{true, {"memory (MB)", true}},
                  {true, {"average (ms)", true}},
                  {extent.present, {"against now", true}},
                  {true, {text_string(&cost), true}},
                  {extent.present, {"against now", true}},
                  {extent.requests, {text_string(&with_requests), true}},
                  {extent.probabilities, {"best with (%)", true}},
                  {extent.counts, {"measured", true}},
                  {extent.counts, {"failed or lost", true}},
                  {extent.counts, {"memory used (MB)", true}},
                  {true, {"note", false}}};
    struct html_column columns[sizeof wanted / sizeof *wanted];
    size_t count = 0;
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (wanted[i].shown)
            columns[count++] = wanted[i].column;
    struct html_table table;
    html_table_open(&table, out, "Duration and cost of each memory size", columns, count);
    for (size_t i = 0; i < run->sizes.count; i++)
        append_row(&table, run, &run->sizes.list[i], &extent);
    html_table_close(&table);
    text_release(&cost);
    text_release(&with_requests);
}

void section_figures(struct text *out, const struct report_run *run, size_t index) {
    text_append_format(out, "<section aria-labelledby=\"figures-%zu\">\n<h2 id=\"figures-%zu\">", index,
                       index);
    text_append_string(out, "Cost and duration</h2>\n");
    section_chart(
        out, "figures", index,
        "Chart of average duration and cost of a million invocations against memory. The table below "
        "has the same figures.");
    append_table(out, run);
    text_append_string(out, "</section>\n");
}
