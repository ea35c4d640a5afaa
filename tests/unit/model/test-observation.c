/* What durations say: which first invocations count, tails, neighbours in time. */
#include "model/observation.h"
#include "model/summary.h"
#include "unit/unit.h"

enum { SIZES = 4, DRAWS = 500 };

static const double memory_sizes[SIZES] = {128, 512, 1024, 3008};

static void setup(struct model_size *sizes) {
    memset(sizes, 0, SIZES * sizeof *sizes);
    for (size_t i = 0; i < SIZES; i++)
        sizes[i].memory_mb = memory_sizes[i];
}

static void release(struct model_size *sizes) {
    for (size_t i = 0; i < SIZES; i++)
        observations_close(&sizes[i].observed);
}

/* Fits and returns the mean duration of a size (ms), and the standard deviation of its log in `deviation`. */
static double fit(struct model_size *sizes, size_t size, double *deviation) {
    static double curves[DRAWS * SIZES];
    struct posterior posterior;
    struct random random;
    double sum = 0, squares = 0;
    random_seed(&random, 1);
    observations_fit(&posterior, sizes, SIZES, NULL);
    posterior_draw(&posterior, &random, curves, DRAWS);
    for (size_t i = 0; i < DRAWS; i++) {
        sum += curves[i * SIZES + size] / DRAWS;
        squares += pow(curves[i * SIZES + size], 2) / DRAWS;
    }
    posterior_close(&posterior);
    if (deviation)
        *deviation = sqrt(squares - sum * sum);
    return exp(sum);
}

/* Each size has a first invocation and, except the last, three warm ones of 100 ms. */
static void add_firsts(struct model_size *sizes, double first_ms) {
    for (size_t i = 0; i < SIZES; i++) {
        observations_add(&sizes[i].observed, first_ms, true);
        for (int k = 0; k < 3 && i + 1 < SIZES; k++)
            observations_add(&sizes[i].observed, 100 + k, false);
    }
}

int main(void) {
    struct model_size sizes[SIZES];
    TEST("a first invocation counts for nothing when others take several times a warm one") {
        setup(sizes);
        add_firsts(sizes, 500);
        fit(sizes, 3, NULL);
        CHECK(sizes[3].count == 0 && sizes[0].invocations == 3);
        release(sizes);
    }
    TEST("a first invocation counts when others are like warm ones") {
        setup(sizes);
        add_firsts(sizes, 101);
        CHECK(fabs(fit(sizes, 3, NULL) - 101) < 3);
        CHECK(sizes[3].count > 0 && sizes[3].doubt >= 0.2 && sizes[3].doubt < 0.3);
        release(sizes);
    }
    TEST("without any warm invocation, first ones count with much doubt") {
        setup(sizes);
        observations_add(&sizes[0].observed, 100, true);
        fit(sizes, 0, NULL);
        CHECK(sizes[0].count > 0 && sizes[0].doubt > 0.8);
        release(sizes);
    }
    TEST("the mean has what slow invocations add, not only what is typical") {
        setup(sizes);
        for (size_t i = 0; i < SIZES; i++)
            for (int k = 0; k < 80; k++)
                observations_add(&sizes[i].observed, i == 2 && k % 8 == 0 ? 1000 : 100 + k % 3, false);
        double steady, slow, typical = fit(sizes, 1, &steady), mean = fit(sizes, 2, &slow);
        CHECK(typical < 130 && mean > 1.1 * typical);
        CHECK(slow > steady);
        release(sizes);
    }
    TEST("durations that follow each other alike tell less") {
        double alternating, drifting;
        for (int drifts = 0; drifts < 2; drifts++) {
            setup(sizes);
            for (size_t i = 0; i < SIZES; i++)
                for (int k = 0; k < 40; k++)
                    observations_add(&sizes[i].observed, (drifts ? k < 20 : k % 2) ? 100 : 110, false);
            fit(sizes, 1, drifts ? &drifting : &alternating);
            release(sizes);
        }
        CHECK(drifting > 1.5 * alternating);
    }
    TEST("a function of a few milliseconds needs many invocations, a slow one two") {
        CHECK(summary_least(2) == 80 && summary_least(20) == 10 && summary_least(1000) == 2);
    }
    return unit_end();
}
