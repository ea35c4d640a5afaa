/* stats/difference.h: whether two averages differ by more than noise. Reference values: tables of Student's
 * t, and R's pt(). */
#include "unit/unit.h"

#include "stats/difference.h"
#include "stats/distribution.h"

static bool near(double got, double wanted, double tolerance) {
    return fabs(got - wanted) <= tolerance;
}

/* The two-sided tail of Student's t: a mean of `t` with a standard error of 1, compared with an exact 0. */
static double tail(double t, double degrees) {
    return difference_probability(&(struct estimate){t, 1, degrees}, &(struct estimate){0, 0, 1});
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
    TEST("the probability of a difference agrees with tables of Student's t") {
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            CHECK(near(tail(known[i].t, known[i].degrees), known[i].tail, 1e-7));
    }
    TEST("the probability agrees with the quantile used for intervals") {
        for (double degrees = 1; degrees < 200; degrees += 1)
            CHECK(near(tail(student_t_975(degrees), degrees), 0.05, 1e-4));
    }
}

static void test_estimate(void) {
    struct estimate estimate;
    TEST("an estimate recovers the standard error from the interval") {
        /* 20 times, 4 left out at each end: 11 degrees of freedom. */
        CHECK(difference_estimate(100, 100 + 3 * student_t_975(11), 20, 0.2, &estimate));
        CHECK(near(estimate.error, 3, 1e-12) && near(estimate.degrees, 11, 0) && near(estimate.mean, 100, 0));
    }
    TEST("too few times, or a missing interval, give no estimate") {
        CHECK(!difference_estimate(100, 110, 1, 0.2, &estimate));
        CHECK(!difference_estimate(100, 110, 5, 0.4, &estimate));
        CHECK(!difference_estimate(100, (double)NAN, 20, 0.2, &estimate));
        CHECK(!difference_estimate((double)NAN, 110, 20, 0.2, &estimate));
    }
}

static void test_probability(void) {
    struct estimate a = {100, 3, 11}, b = {100, 3, 11}, far = {130, 3, 11}, sure = {100, 0, 11},
                    other = {101, 0, 11};
    TEST("equal means do not differ, distant means do") {
        CHECK(difference_probability(&a, &b) == 1);
        CHECK(difference_probability(&a, &far) < 1e-5);
        CHECK(difference_probability(&a, &far) == difference_probability(&far, &a));
    }
    TEST("the degrees of freedom are Welch's") {
        struct estimate few = {109, 4, 3};
        /* t = 9 / 5, degrees = 625 / (81/11 + 256/3) = 6.7423 */
        CHECK(near(difference_probability(&a, &few), tail(1.8, 625.0 / (81.0 / 11 + 256.0 / 3)), 1e-12));
    }
    TEST("without noise every difference counts") {
        CHECK(difference_probability(&sure, &sure) == 1);
        CHECK(difference_probability(&sure, &other) == 0);
    }
}

static void test_judge(void) {
    bool different[4];
    TEST("Holm's procedure compares each p-value with the number of remaining ones") {
        const double some[] = {0.04, 0.01, 0.03, 0.005};
        difference_judge(some, 4, different);
        CHECK(!different[0] && different[1] && !different[2] && different[3]);
        const double all[] = {0.02, 0.001, 0.016, 0.04};
        difference_judge(all, 4, different);
        CHECK(different[0] && different[1] && different[2] && different[3]);
    }
    TEST("a single p-value is compared with 5 %, and none at all is accepted") {
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
