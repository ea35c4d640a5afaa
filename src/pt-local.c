/* pt-local: an embedded Lambda. Serves the part of the Lambda API that tuning needs on a loopback port, and
 * runs real functions with the Lambda Runtime API.
 *
 *     out  http://127.0.0.1:PORT */
#include "local/api/configuration.h"
#include "local/local.h"
#include "local/reaper.h"
#include "local/sandbox/scope.h"
#include "local/store/runtimes.h"
#include "util/diagnostics.h"
#include "util/lines.h"
#include "util/memory.h"
#include "util/options.h"
#include "util/subprocess.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: pt-local --function NAME=DIR [--function NAME=DIR]... [OPTION]...\n"
    "\n"
    "Runs an embedded Lambda on 127.0.0.1. Executes the program DIR/bootstrap of each function as Lambda\n"
    "would, with processor time in proportion to its memory, and serves the part of the Lambda API that\n"
    "tuning needs. Prints its address, http://127.0.0.1:PORT, as one line on standard output when it is\n"
    "ready. On SIGINT or SIGTERM it ends all processes, removes all its files and exits.\n"
    "\n"
    "  --function NAME=DIR     function name, and folder with its executable 'bootstrap' or with a handler\n"
    "                          for Node.js or Python, which runs on this machine's node or python3; may be\n"
    "                          repeated\n"
    "  --runtime NAME          nodejs or python, for the preceding --function (default: detected from the\n"
    "                          files in the folder)\n"
    "  --handler FILE.NAME     handler of the preceding --function (default index.handler for nodejs,\n"
    "                          lambda_function.lambda_handler for python)\n"
    "  --port N                port to listen on (default 0: any free port)\n"
    "  --memory MB             initial memory size of the functions, 128..10240 (default 128)\n"
    "  --timeout S             initial timeout of the functions, 1..900 (default 30)\n"
    "  --architecture NAME     x86_64 or arm64, as the API reports it (default x86_64)\n"
    "  --region NAME           region in ARNs (default us-east-1)\n"
    "  --account ID            account in ARNs (default 123456789012)\n"
    "  --max-memory MB         memory quota of the account (default 10240)\n"
    "  --concurrency N         concurrency quota of the account (default 1000)\n"
    "  --cpu MECHANISM         how processor time is limited: auto, cgroup, duty (SIGSTOP) or none\n"
    "                          (default auto)\n"
    "  --update-delay MS       time that an update stays InProgress (default 0)\n"
    "  --publish-delay MS      time that a new version stays Pending (default 0)\n"
    "  --cold-start-delay MS   delay added to each cold start (default 0)\n"
    "  --init-timeout MS       time limit of the init phase (default 10000)\n"
    "  --retry-delay MS        delay before the first retry of a failed event, doubled before the second\n"
    "                          (default 60000)\n"
    "  --code-storage MB       code storage quota of the account, over all versions (default 76800)\n"
    "  --request-timeout S     time limit for a request to arrive (default 30)\n"
    "  --pass-env NAME         environment variable to pass to the functions; may be repeated\n"
    "  --record FILE           append each API request to FILE as a line of JSON\n"
    "  --no-verify             accept requests with any signature, or with none\n"
    "  --allow-host NAME       also accept requests with this Host, at any port; may be repeated\n"
    "  --parent PID            end when this process, which started it, ends\n"
    "  --quiet                 print nothing on standard error at the start but random keys\n"
    "  --help, --version\n"
    "\n"
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
    bool quiet;
};

enum option_value {
    FUNCTION = 1000,
    RUNTIME,
    HANDLER,
    PORT,
    MEMORY,
    TIMEOUT,
    ARCHITECTURE,
    REGION,
    ACCOUNT,
    MAX_MEMORY,
    CONCURRENCY,
    CPU,
    UPDATE_DELAY,
    PUBLISH_DELAY,
    COLD_START_DELAY,
    INIT_TIMEOUT,
    RETRY_DELAY,
    CODE_STORAGE,
    REQUEST_TIMEOUT,
    PASS_ENV,
    RECORD,
    NO_VERIFY,
    ALLOW_HOST,
    PARENT,
    QUIET
};

