/* Command-line options that stand for input parameters: each parameter of tune/input.h is an option of the
 * same name in kebab case (powerValues: --power-values), and --function is lambdaARN. */
#ifndef INIT_OVERRIDES_H
#define INIT_OVERRIDES_H

#include "tune/input.h"
#include "util/text.h"

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>

/* Appends the option's name, without dashes, of a parameter. */
void override_option_name(const struct parameter *parameter, struct text *name);

/* The command line's options: one for each parameter, in their order and with the values from `first` on, and
 * `own` behind them. The caller frees it; `names` holds the names and must outlive it. */
struct option *override_options(const struct option *own, size_t count, int first, struct text *names);

/* Adds to `members` (a JSON object that is still open, "{" at first) the member for `parameter` with the
 * option's argument; NULL is an option without one: true. What is not of the parameter's type becomes a
 * string, so that the check of the input names it. False, and a line in `problems`, when a file (--payload
 * @FILE) cannot be read or is not UTF-8. */
bool override_add(struct text *members, const struct parameter *parameter, const char *argument,
                  struct text *problems);

/* Appends `line` ("num: is missing") in the words of whoever gave the input: what it says of a parameter
 * begins with the option ("--num: is missing") where that is among the `overrides`, or when `all` of the
 * input are options; true then. A line that begins with the name of the `function` is about that. */
bool override_append_message(const struct text *overrides, bool all, const char *function, struct span line,
                             struct text *message);

#endif
