/* pt-pick: chooses the best memory size: stat records in, one result out.
 *
 *     in   {"type":"stat","value":128,"averageDuration":5.2,"averagePrice":1.25e-8,"totalCost":1.25e-7,...}
 *     out {"power":128,"cost":1.25e-8,"duration":5.2,"stateMachine":{"executionCost":0,"lambdaCost":...,...}}
 *
 * A plan in the stream says how to choose, failure records which sizes are out; other records are passed
 * over. */
#include "tune/record.h"
#include "tune/stat.h"
#include "tune/strategy.h"
#include "tune/visualization.h"
#include "util/diagnostics.h"
#include "util/lines.h"
#include "util/memory.h"
#include "util/options.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] = "usage: pt-pick [option...] [FILE...]\n"
                            "Chooses the best memory size from stat records.\n"
                            "\n"
                            "  --strategy NAME            cost (default), speed or balanced\n"
                            "  --balanced-weight W        0 (speed alone) to 1 (cost alone); default 0.5\n"
                            "  --include-output-results   the stats of every size in the result\n"
                            "  --visualization-url URL    another page that draws the result\n"
                            "  --region REGION            for the currency of the visualization\n"
                            "  --help, --version\n"
                            "\n"
                            "Exit codes: 0 done; 1 nothing to choose from; 2 bad usage or bad input.\n";

struct settings {
    int strategy;  /* enum strategy; -1: the plan's or the default */
    double weight; /* negative: the plan's or the default */
    bool include_stats;
    const char *visualization_url, *region; /* NULL: the plan's or the default */
};

struct size {
    struct size_stat stat;
    char *object;  /* owned: the stat record, or NULL when only failures were seen */
    char *failure; /* owned: the failure record that excludes the size, or NULL */
};

struct run {
    struct settings settings;
    struct size *sizes; /* sorted by power */
    size_t count, capacity;
    char *plan;              /* owned: the record, or NULL */
    struct text invocations; /* of a dry run: elements of the result's array */
    bool dry_run;
    unsigned long bad, dry_failures;
    struct text problem;
};

static void parse_options(int argc, char **argv, struct settings *settings) {
    static const struct program program = {"pt-pick", usage};
    static const struct option options[] = {{"strategy", required_argument, NULL, 's'},
                                            {"balanced-weight", required_argument, NULL, 'w'},
                                            {"include-output-results", no_argument, NULL, 'i'},
                                            {"visualization-url", required_argument, NULL, 'u'},
                                            {"region", required_argument, NULL, 'r'},
                                            OPTIONS_STANDARD};
    enum strategy strategy;
    *settings = (struct settings){.strategy = -1, .weight = -1};
    for (int option; (option = options_next(&program, argc, argv, options)) != -1;)
        switch (option) {
        case 's':
            if (!strategy_parse(optarg, &strategy)) {
                report_error("option '--strategy': '%s' is not cost, speed or balanced", optarg);
                exit(STATUS_USAGE);
            }
            settings->strategy = (int)strategy;
            break;
        case 'w':
            settings->weight = option_number("--balanced-weight", optarg, 0, 1);
            break;
        case 'i':
            settings->include_stats = true;
            break;
        case 'u':
            settings->visualization_url = optarg;
            break;
        case 'r':
            settings->region = optarg;
            break;
        default:
            break;
        }
}

/* ---- records ---- */

/* The size of that power, made in its place when there is none. */
static struct size *find_size(struct run *run, double power) {
    size_t at = 0;
    while (at < run->count && run->sizes[at].stat.power < power)
        at++;
    if (at < run->count && run->sizes[at].stat.power == power)
        return &run->sizes[at];
    run->sizes = memory_reserve(run->sizes, &run->capacity, run->count + 1, sizeof *run->sizes);
    memmove(run->sizes + at + 1, run->sizes + at, (run->count - at) * sizeof *run->sizes);
    run->sizes[at] = (struct size){.stat = {.power = power}};
    run->count++;
    return &run->sizes[at];
}

static bool read_stat(struct run *run, struct span object) {
    struct size_stat stat;
    if (!stat_read(object, &stat, &run->problem))
        return false;
    struct size *size = find_size(run, stat.power);
    if (size->object) {
        text_append_format(&run->problem, "a second stat of %g MB", stat.power);
        return false;
    }
    size->stat = stat;
    size->object = memory_copy(object.start, object.length);
    return true;
}

