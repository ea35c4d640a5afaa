/* The figures that the charts draw, as JSON: everything is computed here, share/report/report.js only draws.
 *
 *   {"runs":[{"label","currency","present","chosen","durationTop",
 *             "sizes":[{"power","duration","cost"(of a
 * million),"warm","cold"(averages),"band":[low,p50,p90,p99]}], "bandOf":"warm starts"|"all starts",
 *             "out":[{"power","reason"}],
 *             "histograms":[{"power","bins":[[from,to,warm,cold],...]}]}]}
 *
 * Members without a value are absent. */
#ifndef REPORT_CHARTDATA_H
#define REPORT_CHARTDATA_H

#include "report/run.h"
#include "util/text.h"

void chart_data_append(struct text *out, const struct report_runs *runs);

#endif
