/* Counts how often each of a few names occurs, such as error types or reasons. The order of additions has no
 * effect. */
#ifndef STATS_FREQUENCIES_H
#define STATS_FREQUENCIES_H

#include "util/span.h"
#include "util/text.h"

#include <stdint.h>

struct frequency {
    char *name; /* owned; the text of a JSON string token */
    uint64_t count;
};

struct frequencies {
    struct frequency *list; /* owned; sorted by name */
    size_t count, capacity;
};

/* Adds `count` to the frequency of `name`, a JSON string token. */
void frequencies_add(struct frequencies *names, struct span name, uint64_t count);

/* Adds all of `from`. */
void frequencies_merge(struct frequencies *names, const struct frequencies *from);

/* Appends ,"member":{"name":count,...} to an object. `quoted`: writes the counts as strings of digits. */
void frequencies_put(struct text *out, const char *member, const struct frequencies *names, bool quoted);

/* Releases the names. */
void frequencies_close(struct frequencies *names);

#endif
