/* A dry run: one invocation at each size, without measurements. */
#ifndef PICK_DRY_RUN_H
#define PICK_DRY_RUN_H

#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>
#include <stddef.h>

struct dry_run {
    bool for_people; /* in: describe each invocation instead of reporting errors */
    struct text
        invocations; /* elements of the array in the result: {"power","statusCode","functionError"?} */
    struct dry_run_size {
        double memory_mb;
        struct text words; /* lines for people */
    } * sizes;
    size_t count, capacity;
    unsigned long failures; /* invocations in which the function failed */
};

/* Adds an invocation record; reports (unless it is described) and counts an error of the function. Returns
 * false, with the reason in `problem`, when the record is invalid. Release the run with dry_run_close. */
bool dry_run_add(struct dry_run *run, struct span object, struct text *problem);

/* Appends what was sent at each size, how long it took, and the response or the error, by size. */
void dry_run_describe(struct dry_run *run, struct text *out);

void dry_run_close(struct dry_run *run);

#endif
