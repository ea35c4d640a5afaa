/* Decodes the percent-encoded path and query parameters of a request. */
#ifndef SERVE_QUERY_H
#define SERVE_QUERY_H

#include "util/span.h"
#include "util/text.h"

/* False when `text` contains an invalid escape or an escaped NUL. */
bool percent_is_valid(struct span text);

/* Appends the decoded `text` to `out`. False when it is not valid. */
bool percent_decode(struct span text, struct text *out);

/* Appends the decoded value of the query parameter `name`. False when it is absent or not valid. */
bool query_parameter(struct span query, const char *name, struct text *value);

/* True when each parameter is one of `names`, without escapes, and none occurs twice. `count` is at most
 * 32. */
bool query_has_only(struct span query, const char *const *names, size_t count);

#endif
