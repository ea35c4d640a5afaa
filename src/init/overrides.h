/* Command-line options for the input parameters: each parameter of tune/input.h is an option. */
#ifndef INIT_OVERRIDES_H
#define INIT_OVERRIDES_H

#include "tune/input.h"
#include "util/options.h"
#include "util/text.h"

#include <stdbool.h>
#include <stddef.h>

struct overrides {
    struct text
        members; /* the parameters given as options: a JSON object, which the caller opens and closes */
    struct text problems; /* faults found in the options, one on each line */
    struct text warnings; /* remarks on them, in the same form */
};

/* Returns the rows of all parameters, in their order, then the `count` rows of `own`. Each option adds a
 * member to `overrides`; a payload that cannot be read, is not UTF-8 or is certainly not what was meant adds a
 * problem, and one that may not be a warning. The caller frees the rows. */
struct option_row *override_rows(struct overrides *overrides, const struct option_row *own, size_t count);

/* Appends `line` ("num: is missing") to `message`, with the parameter's name replaced by its option ("--num:
 * is missing") when the user gave it as an option: when it is in `overrides`, or when `all` parameters are
 * options. True when it was replaced. A line that begins with the name of the `function` is about the
 * function, and is not changed. */
bool override_append_message(const struct overrides *overrides, bool all, const char *function,
                             struct span line, struct text *message);

#endif
