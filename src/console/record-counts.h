/* Counts the records of a long file by memory size and type. */
#ifndef CONSOLE_RECORD_COUNTS_H
#define CONSOLE_RECORD_COUNTS_H

#include "util/span.h"
#include "util/text.h"

enum { MAX_COUNTED_TYPES = 4, COUNTED_TYPE_SIZE = 24 };

struct record_counts_row {
    long long memory_mb;
    char types[MAX_COUNTED_TYPES][COUNTED_TYPE_SIZE];
    unsigned long long counts[MAX_COUNTED_TYPES];
    bool changed;
};

struct record_counts {
    struct record_counts_row *rows; /* owned */
    size_t count, capacity;
};

/* Frees the rows. */
void record_counts_release(struct record_counts *record_counts);

/* Counts a record, a line of JSON. Ignores records without type or power. */
void record_counts_add(struct record_counts *record_counts, struct span record);

/* Appends {"power":MB,"counts":{"measurement":3,...}} for each row that has changed since the last call,
 * separated by commas. */
void record_counts_append_changes(struct record_counts *record_counts, struct text *out);

#endif
