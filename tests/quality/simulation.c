#include "quality/simulation.h"

#include <math.h>

const double default_memory_sizes[6] = {128, 256, 512, 1024, 1536, 3008};
double all_memory_sizes[SIMULATED_SIZES];

void simulation_begin(void) {
    for (size_t i = 0; i < SIMULATED_SIZES; i++)
        all_memory_sizes[i] = 128 + 64 * (double)i;
}

static double between(struct random *random, double low, double high) {
    return low + (high - low) * random_uniform(random);
}

static double between_logs(struct random *random, double low, double high) {
    return low * pow(high / low, random_uniform(random));
}

/* Gives a function of the odd family its peculiarity: changes the durations or the noise. */
static void make_odd(struct simulated_function *function, struct random *random) {
    int kind = (int)between(random, 0, 5);
    double at = between_logs(random, 200, 2500), by = between(random, 0.1, 0.6),
           bend = between(random, 0.05, 0.25);
    for (size_t i = 0; i < function->subject.count; i++) {
        double memory_mb = function->subject.memory_sizes[i], *duration = &function->durations[i];
        if (kind == 0 && memory_mb > at)
            *duration *= 1 - by;
        else if (kind == 1)
            *duration *= exp(bend * pow(log(memory_mb / at), 2));
        else if (kind == 2)
            *duration *= pow(memory_mb / 128, bend);
    }
    if (kind == 3) {
        function->hump_share = between(random, 0.1, 0.5);
        function->hump_factor = between(random, 1.2, 1.8);
    } else if (kind == 4) {
        function->slow_factor = between(random, 1.1, 1.5);
    }
}

/* Slow minutes: one in five invocations is slow, and a slow phase lasts for twenty invocations on average. */
static void pass_time(struct simulated_function *function, struct random *random) {
    if (random_uniform(random) < 0.05)
        function->slow = random_uniform(random) < 0.2;
}

static struct invocation run(struct subject *subject, size_t size, struct random *random) {
    struct simulated_function *function = (struct simulated_function *)subject;
    double duration = function->durations[size] * exp(function->noise * random_normal(random));
    if (random_uniform(random) < function->outlier_share)
        duration *= between_logs(random, 2, 10);
    if (function->hump_share > 0 && random_uniform(random) < function->hump_share)
        duration *= function->hump_factor;
    if (function->slow_factor > 0) {
        pass_time(function, random);
        duration *= function->slow ? function->slow_factor : 1;
    }
    return (struct invocation){.duration = duration, .first = !subject->made[size]};
}

void simulated_function_make(struct simulated_function *function, enum family family,
                             const double *memory_sizes, size_t count, struct random *random) {
    static const double threads[] = {1, 1, 1, 2, 4};
    *function =
        (struct simulated_function){.subject = {.count = count, .memory_sizes = memory_sizes, .run = run}};
    double total = between_logs(random, 20, 4000), fixed = random_uniform(random);
    double processors = threads[(int)between(random, 0, 5)];
    double need = random_uniform(random) < 0.2 ? 300 : 0;
    function->noise = between_logs(random, 0.02, 0.5);
    function->outlier_share = between(random, 0.01, 0.05);
    for (size_t i = 0; i < count; i++) {
        function->durations[i] = total * (fixed + (1 - fixed) / fmin(memory_sizes[i] / 1769, processors));
        function->subject.fails[i] = memory_sizes[i] < need;
    }
    if (family == FAMILY_ODD)
        make_odd(function, random);
    for (size_t i = 0; i < count; i++) {
        function->subject.durations[i] = function->durations[i];
        function->subject.costs[i] = function->durations[i] * memory_sizes[i];
    }
}
