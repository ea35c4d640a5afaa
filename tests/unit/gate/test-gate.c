/* pt-gate: parsing conditions, reading results, and judging. */
#include "gate/condition.h"
#include "gate/judge.h"
#include "gate/measured.h"
#include "unit/unit.h"

#include "util/files.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- conditions ---- */

static void check_good_conditions(void) {
    static const struct {
        const char *words, *figure;
        enum relation relation;
        enum reference reference;
        double bound;
        bool share, memory_used;
    } known[] = {
        {"cost>+10%", "cost", MORE, BASELINE, 0.1, true, false},
        {" p95 >= 800 ms ", "p95", AT_LEAST, NO_REFERENCE, 800, false, false},
        {"p99.9<1.5s", "p99.9", LESS, NO_REFERENCE, 1500, false, false},
        {"power!=current", "power", DIFFERENT, CURRENT, 0, false, false},
        {"power==512MB", "power", EQUAL, NO_REFERENCE, 512, false, false},
        {"power=512", "power", EQUAL, NO_REFERENCE, 512, false, false},
        {"duration<=baseline-5%", "duration", AT_MOST, BASELINE, -0.05, true, false},
        {"averageDuration>baseline+50ms", "averageDuration", MORE, BASELINE, 50, false, false},
        {"duration>-1s", "duration", MORE, BASELINE, -1000, false, false},
        {"averagePrice>0.000002", "averagePrice", MORE, NO_REFERENCE, 2e-6, false, false},
        {"maxMemoryUsed>90%", "maxMemoryUsed", MORE, NO_REFERENCE, 0.9, false, true},
        {"maxMemoryUsed>current+10%", "maxMemoryUsed", MORE, CURRENT, 0.1, true, false},
        {"maxMemoryUsed>100MB", "maxMemoryUsed", MORE, NO_REFERENCE, 100, false, false},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct condition condition;
        struct text problem = TEXT_INIT;
        bool good = condition_parse(&condition, known[i].words, &problem);
        CHECK_TEXT(text_string(&problem), "");
        if (good && (strcmp(condition.figure->name, known[i].figure) != 0 ||
                     condition.relation != known[i].relation || condition.reference != known[i].reference ||
                     condition.share != known[i].share || condition.memory_used != known[i].memory_used))
            unit_fail(__FILE__, __LINE__, known[i].words);
        if (good) {
            CHECK_NEAR(condition.bound, known[i].bound, 1e-12);
            CHECK_TEXT(condition.words, known[i].words);
            condition_release(&condition);
        }
        text_release(&problem);
    }
}

