#include "stats/sample.h"

#include "util/memory.h"

#include <stdlib.h>
#include <string.h>

enum { LINEAR = 2048, STEPS = 1024, STEP_BITS = 10 };

void sample_open(struct sample *sample, int64_t unit) {
    *sample = (struct sample){.unit = unit};
}

void sample_close(struct sample *sample) {
    free(sample->narrow);
    free(sample->wide);
    free(sample->buckets);
    sample_open(sample, sample->unit);
}

size_t sample_bucket(const struct sample *sample, int64_t picoseconds) {
    /* Constant divisors, so that the compiler turns the divisions into multiplications. */
    uint64_t half = (uint64_t)sample->unit / 2, time = (uint64_t)picoseconds;
    uint64_t value = sample->unit == SAMPLE_UNIT_MILLISECOND
                         ? (time + half) / (uint64_t)SAMPLE_UNIT_MILLISECOND
                         : (time + half) / (uint64_t)SAMPLE_UNIT_MICROSECOND;
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

static bool fits_narrow(int64_t picoseconds) {
    return picoseconds % SAMPLE_UNIT_MICROSECOND == 0 && picoseconds / SAMPLE_UNIT_MICROSECOND <= UINT32_MAX;
}

static void widen(struct sample *sample) {
    sample->wide = memory_resize(NULL, sample->capacity ? sample->capacity : 1, sizeof *sample->wide);
    for (size_t i = 0; i < sample->count; i++)
        sample->wide[i] = (int64_t)sample->narrow[i] * SAMPLE_UNIT_MICROSECOND;
    free(sample->narrow);
    sample->narrow = NULL;
}

static void keep(struct sample *sample, int64_t picoseconds) {
    size_t index = (size_t)sample->count;
    if (!sample->wide && !fits_narrow(picoseconds))
        widen(sample);
    if (sample->wide) {
        sample->wide = memory_reserve(sample->wide, &sample->capacity, index + 1, sizeof *sample->wide);
        sample->wide[index] = picoseconds;
    } else {
        sample->narrow = memory_reserve(sample->narrow, &sample->capacity, index + 1, sizeof *sample->narrow);
        sample->narrow[index] = (uint32_t)(picoseconds / SAMPLE_UNIT_MICROSECOND);
    }
}

static void add_squares(struct sample *sample, sample_wide squares, uint64_t high) {
    sample->squares += squares;
    sample->squares_high += high + (sample->squares < squares);
}

static void widen_range(struct sample *sample, int64_t minimum, int64_t maximum) {
    if (!sample->count || minimum < sample->minimum)
        sample->minimum = minimum;
    if (!sample->count || maximum > sample->maximum)
        sample->maximum = maximum;
}

void sample_add(struct sample *sample, int64_t picoseconds) {
    widen_range(sample, picoseconds, picoseconds);
    if (sample->buckets)
        sample->buckets[sample_bucket(sample, picoseconds)]++;
    else
        keep(sample, picoseconds);
    sample->count++;
    sample_wide time = (uint64_t)picoseconds;
    sample->sum += time;
    add_squares(sample, time * time, 0);
}

int64_t sample_time(const struct sample *sample, size_t index) {
    return sample->wide ? sample->wide[index] : (int64_t)sample->narrow[index] * SAMPLE_UNIT_MICROSECOND;
}

void sample_spill(struct sample *sample) {
    if (sample->buckets)
        return;
    sample->buckets = memory_zeroed(SAMPLE_BUCKETS, sizeof *sample->buckets);
    for (size_t i = 0; i < sample->count; i++)
        sample->buckets[sample_bucket(sample, sample_time(sample, i))]++;
    free(sample->narrow);
    free(sample->wide);
    sample->narrow = NULL;
    sample->wide = NULL;
    sample->capacity = 0;
}

void sample_merge(struct sample *into, const struct sample *from) {
    if (!from->count)
        return;
    widen_range(into, from->minimum, from->maximum);
    if (from->buckets) {
        for (size_t i = 0; i < SAMPLE_BUCKETS; i++)
            into->buckets[i] += from->buckets[i];
        into->count += from->count;
    } else {
        for (size_t i = 0; i < from->count; i++, into->count++) {
            int64_t time = sample_time(from, i);
            if (into->buckets)
                into->buckets[sample_bucket(into, time)]++;
            else
                keep(into, time);
        }
    }
    into->sum += from->sum;
    add_squares(into, from->squares, from->squares_high);
}

/* Radix sort, least significant digit first, 11 bits at a time: several times faster than qsort. */
static void sort_narrow(uint32_t *times, size_t count) {
    uint32_t *other = memory_resize(NULL, count, sizeof *other);
    uint32_t *from = times, *to = other;
    for (unsigned shift = 0; shift < 33; shift += 11) {
        size_t starts[2049] = {0};
        for (size_t i = 0; i < count; i++)
            starts[(from[i] >> shift & 2047) + 1]++;
        for (size_t i = 0; i < 2048; i++)
            starts[i + 1] += starts[i];
        for (size_t i = 0; i < count; i++)
            to[starts[from[i] >> shift & 2047]++] = from[i];
        uint32_t *swap = from;
        from = to;
        to = swap;
    }
    memcpy(times, from, count * sizeof *times);
    free(other);
}

static int compare_wide(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

void sample_sort(struct sample *sample) {
    if (sample->count < 2 || sample->buckets)
        return;
    if (sample->wide)
        qsort(sample->wide, (size_t)sample->count, sizeof *sample->wide, compare_wide);
    else
        sort_narrow(sample->narrow, (size_t)sample->count);
}
