#include "pick/confidence.h"

#include "model/noise.h"
#include "util/json.h"
#include "util/memory.h"

#include <math.h>
#include <stdlib.h>

/* One size in the form that the posterior and the assessment take. */
struct entry {
    struct posterior_size measured;
    struct assessed_size assessed;
    double scatter, freedom;
    size_t place; /* index in the choice; the count of the choice for a size that was not measured */
};

struct entries {
    struct entry *list; /* owned, sorted by memory size */
    size_t count;
};

/* ---- from the stat records ---- */

static double member_number(struct span object, const char *outer, const char *name, double fallback) {
    struct span part, value;
    if (!json_member(object, outer, &part) || !json_member(part, name, &value) ||
        json_type(value) != JSON_NUMBER)
        return fallback;
    double number = json_number(value);
    return number >= 0 && number < 1e15 ? number : fallback;
}

/* Extra relative variance of a mean of few measurements, whose outliers were not trimmed. */
static double variance_of_few(double count) {
    return 0.001 / (count * count);
}

static struct entry entry_of(const struct memory_size *size, size_t place) {
    struct span stat = span_of(size->object);
    double count = (double)size->stat.count, average = fmax(size->stat.average_duration, 0.01);
    double error = member_number(stat, "durationMs", "trimmedMeanError", 0) / average;
    double degrees = member_number(stat, "durationMs", "degreesOfFreedom", 0);
    double billed = member_number(stat, "billedDurationMs", "trimmedMean", size->stat.average_duration + 0.5);
    double duration = fmax(size->duration, 0.01), offset = billed - size->stat.average_duration;
    if (duration + offset < duration / 10)
        offset = 0;
    struct entry entry = {.place = place, .freedom = degrees, .scatter = degrees * count * error * error};
    entry.measured = (struct posterior_size){.memory_mb = size->stat.memory_mb,
                                             .count = count,
                                             .mean = log(duration),
                                             .ratio = 1,
                                             .variance = variance_of_few(count)};
    entry.assessed = (struct assessed_size){size->cost / (duration + offset), offset, size->broken != NULL};
    return entry;
}

static int compare_memory_sizes(const void *a, const void *b) {
    double x = ((const struct entry *)a)->measured.memory_mb,
           y = ((const struct entry *)b)->measured.memory_mb;
    return (x > y) - (x < y);
}

/* Adds the requested sizes that were not measured; their price per GB-second is assumed to be the others'. */
static void add_unmeasured(struct entries *entries, const struct choice *choice,
                           const struct confidence_settings *settings) {
    size_t measured = entries->count;
    for (size_t i = 0; measured && i < settings->asked_count; i++) {
        const struct entry *like = &entries->list[measured / 2];
        double price = like->assessed.price / like->measured.memory_mb * settings->asked[i];
        entries->list[entries->count++] =
            (struct entry){.measured = {.memory_mb = settings->asked[i], .ratio = 1},
                           .assessed = {price, 0.5, false},
                           .place = choice->count};
    }
}

static void collect(struct entries *entries, const struct memory_sizes *sizes, const struct choice *choice,
                    const struct confidence_settings *settings) {
    entries->list = memory_zeroed(sizes->count + settings->asked_count, sizeof *entries->list);
    for (size_t i = 0; i < sizes->count; i++)
        if (!size_is_excluded(&sizes->list[i])) {
            entries->list[entries->count] = entry_of(&sizes->list[i], entries->count);
            entries->count++;
        }
    add_unmeasured(entries, choice, settings);
    qsort(entries->list, entries->count, sizeof *entries->list, compare_memory_sizes);
}

/* ---- the posterior ---- */

static void fit(struct posterior *posterior, struct entries *entries) {
    double scatter = 0, freedom = 0, noise[POSTERIOR_NOISES];
    for (size_t i = 0; i < entries->count; i++) {
        scatter += entries->list[i].scatter;
        freedom += entries->list[i].freedom;
    }
    noise_quantiles(scatter, freedom, noise);
    struct posterior_size *measured = memory_zeroed(entries->count, sizeof *measured);
    for (size_t i = 0; i < entries->count; i++) {
        struct entry *entry = &entries->list[i];
        if (freedom > 0)
            entry->measured.ratio = noise_ratio(entry->scatter, entry->freedom, scatter / freedom);
        measured[i] = entry->measured;
    }
    posterior_open(posterior, measured, entries->count, noise, NULL);
    free(measured);
}

static void assess(struct assessment *assessment, struct entries *entries,
                   const struct confidence_settings *settings) {
    struct posterior posterior;
    struct random random;
    struct assessed_size *assessed = memory_zeroed(entries->count, sizeof *assessed);
    for (size_t i = 0; i < entries->count; i++)
        assessed[i] = entries->list[i].assessed;
    random_seed(&random, settings->seed);
    fit(&posterior, entries);
    assessment_open(assessment, &posterior, assessed, &settings->goal, &random);
    posterior_close(&posterior);
    free(assessed);
}

/* ---- the result ---- */

static void take_size(struct confidence *confidence, const struct assessment *assessment,
                      const struct entry *entry, size_t index) {
    size_t at = entry->place;
    const struct assessed_size *assessed = &entry->assessed;
    confidence->probabilities[at] = assessment->probabilities[index];
    assessment_interval(assessment, index, &confidence->lows[at], &confidence->highs[at]);
    confidence->cost_lows[at] = assessed->price * (confidence->lows[at] + assessed->offset);
    confidence->cost_highs[at] = assessed->price * (confidence->highs[at] + assessed->offset);
}

static void take(struct confidence *confidence, const struct assessment *assessment,
                 const struct entries *entries, const struct choice *choice) {
    size_t chosen = 0, second = entries->count;
    for (size_t i = 0; i < entries->count; i++)
        if (entries->list[i].place == choice->best)
            chosen = i;
    for (size_t i = 0; i < entries->count; i++) {
        const struct entry *entry = &entries->list[i];
        if (entry->place == choice->count)
            continue;
        take_size(confidence, assessment, entry, i);
        if (i != chosen && !entry->assessed.out &&
            (second == entries->count || assessment->regrets[i] < assessment->regrets[second]))
            second = i;
    }
    confidence->known = true;
    confidence->probability = assessment_confidence(assessment, chosen);
    confidence->expected_regret = assessment->regrets[chosen];
    if (second == entries->count)
        return;
    confidence->second = entries->list[second].place;
    confidence->second_better = assessment_better(assessment, second, chosen);
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
    collect(&entries, sizes, choice, settings);
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
