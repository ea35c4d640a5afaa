/* util/options: numbers and command lines. A child runs the code that ends the program. */
#include "unit/unit.h"
#include "util/diagnostics.h"
#include "util/options.h"

#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct ending {
    int status;
    char said[1500]; /* standard output and standard error */
};

struct values {
    long long num;
    double share, percent;
    bool quiet, colour;
    const char *name, *architecture;
    int word;
};

static void take_percent(const struct option_row *row, char *argument) {
    *(double *)row->target.any = argument ? option_percentage(row, argument, 0, 100) : 50;
}

/* Prints the values that differ from the defaults, and the operands. */
static int run_options(char **argv) {
    static const struct program program = {"pt-test", "usage: pt-test\n", "Exit codes: 0.\n", 2};
    struct values values = {.colour = true};
    const struct option_row rows[] = {
        OPTION_WHOLE("num", "N", &values.num, 1, 10, "a whole number"),
        OPTION_NUMBER("share", "SHARE", &values.share, 0, 1, "a number"),
        OPTION_CALL("percent", "[=PERCENT]", take_percent, &values.percent, "a percentage (default 50)"),
        OPTION_FLAG("quiet", &values.quiet, "a flag"),
        OPTION_UNSET(
            "no-colour", &values.colour,
            "another flag, with a help so long that it does not fit in one line and is broken, which "
            "happens between words"),
        OPTION_STRING("name", "NAME", &values.name, "a string"),
        OPTION_CHOICE("architecture", "x86_64|arm64", &values.architecture, "a string"),
        OPTION_WORD("strategy", "cost|speed|balanced", &values.word, "a word"),
        OPTION_END,
    };
    int count = 0;
    while (argv[count])
        count++;
    options_parse(&program, count, argv, rows);
    printf("%lld %g %g%s%s %s %s %d", values.num, values.share, values.percent, values.quiet ? " quiet" : "",
           values.colour ? " colour" : "", values.name ? values.name : "-",
           values.architecture ? values.architecture : "-", values.word);
    for (; optind < count; optind++)
        printf(" %s", argv[optind]);
    fflush(stdout);
    return 0;
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
    static char *const same[] = {"--percent=2.5", "--percent=2.5%", "--percent=2.5 %", "--percent=2.5  %"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        check_ending(ARGUMENTS(same[i]), 0, "0 0 2.5 colour - - 0");
    check_ending(ARGUMENTS("--percent"), 0, "0 0 50 colour - - 0");
    check_ending(ARGUMENTS("--percent=%"), 2,
                 "pt-test: option '--percent': '%' is not a number from 0 to 100\n");
    check_ending(ARGUMENTS("--percent=101%"), 2,
                 "pt-test: option '--percent': '101%' is not a number from 0 to 100\n");
    check_ending(ARGUMENTS("--percent=1%%"), 2,
                 "pt-test: option '--percent': '1%%' is not a number from 0 to 100\n");
}

static void check_values(void) {
    check_ending(ARGUMENTS("--num", "3", "--share=.5"), 0, "3 0.5 0 colour - - 0");
    check_ending(ARGUMENTS("--quiet", "--no-colour", "--name="), 0, "0 0 0 quiet  - 0");
    check_ending(ARGUMENTS("--name", "a", "--name", "b"), 0, "0 0 0 colour b - 0");
    check_ending(ARGUMENTS("one", "--architecture", "arm64", "two", "--strategy", "balanced"), 0,
                 "0 0 0 colour - arm64 2 one two");
    check_ending(ARGUMENTS("--", "--num"), 0, "0 0 0 colour - - 0 --num");
    check_ending(ARGUMENTS("-", "--qui"), 0, "0 0 0 quiet colour - - 0 -");
}

static void check_bad_command_lines(void) {
    static const struct {
        const char *argument, *said;
    } bad[] = {{"--unknown", "unknown option '--unknown' (see pt-test --help)"},
               {"--unknown=3", "unknown option '--unknown=3' (see pt-test --help)"},
               {"-x", "unknown option '-x' (see pt-test --help)"},
               {"--num", "option '--num' needs an argument"},
               {"--quiet=yes", "option '--quiet=yes' takes no argument"},
               {"--num=0", "option '--num': '0' is not a whole number from 1 to 10"},
               {"--num=11", "option '--num': '11' is not a whole number from 1 to 10"},
               {"--num=", "option '--num': '' is not a whole number from 1 to 10"},
               {"--num=a\nb", "option '--num': 'a\\x0ab' is not a whole number from 1 to 10"},
               {"--share=1.5", "option '--share': '1.5' is not a number from 0 to 1"},
               {"--architecture=mips", "option '--architecture': 'mips' is not x86_64 or arm64"},
               {"--architecture=x86", "option '--architecture': 'x86' is not x86_64 or arm64"},
               {"--strategy=cost|speed", "option '--strategy': 'cost|speed' is not cost, speed or balanced"},
               {"--strategy=", "option '--strategy': '' is not cost, speed or balanced"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char said[200];
        snprintf(said, sizeof said, "pt-test: %s\n", bad[i].said);
        check_ending(ARGUMENTS((char *)bad[i].argument), 2, said);
    }
    check_ending(ARGUMENTS("a", "b", "c"), 2, "pt-test: unexpected argument 'c'\n");
}

static const char help[] =
    "usage: pt-test\n"
    "\n"
    "  --num N                          a whole number\n"
    "  --share SHARE                    a number\n"
    "  --percent[=PERCENT]              a percentage (default 50)\n"
    "  --quiet                          a flag\n"
    "  --no-colour                      another flag, with a help so long that it does not fit in one\n"
    "                                   line and is broken, which happens between words\n"
    "  --name NAME                      a string\n"
    "  --architecture x86_64|arm64      a string\n"
    "  --strategy cost|speed|balanced   a word\n"
    "  --help, --version\n"
    "\n"
    "Exit codes: 0.\n";

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
    TEST("each option sets its value, the last one counts, and operands are left to the program") {
        check_values();
    }
    TEST("a usage error is one line on standard error, with status 2") {
        check_bad_command_lines();
    }
    TEST("--help, which the rows make, and --version write to standard output and exit with 0") {
        check_ending(ARGUMENTS("--help"), 0, help);
        check_ending(ARGUMENTS("--version"), 0, "pt-test (power-tune) 0.1.0\n");
    }
    return unit_end();
}
