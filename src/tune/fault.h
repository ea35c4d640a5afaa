/* Why an invocation failed: what its record says of it, and what a person is shown.
 *
 * The texts come from the function: they are bounded before they get into a record, and made safe before they
 * reach a terminal. */
#ifndef TUNE_FAULT_H
#define TUNE_FAULT_H

#include "util/span.h"
#include "util/text.h"

/* Bytes that a record keeps: the beginning of a type, a message, a stack and a payload, the end of a log. */
enum { FAULT_TYPE = 256, FAULT_MESSAGE = 4096, FAULT_STACK = 8192, FAULT_PAYLOAD = 4096, FAULT_LOG = 4096 };

enum fault_cause { FAULT_OTHER, FAULT_OUT_OF_MEMORY, FAULT_TIMED_OUT };

/* What an error type and a message tell; either may be "". A process that was killed was out of memory, as
 * long as it is not known that it had used far less than there was (both in MB; 0: not known). */
enum fault_cause fault_cause(const char *error_type, const char *message, double used_mb, double memory_mb);

/* The same of a failure record, or of an object with an `errorType` alone. */
enum fault_cause fault_cause_of_record(struct span record);

/* "outOfMemory", "timedOut": the `cause` of a record; NULL for any other. */
const char *fault_cause_name(enum fault_cause cause);

/* Appends ,"member":"text" with no more than the first `most` bytes of the text, and no part of a character;
 * fault_put_end with the last. Nothing when the text is empty. */
void fault_put_start(struct text *out, const char *member, struct span text, size_t most);
void fault_put_end(struct text *out, const char *member, struct span text, size_t most);

/* Appends the stack of an error object (https://docs.aws.amazon.com/lambda/latest/dg/ has one for each
 * runtime): its `stackTrace`, or `trace`, a line each, and those of its causes. */
void fault_append_stack(struct text *out, struct span error);

/* Reports what a failure or invocation record has of a failed invocation, on indented lines: its request id,
 * its payload, and a few lines of its stack and of its log. */
void fault_report(struct span record);

#endif
