/* What is run next where little is left to run. */
#include "model/chooser.h"
#include "unit/unit.h"

enum { SIZES = 3 };

/* Two sizes that are as good as each other, measured a few times and used up; behind them one of 128 MB that
 * is not in use. */
static void setup(struct chooser_size *sizes, size_t left) {
    static const double durations[] = {80, 150, 95, 210, 120};
    memset(sizes, 0, SIZES * sizeof *sizes);
    for (size_t i = 0; i < SIZES; i++)
        sizes[i].observed.memory_mb = i ? 900 + 100 * (double)i : 128;
    for (size_t i = 1; i < SIZES; i++) {
        sizes[i].open = true;
        sizes[i].offset = 0.5;
        for (size_t k = 0; k < sizeof durations / sizeof *durations; k++)
            observed_size_add(&sizes[i].observed, durations[(k + i) % 5], false);
    }
    sizes[0].left = left;
}

static void release(struct chooser_size *sizes) {
    for (size_t i = 0; i < SIZES; i++)
        observed_size_close(&sizes[i].observed);
}

int main(void) {
    struct chooser_settings settings = {.goal = {STRATEGY_SPEED, 0.5}, .tolerated = 0.001, .seed = 1};
    struct chooser_size sizes[SIZES];
    struct chooser_decision response;
    TEST("when the sizes that matter are used up, what is left is run before one gives up") {
        setup(sizes, 7);
        for (int i = 0; i < 5; i++)
            observed_size_add(&sizes[0].observed, 10000 + 100 * i, false);
        CHECK(chooser_next(sizes, SIZES, &settings, &response));
        CHECK(!response.decided && response.expected_regret > settings.tolerated);
        CHECK(sizes[0].next == 1 && sizes[1].next == 0 && sizes[2].next == 0);
        release(sizes);
    }
    TEST("when nothing is left the answer is the best there is, with its regret") {
        setup(sizes, 0);
        CHECK(chooser_next(sizes, SIZES, &settings, &response));
        CHECK(response.decided && response.best > 0 && response.expected_regret > settings.tolerated);
        CHECK(response.confidence > 0.5 && response.confidence < 0.99);
        release(sizes);
    }
    TEST("a size that may be better and has nothing left is not waited for") {
        settings.goal.strategy = STRATEGY_COST;
        setup(sizes, 0);
        CHECK(chooser_next(sizes, SIZES, &settings, &response));
        CHECK(response.decided && response.best > 0 && sizes[0].next == 0);
        release(sizes);
    }
    TEST("when nothing was measured and nothing is left there is no answer") {
        setup(sizes, 0);
        release(sizes);
        for (size_t i = 0; i < SIZES; i++)
            sizes[i].observed = (struct observed_size){.memory_mb = sizes[i].observed.memory_mb};
        CHECK(!chooser_next(sizes, SIZES, &settings, &response));
        CHECK(!response.decided && response.best == SIZES);
    }
    return unit_end();
}
