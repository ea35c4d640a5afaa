/* pt-local: an embedded Lambda. Serves the part of the Lambda API that tuning needs on a loopback port, and
 * runs real functions with the Lambda Runtime API.
 *
 *     out  http://127.0.0.1:PORT */
#include "local/api/configuration.h"
#include "local/local.h"
#include "local/reaper.h"
#include "local/store/runtimes.h"
#include "tune/price.h"
#include "util/diagnostics.h"
#include "util/lines.h"
#include "util/memory.h"
#include "util/options.h"

#include <errno.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: pt-local --function NAME=DIR [--function NAME=DIR]... [OPTION]...\n"
    "       pt-local [--handler FILE.NAME] --detect DIR\n"
    "\n"
    "Runs an embedded Lambda on 127.0.0.1. Executes the program DIR/bootstrap of each function as Lambda\n"
    "would, with processor time in proportion to its memory, and serves the part of the Lambda API that\n"
    "tuning needs. Prints its address, http://127.0.0.1:PORT, as one line on standard output when it is\n"
    "ready. On SIGINT or SIGTERM it ends all processes, removes all its files and exits.\n";

static const char notes[] =
    "Requests must be signed with the AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of pt-local's\n"
    "environment. If these are not set, pt-local makes random keys and prints them on standard error as two\n"
    "export commands for a shell. Requests are refused if they have an Origin, or a Host other than\n"
    "127.0.0.1, localhost or [::1] with the port.\n"
    "\n"
    "exit codes: 0 ended by a signal, 1 it failed, 2 bad usage\n";

struct function_option {
    char *name;
    const char *directory;
    const char *runtime, *handler; /* NULL: not given */
};

struct arguments {
    struct settings settings;
    struct function_option *functions;
    size_t function_count;
    const char *detect, *handler; /* of --detect; NULL: not given */
    bool quiet;
};

static void take_function(const struct option_row *row, char *value) {
    struct arguments *arguments = row->target.any;
    const char *equals = strchr(value, '=');
    size_t length = equals ? (size_t)(equals - value) : 0;
    if (!is_plain_name((struct span){value, length}, FUNCTION_NAME_SIZE - 1) || !equals[1])
        option_refuse(row, "'%s' is not NAME=DIR with letters, digits, - and _ in the name", value);
    arguments->functions =
        memory_resize(arguments->functions, arguments->function_count + 1, sizeof *arguments->functions);
    arguments->functions[arguments->function_count++] =
        (struct function_option){.name = memory_copy(value, length), .directory = equals + 1};
}

static struct function_option *last_function(const struct option_row *row) {
    const struct arguments *arguments = row->target.any;
    if (!arguments->function_count)
        option_refuse(row, "a --function must come before it");
    return &arguments->functions[arguments->function_count - 1];
}

static void take_runtime(const struct option_row *row, char *value) {
    option_word(row, value, RUNTIMES);
    last_function(row)->runtime = value;
}

/* Before the first --function, the handler is for --detect. */
static void take_handler(const struct option_row *row, char *value) {
    struct arguments *arguments = row->target.any;
    if (arguments->function_count)
        last_function(row)->handler = value;
    else
        arguments->handler = value;
}

/* Prints what the function in the folder of --detect runs on, and ends the program. */
static _Noreturn void detect(const struct arguments *arguments) {
    const char *runtime = runtime_of_folder(arguments->detect, arguments->handler);
    struct text problem = TEXT_INIT;
    struct output output;
    if (!runtime) {
        runtime_describe_missing(arguments->detect, arguments->handler, &problem);
        report_error("%s", problem.bytes);
        text_release(&problem);
        exit(STATUS_USAGE);
    }
    output_open(&output, STDOUT_FILENO);
    output_line(&output, runtime, strlen(runtime));
    exit(output_finish(&output, STATUS_DONE));
}

static void take_region(const struct option_row *row, char *value) {
    if (!is_plain_name(span_of(value), REGION_SIZE - 1))
        option_refuse(row, "'%s' is not a region", value);
    *(const char **)row->target.any = value;
}

static void take_account(const struct option_row *row, char *value) {
    if (strlen(value) != 12 || strspn(value, "0123456789") != 12)
        option_refuse(row, "'%s' is not 12 digits", value);
    *(const char **)row->target.any = value;
}

static void add_name(const char ***names, size_t *count, const char *name) {
    *names = memory_resize(*names, *count + 1, sizeof **names);
    (*names)[(*count)++] = name;
}

static void take_passed(const struct option_row *row, char *name) {
    struct settings *settings = row->target.any;
    add_name(&settings->passed, &settings->passed_count, name);
}

static void take_host(const struct option_row *row, char *name) {
    struct settings *settings = row->target.any;
    add_name(&settings->hosts, &settings->host_count, name);
}

