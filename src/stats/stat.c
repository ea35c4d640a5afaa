#include "stats/stat.h"

#include "tune/duration.h"
#include "tune/record.h"
#include "util/diagnostics.h"

/* ---- writing ---- */

static void open_object(struct text *out, const char *name) {
    json_put_name(out, name);
    text_append_byte(out, '{');
}

static void put_interval(struct text *out, const char *name, const struct interval *interval) {
    json_put_name(out, name);
    text_append_byte(out, '[');
    json_append_number(out, interval->low);
    text_append_byte(out, ',');
    json_append_number(out, interval->high);
    text_append_byte(out, ']');
}

static void put_percentiles(struct text *out, const struct distribution *times) {
    static const struct {
        const char *name, *interval;
        unsigned per_mille;
    } percentiles[] = {{"p50", "p50Interval", 500},
                       {"p90", "p90Interval", 900},
                       {"p95", "p95Interval", 950},
                       {"p99", "p99Interval", 990},
                       {"p99.9", "p99.9Interval", 999}};
    struct interval interval;
    for (size_t i = 0; i < sizeof percentiles / sizeof *percentiles; i++) {
        json_put_number(out, percentiles[i].name, distribution_percentile(times, percentiles[i].per_mille));
        if (distribution_percentile_interval(times, percentiles[i].per_mille, &interval))
            put_interval(out, percentiles[i].interval, &interval);
    }
}

static void put_times(struct text *out, const char *name, const struct distribution *times, double discard) {
    struct interval interval;
    double error;
    uint64_t degrees;
    if (!times->count)
        return;
    open_object(out, name);
    json_put_number(out, "count", (double)times->count);
    double mean = distribution_mean(times);
    json_put_number(out, "mean", mean);
    json_put_number(out, "trimmedMean", distribution_trimmed_mean(times, discard));
    if (distribution_mean_interval(times, discard, &interval))
        put_interval(out, "trimmedMeanInterval", &interval);
    if (distribution_mean_error(times, discard, &error, &degrees)) {
        json_put_number(out, "trimmedMeanError", error);
        json_put_number(out, "degreesOfFreedom", (double)degrees);
    }
    if (times->count > 1) {
        double deviation = distribution_standard_deviation(times);
        json_put_number(out, "standardDeviation", deviation);
        if (mean > 0)
            json_put_number(out, "coefficientOfVariation", deviation / mean);
    }
    json_put_number(out, "min", duration_ms(times->minimum));
    put_percentiles(out, times);
    json_put_number(out, "max", duration_ms(times->maximum));
    text_append_byte(out, '}');
}

/* Writes the averages of the cold or of the warm starts alone, for a projection to another rate of cold
 * starts. */
static void put_part(struct text *out, const char *name, struct sample *duration, struct sample *billed,
                     const struct group *group, const struct stat_settings *settings) {
    struct distribution times;
    if (!duration->count)
        return;
    open_object(out, name);
    json_put_number(out, "count", (double)duration->count);
    distribution_open(&times, &duration, 1);
    json_put_number(out, "averageDuration", distribution_trimmed_mean(&times, settings->discard));
    distribution_close(&times);
    if (group->memory_mb > 0) {
        distribution_open(&times, &billed, 1);
        double ms = (double)distribution_trimmed_mean_ceil(&times, settings->discard);
        json_put_number(out, "averagePrice", price_of(&settings->price, ms * group->memory_mb));
        distribution_close(&times);
    }
    text_append_byte(out, '}');
}

static void put_key(struct text *out, const struct group *group, const struct stat_settings *settings) {
    const char *at = text_string(&group->key);
    for (size_t i = 0; i < settings->by_count; i++) {
        size_t length = strcspn(at, "\n");
        if (strcmp(settings->by[i], "power") == 0)
            json_put_number(out, "value", group->memory_mb);
        else
            json_put_value(out, settings->by[i], (struct span){at, length});
        at += length + (at[length] == '\n');
    }
}

static void put_counts(struct text *out, const struct group *group) {
    json_put_number(out, "count", (double)group_count(group));
    json_put_number(out, "failed", (double)group->failed);
    json_put_number(out, "lost", (double)group->lost);
    json_put_number(out, "noReport", (double)group->no_report);
    if (group->not_cold)
        json_put_number(out, "notCold", (double)group->not_cold);
    if (group->errors.count)
        frequencies_put(out, "failedByErrorType", &group->errors, false);
    if (group->lost_reasons.count)
        frequencies_put(out, "lostByReason", &group->lost_reasons, false);
    if (group->failed_max_memory_used > 0)
        json_put_number(out, "failedMaxMemoryUsedMB", group->failed_max_memory_used);
}

