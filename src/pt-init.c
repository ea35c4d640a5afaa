/* pt-init: checks the input of a tuning run and the function, and writes the plan. Changes nothing at AWS.
 *
 * In: the input object (a file or standard input), or options:
 *
 *     {"lambdaARN":"resize","num":20,"powerValues":[128,512]}
 *
 * Out: the plan, then a record for each configuration to publish:
 *
 *     {"type":"plan",...}
 *     {"type":"configuration","power":128,"num":20} */
#include "aws/arn.h"
#include "aws/session.h"
#include "init/announce.h"
#include "init/check.h"
#include "init/fetch.h"
#include "init/inspect.h"
#include "init/keep.h"
#include "init/listing.h"
#include "init/overrides.h"
#include "init/records.h"
#include "tune/input.h"
#include "tune/payload.h"
#include "tune/record.h"
#include "util/diagnostics.h"
#include "util/files.h"
#include "util/lines.h"
#include "util/memory.h"
#include "util/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char usage[] =
    "usage: pt-init [OPTION...] [INPUT.json | -]\n"
    "\n"
    "Checks the input of a tuning run and the function, without changing anything, and writes the plan\n"
    "and the configurations as records. The options override the input file, or are the whole input.\n"
    "\n"
    "  --function NAME|ARN              function to tune (lambdaARN)\n"
    "  --num N                          invocations at each memory size, 5 to 100000\n"
    "  --power-values MB,MB,...|ALL     memory sizes (default 128,256,512,1024,1536,3008)\n"
    "  --payload TEXT|@FILE             payload (event) to send: JSON text, or @FILE; other text is\n"
    "                                   sent as a JSON string\n"
    "  --payload-s3 s3://BUCKET/KEY     payload (event) to send, read from S3\n"
    "  --parallel-invocation            start all invocations of a size at once\n"
    "  --strategy cost|speed|balanced   what the best size means (default cost)\n"
    "  --balanced-weight N              weight for balanced, from 0 (speed) to 1 (cost), default 0.5\n"
    "  --auto-optimize                  give the function the best size at the end\n"
    "  --auto-optimize-alias NAME       publish the best size as a version, and point this alias at it\n"
    "  --dry-run                        invoke each size once, and choose nothing\n"
    "  --pre-processor-arn ARN          function to invoke before each invocation\n"
    "  --post-processor-arn ARN         function to invoke after each invocation\n"
    "  --discard-top-bottom N           share of outliers to leave out at each end, 0 to 0.4, default 0.2\n"
    "  --sleep-between-runs-ms N        pause after each invocation\n"
    "  --disable-payload-logs           keep the payload out of messages and records\n"
    "  --include-output-results         add the figures of every size to the result\n"
    "  --only-cold-starts               measure cold starts only\n"
    "  --allowed-exceptions A,B,...     error types that count as a normal result\n"
    "  --visualization-url URL          page that draws the result\n"
    "  --until-sure[=PERCENT]           stop when the chosen size is expected to be at most PERCENT\n"
    "                                   (default 0.5) worse than the best; --num is then the maximum\n"
    "                                   for each size\n"
    "  --tenant-id ID                   tenant of a function with tenant isolation\n"
    "  --allow-log-level                set SystemLogLevel INFO on the versions when WARN hides the\n"
    "                                   REPORT lines\n"
    "  --timeout S                      time limit of the published versions, 1 to 900 seconds\n"
    "  --warmup N                       invocations of each size that are not counted, before the others\n"
    "  --prices FILE                    use this table of prices for the estimate\n"
    "  --run-dir DIR                    also write the records to DIR/init.ndjson, flushed to the disk,\n"
    "                                   and the input to DIR/input.json\n"
    "  --force                          tune even if another run has left versions, or may be in progress\n"
    "  --identify                       print the ARN of the function, as AWS knows it, and exit\n"
    "  --estimate                       print the estimated invocations, cost and time, and exit\n"
    "  --syntax                         check the input only, without asking AWS, and exit\n"
    "  --list-functions                 print a record for each function of the account and exit\n"
    "  --check                          check that a run has all it needs (credentials, the function,\n"
    "                                   permissions), print the findings and exit; changes nothing\n"
    "  --region, --profile, --endpoint-url   as in the aws command\n"
    "  --help, --version\n"
    "\n"
    "exit codes: 0 done; 1 failed, or --check found something missing; 2 bad usage, bad input, or a\n"
    "            function that cannot be tuned\n";

