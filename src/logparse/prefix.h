/* Prefixes that tools put before a log message: times, log groups and streams, container names, table
 * columns.
 *
 * Any sequence of prefixes may come before a message; the message begins at the first thing that is not one
 * of them. */
#ifndef LOGPARSE_PREFIX_H
#define LOGPARSE_PREFIX_H

#include "tune/measurement.h"

#include <stdbool.h>

/* A form of a log, for people: what it is, and an example of it, in which REPORT is a report. Escapes are those
 * of %b of printf(1). */
struct log_form_example {
    const char *form, *example;
};

/* The kinds of prefixes, each with an example; the last has no name. The example of one that needs an object has
 * REPORT in it. */
extern const struct log_form_example log_prefix_examples[];

struct log_prefix {
    struct origin origin; /* as far as the prefixes give it; the spans point into the line */
    bool function_line;   /* a level in brackets was found: the function logged the rest of the line */
};

/* Skips the prefixes from `at`, the start of a line, at most to `end`. Sets `*prefix`; returns the end of the
 * prefixes. */
const char *log_prefix_skip(const char *at, const char *end, struct log_prefix *prefix);

/* True when the line from `line`, whose prefixes end at `at`, has the form in which the runtimes write what a
 * function logs: time TAB id TAB LEVEL TAB. */
bool log_prefix_is_function_line(const char *line, const char *at, const char *end);

/* True when the words from `at` to `end` begin with the level of a logger in brackets, or before a bar. */
bool log_prefix_is_level(const char *at, const char *end);

/* The function's name in the name of a log group, "/aws/lambda/NAME"; `start` is NULL for other groups. */
struct span log_group_function(struct span group);

/* The function's name in the name of a log stream of a shared log group, 2024/05/01/NAME[$LATEST]ab...;
 * `start` is NULL for other streams. Source: AWS Lambda Developer Guide, "Configuring CloudWatch log
 * groups". */
struct span log_stream_function(struct span stream);

/* Finds the start of a JSON object over several lines that begins after a prefix, as `sam logs` prints it:
 *
 *     2024/05/01/[$LATEST]9c1e 2024-05-01T10:00:00.000000 {
 *       "time": "2024-05-01T10:00:00.000Z",
 *       "type": "platform.report",
 *
 * The first line does not show that a report follows, so the search goes backward from a later line. `line`
 * is the start of that line, and not the first of the text. Returns the start of the line that opens the
 * object, not before `floor`; NULL when there is none. Sets `*bracket` to the start of the object, and
 * `*prefix` to what precedes it. */
const char *log_opening(const char *floor, const char *line, const char **bracket, struct log_prefix *prefix);

#endif
