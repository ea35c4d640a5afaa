/* Limits: how they are written, and which sizes they take out of the choice. */
#include "pick/limit.h"
#include "unit/unit.h"

/* Adds 256 MB with p95 900 ms and 128 MB used, and 1024 MB with p95 700 ms and 600 MB used. */
static struct memory_sizes two_sizes(void) {
    struct memory_sizes sizes = {0};
    struct text problem = TEXT_INIT;
    CHECK(sizes_add_stat(&sizes,
                         span_of("{\"value\":256,\"averageDuration\":500,\"averagePrice\":0.000002,"
                                 "\"totalCost\":1,\"count\":9,\"durationMs\":{\"p95\":900},"
                                 "\"maxMemoryUsedMB\":128}"),
                         &problem));
    CHECK(sizes_add_stat(&sizes,
                         span_of("{\"value\":1024,\"averageDuration\":400,\"averagePrice\":0.000004,"
                                 "\"totalCost\":1,\"count\":9,\"durationMs\":{\"p95\":700},"
                                 "\"maxMemoryUsedMB\":600}"),
                         &problem));
    text_release(&problem);
    return sizes;
}

/* `broken`: what the limit says about both sizes, "" for one that satisfies it. */
static void check_limit(const char *words, const char *small, const char *large, const char *closest) {
    struct memory_sizes sizes = two_sizes();
    struct limits limits = {0};
    struct text problem = TEXT_INIT, nearest = TEXT_INIT;
    CHECK(limits_add(&limits, words, &problem));
    CHECK_TEXT(text_string(&problem), "");
    CHECK(limits_apply(&limits, &sizes) == (size_t)(!*small + !*large));
    CHECK_TEXT(sizes.list[0].broken ? sizes.list[0].broken : "", small);
    CHECK_TEXT(sizes.list[1].broken ? sizes.list[1].broken : "", large);
    if (closest)
        limits_closest(&limits, &sizes, &nearest);
    CHECK_TEXT(text_string(&nearest), closest ? closest : "");
    text_release(&problem);
    text_release(&nearest);
    limits_close(&limits);
    sizes_close(&sizes);
}

static void check_bad(const char *words, const char *wanted) {
    struct limits limits = {0};
    struct text problem = TEXT_INIT;
    CHECK(!limits_add(&limits, words, &problem) && limits.count == 0);
    CHECK_TEXT(text_string(&problem), wanted);
    text_release(&problem);
    limits_close(&limits);
}

static void check_json(const char *value, size_t count, const char *wanted) {
    struct limits limits = {0};
    struct text problem = TEXT_INIT;
    CHECK(limits_add_json(&limits, span_of(value), &problem) == !*wanted &&
          (*wanted || limits.count == count));
    CHECK_TEXT(text_string(&problem), wanted);
    text_release(&problem);
    limits_close(&limits);
}

int main(void) {
    TEST("a size on the bound satisfies <=, and not <") {
        check_limit("p95<=700ms", "p95<=700ms: 900 ms", "", NULL);
        check_limit("p95<700ms", "p95<700ms: 900 ms", "p95<700ms: 700 ms", "1024 MB (p95<700ms: 700 ms)");
        check_limit("averageDuration <= 0.4 s", "averageDuration <= 0.4 s: 0.5 s", "", NULL);
    }
    TEST("memory is limited in MB or in a share of the size, and the cost in the currency") {
        check_limit("maxMemoryUsed<=50%", "", "maxMemoryUsed<=50%: 58.5938 %", NULL);
        check_limit("maxMemoryUsed<128MB", "maxMemoryUsed<128MB: 128 MB", "maxMemoryUsed<128MB: 600 MB",
                    "256 MB (maxMemoryUsed<128MB: 128 MB)");
        check_limit("cost<=0.000002", "", "cost<=0.000002: 4 per million (limit: 2)", NULL);
        check_limit("costPerMillion<=2", "", "costPerMillion<=2: 4 per million (limit: 2)", NULL);
        check_limit("costPerMillion<2", "costPerMillion<2: 2 per million (limit: 2)",
                    "costPerMillion<2: 4 per million (limit: 2)",
                    "256 MB (costPerMillion<2: 2 per million (limit: 2))");
    }
    TEST("a size without the figure does not satisfy the limit") {
        check_limit("p99<=1s", "p99<=1s: unknown", "p99<=1s: unknown", NULL);
    }
    TEST("what is not a limit is refused with the reason") {
        check_bad("p95", "expected < or <= after the figure");
        check_bad("p95<=", "'' does not begin with a number");
        check_bad("p95<=800", "p95 takes the unit ms or s");
        check_json("\"p95<=800ms\"", 1, "");
        check_json("[\"p95<=800ms\",\"cost<1\"]", 2, "");
        check_json("7", 0, "a number is not a string");
    }
    return unit_end();
}
