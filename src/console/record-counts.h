/* How many records of each type a file has for each power: what of a long file a person wants to see. */
#ifndef CONSOLE_RECORD_COUNTS_H
#define CONSOLE_RECORD_COUNTS_H

#include "util/span.h"
#include "util/text.h"

enum { TALLY_TYPES = 4, TALLY_TYPE_SIZE = 24 };

struct tally_row {
    long long power;
    char types[TALLY_TYPES][TALLY_TYPE_SIZE];
    unsigned long long counts[TALLY_TYPES];
    bool changed;
};

struct tally {
    struct tally_row *rows; /* owned */
    size_t count, capacity;
};

void tally_release(struct tally *tally);

/* Counts a record with a type and a power; others are passed over. */
void tally_add(struct tally *tally, struct span record);

/* Appends {"power":MB,"counts":{"measurement":3,...}} for each row that has changed since the last call, with
 * commas between them. */
void tally_append_changes(struct tally *tally, struct text *out);

#endif
