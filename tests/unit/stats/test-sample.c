/* Samples, and the statistics of distributions. */
#include "stats/distribution.h"
#include "tune/duration.h"
#include "unit/unit.h"
#include "util/diagnostics.h"

#include <sys/wait.h>
#include <unistd.h>

static struct sample sample_of(const double *times, size_t count) {
    struct sample sample;
    sample_open(&sample, SAMPLE_UNIT_MICROSECOND);
    for (size_t i = 0; i < count; i++)
        sample_add(&sample, (int64_t)(times[i] * (double)DURATION_MS + 0.5));
    return sample;
}

static struct distribution distribution_of(struct sample *sample) {
    struct distribution all;
    distribution_open(&all, &sample, 1);
    return all;
}

/* Makes an empty sample one of a histogram of `count` equal times. */
static void sample_add_alike(struct sample *sample, int64_t time, uint64_t count) {
    sample_spill(sample);
    sample->buckets[sample_bucket(sample, time)] = sample->count = count;
    sample->minimum = sample->maximum = time;
    sample->sum = (sample_wide)time * count;
    sample->squares = sample->sum * (uint64_t)time;
}

static const double ten[] = {7, 3, 10, 1, 9, 5, 2, 8, 4, 6};

static int64_t parsed(const char *token) {
    int64_t time = -1;
    duration_parse(span_of(token), &time);
    return time;
}

