#include "stats/beta.h"

#include <math.h>

/* The continued fraction of the incomplete beta function by Lentz's method; it converges fast for
 * x < (a + 1) / (a + b + 2). */
static double beta_fraction(double x, double a, double b) {
    const double smallest = 1e-300, enough = 1e-14;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < smallest ? smallest : d);
    double fraction = d;
    for (int m = 1; m <= 10000; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        double change = 1;
        for (int step = 0; step < 2; step++) {
            double coefficient = step ? odd : even;
            d = 1 + coefficient * d;
            d = 1 / (fabs(d) < smallest ? smallest : d);
            c = 1 + coefficient / c;
            c = fabs(c) < smallest ? smallest : c;
            change = c * d;
            fraction *= change;
        }
        if (fabs(change - 1) < enough)
            break;
    }
    return fraction;
}

double incomplete_beta(double x, double a, double b) {
    if (x <= 0 || x >= 1)
        return x <= 0 ? 0 : 1;
    double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    if (x < (a + 1) / (a + b + 2))
        return front * beta_fraction(x, a, b) / a;
    return 1 - front * beta_fraction(1 - x, b, a) / b;
}

double binomial_at_most(double successes, double trials, double probability) {
    if (successes >= trials)
        return 1;
    return incomplete_beta(1 - probability, trials - successes, successes + 1);
}
