/* pt-gate: fails when a result is worse than allowed: results in, the same results out, and exit code 4.
 *
 *     in, out {"power":512,"cost":2.35e-06,"duration":280.94,"stateMachine":{...},"stats":[...]}
 *     stderr  pt-gate: cost>+10%: cost is 2.9 per million at 512 MB, 23.4 % more than ...
 *
 * Stat records and a plan before the result are read, but not written. */
#include "gate/judge.h"
#include "pick/doubt.h"
#include "util/diagnostics.h"
#include "util/json.h"
#include "util/lines.h"
#include "util/memory.h"
#include "util/options.h"

#include <stdlib.h>
#include <unistd.h>

static const char usage[] =
    "usage: pt-gate [option...] [FILE|DIR]\n"
    "Copies a result of pt-pick to standard output, and fails when the result is worse than allowed.\n";

static const char notes[] =
    "A difference counts only when it is more than the measured noise.\n"
    "\n"
    "Exit codes: 0 no condition is true; 1 a condition cannot be evaluated; 2 bad usage or bad input;\n"
    "4 a condition is true: the gate fails.\n";

struct settings {
    struct condition *conditions; /* owned */
    size_t count, capacity;
    const char *baseline; /* NULL: none */
    bool check;
    enum { FORMAT_NDJSON, FORMAT_MARKDOWN } format;
};

static void add_condition(const struct option_row *row, char *words) {
    struct settings *settings = row->target.any;
    struct text problem = TEXT_INIT;
    struct condition condition;
    if (!condition_parse(&condition, words, &problem))
        option_refuse(row, "'%s': %s", words, text_string(&problem));
    settings->conditions = memory_reserve(settings->conditions, &settings->capacity, settings->count + 1,
                                          sizeof *settings->conditions);
    settings->conditions[settings->count++] = condition;
}

static void check_conditions(const struct settings *settings) {
    for (size_t i = 0; i < settings->count; i++) {
        const struct condition *condition = &settings->conditions[i];
        if (condition->figure->kind == FIGURE_PRICE && !condition->share)
            doubt_price(condition->words, condition->bound, condition->reference != NO_REFERENCE);
        if (settings->conditions[i].reference == BASELINE && !settings->baseline) {
            report_error("option '--fail-if': '%s' requires --baseline", settings->conditions[i].words);
            exit(STATUS_USAGE);
        }
    }
}

static void parse_options(int argc, char **argv, struct settings *settings) {
    static const struct program program = {"pt-gate", usage, notes, 1};
    const struct option_row rows[] = {
        OPTION_CALL("fail-if", "CONDITION", add_condition, settings,
                    "fail when CONDITION is true: 'cost>+10%' (compared with the baseline), 'p95>800ms', "
                    "'power!=current', 'duration>current+50ms', 'maxMemoryUsed>90%'; may be given more than "
                    "once"),
        OPTION_STRING("baseline", "FILE|DIR", &settings->baseline,
                      "earlier result, or run directory, to compare with"),
        OPTION_WORD("format", "ndjson|markdown", &settings->format,
                    "ndjson (default): the result; markdown: what changed, for a comment"),
        OPTION_FLAG("check", &settings->check, "only check the conditions and the baseline"),
        OPTION_END,
    };
    *settings = (struct settings){0};
    options_parse(&program, argc, argv, rows);
    check_conditions(settings);
}

/* ---- one result ---- */

/* Appends "resize: " when the result names its function. */
static void append_name(struct text *out, const struct measured *measured) {
    if (!measured->name)
        return;
    json_decode_string(span_of(measured->name), out);
    text_append_string(out, ": ");
}

static int report_verdict(const struct condition *condition, enum verdict verdict, const char *name,
                          const char *words) {
    switch (verdict) {
    case VERDICT_FAILED:
        report_error("%s%s: %s", name, condition->words, words);
        return STATUS_GATE;
    case VERDICT_NOISE:
        report_notice("%s%s: %s: within noise, so it does not count", name, condition->words, words);
        return STATUS_DONE;
    case VERDICT_UNKNOWN:
        report_error("%scannot evaluate %s: %s", name, condition->words, words);
        return STATUS_FAILED;
    default:
        return STATUS_DONE;
    }
}

