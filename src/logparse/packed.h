/* Log events as a subscription hands them to a function or a stream: JSON, gzip, base64 in a string. */
#ifndef LOGPARSE_PACKED_H
#define LOGPARSE_PACKED_H

#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>

/* More than any subscription sends: what unpacks to more is not unpacked. */
enum { MAX_LOG_PACKED = 8 * 1024 * 1024 };

/* True when `string`, the inside of a JSON string, begins as gzip in base64 does. */
bool log_is_packed(struct span string);

/* True when `line` begins as the events of functions that subscribe to logs do; seen from outside it has no
 * report. */
bool log_line_may_be_packed(struct span line);

/* Appends what it holds to `out`. False when it is broken or too much; `out` then ends in nothing of use. */
bool log_unpack(struct span string, struct text *out);

#endif
