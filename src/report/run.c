#include "report/run.h"

#include "pick/limit.h"
#include "pick/run-records.h"
#include "tune/plan-record.h"
#include "tune/record.h"
#include "util/json.h"
#include "util/memory.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct report_run *report_runs_add(struct report_runs *runs, const char *label) {
    runs->list = memory_reserve(runs->list, &runs->capacity, runs->count + 1, sizeof *runs->list);
    runs->list[runs->count] = (struct report_run){.label = memory_copy_string(label), .present = SIZE_MAX};
    return &runs->list[runs->count++];
}

void report_runs_close(struct report_runs *runs) {
    for (size_t i = 0; i < runs->count; i++) {
        struct report_run *run = &runs->list[i];
        free(run->label);
        free(run->name);
        free(run->plan);
        free(run->decision);
        free(run->result);
        free(run->link);
        sizes_close(&run->sizes);
        group_table_close(&run->groups);
        choice_close(&run->choice);
        confidence_close(&run->confidence);
    }
    free(runs->list);
    *runs = (struct report_runs){0};
}

/* ---- from the records ---- */

struct span report_plan_member(const struct report_run *run, const char *name, enum json_type type) {
    return plan_member(span_of(run->plan), name, type);
}

double report_figure(const struct memory_size *size, const char *name, const char *inner) {
    return record_number(span_of(size->object), inner ? name : NULL, inner ? inner : name, (double)NAN);
}

const struct memory_size *report_run_size(const struct report_run *run, size_t index) {
    size_t at = 0;
    while (run->sizes.list[at].stat.memory_mb != run->choice.memory_sizes[index])
        at++;
    return &run->sizes.list[at];
}

const struct memory_size *report_run_chosen(const struct report_run *run) {
    return report_run_size(run, run->choice.best);
}

struct group *report_run_group(const struct report_run *run, double memory_mb) {
    for (size_t i = 0; i < run->groups.count; i++)
        if (run->groups.groups[i]->memory_mb == memory_mb)
            return group_count(run->groups.groups[i]) ? run->groups.groups[i] : NULL;
    return NULL;
}

/* averagePrice is the price of the trimmed mean of the billed durations, rounded up to whole milliseconds. */
double report_gb_second(const struct report_run *run) {
    for (size_t i = run->choice.count; i-- > 0;) {
        const struct memory_size *size = report_run_size(run, i);
        double billed = report_figure(size, "billedDurationMs", "trimmedMean");
        if (billed > 0)
            return size->stat.average_price / (ceil(billed - 1e-9) * size->stat.memory_mb) * 1024 * 1000;
    }
    return (double)NAN;
}

/* ---- the choice ---- */

static size_t index_of(const struct choice *choice, double memory_mb) {
    for (size_t i = 0; i < choice->count; i++)
        if (choice->memory_sizes[i] == memory_mb)
            return i;
    return SIZE_MAX;
}

/* The result overrides the choice: it may have used limits or another rate of cold starts. */
static void take_result(struct report_run *run) {
    struct span memory_mb;
    if (!run->result || !json_member(span_of(run->result), "power", &memory_mb))
        return;
    size_t best = index_of(&run->choice, json_number(memory_mb));
    if (best != SIZE_MAX)
        run->choice.best = best;
}

/* A number in the result, such as pt-advise adds; 0 when it is absent or negative. */
static double result_number(const struct report_run *run, const char *name) {
    return fmax(record_number(span_of(run->result), NULL, name, 0), 0);
}

static bool has_size(const struct report_run *run, double memory_mb) {
    for (size_t i = 0; i < run->sizes.count; i++)
        if (run->sizes.list[i].stat.memory_mb == memory_mb)
            return true;
    return false;
}

double *report_run_untried(const struct report_run *run, size_t *count) {
    size_t asked;
    double *memory_sizes = plan_memory_sizes(span_of(run->plan), &asked);
    *count = 0;
    for (size_t i = 0; i < asked; i++)
        if (!has_size(run, memory_sizes[i]))
            memory_sizes[(*count)++] = memory_sizes[i];
    return memory_sizes;
}

