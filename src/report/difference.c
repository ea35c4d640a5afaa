#include "report/difference.h"

#include "tune/distribution.h"

#include <math.h>

bool difference_estimate(double mean, double high, double count, double discard, struct estimate *estimate) {
    double degrees = count - 2 * floor(count * discard) - 1;
    if (!(degrees >= 1) || !isfinite(mean) || !(high >= mean))
        return false;
    *estimate = (struct estimate){mean, (high - mean) / student_t_975(degrees), degrees};
    return true;
}

/* The continued fraction of the incomplete beta function, by the method of Lentz; x < (a + 1) / (a + b + 2).
 */
static double beta_fraction(double x, double a, double b) {
    const double smallest = 1e-300, enough = 1e-14;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < smallest ? smallest : d);
    double fraction = d;
    for (int m = 1; m <= 500; m++) {
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

static double incomplete_beta(double x, double a, double b) {
    if (x <= 0 || x >= 1)
        return x <= 0 ? 0 : 1;
    double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    if (x < (a + 1) / (a + b + 2))
        return front * beta_fraction(x, a, b) / a;
    return 1 - front * beta_fraction(1 - x, b, a) / b;
}

double difference_student_tail(double t, double degrees) {
    return incomplete_beta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

double difference_probability(const struct estimate *first, const struct estimate *second) {
    double a = first->error * first->error, b = second->error * second->error;
    double difference = fabs(first->mean - second->mean);
    if (!(a + b > 0))
        return difference > 0 ? 0 : 1;
    double degrees = (a + b) * (a + b) / (a * a / first->degrees + b * b / second->degrees);
    return difference_student_tail(difference / sqrt(a + b), degrees);
}

void difference_judge(const double *probabilities, size_t count, bool *different) {
    for (size_t i = 0; i < count; i++)
        different[i] = false;
    for (size_t left = count; left > 0; left--) {
        size_t least = count;
        for (size_t i = 0; i < count; i++)
            if (!different[i] && (least == count || probabilities[i] < probabilities[least]))
                least = i;
        if (probabilities[least] * (double)left > 0.05)
            return;
        different[least] = true;
    }
}