/* Few attempts to connect: nothing has begun yet that longer patience could save. */
enum { CONNECT_TRIES = 3 };
enum { INPUT_LIMIT = 64 * 1024 * 1024, OPTION_PARAMETER = 1000 };
enum {
    OPTION_RUN_DIR = 1,
    OPTION_TENANT,
    OPTION_IDENTIFY,
    OPTION_ESTIMATE,
    OPTION_CHECK,
    OPTION_SYNTAX,
    OPTION_LIST,
    OPTION_FORCE,
    OPTION_LOG_LEVEL,
    OPTION_TIMEOUT,
    OPTION_WARMUP,
    OPTION_PRICES
};

struct options {
    struct aws_options aws;
    const char *file;      /* NULL: none */
    const char *run_dir;   /* NULL: none */
    const char *tenant_id; /* NULL: none */
    struct text overrides; /* the parameters given as options, a JSON object */
    struct text problems;  /* faults found in the options, one on each line */
    struct text warnings;  /* remarks on them, in the same form */
    const char *prices;    /* NULL: the table that comes with this toolkit */
    long long timeout;     /* s; 0: the function's own */
    long long warmup;
    bool identify, estimate, check, syntax, list, allow_log_level, force;
};

/* The state of the program. */
struct init {
    struct options options;
    struct text text;   /* the input as it was read */
    struct text merged; /* the input with the options added */
    struct tuning_input input;
    struct function_name name;
    struct text function; /* the function's name in requests */
    struct payload_list payloads;
    struct aws_session session;
    bool session_open;
    struct function_state state;
    struct price_table prices;
    struct price price;
    struct text problems, warnings;
};

/* ---- options ---- */

static const struct option own_options[] = {
    AWS_OPTIONS,
    {"run-dir", required_argument, NULL, OPTION_RUN_DIR},
    {"tenant-id", required_argument, NULL, OPTION_TENANT},
    {"identify", no_argument, NULL, OPTION_IDENTIFY},
    {"estimate", no_argument, NULL, OPTION_ESTIMATE},
    {"check", no_argument, NULL, OPTION_CHECK},
    {"syntax", no_argument, NULL, OPTION_SYNTAX},
    {"list-functions", no_argument, NULL, OPTION_LIST},
    {"force", no_argument, NULL, OPTION_FORCE},
    {"allow-log-level", no_argument, NULL, OPTION_LOG_LEVEL},
    {"timeout", required_argument, NULL, OPTION_TIMEOUT},
    {"warmup", required_argument, NULL, OPTION_WARMUP},
    {"prices", required_argument, NULL, OPTION_PRICES},
    OPTIONS_STANDARD,
};

/* Returns `value`. Ends the program when it cannot be sent as a header field. */
static const char *header_value(const char *option, const char *value) {
    if (!has_control(value))
        return value;
    report_error("option '--%s': the value contains a control character", option);
    exit(STATUS_USAGE);
}

static void parse_options(int argc, char **argv, struct options *options) {
    static const struct program program = {"pt-init", usage};
    struct text names = TEXT_INIT;
    struct option *long_options =
        override_options(own_options, sizeof own_options / sizeof *own_options, OPTION_PARAMETER, &names);
    bool *const switches[OPTION_PRICES + 1] = {[OPTION_FORCE] = &options->force,
                                               [OPTION_IDENTIFY] = &options->identify,
                                               [OPTION_ESTIMATE] = &options->estimate,
                                               [OPTION_CHECK] = &options->check,
                                               [OPTION_SYNTAX] = &options->syntax,
                                               [OPTION_LIST] = &options->list,
                                               [OPTION_LOG_LEVEL] = &options->allow_log_level};
    text_append_byte(&options->overrides, '{');
    int option;
    while ((option = options_next(&program, argc, argv, long_options)) != -1) {
        if (aws_options_take(&options->aws, option, optarg))
            continue;
        if (option >= OPTION_PARAMETER)
            override_add(&options->overrides, &tuning_parameters[option - OPTION_PARAMETER], optarg,
                         &options->problems, &options->warnings);
        else if (option == OPTION_RUN_DIR)
            options->run_dir = optarg;
        else if (option == OPTION_TENANT)
            options->tenant_id = header_value("tenant-id", optarg);
        else if (option <= OPTION_PRICES && switches[option])
            *switches[option] = true;
        else if (option == OPTION_TIMEOUT)
            options->timeout = option_whole_number("timeout", optarg, 1, 900);
        else if (option == OPTION_WARMUP)
            options->warmup = option_whole_number("warmup", optarg, 0, MAX_NUM);
        else if (option == OPTION_PRICES)
            options->prices = optarg;
    }
    text_append_byte(&options->overrides, '}');
    free(long_options);
    text_release(&names);
    if (argc - optind > 1) {
        report_error("more than one input: '%s' and '%s'", argv[optind], argv[optind + 1]);
        exit(STATUS_USAGE);
    }
    options->file = argc > optind ? argv[optind] : NULL;
}

