/* A complete log message: the text of a line, of a member of a JSON object, or of a column of a table. */
#ifndef LOGPARSE_MESSAGE_H
#define LOGPARSE_MESSAGE_H

#include "logparse/deferred.h"

#include <stdbool.h>

struct log_context {
    struct log_sink *sink;
    struct log_deferred *deferred;
    int depth; /* number of messages that contain this one */
};

/* Finds the reports in `message` and defers them. The message may begin with prefixes, be a JSON document, or
 * be several lines of a log of which the first is the platform's. */
void log_message(struct log_context *context, struct span message);

/* Notes the invocation whose id is before the words at `at`, not before `floor`, as one that ended badly. */
void log_message_ending(struct log_context *context, const char *floor, const char *at, const char *end);

/* Defers the last report of an invocation's log tail. `token` is the string that holds it, in base64 or
 * decoded. */
void log_message_tail(struct log_context *context, struct span token);

/* Finds platform.report objects inside a line of text and defers them, except those that begin before `from`,
 * which were processed before. Returns the end of the last one found, or `from`. */
const char *log_message_embedded(struct log_context *context, struct span line, const char *from);

/* True when the text before `report` in its line is a prefix of LocalStack: it ends in "[NAME-ID] " with the
 * request id of the report. */
bool log_message_localstack(const char *line, const char *report, const char *end);

/* True when a field follows the request id of the report at `report`: it is more than words about a report. */
bool log_message_is_report(const char *report, const char *end);

/* True when `message` contains the beginning of a report. Other messages can be skipped. */
bool log_message_may_report(struct span message);

#endif
