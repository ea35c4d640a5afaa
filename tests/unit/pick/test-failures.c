/* Failures: how often they exclude a size. */
#include "pick/failures.h"
#include "unit/unit.h"

static bool excluded(double failed, double total, double allowed) {
    const struct failures failures = {.failed = failed, .total = total};
    return failures_exclude(&failures, allowed);
}

/* The failures at 128 MB of a stat record with these members. */
static struct failures failures_in(const char *members) {
    struct memory_sizes sizes = {0};
    struct text stat = TEXT_INIT, problem = TEXT_INIT;
    text_append_format(&stat, "{\"value\":128,\"averageDuration\":1,\"averagePrice\":1,\"count\":9%s}",
                       members);
    CHECK(sizes_add_stat(&sizes, span_of(text_string(&stat)), &problem));
    struct failures failures = failures_of(&sizes.list[0]);
    sizes_close(&sizes);
    text_release(&stat);
    text_release(&problem);
    return failures;
}

int main(void) {
    TEST("failures are judged by the lower end of their interval") {
        CHECK(!excluded(0, 10, 0) && excluded(1, 1000000, 0));
        CHECK(!excluded(1, 10, 0.01) && excluded(2, 10, 0.01));
        /* The binomial tail P(X >= x; 1000, 0.01), summed in whole numbers: 0.0824 for 15, 0.0479 for 16. */
        CHECK(!excluded(15, 1000, 0.01) && excluded(16, 1000, 0.01));
        CHECK(!excluded(10, 10, 1));
    }
    TEST("running out of memory once excludes a size whatever is allowed") {
        const struct failures failures = {.failed = 1, .out_of_memory = 1, .total = 1000000};
        CHECK(failures_exclude(&failures, 1));
    }
    TEST("the error type or the status gives the cause") {
        struct failures failures = failures_in(
            ",\"failed\":9,\"failedByErrorType\":{\"Runtime.OutOfMemory\":1,\"MemoryError\":2,\"timeout\":3,"
            "\"Sandbox.Timedout\":1,\"E\":2}");
        CHECK(failures.out_of_memory == 3 && failures.timed_out == 4);
        CHECK(failures.failed == 9 && failures.total == 18);
        failures = failures_in(",\"lost\":5,\"noReport\":1");
        CHECK(failures.failed == 0 && failures.total == 9 && !failures_exclude(&failures, 0));
    }
    return unit_end();
}