static void put_failed_cost(struct text *out, const struct group *group,
                            const struct stat_settings *settings) {
    if (group->failed_megabyte_ms)
        json_put_number(out, "failedCost", price_of(&settings->price, (double)group->failed_megabyte_ms));
}

static void put_memory(struct text *out, const struct group *group) {
    if (!(group->max_memory_used > 0))
        return;
    json_put_number(out, "maxMemoryUsedMB", group->max_memory_used);
    if (group->memory_mb > 0)
        json_put_number(out, "maxMemoryUsedShare", group->max_memory_used / group->memory_mb);
}

/* The average price of an invocation. For one memory size it is the price of the average billed duration, as
 * in the original; for several sizes together it is the mean of the prices paid. */
static double average_price(const struct group *group, const struct distribution *billed,
                            const struct stat_settings *settings) {
    if (group->memory_mb > 0)
        return price_of(&settings->price,
                        (double)distribution_trimmed_mean_ceil(billed, settings->discard) * group->memory_mb);
    return price_of(&settings->price, (double)group->megabyte_ms) / (double)group_count(group);
}

static void put_init_billing(struct text *out, const struct group *group) {
    if (!group->init_not_billed && !group->mixed_billing)
        return;
    json_put_number(out, "initBilled", (double)group->init_billed);
    json_put_number(out, "initNotBilled", (double)group->init_not_billed);
    if (group->mixed_billing)
        json_put_boolean(out, "mixedBilling", true);
}

static void put_figures(struct text *out, struct group *group, const struct stat_settings *settings) {
    struct distribution duration, billed, init;
    struct sample *const durations[] = {&group->warm_duration, &group->cold_duration};
    struct sample *const billeds[] = {&group->warm_billed, &group->cold_billed};
    struct sample *const inits[] = {&group->init_duration};
    distribution_open(&duration, durations, 2);
    distribution_open(&billed, billeds, 2);
    distribution_open(&init, inits, 1);
    double price = average_price(group, &billed, settings);
    json_put_number(out, "averageDuration", distribution_trimmed_mean(&duration, settings->discard));
    json_put_number(out, "averagePrice", price);
    json_put_number(out, "totalCost", price_of(&settings->price, (double)group->megabyte_ms));
    put_counts(out, group);
    put_failed_cost(out, group, settings);
    json_put_number(out, "coldStarts", (double)group->cold_duration.count);
    put_init_billing(out, group);
    json_put_number(out, "costOfMillion", price * 1e6);
    json_put_number(out, "costOfMillionWithRequests", (price + settings->price.request) * 1e6);
    json_put_string(out, "currency", settings->price.currency);
    if (!duration.exact)
        json_put_number(out, "relativeError", 0.001);
    put_memory(out, group);
    if (group->first_time) {
        json_put_number(out, "firstTimestamp", (double)group->first_time);
        json_put_number(out, "lastTimestamp", (double)group->last_time);
    }
    put_times(out, "durationMs", &duration, settings->discard);
    put_times(out, "billedDurationMs", &billed, settings->discard);
    put_times(out, "initDurationMs", &init, settings->discard);
    distribution_close(&duration);
    distribution_close(&billed);
    distribution_close(&init);
    put_part(out, "warm", &group->warm_duration, &group->warm_billed, group, settings);
    put_part(out, "cold", &group->cold_duration, &group->cold_billed, group, settings);
}

static void append_payload(struct text *out, struct group *payload, const struct stat_settings *settings) {
    struct distribution duration, billed;
    struct sample *const durations[] = {&payload->warm_duration, &payload->cold_duration};
    struct sample *const billeds[] = {&payload->warm_billed, &payload->cold_billed};
    json_separate(out);
    text_append_byte(out, '{');
    json_put_value(out, "payloadIndex", (struct span){text_string(&payload->key), payload->key.length - 1});
    if (group_count(payload)) {
        distribution_open(&duration, durations, 2);
        distribution_open(&billed, billeds, 2);
        json_put_number(out, "averageDuration", distribution_trimmed_mean(&duration, settings->discard));
        json_put_number(out, "averagePrice", average_price(payload, &billed, settings));
        json_put_number(out, "totalCost", price_of(&settings->price, (double)payload->megabyte_ms));
        distribution_close(&duration);
        distribution_close(&billed);
    }
    put_counts(out, payload);
    json_put_number(out, "coldStarts", (double)payload->cold_duration.count);
    put_memory(out, payload);
    text_append_byte(out, '}');
}

