/* The choice of a size, the price, and the link to the visualization. */
#include "model/strategy.h"
#include "pick/run-records.h"
#include "pick/visualization.h"
#include "tune/price.h"
#include "unit/unit.h"

static const struct candidate three[] = {{0.001, 400}, {0.0012, 190}, {0.003, 100}};

int main(void) {
    TEST("each strategy selects its own best size") {
        CHECK(strategy_choose(three, 3, STRATEGY_COST, 0.5) == 0);
        CHECK(strategy_choose(three, 3, STRATEGY_SPEED, 0.5) == 2);
        CHECK(strategy_choose(three, 3, STRATEGY_BALANCED, 0.5) == 1);
    }
    TEST("the weight is clamped to 0..1") {
        CHECK(strategy_choose(three, 3, STRATEGY_BALANCED, 7) == 0);
        CHECK(strategy_choose(three, 3, STRATEGY_BALANCED, -7) == 2);
    }
    TEST("of equal candidates the first is selected") {
        const struct candidate same[] = {{1, 1}, {1, 1}}, free_of_cost[] = {{0, 0}, {0, 0}};
        for (int strategy = STRATEGY_COST; strategy <= STRATEGY_BALANCED; strategy++) {
            CHECK(strategy_choose(same, 2, (enum strategy)strategy, 0.5) == 0);
            CHECK(strategy_choose(free_of_cost, 2, (enum strategy)strategy, 0.5) == 0);
        }
    }
    TEST("the option decides the strategy, else the plan, else cost") {
        struct span plan = span_of("{\"strategy\":\"speed\"}");
        CHECK(plan_strategy(plan, -1) == STRATEGY_SPEED);
        CHECK(plan_strategy(plan, STRATEGY_BALANCED) == STRATEGY_BALANCED);
        CHECK(plan_strategy(span_of("{\"strategy\":\"balanced\"}"), -1) == STRATEGY_BALANCED);
        CHECK(plan_strategy(span_of("{\"strategy\":\"best\"}"), -1) == STRATEGY_COST);
        CHECK(plan_strategy((struct span){NULL, 0}, -1) == STRATEGY_COST);
    }
    TEST("a price comes from the region, else from the default") {
        struct price_table table = {
            .object = span_of("{\"default\":{\"currency\":\"USD\",\"x86_64\":{\"gbSecond\":1,\"request\":2},"
                              "\"arm64\":{\"gbSecond\":3}},"
                              "\"regions\":{\"cn\":{\"currency\":\"CNY\",\"x86_64\":{\"gbSecond\":5}}}}")};
        struct price price;
        CHECK(price_find(&table, "", "x86_64", &price) && !price.assumed && price.gb_second == 1 &&
              price.request == 2);
        CHECK(price_find(&table, "cn", "x86_64", &price) && !price.assumed && price.gb_second == 5);
        CHECK_TEXT(price.currency, "CNY");
        CHECK(price_find(&table, "cn", "arm64", &price) && price.assumed && price.gb_second == 3);
        CHECK_TEXT(price.currency, "USD");
        CHECK(price_find(&table, "eu", "x86_64", &price) && price.assumed && price.gb_second == 1);
    }
    TEST("the same product of memory and time costs exactly the same") {
        const struct price price = {.gb_second = 1.66667e-05};
        CHECK(price_of(&price, 128.0 * 480) == price_of(&price, 512.0 * 120));
        CHECK_NEAR(price_of(&price, 1024.0 * 1000), 1.66667e-05, 1e-15);
    }
    TEST("the link equals the original's, byte for byte") {
        const double memory_sizes[] = {128, 256, 512}, durations[] = {480, 240, 120},
                     costs[] = {1.008e-06, 1.008e-06, 1.008e-06};
        struct text url = TEXT_INIT;
        visualization_append(&url, VISUALIZATION_URL, memory_sizes, durations, costs, 3);
        CHECK_TEXT(text_string(&url),
                   "https://lambda-power-tuning.show/#gAAAAQAC;AADwQwAAcEMAAPBC;nkqHNZ5KhzWeSoc1");
        text_release(&url);
    }
    return unit_end();
}
