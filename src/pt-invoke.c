/* pt-invoke: invokes the published versions of a function, each as often as its configuration says.
 *
 * In: the plan, and configurations with their versions, as soon as they are published:
 *
 *     {"type":"configuration","power":512,"num":20,"version":"7"}
 *
 * Out: a copy of each input record, and a record for each invocation:
 *
 *     {"type":"invocation","power":512,"index":0,"requestId":"...","statusCode":200,"executedVersion":"7",
 *      "logResult":"..."}
 *
 * The sizes are interleaved: of all invocations that can start, the one with the lowest index starts
 * first. */
#include "invoke/engine.h"
#include "tune/plan.h"
#include "tune/price.h"
#include "tune/record.h"
#include "util/diagnostics.h"
#include "util/json.h"
#include "util/lines.h"
#include "util/memory.h"
#include "util/options.h"
#include "util/subprocess.h"

#include <stddef.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: pt-invoke [OPTION...] [RECORDS | -]\n"
    "\n"
    "Invokes the versions in RECORDS (from pt-apply publish) and writes a record for each invocation.\n"
    "Invocations that RECORDS contains already, before their configuration, are not repeated.\n";

static const char notes[] =
    "exit codes: 0 done; 1 the run cannot continue; 2 bad usage or input, nothing was invoked\n";

struct options {
    struct aws_options aws;
    struct engine_options engine;
    const char *file, *prices, *record;
    double max_cost; /* 0: no limit */
    bool progress;
};

static struct options parse_options(int argc, char **argv) {
    static const struct program program = {"pt-invoke", usage, notes, 1};
    struct options options = {.engine = {.max_in_flight = 1000, .margin_s = 60}};
    double deadline_s = -1;
    const struct option_row rows[] = {
        OPTION_WHOLE("max-in-flight", "N", &options.engine.max_in_flight, 1, 100000,
                     "maximum of invocations in progress at once (default 1000)"),
        OPTION_WHOLE("margin", "S", &options.engine.margin_s, 1, 86400,
                     "seconds to wait for a response after the timeout of the function (default 60)"),
        OPTION_FLAG("keep-going", &options.engine.keep_going,
                    "count errors of the function instead of ending the run"),
        OPTION_NUMBER("max-cost", "N", &options.max_cost, 1e-12, 1e9,
                      "start no invocation that would make the run cost more than N, in the currency of the "
                      "prices"),
        OPTION_STRING("prices", "FILE", &options.prices, "use this table of prices for --max-cost"),
        OPTION_NUMBER("deadline", "S", &deadline_s, 0, 1e6,
                      "start no invocation that may not end within S seconds from now"),
        OPTION_PARENT,
        OPTION_STRING("run-dir", "DIR", &options.engine.run_dir,
                      "folder with the records of the run, to name in the message of a failure"),
        OPTION_RECORD(&options.record),
        OPTION_FLAG("progress", &options.progress, "show the progress on standard error"),
        AWS_OPTIONS(&options.aws),
        OPTION_END,
    };
    options_parse(&program, argc, argv, rows);
    if (deadline_s >= 0)
        options.engine.deadline_ms = monotonic_ms() + (int64_t)(1000 * deadline_s);
    options.file = argc > optind ? argv[optind] : "-";
    return options;
}

/* ---- records ---- */

struct configuration {
    long long memory_mb, num, index;
    struct span version, state;
    bool borrowed;
};

/* Warns, once, that --max-cost cannot be guaranteed: it is less than one invocation of a size can cost. */
static void warn_limit_too_low(struct engine *engine, long long memory_mb) {
    struct budget *budget = &engine->budget;
    double most = budget_max_cost_of(budget, memory_mb);
    if (budget->warned || !(budget->limit > 0) || most <= budget->limit)
        return;
    report_warning(
        "--max-cost %g: a slow invocation can exceed the limit: one of %lld MB can cost up to %.4g %s "
        "(time limit and init: %g s)",
        budget->limit, memory_mb, most, budget->price.currency, (budget->time_limit + BUDGET_INIT_MS) / 1000);
    budget->warned = true;
}

