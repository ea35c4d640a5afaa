/* The invocations that were seen already: a set of request ids with their figures, for pt-logparse
 * --distinct.
 *
 * An invocation is remembered by a hash of 128 bits: 16 bytes, and two invocations in 10^18 would be taken
 * for one. */
#ifndef LOGPARSE_SEEN_H
#define LOGPARSE_SEEN_H

#include "tune/reportline.h"

#include <stdint.h>

struct seen_key {
    uint64_t high, low;
};

struct seen {
    struct seen_key *keys; /* owned: open addressing; both 0 is an empty place */
    size_t count, capacity;
};

/* The key of a report: its request id and all its figures by value, however they were written. */
struct seen_key seen_key(const struct report *report);

/* Adds a key; false when it was there. */
bool seen_add(struct seen *seen, struct seen_key key);

void seen_close(struct seen *seen);

#endif
