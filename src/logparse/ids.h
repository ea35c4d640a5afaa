/* How often each request id has occurred, in reports and in events of Lambda Insights.
 *
 * At most `limit` ids are remembered, in 32 to 64 bytes each: memory does not grow with the log. */
#ifndef LOGPARSE_IDS_H
#define LOGPARSE_IDS_H

#include "util/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct log_id {
    uint64_t hash; /* 0: empty slot */
    uint32_t reports, events;
};

/* A set that is all zeros but for the limit is empty. */
struct log_ids {
    size_t limit;
    struct log_id *slots; /* owned: open addressing */
    size_t count, capacity;
    bool partial; /* an id is not in the set */
};

/* A hash of 64 bits that is never 0. */
uint64_t log_id_hash(struct span id);

/* The entry of an id, which is added if it is new. NULL when the set is full; `partial` is then set. */
struct log_id *log_ids_add(struct log_ids *ids, uint64_t hash);

/* The entry of an id; NULL when it is not in the set. */
const struct log_id *log_ids_find(const struct log_ids *ids, uint64_t hash);

/* Releases the set. */
void log_ids_close(struct log_ids *ids);

#endif
