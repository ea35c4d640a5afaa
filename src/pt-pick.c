/* pt-pick: chooses the best memory size: stat records in, one result out; with --next, the configurations
 * to run next.
 *
 *     in   {"type":"stat","value":128,"averageDuration":5.2,"averagePrice":1.25e-8,"totalCost":1.25e-7,...}
 *     out {"power":128,"cost":1.25e-8,"duration":5.2,"stateMachine":{"executionCost":0,"lambdaCost":...,...}}
 *
 * A plan record sets the defaults of the options, failure records exclude sizes, and a decision record
 * names the size to choose; other records are ignored. Stats of several functions (pt-stats --by
 * functionName,power) give a result for each function. */
#include "pick/choice.h"
#include "pick/confidence.h"
#include "pick/dry-run.h"
#include "pick/limit.h"
#include "pick/next.h"
#include "pick/options.h"
#include "pick/result.h"
#include "pick/run-records.h"
#include "pick/visualization.h"
#include "tune/input.h"
#include "tune/plan-record.h"
#include "tune/record.h"
#include "util/diagnostics.h"
#include "util/memory.h"
#include "util/table.h"
#include "util/terminal.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] = "usage: pt-pick [option...] [FILE...]\n"
                            "Chooses the best memory size from stat records.\n";

static const char notes[] = "Exit codes: 0 done; 1 nothing to choose from, or no size satisfies every limit; "
                            "2 bad usage or bad\ninput.\n";

struct settings {
    int strategy;     /* enum strategy; -1: the plan's or the default */
    double weight;    /* negative: the plan's or the default */
    double cold_rate; /* share of cold starts, 0..1; negative: as measured */
    bool include_stats, next;
    double percent; /* expected regret at which to decide; negative: the plan's or the default */
    long long seed;
    const char *prior;                      /* NULL: none */
    struct limits limits;                   /* empty: the plan's */
    const char *visualization_url, *region; /* NULL: the plan's or the default */
    enum table_format format;
};

struct run {
    struct prior prior; /* of --prior */
    struct settings settings;
    struct run_records records;
    struct trials trials;
    struct dry_run dry;
    bool dry_run;
    unsigned long bad, invocations, measurements;
    struct text problem;
};

/* ---- options ---- */

/* A share, "0.01" or "1%". */
static void take_rate(const struct option_row *row, char *argument) {
    size_t length = strlen(argument);
    bool percent = length && argument[length - 1] == '%';
    double *rate = row->target.any;
    char *number = memory_copy(argument, length - percent);
    if (!parse_number(number, 0, percent ? 100 : 1, rate))
        option_refuse(row, "'%s' is not a share from 0 to 1, or from 0%% to 100%%", argument);
    free(number);
    *rate = percent ? *rate / 100 : *rate;
}

static void take_percent(const struct option_row *row, char *argument) {
    *(double *)row->target.any =
        argument ? option_percentage(row, argument, MIN_UNTIL_SURE, MAX_UNTIL_SURE) : UNTIL_SURE_DEFAULT;
}

static void parse_options(int argc, char **argv, struct settings *settings) {
    static const struct program program = {"pt-pick", usage, notes, -1};
    const struct option_row rows[] = {
        PICK_STRATEGY(&settings->strategy),
        PICK_WEIGHT(&settings->weight),
        PICK_LIMIT(&settings->limits),
        PICK_MAX_FAILURES(&settings->limits.max_failures),
        OPTION_CALL("cold-rate", "RATE", take_rate, &settings->cold_rate,
                    "compare as if this share of all starts were cold: 1%, 0.01"),
        OPTION_FLAG("next", &settings->next, "write the configurations to run next, or the decision"),
        OPTION_CALL("until-sure", "[=PERCENT]", take_percent, &settings->percent,
                    "with --next: decide when the expected regret is at most PERCENT (default 0.5)"),
        OPTION_STRING("prior", "DIR|FILE", &settings->prior,
                      "with --next: start from an earlier run or its measurements"),
        OPTION_WHOLE("seed", "N", &settings->seed, 0, 0x1p63, "random seed (default 1)"),
        OPTION_FLAG("include-output-results", &settings->include_stats,
                    "include the stats of every size in the result"),
        PICK_VISUALIZATION_URL(&settings->visualization_url),
        PICK_REGION(&settings->region),
        OPTION_WORD("format", TABLE_FORMATS, &settings->format, "format of the output (default ndjson)"),
        OPTION_END,
    };
    *settings = (struct settings){
        .strategy = -1, .weight = -1, .cold_rate = -1, .percent = -1, .seed = 1, .limits = LIMITS_INIT};
    options_parse(&program, argc, argv, rows);
}