static bool add_configuration(struct record_reader *reader, const struct record *record,
                              struct engine *engine) {
    static const struct field fields[] = {
        {"power", FIELD_WHOLE, offsetof(struct configuration, memory_mb), true, 1, 32768},
        {"num", FIELD_WHOLE, offsetof(struct configuration, num), false, 0, 1e6},
        {"index", FIELD_WHOLE, offsetof(struct configuration, index), false, 0, 1e6},
        {"version", FIELD_STRING, offsetof(struct configuration, version), true, 0, 0},
        {"state", FIELD_STRING, offsetof(struct configuration, state), false, 0, 0},
        {"borrowed", FIELD_BOOLEAN, offsetof(struct configuration, borrowed), false, 0, 0},
    };
    struct configuration configuration = {.num = engine->plan->num};
    struct text problem = TEXT_INIT, version = TEXT_INIT;
    bool read =
        record_fields(record->object, fields, sizeof fields / sizeof *fields, &configuration, &problem);
    if (!read) {
        record_report(reader, record, problem.bytes);
    } else {
        json_decode_string(configuration.version, &version);
        struct assignment assignment = {
            .memory_mb = configuration.memory_mb,
            .version = text_string(&version),
            .first = configuration.index,
            .num = configuration.num,
            /* A version that was invoked before is warm already. */
            .warmup = engine->plan->only_cold_starts || configuration.index ? 0 : engine->plan->warmup,
            .state_unknown = configuration.state.start && !json_string_is(configuration.state, "Active"),
            .borrowed = configuration.borrowed,
        };
        branches_add(&engine->branches, &assignment);
        if (!assignment.first)
            warn_limit_too_low(engine, assignment.memory_mb);
    }
    text_release(&problem);
    text_release(&version);
    return read;
}

static bool read_plan(struct record_reader *reader, struct plan *plan, struct output *output) {
    struct record record;
    if (!plan_read_first(reader, true, plan, &record))
        return false;
    output_line(output, record.object.start, record.object.length);
    return output_flush(output);
}

