/* util/options: numbers and command lines. A child runs the code that ends the program. */
#include "unit/unit.h"
#include "util/diagnostics.h"
#include "util/options.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct option long_options[] = {{"num", required_argument, NULL, 'n'},
                                             {"share", required_argument, NULL, 's'},
                                             {"quiet", no_argument, NULL, 'q'},
                                             OPTIONS_STANDARD};

struct ending {
    int status;
    char said[600]; /* standard output and standard error */
};

/* The exit status is 100 plus the last option's letter when nothing else ends the child. */
static int run_options(char **argv) {
    static const struct program program = {"pt-test", "usage: pt-test\n"};
    int count = 0, option, last = 0;
    while (argv[count])
        count++;
    while ((option = options_next(&program, count, argv, long_options)) != -1) {
        if (option == 'n')
            option_whole_number("num", optarg, 1, 10);
        else if (option == 's')
            option_percentage("share", optarg, 0, 100);
        last = option;
    }
    return last ? last : 100 + optind;
}

static struct ending ending_of(char **argv) {
    struct ending ending = {-1, ""};
    int ends[2];
    fflush(stdout);
    if (pipe(ends) < 0)
        exit(99);
    pid_t child = fork();
    if (child == 0) {
        if (dup2(ends[1], STDOUT_FILENO) < 0 || dup2(ends[1], STDERR_FILENO) < 0)
            _exit(99);
        close(ends[0]);
        close(ends[1]);
        optind = 1;
        _exit(run_options(argv));
    }
    close(ends[1]);
    size_t length = 0;
    ssize_t got;
    while ((got = read(ends[0], ending.said + length, sizeof ending.said - 1 - length)) > 0)
        length += (size_t)got;
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    ending.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return ending;
}

#define ARGUMENTS(...) ((char *[]){"pt-test", __VA_ARGS__, NULL})

static void check_ending(char **argv, int status, const char *said) {
    struct ending ending = ending_of(argv);
    CHECK(ending.status == status);
    CHECK_TEXT(ending.said, said);
}

static bool whole(const char *text, long long wanted) {
    long long number = -77;
    return parse_whole_number(text, LLONG_MIN, LLONG_MAX, &number) && number == wanted;
}

static void check_whole_numbers(void) {
    CHECK(whole("0", 0) && whole("42", 42) && whole("-42", -42) && whole("+7", 7) && whole("007", 7));
    CHECK(whole("9223372036854775807", LLONG_MAX) && whole("-9223372036854775808", LLONG_MIN));
    static const char *const bad[] = {
        "",     "-",     "+",   "--1", "1 ",  " 1", "1.0", "1e3",
        "0x10", "1,000", "one", "1-",  "\n1", "1a", "nan", "9223372036854775808"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        long long number = -77;
        if (parse_whole_number(bad[i], LLONG_MIN, LLONG_MAX, &number) || number != -77)
            unit_fail(__FILE__, __LINE__, bad[i]);
    }
    long long number = -77;
    CHECK(parse_whole_number("1", 1, 10, &number) && number == 1);
    CHECK(parse_whole_number("10", 1, 10, &number) && number == 10);
    CHECK(!parse_whole_number("0", 1, 10, &number) && !parse_whole_number("11", 1, 10, &number) &&
          number == 10);
}

static void check_numbers(void) {
    double number = -77;
    CHECK(parse_number("0.5", 0, 1, &number) && number == 0.5);
    CHECK(parse_number("1e-3", 0, 1, &number) && number == 0.001);
    CHECK(parse_number("+1", 0, 1, &number) && number == 1);
    CHECK(parse_number(".25", 0, 1, &number) && number == 0.25);
    number = -77;
    static const char *const bad[] = {"",    "inf", "-inf", "nan", "0x1", " 1",  "1 ",    "1e",  "e1",
                                      "1,5", ".",   "-",    "1..", "2",   "-.1", "1e999", "0.5x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (parse_number(bad[i], 0, 1, &number) || number != -77)
            unit_fail(__FILE__, __LINE__, bad[i]);
}

static void check_percentages(void) {
    static const char *const same[] = {"2.5", "2.5%", "2.5 %", "2.5  %"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        CHECK(option_percentage("share", same[i], 0, 100) == 2.5);
    check_ending(ARGUMENTS("--share", "%"), 2, "pt-test: --share: '%' is not a number from 0 to 100\n");
    check_ending(ARGUMENTS("--share", "101%"), 2, "pt-test: --share: '101%' is not a number from 0 to 100\n");
    check_ending(ARGUMENTS("--share", "1%%"), 2, "pt-test: --share: '1%%' is not a number from 0 to 100\n");
}

static void check_bad_command_lines(void) {
    check_ending(ARGUMENTS("--unknown"), 2, "pt-test: unknown option '--unknown' (see pt-test --help)\n");
    check_ending(ARGUMENTS("--unknown=3"), 2, "pt-test: unknown option '--unknown=3' (see pt-test --help)\n");
    check_ending(ARGUMENTS("-x"), 2, "pt-test: unknown option '-x' (see pt-test --help)\n");
    check_ending(ARGUMENTS("--num"), 2, "pt-test: option '--num' needs an argument\n");
    check_ending(ARGUMENTS("--quiet=yes"), 2, "pt-test: option '--quiet=yes' takes no argument\n");
    check_ending(ARGUMENTS("--num", "0"), 2, "pt-test: --num: '0' is not a whole number from 1 to 10\n");
    check_ending(ARGUMENTS("--num="), 2, "pt-test: --num: '' is not a whole number from 1 to 10\n");
    check_ending(ARGUMENTS("--num", "a\nb"), 2,
                 "pt-test: --num: 'a\\x0ab' is not a whole number from 1 to 10\n");
}

int main(void) {
    diagnostics_program("pt-test");
    TEST("a whole number is digits with an optional sign, within its range") {
        check_whole_numbers();
    }
    TEST("a number is decimal and finite, within its range") {
        check_numbers();
    }
    TEST("a percentage may have a percent sign") {
        check_percentages();
    }
    TEST("options are returned in order, and operands are left to the program") {
        check_ending(ARGUMENTS("--num", "3"), 'n', "");
        check_ending(ARGUMENTS("--quiet"), 'q', "");
        check_ending(ARGUMENTS("--", "--num"), 102, "");
        check_ending(ARGUMENTS("-"), 101, "");
    }
    TEST("a usage error is one line on standard error, with status 2") {
        check_bad_command_lines();
    }
    TEST("--help and --version write to standard output and exit with 0") {
        check_ending(ARGUMENTS("--help"), 0, "usage: pt-test\n");
        check_ending(ARGUMENTS("--version"), 0, "pt-test (power-tune) 0.1.0\n");
    }
    return unit_end();
}
