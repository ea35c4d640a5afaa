/* pt-advise: advises on memory sizes of functions from stored logs: stat records in, advice out.
 *
 *     in  {"type":"stat","functionName":"resize","value":1024,"averageDuration":5.2,...}
 *     out {"functionName":"resize","power":512,...,"basis":"severalSizes","advice":"512 MB is ...",...}
 *
 * The stat records come from pt-stats --by functionName,power. The function with the largest saving comes
 * first. */
#include "advise/advice.h"
#include "pick/options.h"
#include "pick/visualization.h"
#include "tune/record.h"
#include "util/diagnostics.h"
#include "util/lines.h"
#include "util/memory.h"
#include "util/table.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: pt-advise [option...] [FILE...]\n"
    "Advises on the memory sizes of functions from the stat records of stored logs\n"
    "(pt-stats --by functionName,power). The function with the largest monthly saving comes first.\n";

static const char notes[] = "Exit codes: 0 done; 1 no advice on any function; 2 bad usage or bad input.\n";

struct run {
    struct advice_settings settings;
    struct limits limits;
    enum table_format format;
    struct functions functions;
    struct text problem;
    unsigned long bad;
};

/* ---- options ---- */

static void parse_options(int argc, char **argv, struct run *run) {
    static const struct program program = {"pt-advise", usage, notes, -1};
    struct advice_settings *settings = &run->settings;
    const struct option_row rows[] = {
        PICK_STRATEGY(&settings->strategy),
        PICK_WEIGHT(&settings->weight),
        PICK_LIMIT(&run->limits),
        PICK_MAX_FAILURES(&run->limits.max_failures),
        OPTION_NUMBER("days", "N", &settings->days, 0.001, 100000,
                      "number of days that the logs cover (default: from first to last report)"),
        PICK_VISUALIZATION_URL(&settings->visualization_url),
        PICK_REGION(&settings->region),
        OPTION_WORD("format", TABLE_FORMATS, &run->format, "format of the output (default ndjson)"),
        OPTION_END,
    };
    *settings = (struct advice_settings){
        .weight = 0.5, .limits = &run->limits, .visualization_url = VISUALIZATION_URL, .region = ""};
    run->limits = LIMITS_INIT;
    options_parse(&program, argc, argv, rows);
}

/* ---- records ---- */

static void one_record(void *context, struct record_reader *reader, const struct record *record) {
    struct run *run = context;
    if (!record_is(record, "stat") ||
        sizes_add_stat(functions_sizes(&run->functions, record->object), record->object, &run->problem))
        return;
    record_report(reader, record, text_string(&run->problem));
    text_clear(&run->problem);
}

/* ---- results ---- */

/* All functions are logged over the same days, so the saving on the logged invocations orders them as the
 * saving of a month would. */
static int compare_savings(const void *a, const void *b) {
    const struct advice *x = a, *y = b;
    double left = x->saving * x->invocations, right = y->saving * y->invocations;
    if (left != right)
        return left > right ? -1 : 1;
    const char *first = x->function->name, *second = y->function->name;
    return first && second ? strcmp(first, second) : (second == NULL) - (first == NULL);
}

static int write_advice(struct run *run, struct output *output) {
    size_t count = run->functions.count;
    struct advice *list = memory_zeroed(count ? count : 1, sizeof *list);
    struct text out = TEXT_INIT;
    int status = STATUS_FAILED;
    if (!(run->settings.days > 0))
        run->settings.days = advice_days(&run->functions);
    for (size_t i = 0; i < count; i++) {
        advice_open(&list[i], &run->functions.list[i], &run->settings);
        if (list[i].basis != ADVICE_FAILURES)
            status = STATUS_DONE;
    }
    qsort(list, count, sizeof *list, compare_savings);
    if (count && run->format != TABLE_NONE)
        advice_append_table(&out, list, count, &run->settings, run->format);
    for (size_t i = 0; i < count && run->format == TABLE_NONE; i++) {
        advice_append(&out, &list[i], &run->settings);
        text_append_byte(&out, '\n');
    }
    if (out.length)
        output_line(output, out.bytes, out.length - 1);
    if (!count)
        report_error("no stat record in the input: there is nothing to advise on");
    else if (status != STATUS_DONE)
        report_error(
            "no advice: every report is a failure (functions with log level WARN report nothing else)");
    for (size_t i = 0; i < count; i++)
        advice_close(&list[i]);
    free(list);
    text_release(&out);
    return status;
}

int main(int argc, char **argv) {
    struct run run = {0};
    struct output output;
    diagnostics_program("pt-advise");
    parse_options(argc, argv, &run);
    if (run.format == TABLE_NONE)
        limits_doubt(&run.limits);
    output_open(&output, STDOUT_FILENO);
    if (optind == argc)
        run.bad += record_read_file("-", one_record, &run);
    for (int i = optind; i < argc; i++)
        run.bad += record_read_file(argv[i], one_record, &run);
    int status = run.bad ? STATUS_USAGE : write_advice(&run, &output);
    functions_close(&run.functions);
    limits_close(&run.limits);
    text_release(&run.problem);
    return output_finish(&output, status);
}
