#include "stats/sample.h"

#include "util/diagnostics.h"
#include "util/memory.h"

#include <stdlib.h>

enum { LINEAR = 2048, STEPS = 1024, STEP_BITS = 10 };

void sample_open(struct sample *sample, int64_t unit) {
    *sample = (struct sample){.unit = unit};
}

void sample_close(struct sample *sample) {
    free(sample->times);
    free(sample->buckets);
    sample_open(sample, sample->unit);
}

size_t sample_bucket(const struct sample *sample, int64_t time) {
    /* Constant divisors, so that the compiler turns the divisions into multiplications. */
    uint64_t rounded = (uint64_t)(time + sample->unit / 2);
    uint64_t value = sample->unit == SAMPLE_UNIT_MILLISECOND ? rounded / (uint64_t)SAMPLE_UNIT_MILLISECOND
                                                             : rounded / (uint64_t)SAMPLE_UNIT_MICROSECOND;
    if (value < LINEAR)
        return (size_t)value;
    unsigned shift = 63u - (unsigned)__builtin_clzll(value) - STEP_BITS;
    size_t bucket = LINEAR + (size_t)(shift - 1) * STEPS + (size_t)(value >> shift) - STEPS;
    return bucket < SAMPLE_BUCKETS ? bucket : SAMPLE_BUCKETS - 1;
}

int64_t sample_bucket_middle(const struct sample *sample, size_t bucket) {
    if (bucket < LINEAR)
        return (int64_t)bucket * sample->unit;
    size_t shift = (bucket - LINEAR) / STEPS + 1;
    uint64_t low = ((bucket - LINEAR) % STEPS + STEPS) << shift;
    /* A bucket of width w has the values low .. low + w - 1. */
    return (int64_t)(low * 2 + (UINT64_C(1) << shift) - 1) * (sample->unit / 2);
}

bool sample_is_exact(const struct sample *sample) {
    return !sample->buckets;
}

static void keep(struct sample *sample, int64_t time) {
    size_t index = (size_t)sample->count;
    sample->times = memory_reserve(sample->times, &sample->capacity, index + 1, sizeof *sample->times);
    sample->times[index] = time;
}

static void add_totals(struct sample *sample, uint64_t count, sample_wide sum, sample_wide squares) {
    sample->count += count;
    sample->sum += sum;
    sample->squares += squares;
    if (sample->count <= SAMPLE_MAX_COUNT && sample->squares <= SAMPLE_MAX_SQUARES)
        return;
    report_error("the times of a group are too many or too long to be added up");
    exit(STATUS_FAILED);
}

static void widen_range(struct sample *sample, int64_t minimum, int64_t maximum) {
    if (!sample->count || minimum < sample->minimum)
        sample->minimum = minimum;
    if (!sample->count || maximum > sample->maximum)
        sample->maximum = maximum;
}

void sample_add(struct sample *sample, int64_t time) {
    widen_range(sample, time, time);
    if (sample->buckets)
        sample->buckets[sample_bucket(sample, time)]++;
    else
        keep(sample, time);
    add_totals(sample, 1, (sample_wide)time, (sample_wide)time * (sample_wide)time);
}

void sample_spill(struct sample *sample) {
    if (sample->buckets)
        return;
    sample->buckets = memory_zeroed(SAMPLE_BUCKETS, sizeof *sample->buckets);
    for (size_t i = 0; i < sample->count; i++)
        sample->buckets[sample_bucket(sample, sample->times[i])]++;
    free(sample->times);
    sample->times = NULL;
    sample->capacity = 0;
}

void sample_merge(struct sample *into, const struct sample *from) {
    if (!from->count)
        return;
    if (!from->buckets) {
        for (size_t i = 0; i < from->count; i++)
            sample_add(into, from->times[i]);
        return;
    }
    widen_range(into, from->minimum, from->maximum);
    for (size_t i = 0; i < SAMPLE_BUCKETS; i++)
        into->buckets[i] += from->buckets[i];
    add_totals(into, from->count, from->sum, from->squares);
}

/* Radix sort, least significant digit first, 11 bits at a time: several times faster than qsort. */
void sample_sort(struct sample *sample) {
    if (sample->count < 2 || sample->buckets)
        return;
    size_t count = (size_t)sample->count;
    int64_t *from = sample->times, *to = memory_resize(NULL, count, sizeof *to);
    for (unsigned shift = 0; sample->maximum >> shift > 0; shift += 11) {
        size_t starts[2049] = {0};
        for (size_t i = 0; i < count; i++)
            starts[(from[i] >> shift & 2047) + 1]++;
        for (size_t i = 0; i < 2048; i++)
            starts[i + 1] += starts[i];
        for (size_t i = 0; i < count; i++)
            to[starts[from[i] >> shift & 2047]++] = from[i];
        int64_t *swap = from;
        from = to;
        to = swap;
    }
    sample->times = from;
    sample->capacity = count;
    free(to);
}
