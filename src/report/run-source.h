/* Reads the sources of a report: files, standard input, run directories and visualization links. */
#ifndef REPORT_RUN_SOURCE_H
#define REPORT_RUN_SOURCE_H

#include "report/run.h"

/* Reads the source `path` and adds a run for each function in it:
 *   -, a file       records (plan, stats, failures, measurements) and the result of pt-pick
 *   a directory     a run directory of power-tune
 *   a link          http:// or https://, with a result in its fragment; it is not fetched
 * Reports an error and returns false when the source cannot be read or has no results. */
bool source_read(const char *path, struct report_runs *runs);

#endif
