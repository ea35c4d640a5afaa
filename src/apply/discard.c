#include "apply/discard.h"

#include "apply/clean.h"
#include "util/diagnostics.h"
#include "util/memory.h"

#include <stddef.h>
#include <stdlib.h>

/* A version that was published for one invocation and is not measured yet. */
struct waiting {
    long long memory_mb, index;
    char *version; /* owned */
};

struct waiting_list {
    struct waiting *entries;
    size_t count, capacity;
};

struct members {
    long long memory_mb, index;
    struct span version;
    bool borrowed;
};

static const struct field fields[] = {
    {"power", FIELD_WHOLE, offsetof(struct members, memory_mb), true, 1, 32768},
    {"index", FIELD_WHOLE, offsetof(struct members, index), true, 0, 1e6},
    {"version", FIELD_STRING, offsetof(struct members, version), false, 0, 0},
    {"borrowed", FIELD_BOOLEAN, offsetof(struct members, borrowed), false, 0, 0},
};

static bool read_members(const struct record *record, struct members *members) {
    struct text problem = TEXT_INIT;
    *members = (struct members){0};
    bool read = record_fields(record->object, fields, sizeof fields / sizeof *fields, members, &problem);
    text_release(&problem);
    return read;
}

static void add(struct waiting_list *list, const struct members *members) {
    struct text version = TEXT_INIT;
    if (!members->version.start || members->borrowed)
        return;
    json_decode_string(members->version, &version);
    list->entries = memory_reserve(list->entries, &list->capacity, list->count + 1, sizeof *list->entries);
    list->entries[list->count++] = (struct waiting){members->memory_mb, members->index, version.bytes};
}

static void discard(struct apply *apply, struct waiting_list *list, const struct members *members) {
    struct text problem = TEXT_INIT;
    for (size_t i = 0; i < list->count; i++) {
        struct waiting *entry = &list->entries[i];
        if (entry->memory_mb != members->memory_mb || entry->index != members->index)
            continue;
        clean_version(apply, entry->version, &problem);
        free(entry->version);
        *entry = list->entries[--list->count];
        break;
    }
    text_release(&problem);
}

int discard_versions(struct apply *apply, struct record_reader *reader, struct output *output) {
    struct waiting_list list = {0};
    struct record record;
    struct members members;
    enum record_result result;
    bool written = true;
    while (written && (result = record_next(reader, &record)) == RECORD_READ) {
        bool published = record_is(&record, "configuration");
        bool measured = record_is(&record, "invocation") || record_is(&record, "failure");
        bool read = (published || measured) && read_members(&record, &members);
        output_line(output, record.object.start, record.object.length);
        written = output_flush(output);
        if (read && published)
            add(&list, &members);
        else if (read && apply->plan.only_cold_starts)
            discard(apply, &list, &members);
    }
    for (size_t i = 0; i < list.count; i++)
        free(list.entries[i].version);
    free(list.entries);
    return written && result == RECORD_END ? STATUS_DONE : STATUS_FAILED;
}