int main(void) {
    TEST("times are read exactly to five decimals, and rounded to them, half up") {
        CHECK(parsed("0") == 0);
        CHECK(parsed("5.20") == 520000);
        CHECK(parsed("999999999.99999") == INT64_C(99999999999999));
        CHECK(parsed("999999999.999999999") == 1000000000 * DURATION_MS);
        CHECK(parsed("1e3") == 1000 * DURATION_MS);
        CHECK(parsed("0.12345") == 12345);
        CHECK(parsed("0.123454999") == 12345 && parsed("0.123455") == 12346);
        CHECK(parsed("0.1234549999999") == 12345 && parsed("0.12345500000001") == 12346);
        CHECK(parsed("0.000004999") == 0 && parsed("0.000005") == 1);
        CHECK(parsed("1.25e-5") == 1 && parsed("1.5e-5") == 2);
        CHECK(parsed("1000000000") == 1000000000 * DURATION_MS);
        CHECK(parsed("1000000001") == -1);
        CHECK(parsed("-1") == -1);
        CHECK(parsed("1e400") == -1);
        CHECK(parsed("\"5\"") == -1);
        CHECK(parsed("null") == -1);
    }
    TEST("rounding up is exact") {
        CHECK(duration_ceil_ms(5 * DURATION_MS) == 5);
        CHECK(duration_ceil_ms(5 * DURATION_MS + 1) == 6);
        CHECK(duration_ceil_ms(0) == 0);
    }
    TEST("the figures of one to ten agree with R") {
        struct sample sample = sample_of(ten, 10);
        struct distribution all = distribution_of(&sample);
        struct interval interval;
        CHECK(all.exact && all.count == 10);
        CHECK(distribution_mean(&all) == 5.5);
        CHECK_NEAR(distribution_standard_deviation(&all), 3.0276503540974917, 1e-15);
        CHECK(distribution_trimmed_mean(&all, 0.2) == 5.5);
        CHECK(distribution_percentile(&all, 500) == 5 && distribution_percentile(&all, 999) == 10);
        CHECK(distribution_mean_interval(&all, 0, &interval));
        CHECK_NEAR(interval.low, 3.334149, 1e-6);
        CHECK_NEAR(interval.high, 7.665851, 1e-6);
        CHECK(!distribution_percentile_interval(&all, 990, &interval));
        distribution_close(&all);
        sample_close(&sample);
    }
    TEST("the interval of a trimmed mean follows Yuen") {
        /* By hand: 1..10 winsorized by 0.2 is 3,3,3,4,5,6,7,8,8,8: s_w = sqrt(42.5 / 9), h = 6, t(5)
         * = 2.570582. */
        struct sample sample = sample_of(ten, 10);
        struct distribution all = distribution_of(&sample);
        struct interval interval;
        CHECK(distribution_mean_interval(&all, 0.2, &interval));
        CHECK_NEAR(interval.high - interval.low, 2 * 2.570582 * sqrt(42.5 / 9) / (0.6 * sqrt(10)), 1e-6);
        distribution_close(&all);
        sample_close(&sample);
    }
    TEST("the interval of a percentile is the narrowest one between ranks that contains it with at least 95 "
         "%") {
        /* R: qbinom(c(0.025, 0.975), n, p) + c(0, 1); 0: no interval. */
        static const struct {
            unsigned count, per_mille, low, high;
        } known[] = {{5, 500, 0, 0},     {6, 500, 1, 6},       {21, 500, 6, 16},
                     {100, 500, 40, 61}, {35, 900, 0, 0},      {36, 900, 29, 36},
                     {72, 950, 64, 72},  {110, 950, 100, 109}, {406, 990, 398, 406}};
        struct interval interval;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
            struct sample sample;
            sample_open(&sample, SAMPLE_UNIT_MICROSECOND);
            for (unsigned time = 1; time <= known[i].count; time++)
                sample_add(&sample, time * DURATION_MS);
            struct distribution all = distribution_of(&sample);
            bool given = distribution_percentile_interval(&all, known[i].per_mille, &interval);
            CHECK(given == (known[i].low > 0));
            CHECK(!given || (interval.low == known[i].low && interval.high == known[i].high));
            distribution_close(&all);
            sample_close(&sample);
        }
    }
    TEST("equal times have a deviation of zero, and times that differ little keep their small deviation") {
        struct sample sample;
        sample_open(&sample, SAMPLE_UNIT_MICROSECOND);
        for (int i = 0; i < 10; i++)
            sample_add(&sample, 9999999000);
        struct distribution all = distribution_of(&sample);
        CHECK(distribution_standard_deviation(&all) == 0);
        distribution_close(&all);
        for (int i = 0; i < 10; i++)
            sample_add(&sample, 9999999001);
        all = distribution_of(&sample);
        CHECK_NEAR(distribution_standard_deviation(&all), 5e-6 * sqrt(20.0 / 19), 1e-12);
        distribution_close(&all);
        sample_close(&sample);
    }
    TEST("Student's quantiles agree with tables") {
        CHECK_NEAR(student_t_975(1), 12.7062047, 1e-7);
        CHECK_NEAR(student_t_975(2), 4.3026527, 1e-7);
        CHECK_NEAR(student_t_975(5), 2.5705818, 1e-5);
        CHECK_NEAR(student_t_975(30), 2.0422725, 1e-6);
        CHECK_NEAR(student_t_975(1e9), 1.9599640, 1e-6);
    }
    TEST("the average is rounded up without an earlier rounding") {
        const double times[] = {1, 1, 1.00001};
        struct sample sample = sample_of(times, 3);
        struct distribution all = distribution_of(&sample);
        CHECK(distribution_trimmed_mean_ceil(&all, 0) == 2);
        CHECK(distribution_trimmed_mean_ceil(&all, 0.34) == 1);
        distribution_close(&all);
        sample_close(&sample);
    }
    TEST("times that are not whole microseconds are kept exactly") {
        const double times[] = {1.5, 0.00005, 3e9, 3};
        struct sample sample = sample_of(times, 4);
        sample_sort(&sample);
        CHECK(sample.times[0] == 5 && sample.times[2] == 3 * DURATION_MS &&
              sample.times[3] == SAMPLE_MAX_TIME);
        sample_close(&sample);
    }
    TEST("the middle of a bucket is within 0.05 % of every value in it") {
        struct sample sample;
        sample_open(&sample, SAMPLE_UNIT_MICROSECOND);
        sample_spill(&sample);
        for (int64_t time = 1; time < INT64_C(3000000000); time = time * 21 / 20 + 1) {
            memset(sample.buckets, 0, SAMPLE_BUCKETS * sizeof *sample.buckets);
            sample_add(&sample, time * SAMPLE_UNIT_MICROSECOND);
            for (size_t i = 0; i < SAMPLE_BUCKETS; i++)
                if (sample.buckets[i])
                    CHECK_NEAR((double)sample_bucket_middle(&sample, i),
                               (double)(time * SAMPLE_UNIT_MICROSECOND), 0.0005);
        }
        sample_close(&sample);
    }
    TEST("the order of additions and merges has no effect") {
        struct sample a = sample_of(ten, 6), b = sample_of(ten + 6, 4), whole = sample_of(ten, 10),
                      other = sample_of(ten + 6, 4);
        sample_merge(&a, &b);
        sample_sort(&a);
        sample_sort(&whole);
        CHECK(a.count == whole.count && a.sum == whole.sum && a.squares == whole.squares);
        CHECK(memcmp(a.times, whole.times, 10 * sizeof *a.times) == 0);
        struct sample first = sample_of(ten, 6);
        sample_spill(&first);
        sample_merge(&first, &other);
        sample_spill(&whole);
        CHECK(memcmp(first.buckets, whole.buckets, SAMPLE_BUCKETS * sizeof *whole.buckets) == 0);
        CHECK(first.minimum == whole.minimum && first.maximum == whole.maximum && first.sum == whole.sum);
        sample_close(&a);
        sample_close(&b);
        sample_close(&whole);
        sample_close(&other);
        sample_close(&first);
    }
    TEST("histograms add up, whichever is merged into the other") {
        struct sample a = sample_of(ten, 6), b = sample_of(ten + 6, 4), exact = sample_of(ten, 6),
                      whole = sample_of(ten, 10);
        struct sample *const samples[] = {&a, &b, &whole};
        for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
            sample_spill(samples[i]);
        sample_spill(&whole); /* again: nothing changes */
        sample_merge(&a, &b);
        sample_spill(&exact);
        sample_merge(&exact, &b);
        CHECK(a.count == 10 && a.sum == whole.sum && a.squares == whole.squares);
        CHECK(memcmp(a.buckets, whole.buckets, SAMPLE_BUCKETS * sizeof *whole.buckets) == 0);
        CHECK(memcmp(exact.buckets, whole.buckets, SAMPLE_BUCKETS * sizeof *whole.buckets) == 0);
        struct distribution all = distribution_of(&a);
        CHECK(!all.exact && all.count == 10);
        CHECK_NEAR(distribution_trimmed_mean(&all, 0.2), 5.5, 0.0005);
        distribution_close(&all);
        sample_close(&a);
        sample_close(&b);
        sample_close(&exact);
        sample_close(&whole);
    }
    TEST("the totals have room for 5 * 10^15 times of 15 minutes, and for 4 * 10^8 of the longest") {
        static const struct {
            int64_t time;
            uint64_t count;
        } most[] = {{15 * 60 * 1000 * DURATION_MS, 5000000000000000}, {SAMPLE_MAX_TIME, 400000000}};
        for (size_t i = 0; i < sizeof most / sizeof *most; i++) {
            struct sample whole, half;
            sample_open(&whole, SAMPLE_UNIT_MICROSECOND);
            sample_open(&half, SAMPLE_UNIT_MICROSECOND);
            sample_spill(&whole);
            sample_add_alike(&half, most[i].time / 3 * 2, most[i].count / 2);
            sample_merge(&whole, &half);
            sample_close(&half);
            sample_add_alike(&half, most[i].time, most[i].count / 2);
            sample_merge(&whole, &half);
            struct sample *const both[] = {&whole, &whole};
            struct distribution all;
            distribution_open(&all, both, 2);
            CHECK(all.count == 2 * most[i].count && all.maximum == most[i].time);
            CHECK_NEAR(distribution_mean(&all), duration_ms(most[i].time) / 6 * 5, 1e-15);
            CHECK_NEAR(distribution_standard_deviation(&all), duration_ms(most[i].time) / 6, 1e-9);
            double error;
            uint64_t degrees;
            CHECK(distribution_mean_error(&all, 0.4, &error, &degrees));
            CHECK_NEAR(error, duration_ms(most[i].time) / 6 / 0.2 / sqrt((double)all.count), 2e-3);
            distribution_close(&all);
            sample_close(&whole);
            sample_close(&half);
        }
    }
    TEST("a program ends with an error before a total is wrong") {
        fflush(stdout);
        pid_t child = fork();
        if (child == 0) {
            struct sample whole, half;
            close(STDERR_FILENO);
            sample_open(&whole, SAMPLE_UNIT_MICROSECOND);
            sample_open(&half, SAMPLE_UNIT_MICROSECOND);
            sample_spill(&whole);
            sample_add_alike(&half, SAMPLE_MAX_TIME, 400000000);
            sample_merge(&whole, &half);
            sample_merge(&whole, &half);
            _exit(0);
        }
        int status = 0;
        CHECK(waitpid(child, &status, 0) == child);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == STATUS_FAILED);
    }
    return unit_end();
}
