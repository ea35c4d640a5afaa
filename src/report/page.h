/* The whole page: one HTML file that needs nothing else.
 *
 * Its parts lie in share/report: report.html, with a slot {{name}} for each of the others; report.css;
 * report.js; and chart.js, which the build takes from Debian's libjs-chart.js. Nothing but these scripts runs
 * in it: its content security policy names them by their hashes and allows nothing else, no request either.
 */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "report/run.h"

/* Appends the page. False when a part of it cannot be read; that was reported. */
bool page_append(struct text *out, const struct report_runs *runs, const struct report_settings *settings);

#endif