static void parse_options(int argc, char **argv, struct arguments *arguments) {
    enum { MAX_DELAY_MS = 3600000, MAX_INVOCATIONS = 1000000, MAX_STORAGE_MB = 1048576 };
    static const struct program program = {"pt-local", usage, notes, 0};
    struct settings *settings = &arguments->settings;
    const struct option_row rows[] = {
        OPTION_CALL("function", "NAME=DIR", take_function, arguments,
                    "function name, and folder with its executable 'bootstrap' or with a handler for Node.js "
                    "or Python, which runs on this machine's node or python3; may be repeated"),
        OPTION_CALL("runtime", RUNTIMES, take_runtime, arguments,
                    "runtime of the preceding --function (default: detected from the files in the folder)"),
        OPTION_CALL("handler", "FILE.NAME", take_handler, arguments,
                    "handler of the preceding --function, or of --detect (default index.handler for nodejs, "
                    "lambda_function.lambda_handler for python)"),
        OPTION_STRING(
            "detect", "DIR", &arguments->detect,
            "print what a function in DIR runs on (provided, nodejs or python), and exit; with 2 when "
            "DIR has no function"),
        OPTION_INT("port", "N", &settings->port, 0, 65535, "port to listen on (default 0: any free port)"),
        OPTION_INT("memory", "MB", &settings->memory_mb, 128, 10240,
                   "initial memory size of the functions, 128..10240 (default 128)"),
        OPTION_INT("timeout", "S", &settings->timeout_s, 1, 900,
                   "initial timeout of the functions, 1..900 (default 30)"),
        OPTION_CHOICE("architecture", ARCHITECTURES, &settings->architecture,
                      "processor architecture, as the API reports it (default x86_64)"),
        OPTION_CALL("region", "NAME", take_region, &settings->region, "region in ARNs (default us-east-1)"),
        OPTION_CALL("account", "ID", take_account, &settings->account,
                    "account in ARNs (default 123456789012)"),
        OPTION_INT("max-memory", "MB", &settings->max_memory_mb, 128, 10240,
                   "memory quota of the account (default 10240)"),
        OPTION_INT("concurrency", "N", &settings->concurrency, 1, MAX_INVOCATIONS,
                   "concurrency quota of the account (default 1000)"),
        OPTION_WORD("cpu", "auto|cgroup|duty|none", &settings->cpu,
                    "how processor time is limited; duty: with SIGSTOP (default auto)"),
        OPTION_INT("update-delay", "MS", &settings->update_delay_ms, 0, MAX_DELAY_MS,
                   "time that an update stays InProgress (default 0)"),
        OPTION_INT("publish-delay", "MS", &settings->publish_delay_ms, 0, MAX_DELAY_MS,
                   "time that a new version stays Pending (default 0)"),
        OPTION_INT("cold-start-delay", "MS", &settings->cold_start_delay_ms, 0, MAX_DELAY_MS,
                   "delay added to each cold start (default 0)"),
        OPTION_INT("init-timeout", "MS", &settings->init_timeout_ms, 1, MAX_DELAY_MS,
                   "time limit of the init phase (default 10000)"),
        OPTION_INT("retry-delay", "MS", &settings->retry_delay_ms, 0, MAX_DELAY_MS,
                   "delay before the first retry of a failed event, doubled before the second (default "
                   "60000)"),
        OPTION_INT("code-storage", "MB", &settings->code_storage_mb, 1, MAX_STORAGE_MB,
                   "code storage quota of the account, over all versions (default 76800)"),
        OPTION_INT("request-timeout", "S", &settings->request_timeout_s, 1, 3600,
                   "time limit for a request to arrive (default 30)"),
        OPTION_CALL("pass-env", "NAME", take_passed, settings,
                    "environment variable to pass to the functions; may be repeated"),
        OPTION_STRING("record", "FILE", &settings->record,
                      "append each API request to FILE as a line of JSON"),
        OPTION_UNSET("no-verify", &settings->verify, "accept requests with any signature, or with none"),
        OPTION_CALL("allow-host", "NAME", take_host, settings,
                    "also accept requests with this Host, at any port; may be repeated"),
        OPTION_PARENT,
        OPTION_FLAG("quiet", &arguments->quiet,
                    "print nothing on standard error at the start but random keys"),
        OPTION_END,
    };
    options_parse(&program, argc, argv, rows);
    if (arguments->detect)
        detect(arguments);
    if (arguments->handler) {
        report_error("option '--handler': a --function must come before it");
        exit(STATUS_USAGE);
    }
    if (settings->memory_mb > settings->max_memory_mb) {
        report_error("--memory %d: larger than --max-memory %d", settings->memory_mb,
                     settings->max_memory_mb);
        exit(STATUS_USAGE);
    }
    if (!arguments->function_count) {
        report_error("no function given: --function NAME=DIR is required");
        exit(STATUS_USAGE);
    }
}

