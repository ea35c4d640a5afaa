#include "logparse/seen.h"

#include "tune/duration.h"
#include "util/memory.h"

#include <stdlib.h>

static uint64_t mix(uint64_t value) {
    value ^= value >> 33;
    value *= UINT64_C(0xff51afd7ed558ccd);
    value ^= value >> 33;
    value *= UINT64_C(0xc4ceb9fe1a85ec53);
    return value ^ value >> 33;
}

static void add_word(struct seen_key *key, uint64_t word) {
    key->high = mix(key->high ^ word);
    key->low = mix(key->low + word * UINT64_C(0x9e3779b97f4a7c15) + 1);
}

static void add_bytes(struct seen_key *key, struct span bytes) {
    for (size_t i = 0; i < bytes.length; i += 8) {
        uint64_t word = 0;
        size_t length = bytes.length - i < 8 ? bytes.length - i : 8;
        memcpy(&word, bytes.start + i, length);
        add_word(key, word);
    }
    add_word(key, bytes.length);
}

static void add_number(struct seen_key *key, struct span token) {
    int64_t value = -1;
    duration_parse(token, &value);
    add_word(key, (uint64_t)value);
}

struct seen_key seen_key(const struct report *report) {
    struct seen_key key = {0x9ae16a3b2f90404f, 0xc949d7c7509e6557};
    add_bytes(&key, report->request_id);
    add_number(&key, report->duration);
    add_number(&key, report->billed_duration);
    add_number(&key, report->init_duration);
    add_number(&key, report->restore_duration);
    add_number(&key, report->billed_restore_duration);
    add_number(&key, report->max_memory_used);
    add_word(&key, (uint64_t)report->memory_size);
    key.low |= 1; /* never equal to an empty slot */
    return key;
}

/* The slot of the key, or the empty one where it belongs. */
static struct seen_key *slot_of(struct seen_key *keys, size_t capacity, struct seen_key key) {
    size_t at = (size_t)key.high & (capacity - 1);
    while (keys[at].low && (keys[at].high != key.high || keys[at].low != key.low))
        at = (at + 1) & (capacity - 1);
    return &keys[at];
}

bool seen_add(struct seen *seen, struct seen_key key) {
    if (seen->count * 3 >= seen->capacity * 2) {
        struct seen old = *seen;
        seen->capacity = old.capacity ? old.capacity * 2 : 1024;
        seen->keys = memory_zeroed(seen->capacity, sizeof *seen->keys);
        for (size_t i = 0; i < old.capacity; i++)
            if (old.keys[i].low)
                *slot_of(seen->keys, seen->capacity, old.keys[i]) = old.keys[i];
        free(old.keys);
    }
    struct seen_key *slot = slot_of(seen->keys, seen->capacity, key);
    if (slot->low)
        return false;
    seen->full = seen->count == MAX_SEEN;
    if (!seen->full) {
        *slot = key;
        seen->count++;
    }
    return true;
}

void seen_close(struct seen *seen) {
    free(seen->keys);
    *seen = (struct seen){0};
}
