/* Command lines: getopt_long with the messages of this toolkit, and checked numbers. */
#ifndef UTIL_OPTIONS_H
#define UTIL_OPTIONS_H

#include "util/table.h"

#include <getopt.h>
#include <stdbool.h>

/* What --help prints: `usage` is the whole text, with its last newline. `name` goes in front of messages. */
struct program {
    const char *name;
    const char *usage;
};

/* The next option of the command line, as getopt_long answers it: the `val` of the option, or -1 behind the
 * last one.
 * --help (val 'h') and --version (val 'V') are answered here and end the program with STATUS_DONE, or with
 * STATUS_FAILED when standard output cannot be written; an unknown option or a missing argument is reported
 * and ends it with STATUS_USAGE. `long_options` must list "help" and "version"; OPTIONS_STANDARD does. Only
 * long options are taken. */
int options_next(const struct program *program, int argc, char **argv, const struct option *long_options);

#define OPTIONS_STANDARD                                                                                     \
    {"help", no_argument, NULL, 'h'}, {"version", no_argument, NULL, 'V'}, {                                 \
        NULL, 0, NULL, 0                                                                                     \
    }

/* A whole number, or any number, between `minimum` and `maximum`: the text must be nothing else. False
 * otherwise, with
 * `*number` as it was. */
bool parse_whole_number(const char *text, long long minimum, long long maximum, long long *number);
bool parse_number(const char *text, double minimum, double maximum, double *number);

/* The same for an option's argument: a bad one is reported with the option's name, the text and the range,
 * and ends the program with STATUS_USAGE. */
long long option_whole_number(const char *option, const char *text, long long minimum, long long maximum);
double option_number(const char *option, const char *text, double minimum, double maximum);
/* The same of a percentage, which may be written as one: "1%", "1 %". */
double option_percentage(const char *option, const char *text, double minimum, double maximum);

/* Likewise the argument of --format. */
enum table_format option_table_format(const char *text);

#endif