static void check_bad_conditions(void) {
#define FIGURES                                                                                              \
    " is not power, cost, costPerMillion, duration, min, p50, p90, p95, p99, p99.9, max or maxMemoryUsed"
    static const struct {
        const char *words, *problem;
    } known[] = {
        {"", "''" FIGURES},
        {"price>1", "'price'" FIGURES},
        {"p9>1ms", "'p9'" FIGURES},
        {"cost", "expected >, >=, <, <=, = or != after the figure"},
        {"cost 5", "expected >, >=, <, <=, = or != after the figure"},
        {"cost>", "'' does not begin with a number, current or baseline"},
        {"cost>x", "'x' does not begin with a number, current or baseline"},
        {"cost>1e99", "'1e99' does not begin with a number, current or baseline"},
        {"cost>current5%", "'5%': expected + or - after current or baseline"},
        {"cost>+x", "'x' does not begin with a number, current or baseline"},
        {"cost>10%", "cost takes no unit"},
        {"cost>+1ms", "cost takes no unit, or %"},
        {"p95>800", "p95 takes the unit ms or s"},
        {"p95>800MB", "p95 takes the unit ms or s"},
        {"power>1s", "power takes the unit MB or none"},
        {"maxMemoryUsed>90", "maxMemoryUsed takes the unit % or MB"},
        {"p95>800ms please", "p95 takes the unit ms or s"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct condition condition;
        struct text problem = TEXT_INIT;
        CHECK(!condition_parse(&condition, known[i].words, &problem));
        CHECK_TEXT(text_string(&problem), known[i].problem);
        text_release(&problem);
    }
}

static void check_relations(void) {
    /* Whether it holds of less than, just, and more than the bound. */
    static const struct {
        enum relation relation;
        bool less, equal, more;
    } known[] = {{MORE, false, false, true},   {AT_LEAST, false, true, true}, {LESS, true, false, false},
                 {AT_MOST, true, true, false}, {EQUAL, false, true, false},   {DIFFERENT, true, false, true}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct condition condition = {.relation = known[i].relation};
        CHECK(condition_relates(&condition, 1, 2) == known[i].less);
        CHECK(condition_relates(&condition, 2, 2) == known[i].equal);
        CHECK(condition_relates(&condition, 3, 2) == known[i].more);
    }
}

/* ---- what was measured ---- */

/* A stat of a size: the averages with an error of so large a share, and a p95 with its interval of 10 ms. */
static void append_stat(struct text *out, int memory_mb, double duration, double cost, double share) {
    text_append_format(
        out,
        "{\"type\":\"stat\",\"value\":%d,\"averageDuration\":%g,\"averagePrice\":%g,"
        "\"totalCost\":%g,\"count\":20,\"maxMemoryUsedMB\":300,\"durationMs\":{\"trimmedMean\":%g,"
        "\"trimmedMeanError\":%g,\"degreesOfFreedom\":11,\"p95\":%g,\"p95Interval\":[%g,%g]},"
        "\"billedDurationMs\":{\"trimmedMean\":%g,\"trimmedMeanError\":%g,\"degreesOfFreedom\":11}}\n",
        memory_mb, duration, cost, cost * 20, duration, duration * share, duration + 20, duration + 10,
        duration + 30, duration, duration * share);
}

static void append_result(struct text *out, int memory_mb, double duration, double cost) {
    text_append_format(out,
                       "{\"power\":%d,\"cost\":%g,\"duration\":%g,\"stateMachine\":{\"executionCost\":0,"
                       "\"lambdaCost\":1,\"visualization\":\"x\"}}\n",
                       memory_mb, cost, duration);
}

/* Writes `content` to a file and reads it. */
static struct measurements read_content(const struct text *content) {
    char path[] = "/tmp/test-gate-XXXXXX";
    struct measurements measurements = {0};
    int fd = mkstemp(path);
    CHECK(fd >= 0 && write_all(fd, content->bytes, content->length));
    close(fd);
    CHECK(measurements_read(&measurements, path));
    unlink(path);
    return measurements;
}

/* A run at 512 MB, which was chosen, and at 1024 MB, the current size. `share` is the relative noise. */
static struct measurements read_run(double duration, double cost, double share) {
    struct text content = TEXT_INIT;
    text_append_string(&content, "{\"type\":\"plan\",\"memorySizeMB\":1024,\"strategy\":\"speed\"}\n");
    append_stat(&content, 512, duration, cost, share);
    append_stat(&content, 1024, 50, 4e-6, share);
    append_result(&content, 512, duration, cost);
    struct measurements measurements = read_content(&content);
    text_release(&content);
    return measurements;
}

static void check_reading(void) {
    struct measurements run = read_run(100, 2e-6, 0.01);
    CHECK(run.count == 1 && run.present_memory_mb == 1024);
    CHECK(run.list[0].memory_mb == 512 && run.list[0].duration == 100 && run.list[0].cost == 2e-6);
    CHECK(run.list[0].sizes.count == 2 && measured_size(&run.list[0], 1024)->stat.average_duration == 50);
    CHECK(!measured_size(&run.list[0], 256));
    CHECK(measurements_find(&run, NULL) == &run.list[0] && measurements_find(&run, "\"f\"") == &run.list[0]);
    measurements_close(&run);
    CHECK(run.count == 0 && !run.list);
}

static void check_functions(void) {
    struct text content = TEXT_INIT;
    static const char line[] =
        "{\"functionName\":\"%s\",\"power\":%d,\"cost\":1e-6,\"duration\":9,\"stateMachine\":"
        "{\"executionCost\":0,\"lambdaCost\":1,\"visualization\":\"x\"},\"stats\":[{\"value\":"
        "%d,\"averageDuration\":9,\"averagePrice\":1e-6,\"totalCost\":1,\"count\":3}]}\n";
    text_append_format(&content, line, "a", 128, 128);
    text_append_format(&content, line, "b", 256, 256);
    struct measurements both = read_content(&content);
    CHECK(both.count == 2 && measurements_find(&both, "\"b\"") == &both.list[1]);
    CHECK(measurements_find(&both, "\"b\"")->memory_mb == 256 && measured_size(&both.list[1], 256));
    CHECK(!measurements_find(&both, "\"c\"") && !measurements_find(&both, NULL));
    measurements_close(&both);
    text_release(&content);
}

static void check_unreadable(void) {
    static const char *const bad[] = {
        "", "{\"type\":\"plan\"}\n",
        "{\"power\":1,\"cost\":1,\"duration\":1,\"stateMachine\":{},\"stats\":[1]}\n"};
    int messages = dup(STDERR_FILENO), nowhere = open("/dev/null", O_WRONLY);
    CHECK(messages >= 0 && nowhere >= 0 && dup2(nowhere, STDERR_FILENO) >= 0);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char path[] = "/tmp/test-gate-XXXXXX";
        struct measurements measurements = {0};
        int fd = mkstemp(path);
        CHECK(fd >= 0 && write_all(fd, bad[i], strlen(bad[i])));
        close(fd);
        CHECK(!measurements_read(&measurements, path));
        measurements_close(&measurements);
        unlink(path);
    }
    struct measurements none = {0};
    CHECK(!measurements_read(&none, "/proc/none"));
    measurements_close(&none);
    dup2(messages, STDERR_FILENO);
    close(messages);
    close(nowhere);
}

