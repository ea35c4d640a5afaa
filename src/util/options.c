#include "util/options.h"

#include "util/diagnostics.h"
#include "util/lines.h"
#include "util/text.h"
#include "util/version.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void print_and_exit(const char *text) {
    struct output output;
    output_open(&output, STDOUT_FILENO);
    size_t length = strlen(text);
    output_line(&output, text, length && text[length - 1] == '\n' ? length - 1 : length);
    exit(output_finish(&output, STATUS_DONE));
}

static void print_version(const struct program *program) {
    char version[128];
    snprintf(version, sizeof version, "%s (power-tune) %s", program->name, POWER_TUNE_VERSION);
    print_and_exit(version);
}

/* After an error, getopt_long leaves optind one past the rejected long option. */
static const char *rejected_argument(int argc, char **argv) {
    int index = optind > 0 && optind <= argc ? optind - 1 : 0;
    return argv[index] ? argv[index] : "";
}

static bool is_whole_option_name(const char *argument, const struct option *long_options) {
    size_t length = strcspn(argument, "=");
    for (; long_options->name; long_options++)
        if (length > 2 && strlen(long_options->name) == length - 2 &&
            strncmp(argument + 2, long_options->name, length - 2) == 0)
            return true;
    return false;
}

int options_next(const struct program *program, int argc, char **argv, const struct option *long_options) {
    /* Options may follow operands, such as a verb. POSIXLY_CORRECT, which forbids that, is for the tools that
     * POSIX specifies. */
    unsetenv("POSIXLY_CORRECT");
    opterr = 0;
    int option = getopt_long(argc, argv, ":", long_options, NULL);
    switch (option) {
    case 'h':
        print_and_exit(program->usage);
        break;
    case 'V':
        print_version(program);
        break;
    case ':':
        report_error("option '%s' needs an argument", rejected_argument(argc, argv));
        exit(STATUS_USAGE);
    case '?':
        if (optopt && is_whole_option_name(rejected_argument(argc, argv), long_options))
            report_error("option '%s' takes no argument", rejected_argument(argc, argv));
        else if (optopt)
            report_error("unknown option '-%c' (see %s --help)", optopt, program->name);
        else
            report_error("unknown option '%s' (see %s --help)", rejected_argument(argc, argv), program->name);
        exit(STATUS_USAGE);
    default:
        break;
    }
    return option;
}

bool parse_number(const char *text, double minimum, double maximum, double *number) {
    /* strtod would also accept leading blanks, hexadecimal, "inf" and "nan". */
    if (!*text || strspn(text, "0123456789+-.eE") != strlen(text))
        return false;
    char *end;
    errno = 0;
    double value = strtod(text, &end);
    if (*end || !isfinite(value) || value < minimum || value > maximum)
        return false;
    *number = value;
    return true;
}

bool parse_whole_number(const char *text, long long minimum, long long maximum, long long *number) {
    size_t sign = *text == '-' || *text == '+';
    if (!text[sign] || strspn(text + sign, "0123456789") != strlen(text + sign))
        return false;
    errno = 0;
    long long value = strtoll(text, NULL, 10);
    if (errno || value < minimum || value > maximum)
        return false;
    *number = value;
    return true;
}

long long option_whole_number(const char *option, const char *text, long long minimum, long long maximum) {
    long long number = 0;
    if (!parse_whole_number(text, minimum, maximum, &number)) {
        report_error("--%s: '%s' is not a whole number from %lld to %lld", option, text, minimum, maximum);
        exit(STATUS_USAGE);
    }
    return number;
}

double option_number(const char *option, const char *text, double minimum, double maximum) {
    double number = 0;
    if (!parse_number(text, minimum, maximum, &number)) {
        report_error("--%s: '%s' is not a number from %g to %g", option, text, minimum, maximum);
        exit(STATUS_USAGE);
    }
    return number;
}

double option_percentage(const char *option, const char *text, double minimum, double maximum) {
    struct text digits = TEXT_INIT;
    double number = 0;
    size_t length = strlen(text);
    if (length && text[length - 1] == '%')
        for (length--; length && text[length - 1] == ' ';)
            length--;
    text_append(&digits, text, length);
    bool good = parse_number(text_string(&digits), minimum, maximum, &number);
    text_release(&digits);
    /* The message quotes the argument as it was given. */
    return good ? number : option_number(option, text, minimum, maximum);
}

enum table_format option_table_format(const char *text) {
    enum table_format format;
    if (!table_format_parse(text, &format)) {
        report_error("option '--format': '%s' is not ndjson, table, csv, tsv or markdown", text);
        exit(STATUS_USAGE);
    }
    return format;
}