/* ---- records ---- */

static bool read_plan(struct run *run, struct span plan) {
    struct span limit;
    struct text problem = TEXT_INIT;
    run->dry_run = plan_member(plan, "dryRun", JSON_TRUE).start != NULL;
    if (run->settings.limits.count || !json_member(plan, "limit", &limit) || json_type(limit) == JSON_NULL ||
        limits_add_json(&run->settings.limits, limit, &problem))
        return true;
    text_append_format(&run->problem, "member 'limit': %s", text_string(&problem));
    text_release(&problem);
    return false;
}

static void one_record(void *context, struct record_reader *reader, const struct record *record) {
    struct run *run = context;
    run->invocations += record_is(record, "invocation");
    run->measurements += record_is(record, "measurement");
    bool good = run_records_add(&run->records, record, &run->problem);
    if (good && record_is(record, "plan"))
        good = read_plan(run, record->object);
    else if (record_is(record, "invocation") && run->dry_run)
        good = dry_run_add(&run->dry, record->object, &run->problem);
    /* Without --next, the trials are used only for the requested sizes and those that cannot run. */
    if (good && (run->settings.next || !record_is(record, "measurement")))
        good = trials_add(&run->trials, record, &run->problem);
    if (good)
        return;
    record_report(reader, record, text_string(&run->problem));
    text_clear(&run->problem);
}

/* ---- results ---- */

static struct span plan_of(const struct run *run) {
    return span_of(run->records.plan);
}

static struct result_picture choose_picture(void) {
    return (struct result_picture){.width = terminal_columns(STDOUT_FILENO),
                                   .unicode = terminal_is_utf8(),
                                   .colour = terminal_has_colour(STDOUT_FILENO)};
}

/* True for logs with nothing but failures, as of a function whose system log level is WARN. */
static bool only_failures(const struct memory_sizes *sizes) {
    bool any = false;
    for (size_t i = 0; i < sizes->count; i++) {
        struct span errors;
        if (sizes->list[i].failure || sizes->list[i].stat.count || !sizes->list[i].object ||
            !json_member(span_of(sizes->list[i].object), "failedByErrorType", &errors))
            return false;
        any = true;
    }
    return any;
}

static void report_nothing_left(const struct run *run, const struct function *function) {
    struct text sizes = TEXT_INIT;
    sizes_reasons(&sizes, &function->sizes);
    if (!run->records.plan && only_failures(&function->sizes))
        text_append_string(&sizes, "; a function with log level WARN reports nothing else");
    report_error("no size%s%s could be measured: %s", function->name ? " of " : "",
                 function->name ? function->name : "", text_string(&sizes));
    text_release(&sizes);
}

static void report_limits_exceeded(const struct limits *limits, const struct function *function) {
    struct text closest = TEXT_INIT;
    limits_closest(limits, &function->sizes, &closest);
    if (!closest.length) {
        sizes_reasons(&closest, &function->sizes);
        report_error("no size%s%s can be chosen: %s", function->name ? " of " : "",
                     function->name ? function->name : "", text_string(&closest));
        text_release(&closest);
        return;
    }
    report_error("no size%s%s satisfies %s; closest: %s", function->name ? " of " : "",
                 function->name ? function->name : "", limits->count > 1 ? "every limit" : "the limit",
                 text_string(&closest));
    text_release(&closest);
}

/* A run with --until-sure has already chosen, from single measurements, which tell more than their
 * averages. */