static void append_verdict(struct text *out, const struct condition *condition, enum verdict verdict,
                           const char *words) {
    static const char *const names[] = {
        [VERDICT_PASSED] = "passed",
        [VERDICT_NOISE] = "passed, within noise",
        [VERDICT_FAILED] = "**failed**",
        [VERDICT_UNKNOWN] = "**cannot be evaluated**",
    };
    text_append_format(out, "- `%s`: %s: %s\n", condition->words, names[verdict], words);
}

/* A condition that cannot be evaluated takes precedence over one that failed. */
static int worse(int one, int other) {
    if (one == STATUS_FAILED || other == STATUS_FAILED)
        return STATUS_FAILED;
    return one > other ? one : other;
}

static int judge_one(const struct settings *settings, const struct judged *judged, struct text *out) {
    struct text name = TEXT_INIT, words = TEXT_INIT;
    int status = STATUS_DONE;
    append_name(&name, judged->now);
    if (settings->format == FORMAT_MARKDOWN && judged->baseline)
        judged_append_changes(judged, out);
    if (settings->format == FORMAT_MARKDOWN && judged->baseline && settings->count)
        text_append_byte(out, '\n');
    for (size_t i = 0; i < settings->count; i++) {
        text_clear(&words);
        enum verdict verdict = condition_judge(&settings->conditions[i], judged, &words);
        status = worse(status, report_verdict(&settings->conditions[i], verdict, text_string(&name),
                                              text_string(&words)));
        if (settings->format == FORMAT_MARKDOWN)
            append_verdict(out, &settings->conditions[i], verdict, text_string(&words));
    }
    text_release(&name);
    text_release(&words);
    return status;
}

static bool needs(const struct settings *settings, enum reference reference) {
    for (size_t i = 0; i < settings->count; i++)
        if (settings->conditions[i].reference == reference)
            return true;
    return false;
}

static int judge_all(const struct settings *settings, const struct measurements *now,
                     const struct measurements *baseline, struct text *out) {
    int status = STATUS_DONE;
    if (!(now->present_memory_mb > 0) && needs(settings, CURRENT)) {
        report_error("cannot compare with the current size: the input has no plan with memorySizeMB");
        return STATUS_USAGE;
    }
    for (size_t i = 0; i < now->count; i++) {
        struct judged judged = {&now->list[i], NULL, now->present_memory_mb};
        if (settings->baseline) {
            judged.baseline = measurements_find(baseline, now->list[i].name);
            if (!judged.baseline) {
                report_error("the baseline has no result for %s",
                             now->list[i].name ? now->list[i].name : "this function");
                status = STATUS_FAILED;
                continue;
            }
        }
        status = worse(status, judge_one(settings, &judged, out));
        if (settings->format == FORMAT_NDJSON) {
            text_append_string(out, now->list[i].result);
            text_append_byte(out, '\n');
        }
    }
    return status;
}

int main(int argc, char **argv) {
    struct settings settings;
    struct measurements now = {0}, baseline = {0};
    struct text out = TEXT_INIT;
    struct output output;
    int status = STATUS_DONE;
    diagnostics_program("pt-gate");
    parse_options(argc, argv, &settings);
    output_open(&output, STDOUT_FILENO);
    bool good = (!settings.baseline || measurements_read(&baseline, settings.baseline)) &&
                (settings.check || measurements_read(&now, optind < argc ? argv[optind] : "-"));
    if (!good)
        status = STATUS_USAGE;
    else if (!settings.check)
        status = judge_all(&settings, &now, &baseline, &out);
    if (out.length)
        output_line(&output, out.bytes, out.length - 1);
    text_release(&out);
    measurements_close(&now);
    measurements_close(&baseline);
    for (size_t i = 0; i < settings.count; i++)
        condition_release(&settings.conditions[i]);
    free(settings.conditions);
    return output_finish(&output, status);
}
