/* What the error of an answer says, and whether another try may help. */
#ifndef AWS_ERROR_H
#define AWS_ERROR_H

#include "aws/http.h"
#include "util/text.h"

#include <stdbool.h>
#include <stdint.h>

/* The error of an answer: its code, message and reason, from the headers and the body (JSON, or XML as S3 and
 * STS have it). Appends nothing that the answer does not have. Of the message only the first line is taken:
 * behind it AWS may quote the request, with its secrets. The three texts are empty before. */
void aws_read_error(const struct http_transfer *transfer, struct text *code, struct text *message,
                    struct text *reason);

/* True when this error means: too many calls at once, try later. Source: botocore/retries/standard.py. */
bool aws_is_throttling(long status, const char *code);

/* True when it says nothing of the request, and the same one may succeed in a moment: every 5xx, and what
 * botocore calls transient. Whether the request was carried out is not known then. */
bool aws_is_transient(long status, const char *code);

/* What Retry-After (seconds, or a date) or x-amz-retry-after (ms) asks for, in ms; 0 without one. */
int64_t aws_retry_after(const struct http_transfer *transfer);

#endif
