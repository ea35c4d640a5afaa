/* The times of a group of measurements, in bounded memory.
 *
 * Count, sum, sum of squares, minimum and maximum are exact integers, and so do not depend on the order of
 * additions. Up to SAMPLE_EXACT times of a group are kept. (The caller counts a group's samples together, and
 * calls sample_spill on each when there are more.) Then a histogram of fixed size replaces them: values below
 * 2048 units are exact, and above there are 1024 equal buckets for each doubling, as in HdrHistogram
 * (https://hdrhistogram.org), so that the middle of a bucket is within 0.05 % of every value in it. A sample
 * depends only on the set of its times: merging parts, in any order, gives the same result as adding all
 * times. */
#ifndef STATS_SAMPLE_H
#define STATS_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

__extension__ typedef unsigned __int128 sample_wide;

enum { SAMPLE_EXACT = 65536 };

/* Units of the histogram in picoseconds (tune/duration.h). The values that the platform prints are multiples
 * of them. */
#define SAMPLE_UNIT_MICROSECOND INT64_C(1000000)
#define SAMPLE_UNIT_MILLISECOND INT64_C(1000000000)

struct sample {
    int64_t unit;
    uint64_t count;
    sample_wide sum;          /* picoseconds */
    sample_wide squares;      /* sum of squares, low 128 bits */
    uint64_t squares_high;    /* sum of squares, high 64 bits */
    int64_t minimum, maximum; /* picoseconds; undefined while count is 0 */
    /* The times of an exact sample, in one of these: microseconds if all fit in 32 bits, else picoseconds.
     * Owned. */
    uint32_t *narrow;
    int64_t *wide;
    size_t capacity;
    uint64_t *buckets; /* owned: SAMPLE_BUCKETS counts of a spilled sample, else NULL */
};

enum { SAMPLE_BUCKETS = 2048 + 32 * 1024 };

/* Initializes an empty sample whose histogram has the given unit (one of the constants above). */
void sample_open(struct sample *sample, int64_t unit);

/* Releases the times and the histogram. */
void sample_close(struct sample *sample);

/* Adds a time: 0 <= picoseconds < 2^62. */
void sample_add(struct sample *sample, int64_t picoseconds);

/* Adds all of `from`, which does not change. Both must be exact, or `into` spilled. */
void sample_merge(struct sample *into, const struct sample *from);

/* Replaces the times by the histogram, if that was not done before. */
void sample_spill(struct sample *sample);

/* True until the sample is spilled. */
bool sample_is_exact(const struct sample *sample);

/* The time at `index` of an exact sample, in picoseconds. */
int64_t sample_time(const struct sample *sample, size_t index);

/* Sorts the times of an exact sample. */
void sample_sort(struct sample *sample);

/* The bucket of a time. */
size_t sample_bucket(const struct sample *sample, int64_t picoseconds);

/* The middle of a bucket, in picoseconds. */
int64_t sample_bucket_middle(const struct sample *sample, size_t bucket);

#endif
