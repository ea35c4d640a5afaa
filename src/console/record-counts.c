#include "console/record-counts.h"

#include "util/json.h"
#include "util/memory.h"

#include <stdlib.h>

enum { MAX_ROWS = 1000 };

void record_counts_release(struct record_counts *record_counts) {
    free(record_counts->rows);
    *record_counts = (struct record_counts){NULL, 0, 0};
}

static struct record_counts_row *row_of(struct record_counts *record_counts, long long memory_mb) {
    for (size_t i = 0; i < record_counts->count; i++)
        if (record_counts->rows[i].memory_mb == memory_mb)
            return &record_counts->rows[i];
    if (record_counts->count == MAX_ROWS)
        return NULL;
    record_counts->rows = memory_reserve(record_counts->rows, &record_counts->capacity,
                                         record_counts->count + 1, sizeof *record_counts->rows);
    record_counts->rows[record_counts->count] = (struct record_counts_row){.memory_mb = memory_mb};
    return &record_counts->rows[record_counts->count++];
}

/* Counts one type; `token` is a JSON string without escapes. */
static void count_type(struct record_counts_row *row, struct span token) {
    struct span type = {token.start + 1, token.length - 2};
    if (!type.length || type.length >= COUNTED_TYPE_SIZE)
        return;
    for (size_t i = 0; i < MAX_COUNTED_TYPES; i++) {
        if (!row->types[i][0])
            memcpy(row->types[i], type.start, type.length);
        if (span_equals(type, row->types[i])) {
            row->counts[i]++;
            row->changed = true;
            return;
        }
    }
}

void record_counts_add(struct record_counts *record_counts, struct span record) {
    struct span object, type, value;
    long long memory_mb;
    if (!json_check(record, &object, NULL) || !json_member(object, "type", &type) ||
        json_type(type) != JSON_STRING || !json_member(object, "power", &value) ||
        json_type(value) != JSON_NUMBER || !json_whole_number(value, &memory_mb))
        return;
    struct record_counts_row *row = row_of(record_counts, memory_mb);
    if (row)
        count_type(row, type);
}

void record_counts_append_changes(struct record_counts *record_counts, struct text *out) {
    for (size_t i = 0; i < record_counts->count; i++) {
        struct record_counts_row *row = &record_counts->rows[i];
        if (!row->changed)
            continue;
        row->changed = false;
        json_separate(out);
        text_append_byte(out, '{');
        json_put_number(out, "power", (double)row->memory_mb);
        json_put_name(out, "counts");
        text_append_byte(out, '{');
        for (size_t j = 0; j < MAX_COUNTED_TYPES && row->types[j][0]; j++) {
            json_separate(out);
            json_append_string(out, span_of(row->types[j]));
            text_append_format(out, ":%llu", row->counts[j]);
        }
        text_append_string(out, "}}");
    }
}
