/* The sections of the page, each appended as HTML. They work without JavaScript: each chart is an empty
 * canvas that share/report/report.js fills from the data of chartdata.h. `index` numbers the runs of a
 * page from 0, so that each heading has a unique id. */
#ifndef REPORT_INTERNAL_H
#define REPORT_INTERNAL_H

#include "report/run.h"
#include "util/text.h"

/* A sentence with the chosen size, and its saving per invocation, per million, and per month when the rate
 * is known. */
void section_summary(struct text *out, const struct report_run *run);

/* Cost and duration of every size, as chart and table, and the excluded sizes with their reasons. */
void section_figures(struct text *out, const struct report_run *run, size_t index);

/* The spread of the durations of each size: percentiles, and a histogram when the run has single
 * measurements. */
void section_spread(struct text *out, const struct report_run *run, size_t index);

/* Cold and warm starts separately; nothing when the run has no cold starts. */
void section_starts(struct text *out, const struct report_run *run, size_t index);

/* The function, the input, the prices and the tool. */
void section_details(struct text *out, const struct report_run *run, size_t index,
                     const struct report_settings *settings);

/* Compares every other run with the first: charts of all runs, and a table of differences for each. */
void section_comparison(struct text *out, const struct report_runs *runs);

/* ---- parts of them ---- */

/* Appends a figure with a canvas for the script: `kind` selects the chart and `index` the run. `label`
 * describes the chart to screen readers. */
void section_chart(struct text *out, const char *kind, size_t index, const char *label);

/* "the cheapest", "the fastest" or "the best balance of cost and speed". */
const char *section_strategy_words(enum strategy strategy);

#endif