/* Writes figures for each weighted payload. */
static void put_payloads(struct text *out, struct group *group, const struct stat_settings *settings) {
    if (!group->payloads.count)
        return;
    json_put_name(out, "payloads");
    text_append_byte(out, '[');
    group_table_sort(&group->payloads);
    for (size_t i = 0; i < group->payloads.count; i++)
        append_payload(out, group->payloads.groups[i], settings);
    text_append_byte(out, ']');
}

void stat_append(struct text *out, struct group *group, const struct stat_settings *settings) {
    text_append_string(out, "{\"type\":\"stat\"");
    put_key(out, group, settings);
    if (group_count(group)) {
        put_figures(out, group, settings);
    } else {
        put_counts(out, group);
        put_failed_cost(out, group, settings);
    }
    put_payloads(out, group, settings);
    text_append_byte(out, '}');
}

/* The total of cold starts over all sizes of the function of `group`. */
static struct group *find_function(struct group_table *functions, const struct group *group,
                                   const char *const *by, size_t by_count) {
    struct text key = TEXT_INIT;
    const char *at = text_string(&group->key);
    for (size_t i = 0; i < by_count; i++) {
        size_t length = strcspn(at, "\n") + 1;
        if (strcmp(by[i], "power") != 0)
            text_append(&key, at, length);
        at += length;
    }
    struct group *function = group_find(functions, (struct span){text_string(&key), key.length});
    text_release(&key);
    return function;
}

void stat_find_mixed_billing(struct group_table *table, const char *const *by, size_t by_count) {
    struct group_table functions = {0};
    uint64_t billed = 0, not_billed = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < table->count; i++) {
            struct group *group = table->groups[i];
            if (!group->init_billed && !group->init_not_billed)
                continue;
            struct group *function = find_function(&functions, group, by, by_count);
            if (pass == 0) {
                function->init_billed += group->init_billed;
                function->init_not_billed += group->init_not_billed;
            } else if (function->init_billed && function->init_not_billed) {
                group->mixed_billing = true;
                billed += group->init_billed;
                not_billed += group->init_not_billed;
            }
        }
    group_table_close(&functions);
    if (billed)
        report_warning(
            "cold starts from before and after August 2025 are mixed: init was billed for %llu and not "
            "for %llu; prices are averages of both",
            (unsigned long long)billed, (unsigned long long)not_billed);
}

/* ---- reading ---- */

bool stat_read(struct span object, struct size_stat *stat, struct text *problem) {
    struct members {
        double value, average_duration, average_price, total_cost, failed_cost;
        long long count;
    } members = {.average_duration = -1, .average_price = -1, .total_cost = -1, .count = -1};
    static const struct field fields[] = {
        {"value", FIELD_NUMBER, offsetof(struct members, value), true, 1, MAX_REPORT_MB},
        {"averageDuration", FIELD_NUMBER, offsetof(struct members, average_duration), false, 0, 1e12},
        {"averagePrice", FIELD_NUMBER, offsetof(struct members, average_price), false, 0, 1e12},
        {"totalCost", FIELD_NUMBER, offsetof(struct members, total_cost), false, 0, 1e15},
        {"failedCost", FIELD_NUMBER, offsetof(struct members, failed_cost), false, 0, 1e15},
        {"count", FIELD_WHOLE, offsetof(struct members, count), false, 0, 9e15},
    };
    if (!record_fields(object, fields, sizeof fields / sizeof *fields, &members, problem))
        return false;
    bool averages = members.average_duration >= 0 && members.average_price >= 0;
    if (members.count != 0 && !averages) {
        text_append_format(problem, "no member '%s'",
                           members.average_duration < 0 ? "averageDuration" : "averagePrice");
        return false;
    }
    *stat = (struct size_stat){
        members.value,         members.count < 0 ? 1 : (uint64_t)members.count, members.average_duration,
        members.average_price, members.total_cost < 0 ? 0 : members.total_cost, members.failed_cost};
    return true;
}
