/* The figures of the charts, as JSON: everything is computed here, share/report/report.js only draws.
 *
 *   {"runs":[{"label","currency","present","chosen","durationTop",
 *             "sizes":[{"power","duration","cost","warm","cold","band":[low,p50,p90,p99]}],
 *             "bandOf":"warm starts"|"all starts",
 *             "out":[{"power","reason"}],
 *             "histograms":[{"power","bins":[[from,to,warm,cold],...]}]}]}
 *
 * "duration" is the average, "warm" and "cold" the averages of warm and cold starts, all in ms; "cost" is
 * the price of a million invocations. Members without a value are absent. */
#ifndef REPORT_CHARTDATA_H
#define REPORT_CHARTDATA_H

#include "report/run.h"
#include "util/text.h"

void chart_data_append(struct text *out, const struct report_runs *runs);

#endif
