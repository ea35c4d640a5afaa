/* pt-console: the web console. Serves a page on loopback that starts tuning runs, shows their progress and
 * lists earlier runs. Everything it does is a command of this toolkit, run as a child process; it contains no
 * tuning code.
 *
 *     out  http://127.0.0.1:PORT/SECRET/ */
#include "console/console.h"
#include "util/diagnostics.h"
#include "util/files.h"
#include "util/lines.h"
#include "util/memory.h"
#include "util/options.h"
#include "util/url.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char usage[] =
    "usage: power-tune console [OPTION...]\n"
    "\n"
    "Serves a web page on 127.0.0.1 that starts tuning runs, shows their states, output and reports, and\n"
    "stops, recovers and resumes them. Prints the address of the page; anybody who knows the address can do\n"
    "all of this. Runs continue when the page is closed and when the console ends (SIGINT, SIGTERM).\n";

static const char notes[] = "exit codes: 0 ended by a signal; 1 it failed; 2 bad usage\n";

static void add_folder(const struct option_row *row, char *folder) {
    struct console_options *options = row->target.any;
    options->folders = memory_resize(options->folders, options->folder_count + 1, sizeof(char *));
    options->folders[options->folder_count++] = folder;
}

/* A URL that may contain a secret is refused, because pages and command lines show it. */
static void take_url(const struct option_row *row, char *url) {
    if (url_may_have_secret(url))
        option_refuse(row, "a user name, password or query is not supported in its URL");
    *(const char **)row->target.any = url;
}

static void parse_options(int argc, char **argv, struct console_options *options) {
    static const struct program program = {"pt-console", usage, notes, 0};
    const struct option_row rows[] = {
        OPTION_INT("port", "N", &options->port, 0, 65535, "port to listen on (default 0: any free port)"),
        OPTION_FLAG("open", &options->open, "open the page in a browser"),
        OPTION_CALL("local", "DIR", add_folder, options,
                    "folder of a local function to list, as for power-tune --local; may be repeated "
                    "(default: those found under the working directory)"),
        OPTION_STRING("region", "REGION", &options->region, "default of runs, as in the aws command"),
        OPTION_STRING("profile", "NAME", &options->profile, "default of runs, as in the aws command"),
        OPTION_CALL("endpoint-url", "URL", take_url, &options->endpoint_url,
                    "default of runs, as in the aws command"),
        OPTION_END,
    };
    options_parse(&program, argc, argv, rows);
}

/* Refuses a folder that does not exist now; the driver would refuse it only when a run starts. */
static void check_folders(const struct console_options *options) {
    for (size_t i = 0; i < options->folder_count; i++)
        if (!is_directory(options->folders[i])) {
            report_error("--local '%s': no such folder", options->folders[i]);
            exit(STATUS_USAGE);
        }
}

static int announce(const struct console *console) {
    struct output output;
    struct text address = TEXT_INIT;
    console_address(console, &address);
    output_open(&output, STDOUT_FILENO);
    output_line(&output, address.bytes, address.length);
    text_release(&address);
    return output_finish(&output, STATUS_DONE);
}

int main(int argc, char **argv) {
    struct console_options options = {.port = 0};
    struct console console;
    diagnostics_program("pt-console");
    umask(S_IRWXG | S_IRWXO);
    parse_options(argc, argv, &options);
    check_folders(&options);
    int status = console_open(&console, &options) ? announce(&console) : STATUS_FAILED;
    if (status == STATUS_DONE) {
        if (options.open)
            console_show(&console);
        console_run(&console);
    }
    console_close(&console);
    free(options.folders);
    return status;
}
