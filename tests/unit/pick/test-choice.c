/* The sizes of a function, and the choice among them. */
#include "pick/choice.h"
#include "unit/unit.h"
#include "util/memory.h"

static bool add(struct memory_sizes *sizes, const char *stat) {
    struct text problem = TEXT_INIT;
    bool added = sizes_add_stat(sizes, span_of(stat), &problem);
    text_release(&problem);
    return added;
}

static void fail(struct memory_sizes *sizes, const char *failure) {
    struct text problem = TEXT_INIT;
    CHECK(sizes_add_failure(sizes, span_of(failure), &problem));
    text_release(&problem);
}

/* 128 MB is cheap and slow, 1024 MB dear and fast, 512 MB between them; given in another order. */
static struct memory_sizes three_sizes(void) {
    struct memory_sizes sizes = {0};
    CHECK(add(&sizes,
              "{\"value\":512,\"averageDuration\":300,\"averagePrice\":3,\"totalCost\":30,\"count\":10,"
              "\"cold\":{\"averagePrice\":9,\"averageDuration\":900},"
              "\"warm\":{\"averagePrice\":2,\"averageDuration\":200}}"));
    CHECK(add(&sizes,
              "{\"value\":1024,\"averageDuration\":100,\"averagePrice\":4,\"totalCost\":40,\"count\":10,"
              "\"warm\":{\"averagePrice\":4,\"averageDuration\":100}}"));
    CHECK(add(&sizes,
              "{\"value\":128,\"averageDuration\":800,\"averagePrice\":1,\"totalCost\":10,\"count\":10}"));
    return sizes;
}

static double chosen(const struct memory_sizes *sizes, enum strategy strategy) {
    struct choice choice;
    choice_open(&choice, sizes, strategy, 0.5);
    double memory_mb = choice.candidates ? choice.memory_sizes[choice.best] : 0;
    choice_close(&choice);
    return memory_mb;
}

static void check_order(void) {
    struct memory_sizes sizes = three_sizes();
    struct choice choice;
    CHECK(sizes.count == 3 && sizes.list[0].stat.memory_mb == 128 && sizes.list[2].stat.memory_mb == 1024);
    CHECK(
        !add(&sizes, "{\"value\":512,\"averageDuration\":1,\"averagePrice\":1,\"totalCost\":1,\"count\":1}"));
    choice_open(&choice, &sizes, STRATEGY_COST, 0.5);
    CHECK(choice.count == 3 && choice.candidates == 3 && choice.total_cost == 80);
    CHECK(choice.memory_sizes[1] == 512 && choice.durations[1] == 300 && choice.costs[1] == 3);
    choice_close(&choice);
    CHECK(chosen(&sizes, STRATEGY_COST) == 128 && chosen(&sizes, STRATEGY_SPEED) == 1024);
    sizes_close(&sizes);
}

/* Sizes that cannot be chosen: with a failure, over a limit, without measurements. */
static void check_exclusions(void) {
    struct memory_sizes sizes = three_sizes();
    struct choice choice;
    fail(&sizes, "{\"power\":128,\"kind\":\"functionError\"}");
    CHECK(chosen(&sizes, STRATEGY_COST) == 128);
    fail(&sizes, "{\"power\":128,\"kind\":\"functionError\",\"excluded\":true}");
    CHECK(chosen(&sizes, STRATEGY_COST) == 512 && size_is_excluded(&sizes.list[0]));
    CHECK(add(&sizes, "{\"value\":64,\"count\":0,\"failed\":3}") && sizes.count == 4);
    sizes.list[2].broken = memory_copy_string("p95<=1ms: 2 ms");
    choice_open(&choice, &sizes, STRATEGY_COST, 0.5);
    CHECK(choice.count == 2 && choice.candidates == 1 && choice.memory_sizes[choice.best] == 1024);
    CHECK(choice.total_cost == 80);
    choice_close(&choice);
    sizes_close(&sizes);
}

static void check_cold_rate(void) {
    struct memory_sizes sizes = three_sizes();
    sizes_set_cold_rate(&sizes, 0.25);
    CHECK(sizes.list[1].cost == 0.25 * 9 + 0.75 * 2 && sizes.list[1].duration == 0.25 * 900 + 0.75 * 200);
    CHECK_TEXT(sizes.list[0].out, "no cold start was measured");
    CHECK_TEXT(sizes.list[2].out, "no cold start was measured");
    CHECK(chosen(&sizes, STRATEGY_SPEED) == 512);
    sizes_close(&sizes);
    sizes = three_sizes();
    sizes_set_cold_rate(&sizes, 0);
    CHECK(!sizes.list[2].out && sizes.list[2].cost == 4);
    CHECK_TEXT(sizes.list[0].out, "no warm start was measured");
    sizes_close(&sizes);
}

static void check_reasons(const char *stat, const char *failure, const char *wanted) {
    struct memory_sizes sizes = {0};
    struct text reasons = TEXT_INIT;
    if (stat)
        CHECK(add(&sizes, stat));
    if (failure)
        fail(&sizes, failure);
    sizes_reasons(&reasons, &sizes);
    CHECK_TEXT(text_string(&reasons), wanted);
    text_release(&reasons);
    sizes_close(&sizes);
}

int main(void) {
    TEST("sizes are in ascending order, and each strategy chooses its best") {
        check_order();
    }
    TEST("a size that is excluded, over a limit or not measured is not chosen; its cost counts") {
        check_exclusions();
    }
    TEST("another rate of cold starts needs the measurements that it weighs") {
        check_cold_rate();
    }
    TEST("the reason of a size counts what happened, and not what did not") {
        check_reasons(
            "{\"value\":128,\"count\":0,\"failed\":5,\"failedByErrorType\":{\"Runtime.OutOfMemory\":5},"
            "\"lost\":0,\"noReport\":0,\"notCold\":0}",
            NULL, "128 MB: 5 failed with Runtime.OutOfMemory");
        check_reasons("{\"value\":128,\"count\":0,\"failed\":0,\"lost\":3,\"noReport\":2,\"notCold\":1,"
                      "\"lostByReason\":{\"HTTP 502\":1,\"timeout\":2}}",
                      NULL, "128 MB: 2 without a report, 1 not cold, 3 lost: 2 timeout, 1 HTTP 502");
        check_reasons("{\"value\":128,\"count\":0,\"failed\":0,\"lost\":0}", NULL, "128 MB: no measurement");
    }
    return unit_end();
}
