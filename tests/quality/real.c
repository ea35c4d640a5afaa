/* Plays tunings on real functions (quality/real-function.h) and compares the results with the truth.
 *
 *     real [--quick] [--tunings N] [--seed N] [--only near|apart] [--list] FOLDER
 *
 * For single invocations and for published curves, each with the third of the functions that is kept apart
 * beside the others, prints over all strategies:
 *   - until sure 3, 1 and 0.5 %: mean true regret, said regret, invocations, and the regret of the original (a
 *     fixed num, the trimmed mean) with as many invocations;
 *   - by confidence: how many of the answers are right, until sure and with a fixed num.
 * Functions count by their weight. Intervals are of 95 %, from bootstrap resamples of the functions (B. Efron,
 * "Bootstrap methods: another look at the jackknife", Annals of Statistics 7 (1979)). */
#include "quality/real-function.h"
#include "quality/tuning.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RESAMPLES = 400, GOALS = 3, LEVELS = 3, BINS = 6, STATS_NUMS = 4 };
static const int levels[LEVELS] = {0, 4, 6}; /* of tuned_percents: 3, 1 and 0.5 % */
static const double edges[BINS + 1] = {0, 0.5, 0.7, 0.85, 0.95, 0.99, 1.01};
static const int stats_nums[STATS_NUMS] = {5, 10, 20, 50};

struct bin {
    double results, right, confidence;
};

/* Sums over the tunings of one function, or weighted over functions. */
struct figures {
    double weight;
    double regret[LEVELS], said[LEVELS], invocations[LEVELS], money[LEVELS], original[LEVELS];
    double by_strategy[LEVELS][GOALS];
    double stats_regret[STATS_NUMS], stats_said[STATS_NUMS];
    struct bin sure[BINS], stats[BINS];
};

enum { FIGURES = sizeof(struct figures) / sizeof(double) };

static void bin_add(struct bin *bins, const struct tuned *tuned) {
    for (int i = 0; i < BINS; i++)
        if (tuned->confidence >= edges[i] && tuned->confidence < edges[i + 1]) {
            bins[i].results++;
            bins[i].right += tuned->regret < 1e-6;
            bins[i].confidence += tuned->confidence;
        }
}

/* The original's regret with `num` invocations of each size, interpolated between tuned_nums. */
static double original_at(const struct tuned fixed[TUNED_NUMS], double num) {
    int at = 1;
    while (at + 1 < TUNED_NUMS && tuned_nums[at] < num)
        at++;
    double share = log(num / tuned_nums[at - 1]) / log((double)tuned_nums[at] / tuned_nums[at - 1]);
    share = fmin(fmax(share, 0), 1);
    return fixed[at - 1].regret + share * (fixed[at].regret - fixed[at - 1].regret);
}

/* Plays one tuning of each kind, and adds its figures with the weight `each`. */
static void play(struct subject *subject, enum strategy strategy, uint64_t seed, double each,
                 struct figures *figures) {
    const struct goal goal = {strategy, 0.5};
    struct random random;
    struct tuned fixed[TUNED_NUMS], sure[TUNED_PERCENTS], stats;
    random_seed(&random, seed);
    tune_fixed(subject, &goal, &random, fixed);
    tune_until_sure(subject, &goal, seed, &random, sure);
    for (int k = 0; k < LEVELS; k++) {
        const struct tuned *tuned = &sure[levels[k]];
        figures->regret[k] += each * tuned->regret;
        figures->by_strategy[k][strategy] += each * GOALS * tuned->regret;
        figures->said[k] += each * tuned->expected_regret;
        figures->invocations[k] += each * tuned->invocations;
        figures->money[k] += each * tuned->megabyte_ms / fixed[5].megabyte_ms;
        figures->original[k] += each * original_at(fixed, tuned->invocations / (double)subject->count);
        bin_add(figures->sure, tuned);
    }
    for (int k = 0; k < STATS_NUMS; k++) {
        tune_by_stats(subject, &goal, stats_nums[k], seed, &random, &stats);
        figures->stats_regret[k] += each * stats.regret;
        figures->stats_said[k] += each * stats.expected_regret;
        bin_add(figures->stats, &stats);
    }
}

/* Adds `weight` times the figures. */
static void figures_add(struct figures *sum, const struct figures *figures, double weight) {
    double *to = (double *)sum;
    const double *from = (const double *)figures;
    for (size_t i = 0; i < FIGURES; i++)
        to[i] += weight * from[i];
}

struct group {
    const struct figures *list[128];
    size_t count;
};

