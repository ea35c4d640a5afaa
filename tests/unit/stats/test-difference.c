/* report/difference: whether two averages differ by more than their noise. Reference values: tables of
 * Student's t, and R's pt(). */
#include "unit/unit.h"

#include "stats/difference.h"
#include "stats/distribution.h"

static bool near(double got, double wanted, double tolerance) {
    return fabs(got - wanted) <= tolerance;
}

static void test_tail(void) {
    static const struct {
        double t, degrees, tail;
    } known[] = {{0, 5, 1},
                 {12.706204736, 1, 0.05},
                 {4.30265273, 2, 0.05},
                 {2.228138852, 10, 0.05},
                 {3.169272673, 10, 0.01},
                 {2.576, 1e6, 0.00999516},
                 {1, 1, 0.5},
                 {31.82051595, 1, 0.02},
                 {2.085963447, 20, 0.05}};
    TEST("the tail of Student's t is that of the tables") {
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            CHECK(near(difference_student_tail(known[i].t, known[i].degrees), known[i].tail, 1e-7));
    }
    TEST("it agrees with the quantile that the intervals are made with") {
        for (double degrees = 1; degrees < 200; degrees += 1)
            CHECK(near(difference_student_tail(student_t_975(degrees), degrees), 0.05, 1e-4));
    }
}

static void test_estimate(void) {
    struct estimate estimate;
    TEST("an estimate undoes the interval") {
        /* 20 times, 4 left out at each end: 11 degrees of freedom. */
        CHECK(difference_estimate(100, 100 + 3 * student_t_975(11), 20, 0.2, &estimate));
        CHECK(near(estimate.error, 3, 1e-12) && near(estimate.degrees, 11, 0) && near(estimate.mean, 100, 0));
    }
    TEST("too few times, or no interval, give none") {
        CHECK(!difference_estimate(100, 110, 1, 0.2, &estimate));
        CHECK(!difference_estimate(100, 110, 5, 0.4, &estimate));
        CHECK(!difference_estimate(100, (double)NAN, 20, 0.2, &estimate));
        CHECK(!difference_estimate((double)NAN, 110, 20, 0.2, &estimate));
    }
}

static void test_probability(void) {
    struct estimate a = {100, 3, 11}, b = {100, 3, 11}, far = {130, 3, 11}, sure = {100, 0, 11},
                    other = {101, 0, 11};
    TEST("two that are the same never differ, and two far apart do") {
        CHECK(difference_probability(&a, &b) == 1);
        CHECK(difference_probability(&a, &far) < 1e-5);
        CHECK(difference_probability(&a, &far) == difference_probability(&far, &a));
    }
    TEST("the degrees of freedom are Welch's") {
        struct estimate few = {109, 4, 3};
        /* t = 9 / 5, degrees = 625 / (81/11 + 256/3) = 6.7423 */
        CHECK(near(difference_probability(&a, &few),
                   difference_student_tail(1.8, 625.0 / (81.0 / 11 + 256.0 / 3)), 1e-12));
    }
    TEST("without any noise every difference is one") {
        CHECK(difference_probability(&sure, &sure) == 1);
        CHECK(difference_probability(&sure, &other) == 0);
    }
}

static void test_judge(void) {
    bool different[4];
    TEST("Holm's procedure: each is held against those that are left") {
        const double some[] = {0.04, 0.01, 0.03, 0.005};
        difference_judge(some, 4, different);
        CHECK(!different[0] && different[1] && !different[2] && different[3]);
        const double all[] = {0.02, 0.001, 0.016, 0.04};
        difference_judge(all, 4, different);
        CHECK(different[0] && different[1] && different[2] && different[3]);
    }
    TEST("one alone is held against 5 %, and none is no trouble") {
        const double one[] = {0.05};
        difference_judge(one, 1, different);
        CHECK(different[0]);
        difference_judge(one, 0, different);
    }
}

int main(void) {
    test_tail();
    test_estimate();
    test_probability();
    test_judge();
    return unit_end();
}