/* ---- messages ---- */

/* Reports each line of `lines`. A line about a parameter names it as the user gave it: as an option, or as a
 * member of the file. */
static void report_lines(const struct init *init, const struct text *lines, const char *file, bool warning) {
    const char *at = text_string(lines);
    while (*at) {
        size_t length = strcspn(at, "\n");
        void (*report)(const char *, ...) = warning ? report_warning : report_error;
        struct text message = TEXT_INIT;
        bool option =
            override_append_message(&init->options.overrides, !init->options.file,
                                    text_string(&init->function), (struct span){at, length}, &message);
        const char *where = option ? NULL : file;
        report("%s%s%s", where ? where : "", where ? ": " : "", text_string(&message));
        text_release(&message);
        at += length + (at[length] == '\n');
    }
}

static const char *input_name(const struct init *init) {
    const char *file = init->options.file;
    return file && strcmp(file, "-") == 0 ? "standard input" : file;
}

/* Reports the warnings and problems found so far. False when there was a problem. */
static bool report_found(struct init *init, const char *file) {
    /* The driver calls this program twice, first with --identify: warnings are printed once. */
    if (!init->options.identify)
        report_lines(init, &init->warnings, file, true);
    report_lines(init, &init->problems, file, false);
    bool good = init->problems.length == 0;
    text_clear(&init->warnings);
    text_clear(&init->problems);
    return good;
}

/* ---- the input ---- */

static size_t line_of(const struct text *text, size_t offset) {
    size_t line = 1;
    for (size_t i = 0; i < offset && i < text->length; i++)
        line += text->bytes[i] == '\n';
    return line;
}

static bool read_file(struct init *init) {
    const char *name = input_name(init);
    if (!file_read(init->options.file, INPUT_LIMIT, &init->text)) {
        report_error("cannot read '%s': %s", name, strerror(errno));
        return false;
    }
    static const char byte_order_mark[] = "\xef\xbb\xbf";
    struct span text = {text_string(&init->text), init->text.length}, value;
    if (text.length >= 3 && memcmp(text.start, byte_order_mark, 3) == 0) {
        text.start += 3;
        text.length -= 3;
    }
    struct json_error error;
    if (!json_check(text, &value, &error)) {
        size_t offset = error.offset + (init->text.length - text.length);
        report_error("%s:%zu: not JSON: %s at byte %zu", name, line_of(&init->text, offset), error.reason,
                     offset + 1);
        return false;
    }
    if (json_type(value) != JSON_OBJECT) {
        report_error("%s: the input is %s, not an object", name, json_type_name(json_type(value)));
        return false;
    }
    /* Only members that an option replaces are removed: duplicates must stay, so that the check reports
     * them. */
    record_extend(&init->merged, value,
                  (struct span){init->options.overrides.bytes, init->options.overrides.length});
    return true;
}

static bool read_function_name(struct init *init) {
    struct text text = TEXT_INIT, why = TEXT_INIT;
    if (!init->input.lambda_arn.start)
        return false;
    json_decode_string(init->input.lambda_arn, &text);
    bool valid = function_name_parse((struct span){text.bytes, text.length}, &init->name, &why);
    if (valid)
        function_name_identifier(&init->name, &init->function);
    else
        text_append_format(&init->problems, "lambdaARN: %s\n", why.bytes);
    text_release(&text);
    text_release(&why);
    return valid;
}

/* Reads the input and the options, and reports every fault in them. False when there was one. */
static bool read_input(struct init *init) {
    const struct text *overrides = &init->options.overrides;
    text_append_string(&init->problems, text_string(&init->options.problems));
    text_append_string(&init->warnings, text_string(&init->options.warnings));
    if (!init->options.file && overrides->length == strlen("{}")) {
        report_error("no input: give a file, '-' for standard input, or --function and --num");
        return false;
    }
    if (!init->options.file)
        text_append(&init->merged, overrides->bytes, overrides->length);
    else if (!read_file(init))
        return false;
    struct span object = {init->merged.bytes, init->merged.length};
    bool known = tuning_input_read(object, &init->input, &init->problems, &init->warnings);
    read_function_name(init);
    if (known && !init->input.payload_s3.start)
        payload_list_read(init->input.payload, init->input.num, &init->payloads, &init->problems);
    return report_found(init, input_name(init));
}

/* ---- AWS ---- */

static bool open_session(struct init *init) {
    struct text problem = TEXT_INIT;
    init->session_open = aws_session_open(&init->session, &init->options.aws, init->name.region, &problem);
    if (!init->session_open)
        report_error("%s", problem.bytes);
    else
        init->session.lambda->max_connects = CONNECT_TRIES;
    text_release(&problem);
    return init->session_open;
}

