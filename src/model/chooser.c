#include "model/chooser.h"

#include "model/summary.h"
#include "util/memory.h"

#include <math.h>
#include <stdlib.h>

/* The state of one call of chooser_next. */
struct chooser {
    struct model_size *sizes;
    size_t count;
    const struct chooser_settings *settings;
    struct assessment assessment;
    struct random random;
    size_t spent; /* invocations so far */
};

static bool may_run(const struct model_size *size) {
    return !size->out && size->next < size->left;
}

/* ---- first round ---- */

/* The nearest size that may run and is not in the round yet; `count` when there is none. */
static size_t find_nearest(const struct chooser *chooser, double log_memory_mb) {
    size_t nearest = chooser->count;
    double least = INFINITY;
    for (size_t i = 0; i < chooser->count; i++) {
        double distance = fabs(log(chooser->sizes[i].memory_mb) - log_memory_mb);
        if (!may_run(&chooser->sizes[i]) || chooser->sizes[i].next || distance >= least)
            continue;
        least = distance;
        nearest = i;
    }
    return nearest;
}

/* Runs one invocation of each of a few sizes, spread evenly over the range of sizes that may run. */
static bool begin(struct chooser *chooser) {
    size_t first = chooser->count, last = 0, runnable = 0;
    for (size_t i = 0; i < chooser->count; i++)
        if (may_run(&chooser->sizes[i])) {
            first = first < i ? first : i;
            last = i;
            runnable++;
        }
    if (!runnable)
        return false;
    size_t wanted = runnable < CHOOSER_BEGUN ? runnable : CHOOSER_BEGUN;
    double from = log(chooser->sizes[first].memory_mb), to = log(chooser->sizes[last].memory_mb);
    for (size_t i = 0; i < wanted; i++) {
        size_t at =
            find_nearest(chooser, wanted > 1 ? from + (to - from) * (double)i / (double)(wanted - 1) : from);
        if (at < chooser->count)
            chooser->sizes[at].next = 1;
    }
    return true;
}

/* ---- opening sizes ---- */

/* The lowest loss of the open sizes in each draw; infinite when none is open. */
static void find_floors(const struct chooser *chooser, double *floors) {
    for (size_t draw = 0; draw < ASSESSMENT_DRAWS; draw++) {
        const double *losses = chooser->assessment.losses + draw * chooser->count;
        floors[draw] = INFINITY;
        for (size_t i = 0; i < chooser->count; i++)
            if (!chooser->sizes[i].out && chooser->sizes[i].open)
                floors[draw] = fmin(floors[draw], losses[i]);
    }
}

/* The expected regret of the best size among the open ones and `added` (`count`: only the open ones). */
static double regret_with(const struct chooser *chooser, const double *floors, size_t added) {
    double sum = 0;
    for (size_t draw = 0; draw < ASSESSMENT_DRAWS; draw++) {
        double floor = floors[draw];
        if (added < chooser->count)
            floor = fmin(floor, chooser->assessment.losses[draw * chooser->count + added]);
        sum += fmin(floor, 1e6) - 1;
    }
    return sum / ASSESSMENT_DRAWS;
}

/* Opens the sizes that are needed, each with one invocation. */
static void open_sizes(struct chooser *chooser) {
    double *floors = memory_zeroed(ASSESSMENT_DRAWS, sizeof *floors);
    double wanted = chooser->settings->tolerated / 2;
    for (int opened = 0; opened < CHOOSER_OPENED; opened++) {
        find_floors(chooser, floors);
        double least = regret_with(chooser, floors, chooser->count);
        size_t best = chooser->count;
        if (least <= wanted)
            break;
        /* Once one size is opened, those that would soon follow are opened too. */
        wanted = chooser->settings->tolerated / 4;
        for (size_t i = 0; i < chooser->count; i++) {
            if (chooser->sizes[i].open || !may_run(&chooser->sizes[i]))
                continue;
            double regret = regret_with(chooser, floors, i);
            if (regret < least) {
                least = regret;
                best = i;
            }
        }
        if (best == chooser->count)
            break;
        chooser->sizes[best].open = true;
        chooser->sizes[best].next = 1;
    }
    free(floors);
}

/* ---- top two ---- */

/* The best size of a random draw, among the open sizes that may run; `count` when there is none. */
static size_t draw_best(struct chooser *chooser) {
    size_t draw = (size_t)(random_uniform(&chooser->random) * ASSESSMENT_DRAWS), best = chooser->count;
    const double *losses = chooser->assessment.losses + draw * chooser->count;
    for (size_t i = 0; i < chooser->count; i++)
        if (chooser->sizes[i].open && may_run(&chooser->sizes[i]) &&
            (best == chooser->count || losses[i] < losses[best]))
            best = i;
    return best;
}

