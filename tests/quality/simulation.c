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
    for (size_t i = 0; i < function->count; i++) {
        double memory_mb = function->memory_sizes[i], *duration = &function->durations[i];
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

void simulated_function_make(struct simulated_function *function, enum family family,
                             const double *memory_sizes, size_t count, struct random *random) {
    static const double threads[] = {1, 1, 1, 2, 4};
    *function = (struct simulated_function){.count = count, .memory_sizes = memory_sizes};
    double total = between_logs(random, 20, 4000), fixed = random_uniform(random);
    double processors = threads[(int)between(random, 0, 5)];
    double need = random_uniform(random) < 0.2 ? 300 : 0;
    function->noise = between_logs(random, 0.02, 0.5);
    function->outlier_share = between(random, 0.01, 0.05);
    for (size_t i = 0; i < count; i++) {
        function->durations[i] = total * (fixed + (1 - fixed) / fmin(memory_sizes[i] / 1769, processors));
        function->fails[i] = memory_sizes[i] < need;
    }
    if (family == FAMILY_ODD)
        make_odd(function, random);
}

/* Slow minutes: one in five invocations is slow, and a slow phase lasts for twenty invocations on average. */
static void pass_time(struct simulated_function *function, struct random *random) {
    if (random_uniform(random) < 0.05)
        function->slow = random_uniform(random) < 0.2;
}

double simulated_function_run(struct simulated_function *function, size_t size, struct random *random) {
    double duration = function->durations[size] * exp(function->noise * random_normal(random));
    if (random_uniform(random) < function->outlier_share)
        duration *= between_logs(random, 2, 10);
    if (function->hump_share > 0 && random_uniform(random) < function->hump_share)
        duration *= function->hump_factor;
    if (function->slow_factor > 0) {
        pass_time(function, random);
        duration *= function->slow ? function->slow_factor : 1;
    }
    return duration;
}

double simulated_function_regret(const struct simulated_function *function, size_t size,
                                 enum strategy strategy, double weight) {
    double highest_cost = 0, highest_duration = 0, lowest = INFINITY;
    double by_cost = strategy == STRATEGY_COST ? 1 : strategy == STRATEGY_SPEED ? 0 : weight;
    for (size_t i = 0; i < function->count; i++)
        if (!function->fails[i]) {
            highest_duration = fmax(highest_duration, function->durations[i]);
            highest_cost = fmax(highest_cost, function->durations[i] * function->memory_sizes[i]);
        }
    double loss = INFINITY;
    for (size_t i = 0; i < function->count; i++) {
        double duration = function->durations[i] / highest_duration;
        double cost = function->durations[i] * function->memory_sizes[i] / highest_cost;
        double own = by_cost * cost + (1 - by_cost) * duration;
        if (!function->fails[i])
            lowest = fmin(lowest, own);
        if (i == size)
            loss = own;
    }
    return loss / lowest - 1;
}
