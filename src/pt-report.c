/* pt-report: shows results on a page: records in, one HTML file out.
 *
 *     in   the records of a run, from a stream, a run directory or a visualization link
 *     out  <!doctype html>...
 *
 * The page needs no network and no other file. With several sources, each is compared with the first. */
#include "pick/visualization.h"
#include "report/links.h"
#include "report/page.h"
#include "report/run-source.h"
#include "util/diagnostics.h"
#include "util/files.h"
#include "util/lines.h"
#include "util/options.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char usage[] =
    "usage: pt-report [option...] [SOURCE...]\n"
    "Writes an HTML page with the results of each SOURCE. Several sources are compared with the first.\n"
    "\n"
    "A SOURCE is a file of records (default: -, standard input), a run directory, or the visualization link "
    "of a\n"
    "result (https://...#...), which is not fetched.\n"
    "\n"
    "  --output FILE              write the page to FILE instead of standard output; FILE is replaced only "
    "when\n"
    "                             the page is complete\n"
    "  --invocations-per-month N  number of invocations a month, for the monthly saving\n"
    "  --present-power MB         current memory of the function (default: from the plan)\n"
    "  --strategy NAME            cost, speed or balanced, for input without a result\n"
    "  --balanced-weight W        weight of cost: 0 (speed only) to 1 (cost only)\n"
    "  --prices FILE              price table in which to look up the date of the price\n"
    "  --visualization-url URL    page that the visualization link opens\n"
    "  --quiet                    do not print the visualization link on standard error\n"
    "  --help, --version\n"
    "\n"
    "Exit codes: 0 done; 1 the page cannot be written; 2 bad usage or bad input.\n";

struct options {
    struct report_settings settings;
    const char *output; /* NULL: standard output */
    bool quiet;
};

static int parse_strategy(const char *name) {
    enum strategy strategy;
    if (strategy_parse(name, &strategy))
        return (int)strategy;
    report_error("option '--strategy': '%s' is not cost, speed or balanced", name);
    exit(STATUS_USAGE);
}

static void parse_options(int argc, char **argv, struct options *options) {
    static const struct program program = {"pt-report", usage};
    static const struct option long_options[] = {{"output", required_argument, NULL, 'o'},
                                                 {"invocations-per-month", required_argument, NULL, 'm'},
                                                 {"present-power", required_argument, NULL, 'n'},
                                                 {"strategy", required_argument, NULL, 's'},
                                                 {"balanced-weight", required_argument, NULL, 'w'},
                                                 {"prices", required_argument, NULL, 'p'},
                                                 {"visualization-url", required_argument, NULL, 'u'},
                                                 {"quiet", no_argument, NULL, 'q'},
                                                 OPTIONS_STANDARD};
    struct report_settings *settings = &options->settings;
    *options = (struct options){.settings = {.strategy = -1, .weight = -1}};
    for (int option; (option = options_next(&program, argc, argv, long_options)) != -1;)
        switch (option) {
        case 'o':
            options->output = optarg;
            break;
        case 'm':
            settings->invocations_per_month =
                (double)option_whole_number("invocations-per-month", optarg, 1, 1000000000000000);
            break;
        case 'n':
            settings->present_memory_mb = (double)option_whole_number("present-power", optarg, 1, 32768);
            break;
        case 's':
            settings->strategy = parse_strategy(optarg);
            break;
        case 'w':
            settings->weight = option_number("balanced-weight", optarg, 0, 1);
            break;
        case 'p':
            settings->prices = optarg;
            break;
        case 'u':
            settings->visualization_url = optarg;
            break;
        case 'q':
            options->quiet = true;
            break;
        default:
            break;
        }
}

/* ---- writing ---- */

/* Writes a temporary file next to `path` and renames it when it is complete. Something else than a regular
 * file, such as a terminal or a pipe, is written directly. */
static bool write_file(const char *path, const struct text *page) {
    struct stat status;
    struct text temporary = TEXT_INIT;
    bool in_place = stat(path, &status) == 0 && !S_ISREG(status.st_mode);
    mode_t mask = umask(0);
    umask(mask);
    text_append_format(&temporary, "%s%s", path, in_place ? "" : ".XXXXXX");
    int fd = in_place ? open(path, O_WRONLY | O_CLOEXEC) : mkstemp(temporary.bytes);
    bool good =
        fd >= 0 && write_all(fd, page->bytes, page->length) && (in_place || fchmod(fd, 0666 & ~mask) == 0);
    int error = errno;
    if (fd >= 0 && close(fd) != 0 && good) {
        error = errno;
        good = false;
    }
    if (good && !in_place && rename(temporary.bytes, path) != 0) {
        error = errno;
        good = false;
    }
    if (!good && fd >= 0 && !in_place)
        unlink(temporary.bytes);
    if (!good)
        report_error("cannot write '%s': %s", path, strerror(error));
    text_release(&temporary);
    return good;
}

static int write_page(const struct options *options, struct text *page) {
    struct output output;
    if (options->output && strcmp(options->output, "-") != 0)
        return write_file(options->output, page) ? STATUS_DONE : STATUS_FAILED;
    output_open(&output, STDOUT_FILENO);
    output_line(&output, page->bytes, page->length - 1);
    return output_finish(&output, STATUS_DONE);
}

/* Reports the link to the page of aws-lambda-power-tuning. */
static void report_links(const struct report_runs *runs, const struct report_settings *settings) {
    struct text link = TEXT_INIT;
    if (runs->count == 1)
        link_append(&link, &runs->list[0], settings);
    else if (runs->compared && runs->list[0].choice.count && runs->list[1].choice.count)
        link_append_comparison(&link, &runs->list[0], &runs->list[1], settings);
    if (link.length)
        report_notice("%s", text_string(&link));
    text_release(&link);
}

int main(int argc, char **argv) {
    struct options options;
    struct report_runs runs = {0};
    struct text page = TEXT_INIT;
    int status = STATUS_DONE;
    diagnostics_program("pt-report");
    parse_options(argc, argv, &options);
    if (optind == argc && !source_read("-", &runs))
        status = STATUS_USAGE;
    for (int i = optind; i < argc; i++)
        if (!source_read(argv[i], &runs))
            status = STATUS_USAGE;
    for (size_t i = 0; i < runs.count; i++)
        report_run_finish(&runs.list[i], &options.settings);
    if (status == STATUS_DONE && !page_append(&page, &runs, &options.settings))
        status = STATUS_FAILED;
    if (status == STATUS_DONE && (status = write_page(&options, &page)) == STATUS_DONE && !options.quiet)
        report_links(&runs, &options.settings);
    text_release(&page);
    report_runs_close(&runs);
    return status;
}
