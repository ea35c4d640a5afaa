/* Command lines: getopt_long with this toolkit's messages, and checked numbers. */
#ifndef UTIL_OPTIONS_H
#define UTIL_OPTIONS_H

#include "util/table.h"

#include <getopt.h>
#include <stdbool.h>

/* `name` begins the program's messages; `usage` is the whole text that --help prints, with its last
 * newline. */
struct program {
    const char *name;
    const char *usage;
};

/* Returns the next option of the command line as getopt_long does: the option's `val`, or -1 after the last
 * one.
 * --help (val 'h') and --version (val 'V') are handled here: they print and exit with STATUS_DONE, or with
 * STATUS_FAILED when standard output cannot be written. An unknown option and a missing argument are
 * reported, and the program exits with STATUS_USAGE. `long_options` must end in OPTIONS_STANDARD. There are
 * no short options. */
int options_next(const struct program *program, int argc, char **argv, const struct option *long_options);

#define OPTIONS_STANDARD                                                                                     \
    {"help", no_argument, NULL, 'h'}, {"version", no_argument, NULL, 'V'}, {                                 \
        NULL, 0, NULL, 0                                                                                     \
    }

/* Parse a whole number, or any number, from `minimum` to `maximum`. False when `text` is anything else;
 * `*number` is then unchanged. */
bool parse_whole_number(const char *text, long long minimum, long long maximum, long long *number);
bool parse_number(const char *text, double minimum, double maximum, double *number);

/* The same for the argument of an option. A bad argument is reported with the option's name and the accepted
 * range, and the program exits with STATUS_USAGE. */
long long option_whole_number(const char *option, const char *text, long long minimum, long long maximum);
double option_number(const char *option, const char *text, double minimum, double maximum);
/* Like option_number, for a percentage: "1", "1%" or "1 %". */
double option_percentage(const char *option, const char *text, double minimum, double maximum);

/* The same for the argument of --format. */
enum table_format option_table_format(const char *text);

#endif