static void take_decision(const struct run *run, struct choice *choice) {
    struct span power;
    if (!run->records.decision || !json_member(span_of(run->records.decision), "power", &power))
        return;
    for (size_t i = 0; i < choice->count; i++)
        if (choice->memory_sizes[i] == json_number(power) && choice->allowed[i])
            choice->best = i;
}

static void open_confidence(const struct run *run, const struct function *function,
                            const struct choice *choice, struct confidence *confidence) {
    double *asked = memory_zeroed(run->trials.sizes.count, sizeof *asked);
    struct confidence_settings settings = {.goal = {plan_strategy(plan_of(run), run->settings.strategy),
                                                    plan_weight(plan_of(run), run->settings.weight)},
                                           .asked = asked,
                                           .asked_count = trials_not_measured(&run->trials, asked),
                                           .seed = (uint64_t)run->settings.seed,
                                           .decision = run->records.decision};
    confidence_open(confidence, &function->sizes, choice, &settings);
    free(asked);
}

/* Appends the result of one function. Reports an error and returns false when there is nothing to choose
 * from. */
static bool append_one(struct run *run, struct function *function, struct text *out) {
    struct text url = TEXT_INIT, region = TEXT_INIT;
    struct choice choice;
    struct confidence confidence;
    struct result_settings settings = {
        .confidence = &confidence,
        .memory_floor = run->records.functions.count == 1 ? trials_floor(&run->trials) : 0,
        .strategy = plan_strategy(plan_of(run), run->settings.strategy),
        .weight = plan_weight(plan_of(run), run->settings.weight),
        .include_stats =
            run->settings.include_stats || plan_member(plan_of(run), "includeOutputResults", JSON_TRUE).start,
        .function = function->name,
        .provisional = run->records.stopped,
        .present_memory_mb = plan_present_memory(plan_of(run))};
    plan_string(plan_of(run), "visualizationURL", run->settings.visualization_url, VISUALIZATION_URL, &url);
    plan_string(plan_of(run), "region", run->settings.region, "", &region);
    settings.visualization_url = text_string(&url);
    settings.region = text_string(&region);
    if (run->settings.cold_rate >= 0)
        sizes_set_cold_rate(&function->sizes, run->settings.cold_rate);
    function->sizes.timeout_s = plan_time_limit(plan_of(run));
    limits_apply(&run->settings.limits, &function->sizes);
    choice_open(&choice, &function->sizes, settings.strategy, settings.weight);
    take_decision(run, &choice);
    open_confidence(run, function, &choice, &confidence);
    bool any = choice.candidates > 0;
    struct result_picture picture = choose_picture();
    if (!choice.count)
        report_nothing_left(run, function);
    else if (!any)
        report_limits_exceeded(&run->settings.limits, function);
    else if (run->settings.format == TABLE_NONE)
        result_append(out, &function->sizes, &choice, &settings);
    else
        result_append_table(out, &function->sizes, &choice, &settings, run->settings.format, &picture);
    if (any && run->settings.format == TABLE_NONE)
        text_append_byte(out, '\n');
    confidence_close(&confidence);
    choice_close(&choice);
    text_release(&url);
    text_release(&region);
    return any;
}

/* Appends the result of a dry run: for programs, or what happened at each size for people. */
static int append_dry_run(struct run *run, struct text *out) {
    bool any_excluded = run->records.functions.count > 0;
    struct memory_sizes *excluded = any_excluded ? &run->records.functions.list[0].sizes : NULL;
    if (run->settings.format == TABLE_NONE) {
        if (run->dry.failures)
            return STATUS_FAILED;
        text_append_string(out, "{\"dryRun\":true,\"invocations\":[");
        text_append(out, text_string(&run->dry.invocations), run->dry.invocations.length);
        text_append_byte(out, ']');
        if (any_excluded)
            result_put_excluded(out, excluded);
        text_append_string(out, "}\n");
        return STATUS_DONE;
    }
    dry_run_describe(&run->dry, out);
    for (size_t i = 0; any_excluded && i < excluded->count; i++)
        if (size_is_excluded(&excluded->list[i])) {
            text_append_format(out, "%g MB: ", excluded->list[i].stat.memory_mb);
            size_reason(out, excluded, &excluded->list[i]);
            text_append_byte(out, '\n');
        }
    if (run->dry.failures)
        report_error("dry run: the function failed at %lu of %zu sizes", run->dry.failures, run->dry.count);
    return run->dry.failures ? STATUS_FAILED : STATUS_DONE;
}