static const struct option long_options[] = {{"function", required_argument, NULL, FUNCTION},
                                             {"runtime", required_argument, NULL, RUNTIME},
                                             {"handler", required_argument, NULL, HANDLER},
                                             {"port", required_argument, NULL, PORT},
                                             {"memory", required_argument, NULL, MEMORY},
                                             {"timeout", required_argument, NULL, TIMEOUT},
                                             {"architecture", required_argument, NULL, ARCHITECTURE},
                                             {"region", required_argument, NULL, REGION},
                                             {"account", required_argument, NULL, ACCOUNT},
                                             {"max-memory", required_argument, NULL, MAX_MEMORY},
                                             {"concurrency", required_argument, NULL, CONCURRENCY},
                                             {"cpu", required_argument, NULL, CPU},
                                             {"update-delay", required_argument, NULL, UPDATE_DELAY},
                                             {"publish-delay", required_argument, NULL, PUBLISH_DELAY},
                                             {"cold-start-delay", required_argument, NULL, COLD_START_DELAY},
                                             {"init-timeout", required_argument, NULL, INIT_TIMEOUT},
                                             {"retry-delay", required_argument, NULL, RETRY_DELAY},
                                             {"code-storage", required_argument, NULL, CODE_STORAGE},
                                             {"request-timeout", required_argument, NULL, REQUEST_TIMEOUT},
                                             {"pass-env", required_argument, NULL, PASS_ENV},
                                             {"record", required_argument, NULL, RECORD},
                                             {"no-verify", no_argument, NULL, NO_VERIFY},
                                             {"allow-host", required_argument, NULL, ALLOW_HOST},
                                             {"parent", required_argument, NULL, PARENT},
                                             {"quiet", no_argument, NULL, QUIET},
                                             OPTIONS_STANDARD};

enum { MAX_DELAY_MS = 3600000, MAX_INVOCATIONS = 1000000, MAX_STORAGE_MB = 1048576 };

static _Noreturn void refuse(const char *option, const char *value, const char *wanted) {
    report_error("--%s '%s': not %s", option, value, wanted);
    exit(STATUS_USAGE);
}

/* The index of `value` in the NULL-terminated list `choices`. */
static int choice(const char *option, const char *value, const char *const *choices, const char *wanted) {
    for (int i = 0; choices[i]; i++)
        if (strcmp(value, choices[i]) == 0)
            return i;
    refuse(option, value, wanted);
}

static void add_function(struct arguments *arguments, const char *value) {
    const char *equals = strchr(value, '=');
    size_t length = equals ? (size_t)(equals - value) : 0;
    if (!is_plain_name((struct span){value, length}, FUNCTION_NAME_SIZE - 1) || !equals[1])
        refuse("function", value, "NAME=DIR with letters, digits, - and _ in the name");
    arguments->functions =
        memory_resize(arguments->functions, arguments->function_count + 1, sizeof *arguments->functions);
    arguments->functions[arguments->function_count++] =
        (struct function_option){.name = memory_copy(value, length), .directory = equals + 1};
}

static struct function_option *last_function(struct arguments *arguments, const char *option) {
    if (arguments->function_count)
        return &arguments->functions[arguments->function_count - 1];
    report_error("--%s: a --function must come before it", option);
    exit(STATUS_USAGE);
}

static void add_name(const char ***names, size_t *count, const char *name) {
    *names = memory_resize(*names, *count + 1, sizeof **names);
    (*names)[(*count)++] = name;
}

