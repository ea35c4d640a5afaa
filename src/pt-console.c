/* pt-console: the web console. Serves a page on loopback that starts tuning runs, shows their progress and
 * lists earlier runs. Everything it does is a command of this toolkit, run as a child process; it contains no
 * tuning code.
 *
 *     out  http://127.0.0.1:PORT/SECRET/ */
#include "console/console.h"
#include "util/diagnostics.h"
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
    "all of this. Runs continue when the page is closed and when the console ends (SIGINT, SIGTERM).\n"
    "\n"
    "  --port N                 port to listen on (default 0: any free port)\n"
    "  --open                   open the page in a browser\n"
    "  --local DIR              folder of a local function to list, as for power-tune --local; may be\n"
    "                           repeated (default: those found under the working directory)\n"
    "  --region, --profile, --endpoint-url   defaults for runs, with the meaning they have for the aws\n"
    "                           command\n"
    "  --help, --version\n"
    "\n"
    "exit codes: 0 ended by a signal; 1 it failed; 2 bad usage\n";

enum {
    MAX_PORT = 65535,
    OPTION_PORT = 1,
    OPTION_OPEN,
    OPTION_LOCAL,
    OPTION_REGION,
    OPTION_PROFILE,
    OPTION_ENDPOINT
};

static void add_folder(struct console_options *options, char *folder) {
    options->folders = memory_resize(options->folders, options->folder_count + 1, sizeof(char *));
    options->folders[options->folder_count++] = folder;
}

/* Returns `url`. Ends the program when it may contain a secret, because pages and command lines show it. */
static const char *shown_url(const char *url) {
    if (!url_may_have_secret(url))
        return url;
    report_error("option '--endpoint-url': a user name, password or query is not supported in its URL");
    exit(STATUS_USAGE);
}

static void parse_options(int argc, char **argv, struct console_options *options) {
    static const struct program program = {"pt-console", usage};
    static const struct option long_options[] = {{"port", required_argument, NULL, OPTION_PORT},
                                                 {"open", no_argument, NULL, OPTION_OPEN},
                                                 {"local", required_argument, NULL, OPTION_LOCAL},
                                                 {"region", required_argument, NULL, OPTION_REGION},
                                                 {"profile", required_argument, NULL, OPTION_PROFILE},
                                                 {"endpoint-url", required_argument, NULL, OPTION_ENDPOINT},
                                                 OPTIONS_STANDARD};
    for (int option; (option = options_next(&program, argc, argv, long_options)) != -1;) {
        if (option == OPTION_PORT)
            options->port = (int)option_whole_number("port", optarg, 0, MAX_PORT);
        else if (option == OPTION_OPEN)
            options->open = true;
        else if (option == OPTION_LOCAL)
            add_folder(options, optarg);
        else if (option == OPTION_REGION)
            options->region = optarg;
        else if (option == OPTION_PROFILE)
            options->profile = optarg;
        else if (option == OPTION_ENDPOINT)
            options->endpoint_url = shown_url(optarg);
    }
    if (optind < argc) {
        report_error("unexpected argument '%s'", argv[optind]);
        exit(STATUS_USAGE);
    }
}

/* Refuses a folder that does not exist now; the driver would refuse it only when a run starts. */
static void check_folders(const struct console_options *options) {
    struct stat status;
    for (size_t i = 0; i < options->folder_count; i++)
        if (stat(options->folders[i], &status) != 0 || !S_ISDIR(status.st_mode)) {
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