/* Appends the result of the dry run or of each function. Returns the exit status. */
static int append_all(struct run *run, struct text *out) {
    int status = STATUS_DONE;
    if (run->bad)
        return STATUS_USAGE;
    if (run->dry_run)
        return append_dry_run(run, out);
    bool any = false;
    for (size_t i = 0; i < run->records.functions.count; i++) {
        if (!run->records.functions.list[i].sizes.count)
            continue;
        if (any && run->settings.format != TABLE_NONE)
            text_append_byte(out, '\n');
        any = true;
        if (!append_one(run, &run->records.functions.list[i], out))
            status = STATUS_FAILED;
    }
    if (!any && run->invocations)
        record_report_unread(run->invocations, "invocation", "pt-logparse and pt-stats");
    else if (!any && run->measurements)
        record_report_unread(run->measurements, "measurement", "pt-stats");
    else if (!any)
        report_error("no stat record in the input: there is nothing to choose from");
    return any ? status : STATUS_FAILED;
}

static int append_next(struct run *run, struct text *out) {
    struct text region = TEXT_INIT, architecture = TEXT_INIT;
    plan_string(plan_of(run), "region", run->settings.region, "", &region);
    plan_string(plan_of(run), "architecture", NULL, "x86_64", &architecture);
    struct memory_sizes *sizes = functions_sizes(&run->records.functions, span_of("{}"));
    sizes->timeout_s = plan_time_limit(plan_of(run));
    struct next_settings settings = {
        .prior = run->settings.prior ? &run->prior : NULL,
        .goal = {plan_strategy(plan_of(run), run->settings.strategy),
                 plan_weight(plan_of(run), run->settings.weight)},
        .percent = run->settings.percent > 0 ? run->settings.percent
                                             : plan_number(plan_of(run), "untilSure", UNTIL_SURE_DEFAULT),
        .seed = (uint64_t)run->settings.seed,
        .limits = &run->settings.limits,
        .sizes = sizes,
        .region = text_string(&region),
        .architecture = text_string(&architecture),
        .discard = plan_discard(plan_of(run))};
    int status = !run->bad ? next_append(out, &run->trials, &settings) : STATUS_USAGE;
    text_release(&region);
    text_release(&architecture);
    return status;
}

static void release(struct run *run) {
    run_records_close(&run->records);
    trials_close(&run->trials);
    prior_close(&run->prior);
    limits_close(&run->settings.limits);
    dry_run_close(&run->dry);
    text_release(&run->problem);
}

int main(int argc, char **argv) {
    struct run run = {0};
    struct text out = TEXT_INIT;
    struct output output;
    diagnostics_program("pt-pick");
    parse_options(argc, argv, &run.settings);
    output_open(&output, STDOUT_FILENO);
    /* The prior is read first, so that an invalid one is reported before any invocation is paid for. */
    if (run.settings.prior && !prior_read(&run.prior, run.settings.prior)) {
        release(&run);
        return output_finish(&output, STATUS_USAGE);
    }
    /* The driver calls pt-pick for the table too, and for every round of --until-sure. */
    if (run.settings.format == TABLE_NONE && !run.settings.next)
        limits_doubt(&run.settings.limits);
    run.trials.grouped = run.settings.next;
    run.dry.for_people = run.settings.format != TABLE_NONE;
    if (optind == argc)
        run.bad += record_read_file("-", one_record, &run);
    for (int i = optind; i < argc; i++)
        run.bad += record_read_file(argv[i], one_record, &run);
    int status = run.settings.next ? append_next(&run, &out) : append_all(&run, &out);
    if (out.length && (status == STATUS_DONE || run.records.functions.count > 1 || run.dry_run))
        output_line(&output, out.bytes, out.length - 1);
    text_release(&out);
    release(&run);
    return output_finish(&output, status);
}
