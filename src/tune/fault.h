/* Why an invocation failed: what is recorded and what is shown.
 *
 * The texts come from the function. They are limited in length before they are recorded, and made safe before
 * they are shown on a terminal. */
#ifndef TUNE_FAULT_H
#define TUNE_FAULT_H

#include "util/span.h"
#include "util/text.h"

/* The maximum number of bytes that a record keeps: the beginning of a type, a message, a stack and a payload,
 * the end of a log. */
enum { FAULT_TYPE = 256, FAULT_MESSAGE = 4096, FAULT_STACK = 8192, FAULT_PAYLOAD = 4096, FAULT_LOG = 4096 };

enum fault_cause { FAULT_OTHER, FAULT_OUT_OF_MEMORY, FAULT_TIMED_OUT };

/* Classifies an error by its type and message (either may be ""). A process that was killed counts as out of
 * memory, unless `used_mb` and `memory_mb` (MB; 0: unknown) show that it used much less than it had. */
enum fault_cause fault_cause(const char *error_type, const char *message, double used_mb, double memory_mb);

/* The same for a failure record, or for an object that has only an `errorType`. */
enum fault_cause fault_cause_of_record(struct span record);

/* The `cause` of a record: "outOfMemory" or "timedOut"; NULL for any other cause. */
const char *fault_cause_name(enum fault_cause cause);

/* Append ,"member":"text" with at most `limit` bytes of the text: fault_put_start its first bytes,
 * fault_put_end its last. Characters are not split. Nothing is appended when the text is empty. */
void fault_put_start(struct text *out, const char *member, struct span text, size_t limit);
void fault_put_end(struct text *out, const char *member, struct span text, size_t limit);

/* Appends the stack trace of an error object (https://docs.aws.amazon.com/lambda/latest/dg/ shows one for
 * each runtime): its `stackTrace` or `trace`, one line per frame, then the stack traces of its causes. */
void fault_append_stack(struct text *out, struct span error);

/* Appends a JSON value on one line, a string without its quotes, made safe for a terminal: its first `limit`
 * bytes, and "..." if there are more. */
void fault_append_start(struct text *out, struct span value, size_t limit);

/* Appends the line "sent: ..." for the payload in the record of a dry run, if it has one. */
void fault_append_sent(struct text *out, struct span record);

/* Appends the details of a failed invocation from its failure or invocation record, a line for each: the
 * request id, the payload, and a few lines of the stack trace and the log. Lines of the function are not made
 * safe. */
void fault_append_details(struct text *out, struct span record);

/* Reports the same on indented lines of standard error. */
void fault_report(struct span record);

#endif
