#include "stats/difference.h"

#include "stats/beta.h"
#include "stats/distribution.h"

#include <math.h>

bool difference_estimate(double mean, double high, double count, double discard, struct estimate *estimate) {
    double degrees = count - 2 * floor(count * discard) - 1;
    if (!(degrees >= 1) || !isfinite(mean) || !(high >= mean))
        return false;
    *estimate = (struct estimate){mean, (high - mean) / student_t_975(degrees), degrees};
    return true;
}

/* The two-sided tail probability of Student's t (Abramowitz and Stegun, 26.7.1); degrees > 0. */
static double student_tail(double t, double degrees) {
    return incomplete_beta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

double difference_probability(const struct estimate *first, const struct estimate *second) {
    double a = first->error * first->error, b = second->error * second->error;
    double difference = fabs(first->mean - second->mean);
    if (!(a + b > 0))
        return difference > 0 ? 0 : 1;
    double degrees = (a + b) * (a + b) / (a * a / first->degrees + b * b / second->degrees);
    return student_tail(difference / sqrt(a + b), degrees);
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