static size_t draw_top_two(struct chooser *chooser) {
    enum { TRIES = 100 };
    size_t leader = draw_best(chooser), challenger = leader;
    if (random_uniform(&chooser->random) < 0.5)
        return leader;
    for (int i = 0; i < TRIES && challenger == leader; i++)
        challenger = draw_best(chooser);
    return challenger;
}

static void fill_round(struct chooser *chooser) {
    size_t round = 1 + chooser->spent / 5;
    for (size_t i = 0; i < chooser->count; i++)
        round -= chooser->sizes[i].next < round ? chooser->sizes[i].next : round;
    for (; round > 0; round--) {
        size_t at = draw_top_two(chooser);
        if (at == chooser->count)
            break;
        chooser->sizes[at].next++;
    }
}

/* When no open size has invocations left, runs the other size with the least regret. */
static bool run_anything(struct chooser *chooser) {
    size_t best = chooser->count;
    for (size_t i = 0; i < chooser->count; i++)
        if (may_run(&chooser->sizes[i]) &&
            (best == chooser->count || chooser->assessment.regrets[i] < chooser->assessment.regrets[best]))
            best = i;
    if (best < chooser->count)
        chooser->sizes[best].next = 1;
    return best < chooser->count;
}

/* ---- decision ---- */

/* Returns the correlation of durations that follow each other. */
static double assess(struct chooser *chooser) {
    struct posterior posterior = {0};
    for (size_t i = 0; i < chooser->count; i++)
        chooser->sizes[i].price = chooser->sizes[i].memory_mb;
    random_seed(&chooser->random, chooser->settings->seed);
    double correlation =
        observations_fit(&posterior, chooser->sizes, chooser->count, chooser->settings->prior);
    assessment_open(&chooser->assessment, &posterior, chooser->sizes, &chooser->settings->goal,
                    &chooser->random);
    posterior_close(&posterior);
    return correlation;
}

/* True when the size has a warm measurement, or has others and no invocations left. */
static bool may_be_chosen(const struct model_size *size) {
    return !size->out && (size->observed.warm || (size->observed.count && !size->left));
}

static void find_best(const struct chooser *chooser, struct chooser_decision *decision) {
    const struct assessment *assessment = &chooser->assessment;
    decision->best = chooser->count;
    for (size_t i = 0; i < chooser->count; i++)
        if (may_be_chosen(&chooser->sizes[i]) &&
            (decision->best == chooser->count ||
             assessment->regrets[i] < assessment->regrets[decision->best]))
            decision->best = i;
    if (decision->best == chooser->count)
        return;
    decision->expected_regret = assessment->regrets[decision->best];
}

static bool run_more(struct chooser *chooser) {
    open_sizes(chooser);
    fill_round(chooser);
    for (size_t i = 0; i < chooser->count; i++)
        if (chooser->sizes[i].next)
            return true;
    return run_anything(chooser);
}

/* Runs the measurements that the best size still lacks; false when it has enough. */
static bool complete(struct model_size *best) {
    size_t wanted = summary_least(exp(best->mean)), warm = best->observed.warm;
    wanted = best->least > wanted ? best->least : wanted;
    if (warm >= wanted || !best->left)
        return false;
    best->next = wanted - warm < best->left ? wanted - warm : best->left;
    return true;
}

/* Runs the sizes with fewer than two warm measurements that may be the best; false when there are none. */
static bool compare_rivals(struct chooser *chooser) {
    const double possible = 0.02;
    bool found = false;
    for (size_t i = 0; i < chooser->count; i++) {
        struct model_size *size = &chooser->sizes[i];
        if (!may_run(size) || size->observed.warm >= 2 || chooser->assessment.probabilities[i] < possible)
            continue;
        size->next = 1;
        found = true;
    }
    return found;
}

bool chooser_next(struct model_size *sizes, size_t count, const struct chooser_settings *settings,
                  struct chooser_decision *decision) {
    struct chooser chooser = {.sizes = sizes, .count = count, .settings = settings};
    bool possible = false;
    *decision = (struct chooser_decision){.best = count};
    for (size_t i = 0; i < count; i++) {
        sizes[i].next = 0;
        chooser.spent += sizes[i].observed.count;
        possible = possible || !sizes[i].out;
    }
    if (!possible)
        return false;
    if (!chooser.spent && !settings->prior)
        return begin(&chooser);
    decision->correlation = assess(&chooser);
    find_best(&chooser, decision);
    bool measured = decision->best < count;
    bool sure = measured && decision->expected_regret <= settings->tolerated;
    bool goes_on = sure ? compare_rivals(&chooser) || complete(&sizes[decision->best]) : run_more(&chooser);
    decision->decided = measured && !goes_on;
    if (decision->decided) {
        assessment_report(&chooser.assessment, sizes, decision->best);
        decision->confidence = sizes[decision->best].probability;
    }
    assessment_close(&chooser.assessment);
    return goes_on || measured;
}
