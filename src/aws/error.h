/* Reads the error of a response, and decides whether another try may help. */
#ifndef AWS_ERROR_H
#define AWS_ERROR_H

#include "aws/http.h"
#include "util/text.h"

#include <stdbool.h>
#include <stdint.h>

/* Appends the error's code, message and reason, from the headers and the body (JSON, or XML from S3 and STS).
 * Appends nothing for a part that the response lacks. Only the first line of the message is used, because AWS
 * may quote the request, with its secrets, on the following lines. The three texts must be empty. */
void aws_read_error(const struct http_transfer *transfer, struct text *code, struct text *message,
                    struct text *reason);

/* True when this error means that there are too many requests, and to try later. Source:
 * botocore/retries/standard.py. */
bool aws_is_throttling(long status, const char *code);

/* True when the error is not about the request, so that the same request may succeed in a moment: every 5xx,
 * and the errors that botocore calls transient. The request may or may not have been carried out. */
bool aws_is_transient(long status, const char *code);

/* The delay that Retry-After (seconds or a date) or x-amz-retry-after (ms) asks for, in ms; 0 without one. */
int64_t aws_retry_after(const struct http_transfer *transfer);

#endif