static struct inspect_options inspect_options_of(const struct init *init) {
    return (struct inspect_options){init->function.bytes, init->name.qualifier, init->options.tenant_id,
                                    init->options.allow_log_level, init->options.force};
}

static bool inspect(struct init *init) {
    struct inspect_options options = inspect_options_of(init);
    if (inspect_function(&init->session, &options, &init->input, &init->state, &init->problems,
                         &init->warnings)) {
        if (init->input.pre_processor_arn.start)
            inspect_processor(&init->session, "preProcessorARN", init->input.pre_processor_arn,
                              &init->problems);
        if (init->input.post_processor_arn.start)
            inspect_processor(&init->session, "postProcessorARN", init->input.post_processor_arn,
                              &init->problems);
        fetch_payload(&init->session, &init->input, &init->payloads, &init->problems, &init->warnings);
    }
    return report_found(init, NULL) && price_find(&init->prices, init->session.lambda->region,
                                                  init->state.latest.architecture, &init->price);
}

/* ---- the records ---- */

static struct plan_source plan_source_of(const struct init *init) {
    return (struct plan_source){.input = &init->input,
                                .payloads = &init->payloads,
                                .state = &init->state,
                                .function = init->function.bytes,
                                .region = init->session.lambda->region,
                                .tenant_id = init->options.tenant_id,
                                .allow_log_level = init->options.allow_log_level,
                                .timeout = init->options.timeout,
                                .warmup = init->options.warmup,
                                .price = init->price,
                                .run_dir = init->options.run_dir};
}

static int write_estimate(const struct init *init, struct output *output) {
    struct text record = TEXT_INIT;
    struct plan_source source = plan_source_of(init);
    estimate_append(&source, &record);
    output_line(output, record.bytes, record.length);
    text_release(&record);
    return STATUS_DONE;
}

static int write_records(struct init *init, struct output *output) {
    struct text records = TEXT_INIT;
    int status = STATUS_DONE;
    struct plan_source source = plan_source_of(init);
    if (!append_plan(&source, &records))
        status = STATUS_FAILED;
    append_configurations(&source, &records);
    const char *run_dir = status == STATUS_DONE ? init->options.run_dir : NULL;
    if (run_dir && (!keep_file(run_dir, "init.ndjson", &records) ||
                    !keep_input(run_dir, (struct span){init->merged.bytes, init->merged.length},
                                init->input.disable_payload_logs) ||
                    (init->options.prices && !keep_prices(run_dir, init->prices.object))))
        status = STATUS_USAGE;
    if (status == STATUS_DONE) {
        announce(&source);
        output_line(output, records.bytes, records.length - 1);
    }
    text_release(&records);
    return status;
}

static int run(struct init *init, struct output *output) {
    if (init->options.list)
        return open_session(init) && list_functions(&init->session, output) ? STATUS_DONE : STATUS_USAGE;
    if (!read_input(init) ||
        (!init->options.identify && !price_table_open(&init->prices, init->options.prices)))
        return STATUS_USAGE;
    if (init->options.syntax)
        return STATUS_DONE;
    if (!open_session(init))
        return STATUS_USAGE;
    if (init->options.identify)
        return identify_function(&init->session, init->function.bytes, output) ? STATUS_DONE : STATUS_USAGE;
    if (init->options.check) {
        struct inspect_options options = inspect_options_of(init);
        return check_run(&init->session, &options, &init->input, output) ? STATUS_DONE : STATUS_FAILED;
    }
    if (!inspect(init))
        return STATUS_USAGE;
    return init->options.estimate ? write_estimate(init, output) : write_records(init, output);
}

static void release(struct init *init) {
    if (init->session_open)
        aws_session_close(&init->session);
    function_state_release(&init->state);
    price_table_release(&init->prices);
    payload_list_release(&init->payloads);
    function_name_release(&init->name);
    tuning_input_release(&init->input);
    struct text *const texts[] = {&init->options.overrides,
                                  &init->options.problems,
                                  &init->options.warnings,
                                  &init->text,
                                  &init->merged,
                                  &init->function,
                                  &init->problems,
                                  &init->warnings};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        text_release(texts[i]);
}

int main(int argc, char **argv) {
    struct init init = {0};
    struct output output;
    diagnostics_program("pt-init");
    umask(S_IRWXG | S_IRWXO);
    output_open(&output, STDOUT_FILENO);
    parse_options(argc, argv, &init.options);
    int status = run(&init, &output);
    release(&init);
    return output_finish(&output, status);
}
