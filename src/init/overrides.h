/* Command-line options that stand for input parameters: each parameter of tune/input.h is an option of the
 * same name in kebab case (powerValues: --power-values), and --function is lambdaARN. */
#ifndef INIT_OVERRIDES_H
#define INIT_OVERRIDES_H

#include "tune/input.h"
#include "util/text.h"

#include <stdbool.h>

/* Appends the option's name, without dashes, of a parameter. */
void override_option_name(const struct parameter *parameter, struct text *name);

/* Adds to `members` (a JSON object that is still open, "{" at first) the member for `parameter` with the
 * option's argument; NULL is an option without one: true. What is not of the parameter's type becomes a
 * string, so that the check of the input names it. False, and a line in `problems`, when a file (--payload
 * @FILE) cannot be read or is not UTF-8. */
bool override_add(struct text *members, const struct parameter *parameter, const char *argument,
                  struct text *problems);

#endif
