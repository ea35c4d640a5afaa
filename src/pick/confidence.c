#include "pick/confidence.h"

#include "model/assessment.h"
#include "model/summary.h"
#include "tune/record.h"
#include "util/memory.h"

#include <math.h>
#include <stdlib.h>

/* The measured sizes are those of the choice, in the same order. */
struct entries {
    struct model_size *list; /* owned, sorted by memory size */
    size_t count;
};

/* ---- from the stat records ---- */

static double member_number(struct span object, const char *outer, const char *name, double fallback) {
    double number = record_number(object, outer, name, fallback);
    return number >= 0 && number < 1e15 ? number : fallback;
}

/* What the warm measurements of a stat record add up to. Cold starts are taken out of the figures of all. */
struct warm {
    double count, trimmed, mean, variance;
};

static struct warm warm_of(struct span stat, double count, double average) {
    double mean = member_number(stat, "durationMs", "mean", average);
    double deviation = member_number(stat, "durationMs", "standardDeviation", 0);
    double cold = member_number(stat, "cold", "count", 0), squares = (count - 1) * deviation * deviation;
    struct warm warm = {count - cold, member_number(stat, "warm", "averageDuration", average), mean, 0};
    if (warm.count < 1)
        return (struct warm){count, average, mean, deviation * deviation};
    if (cold > 0) {
        double cold_mean = member_number(stat, "cold", "averageDuration", mean);
        warm.mean = (count * mean - cold * cold_mean) / warm.count;
        squares -= cold * pow(cold_mean - mean, 2) + warm.count * pow(warm.mean - mean, 2);
    }
    warm.mean = fmax(warm.mean, warm.trimmed / 10);
    warm.variance = fmax(squares, 0) / fmax(warm.count - 1, 1);
    return warm;
}

/* The trimmed mean stands for the bulk, and what the mean has in addition for the tail. */
static void summarize(struct model_size *entry, struct span stat, const struct memory_size *size) {
    double count = (double)size->stat.count, average = fmax(size->stat.average_duration, 0.01);
    double degrees = member_number(stat, "durationMs", "degreesOfFreedom", 0);
    double error = member_number(stat, "durationMs", "trimmedMeanError", 0) / average;
    struct warm warm = warm_of(stat, count, average);
    bool projected = fabs(size->duration - size->stat.average_duration) > 1e-9 * average;
    double bulk = fmax(projected ? size->duration : warm.trimmed, 0.01), noise = count * error * error;
    entry->invocations = entry->count = warm.count;
    entry->mean = log(bulk);
    entry->scatter = degrees * noise;
    entry->freedom = degrees;
    if (projected)
        return;
    entry->tail = warm.count * (warm.mean / bulk - 1);
    entry->tail_squares = warm.count * fmax(warm.variance / (bulk * bulk) - noise, 0);
}

static struct model_size entry_of(const struct memory_size *size) {
    struct span stat = span_of(size->object);
    double billed = member_number(stat, "billedDurationMs", "trimmedMean", size->stat.average_duration + 0.5);
    double duration = fmax(size->duration, 0.01), offset = billed - size->stat.average_duration;
    if (duration + offset < duration / 10)
        offset = 0;
    struct model_size entry = {.memory_mb = size->stat.memory_mb,
                               .price = size->cost / (duration + offset),
                               .offset = offset,
                               .out = size->broken != NULL};
    summarize(&entry, stat, size);
    return entry;
}

static int compare_memory_sizes(const void *a, const void *b) {
    double x = ((const struct model_size *)a)->memory_mb, y = ((const struct model_size *)b)->memory_mb;
    return (x > y) - (x < y);
}

/* Adds the requested sizes that were not measured; their price per GB-second is assumed to be the others'. */
static void add_unmeasured(struct entries *entries, const struct confidence_settings *settings) {
    size_t measured = entries->count;
    for (size_t i = 0; measured && i < settings->asked_count; i++) {
        const struct model_size *like = &entries->list[measured / 2];
        entries->list[entries->count++] =
            (struct model_size){.memory_mb = settings->asked[i],
                                .price = like->price / like->memory_mb * settings->asked[i],
                                .offset = 0.5};
    }
}

static void collect(struct entries *entries, const struct memory_sizes *sizes,
                    const struct confidence_settings *settings) {
    entries->list = memory_zeroed(sizes->count + settings->asked_count, sizeof *entries->list);
    for (size_t i = 0; i < sizes->count; i++)
        if (!size_is_excluded(&sizes->list[i]))
            entries->list[entries->count++] = entry_of(&sizes->list[i]);
    add_unmeasured(entries, settings);
    qsort(entries->list, entries->count, sizeof *entries->list, compare_memory_sizes);
}

