/* The unit tests' harness: TAP on standard output, one line a test.
 *
 *     TEST("a sentence of behaviour") { CHECK(condition); CHECK_TEXT(got, "wanted"); }
 *
 * inside main between unit_begin() and `return unit_end()`. A failed check prints where and what; the test
 * goes on. */
#ifndef UNIT_UNIT_H
#define UNIT_UNIT_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <math.h>

static int unit_count, unit_failures;
static bool unit_open, unit_failed;
static const char *unit_title;

static inline void unit_close(void) {
    if (unit_open)
        printf("%s %d - %s\n", unit_failed ? "not ok" : "ok", unit_count, unit_title);
    unit_failures += unit_open && unit_failed;
    unit_open = unit_failed = false;
    fflush(stdout);
}

static inline bool unit_test(const char *title) {
    unit_close();
    unit_count++;
    unit_title = title;
    unit_open = true;
    return true;
}

static inline int unit_end(void) {
    unit_close();
    printf("1..%d\n", unit_count);
    return unit_failures ? 1 : 0;
}

static inline void unit_fail(const char *file, int line, const char *what) {
    unit_failed = true;
    printf("# %s:%d: %s\n", file, line, what);
}

static inline void unit_check_text(const char *file, int line, const char *got, const char *wanted) {
    if (got && wanted && strcmp(got, wanted) == 0)
        return;
    unit_fail(file, line, "texts differ");
    printf("#   got:    %s\n#   wanted: %s\n", got ? got : "(null)", wanted ? wanted : "(null)");
}

static inline void unit_check_near(const char *file, int line, double got, double wanted, double relative) {
    if (got == wanted || fabs(got - wanted) <= relative * fabs(wanted))
        return;
    unit_fail(file, line, "numbers differ");
    printf("#   got:    %.17g\n#   wanted: %.17g\n", got, wanted);
}

#define TEST(title) if (unit_test(title))
#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition))                                                                                    \
            unit_fail(__FILE__, __LINE__, #condition);                                                       \
    } while (0)
#define CHECK_TEXT(got, wanted) unit_check_text(__FILE__, __LINE__, (got), (wanted))
#define CHECK_NEAR(got, wanted, relative) unit_check_near(__FILE__, __LINE__, (got), (wanted), (relative))

#endif
