/* pt-report: shows results on a page: records in, one HTML file out.
 *
 *     in   the records of a run, from a stream, a run directory or a visualization link
 *     out  <!doctype html>...
 *
 * The page needs no network and no other file. With several sources, each is compared with the first. */
#include "pick/options.h"
#include "pick/visualization.h"
#include "report/links.h"
#include "report/page.h"
#include "report/run-source.h"
#include "util/diagnostics.h"
#include "util/files.h"
#include "util/lines.h"

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
    "A SOURCE is a file of records (default: -, standard input), a run directory, or the visualization\n"
    "link of a result (https://...#...), which is not fetched.\n";

static const char notes[] = "Exit codes: 0 done; 1 the page cannot be written; 2 bad usage or bad input.\n";

struct options {
    struct report_settings settings;
    const char *output; /* NULL: standard output */
    bool quiet;
};

static void parse_options(int argc, char **argv, struct options *options) {
    static const struct program program = {"pt-report", usage, notes, -1};
    struct report_settings *settings = &options->settings;
    long long invocations = 0, present_memory_mb = 0;
    const struct option_row rows[] = {
        OPTION_STRING("output", "FILE", &options->output,
                      "write the page to FILE instead of standard output; FILE is replaced only when the "
                      "page is complete"),
        OPTION_WHOLE("invocations-per-month", "N", &invocations, 1, 1e15,
                     "number of invocations a month, for the monthly saving"),
        OPTION_WHOLE("present-power", "MB", &present_memory_mb, 1, 32768,
                     "current memory of the function (default: from the plan)"),
        OPTION_WORD("strategy", STRATEGIES, &settings->strategy, "strategy, for input without a result"),
        PICK_WEIGHT(&settings->weight),
        OPTION_STRING("prices", "FILE", &settings->prices,
                      "price table in which to look up the date of the price"),
        PICK_VISUALIZATION_URL(&settings->visualization_url),
        OPTION_FLAG("quiet", &options->quiet, "do not print the visualization link on standard error"),
        OPTION_END,
    };
    *options = (struct options){.settings = {.strategy = -1, .weight = -1}};
    options_parse(&program, argc, argv, rows);
    settings->invocations_per_month = (double)invocations;
    settings->present_memory_mb = (double)present_memory_mb;
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
