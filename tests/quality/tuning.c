#include "quality/tuning.h"

#include "model/chooser.h"
#include "pick/confidence.h"
#include "stats/group.h"
#include "stats/stat.h"
#include "tune/duration.h"

#include <math.h>
#include <stdlib.h>

const int tuned_nums[TUNED_NUMS] = {1, 2, 3, 5, 7, 10, 20, 30, 50, 100};
const double tuned_percents[TUNED_PERCENTS] = {3, 2.5, 2, 1.5, 1, 0.75, 0.5};

/* ---- fixed number of invocations ---- */

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The average of the original: the mean without a fifth at either end. */
static double trimmed_mean(const double *durations, int num) {
    double sorted[MAX_TUNED], sum = 0;
    int cut = (int)floor(num * 0.2);
    for (int i = 0; i < num; i++)
        sorted[i] = durations[i];
    qsort(sorted, (size_t)num, sizeof *sorted, compare);
    for (int i = cut; i < num - cut; i++)
        sum += sorted[i];
    return sum / (num - 2 * cut);
}

static size_t choose_fixed(const struct subject *subject, double durations[][MAX_TUNED], int num,
                           const struct goal *goal) {
    struct candidate candidates[SUBJECT_SIZES];
    size_t places[SUBJECT_SIZES], count = 0;
    for (size_t i = 0; i < subject->count; i++) {
        if (subject->fails[i])
            continue;
        double average = trimmed_mean(durations[i], num);
        candidates[count] = (struct candidate){ceil(average) * subject->memory_sizes[i], average};
        places[count++] = i;
    }
    return places[strategy_choose(candidates, count, goal->strategy, goal->weight)];
}

void tune_fixed(struct subject *subject, const struct goal *goal, struct random *random,
                struct tuned results[TUNED_NUMS]) {
    static double durations[SUBJECT_SIZES][MAX_TUNED];
    double megabyte_ms = 0;
    int made = 0;
    subject_begin(subject, random);
    for (int at = 0; at < TUNED_NUMS; at++) {
        for (; made < tuned_nums[at]; made++)
            for (size_t i = 0; i < subject->count; i++)
                if (!subject->fails[i]) {
                    struct invocation invocation = subject_run(subject, i, random);
                    durations[i][made] = invocation.duration + invocation.init;
                    megabyte_ms += durations[i][made] * subject->memory_sizes[i];
                }
        size_t chosen = choose_fixed(subject, durations, made, goal);
        results[at] = (struct tuned){.regret = subject_regret(subject, chosen, goal),
                                     .invocations = (double)made * (double)subject->count,
                                     .megabyte_ms = megabyte_ms};
    }
}

/* ---- until sure ---- */

struct tuning {
    struct subject *subject;
    struct random *random;
    struct model_size sizes[SUBJECT_SIZES];
    struct tuned so_far;
};

static void run_round(struct tuning *tuning) {
    bool publishes = false;
    for (size_t i = tuning->subject->count; i-- > 0;) {
        struct model_size *size = &tuning->sizes[i];
        publishes = publishes || (size->next && !size->observed.count);
        for (size_t left = size->next; left > 0; left--) {
            size->open = true;
            size->left--;
            tuning->so_far.invocations++;
            if (tuning->subject->fails[i]) {
                for (size_t k = 0; k <= i; k++)
                    tuning->sizes[k].out = true;
                break;
            }
            struct invocation invocation = subject_run(tuning->subject, i, tuning->random);
            tuning->so_far.megabyte_ms +=
                (invocation.duration + invocation.init) * tuning->subject->memory_sizes[i];
            observations_add(&size->observed, invocation.duration, invocation.first);
        }
    }
    tuning->so_far.rounds++;
    tuning->so_far.publications += publishes;
}

