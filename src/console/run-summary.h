/* Summarizes a run from its files. */
#ifndef CONSOLE_RUN_SUMMARY_H
#define CONSOLE_RUN_SUMMARY_H

#include "console/runs.h"

/* Appends the summary of a run, one JSON object:
 *
 *     {"name":S,"phase":P,"startedAt":S?,"endedAt":S?,"function":S?,"local":S?,"power":MB?,
 *      "recoverable":true?,"resumable":true?}
 *
 * P is "running", "succeeded", "failed", "stopped", "recovered" or "killed", which means that the run ended
 * without recording how. */
void summary_append(const struct runs *runs, struct span run, struct text *out);

/* Appends the summaries of the newest 200 runs, newest first, as a JSON array. */
void summary_append_list(const struct runs *runs, struct text *out);

#endif
