/* Command lines. An option is one row of a table: its name, its argument as --help shows it, where its value
 * goes and within which bounds, and what --help says about it. The parser and --help read the same rows; the
 * completions read --help, and a test compares it with the manual page.
 *
 *     const struct option_row rows[] = {
 *         OPTION_NUMBER("days", "N", &settings->days, 0.001, 100000, "number of days that the logs cover"),
 *         OPTION_FLAG("quiet", &settings->quiet, "print nothing"),
 *         OPTION_END,
 *     };
 */
#ifndef UTIL_OPTIONS_H
#define UTIL_OPTIONS_H

#include "util/text.h"

#include <stdbool.h>
#include <stddef.h>

enum option_kind {
    OPTION_IS_END,
    OPTION_IS_FLAG,
    OPTION_IS_STRING,
    OPTION_IS_CHOICE,
    OPTION_IS_WORD,
    OPTION_IS_WHOLE,
    OPTION_IS_INT,
    OPTION_IS_NUMBER,
    OPTION_IS_CALL
};

struct option_row {
    const char *name; /* without dashes */
    enum option_kind kind;
    union {
        bool *flag;
        const char **string;
        long long *whole;
        int *integer;
        double *number;
        void *any;
    } target;
    const char *argument; /* NULL: none; "[=NAME]": may be left out */
    double minimum, maximum;
    bool value; /* of a flag */
    void (*take)(const struct option_row *row, char *argument);
    const char *help; /* one sentence, without a full stop; --help breaks it into lines */
};

/* Sets *TARGET, a bool, to true; OPTION_UNSET to false. */
#define OPTION_FLAG(NAME, TARGET, HELP)                                                                      \
    { NAME, OPTION_IS_FLAG, {.flag = (TARGET)}, NULL, 0, 0, true, NULL, HELP }
#define OPTION_UNSET(NAME, TARGET, HELP)                                                                     \
    { NAME, OPTION_IS_FLAG, {.flag = (TARGET)}, NULL, 0, 0, false, NULL, HELP }
/* Sets *TARGET, a const char *, to the argument, which is not copied. */
#define OPTION_STRING(NAME, ARGUMENT, TARGET, HELP)                                                          \
    { NAME, OPTION_IS_STRING, {.string = (TARGET)}, ARGUMENT, 0, 0, false, NULL, HELP }
/* The same for one of the words of CHOICES, such as "x86_64|arm64". */
#define OPTION_CHOICE(NAME, CHOICES, TARGET, HELP)                                                           \
    { NAME, OPTION_IS_CHOICE, {.string = (TARGET)}, CHOICES, 0, 0, false, NULL, HELP }
/* Sets *TARGET, an int or an enum, to the index of the argument among the words of CHOICES. */
#define OPTION_WORD(NAME, CHOICES, TARGET, HELP)                                                             \
    { NAME, OPTION_IS_WORD, {.any = (TARGET)}, CHOICES, 0, 0, false, NULL, HELP }
/* Sets *TARGET, a long long, to a whole number from MIN to MAX; OPTION_INT an int; OPTION_NUMBER a double, to
 * any number. */
#define OPTION_WHOLE(NAME, ARGUMENT, TARGET, MIN, MAX, HELP)                                                 \
    { NAME, OPTION_IS_WHOLE, {.whole = (TARGET)}, ARGUMENT, MIN, MAX, false, NULL, HELP }
#define OPTION_INT(NAME, ARGUMENT, TARGET, MIN, MAX, HELP)                                                   \
    { NAME, OPTION_IS_INT, {.integer = (TARGET)}, ARGUMENT, MIN, MAX, false, NULL, HELP }
#define OPTION_NUMBER(NAME, ARGUMENT, TARGET, MIN, MAX, HELP)                                                \
    { NAME, OPTION_IS_NUMBER, {.number = (TARGET)}, ARGUMENT, MIN, MAX, false, NULL, HELP }
/* Calls TAKE with the row, whose target.any is TARGET, and the argument (NULL: none). */
#define OPTION_CALL(NAME, ARGUMENT, TAKE, TARGET, HELP)                                                      \
    { NAME, OPTION_IS_CALL, {.any = (TARGET)}, ARGUMENT, 0, 0, false, TAKE, HELP }
/* --parent PID: the program ends when the process PID does. */
#define OPTION_PARENT                                                                                        \
    OPTION_CALL("parent", "PID", option_end_with, NULL,                                                      \
                "end when the process PID, which started this one, ends")
/* --record FILE, for output_record. */
#define OPTION_RECORD(TARGET)                                                                                \
    OPTION_STRING("record", "FILE", TARGET, "also write the records to FILE, before standard output")
/* The end of the table. */
#define OPTION_END                                                                                           \
    { NULL, OPTION_IS_END, {.any = NULL}, NULL, 0, 0, false, NULL, NULL }

struct program {
    const char *name;  /* begins the program's messages */
    const char *usage; /* what --help prints before the options */
    const char *notes; /* and after them: the exit codes, and more */
    int max_operands;  /* -1: any number */
};

/* Takes all options of the command line, in their order, and leaves optind at the first operand. --help and
 * --version are added to the rows: they print and exit with STATUS_DONE, or with STATUS_FAILED when standard
 * output cannot be written. An unknown option, a bad or missing argument, and an operand too many are
 * reported, and the program exits with STATUS_USAGE. There are no short options. */
void options_parse(const struct program *program, int argc, char **argv, const struct option_row *rows);

/* Reports "option '--NAME': ...", and exits with STATUS_USAGE. */
_Noreturn void option_refuse(const struct option_row *row, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* For rows whose function checks more. A bad argument is refused with the accepted range. */
int option_word(const struct option_row *row, const char *argument, const char *choices);
long long option_whole_number(const struct option_row *row, const char *argument, long long minimum,
                              long long maximum);
/* "1", "1%" or "1 %". */
double option_percentage(const struct option_row *row, const char *argument, double minimum, double maximum);

/* Prints `text` as --help is printed, releases it and exits with STATUS_DONE, or STATUS_FAILED when standard
 * output cannot be written. */
_Noreturn void options_print(struct text *text);

void option_end_with(const struct option_row *row, char *argument);

/* Parse a whole number, or any number, from `minimum` to `maximum`. False when `text` is anything else;
 * `*number` is then unchanged. */
bool parse_whole_number(const char *text, long long minimum, long long maximum, long long *number);
bool parse_number(const char *text, double minimum, double maximum, double *number);

#endif
