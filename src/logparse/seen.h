/* The set of reports already seen, for pt-logparse --distinct.
 *
 * Of each report, up to MAX_SEEN, a hash of 128 bits over its request id and figures is stored: 16 bytes. In 10^18 reports,
 * two would be taken for one. */
#ifndef LOGPARSE_SEEN_H
#define LOGPARSE_SEEN_H

#include "tune/reportline.h"

#include <stdint.h>

struct seen_key {
    uint64_t high, low;
};

/* 64 MB; the table has up to twice as much, and half as much again while it grows. */
enum { MAX_SEEN = 4 * 1024 * 1024 };

struct seen {
    struct seen_key *keys; /* owned: open addressing; both words 0: empty slot */
    size_t count, capacity;
    bool full; /* a key was not added because there are MAX_SEEN */
};

/* The key of a report: its request id and the values of all its figures, independent of how they were
 * written. */
struct seen_key seen_key(const struct report *report);

/* Adds a key. False when it is in the set already; true also when the set is full. */
bool seen_add(struct seen *seen, struct seen_key key);

/* Releases the set, which is then empty. */
void seen_close(struct seen *seen);

#endif
