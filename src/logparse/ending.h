/* Invocations that ended badly. Before 2023 a report did not say so; the platform wrote a line of its own:
 *
 *     2016-04-14T23:52:45.715Z ID Task timed out after 120.00 seconds
 *     RequestId: ID Error: Runtime exited with error: signal: killed
 *     RequestId: ID Process exited before completing request
 *
 * before or after the report of the id. The measurement gets the status that the report would have today. */
#ifndef LOGPARSE_ENDING_H
#define LOGPARSE_ENDING_H

#include "util/text.h"

enum { LOG_ENDINGS = 32, LOG_ENDING_ID = 36 };

struct log_ending {
    char id[LOG_ENDING_ID];
    const char *status; /* static */
    unsigned left;      /* the number of measurements after which it is forgotten */
};

/* Endings whose measurement has not come yet. All zeros: none. */
struct log_endings {
    struct log_ending entries[LOG_ENDINGS];
    size_t count;
};

/* The id before the words at `at` of such a line; NULL for other words. Reads nothing before `floor`. Sets
 * `*status`. */
const char *log_ending_id(const char *floor, const char *at, const char *end, const char **status);

/* Gives the last measurement of `id` in `records` the status, unless it has one; if there is none, keeps the
 * ending for a later one. */
void log_endings_add(struct log_endings *endings, const char *id, const char *status, struct text *records);

/* Gives the measurement that was just appended to `records`, at `start`, the status of its ending, if one was
 * kept. */
void log_endings_apply(struct log_endings *endings, struct text *records, size_t start);

#endif
