/* The maximum cost of a run. The price is 1 for a GB-second, so that a second at 1024 MB costs 1. */
#include "invoke/budget.h"
#include "unit/unit.h"

#include "util/base64.h"

enum { TIME_LIMIT_MS = 5000 };

static struct budget budget_of(double limit) {
    return (struct budget){
        .limit = limit, .time_limit = TIME_LIMIT_MS, .price = {.gb_second = 1, .currency = "USD"}};
}

/* Ends an invocation of the request "id", with a report of the request `whose` and this billed duration. */
static void end_one(struct budget *budget, struct branch *branch, const char *whose, int billed_ms,
                    double client_ms) {
    struct text log = TEXT_INIT, tail = TEXT_INIT;
    text_append_format(&log,
                       "REPORT RequestId: %s\tDuration: %d.00 ms\tBilled Duration: %d ms\tMemory Size: "
                       "%lld MB\tMax Memory Used: 10 MB\t\n",
                       whose, billed_ms, billed_ms, branch->memory_mb);
    base64_encode(log.bytes, log.length, &tail);
    budget_note(budget, branch, text_string(&tail), "id", client_ms);
    text_release(&log);
    text_release(&tail);
}

static void check_free_beginnings(void) {
    struct branch under_way[2] = {{.memory_mb = 1024}, {.memory_mb = 512}};
    struct branches branches = {.branches = under_way, .count = 2};
    /* Each can take 5 s and an init of 10 s: it costs 15 at 1024 MB, 7.5 at 512 MB. */
    struct budget budget = budget_of(45);
    CHECK(budget_allows(&budget, &branches, &under_way[0]));
    under_way[0].in_flight = 2;
    CHECK(budget_allows(&budget, &branches, &under_way[0]));
    under_way[1].in_flight = 1;
    CHECK(!budget_allows(&budget, &branches, &under_way[0]));
    CHECK(budget_allows(&budget, &branches, &under_way[1]));
    under_way[1].in_flight = 2;
    CHECK(!budget_allows(&budget, &branches, &under_way[1]));
    budget.spent = 15;
    under_way[0].in_flight = 1;
    under_way[1].in_flight = 0;
    CHECK(budget_allows(&budget, &branches, &under_way[0]));
    budget.spent = 15.1;
    CHECK(!budget_allows(&budget, &branches, &under_way[0]));
    /* Also alone, and however cheap the earlier ones were. */
    end_one(&budget, &under_way[0], "id", 1, 1);
    budget.spent = 30.1;
    under_way[0].in_flight = 0;
    CHECK(!budget_allows(&budget, &branches, &under_way[0]));
    CHECK(budget_allows(&budget, &branches, &under_way[1]));
}

static void check_one_at_a_time(void) {
    struct branch under_way[2] = {{.memory_mb = 1024}, {.memory_mb = 512}};
    struct branches branches = {.branches = under_way, .count = 2};
    struct budget budget = budget_of(2.5);
    CHECK(budget_allows(&budget, &branches, &under_way[0]));
    under_way[0].in_flight = 1;
    CHECK(!budget_allows(&budget, &branches, &under_way[0]));
    under_way[0].in_flight = 0;
    end_one(&budget, &under_way[0], "id", 1000, 1);
    CHECK_NEAR(budget.spent, 1, 1e-12);
    /* 1.5 times the most expensive of its size fits exactly; for another size, 2 times the most expensive
     * does not. */
    CHECK(budget_allows(&budget, &branches, &under_way[0]));
    CHECK(!budget_allows(&budget, &branches, &under_way[1]));
    budget.limit = 3;
    CHECK(budget_allows(&budget, &branches, &under_way[1]));
    budget.limit = 2.49;
    CHECK(!budget_allows(&budget, &branches, &under_way[0]));
}

