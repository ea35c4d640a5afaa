/* The times of one group of measurements, in memory that is bounded whatever their number.
 *
 * Count, sum, sum of squares, minimum and maximum are exact integers, so they do not depend on the order of
 * adding. The times themselves are kept up to SAMPLE_EXACT of a group (the caller counts a group's samples
 * together and calls sample_spill on each when there are more); from then on a histogram of fixed size stands
 * for them: values below 2048 units exactly, above them 1024 equal steps for each doubling, as in
 * HdrHistogram (https://hdrhistogram.org), so that the middle of a step is within 0.05 % of what fell into
 * it. A sample is a function of the set of times alone: merging parts, in any order, gives the same as adding
 * all. */
#ifndef STATS_SAMPLE_H
#define STATS_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

__extension__ typedef unsigned __int128 sample_wide;

enum { SAMPLE_EXACT = 65536 };

/* The units of the histogram, in picoseconds (tune/duration.h): what the platform prints is a multiple of
 * them. */
#define SAMPLE_UNIT_MICROSECOND INT64_C(1000000)
#define SAMPLE_UNIT_MILLISECOND INT64_C(1000000000)

struct sample {
    int64_t unit;
    uint64_t count;
    sample_wide sum;          /* picoseconds */
    sample_wide squares;      /* the low 128 bits of the sum of squares */
    uint64_t squares_high;    /* and what is above them */
    int64_t minimum, maximum; /* picoseconds; of no meaning while count is 0 */
    /* While exact, one of these: microseconds in 32 bits as long as all fit, else picoseconds. */
    uint32_t *narrow;
    int64_t *wide;
    size_t capacity;
    uint64_t *buckets; /* SAMPLE_BUCKETS counts, once spilled; then neither of the others */
};

enum { SAMPLE_BUCKETS = 2048 + 32 * 1024 };

void sample_open(struct sample *sample, int64_t unit);
void sample_close(struct sample *sample);

/* Adds a time: 0 <= picoseconds < 2^62. */
void sample_add(struct sample *sample, int64_t picoseconds);

/* Adds all of `from`, which stays as it is. Both must be exact, or `into` spilled. */
void sample_merge(struct sample *into, const struct sample *from);

/* Puts the histogram in the place of the single times; nothing when that is done already. */
void sample_spill(struct sample *sample);

bool sample_is_exact(const struct sample *sample);

/* The single time number `index` of an exact sample, in picoseconds. */
int64_t sample_time(const struct sample *sample, size_t index);

/* Sorts the single times of an exact sample. */
void sample_sort(struct sample *sample);

/* The bucket that a time falls into. */
size_t sample_bucket(const struct sample *sample, int64_t picoseconds);

/* The middle of a bucket, in picoseconds. */
int64_t sample_bucket_middle(const struct sample *sample, size_t bucket);

#endif
