/* The set of reports already seen, for pt-logparse --distinct.
 *
 * Of each report, a hash of 128 bits over its request id and figures is stored: 16 bytes. In 10^18 reports,
 * two would be taken for one. */
#ifndef LOGPARSE_SEEN_H
#define LOGPARSE_SEEN_H

#include "tune/reportline.h"

#include <stdint.h>

struct seen_key {
    uint64_t high, low;
};

struct seen {
    struct seen_key *keys; /* owned: open addressing; both words 0: empty slot */
    size_t count, capacity;
};

/* The key of a report: its request id and the values of all its figures, independent of how they were
 * written. */
struct seen_key seen_key(const struct report *report);

/* Adds a key. False when it is in the set already. */
bool seen_add(struct seen *seen, struct seen_key key);

/* Releases the set, which is then empty. */
void seen_close(struct seen *seen);

#endif
