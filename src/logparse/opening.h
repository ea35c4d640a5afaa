/* JSON objects over several lines that begin behind a prefix, as `sam logs` prints them:
 *
 *     2024/05/01/[$LATEST]9c1e 2024-05-01T10:00:00.000000 {
 *       "time": "2024-05-01T10:00:00.000Z",
 *       "type": "platform.report",
 *
 * The first line tells nothing, so that it is looked for when a later one does. */
#ifndef LOGPARSE_OPENING_H
#define LOGPARSE_OPENING_H

#include "logparse/prefix.h"

/* Of a line that begins at `line`, behind another one: the start of the line that opens the object which it
 * may be inside of, not before `floor`; NULL when there is none. `*bracket` is where the object begins, and
 * `*prefix` what stands in front of it. */
const char *log_opening(const char *floor, const char *line, const char **bracket, struct log_prefix *prefix);

#endif
