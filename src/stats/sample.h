/* The times of a group of measurements (in the units of tune/duration.h), in bounded memory.
 *
 * Count, sum, sum of squares, minimum and maximum are exact integers, and so do not depend on the order of
 * additions. The sum of squares has room for 5 * 10^15 times of 15 minutes, or for 4 * 10^8 of the longest: a
 * program that would add more ends with an error.
 *
 * Up to SAMPLE_EXACT times of a group are kept. (The caller counts a group's samples together, and calls
 * sample_spill on each when there are more.) Then a histogram of fixed size replaces them: values below 2048
 * units are exact, and above there are 1024 equal buckets for each doubling, as in HdrHistogram
 * (https://hdrhistogram.org), so that the middle of a bucket is within 0.05 % of every value in it. A sample
 * depends only on the set of its times: merging parts, in any order, gives the same result as adding all
 * times. */
#ifndef STATS_SAMPLE_H
#define STATS_SAMPLE_H

#include "tune/duration.h"

#include <stddef.h>

__extension__ typedef unsigned __int128 sample_wide;

enum { SAMPLE_EXACT = 65536 };

/* The longest time: a duration, an init and a restore. The other limits leave room for two samples together,
 * and for winsorizing them, which makes the sum of squares at most 2.5 times as large. */
#define SAMPLE_MAX_TIME ((int64_t)(3 * MAX_DURATION_MS) * DURATION_MS)
#define SAMPLE_MAX_COUNT (UINT64_MAX / 2)
#define SAMPLE_MAX_SQUARES (~(sample_wide)0 / 8)

/* Units of the histogram. The values that the platform prints are multiples of them. */
#define SAMPLE_UNIT_MICROSECOND (DURATION_MS / 1000)
#define SAMPLE_UNIT_MILLISECOND DURATION_MS

struct sample {
    int64_t unit;
    uint64_t count;
    sample_wide sum, squares; /* of the times, and of their squares */
    int64_t minimum, maximum; /* undefined while count is 0 */
    int64_t *times;           /* owned: the times of an exact sample */
    size_t capacity;
    uint64_t *buckets; /* owned: SAMPLE_BUCKETS counts of a spilled sample, else NULL */
};

enum { SAMPLE_BUCKETS = 2048 + 32 * 1024 };

/* Initializes an empty sample whose histogram has the given unit (one of the constants above). */
void sample_open(struct sample *sample, int64_t unit);

/* Releases the times and the histogram. */
void sample_close(struct sample *sample);

/* Adds a time from 0 to SAMPLE_MAX_TIME. */
void sample_add(struct sample *sample, int64_t time);

/* Adds all of `from`, which does not change. Both must be exact, or `into` spilled. */
void sample_merge(struct sample *into, const struct sample *from);

/* Replaces the times by the histogram, if that was not done before. */
void sample_spill(struct sample *sample);

/* True until the sample is spilled. */
bool sample_is_exact(const struct sample *sample);

/* Sorts the times of an exact sample. */
void sample_sort(struct sample *sample);

/* The bucket of a time. */
size_t sample_bucket(const struct sample *sample, int64_t time);

/* The middle of a bucket. */
int64_t sample_bucket_middle(const struct sample *sample, size_t bucket);

#endif
