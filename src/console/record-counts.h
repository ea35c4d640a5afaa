/* How many records of each type a file has for each power: what of a long file a person wants to see. */
#ifndef CONSOLE_RECORD_COUNTS_H
#define CONSOLE_RECORD_COUNTS_H

#include "util/span.h"
#include "util/text.h"

enum { TALLY_TYPES = 4, TALLY_TYPE_SIZE = 24 };

struct record_counts_row {
    long long memory_mb;
    char types[TALLY_TYPES][TALLY_TYPE_SIZE];
    unsigned long long counts[TALLY_TYPES];
    bool changed;
};

struct record_counts {
    struct record_counts_row *rows; /* owned */
    size_t count, capacity;
};

void tally_release(struct record_counts *record_counts);

/* Counts a record with a type and a power; others are passed over. */
void tally_add(struct record_counts *record_counts, struct span record);

/* Appends {"power":MB,"counts":{"measurement":3,...}} for each row that has changed since the last call, with
 * commas between them. */
void tally_append_changes(struct record_counts *record_counts, struct text *out);

#endif
