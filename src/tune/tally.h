/* How often each of a few names was met: error types, reasons.
 *
 * The order in which names are added cannot be seen in it. */
#ifndef TUNE_TALLY_H
#define TUNE_TALLY_H

#include "util/span.h"
#include "util/text.h"

#include <stdint.h>

struct tally_entry {
    char *name; /* owned; the text of a JSON string token */
    uint64_t count;
};

struct tally {
    struct tally_entry *list; /* owned; sorted by name */
    size_t count, capacity;
};

/* `name` is a JSON string token. */
void tally_add(struct tally *tally, struct span name, uint64_t count);
void tally_merge(struct tally *tally, const struct tally *from);

/* Appends ,"member":{"name":count,...} to an object; `quoted`: the counts as strings of digits. */
void tally_put(struct text *out, const char *member, const struct tally *tally, bool quoted);

void tally_close(struct tally *tally);

#endif
