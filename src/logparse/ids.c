#include "logparse/ids.h"

#include "util/memory.h"

#include <stdlib.h>

uint64_t log_id_hash(struct span id) {
    uint64_t hash = id.length * UINT64_C(0x9e3779b97f4a7c15);
    for (size_t i = 0; i < id.length; i += 8) {
        uint64_t word = 0;
        memcpy(&word, id.start + i, id.length - i < 8 ? id.length - i : 8);
        hash = (hash ^ word) * UINT64_C(0xff51afd7ed558ccd);
        hash ^= hash >> 32;
    }
    return hash ? hash : 1;
}

static struct log_id *slot_of(const struct log_ids *ids, uint64_t hash) {
    size_t at = (size_t)hash & (ids->capacity - 1);
    while (ids->slots[at].hash && ids->slots[at].hash != hash)
        at = (at + 1) & (ids->capacity - 1);
    return &ids->slots[at];
}

static void grow(struct log_ids *ids) {
    struct log_ids old = *ids;
    ids->capacity = old.capacity ? old.capacity * 2 : 256;
    ids->slots = memory_zeroed(ids->capacity, sizeof *ids->slots);
    for (size_t i = 0; i < old.capacity; i++)
        if (old.slots[i].hash)
            *slot_of(ids, old.slots[i].hash) = old.slots[i];
    free(old.slots);
}

struct log_id *log_ids_add(struct log_ids *ids, uint64_t hash) {
    if (ids->count * 2 >= ids->capacity)
        grow(ids);
    struct log_id *id = slot_of(ids, hash);
    if (id->hash)
        return id;
    if (ids->count >= ids->limit) {
        ids->partial = true;
        return NULL;
    }
    ids->count++;
    id->hash = hash;
    return id;
}

const struct log_id *log_ids_find(const struct log_ids *ids, uint64_t hash) {
    const struct log_id *id = ids->capacity ? slot_of(ids, hash) : NULL;
    return id && id->hash ? id : NULL;
}

void log_ids_close(struct log_ids *ids) {
    free(ids->slots);
    *ids = (struct log_ids){0};
}
