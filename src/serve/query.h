/* What stands percent-encoded in the target of a request. */
#ifndef SERVE_QUERY_H
#define SERVE_QUERY_H

#include "util/span.h"
#include "util/text.h"

/* False when an escape in `text` is broken or stands for a NUL. */
bool percent_is_valid(struct span text);

/* Appends `text` with its percent-encoding taken off; false when it is not valid. */
bool percent_decode(struct span text, struct text *out);

/* Appends the value of the query parameter `name`; false when it is not there. */
bool query_parameter(struct span query, const char *name, struct text *value);

/* True when each parameter is one of `names`, written so, and none comes twice; `count` is at most 32. */
bool query_has_only(struct span query, const char *const *names, size_t count);

#endif
