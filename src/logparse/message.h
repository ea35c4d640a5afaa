/* One log message that is there whole: the text of a line, of a member of a JSON object, of a column of a
 * table. */
#ifndef LOGPARSE_MESSAGE_H
#define LOGPARSE_MESSAGE_H

#include "logparse/deferred.h"

#include <stdbool.h>

struct log_context {
    struct log_sink *sink;
    struct log_deferred *pending;
    int depth; /* of messages inside messages */
};

/* Finds the report in `message`, which may have prefixes in front, be a JSON document, or several lines of a
 * log that begin with one of the platform's, and adds it to the pending ones. */
void log_message(struct log_context *context, struct span message);

/* Finds the platform.report objects in a line of text; those that begin before `from` were met already.
 * Returns where the last one that was found ends, or `from`. */
const char *log_message_glued(struct log_context *context, struct span line, const char *from);

/* True when what stands before `report` in its line is LocalStack's: it ends in "[NAME-ID] " with the
 * report's own id. */
bool log_message_localstack(const char *line, const char *report, const char *end);

/* True when `message` has the word of a report somewhere: others need no closer look. */
bool log_message_may_report(struct span message);

#endif
