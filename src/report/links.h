/* Links to the page that draws results for the original. */
#ifndef REPORT_LINKS_H
#define REPORT_LINKS_H

#include "report/run.h"

/* Appends the link of a run: that of its result or the one that it came from, unless the settings have
 * another page; else one made from its figures. Nothing when it has none. */
void link_append(struct text *out, const struct report_run *run, const struct report_settings *settings);

/* Appends the link that compares two runs, which both have figures. */
void link_append_comparison(struct text *out, const struct report_run *first, const struct report_run *second,
                            const struct report_settings *settings);

#endif