/* ---- verdicts ---- */

static void check_verdict(int line, const struct judged *judged, const char *words, enum verdict verdict,
                          const char *said) {
    struct condition condition;
    struct text problem = TEXT_INIT, out = TEXT_INIT;
    if (!condition_parse(&condition, words, &problem)) {
        unit_fail(__FILE__, line, text_string(&problem));
    } else {
        if (condition_judge(&condition, judged, &out) != verdict)
            unit_fail(__FILE__, line, words);
        unit_check_text(__FILE__, line, text_string(&out), said);
        condition_release(&condition);
    }
    text_release(&problem);
    text_release(&out);
}
#define CHECK_VERDICT(...) check_verdict(__LINE__, __VA_ARGS__)

static void check_verdicts_alone(void) {
    struct measurements run = read_run(100, 2e-6, 0.01);
    struct judged judged = {&run.list[0], NULL, 1024};
    CHECK_VERDICT(&judged, "duration>80ms", VERDICT_FAILED,
                  "duration is 100.00 ms at 512 MB, 20.00 ms (25.0 %) above the bound of 80.00 ms");
    CHECK_VERDICT(&judged, "duration>99ms", VERDICT_NOISE,
                  "duration is 100.00 ms at 512 MB, 1.00 ms (1.0 %) above the bound of 99.00 ms");
    CHECK_VERDICT(&judged, "duration>120ms", VERDICT_PASSED,
                  "duration is 100.00 ms at 512 MB, 20.00 ms (16.7 %) below the bound of 120.00 ms");
    CHECK_VERDICT(&judged, "duration>100ms", VERDICT_PASSED,
                  "duration is 100.00 ms at 512 MB, the bound is 100.00 ms");
    /* p95 is 120 ms with an interval from 110 to 130. */
    CHECK_VERDICT(&judged, "p95>105ms", VERDICT_FAILED,
                  "p95 is 120.00 ms at 512 MB, 15.00 ms (14.3 %) above the bound of 105.00 ms");
    CHECK_VERDICT(&judged, "p95>111ms", VERDICT_NOISE,
                  "p95 is 120.00 ms at 512 MB, 9.00 ms (8.1 %) above the bound of 111.00 ms");
    CHECK_VERDICT(&judged, "maxMemoryUsed>50%", VERDICT_FAILED,
                  "maxMemoryUsed is 300 MB at 512 MB, 44 MB (17.2 %) above the bound of 256 MB");
    CHECK_VERDICT(&judged, "power!=current", VERDICT_FAILED,
                  "power is 512 MB, currently 1024 MB (cost 50.0 % less, duration 100.0 % more)");
    CHECK_VERDICT(&judged, "cost>current", VERDICT_PASSED,
                  "cost is 2 per million at 512 MB, 50.0 % less than the 4 per million of the current size");
    CHECK_VERDICT(&judged, "p99>1s", VERDICT_UNKNOWN, "no p99 for 512 MB");
    judged.present_memory_mb = 256;
    CHECK_VERDICT(&judged, "cost>current", VERDICT_UNKNOWN, "the run has no cost for 256 MB");
    measurements_close(&run);
}

