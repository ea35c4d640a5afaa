/* Checks the confidence of results: of 1,000 simulated functions, how many results with a given confidence
 * are right. */
#include "quality/simulation.h"
#include "quality/tuning.h"
#include "unit/unit.h"

enum { FUNCTIONS = 1000, UNTIL_SURE = 150, BINS = 7 };

static const double edges[BINS + 1] = {0, 0.3, 0.5, 0.7, 0.85, 0.95, 0.99, 1.01};

struct calibration {
    int results[BINS], right[BINS];
    double confidence[BINS];
};

static void add(struct calibration *calibration, const struct tuned *tuned) {
    for (int i = 0; i < BINS; i++)
        if (tuned->confidence >= edges[i] && tuned->confidence < edges[i + 1]) {
            calibration->results[i]++;
            calibration->right[i] += tuned->regret < 1e-6;
            calibration->confidence[i] += tuned->confidence;
        }
}

static void print(const char *title, const struct calibration *calibration) {
    printf("# %s\n#   confidence (%%)   results   mean (%%)   right (%%)\n", title);
    for (int i = 0; i < BINS; i++)
        if (calibration->results[i])
            printf("#   %3.0f .. %-10.0f %7d   %8.1f   %9.1f\n", 100 * edges[i], 100 * fmin(edges[i + 1], 1),
                   calibration->results[i], 100 * calibration->confidence[i] / calibration->results[i],
                   100.0 * calibration->right[i] / calibration->results[i]);
}

/* The share of right results among those with a confidence of 85 to 95 %, for both kinds of tunings. */
static double right_share(const struct calibration *stats, const struct calibration *sure) {
    return (double)(stats->right[4] + sure->right[4]) / (stats->results[4] + sure->results[4]);
}

static void calibrate(enum family family, struct calibration *stats, struct calibration *sure) {
    static const int nums[] = {5, 10, 20, 50};
    for (int i = 0; i < FUNCTIONS; i++) {
        struct random random;
        struct simulated_function function;
        struct tuned tuned, until[TUNED_PERCENTS];
        struct goal goal = {(enum strategy)(i % 3), 0.5};
        random_seed(&random, 0x5eed0000 + (uint64_t)i);
        simulated_function_make(&function, family, default_memory_sizes, 6, &random);
        tune_by_stats(&function.subject, &goal, nums[i / 3 % 4], 1, &random, &tuned);
        add(stats, &tuned);
        if (i < UNTIL_SURE) {
            tune_until_sure(&function.subject, &goal, 1, &random, until);
            add(sure, &until[TUNED_PERCENTS - 1]);
        }
    }
}

int main(void) {
    struct calibration stats = {0}, sure = {0}, odd_stats = {0}, odd_sure = {0};
    calibrate(FAMILY_REGULAR, &stats, &sure);
    calibrate(FAMILY_ODD, &odd_stats, &odd_sure);
    print("num of 5, 10, 20 or 50 at each size", &stats);
    print("until sure (the first 150 of them)", &sure);
    print("functions of odd shapes, num of 5, 10, 20 or 50 at each size", &odd_stats);
    print("functions of odd shapes, until sure (the first 150 of them)", &odd_sure);
    /* These functions are tamer than real ones (test-real-functions.c), for which the results are cautious. */
    TEST("at least 82 % of the results with a confidence of 85 to 95 % are right") {
        CHECK(right_share(&stats, &sure) >= 0.82);
    }
    TEST("for functions of odd shapes at least 77 % are right") {
        CHECK(right_share(&odd_stats, &odd_sure) >= 0.77);
    }
    return unit_end();
}