static void note(const struct tuning *tuning, const struct chooser_decision *response,
                 const struct goal *goal, struct tuned *result) {
    *result = tuning->so_far;
    result->regret = subject_regret(tuning->subject, response->best, goal);
    result->confidence = response->confidence;
    result->expected_regret = response->expected_regret;
}

void tune_until_sure(struct subject *subject, const struct goal *goal, uint64_t seed, struct random *random,
                     struct tuned results[TUNED_PERCENTS]) {
    struct tuning tuning = {.subject = subject, .random = random};
    struct chooser_decision response;
    subject_begin(subject, random);
    for (size_t i = 0; i < subject->count; i++)
        tuning.sizes[i] =
            (struct model_size){.memory_mb = subject->memory_sizes[i], .offset = 0.5, .left = MAX_TUNED};
    for (int at = 0; at < TUNED_PERCENTS;) {
        struct chooser_settings settings = {*goal, tuned_percents[at] / 100, seed, NULL};
        if (!chooser_next(tuning.sizes, subject->count, &settings, &response))
            break;
        if (response.decided)
            note(&tuning, &response, goal, &results[at++]);
        else
            run_round(&tuning);
    }
    for (size_t i = 0; i < subject->count; i++)
        observations_close(&tuning.sizes[i].observed);
}

/* ---- stages of the pipeline ---- */

static int64_t picoseconds(double ms) {
    return (int64_t)(ms * 1000) * (DURATION_MS / 1000);
}

static void add_stat(struct memory_sizes *sizes, struct subject *subject, size_t size, int num,
                     struct random *random) {
    struct group group = {.memory_mb = subject->memory_sizes[size]};
    struct group_table table = {0};
    struct text record = TEXT_INIT, problem = TEXT_INIT, key = TEXT_INIT;
    const char *const by[] = {"power"};
    const struct stat_settings settings = {
        .price = {.gb_second = 1.66667e-5, .currency = "USD"}, .discard = 0.2, .by = by, .by_count = 1};
    text_append_format(&key, "%g\n", group.memory_mb);
    struct group *made = group_find(&table, (struct span){key.bytes, key.length});
    made->memory_mb = group.memory_mb;
    for (int i = 0; i < num; i++) {
        struct invocation invocation = subject_run(subject, size, random);
        double duration = invocation.duration + invocation.init;
        struct measurement measurement = {.memory_mb = group.memory_mb,
                                          .duration = picoseconds(duration),
                                          .billed_duration = (int64_t)ceil(duration) * DURATION_MS,
                                          .init_duration = picoseconds(invocation.init),
                                          .cold = invocation.init > 0,
                                          .payload_index = -1};
        group_add(made, &measurement);
    }
    stat_append(&record, made, &settings);
    sizes_add_stat(sizes, (struct span){record.bytes, record.length}, &problem);
    text_release(&record);
    text_release(&problem);
    text_release(&key);
    group_table_close(&table);
}

void tune_by_stats(struct subject *subject, const struct goal *goal, int num, uint64_t seed,
                   struct random *random, struct tuned *result) {
    struct memory_sizes sizes = {0};
    struct choice choice;
    struct confidence confidence;
    const struct confidence_settings settings = {.goal = *goal, .seed = seed};
    subject_begin(subject, random);
    for (size_t i = 0; i < subject->count; i++)
        if (!subject->fails[i])
            add_stat(&sizes, subject, i, num, random);
    choice_open(&choice, &sizes, goal->strategy, goal->weight);
    confidence_open(&confidence, &sizes, &choice, &settings);
    size_t chosen = 0;
    while (chosen + 1 < subject->count && subject->memory_sizes[chosen] != choice.memory_sizes[choice.best])
        chosen++;
    *result = (struct tuned){.regret = subject_regret(subject, chosen, goal),
                             .invocations = num * (double)subject->count,
                             .confidence = confidence.probability,
                             .expected_regret = confidence.expected_regret};
    confidence_close(&confidence);
    choice_close(&choice);
    sizes_close(&sizes);
}
