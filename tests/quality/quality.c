/* Compares the number of invocations of a tuning until sure with the original's, in thousands of simulated
 * tunings.
 *
 *     quality [--quick] [--seed N]
 *
 * For each family of functions, list of sizes and strategy, prints:
 *   - the mean regret of the original (a fixed num, the trimmed mean) with num=10;
 *   - the number of invocations of a tuning until sure with the same mean regret, interpolated over untilSure
 *     from 3 to 0.5 %;
 *   - the ratio of the two numbers of invocations, with its 95 % interval from bootstrap resamples of the
 *     functions (B. Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7
 *     (1979)).
 *
 * Also prints the regret at each untilSure beside the regret of a fixed num with the same number of
 * invocations. Two processes share the work. */
#include "quality/simulation.h"
#include "quality/tuning.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CELLS = 12, RESAMPLES = 400, PROCESSES = 2, TEN = 5 /* of tuned_nums */ };

struct cell {
    enum family family;
    size_t sizes;
    enum strategy strategy;
};

struct results {
    size_t count;
    struct tuned (*fixed)[TUNED_NUMS];
    struct tuned (*sure)[TUNED_PERCENTS];
};

static struct cell cell_of(int index) {
    static const size_t sizes[] = {6, SIMULATED_SIZES};
    return (struct cell){index < CELLS / 2 ? FAMILY_REGULAR : FAMILY_ODD, sizes[index / 3 % 2],
                         (enum strategy)(index % 3)};
}

static void simulate(const struct cell *cell, uint64_t seed, struct results *results) {
    const double *memory_sizes = cell->sizes == 6 ? default_memory_sizes : all_memory_sizes;
    struct goal goal = {cell->strategy, 0.5};
    results->fixed = calloc(results->count, sizeof *results->fixed);
    results->sure = calloc(results->count, sizeof *results->sure);
    for (size_t i = 0; i < results->count; i++) {
        struct random random;
        struct simulated_function function;
        random_seed(&random, seed + i);
        simulated_function_make(&function, cell->family, memory_sizes, cell->sizes, &random);
        tune_fixed(&function.subject, &goal, &random, results->fixed[i]);
        tune_until_sure(&function.subject, &goal, 1, &random, results->sure[i]);
    }
}

/* ---- figures ---- */

struct sums {
    double fixed_regret[TUNED_NUMS];
    double regret[TUNED_PERCENTS], invocations[TUNED_PERCENTS];
};

/* Means over the functions; with `random`, over the same number of functions drawn with replacement. */
static void sum_up(const struct results *results, struct random *resample, struct sums *sums) {
    *sums = (struct sums){0};
    for (size_t i = 0; i < results->count; i++) {
        size_t at = resample ? (size_t)(random_uniform(resample) * (double)results->count) : i;
        for (int k = 0; k < TUNED_NUMS; k++)
            sums->fixed_regret[k] += results->fixed[at][k].regret / (double)results->count;
        for (int k = 0; k < TUNED_PERCENTS; k++) {
            sums->regret[k] += results->sure[at][k].regret / (double)results->count;
            sums->invocations[k] += results->sure[at][k].invocations / (double)results->count;
        }
    }
}

/* The position between the percents at which the regret equals the original's: 0 is the first, TUNED_PERCENTS
 * - 1 the last. */
static double find_equal(const struct sums *sums) {
    double wanted = sums->fixed_regret[TEN];
    if (sums->regret[0] <= wanted)
        return 0;
    for (int k = 1; k < TUNED_PERCENTS; k++)
        if (sums->regret[k] <= wanted)
            return k - (wanted - sums->regret[k]) / (sums->regret[k - 1] - sums->regret[k]);
    return TUNED_PERCENTS - 1;
}

static double interpolate(const double *values, double at) {
    int below = (int)at;
    return at > below ? values[below] + (at - below) * (values[below + 1] - values[below]) : values[below];
}

