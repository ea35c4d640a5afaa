/* What stands percent-encoded in the target of a request. */
#ifndef SERVE_QUERY_H
#define SERVE_QUERY_H

#include "util/span.h"
#include "util/text.h"

/* Appends `text` with its percent-encoding taken off; false when an escape is broken or stands for a NUL. */
bool percent_decode(struct span text, struct text *out);

/* Appends the value of the query parameter `name`; false when it is not there. */
bool query_parameter(struct span query, const char *name, struct text *value);

#endif
