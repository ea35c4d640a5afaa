/* A dry run: one invocation at each size, without measurements. */
#ifndef PICK_DRY_RUN_H
#define PICK_DRY_RUN_H

#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>

struct dry_run {
    struct text
        invocations;        /* elements of the array in the result: {"power","statusCode","functionError"?} */
    unsigned long failures; /* invocations in which the function failed */
};

/* Adds an invocation record; reports and counts an error of the function. Returns false, with the reason in
 * `problem`, when the record is invalid. The caller releases `invocations`. */
bool dry_run_add(struct dry_run *run, struct span object, struct text *problem);

#endif
