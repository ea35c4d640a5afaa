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
#include "init/payloads.h"
#include "init/records.h"
#include "tune/input.h"
#include "tune/payload.h"
#include "tune/record.h"
#include "util/diagnostics.h"
#include "util/files.h"
#include "util/lines.h"
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
    "and the configurations as records. The options override the input file, or are the whole input.\n";

static const char notes[] =
    "exit codes: 0 done; 1 failed, or --check found something missing; 2 bad usage, bad input, or a\n"
    "            function that cannot be tuned\n";

/* Few attempts to connect: nothing has begun yet that longer patience could save. */
enum { CONNECT_TRIES = 3 };
enum { INPUT_LIMIT = 64 * 1024 * 1024 };

struct options {
    struct aws_options aws;
    const char *file;      /* NULL: none */
    const char *run_dir;   /* NULL: none */
    const char *tenant_id; /* NULL: none */
    struct overrides overrides;
    const char *prices; /* NULL: the table that comes with this toolkit */
    long long timeout;  /* s; 0: the function's own */
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

static void take_header_value(const struct option_row *row, char *value) {
    if (has_control(value))
        option_refuse(row, "the value contains a control character");
    *(const char **)row->target.any = value;
}

static void parse_options(int argc, char **argv, struct options *options) {
    static const struct program program = {"pt-init", usage, notes, 1};
    const struct option_row own[] = {
        OPTION_CALL("tenant-id", "ID", take_header_value, &options->tenant_id,
                    "tenant of a function with tenant isolation"),
        OPTION_FLAG("allow-log-level", &options->allow_log_level,
                    "set SystemLogLevel INFO on the versions when WARN hides the REPORT lines"),
        OPTION_WHOLE("timeout", "S", &options->timeout, 1, 900,
                     "time limit of the published versions, 1 to 900 seconds"),
        OPTION_WHOLE("warmup", "N", &options->warmup, 0, MAX_NUM,
                     "invocations of each size that are not counted, before the others"),
        OPTION_STRING("prices", "FILE", &options->prices, "use this table of prices for the estimate"),
        OPTION_STRING("run-dir", "DIR", &options->run_dir,
                      "also write the records to DIR/init.ndjson, flushed to the disk, and the input to "
                      "DIR/input.json"),
        OPTION_FLAG("force", &options->force,
                    "tune even if another run has left versions, or may be in progress"),
        OPTION_FLAG("identify", &options->identify,
                    "print the ARN of the function, as AWS knows it, and exit"),
        OPTION_FLAG("estimate", &options->estimate,
                    "print the estimated invocations, cost and time, and exit"),
        OPTION_FLAG("syntax", &options->syntax, "check the input only, without asking AWS, and exit"),
        OPTION_FLAG("list-functions", &options->list,
                    "print a record for each function of the account and exit"),
        OPTION_FLAG("check", &options->check,
                    "check that a run has all it needs (credentials, the function, permissions), print the "
                    "findings and exit; changes nothing"),
        AWS_OPTIONS(&options->aws),
        OPTION_END,
    };
    struct option_row *rows = override_rows(&options->overrides, own, sizeof own / sizeof *own);
    text_append_byte(&options->overrides.members, '{');
    options_parse(&program, argc, argv, rows);
    text_append_byte(&options->overrides.members, '}');
    free(rows);
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
    record_extend(
        &init->merged, value,
        (struct span){init->options.overrides.members.bytes, init->options.overrides.members.length});
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
    const struct text *overrides = &init->options.overrides.members;
    text_append_string(&init->problems, text_string(&init->options.overrides.problems));
    text_append_string(&init->warnings, text_string(&init->options.overrides.warnings));
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
    if (known)
        payloads_read(&init->input, init->options.warmup, &init->payloads, &init->problems);
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
        fetch_payload(&init->session, &init->input, init->options.warmup, &init->payloads, &init->problems,
                      &init->warnings);
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
    struct text *const texts[] = {&init->options.overrides.members,
                                  &init->options.overrides.problems,
                                  &init->options.overrides.warnings,
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
