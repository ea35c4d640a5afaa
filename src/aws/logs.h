/* CloudWatch Logs: FilterLogEvents, which fetches stored logs.
 *
 * Source: CloudWatch Logs' service model (API version 2014-03-28): JSON 1.1, POST /, the operation named in
 * X-Amz-Target. */
#ifndef AWS_LOGS_H
#define AWS_LOGS_H

#include "aws/client.h"
#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>
#include <stdint.h>

/* The events to fetch. */
struct logs_query {
    const char *group;
    const char *pattern;      /* CloudWatch's filter pattern */
    int64_t start_ms, end_ms; /* range of the events' timestamps, since 1970, both inclusive */
};

/* Fetches one page of FilterLogEvents. `*events` becomes the array of events, inside `response->body`.
 * `token` is the token of the page (empty for the first) and becomes the token of the next page (empty after
 * the last). A page may be empty although others follow. False when the request failed: see `response`. */
bool logs_filter_page(struct aws_client *client, const struct logs_query *query, struct text *token,
                      struct aws_response *response, struct span *events);

#endif