/* The options that are whole numbers. */
static const struct number_option {
    int option;
    const char *name;
    size_t offset; /* of an int member of struct settings */
    int least, most;
} number_options[] = {
    {PORT, "port", offsetof(struct settings, port), 0, 65535},
    {MEMORY, "memory", offsetof(struct settings, memory_mb), 128, 10240},
    {TIMEOUT, "timeout", offsetof(struct settings, timeout_s), 1, 900},
    {MAX_MEMORY, "max-memory", offsetof(struct settings, max_memory_mb), 128, 10240},
    {CONCURRENCY, "concurrency", offsetof(struct settings, concurrency), 1, MAX_INVOCATIONS},
    {UPDATE_DELAY, "update-delay", offsetof(struct settings, update_delay_ms), 0, MAX_DELAY_MS},
    {PUBLISH_DELAY, "publish-delay", offsetof(struct settings, publish_delay_ms), 0, MAX_DELAY_MS},
    {COLD_START_DELAY, "cold-start-delay", offsetof(struct settings, cold_start_delay_ms), 0, MAX_DELAY_MS},
    {INIT_TIMEOUT, "init-timeout", offsetof(struct settings, init_timeout_ms), 1, MAX_DELAY_MS},
    {RETRY_DELAY, "retry-delay", offsetof(struct settings, retry_delay_ms), 0, MAX_DELAY_MS},
    {REQUEST_TIMEOUT, "request-timeout", offsetof(struct settings, request_timeout_s), 1, 3600},
    {CODE_STORAGE, "code-storage", offsetof(struct settings, code_storage_mb), 1, MAX_STORAGE_MB},
};

static bool take_number(struct settings *settings, int option, const char *value) {
    for (size_t i = 0; i < sizeof number_options / sizeof *number_options; i++) {
        const struct number_option *number = &number_options[i];
        if (number->option != option)
            continue;
        *(int *)(void *)((char *)settings + number->offset) =
            (int)option_whole_number(number->name, value, number->least, number->most);
        return true;
    }
    return false;
}

static void take_option(struct arguments *arguments, int option, const char *value) {
    static const char *const architectures[] = {"x86_64", "arm64", NULL};
    static const char *const mechanisms[] = {"auto", "cgroup", "duty", "none", NULL};
    struct settings *settings = &arguments->settings;
    if (take_number(settings, option, value))
        return;
    switch (option) {
    case FUNCTION:
        add_function(arguments, value);
        break;
    case RUNTIME:
        if (!runtime_is_known(value))
            refuse("runtime", value, "nodejs or python");
        last_function(arguments, "runtime")->runtime = value;
        break;
    case HANDLER:
        last_function(arguments, "handler")->handler = value;
        break;
    case ARCHITECTURE:
        settings->architecture =
            architectures[choice("architecture", value, architectures, "x86_64 or arm64")];
        break;
    case REGION:
        if (!is_plain_name(span_of(value), REGION_SIZE - 1))
            refuse("region", value, "a region");
        settings->region = value;
        break;
    case ACCOUNT:
        if (strlen(value) != 12 || strspn(value, "0123456789") != 12)
            refuse("account", value, "12 digits");
        settings->account = value;
        break;
    case CPU:
        settings->cpu = (enum cpu_mode)choice("cpu", value, mechanisms, "auto, cgroup, duty or none");
        break;
    case PASS_ENV:
        add_name(&settings->passed, &settings->passed_count, value);
        break;
    case RECORD:
        settings->record = value;
        break;
    case NO_VERIFY:
        settings->verify = false;
        break;
    case ALLOW_HOST:
        add_name(&settings->hosts, &settings->host_count, value);
        break;
    case PARENT:
        process_end_with((pid_t)option_whole_number("parent", value, 1, INT_MAX));
        break;
    case QUIET:
        arguments->quiet = true;
        break;
    default:
        break;
    }
}

static void parse_options(int argc, char **argv, struct arguments *arguments) {
    static const struct program program = {"pt-local", usage};
    int option;
    while ((option = options_next(&program, argc, argv, long_options)) != -1)
        take_option(arguments, option, optarg);
    if (optind < argc) {
        report_error("unexpected argument '%s'", argv[optind]);
        exit(STATUS_USAGE);
    }
    if (arguments->settings.memory_mb > arguments->settings.max_memory_mb) {
        report_error("--memory %d: larger than --max-memory %d", arguments->settings.memory_mb,
                     arguments->settings.max_memory_mb);
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
    struct json_t *configuration =
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
            private_tmp_name(server->tmp_mechanism),
            server->own_pids ? " and a PID namespace of their own" : "", cores,
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
        scope_enter(argv);
    arguments.settings.owner = getpid();
    int status = reaper_run(&(struct reaper){.serve = serve, .clear = clear, .context = &arguments});
    for (size_t i = 0; i < arguments.function_count; i++)
        free(arguments.functions[i].name);
    free(arguments.functions);
    free(arguments.settings.passed);
    free(arguments.settings.hosts);
    return status;
}
