#include "pick/choice.h"

#include "model/observation.h"
#include "tune/measurement.h"
#include "tune/record.h"
#include "util/json.h"
#include "util/memory.h"

#include <stdlib.h>
#include <string.h>

void sizes_close(struct memory_sizes *sizes) {
    for (size_t i = 0; i < sizes->count; i++) {
        free(sizes->list[i].object);
        free(sizes->list[i].failure);
        free(sizes->list[i].broken);
        free(sizes->list[i].configuration);
        observations_close(&sizes->list[i].observed);
    }
    free(sizes->list);
    *sizes = (struct memory_sizes){0};
}

struct memory_size *sizes_find(struct memory_sizes *sizes, double memory_mb) {
    size_t at = 0;
    while (at < sizes->count && sizes->list[at].stat.memory_mb < memory_mb)
        at++;
    if (at < sizes->count && sizes->list[at].stat.memory_mb == memory_mb)
        return &sizes->list[at];
    sizes->list = memory_reserve(sizes->list, &sizes->capacity, sizes->count + 1, sizeof *sizes->list);
    memmove(sizes->list + at + 1, sizes->list + at, (sizes->count - at) * sizeof *sizes->list);
    sizes->list[at] = (struct memory_size){.stat = {.memory_mb = memory_mb}};
    sizes->count++;
    return &sizes->list[at];
}

/* Failed invocations are billed too: their price for each one that succeeds. */
static double failed_price(const struct memory_size *size) {
    return size->stat.count ? size->stat.failed_cost / (double)size->stat.count : 0;
}

bool sizes_add_stat(struct memory_sizes *sizes, struct span object, struct text *problem) {
    struct size_stat stat;
    if (!stat_read(object, &stat, problem))
        return false;
    struct memory_size *size = sizes_find(sizes, stat.memory_mb);
    if (size->object) {
        text_append_format(problem, "duplicate stat record for %g MB", stat.memory_mb);
        return false;
    }
    size->stat = stat;
    size->cost = stat.average_price + failed_price(size);
    size->duration = stat.average_duration;
    size->object = memory_copy(object.start, object.length);
    return true;
}

bool sizes_add_failure(struct memory_sizes *sizes, struct span object, struct text *problem) {
    struct span excluded;
    double memory_mb;
    if (!record_memory_mb(object, false, &memory_mb, problem))
        return false;
    if (memory_mb < 1 || !json_member(object, "excluded", &excluded) || json_type(excluded) != JSON_TRUE)
        return true;
    struct memory_size *size = sizes_find(sizes, memory_mb);
    free(size->failure);
    size->failure = memory_copy(object.start, object.length);
    return true;
}

/* ---- another rate of cold starts ---- */

static bool read_part(const struct memory_size *size, const char *part, double *cost, double *duration) {
    *cost = record_number(span_of(size->object), part, "averagePrice", -1);
    *duration = record_number(span_of(size->object), part, "averageDuration", -1);
    return *cost >= 0 && *cost <= 1e12 && *duration >= 0 && *duration <= 1e12;
}

void sizes_set_cold_rate(struct memory_sizes *sizes, double rate) {
    for (size_t i = 0; i < sizes->count; i++) {
        struct memory_size *size = &sizes->list[i];
        double cold_cost = 0, cold_duration = 0, warm_cost = 0, warm_duration = 0;
        if (!size->object || !size->stat.count)
            continue;
        if (rate > 0 && !read_part(size, "cold", &cold_cost, &cold_duration))
            size->out = "no cold start was measured";
        else if (rate < 1 && !read_part(size, "warm", &warm_cost, &warm_duration))
            size->out = "no warm start was measured";
        size->cost = rate * cold_cost + (1 - rate) * warm_cost + failed_price(size);
        size->duration = rate * cold_duration + (1 - rate) * warm_duration;
    }
}

bool size_is_excluded(const struct memory_size *size) {
    return size->failure || !size->object || !size->stat.count || size->out;
}

/* ---- the choice ---- */

void choice_open(struct choice *choice, const struct memory_sizes *sizes, enum strategy strategy,
                 double weight) {
    struct candidate *candidates = memory_zeroed(sizes->count, sizeof *candidates);
    size_t *places = memory_zeroed(sizes->count, sizeof *places); /* index in the choice of each candidate */
    *choice = (struct choice){.memory_sizes = memory_zeroed(sizes->count, sizeof(double)),
                              .durations = memory_zeroed(sizes->count, sizeof(double)),
                              .costs = memory_zeroed(sizes->count, sizeof(double)),
                              .allowed = memory_zeroed(sizes->count, sizeof(bool))};
    for (size_t i = 0; i < sizes->count; i++) {
        const struct memory_size *size = &sizes->list[i];
        choice->total_cost += size->stat.total_cost + size->stat.failed_cost;
        if (size_is_excluded(size))
            continue;
        if (!size->broken) {
            places[choice->candidates] = choice->count;
            candidates[choice->candidates++] = (struct candidate){size->cost, size->duration};
        }
        choice->allowed[choice->count] = !size->broken;
        choice->memory_sizes[choice->count] = size->stat.memory_mb;
        choice->durations[choice->count] = size->duration;
        choice->costs[choice->count++] = size->cost;
    }
    if (choice->candidates)
        choice->best = places[strategy_choose(candidates, choice->candidates, strategy, weight)];
    free(candidates);
    free(places);
}

void choice_close(struct choice *choice) {
    free(choice->memory_sizes);
    free(choice->durations);
    free(choice->costs);
    free(choice->allowed);
    *choice = (struct choice){0};
}
