/* The whole page: one self-contained HTML file.
 *
 * Its parts are in share/report: report.html, which has a slot {{name}} for each of the other parts;
 * report.css; report.js; and chart.js, which the build takes from Debian's libjs-chart.js. The content
 * security policy of the page allows only these scripts, by their hashes, and no requests. */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "report/run.h"

/* Appends the page. Reports an error and returns false when a part of it cannot be read. */
bool page_append(struct text *out, const struct report_runs *runs, const struct report_settings *settings);

#endif
