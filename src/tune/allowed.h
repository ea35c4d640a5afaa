/* The error types that count as a normal result: allowedExceptions. */
#ifndef TUNE_ALLOWED_H
#define TUNE_ALLOWED_H

#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>

struct allowed {
    struct text names; /* each between newlines */
};

/* Adds the names in `names`, separated by commas; or those in a JSON array of strings (other values add
 * nothing). */
void allowed_add(struct allowed *allowed, const char *names);
void allowed_add_json(struct allowed *allowed, struct span array);

/* True when the error type, a JSON string token or absent, is among them. */
bool allowed_has(const struct allowed *allowed, struct span error_type);

void allowed_close(struct allowed *allowed);

#endif
