/* The sections of the page, each a run of HTML. They work without JavaScript; where a chart is to be drawn
 * they have an empty canvas, which share/report/report.js fills from the data of chartdata.h. `index` numbers
 * the runs of a page from 0, so that each heading has an id of its own. */
#ifndef REPORT_INTERNAL_H
#define REPORT_INTERNAL_H

#include "report/run.h"
#include "util/text.h"

/* What was chosen, in a sentence, and what it saves: per invocation, per million, per month when the rate is
 * known. */
void section_summary(struct text *out, const struct report_run *run);

/* The same sentence alone, without markup: for titles. */
void section_sentence(struct text *out, const struct report_run *run);

/* Cost and duration of every size: chart and table; and the sizes that are out, with their reasons. */
void section_figures(struct text *out, const struct report_run *run, size_t index);

/* How much the durations of a size spread: percentiles, and a histogram of each where the measurements are
 * there. */
void section_spread(struct text *out, const struct report_run *run, size_t index);

/* Cold and warm starts apart; nothing when the records do not tell them apart. */
void section_starts(struct text *out, const struct report_run *run, size_t index);

/* The function, the input, the prices and the tool. */
void section_details(struct text *out, const struct report_run *run, size_t index,
                     const struct report_settings *settings);

/* Every other run against the first: charts of all, and a table of differences for each. */
void section_comparison(struct text *out, const struct report_runs *runs);

/* ---- parts of them ---- */

/* Appends a canvas with its place in a figure, to be filled by the script: `kind` tells it with what, `index`
 * of which run. `label` is what a screen reader says of it. */
void section_chart(struct text *out, const char *kind, size_t index, const char *label);

/* "the cheapest", ... */
const char *section_strategy_words(enum strategy strategy);

#endif