static bool read_failure(struct run *run, struct span object) {
    const struct field field = {"power", FIELD_NUMBER, 0, false, 1, REPORT_LARGEST_MB};
    struct span excluded;
    double power = 0;
    if (!record_fields(object, &field, 1, &power, &run->problem))
        return false;
    if (!power || !json_member(object, "excluded", &excluded) || json_type(excluded) != JSON_TRUE)
        return true;
    struct size *size = find_size(run, power);
    free(size->failure);
    size->failure = memory_copy(object.start, object.length);
    return true;
}

static bool read_invocation(struct run *run, struct span object) {
    struct {
        double power;
        struct span status_code, function_error, error_type;
    } members = {0};
    static const struct field fields[] = {
        {"power", FIELD_NUMBER, 0, true, 1, REPORT_LARGEST_MB},
        {"statusCode", FIELD_VALUE, sizeof(double), false, 0, 0},
        {"functionError", FIELD_STRING, sizeof(double) + sizeof(struct span), false, 0, 0},
        {"errorType", FIELD_STRING, sizeof(double) + 2 * sizeof(struct span), false, 0, 0}};
    if (!record_fields(object, fields, sizeof fields / sizeof *fields, &members, &run->problem))
        return false;
    json_separate(&run->invocations);
    text_append_byte(&run->invocations, '{');
    json_put_number(&run->invocations, "power", members.power);
    json_put_value(&run->invocations, "statusCode", members.status_code);
    json_put_value(&run->invocations, "functionError", members.function_error);
    text_append_byte(&run->invocations, '}');
    if (!members.function_error.start)
        return true;
    struct text error = TEXT_INIT;
    json_decode_string(members.error_type.start ? members.error_type : members.function_error, &error);
    report_error("dry run: the function failed at %g MB: %s", members.power, text_string(&error));
    text_release(&error);
    run->dry_failures++;
    return true;
}

static void read_plan(struct run *run, struct span object) {
    struct span dry_run;
    free(run->plan);
    run->plan = memory_copy(object.start, object.length);
    run->dry_run = json_member(object, "dryRun", &dry_run) && json_type(dry_run) == JSON_TRUE;
}

static void one_record(struct run *run, struct record_reader *reader, const struct record *record) {
    bool good = true;
    if (record_is(record, "plan"))
        read_plan(run, record->object);
    else if (record_is(record, "stat"))
        good = read_stat(run, record->object);
    else if (record_is(record, "failure"))
        good = read_failure(run, record->object);
    else if (record_is(record, "invocation") && run->dry_run)
        good = read_invocation(run, record->object);
    if (good)
        return;
    record_report(reader, record, text_string(&run->problem));
    text_clear(&run->problem);
}

static void read_stream(struct run *run, int fd, const char *name) {
    struct record_reader reader;
    struct record record;
    enum record_result result;
    record_reader_open(&reader, fd, name);
    while ((result = record_next(&reader, &record)) != RECORD_END)
        if (result == RECORD_READ)
            one_record(run, &reader, &record);
    run->bad += reader.bad;
    record_reader_close(&reader);
}

static void read_file(struct run *run, const char *path) {
    if (strcmp(path, "-") == 0) {
        read_stream(run, STDIN_FILENO, "standard input");
        return;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        report_error("cannot read '%s': %s", path, strerror(errno));
        run->bad++;
        return;
    }
    read_stream(run, fd, path);
    close(fd);
}

/* ---- what the plan says ---- */

static struct span plan_member(const struct run *run, const char *name, enum json_type type) {
    struct span value = {NULL, 0};
    if (run->plan && json_member(span_of(run->plan), name, &value) && json_type(value) == type)
        return value;
    return (struct span){NULL, 0};
}

static void plan_string(const struct run *run, const char *name, const char *option, const char *fallback,
                        struct text *out) {
    struct span value = plan_member(run, name, JSON_STRING);
    if (option || !value.start)
        text_append_string(out, option ? option : fallback);
    else
        json_decode_string(value, out);
}

static enum strategy choose_strategy(const struct run *run) {
    enum strategy strategy = STRATEGY_COST;
    if (run->settings.strategy >= 0)
        return (enum strategy)run->settings.strategy;
    struct text name = TEXT_INIT;
    plan_string(run, "strategy", NULL, "cost", &name);
    strategy_parse(text_string(&name), &strategy);
    text_release(&name);
    return strategy;
}

