/* Command-line options for the input parameters. Each parameter of tune/input.h is an option with the same
 * name in kebab case (powerValues: --power-values); --function is lambdaARN. */
#ifndef INIT_OVERRIDES_H
#define INIT_OVERRIDES_H

#include "tune/input.h"
#include "util/text.h"

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>

/* Returns the table of options for getopt_long: one option for each parameter, in their order and with the
 * values from `first` on, then the `count` options of `own`. The caller frees the table; `names` contains its
 * strings and must outlive it. */
struct option *override_options(const struct option *own, size_t count, int first, struct text *names);

/* Appends the member for `parameter` with the option's argument to `members`, a JSON object that is still
 * open ("{" at first). NULL means an option without an argument: true. An argument that does not have the
 * parameter's type becomes a string, so that the check of the input reports it. False, with a line in
 * `problems`, when a file (--payload @FILE) cannot be read or is not UTF-8, or the payload is certainly not what
 * was meant. A payload that may not be is a line in `warnings`. */
bool override_add(struct text *members, const struct parameter *parameter, const char *argument,
                  struct text *problems, struct text *warnings);

/* Appends `line` ("num: is missing") to `message`, with the parameter's name replaced by its option ("--num:
 * is missing") when the user gave it as an option: when it is in `overrides`, or when `all` parameters are
 * options. True when it was replaced. A line that begins with the name of the `function` is about the
 * function, and is not changed. */
bool override_append_message(const struct text *overrides, bool all, const char *function, struct span line,
                             struct text *message);

#endif