static double ratio_of(const struct sums *sums, size_t sizes) {
    return 10 * (double)sizes / interpolate(sums->invocations, find_equal(sums));
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_money(const struct results *results, double at) {
    double *ratios = calloc(results->count, sizeof *ratios);
    int nearest = (int)lround(at);
    for (size_t i = 0; i < results->count; i++)
        ratios[i] = results->fixed[i][TEN].megabyte_ms / results->sure[i][nearest].megabyte_ms;
    qsort(ratios, results->count, sizeof *ratios, compare);
    double median = ratios[results->count / 2];
    free(ratios);
    return median;
}

/* Prints the share of right results among those with a confidence of 85 to 95 %, over all percents. */
static void print_calibration(const struct results *results, FILE *out) {
    int judged = 0, right = 0;
    for (size_t i = 0; i < results->count; i++)
        for (int k = 0; k < TUNED_PERCENTS; k++)
            if (results->sure[i][k].confidence >= 0.85 && results->sure[i][k].confidence <= 0.95) {
                judged++;
                right += results->sure[i][k].regret < 1e-6;
            }
    if (judged)
        fprintf(out, "    confidence 85..95 %%: %d results, %.0f %% right\n", judged, 100.0 * right / judged);
}

/* The regret of a fixed num, interpolated between tuned_nums. */
static double fixed_regret_at(const struct sums *sums, double num) {
    for (int k = 1; k < TUNED_NUMS; k++)
        if (num <= tuned_nums[k] || k + 1 == TUNED_NUMS) {
            double share =
                log(fmax(num, 1) / tuned_nums[k - 1]) / log((double)tuned_nums[k] / tuned_nums[k - 1]);
            share = fmin(fmax(share, 0), 1);
            return sums->fixed_regret[k - 1] + share * (sums->fixed_regret[k] - sums->fixed_regret[k - 1]);
        }
    return sums->fixed_regret[TUNED_NUMS - 1];
}

static void print_percents(const struct results *results, const struct sums *sums, size_t sizes, FILE *out) {
    fprintf(out, "    untilSure %%   invocations   rounds   publications   regret %%   expected %%   "
                 "regret %% of a fixed num\n");
    for (int k = 0; k < TUNED_PERCENTS; k++) {
        double rounds = 0, publications = 0, expected = 0, count = (double)results->count;
        for (size_t i = 0; i < results->count; i++) {
            rounds += results->sure[i][k].rounds / count;
            publications += results->sure[i][k].publications / count;
            expected += results->sure[i][k].expected_regret / count;
        }
        fprintf(out, "    %11.2f   %11.1f   %6.1f   %12.1f   %8.3f   %10.3f   %23.3f\n", tuned_percents[k],
                sums->invocations[k], rounds, publications, 100 * sums->regret[k], 100 * expected,
                100 * fixed_regret_at(sums, sums->invocations[k] / (double)sizes));
    }
}

static void print_cell(const struct cell *cell, const struct results *results, uint64_t seed, FILE *out) {
    static const char *const strategies[] = {"cost", "speed", "balanced"};
    struct sums sums, resampled;
    struct random random;
    double ratios[RESAMPLES];
    sum_up(results, NULL, &sums);
    random_seed(&random, seed);
    for (int i = 0; i < RESAMPLES; i++) {
        sum_up(results, &random, &resampled);
        ratios[i] = ratio_of(&resampled, cell->sizes);
    }
    qsort(ratios, RESAMPLES, sizeof *ratios, compare);
    double at = find_equal(&sums);
    fprintf(out, "%s, %s, %s: %.1f times fewer invocations [%.1f, %.1f], money (median) %.1f times less\n",
            cell->family == FAMILY_REGULAR ? "regular" : "odd", cell->sizes == 6 ? "six sizes" : "ALL (46)",
            strategies[cell->strategy], ratio_of(&sums, cell->sizes), ratios[RESAMPLES / 40],
            ratios[RESAMPLES - 1 - RESAMPLES / 40], median_money(results, at));
    fprintf(out,
            "    %zu functions, seeds from %llu; the original with num=10: regret %.3f %%; equal at "
            "untilSure %.2f %%\n",
            results->count, (unsigned long long)seed, 100 * sums.fixed_regret[TEN],
            interpolate(tuned_percents, at));
    print_percents(results, &sums, cell->sizes, out);
    print_calibration(results, out);
}

/* ---- processes ---- */

static void work(int process, uint64_t seed, bool quick, FILE *out) {
    for (int i = process; i < CELLS; i += PROCESSES) {
        struct cell cell = cell_of(i);
        struct results results = {.count = quick             ? (cell.sizes == 6 ? 200 : 8)
                                           : cell.sizes == 6 ? 2000
                                                             : 120};
        simulate(&cell, seed + (uint64_t)i * 1000000, &results);
        print_cell(&cell, &results, seed + (uint64_t)i * 1000000, out);
        fflush(out);
        free(results.fixed);
        free(results.sure);
    }
}

int main(int argc, char **argv) {
    bool quick = false;
    uint64_t seed = 411200000;
    FILE *parts[PROCESSES];
    pid_t processes[PROCESSES];
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--quick") == 0)
            quick = true;
        else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc)
            seed = strtoull(argv[++i], NULL, 10);
        else
            return fprintf(stderr, "usage: quality [--quick] [--seed N]\n"), 2;
    simulation_begin();
    for (int i = 0; i < PROCESSES; i++) {
        parts[i] = tmpfile();
        processes[i] = parts[i] ? fork() : -1;
        if (processes[i] < 0)
            return perror("quality"), 1;
        if (processes[i] == 0) {
            work(i, seed, quick, parts[i]);
            _exit(0);
        }
    }
    int failed = 0;
    for (int i = 0; i < PROCESSES; i++) {
        int status, byte;
        waitpid(processes[i], &status, 0);
        failed = failed || status;
        rewind(parts[i]);
        while ((byte = getc(parts[i])) != EOF)
            putchar(byte);
        fclose(parts[i]);
    }
    return failed ? 1 : 0;
}