static double choose_weight(const struct run *run) {
    struct span value = plan_member(run, "balancedWeight", JSON_NUMBER);
    return run->settings.weight >= 0 ? run->settings.weight : value.start ? json_number(value) : 0.5;
}

/* ---- the result ---- */

static bool is_excluded(const struct size *size) {
    return size->failure || !size->object || !size->stat.count;
}

static void append_count(struct text *reason, struct span object, const char *member, const char *words) {
    struct span value;
    if (!json_member(object, member, &value) || json_type(value) != JSON_NUMBER || json_number(value) <= 0)
        return;
    text_append_format(reason, "%s%.0f %s", reason->length ? ", " : "", json_number(value), words);
}

/* Why a size has no measurement, in words, from what its stat counted. */
static void append_stat_reason(struct text *reason, struct span object) {
    struct span errors, name, value;
    if (json_member(object, "failedByErrorType", &errors)) {
        struct json_cursor cursor = json_cursor(errors);
        while (json_next_member(&cursor, &name, &value)) {
            text_append_format(reason, "%s%.0f failed with ", reason->length ? ", " : "", json_number(value));
            json_decode_string(name, reason);
        }
    } else {
        append_count(reason, object, "failed", "failed");
    }
    append_count(reason, object, "lost", "lost");
    append_count(reason, object, "noReport", "without a report");
    append_count(reason, object, "notCold", "not cold");
    if (!reason->length)
        text_append_string(reason, "no measurement");
}

static void append_reason(struct text *reason, const struct size *size) {
    struct span value;
    if (!size->failure) {
        append_stat_reason(reason, size->object ? span_of(size->object) : span_of("{}"));
        return;
    }
    struct span failure = span_of(size->failure);
    if ((json_member(failure, "errorType", &value) || json_member(failure, "kind", &value)) &&
        json_type(value) == JSON_STRING)
        json_decode_string(value, reason);
    if (json_member(failure, "message", &value) && json_type(value) == JSON_STRING) {
        text_append_string(reason, reason->length ? ": " : "");
        json_decode_string(value, reason);
    }
    if (!reason->length)
        text_append_string(reason, "excluded");
}

static void put_excluded(const struct run *run, struct text *out) {
    struct text reason = TEXT_INIT;
    bool any = false;
    for (size_t i = 0; i < run->count; i++) {
        if (!is_excluded(&run->sizes[i]))
            continue;
        if (!any) {
            json_put_name(out, "excluded");
            text_append_byte(out, '[');
        }
        any = true;
        json_separate(out);
        text_append_byte(out, '{');
        json_put_number(out, "power", run->sizes[i].stat.power);
        text_clear(&reason);
        append_reason(&reason, &run->sizes[i]);
        json_put_string(out, "reason", text_string(&reason));
        text_append_byte(out, '}');
    }
    if (any)
        text_append_byte(out, ']');
    text_release(&reason);
}

/* A stat record without its type. */
static void append_stat(struct text *out, struct span object) {
    struct json_cursor cursor = json_cursor(object);
    struct span name, value;
    json_separate(out);
    text_append_byte(out, '{');
    while (json_next_member(&cursor, &name, &value)) {
        if (json_string_is(name, "type"))
            continue;
        json_separate(out);
        text_append(out, name.start, name.length);
        text_append_byte(out, ':');
        text_append(out, value.start, value.length);
    }
    text_append_byte(out, '}');
}

static void put_stats(const struct run *run, struct text *out) {
    struct span wanted = plan_member(run, "includeOutputResults", JSON_TRUE);
    if (!run->settings.include_stats && !wanted.start)
        return;
    json_put_name(out, "stats");
    text_append_byte(out, '[');
    for (size_t i = 0; i < run->count; i++)
        if (!is_excluded(&run->sizes[i]))
            append_stat(out, span_of(run->sizes[i].object));
    text_append_byte(out, ']');
}

/* What the strategy weighs, in parallel arrays sorted by power. */
struct choice {
    struct candidate *candidates;
    double *powers, *durations, *costs;
    size_t count, best;
    double total_cost;
};