static bool start_function(struct server *server, const struct function_option *option) {
    struct managed_runtime runtime = {.identifier = NULL};
    char problem[512];
    const char *name = option->runtime ? option->runtime : runtime_detect(option->directory, option->handler);
    const char *handler = name ? runtime_default_handler(name) : "bootstrap";
    if (name && !runtime_open(&runtime, name, problem, sizeof problem)) {
        report_error("--function '%s': runtime %s: %s", option->name, name, problem);
        runtime_release(&runtime);
        return false;
    }
    const char *identifier = runtime.identifier ? runtime.identifier : "provided.al2023";
    char *configuration =
        configuration_new(server, option->name, identifier, option->handler ? option->handler : handler);
    struct function *function = store_add(server, option->name, option->directory, configuration);
    if (function) {
        function->runtime = runtime;
        return true;
    }
    if (errno == EEXIST)
        report_error("--function '%s': the name is given twice", option->name);
    else
        report_error("--function '%s': cannot read '%s': %s", option->name, option->directory,
                     strerror(errno));
    runtime_release(&runtime);
    return false;
}

static bool start_functions(struct server *server, const struct arguments *arguments) {
    for (size_t i = 0; i < arguments->function_count; i++)
        if (!start_function(server, &arguments->functions[i]))
            return false;
    return true;
}

/* On standard error, which only the user sees: other users could read a command line or a file. */
static void announce_keys(const struct keys *keys) {
    fprintf(stderr, "export AWS_ACCESS_KEY_ID=%s\nexport AWS_SECRET_ACCESS_KEY=%s\n", keys->access_key_id,
            keys->secret_access_key);
}

static int announce(const struct server *server, bool quiet) {
    struct output output;
    struct text line = TEXT_INIT;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (!quiet)
        report_notice(
            "processor time is limited by %s, memory by %s; functions have %s%s; this machine has %ld "
            "cores: above %.0f MB, durations of functions with several threads are too long",
            sandboxes_mechanism(server->sandboxes), sandboxes_memory(server->sandboxes),
            server->isolation.mounts ? "a private /tmp" : "a shared /tmp with a private TMPDIR",
            server->isolation.pids ? " and a PID namespace of their own" : "", cores,
            (double)cores * SANDBOX_MB_PER_CORE);
    if (server->settings.verify && server->settings.keys.made)
        announce_keys(&server->settings.keys);
    text_append_format(&line, "http://127.0.0.1:%d", httpd_server_port(server->api));
    output_open(&output, STDOUT_FILENO);
    output_line(&output, line.bytes, line.length);
    text_release(&line);
    return output_finish(&output, STATUS_DONE);
}

static int serve(void *context) {
    struct arguments *arguments = context;
    struct server server;
    if (!keys_take(&arguments->settings.keys)) {
        report_error("cannot create random keys: %s", strerror(errno));
        return STATUS_FAILED;
    }
    int status = STATUS_FAILED;
    if (local_open(&server, &arguments->settings)) {
        status = start_functions(&server, arguments) ? announce(&server, arguments->quiet) : STATUS_USAGE;
        if (status == STATUS_DONE && !local_run(&server))
            status = STATUS_FAILED;
        local_close(&server);
    }
    keys_release(&arguments->settings.keys);
    return status;
}

static void clear(void *context) {
    const struct arguments *arguments = context;
    local_clear(arguments->settings.owner);
}

int main(int argc, char **argv) {
    struct arguments arguments = {.settings = {.region = "us-east-1",
                                               .account = "123456789012",
                                               .memory_mb = 128,
                                               .timeout_s = 30,
                                               .architecture = "x86_64",
                                               .max_memory_mb = 10240,
                                               .concurrency = 1000,
                                               .init_timeout_ms = 10000,
                                               .request_timeout_s = 30,
                                               .retry_delay_ms = 60000,
                                               .code_storage_mb = 76800,
                                               .verify = true}};
    diagnostics_program("pt-local");
    parse_options(argc, argv, &arguments);
    if (arguments.settings.cpu == CPU_AUTO || arguments.settings.cpu == CPU_CGROUP)
        sandboxes_enter_scope(argv);
    arguments.settings.owner = getpid();
    int status = reaper_run(&(struct reaper){.serve = serve, .clear = clear, .context = &arguments});
    for (size_t i = 0; i < arguments.function_count; i++)
        free(arguments.functions[i].name);
    free(arguments.functions);
    free(arguments.settings.passed);
    free(arguments.settings.hosts);
    return status;
}
