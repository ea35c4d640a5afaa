#include "stats/frequencies.h"

#include "util/json.h"
#include "util/memory.h"

#include <inttypes.h>
#include <stdlib.h>

/* Names are JSON tokens, so none is a prefix of another. */
void frequencies_add(struct frequencies *names, struct span name, uint64_t count) {
    size_t at = 0;
    for (; at < names->count; at++) {
        int order = strncmp(names->list[at].name, name.start, name.length);
        if (!order) {
            names->list[at].count += count;
            return;
        }
        if (order > 0)
            break;
    }
    names->list = memory_reserve(names->list, &names->capacity, names->count + 1, sizeof *names->list);
    memmove(names->list + at + 1, names->list + at, (names->count - at) * sizeof *names->list);
    names->list[at] = (struct frequency){memory_copy(name.start, name.length), count};
    names->count++;
}

void frequencies_merge(struct frequencies *names, const struct frequencies *from) {
    for (size_t i = 0; i < from->count; i++)
        frequencies_add(names, span_of(from->list[i].name), from->list[i].count);
}

void frequencies_put(struct text *out, const char *member, const struct frequencies *names, bool quoted) {
    json_put_name(out, member);
    text_append_byte(out, '{');
    for (size_t i = 0; i < names->count; i++) {
        json_separate(out);
        text_append_format(out, quoted ? "%s:\"%" PRIu64 "\"" : "%s:%" PRIu64, names->list[i].name,
                           names->list[i].count);
    }
    text_append_byte(out, '}');
}

void frequencies_close(struct frequencies *names) {
    for (size_t i = 0; i < names->count; i++)
        free(names->list[i].name);
    free(names->list);
    *names = (struct frequencies){0};
}
