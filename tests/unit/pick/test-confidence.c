/* The confidence of a choice, with very few measurements too. */
#include "pick/confidence.h"
#include "unit/unit.h"

/* Adds a size with `count` measurements of about `duration` ms, whose mean has the standard error `error`. */
static void add(struct memory_sizes *sizes, double memory_mb, double duration, int count, double error) {
    struct text stat = TEXT_INIT, problem = TEXT_INIT;
    text_append_format(
        &stat,
        "{\"value\":%g,\"averageDuration\":%g,\"averagePrice\":%g,\"totalCost\":1,\"count\":%d,"
        "\"durationMs\":{\"trimmedMeanError\":%g,\"degreesOfFreedom\":%d},"
        "\"billedDurationMs\":{\"trimmedMean\":%g}}",
        memory_mb, duration, (duration + 0.5) * memory_mb * 1e-9, count, error, count - 1, duration + 0.5);
    CHECK(sizes_add_stat(sizes, (struct span){stat.bytes, stat.length}, &problem));
    text_release(&stat);
    text_release(&problem);
}

static const struct confidence_settings by_speed = {.goal = {STRATEGY_SPEED, 0.5}, .seed = 1};

static struct confidence confidence_of(const struct memory_sizes *sizes,
                                       const struct confidence_settings *settings) {
    struct confidence confidence;
    struct choice choice;
    choice_open(&choice, sizes, settings->goal.strategy, settings->goal.weight);
    confidence_open(&confidence, sizes, &choice, settings);
    if (confidence.known)
        for (size_t i = 0; i < choice.count; i++)
            CHECK(confidence.lows[i] > 0 && confidence.lows[i] <= confidence.highs[i] &&
                  confidence.cost_lows[i] <= confidence.cost_highs[i] && confidence.probabilities[i] >= 0 &&
                  confidence.probabilities[i] <= 1);
    choice_close(&choice);
    return confidence;
}

static void check_one_size(void) {
    struct memory_sizes sizes = {0};
    add(&sizes, 512, 100, 1, 0);
    struct confidence confidence = confidence_of(&sizes, &by_speed);
    CHECK(confidence.known && confidence.probability == 1 && confidence.expected_regret == 0);
    CHECK(confidence.second == 1 && confidence.lows[0] < 100 && confidence.highs[0] > 100);
    confidence_close(&confidence);
    sizes_close(&sizes);
}

/* The more measurements there are, the surer is the same choice, and the narrower its interval. */
static void check_more(void) {
    double probability = 0, width = INFINITY;
    for (int count = 1; count <= 100; count *= 10) {
        struct memory_sizes sizes = {0};
        add(&sizes, 512, 100, count, count > 1 ? 15 / sqrt(count) : 0);
        add(&sizes, 1024, 90, count, count > 1 ? 13.5 / sqrt(count) : 0);
        struct confidence confidence = confidence_of(&sizes, &by_speed);
        CHECK(confidence.known && confidence.second == 0);
        CHECK(confidence.probability > probability && confidence.probability < 1);
        CHECK(confidence.highs[1] - confidence.lows[1] < width);
        CHECK(fabs(confidence.second_better + confidence.probability - 1) < 0.01);
        probability = confidence.probability;
        width = confidence.highs[1] - confidence.lows[1];
        confidence_close(&confidence);
        sizes_close(&sizes);
    }
    CHECK(probability > 0.9);
}

/* Two measurements of one size have one degree of freedom: their spread counts for all sizes. */
static void check_one_degree(void) {
    double widths[2];
    for (int i = 0; i < 2; i++) {
        struct memory_sizes sizes = {0};
        add(&sizes, 512, 100, 2, i ? 30 : 0.5);
        add(&sizes, 1024, 90, 1, 0);
        struct confidence confidence = confidence_of(&sizes, &by_speed);
        widths[i] = confidence.highs[1] - confidence.lows[1];
        confidence_close(&confidence);
        sizes_close(&sizes);
    }
    CHECK(widths[1] > 2 * widths[0]);
}

static void check_asked(void) {
    struct memory_sizes sizes = {0};
    const double asked[] = {256, 3008};
    struct confidence_settings settings = by_speed;
    add(&sizes, 512, 400, 20, 4);
    add(&sizes, 1024, 210, 20, 2);
    struct confidence before = confidence_of(&sizes, &settings);
    settings.asked = asked;
    settings.asked_count = 2;
    struct confidence after = confidence_of(&sizes, &settings);
    CHECK(before.probability > 0.99 && after.probability < 0.5);
    CHECK(after.second == 0 && after.expected_regret > before.expected_regret);
    confidence_close(&before);
    confidence_close(&after);
    sizes_close(&sizes);
}

static void check_unknown(void) {
    struct memory_sizes sizes = {0};
    for (int i = 0; i <= CONFIDENCE_SIZES; i++)
        add(&sizes, 128 + 64.0 * i, 100, 1, 0);
    struct confidence confidence = confidence_of(&sizes, &by_speed);
    CHECK(!confidence.known);
    confidence_close(&confidence);
    sizes_close(&sizes);
    confidence = confidence_of(&sizes, &by_speed);
    CHECK(!confidence.known);
    confidence_close(&confidence);
}

int main(void) {
    TEST("one size is the best for certain, and its duration is not, after one measurement") {
        check_one_size();
    }
    TEST("more measurements make the same choice surer, and its interval narrower") {
        check_more();
    }
    TEST("the spread of two measurements counts for a size with one") {
        check_one_degree();
    }
    TEST("a requested size that was not measured may be the best") {
        check_asked();
    }
    TEST("without sizes, or with too many, the confidence is unknown") {
        check_unknown();
    }
    return unit_end();
}
