/* Links to the page of aws-lambda-power-tuning, which draws results. */
#ifndef REPORT_LINKS_H
#define REPORT_LINKS_H

#include "report/run.h"

/* Appends the link of a run: the link that it was read from, or the link in its result. When there is
 * neither, or the settings name another page, makes a link from the figures. Appends nothing when the run
 * has no figures. */
void link_append(struct text *out, const struct report_run *run, const struct report_settings *settings);

/* Appends a link that compares two runs; both must have figures. */
void link_append_comparison(struct text *out, const struct report_run *first, const struct report_run *second,
                            const struct report_settings *settings);

#endif
