/* Which size runs next when few invocations are left. */
#include "model/chooser.h"
#include "unit/unit.h"

enum { SIZES = 3 };

/* Two equally good sizes, measured a few times and without invocations left, and one of 128 MB that is not in
 * use. */
static void setup(struct model_size *sizes, size_t left) {
    static const double durations[] = {80, 150, 95, 210, 120};
    memset(sizes, 0, SIZES * sizeof *sizes);
    for (size_t i = 0; i < SIZES; i++)
        sizes[i].memory_mb = i ? 900 + 100 * (double)i : 128;
    for (size_t i = 1; i < SIZES; i++) {
        sizes[i].open = true;
        sizes[i].offset = 0.5;
        for (size_t k = 0; k < sizeof durations / sizeof *durations; k++)
            observations_add(&sizes[i].observed, durations[(k + i) % 5], false);
    }
    sizes[0].left = left;
}

static void release(struct model_size *sizes) {
    for (size_t i = 0; i < SIZES; i++)
        observations_close(&sizes[i].observed);
}

int main(void) {
    struct chooser_settings settings = {.goal = {STRATEGY_SPEED, 0.5}, .tolerated = 0.001, .seed = 1};
    struct model_size sizes[SIZES];
    struct chooser_decision response;
    TEST("when the best sizes have no invocations left, the remaining size runs before the search ends") {
        setup(sizes, 7);
        for (int i = 0; i < 5; i++)
            observations_add(&sizes[0].observed, 10000 + 100 * i, false);
        CHECK(chooser_next(sizes, SIZES, &settings, &response));
        CHECK(!response.decided && response.expected_regret > settings.tolerated);
        CHECK(sizes[0].next == 1 && sizes[1].next == 0 && sizes[2].next == 0);
        release(sizes);
    }
    TEST("when no invocations are left the decision is the best size so far, with its regret") {
        setup(sizes, 0);
        CHECK(chooser_next(sizes, SIZES, &settings, &response));
        CHECK(response.decided && response.best > 0 && response.expected_regret > settings.tolerated);
        CHECK(response.confidence > 0.5 && response.confidence < 0.99);
        release(sizes);
    }
    TEST("the search does not wait for a possibly better size without invocations left") {
        settings.goal.strategy = STRATEGY_COST;
        setup(sizes, 0);
        CHECK(chooser_next(sizes, SIZES, &settings, &response));
        CHECK(response.decided && response.best > 0 && sizes[0].next == 0);
        release(sizes);
    }
    TEST("when every size is out, no decision is made, whatever was measured") {
        setup(sizes, 7);
        for (size_t i = 0; i < SIZES; i++)
            sizes[i].out = true;
        CHECK(!chooser_next(sizes, SIZES, &settings, &response));
        CHECK(!response.decided && response.best == SIZES);
        release(sizes);
    }
    TEST("without measurements and invocations left, no decision is made") {
        setup(sizes, 0);
        release(sizes);
        for (size_t i = 0; i < SIZES; i++)
            sizes[i].observed = (struct observations){0};
        CHECK(!chooser_next(sizes, SIZES, &settings, &response));
        CHECK(!response.decided && response.best == SIZES);
    }
    return unit_end();
}
