/* A dry run: one invocation at each size, which is no measurement. */
#ifndef PICK_DRY_RUN_H
#define PICK_DRY_RUN_H

#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>

struct dry_run {
    struct text invocations; /* elements of the result's array: {"power","statusCode","functionError"?} */
    unsigned long failures;  /* invocations in which the function failed */
};

/* Takes in an invocation record; an error of the function is reported and counted. False, with `problem`
 * saying why, when the record is wrong. */
bool dry_run_add(struct dry_run *run, struct span object, struct text *problem);

#endif
