/* What tools put in front of a log message: times, log groups and streams, names of containers, the columns
 * of a table.
 *
 * Any sequence of these may stand there; the first thing that is none of them is where the message begins. */
#ifndef LOGPARSE_PREFIX_H
#define LOGPARSE_PREFIX_H

#include "tune/measurement.h"

#include <stdbool.h>

struct log_prefix {
    struct origin origin; /* what the prefixes told; the spans point into the line */
    bool users; /* a level in brackets stood there: the rest of the line is the function's own words */
};

/* Steps over prefixes from `at`, the start of a line, at most to `end`; returns where they stop. */
const char *log_prefix_skip(const char *at, const char *end, struct log_prefix *prefix);

/* True when the line that begins at `line` and whose prefixes stop at `at` has the form in which the runtimes
 * write a function's own lines: time TAB id TAB LEVEL TAB. */
bool log_prefix_users(const char *line, const char *at, const char *end);

/* The function's name in the name of its log group, "/aws/lambda/NAME"; absent when it is none. */
struct span log_group_function(struct span group);

/* The same in the name of a log stream of a group that functions share, 2024/05/01/NAME[$LATEST]ab...; absent
 * in others. Source: Lambda's developer guide, "Configuring CloudWatch log groups". */
struct span log_stream_function(struct span stream);

/* JSON objects over several lines may begin behind a prefix, as `sam logs` prints them:
 *
 *     2024/05/01/[$LATEST]9c1e 2024-05-01T10:00:00.000000 {
 *       "time": "2024-05-01T10:00:00.000Z",
 *       "type": "platform.report",
 *
 * The first line tells nothing, so it is looked for when a later line does. Of a line that begins at `line`,
 * behind another one: the start of the line that opens the object which it may be inside of, not before
 * `floor`; NULL when there is none. `*bracket` is where the object begins, and `*prefix` what stands before
 * it. */
const char *log_opening(const char *floor, const char *line, const char **bracket, struct log_prefix *prefix);

#endif