static void choice_open(struct choice *choice, const struct run *run) {
    size_t room = run->count ? run->count : 1;
    *choice = (struct choice){.candidates = memory_zeroed(room, sizeof *choice->candidates),
                              .powers = memory_zeroed(room, sizeof(double)),
                              .durations = memory_zeroed(room, sizeof(double)),
                              .costs = memory_zeroed(room, sizeof(double))};
    for (size_t i = 0; i < run->count; i++) {
        const struct size_stat *stat = &run->sizes[i].stat;
        choice->total_cost += stat->total_cost;
        if (is_excluded(&run->sizes[i]))
            continue;
        choice->candidates[choice->count] = (struct candidate){stat->average_price, stat->average_duration};
        choice->powers[choice->count] = stat->power;
        choice->durations[choice->count] = stat->average_duration;
        choice->costs[choice->count++] = stat->average_price;
    }
    if (choice->count)
        choice->best =
            strategy_choose(choice->candidates, choice->count, choose_strategy(run), choose_weight(run));
}

static void choice_close(struct choice *choice) {
    free(choice->candidates);
    free(choice->powers);
    free(choice->durations);
    free(choice->costs);
}

static void put_visualization(const struct run *run, const struct choice *choice, struct text *out) {
    struct text base = TEXT_INIT, region = TEXT_INIT, url = TEXT_INIT;
    plan_string(run, "visualizationURL", run->settings.visualization_url, VISUALIZATION_URL, &base);
    plan_string(run, "region", run->settings.region, "", &region);
    if (strncmp(text_string(&region), "cn-", 3) == 0)
        text_append_string(&base, "?currency=CNY");
    visualization_append(&url, text_string(&base), choice->powers, choice->durations, choice->costs,
                         choice->count);
    json_put_string(out, "visualization", text_string(&url));
    text_release(&base);
    text_release(&region);
    text_release(&url);
}

static void append_result(const struct run *run, const struct choice *choice, struct text *out) {
    text_append_byte(out, '{');
    json_put_number(out, "power", choice->powers[choice->best]);
    json_put_number(out, "cost", choice->costs[choice->best]);
    json_put_number(out, "duration", choice->durations[choice->best]);
    json_put_name(out, "stateMachine");
    text_append_byte(out, '{');
    json_put_number(out, "executionCost", 0);
    json_put_number(out, "lambdaCost", choice->total_cost);
    put_visualization(run, choice, out);
    text_append_byte(out, '}');
    put_stats(run, out);
    put_excluded(run, out);
    text_append_byte(out, '}');
}

static void report_nothing_left(const struct run *run) {
    struct text sizes = TEXT_INIT;
    for (size_t i = 0; i < run->count; i++) {
        text_append_format(&sizes, "%s%g MB: ", i ? "; " : "", run->sizes[i].stat.power);
        append_reason(&sizes, &run->sizes[i]);
    }
    if (run->count)
        report_error("no size could be measured: %s", text_string(&sizes));
    else
        report_error("no stat record in the input: there is nothing to choose from");
    text_release(&sizes);
}

static int finish(struct run *run) {
    struct text line = TEXT_INIT;
    struct choice choice;
    int status = STATUS_DONE;
    choice_open(&choice, run);
    if (run->bad) {
        status = STATUS_USAGE;
    } else if (run->dry_failures) {
        status = STATUS_FAILED;
    } else if (run->dry_run) {
        text_append_string(&line, "{\"dryRun\":true,\"invocations\":[");
        text_append(&line, text_string(&run->invocations), run->invocations.length);
        text_append_byte(&line, ']');
        put_excluded(run, &line);
        text_append_byte(&line, '}');
    } else if (!choice.count) {
        report_nothing_left(run);
        status = STATUS_FAILED;
    } else {
        append_result(run, &choice, &line);
    }
    struct output output;
    output_open(&output, STDOUT_FILENO);
    if (status == STATUS_DONE)
        output_line(&output, line.bytes, line.length);
    choice_close(&choice);
    text_release(&line);
    return output_finish(&output, status);
}

static void release(struct run *run) {
    for (size_t i = 0; i < run->count; i++) {
        free(run->sizes[i].object);
        free(run->sizes[i].failure);
    }
    free(run->sizes);
    free(run->plan);
    text_release(&run->invocations);
    text_release(&run->problem);
}

int main(int argc, char **argv) {
    struct run run = {0};
    diagnostics_program("pt-pick");
    parse_options(argc, argv, &run.settings);
    if (optind == argc)
        read_file(&run, "-");
    for (int i = optind; i < argc; i++)
        read_file(&run, argv[i]);
    int status = finish(&run);
    release(&run);
    return status;
}