static void sum_up(const struct group *group, struct random *resample, struct figures *sum) {
    double weight;
    *sum = (struct figures){0};
    for (size_t i = 0; i < group->count; i++) {
        size_t at = resample ? (size_t)(random_uniform(resample) * (double)group->count) : i;
        figures_add(sum, group->list[at], group->list[at]->weight);
        sum->weight += group->list[at]->weight * (1 - group->list[at]->weight);
    }
    weight = sum->weight;
    for (int k = 0; k < LEVELS; k++) {
        sum->regret[k] /= weight;
        sum->said[k] /= weight;
        sum->invocations[k] /= weight;
        sum->money[k] /= weight;
        sum->original[k] /= weight;
        for (int s = 0; s < GOALS; s++)
            sum->by_strategy[k][s] /= weight;
    }
    for (int k = 0; k < STATS_NUMS; k++) {
        sum->stats_regret[k] /= weight;
        sum->stats_said[k] /= weight;
    }
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sorts the bootstrap values and prints their 95 % interval. */
static void print_interval(double values[RESAMPLES], double factor) {
    qsort(values, RESAMPLES, sizeof *values, compare);
    printf(" [%5.2f, %5.2f]", factor * values[RESAMPLES / 40],
           factor * values[RESAMPLES - 1 - RESAMPLES / 40]);
}

static void print_bins(const char *title, const struct bin *bins) {
    printf("  %-10s", title);
    for (int i = 0; i < BINS; i++)
        if (bins[i].results > 0)
            printf("  %3.0f..%-3.0f %5.1f>%5.1f (%4.0f)", 100 * edges[i], 100 * fmin(edges[i + 1], 1),
                   100 * bins[i].confidence / bins[i].results, 100 * bins[i].right / bins[i].results,
                   bins[i].results);
    double high = bins[4].results + bins[5].results;
    if (high > 0)
        printf("  95..100 %.1f", 100 * (bins[4].right + bins[5].right) / high);
    printf("\n");
}

static void print_group(const char *title, const struct group *group, uint64_t seed) {
    struct figures sum, *resampled = calloc(RESAMPLES, sizeof *resampled);
    struct random random;
    double values[RESAMPLES];
    if (!group->count)
        return;
    random_seed(&random, seed);
    for (int i = 0; i < RESAMPLES; i++)
        sum_up(group, &random, &resampled[i]);
    sum_up(group, NULL, &sum);
    printf("%s: %zu functions\n", title, group->count);
    printf("  sure %%  regret %%                cost speed  bal   said   invoc  money  original   ratio\n");
    for (int k = 0; k < LEVELS; k++) {
        printf("  %5.1f  %8.2f", tuned_percents[levels[k]], 100 * sum.regret[k]);
        for (int i = 0; i < RESAMPLES; i++)
            values[i] = resampled[i].regret[k];
        print_interval(values, 100);
        printf(" %5.2f %5.2f %5.2f  %5.2f  %6.1f  %5.2f  %7.2f   %5.2f", 100 * sum.by_strategy[k][0],
               100 * sum.by_strategy[k][1], 100 * sum.by_strategy[k][2], 100 * sum.said[k],
               sum.invocations[k], sum.money[k], 100 * sum.original[k], sum.regret[k] / sum.original[k]);
        for (int i = 0; i < RESAMPLES; i++)
            values[i] = resampled[i].regret[k] / resampled[i].original[k];
        print_interval(values, 1);
        printf("\n");
    }
    printf("  fixed num: ");
    for (int k = 0; k < STATS_NUMS; k++)
        printf(" %d: %.2f, said %.2f;", stats_nums[k], 100 * sum.stats_regret[k], 100 * sum.stats_said[k]);
    printf("\n");
    print_bins("sure", sum.sure);
    print_bins("fixed num", sum.stats);
    free(resampled);
}

struct options {
    int tunings;
    uint64_t seed;
    bool list, near, apart;
    const char *folder;
};

static bool parse(struct options *options, int argc, char **argv) {
    *options = (struct options){.tunings = 20, .seed = 411200000, .near = true, .apart = true};
    for (int i = 1; i < argc; i++) {
        bool more = i + 1 < argc;
        if (strcmp(argv[i], "--quick") == 0)
            options->tunings = 2;
        else if (strcmp(argv[i], "--list") == 0)
            options->list = true;
        else if (strcmp(argv[i], "--tunings") == 0 && more)
            options->tunings = atoi(argv[++i]);
        else if (strcmp(argv[i], "--seed") == 0 && more)
            options->seed = strtoull(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--only") == 0 && more)
            *(strcmp(argv[++i], "near") == 0 ? &options->apart : &options->near) = false;
        else
            options->folder = argv[i];
    }
    return options->folder && options->tunings > 0;
}

int main(int argc, char **argv) {
    static const char *const titles[] = {"single invocations", "single invocations, kept apart",
                                         "published curves", "published curves, kept apart"};
    struct real_functions functions;
    struct group groups[4] = {0};
    struct options options;
    if (!parse(&options, argc, argv)) {
        fprintf(stderr,
                "usage: real [--quick] [--tunings N] [--seed N] [--only near|apart] [--list] FOLDER\n");
        return 2;
    }
    real_functions_open(&functions, options.folder);
    struct figures *figures = calloc(functions.count, sizeof *figures);
    for (size_t i = 0; i < functions.count; i++) {
        struct real_function *function = &functions.list[i];
        struct group *group = &groups[2 * !function->raw + function->apart];
        if (function->apart ? !options.apart : !options.near)
            continue;
        int tunings = function->raw ? 2 * options.tunings : options.tunings;
        for (int t = 0; t < tunings * GOALS; t++)
            play(&function->subject, (enum strategy)(t % GOALS), options.seed + i * 100000 + (uint64_t)t,
                 1.0 / tunings / GOALS, &figures[i]);
        figures[i].weight = function->weight;
        group->list[group->count++] = &figures[i];
        if (options.list)
            printf("%-60.60s %5.2f %5.2f %5.2f  said %5.2f %5.2f %5.2f  n %5.0f %5.0f %5.0f\n",
                   function->name, 100 * figures[i].regret[0], 100 * figures[i].regret[1],
                   100 * figures[i].regret[2], 100 * figures[i].said[0], 100 * figures[i].said[1],
                   100 * figures[i].said[2], figures[i].invocations[0], figures[i].invocations[1],
                   figures[i].invocations[2]);
    }
    for (int i = 0; i < 4; i++)
        print_group(titles[i], &groups[i], options.seed);
    free(figures);
    real_functions_close(&functions);
    return 0;
}
