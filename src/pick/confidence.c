#include "pick/confidence.h"

#include "model/noise.h"
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

/* Extra relative variance of a mean of few measurements, whose outliers were not trimmed. */
static double variance_of_few(double count) {
    return 0.001 / (count * count);
}

static struct model_size entry_of(const struct memory_size *size) {
    struct span stat = span_of(size->object);
    double count = (double)size->stat.count, average = fmax(size->stat.average_duration, 0.01);
    double error = member_number(stat, "durationMs", "trimmedMeanError", 0) / average;
    double degrees = member_number(stat, "durationMs", "degreesOfFreedom", 0);
    double billed = member_number(stat, "billedDurationMs", "trimmedMean", size->stat.average_duration + 0.5);
    double duration = fmax(size->duration, 0.01), offset = billed - size->stat.average_duration;
    if (duration + offset < duration / 10)
        offset = 0;
    return (struct model_size){.memory_mb = size->stat.memory_mb,
                               .count = count,
                               .mean = log(duration),
                               .scatter = degrees * count * error * error,
                               .freedom = degrees,
                               .ratio = 1,
                               .variance = variance_of_few(count),
                               .price = size->cost / (duration + offset),
                               .offset = offset,
                               .out = size->broken != NULL};
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
                                .ratio = 1,
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

/* ---- the posterior ---- */

static void assess(struct assessment *assessment, struct entries *entries,
                   const struct confidence_settings *settings) {
    struct posterior posterior;
    struct random random;
    double noise[POSTERIOR_NOISES];
    random_seed(&random, settings->seed);
    noise_pool(entries->list, entries->count, noise);
    posterior_open(&posterior, entries->list, entries->count, noise, NULL);
    assessment_open(assessment, &posterior, entries->list, &settings->goal, &random);
    posterior_close(&posterior);
}

/* ---- the result ---- */

static void take_size(struct confidence *confidence, size_t at, const struct assessment *assessment,
                      const struct model_size *size, size_t index) {
    confidence->probabilities[at] = assessment->probabilities[index];
    assessment_interval(assessment, index, &confidence->lows[at], &confidence->highs[at]);
    confidence->cost_lows[at] = size->price * (confidence->lows[at] + size->offset);
    confidence->cost_highs[at] = size->price * (confidence->highs[at] + size->offset);
}

/* The index among the entries of the size at index `place` of the choice. */
static size_t find_entry(const struct entries *entries, size_t place) {
    size_t at = 0;
    while (!(entries->list[at].count > 0) || place--)
        at++;
    return at;
}

static void take(struct confidence *confidence, const struct assessment *assessment,
                 const struct entries *entries, const struct choice *choice) {
    size_t chosen = find_entry(entries, choice->best), second = entries->count;
    for (size_t place = 0; place < choice->count; place++) {
        size_t at = find_entry(entries, place);
        take_size(confidence, place, assessment, &entries->list[at], at);
        if (at == chosen || entries->list[at].out ||
            (second < entries->count && assessment->regrets[at] >= assessment->regrets[second]))
            continue;
        second = at;
        confidence->second = place;
        confidence->second_better = assessment_better(assessment, at, chosen);
    }
    confidence->known = true;
    confidence->probability = assessment_confidence(assessment, chosen);
    confidence->expected_regret = assessment->regrets[chosen];
}

void confidence_open(struct confidence *confidence, const struct memory_sizes *sizes,
                     const struct choice *choice, const struct confidence_settings *settings) {
    struct entries entries = {0};
    struct assessment assessment;
    double *numbers = memory_zeroed(5 * choice->count, sizeof *numbers);
    *confidence = (struct confidence){.probabilities = numbers,
                                      .lows = numbers + choice->count,
                                      .highs = numbers + 2 * choice->count,
                                      .cost_lows = numbers + 3 * choice->count,
                                      .cost_highs = numbers + 4 * choice->count,
                                      .second = choice->count};
    collect(&entries, sizes, settings);
    if (choice->candidates && entries.count <= CONFIDENCE_SIZES) {
        assess(&assessment, &entries, settings);
        take(confidence, &assessment, &entries, choice);
        assessment_close(&assessment);
    }
    free(entries.list);
}

void confidence_close(struct confidence *confidence) {
    free(confidence->probabilities);
    *confidence = (struct confidence){0};
}
