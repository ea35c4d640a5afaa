/* The error types that count as a normal result (the input's allowedExceptions). */
#ifndef TUNE_ALLOWED_H
#define TUNE_ALLOWED_H

#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>

struct allowed {
    struct text names; /* each name between newlines */
};

/* allowed_add adds the names in `names`, separated by commas; allowed_add_json adds the strings of a JSON
 * array and ignores other values. */
void allowed_add(struct allowed *allowed, const char *names);
void allowed_add_json(struct allowed *allowed, struct span array);

/* True when `error_type`, a JSON string token or absent, is one of them. */
bool allowed_has(const struct allowed *allowed, struct span error_type);

void allowed_close(struct allowed *allowed);

#endif
