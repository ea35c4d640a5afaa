/* CloudWatch Logs: the one operation that fetching stored logs needs.
 *
 * Source: CloudWatch Logs' service model (API version 2014-03-28): JSON 1.1, POST /, the operation named in
 * X-Amz-Target. Answers are not read with jansson but with util/json.h, which takes every string that JSON
 * can hold. */
#ifndef AWS_LOGS_H
#define AWS_LOGS_H

#include "aws/client.h"
#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>
#include <stdint.h>

/* Which events are wanted. */
struct logs_query {
    const char *group;
    const char *pattern;      /* CloudWatch's filter pattern */
    int64_t start_ms, end_ms; /* of the events' timestamps, since 1970; both are included */
};

/* One page of FilterLogEvents: `*events` is the array of them, inside `answer->body`. `token` is the page's,
 * empty for the first, and becomes the next page's, empty behind the last. Pages may be empty though others
 * follow. False when the call failed: `response` says how. */
bool logs_filter_page(struct aws_client *client, const struct logs_query *query, struct text *token,
                      struct aws_response *response, struct span *events);

#endif