/* Computes the confidence as pt-pick does. The result's figures take precedence: they may come from single
 * measurements. */
static void find_confidence(struct report_run *run) {
    run->sure = run->regret = -1;
    if (!run->choice.count || isnan(report_figure(report_run_chosen(run), "durationMs", "mean")))
        return;
    size_t count;
    double *untried = report_run_untried(run, &count);
    struct confidence_settings settings = {.goal = {run->strategy, run->weight},
                                           .asked = untried,
                                           .asked_count = count,
                                           .seed = 1,
                                           .decision = run->decision};
    confidence_open(&run->confidence, &run->sizes, &run->choice, &settings);
    free(untried);
    struct span value;
    bool told = run->result && json_member(span_of(run->result), "confidence", &value);
    if (told || run->confidence.known) {
        run->sure = told ? result_number(run, "confidence") : run->confidence.probability;
        run->regret = told ? result_number(run, "expectedRegret") : run->confidence.expected_regret;
    }
}

static void find_currency(struct report_run *run) {
    snprintf(run->currency, sizeof run->currency, "USD");
    for (size_t i = 0; i < run->sizes.count; i++) {
        struct span value;
        struct text name = TEXT_INIT;
        if (!run->sizes.list[i].object ||
            !json_member(span_of(run->sizes.list[i].object), "currency", &value) ||
            json_type(value) != JSON_STRING)
            continue;
        json_decode_string(value, &name);
        if (name.length && name.length < sizeof run->currency)
            snprintf(run->currency, sizeof run->currency, "%s", text_string(&name));
        text_release(&name);
        return;
    }
}

static void find_name(struct report_run *run) {
    struct text name = TEXT_INIT;
    if (run->name)
        return;
    plan_string(span_of(run->plan), "functionName", NULL, "", &name);
    run->name = memory_copy_string(text_string(&name));
    text_release(&name);
}

bool report_run_excluded(const struct report_run *run, double memory_mb, struct text *reason) {
    struct span list, element, value;
    if (!run->result || !json_member(span_of(run->result), "excluded", &list))
        return false;
    struct json_cursor cursor = json_cursor(list);
    while (json_next_element(&cursor, &element))
        if (json_member(element, "power", &value) && json_type(value) == JSON_NUMBER &&
            json_number(value) == memory_mb && json_member(element, "reason", &value) &&
            json_type(value) == JSON_STRING)
            return json_decode_string(value, reason);
    return false;
}

/* With a result, the sizes that fail are those that it excludes: it may have used another --max-failures. */
static void mark_failing(struct report_run *run) {
    const struct limits limits = LIMITS_INIT;
    limits_apply(&limits, &run->sizes);
    for (size_t i = 0; run->result && i < run->sizes.count; i++) {
        struct memory_size *size = &run->sizes.list[i];
        struct text reason = TEXT_INIT;
        if (!report_run_excluded(run, size->stat.memory_mb, &reason)) {
            size->failing = false;
            free(size->broken);
            size->broken = NULL;
        }
        text_release(&reason);
    }
}

void report_run_finish(struct report_run *run, const struct report_settings *settings) {
    struct span plan = span_of(run->plan);
    run->strategy = plan_strategy(plan, settings->strategy);
    run->weight = plan_weight(plan, settings->weight);
    run->discard = plan_discard(plan);
    run->present_memory_mb = settings->present_memory_mb;
    if (!(run->present_memory_mb > 0))
        run->present_memory_mb = plan_present_memory(plan);
    if (!(run->present_memory_mb > 0))
        run->present_memory_mb = result_number(run, "presentPower");
    run->invocations_per_month = settings->invocations_per_month > 0
                                     ? settings->invocations_per_month
                                     : result_number(run, "invocationsPerMonth");
    run->sizes.timeout_s = plan_time_limit(plan);
    mark_failing(run);
    choice_open(&run->choice, &run->sizes, run->strategy, run->weight);
    run->present = index_of(&run->choice, run->present_memory_mb);
    take_result(run);
    find_confidence(run);
    find_currency(run);
    find_name(run);
}
