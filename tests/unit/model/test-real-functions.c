/* Checks on real functions (tests/quality/data) what the results say: a small part of make bench-real. */
#include "quality/real-function.h"
#include "quality/tuning.h"
#include "unit/unit.h"

enum { GOALS = 3, AT = 4 /* of tuned_percents: 1 % */ };

struct sums {
    double weight, regret, said, fixed;
    int sure, sure_right, stats, stats_right; /* results with a confidence of 95 % or more */
};

static void play(struct subject *subject, double weight, uint64_t seed, struct sums *sums) {
    struct tuned tuned[TUNED_PERCENTS], fixed[TUNED_NUMS], stats;
    const struct goal goal = {(enum strategy)(seed % GOALS), 0.5};
    struct random random;
    random_seed(&random, seed);
    tune_until_sure(subject, &goal, seed, &random, tuned);
    tune_fixed(subject, &goal, &random, fixed);
    tune_by_stats(subject, &goal, 20, seed, &random, &stats);
    sums->weight += weight;
    sums->regret += weight * tuned[AT].regret;
    sums->said += weight * tuned[AT].expected_regret;
    sums->fixed += weight * fixed[5].regret;
    sums->sure += tuned[AT].confidence >= 0.95;
    sums->sure_right += tuned[AT].confidence >= 0.95 && tuned[AT].regret < 1e-6;
    sums->stats += stats.confidence >= 0.95;
    sums->stats_right += stats.confidence >= 0.95 && stats.regret < 1e-6;
}

int main(void) {
    struct real_functions functions;
    struct sums sums = {0};
    real_functions_open(&functions, "tests/quality/data");
    for (size_t i = 0; i < functions.count; i++)
        for (uint64_t goal = 0; goal < GOALS; goal++)
            play(&functions.list[i].subject, functions.list[i].weight, 3 * (i + 1000) + goal, &sums);
    printf("# until sure 1 %%: regret %.2f %%, said %.2f %%; num=10: %.2f %%; 95 %% sure: %d of %d right; "
           "num=20: %d of %d\n",
           100 * sums.regret / sums.weight, 100 * sums.said / sums.weight, 100 * sums.fixed / sums.weight,
           sums.sure_right, sums.sure, sums.stats_right, sums.stats);
    TEST("until sure, the true regret is about what the result says, and far below the original's") {
        CHECK(sums.regret <= 2.5 * sums.said + 0.0025 * sums.weight);
        CHECK(sums.regret < 0.5 * sums.fixed);
    }
    TEST("of the results that are 95 % sure or more at least 88 % are right") {
        CHECK(sums.sure > 50 && sums.sure_right >= 0.88 * sums.sure);
        CHECK(sums.stats > 50 && sums.stats_right >= 0.88 * sums.stats);
    }
    real_functions_close(&functions);
    return unit_end();
}
