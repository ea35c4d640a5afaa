/* A measurement whose figures are in members or columns of their own, and not in a report:
 *
 *   - a row of Logs Insights with the fields @requestId, @duration, @billedDuration (ms), @memorySize,
 *     @maxMemoryUsed (bytes: 1.024E9 is 1024 MB) and possibly @initDuration. Source: Amazon CloudWatch Logs
 *     User Guide, "Supported logs and discovered fields".
 *   - an event of Lambda Insights, in embedded metric format, with event_type "performance", request_id,
 *     duration, billed_duration (ms), total_memory, used_memory_max (MB) and, after a cold start,
 *     init_duration. Source: Amazon CloudWatch User Guide, "Example telemetry event".
 *
 * A row collects the values as they come, in any order. */
#ifndef LOGPARSE_ROW_H
#define LOGPARSE_ROW_H

#include "logparse/deferred.h"
#include "logparse/member.h"
#include "util/text.h"

#include <stdbool.h>

enum { LOG_ROW_NUMBER = 40, LOG_ROW_NUMBERS = 5 };

/* Invariant: a row that is all zeros is empty. */
struct log_row {
    struct text text; /* owned: the values */
    struct {
        size_t start, length; /* in `text` */
    } values[LOG_MEMBERS];
    bool set[LOG_MEMBERS];
    bool figures; /* one of the members MEMBER_DURATION and following is set */
    char numbers[LOG_ROW_NUMBERS][LOG_ROW_NUMBER];
};

/* Prepares an empty row. */
void log_row_open(struct log_row *row);
/* Empties the row. */
void log_row_clear(struct log_row *row);
/* Releases the row, which is then empty. */
void log_row_release(struct log_row *row);

/* Copies the value of a member. The first value counts; an empty value is not kept. */
void log_row_set(struct log_row *row, enum log_member member, struct span value);

/* The value of a member; `start` is NULL when it is not set. Valid until the row changes. */
struct span log_row_value(const struct log_row *row, enum log_member member);

/* Defers the measurement that the figures are, or counts a report that cannot be read when some of them are
 * missing or wrong. Does nothing for a row that has none of an invocation. */
void log_row_defer(struct log_row *row, struct log_deferred *deferred, struct log_sink *sink);

/* What the row says about the origin of its report. Valid until the row changes. */
struct origin log_row_origin(const struct log_row *row);

#endif
