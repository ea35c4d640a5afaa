/* Log events as CloudWatch Logs sends them to a subscribed function or stream: JSON in gzip in base64, in a
 * JSON string. */
#ifndef LOGPARSE_PACKED_H
#define LOGPARSE_PACKED_H

#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>

/* The maximum unpacked size in bytes; more than any subscription sends. */
enum { MAX_LOG_PACKED = 8 * 1024 * 1024 };

/* True when `string`, the content of a JSON string, begins like gzip in base64. */
bool log_is_packed(struct span string);

/* True when `line` begins like a document whose reports scan.h does not find: events with packed logs, or rows
 * of Logs Insights that have figures but no message. */
bool log_line_is_opaque(struct span line);

/* Unpacks `string` and appends the result to `out`. False when it is corrupt or larger than MAX_LOG_PACKED;
 * what was appended to `out` is then unspecified. */
bool log_unpack(struct span string, struct text *out);

#endif
