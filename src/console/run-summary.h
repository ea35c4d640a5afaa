/* What the files of a run say of it, in a line for the list. */
#ifndef CONSOLE_RUN_SUMMARY_H
#define CONSOLE_RUN_SUMMARY_H

#include "console/runs.h"

/* Appends
 *     {"name":S,"phase":"running"|"succeeded"|"failed"|"stopped"|"killed"|"recovered","startedAt":S?,"endedAt":S?,
 *      "function":S?,"local":S?,"power":MB?,"recoverable":true?,"resumable":true?}
 * "killed" is a run that ended without saying how. */
void summary_append(const struct runs *runs, struct span run, struct text *out);

/* Appends the list of the newest runs, an array. */
void summary_append_list(const struct runs *runs, struct text *out);

#endif
