#include "console/record-counts.h"

#include "util/json.h"
#include "util/memory.h"

#include <stdlib.h>

enum { MOST_ROWS = 1000 };

void tally_release(struct tally *tally) {
    free(tally->rows);
    *tally = (struct tally){NULL, 0, 0};
}

static struct tally_row *row_of(struct tally *tally, long long power) {
    for (size_t i = 0; i < tally->count; i++)
        if (tally->rows[i].power == power)
            return &tally->rows[i];
    if (tally->count == MOST_ROWS)
        return NULL;
    tally->rows = memory_reserve(tally->rows, &tally->capacity, tally->count + 1, sizeof *tally->rows);
    tally->rows[tally->count] = (struct tally_row){.power = power};
    return &tally->rows[tally->count++];
}

/* A token of plain characters; its quotes are left out. */
static void count_type(struct tally_row *row, struct span token) {
    struct span type = {token.start + 1, token.length - 2};
    if (!type.length || type.length >= TALLY_TYPE_SIZE)
        return;
    for (size_t i = 0; i < TALLY_TYPES; i++) {
        if (!row->types[i][0])
            memcpy(row->types[i], type.start, type.length);
        if (span_equals(type, row->types[i])) {
            row->counts[i]++;
            row->changed = true;
            return;
        }
    }
}

void tally_add(struct tally *tally, struct span record) {
    struct span object, type, value;
    long long power;
    if (!json_check(record, &object, NULL) || !json_member(object, "type", &type) ||
        json_type(type) != JSON_STRING || !json_member(object, "power", &value) ||
        json_type(value) != JSON_NUMBER || !json_whole_number(value, &power))
        return;
    struct tally_row *row = row_of(tally, power);
    if (row)
        count_type(row, type);
}

void tally_append_changes(struct tally *tally, struct text *out) {
    for (size_t i = 0; i < tally->count; i++) {
        struct tally_row *row = &tally->rows[i];
        if (!row->changed)
            continue;
        row->changed = false;
        json_separate(out);
        text_append_byte(out, '{');
        json_put_number(out, "power", (double)row->power);
        json_put_name(out, "counts");
        text_append_byte(out, '{');
        for (size_t j = 0; j < TALLY_TYPES && row->types[j][0]; j++) {
            json_separate(out);
            json_append_string(out, span_of(row->types[j]));
            text_append_format(out, ":%llu", row->counts[j]);
        }
        text_append_string(out, "}}");
    }
}