static void check_highest_cost(void) {
    struct budget budget = budget_of(1000);
    struct branch large = {.memory_mb = 1024}, small = {.memory_mb = 512};
    end_one(&budget, &large, "id", 400, 1);
    end_one(&budget, &large, "id", 1000, 1);
    end_one(&budget, &large, "id", 600, 1);
    end_one(&budget, &small, "id", 1000, 1);
    CHECK_NEAR(budget.spent, 2.5, 1e-12);
    CHECK_NEAR(budget.highest_cost, 1, 1e-12);
    CHECK_NEAR(large.highest_cost, 1, 1e-12);
    CHECK_NEAR(small.highest_cost, 0.5, 1e-12);
}

static void check_without_report(void) {
    struct branch branch = {.memory_mb = 1024};
    struct budget budget = budget_of(1000);
    budget_note(&budget, &branch, NULL, NULL, 2000);
    CHECK_NEAR(budget.spent, 2, 1e-12);
    /* A short one counts as 1.5 times the most expensive so far. */
    budget_note(&budget, &branch, "", "id", 1);
    CHECK_NEAR(budget.spent, 5, 1e-12);
    end_one(&budget, &branch, "another", 1, 9000);
    CHECK_NEAR(budget.spent, 14, 1e-12);
}

static void check_earlier(void) {
    struct branch branch = {.memory_mb = 1024};
    struct budget budget = budget_of(1000);
    struct text log = TEXT_INIT, record = TEXT_INIT;
    static const char report[] = "REPORT RequestId: id\tDuration: 10.00 ms\tBilled Duration: 500 ms\tMemory "
                                 "Size: 1024 MB\tMax Memory Used: 10 MB\t\n";
    base64_encode(report, strlen(report), &log);
    text_append_format(
        &record,
        "{\"type\":\"invocation\",\"power\":1024,\"index\":3,\"requestId\":\"id\",\"statusCode\":200,"
        "\"executedVersion\":\"1\",\"logResult\":\"%s\",\"clientDurationMs\":7000}",
        text_string(&log));
    budget_note_record(&budget, &branch, (struct span){record.bytes, record.length});
    CHECK_NEAR(budget.spent, 0.5, 1e-12);
    budget_note_record(&budget, &branch, span_of("{\"type\":\"failure\",\"power\":1024,\"kind\":\"lost\"}"));
    CHECK_NEAR(budget.spent, 0.5 + 0.75, 1e-12);
    text_release(&log);
    text_release(&record);
}

static void check_requests(void) {
    struct branches none = {0};
    struct branch branch = {.memory_mb = 1024};
    struct budget budget = budget_of(0.05);
    budget.price.request = 0.1;
    CHECK(!budget_allows(&budget, &none, &branch));
    budget.limit = 0.2;
    CHECK(budget_allows(&budget, &none, &branch));
    end_one(&budget, &branch, "id", 1, 1);
    CHECK_NEAR(budget.spent, 0.101, 1e-12);
}

int main(void) {
    TEST("without a limit every invocation starts and no cost is counted") {
        struct branch under_way[1] = {{.memory_mb = 1024, .in_flight = 1000000}};
        struct branches branches = {.branches = under_way, .count = 1};
        struct budget budget = budget_of(0);
        end_one(&budget, &under_way[0], "id", 1000, 1000);
        CHECK(budget.spent == 0 && under_way[0].highest_cost == 0);
        CHECK(budget_allows(&budget, &branches, &(struct branch){.memory_mb = 10240}));
    }
    TEST("invocations start while all of them could run to their time limit within the limit") {
        check_free_beginnings();
    }
    TEST("when not even one could, they are made one at a time, by the cost of the most expensive") {
        check_one_at_a_time();
    }
    TEST("the most expensive cost of each size and of all is kept") {
        check_highest_cost();
    }
    TEST("an invocation without a report counts with its expected cost or the client's time") {
        check_without_report();
    }
    TEST("invocations of an earlier process count") {
        check_earlier();
    }
    TEST("the price of requests counts") {
        check_requests();
    }
    return unit_end();
}