/* True for the record of an invocation that was made before, in a resumed run or an earlier round. */
static bool is_made(const struct record *record) {
    static const char *const types[] = {"invocation", "measurement", "failure"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (record_is(record, types[i]))
            return true;
    return false;
}

static bool note_made(struct record_reader *reader, const struct record *record, struct engine *engine) {
    struct {
        long long memory_mb, index;
        bool excluded;
    } made = {0, -1, false};
    static const struct field fields[] = {
        {"power", FIELD_WHOLE, 0, true, 1, 32768},
        /* Negative: a warm-up invocation that excluded its size. */
        {"index", FIELD_WHOLE, sizeof(long long), false, -1e6, 1e6},
        {"excluded", FIELD_BOOLEAN, 2 * sizeof(long long), false, 0, 0},
    };
    struct text problem = TEXT_INIT;
    bool read = record_fields(record->object, fields, sizeof fields / sizeof *fields, &made, &problem);
    if (read) {
        struct branch *branch = branches_find(&engine->branches, made.memory_mb);
        branch->excluded = branch->excluded || made.excluded;
        if (made.index >= 0)
            branch_note_made(branch, made.index);
        budget_note_record(&engine->budget, branch, record->object);
    } else
        record_report(reader, record, problem.bytes);
    text_release(&problem);
    return read;
}

/* Processes the records that were read so far. False when one is invalid. */
static bool process_records(struct record_reader *reader, struct engine *engine) {
    struct record record;
    enum record_result result;
    while ((result = record_buffered(reader, &record)) == RECORD_READ) {
        if (is_made(&record) && !note_made(reader, &record, engine))
            return false;
        if (record_is(&record, "configuration") && !add_configuration(reader, &record, engine))
            return false;
        output_line(engine->output, record.object.start, record.object.length);
    }
    if (!output_flush(engine->output))
        engine->failed = true;
    return result != RECORD_BAD;
}

/* ---- the run ---- */

/* Adds how many invocations were not made, in all and at each size. */
static void put_dropped(struct text *record, const struct branches *branches) {
    struct text sizes = TEXT_INIT;
    bool any = false;
    text_append_byte(&sizes, '[');
    for (size_t i = 0; i < branches->count; i++) {
        const struct branch *branch = &branches->branches[i];
        if (!branch->dropped)
            continue;
        text_append_format(&sizes, "%s{\"power\":%lld,\"num\":%lld}", any ? "," : "", branch->memory_mb,
                           branch->dropped);
        any = true;
    }
    text_append_byte(&sizes, ']');
    json_put_number(record, "notInvoked", (double)branches_dropped(branches));
    json_put_value(record, "sizes", (struct span){sizes.bytes, sizes.length});
    text_release(&sizes);
}

/* Ends the stream with a record of what was not invoked: the result is then provisional. Without anything left
 * over the stream is complete. */
static void write_stopped(struct engine *engine, const char *function) {
    struct text record = TEXT_INIT;
    const struct budget *budget = &engine->budget;
    if (!branches_dropped(&engine->branches))
        return;
    bool for_cost = strcmp(engine->stopped, "maxCost") == 0;
    text_append_byte(&record, '{');
    json_put_string(&record, "type", "stopped");
    json_put_string(&record, "reason", engine->stopped);
    if (for_cost) {
        json_put_number(&record, "maxCost", budget->limit);
        json_put_number(&record, "cost", budget->spent);
    }
    long long dropped = branches_dropped(&engine->branches);
    put_dropped(&record, &engine->branches);
    text_append_byte(&record, '}');
    output_line(engine->output, record.bytes, record.length);
    text_release(&record);
    if (for_cost)
        report_warning("%s: stopped at %.4g %s, %s the limit of %g; invocations not made: %lld", function,
                       budget->spent, budget->price.currency,
                       budget->spent <= budget->limit ? "before" : "over", budget->limit, dropped);
    else
        report_warning("%s: stopped at the deadline; invocations not made: %lld", function, dropped);
    if (!output_flush(engine->output))
        engine->failed = true;
}

static int invoke_all(struct record_reader *reader, struct engine *engine) {
    int status = STATUS_DONE;
    http_loop_watch(&engine->loop, reader->lines.fd);
    while (status == STATUS_DONE) {
        if (!process_records(reader, engine))
            status = engine->branches.count ? STATUS_FAILED : STATUS_USAGE;
        if (engine->stopped)
            branches_drop(&engine->branches);
        if (status != STATUS_DONE || (reader->lines.at_end && engine_finished(engine)))
            break;
        enum http_loop_event event = engine_step(engine);
        if (event == HTTP_LOOP_READABLE && !line_reader_fill(&reader->lines))
            http_loop_watch(&engine->loop, -1);
        /* A bug here must end the run and not let it hang. */
        if (event == HTTP_LOOP_IDLE && !engine_finished(engine)) {
            report_error("internal error: invocations are left, but none is in progress or waiting");
            engine->failed = true;
        }
        if (engine->failed)
            status = STATUS_FAILED;
    }
    if (status == STATUS_DONE && engine->stopped)
        write_stopped(engine, engine->plan->function_name);
    return status;
}

/* Finds the price for --max-cost. When a price is assumed, pt-stats reports that, not this program. */
static bool price_is_known(const struct options *options, const struct plan *plan, struct price *price) {
    struct price_table table;
    if (!(options->max_cost > 0))
        return true;
    if (!price_table_open(&table, options->prices))
        return false;
    bool known = price_find(&table, plan->region, plan->architecture, price);
    price_table_release(&table);
    return known;
}

static int run(const struct options *options, struct record_reader *reader, struct output *output) {
    struct plan plan = {0};
    struct aws_session session;
    struct engine engine;
    struct progress progress;
    struct text problem = TEXT_INIT;
    int status = STATUS_USAGE;
    if (!read_plan(reader, &plan, output)) {
        plan_release(&plan);
        return output->error ? STATUS_FAILED : STATUS_USAGE;
    }
    struct aws_options aws = options->aws;
    if (!aws.region && *plan.region)
        aws.region = plan.region;
    progress_open(&progress, options->progress);
    if (!aws_session_open(&session, &aws, plan.region, &problem)) {
        report_error("%s", problem.bytes);
    } else {
        struct engine_options engine_options = options->engine;
        if (plan.concurrency && plan.concurrency < engine_options.max_in_flight)
            engine_options.max_in_flight = (long)plan.concurrency;
        if (!engine_open(&engine, &engine_options, &session, &plan, output, &progress, &problem)) {
            report_error("%s", problem.bytes);
        } else {
            engine.budget.limit = options->max_cost;
            engine.budget.time_limit =
                1000.0 * (double)(plan.trial_timeout ? plan.trial_timeout : plan.timeout);
            status = price_is_known(options, &plan, &engine.budget.price) ? invoke_all(reader, &engine)
                                                                          : STATUS_USAGE;
            progress_close(&progress, &engine.branches);
            engine_close(&engine);
        }
        aws_session_close(&session);
    }
    text_release(&problem);
    plan_release(&plan);
    return status;
}

int main(int argc, char **argv) {
    struct record_reader reader;
    struct output output;
    diagnostics_program("pt-invoke");
    struct options options = parse_options(argc, argv);
    if (!record_reader_open(&reader, options.file))
        return STATUS_USAGE;
    output_open(&output, STDOUT_FILENO);
    output_record(&output, options.record);
    int status = run(&options, &reader, &output);
    record_reader_close(&reader);
    return output_finish(&output, status);
}