static void check_verdicts_against_baseline(void) {
    struct measurements before = read_run(100, 2e-6, 0.01), after = read_run(120, 2.4e-6, 0.01),
                        hardly = read_run(101, 2.02e-6, 0.01);
    struct judged worse = {&after.list[0], &before.list[0], 1024},
                  same = {&hardly.list[0], &before.list[0], 1024};
    CHECK_VERDICT(&worse, "cost>+10%", VERDICT_FAILED,
                  "cost is 2.4 per million at 512 MB, 20.0 % more than the 2 per million of the baseline, "
                  "0.2 per million (9.1 %) above the "
                  "bound of 2.2 per million");
    CHECK_VERDICT(&worse, "duration>baseline", VERDICT_FAILED,
                  "duration is 120.00 ms at 512 MB, 20.0 % more than the 100.00 ms of the baseline");
    CHECK_VERDICT(&same, "cost>baseline", VERDICT_NOISE,
                  "cost is 2.02 per million at 512 MB, 1.0 % more than the 2 per million of the baseline");
    CHECK_VERDICT(&worse, "power!=baseline", VERDICT_PASSED,
                  "power is 512 MB, in the baseline 512 MB (cost 20.0 % more, duration 20.0 % more)");
    struct text words = TEXT_INIT;
    judged_append_changes(&worse, &words);
    judged_append_changes(&same, &words);
    CHECK_TEXT(text_string(&words),
               "Compared with the baseline, both at 512 MB: cost 2 per million → 2.4 per million, 20.0 % "
               "more (more than noise); duration "
               "100.00 ms → 120.00 ms, 20.0 % more (more than noise).\n"
               "Compared with the baseline, both at 512 MB: cost 2 per million → 2.02 per million, 1.0 % "
               "more (within noise); duration "
               "100.00 ms → 101.00 ms, 1.0 % more (within noise).\n");
    text_release(&words);
    measurements_close(&before);
    measurements_close(&after);
    measurements_close(&hardly);
}

/* The baseline is a result without stats, so it is assumed to have the noise of this run. */
static void check_baseline_without_noise(void) {
    struct text content = TEXT_INIT;
    append_result(&content, 512, 100, 2e-6);
    struct measurements before = read_content(&content), hardly = read_run(101, 2.02e-6, 0.01),
                        exact = read_run(101, 2.02e-6, 0);
    struct judged judged = {&hardly.list[0], &before.list[0], 1024},
                  precise = {&exact.list[0], &before.list[0], 1024};
    CHECK_VERDICT(&judged, "cost>baseline", VERDICT_NOISE,
                  "cost is 2.02 per million at 512 MB, 1.0 % more than the 2 per million of the baseline");
    CHECK_VERDICT(&precise, "cost>baseline", VERDICT_FAILED,
                  "cost is 2.02 per million at 512 MB, 1.0 % more than the 2 per million of the baseline");
    CHECK_VERDICT(&judged, "maxMemoryUsed>baseline", VERDICT_UNKNOWN,
                  "the baseline has no maxMemoryUsed for 512 MB");
    measurements_close(&before);
    measurements_close(&hardly);
    measurements_close(&exact);
    text_release(&content);
}

int main(void) {
    TEST("a condition is parsed into figure, relation, reference, bound and unit") {
        check_good_conditions();
    }
    TEST("an invalid condition is refused with the reason") {
        check_bad_conditions();
    }
    TEST("each relation compares value and bound") {
        check_relations();
    }
    TEST("a result is read with the stats and the plan before it") {
        check_reading();
    }
    TEST("results of several functions are found by name, with the stats inside them") {
        check_functions();
    }
    TEST("input without a result or with an invalid one is refused") {
        check_unreadable();
    }
    TEST("a value is above its bound, below it, or above it within noise") {
        check_verdicts_alone();
    }
    TEST("a value is judged against the baseline, and the changes are described") {
        check_verdicts_against_baseline();
    }
    TEST("a baseline without noise is assumed to have the noise of the run") {
        check_baseline_without_noise();
    }
    return unit_end();
}
