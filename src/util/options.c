#include "util/options.h"

#include "util/diagnostics.h"
#include "util/lines.h"
#include "util/memory.h"
#include "util/subprocess.h"
#include "util/text.h"
#include "util/version.h"
#include "util/words.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- --help and --version ---- */

void options_print(struct text *text) {
    struct output output;
    output_open(&output, STDOUT_FILENO);
    output_lines(&output, text->bytes, text->length);
    text_release(text);
    exit(output_finish(&output, STATUS_DONE));
}

static _Noreturn void print_version(const struct program *program) {
    struct text text = TEXT_INIT;
    text_append_format(&text, "%s (power-tune) %s\n", program->name, POWER_TUNE_VERSION);
    options_print(&text);
}

/* "--name ARGUMENT" */
static void append_left(struct text *text, const struct option_row *row) {
    text_append_format(text, "  --%s", row->name);
    if (row->argument)
        text_append_format(text, "%s%s", *row->argument == '[' ? "" : " ", row->argument);
}

/* Appends the words of `help`, broken into lines that begin at `column`. The current line ends before it. */
static void append_help(struct text *text, const char *help, size_t column) {
    enum { WIDTH = 100 };
    size_t at = column;
    for (bool first = true; *help; first = false) {
        size_t length = strcspn(help, " ");
        bool breaks = !first && at + 1 + length > WIDTH;
        if (breaks) {
            text_append_format(text, "\n%*s", (int)column, "");
            at = column;
        } else if (!first) {
            text_append_byte(text, ' ');
            at++;
        }
        text_append(text, help, length);
        at += length;
        help += length + (help[length] == ' ');
    }
    text_append_byte(text, '\n');
}

static _Noreturn void print_help(const struct program *program, const struct option_row *rows) {
    enum { INDENT = 3 };
    struct text text = TEXT_INIT, left = TEXT_INIT;
    size_t column = 0;
    for (const struct option_row *row = rows; row->name; row++) {
        text_clear(&left);
        append_left(&left, row);
        column = left.length + INDENT > column ? left.length + INDENT : column;
    }
    text_append_format(&text, "%s\n", program->usage);
    for (const struct option_row *row = rows; row->name; row++) {
        text_clear(&left);
        append_left(&left, row);
        text_append_format(&text, "%-*s", (int)column, text_string(&left));
        append_help(&text, row->help, column);
    }
    text_append_format(&text, "  --help, --version\n\n%s", program->notes);
    text_release(&left);
    options_print(&text);
}

/* ---- bad arguments ---- */

void option_refuse(const struct option_row *row, const char *format, ...) {
    char *why = NULL;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&why, format, arguments) >= 0)
        report_error("option '--%s': %s", row->name, why);
    va_end(arguments);
    exit(STATUS_USAGE);
}