/* ---- what is known of each size ---- */

/* From the posterior of the stat records. */
static void assess(struct entries *entries, size_t chosen, const struct confidence_settings *settings) {
    struct posterior posterior;
    struct assessment assessment;
    struct random random;
    random_seed(&random, settings->seed);
    summaries_fit(&posterior, entries->list, entries->count, summary_correlation, NULL);
    assessment_open(&assessment, &posterior, entries->list, &settings->goal, &random);
    assessment_report(&assessment, entries->list, chosen);
    assessment_close(&assessment);
    posterior_close(&posterior);
}

static void take_known(struct model_size *size, struct span known) {
    double interval[2];
    size->probability = record_number(known, NULL, "probability", 0);
    size->regret = record_number(known, NULL, "expectedRegret", 0);
    size->better = record_number(known, NULL, "better", 0);
    if (!record_interval(known, NULL, "averageDurationInterval", interval))
        return;
    size->low = interval[0];
    size->high = interval[1];
}

/* From the decision record; false when there is none for the chosen size. */
static bool read_decision(struct entries *entries, size_t chosen, const char *decision) {
    struct span list, known;
    if (!decision || record_number(span_of(decision), NULL, "power", 0) != entries->list[chosen].memory_mb ||
        !json_member(span_of(decision), "sizes", &list))
        return false;
    struct json_cursor cursor = json_cursor(list);
    while (json_next_element(&cursor, &known))
        for (size_t i = 0; i < entries->count; i++)
            if (entries->list[i].memory_mb == record_number(known, NULL, "power", 0))
                take_known(&entries->list[i], known);
    return true;
}

/* ---- the result ---- */

static void take_size(struct confidence *confidence, size_t at, const struct model_size *size) {
    confidence->probabilities[at] = size->probability;
    confidence->lows[at] = size->low;
    confidence->highs[at] = size->high;
    confidence->cost_lows[at] = size->price * (size->low + size->offset);
    confidence->cost_highs[at] = size->price * (size->high + size->offset);
}

/* The index among the entries of the size at index `place` of the choice. */
static size_t find_entry(const struct entries *entries, size_t place) {
    size_t at = 0;
    while (!(entries->list[at].invocations > 0) || place--)
        at++;
    return at;
}

static void take(struct confidence *confidence, const struct entries *entries, const struct choice *choice) {
    const struct model_size *chosen = &entries->list[find_entry(entries, choice->best)], *second = NULL;
    confidence->likeliest = choice->best;
    for (size_t place = 0; place < choice->count; place++) {
        const struct model_size *size = &entries->list[find_entry(entries, place)];
        take_size(confidence, place, size);
        if (!size->out && size->probability > confidence->probabilities[confidence->likeliest])
            confidence->likeliest = place;
        if (size == chosen || size->out || (second && size->regret >= second->regret))
            continue;
        second = size;
        confidence->second = place;
        confidence->second_better = size->better;
    }
    confidence->known = true;
    confidence->probability = chosen->probability;
    confidence->expected_regret = chosen->regret;
    confidence->tail = chosen->tail / chosen->invocations;
}

void confidence_open(struct confidence *confidence, const struct memory_sizes *sizes,
                     const struct choice *choice, const struct confidence_settings *settings) {
    struct entries entries = {0};
    double *numbers = memory_zeroed(5 * choice->count, sizeof *numbers);
    *confidence = (struct confidence){.probabilities = numbers,
                                      .lows = numbers + choice->count,
                                      .highs = numbers + 2 * choice->count,
                                      .cost_lows = numbers + 3 * choice->count,
                                      .cost_highs = numbers + 4 * choice->count,
                                      .second = choice->count};
    collect(&entries, sizes, settings);
    if (choice->candidates && entries.count <= CONFIDENCE_SIZES) {
        size_t chosen = find_entry(&entries, choice->best);
        confidence->decided = read_decision(&entries, chosen, settings->decision);
        if (confidence->decided)
            confidence->correlation = record_number(span_of(settings->decision), NULL, "correlation", 0);
        else
            assess(&entries, chosen, settings);
        take(confidence, &entries, choice);
    }
    free(entries.list);
}

void confidence_close(struct confidence *confidence) {
    free(confidence->probabilities);
    *confidence = (struct confidence){0};
}
