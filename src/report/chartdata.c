#include "report/chartdata.h"

#include "report/histogram.h"
#include "util/json.h"

#include <math.h>
#include <stdint.h>

static void put_known(struct text *out, const char *name, double number) {
    if (isfinite(number))
        json_put_number(out, name, number);
}

/* ---- percentile bands ---- */

struct band {
    double low, middle, high, highest; /* minimum, p50, p90, p99, ms; NaN: unknown */
};

/* The band of the warm starts when the run has single measurements of them: one cold start could stretch
 * the band beyond the chart. */
static struct band band_of(const struct report_run *run, const struct memory_size *size, bool warm) {
    struct group *group = warm ? report_run_group(run, size->stat.memory_mb) : NULL;
    if (!warm)
        return (struct band){
            report_figure(size, "durationMs", "min"), report_figure(size, "durationMs", "p50"),
            report_figure(size, "durationMs", "p90"), report_figure(size, "durationMs", "p99")};
    if (!group || !group->warm_duration.count)
        return (struct band){(double)NAN, (double)NAN, (double)NAN, (double)NAN};
    struct distribution times;
    struct sample *samples[] = {&group->warm_duration};
    distribution_open(&times, samples, 1);
    struct band band = {distribution_percentile(&times, 0), distribution_percentile(&times, 500),
                        distribution_percentile(&times, 900), distribution_percentile(&times, 990)};
    distribution_close(&times);
    return band;
}

static bool has_warm_starts(const struct report_run *run) {
    for (size_t i = 0; i < run->groups.count; i++)
        if (run->groups.groups[i]->warm_duration.count)
            return true;
    return false;
}

/* ---- sizes ---- */

static void append_size(struct text *out, const struct report_run *run, const struct memory_size *size,
                        bool warm, double *top) {
    struct band band = band_of(run, size, warm);
    json_separate(out);
    text_append_byte(out, '{');
    json_put_number(out, "power", size->stat.memory_mb);
    json_put_number(out, "duration", size->duration);
    json_put_number(out, "cost", size->cost * 1e6);
    put_known(out, "warm", report_figure(size, "warm", "averageDuration"));
    put_known(out, "cold", report_figure(size, "cold", "averageDuration"));
    if (isfinite(band.low) && isfinite(band.high)) {
        json_put_name(out, "band");
        text_append_byte(out, '[');
        const double points[] = {band.low, band.middle, band.high, band.highest};
        for (size_t i = 0; i < 4; i++) {
            json_separate(out);
            json_append_number(out, points[i]);
        }
        text_append_byte(out, ']');
    }
    text_append_byte(out, '}');
    /* A few slow starts must not flatten the curve: a band far above it is cut off at the top of the
     * chart. */
    *top = fmax(*top, size->duration);
    if (isfinite(band.highest))
        *top = fmax(*top, fmin(band.highest, 2 * size->duration));
}

static void append_sizes(struct text *out, const struct report_run *run) {
    bool warm = has_warm_starts(run);
    double top = 0;
    json_put_name(out, "sizes");
    text_append_byte(out, '[');
    for (size_t i = 0; i < run->choice.count; i++)
        append_size(out, run, report_run_size(run, i), warm, &top);
    text_append_byte(out, ']');
    json_put_number(out, "durationTop", top * 1.05);
    json_put_string(out, "bandOf", warm ? "warm starts" : "all starts");
}

static void append_out(struct text *out, const struct report_run *run) {
    struct text reason = TEXT_INIT;
    json_put_name(out, "out");
    text_append_byte(out, '[');
    for (size_t i = 0; i < run->sizes.count; i++) {
        if (!size_is_excluded(&run->sizes.list[i]))
            continue;
        text_clear(&reason);
        size_reason(&reason, &run->sizes, &run->sizes.list[i]);
        json_separate(out);
        text_append_byte(out, '{');
        json_put_number(out, "power", run->sizes.list[i].stat.memory_mb);
        json_put_string(out, "reason", text_string(&reason));
        text_append_byte(out, '}');
    }
    text_append_byte(out, ']');
    text_release(&reason);
}

static void append_histograms(struct text *out, const struct report_run *run) {
    json_put_name(out, "histograms");
    text_append_byte(out, '[');
    for (size_t i = 0; i < run->choice.count; i++) {
        struct group *group = report_run_group(run, run->choice.memory_sizes[i]);
        if (!group)
            continue;
        json_separate(out);
        text_append_byte(out, '{');
        json_put_number(out, "power", group->memory_mb);
        histogram_put_bins(out, &group->warm_duration, &group->cold_duration);
        text_append_byte(out, '}');
    }
    text_append_byte(out, ']');
}

static void append_run(struct text *out, const struct report_run *run) {
    json_separate(out);
    text_append_byte(out, '{');
    json_put_string(out, "label", run->label);
    json_put_string(out, "currency", run->currency);
    if (run->present_memory_mb > 0)
        json_put_number(out, "present", run->present_memory_mb);
    if (run->choice.count)
        json_put_number(out, "chosen", run->choice.memory_sizes[run->choice.best]);
    append_sizes(out, run);
    append_out(out, run);
    append_histograms(out, run);
    text_append_byte(out, '}');
}

void chart_data_append(struct text *out, const struct report_runs *runs) {
    text_append_string(out, "{\"runs\":[");
    for (size_t i = 0; i < runs->count; i++)
        append_run(out, &runs->list[i]);
    text_append_string(out, "]}");
}
