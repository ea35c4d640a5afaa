#include "report/histogram.h"

#include "stats/distribution.h"
#include "tune/duration.h"
#include "util/json.h"

#include <math.h>

enum { MIN_BINS = 5, MAX_BINS = 30 };

struct bins {
    double low, high;
    size_t count;
    bool geometric;
    double counts[MAX_BINS][2]; /* warm, cold */
};

static double edge(const struct bins *bins, size_t index) {
    double share = (double)index / (double)bins->count;
    if (bins->geometric)
        return bins->low * pow(bins->high / bins->low, share);
    return bins->low + (bins->high - bins->low) * share;
}

static size_t place(const struct bins *bins, double time) {
    double share = 0;
    if (bins->high > bins->low)
        share = bins->geometric ? log(time / bins->low) / log(bins->high / bins->low)
                                : (time - bins->low) / (bins->high - bins->low);
    double at = floor(share * (double)bins->count);
    return at < 0 ? 0 : at >= (double)bins->count ? bins->count - 1 : (size_t)at;
}

static void count_starts(struct bins *bins, struct sample *sample, int kind) {
    struct distribution times;
    struct sample *samples[] = {sample};
    if (!sample->count)
        return;
    distribution_open(&times, samples, 1);
    for (size_t i = 0; i < times.length; i++)
        bins->counts[place(bins, duration_ms(times.runs[i].time))][kind] += (double)times.runs[i].count;
    distribution_close(&times);
}

static double on_scale(const struct bins *bins, double time) {
    return bins->geometric ? log(time) : time;
}

/* The rule of Freedman and Diaconis: the width is twice the interquartile range over the cube root of the
 * count. So a few outliers do not widen all bins. */
static size_t count_bins(const struct bins *bins, const struct distribution *times) {
    double low = on_scale(bins, bins->low), high = on_scale(bins, bins->high);
    double quartiles = on_scale(bins, distribution_percentile(times, 750)) -
                       on_scale(bins, distribution_percentile(times, 250));
    if (!(high > low))
        return 1;
    if (!(quartiles > 0))
        return MAX_BINS;
    double count = ceil((high - low) / (2 * quartiles / cbrt((double)times->count)));
    return (size_t)fmin(fmax(count, MIN_BINS), MAX_BINS);
}

static struct bins open_bins(struct sample *warm, struct sample *cold) {
    struct sample *samples[] = {warm, cold};
    struct distribution times;
    distribution_open(&times, samples, 2);
    struct bins bins = {.low = duration_ms(times.minimum), .high = duration_ms(times.maximum)};
    bins.geometric = bins.low > 0 && bins.high > 8 * bins.low;
    bins.count = count_bins(&bins, &times);
    distribution_close(&times);
    return bins;
}

void histogram_put_bins(struct text *out, struct sample *warm, struct sample *cold) {
    struct bins bins = open_bins(warm, cold);
    count_starts(&bins, warm, 0);
    count_starts(&bins, cold, 1);
    json_put_name(out, "bins");
    text_append_byte(out, '[');
    for (size_t i = 0; i < bins.count; i++) {
        const double figures[] = {edge(&bins, i), edge(&bins, i + 1), bins.counts[i][0], bins.counts[i][1]};
        json_separate(out);
        text_append_byte(out, '[');
        for (size_t k = 0; k < 4; k++) {
            json_separate(out);
            json_append_number(out, figures[k]);
        }
        text_append_byte(out, ']');
    }
    text_append_byte(out, ']');
}