int option_word(const struct option_row *row, const char *argument, const char *choices) {
    int index = choice_index(argument, choices);
    struct text words = TEXT_INIT;
    if (index >= 0)
        return index;
    choices_append(&words, choices);
    option_refuse(row, "'%s' is not %s", argument, text_string(&words));
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

long long option_whole_number(const struct option_row *row, const char *argument, long long minimum,
                              long long maximum) {
    long long number = 0;
    if (parse_whole_number(argument, minimum, maximum, &number))
        return number;
    option_refuse(row, "'%s' is not a whole number from %lld to %lld", argument, minimum, maximum);
}

static double option_number(const struct option_row *row, const char *argument, double minimum,
                            double maximum) {
    double number = 0;
    if (parse_number(argument, minimum, maximum, &number))
        return number;
    option_refuse(row, "'%s' is not a number from %g to %g", argument, minimum, maximum);
}

double option_percentage(const struct option_row *row, const char *argument, double minimum, double maximum) {
    struct text digits = TEXT_INIT;
    double number = 0;
    size_t length = strlen(argument);
    if (length && argument[length - 1] == '%')
        for (length--; length && argument[length - 1] == ' ';)
            length--;
    text_append(&digits, argument, length);
    bool good = parse_number(text_string(&digits), minimum, maximum, &number);
    text_release(&digits);
    /* The message quotes the argument as it was given. */
    return good ? number : option_number(row, argument, minimum, maximum);
}

void option_end_with(const struct option_row *row, char *argument) {
    process_end_with((pid_t)option_whole_number(row, argument, 1, INT_MAX));
}

/* ---- the command line ---- */

/* A double has no room for the largest whole number. */
static long long whole_bound(double bound) {
    return bound >= 0x1p63 ? LLONG_MAX : (long long)bound;
}

static void take(const struct option_row *row, char *argument) {
    switch (row->kind) {
    case OPTION_IS_FLAG:
        *row->target.flag = row->value;
        break;
    case OPTION_IS_CHOICE:
        option_word(row, argument, row->argument);
        *row->target.string = argument;
        break;
    case OPTION_IS_STRING:
        *row->target.string = argument;
        break;
    case OPTION_IS_WORD:
        *(int *)row->target.any = option_word(row, argument, row->argument);
        break;
    case OPTION_IS_WHOLE:
        *row->target.whole =
            option_whole_number(row, argument, whole_bound(row->minimum), whole_bound(row->maximum));
        break;
    case OPTION_IS_INT:
        *row->target.integer =
            (int)option_whole_number(row, argument, whole_bound(row->minimum), whole_bound(row->maximum));
        break;
    case OPTION_IS_NUMBER:
        *row->target.number = option_number(row, argument, row->minimum, row->maximum);
        break;
    case OPTION_IS_CALL:
        row->take(row, argument);
        break;
    case OPTION_IS_END:
        break;
    }
}

/* Reports the option that getopt_long has just rejected. optind is one past a long one. */
static _Noreturn void refuse_unknown(const struct program *program, int result, char **argv,
                                     const struct option *options) {
    const char *argument = argv[optind - 1];
    size_t length = strcspn(argument, "=");
    bool whole = false; /* the argument is the whole name of an option that takes no argument */
    for (; options->name && length > 2; options++)
        whole = whole || (strlen(options->name) == length - 2 &&
                          strncmp(argument + 2, options->name, length - 2) == 0);
    if (result == ':')
        report_error("option '%s' needs an argument", argument);
    else if (optopt && whole)
        report_error("option '%s' takes no argument", argument);
    else if (optopt)
        report_error("unknown option '-%c' (see %s --help)", optopt, program->name);
    else
        report_error("unknown option '%s' (see %s --help)", argument, program->name);
    exit(STATUS_USAGE);
}

static struct option option_of(const struct option_row *row, int value) {
    int kind = !row->argument ? no_argument : *row->argument == '[' ? optional_argument : required_argument;
    return (struct option){row->name, kind, NULL, value};
}

void options_parse(const struct program *program, int argc, char **argv, const struct option_row *rows) {
    enum { HELP = 0x1000, VERSION, FIRST }; /* above the characters that getopt_long returns */
    size_t count = 0;
    while (rows[count].name)
        count++;
    struct option *options = memory_zeroed(count + 3, sizeof *options);
    options[0] = (struct option){"help", no_argument, NULL, HELP};
    options[1] = (struct option){"version", no_argument, NULL, VERSION};
    for (size_t i = 0; i < count; i++)
        options[i + 2] = option_of(&rows[i], FIRST + (int)i);
    /* Options may follow operands, such as a verb. POSIXLY_CORRECT, which forbids that, is for the tools that
     * POSIX specifies. */
    unsetenv("POSIXLY_CORRECT");
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":", options, NULL)) != -1;) {
        if (option == HELP || option == VERSION)
            free(options);
        if (option == HELP)
            print_help(program, rows);
        if (option == VERSION)
            print_version(program);
        if (option == ':' || option == '?')
            refuse_unknown(program, option, argv, options);
        take(&rows[option - FIRST], optarg);
    }
    free(options);
    if (program->max_operands >= 0 && argc - optind > program->max_operands) {
        report_error("unexpected argument '%s'", argv[optind + program->max_operands]);
        exit(STATUS_USAGE);
    }
}
