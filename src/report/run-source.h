/* Where the records of a report come from: files and standard input, run directories, and the links of
 * results. */
#ifndef REPORT_RUN_SOURCE_H
#define REPORT_RUN_SOURCE_H

#include "report/run.h"

/* Reads the source that `path` names and adds a run for each function in it:
 *   -, a file       records (plan, stats, failures, measurements) and the result of pt-pick
 *   a directory     a run directory of power-tune
 *   http://, https://  a link with a result in its fragment, which is not fetched
 * False when something is wrong; that was reported. */
bool source_read(const char *path, struct report_runs *runs);

#endif
