#include "tune/tally.h"

#include "util/json.h"
#include "util/memory.h"

#include <inttypes.h>
#include <stdlib.h>

/* Tokens of JSON: none is the beginning of another. */
void tally_add(struct tally *tally, struct span name, uint64_t count) {
    size_t at = 0;
    for (; at < tally->count; at++) {
        int order = strncmp(tally->list[at].name, name.start, name.length);
        if (!order) {
            tally->list[at].count += count;
            return;
        }
        if (order > 0)
            break;
    }
    tally->list = memory_reserve(tally->list, &tally->capacity, tally->count + 1, sizeof *tally->list);
    memmove(tally->list + at + 1, tally->list + at, (tally->count - at) * sizeof *tally->list);
    tally->list[at] = (struct tally_entry){memory_copy(name.start, name.length), count};
    tally->count++;
}

void tally_merge(struct tally *tally, const struct tally *from) {
    for (size_t i = 0; i < from->count; i++)
        tally_add(tally, span_of(from->list[i].name), from->list[i].count);
}

void tally_put(struct text *out, const char *member, const struct tally *tally, bool quoted) {
    json_put_name(out, member);
    text_append_byte(out, '{');
    for (size_t i = 0; i < tally->count; i++) {
        json_separate(out);
        text_append_format(out, quoted ? "%s:\"%" PRIu64 "\"" : "%s:%" PRIu64, tally->list[i].name,
                           tally->list[i].count);
    }
    text_append_byte(out, '}');
}

void tally_close(struct tally *tally) {
    for (size_t i = 0; i < tally->count; i++)
        free(tally->list[i].name);
    free(tally->list);
    *tally = (struct tally){0};
}
