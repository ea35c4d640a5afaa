#include "advise/advice.h"

#include "tune/record.h"
#include "util/json.h"

#include <math.h>

enum { FEW = 5 }; /* fewer measurements of a size than this are mentioned */

/* Common sizes, MB: smaller sizes are suggested from these. */
static const double common_sizes[] = {128,  256,  512,  768,  1024, 1536, 2048,
                                      3008, 4096, 5120, 6144, 7168, 8192, 10240};
enum { COMMON_SIZES = sizeof common_sizes / sizeof *common_sizes };

static double member(const struct memory_size *size, const char *name) {
    return record_number(span_of(size->object), NULL, name, 0);
}

/* ---- from the stat records ---- */

static bool is_later(const struct memory_size *a, const struct memory_size *b) {
    double first = member(a, "lastTimestamp"), second = member(b, "lastTimestamp");
    if (first != second)
        return first > second;
    return a->stat.count > b->stat.count;
}

static double cost_at(const struct memory_size *present, double memory_mb) {
    return present->cost * memory_mb / present->stat.memory_mb;
}

/* True when the size has enough memory, judging by the logs. */
static bool is_enough(const struct advice *advice, double memory_mb) {
    return memory_mb >= advice->max_memory_used && memory_mb > advice->all_failed;
}

static void find_smallest(struct advice *advice) {
    if (advice->present->failing)
        return;
    for (size_t i = 0; i < COMMON_SIZES && common_sizes[i] < advice->present->stat.memory_mb; i++)
        if (is_enough(advice, common_sizes[i]) && advice->max_memory_used > 0) {
            advice->memory_mb = common_sizes[i];
            advice->saving = advice->present->cost - cost_at(advice->present, advice->memory_mb);
            return;
        }
}

/* Sums up the sizes of the function and finds its current size. */
static void read_sizes(struct advice *advice, const struct memory_sizes *sizes) {
    for (size_t i = 0; i < sizes->count; i++) {
        const struct memory_size *size = &sizes->list[i];
        advice->invocations += (double)size->stat.count + member(size, "failed");
        advice->max_memory_used = fmax(advice->max_memory_used, fmax(member(size, "maxMemoryUsedMB"),
                                                                     member(size, "failedMaxMemoryUsedMB")));
        if (!size_is_excluded(size) && (!advice->present || is_later(size, advice->present)))
            advice->present = size;
    }
    for (size_t i = 0; advice->present && i < sizes->count; i++)
        if (size_is_excluded(&sizes->list[i]) &&
            sizes->list[i].stat.memory_mb < advice->present->stat.memory_mb)
            advice->all_failed = fmax(advice->all_failed, sizes->list[i].stat.memory_mb);
}

void advice_open(struct advice *advice, struct function *function, const struct advice_settings *settings) {
    *advice = (struct advice){.function = function};
    limits_apply(settings->limits, &function->sizes);
    choice_open(&advice->choice, &function->sizes, settings->strategy, settings->weight);
    read_sizes(advice, &function->sizes);
    advice->basis = !advice->present            ? ADVICE_FAILURES
                    : advice->choice.count == 1 ? ADVICE_ONE_SIZE
                                                : ADVICE_SEVERAL_SIZES;
    if (advice->basis == ADVICE_ONE_SIZE) {
        find_smallest(advice);
    } else if (advice->choice.candidates) {
        advice->memory_mb = advice->choice.memory_sizes[advice->choice.best];
        advice->saving = advice->present->cost - advice->choice.costs[advice->choice.best];
    }
}

void advice_close(struct advice *advice) {
    choice_close(&advice->choice);
}

double advice_days(const struct functions *functions) {
    const double minute = 60000, day = 86400000;
    double first = 0, last = 0;
    for (size_t i = 0; i < functions->count; i++)
        for (size_t k = 0; k < functions->list[i].sizes.count; k++) {
            const struct memory_size *size = &functions->list[i].sizes.list[k];
            double from = member(size, "firstTimestamp"), to = member(size, "lastTimestamp");
            first = from > 0 && (first == 0 || from < first) ? from : first;
            last = to > last ? to : last;
        }
    return last - first >= minute ? (last - first) / day : 0;
}

double advice_monthly(const struct advice *advice, const struct advice_settings *settings) {
    return settings->days > 0 ? advice->invocations * 30 / settings->days : (double)NAN;
}

/* The share of the invocations at the present size that succeed: figures are of these. */
static double succeeding(const struct advice *advice) {
    struct failures failures = failures_of(advice->present);
    return (double)advice->present->stat.count / failures.total;
}

double advice_monthly_cost(const struct advice *advice, const struct advice_settings *settings) {
    return advice->present ? advice_monthly(advice, settings) * succeeding(advice) * advice->present->cost
                           : (double)NAN;
}

double advice_monthly_saving(const struct advice *advice, const struct advice_settings *settings) {
    return advice->memory_mb > 0 ? advice_monthly(advice, settings) * succeeding(advice) * advice->saving
                                 : (double)NAN;
}

/* ---- as a sentence ---- */

static void append_share(struct text *out, double part, double total) {
    if (part * 2 == total)
        text_append_string(out, "half of the invocations");
    else if (part >= total / 100)
        text_append_format(out, "%.0f %% of the invocations", part / total * 100);
    else
        text_append_format(out, "%.0f of %.0f invocations", part, total);
}

/* "half of the invocations at 160 MB run out of memory: raise it first; ": what must be done before any figure
 * of the current size means something. */
static void append_failing(struct text *out, const struct memory_size *present) {
    struct failures failures = failures_of(present);
    if (!present->failing)
        return;
    bool memory = failures.out_of_memory > 0;
    append_share(out, memory ? failures.out_of_memory : failures.failed, failures.total);
    text_append_format(out, " at %g MB %s; ", present->stat.memory_mb,
                       memory ? "run out of memory: raise it first"
                       : failures.timed_out == failures.failed
                           ? "time out: raise the time limit or the memory first"
                           : "fail: correct that first");
}

/* "; 160 MB is left out: 5 of 10 invocations ran out of memory": the other sizes that fail. */
static void append_left_out(struct text *out, const struct advice *advice) {
    const struct memory_sizes *sizes = &advice->function->sizes;
    for (size_t i = 0; i < sizes->count; i++) {
        const struct memory_size *size = &sizes->list[i];
        if (!size->failing || size == advice->present)
            continue;
        text_append_format(out, "; %g MB is left out: ", size->stat.memory_mb);
        size_reason(out, sizes, size);
    }
}

static void append_memory(struct text *out, const struct advice *advice) {
    double present = advice->present->stat.memory_mb;
    if (advice->present->failing || !(advice->max_memory_used > 0))
        return;
    text_append_format(out, "; at most %g MB were used", advice->max_memory_used);
    if (advice->max_memory_used >= 0.95 * present && advice->basis == ADVICE_ONE_SIZE)
        text_append_string(out, ", nearly all: a larger size may be needed");
}

/* Mentions that the best size, which is chosen by successful invocations alone, fails more often than the
 * present one. */
static void append_failed(struct text *out, const struct advice *advice) {
    const struct memory_sizes *sizes = &advice->function->sizes;
    double present = member(advice->present, "failed") / (double)advice->present->stat.count;
    for (size_t i = 0; i < sizes->count; i++) {
        double failed = member(&sizes->list[i], "failed"), count = (double)sizes->list[i].stat.count;
        if (sizes->list[i].stat.memory_mb == advice->memory_mb && failed > present * count)
            text_append_format(out, "; at %g MB, %.0f of %.0f invocations failed", advice->memory_mb, failed,
                               failed + count);
    }
}

static const char *which_sizes(const struct advice *advice) {
    return advice->function->sizes.count > advice->choice.count ? "with successes" : "in the logs";
}

/* Logs without timestamps do not tell which size is the current one; the most frequent one is named, if
 * there is one. */
static void append_present(struct text *out, const struct advice *advice) {
    bool timed = member(advice->present, "lastTimestamp") > 0;
    size_t as_often = 0;
    for (size_t i = 0; i < advice->function->sizes.count; i++)
        as_often += advice->function->sizes.list[i].stat.count == advice->present->stat.count;
    if (!timed && as_often > 1)
        return;
    if (advice->memory_mb == advice->present->stat.memory_mb)
        text_append_string(out, timed ? ", and the current size" : ", and the most frequent size");
    else
        text_append_format(out, "; the %s size is %g MB", timed ? "current" : "most frequent",
                           advice->present->stat.memory_mb);
}

static bool any_failing(const struct memory_sizes *sizes) {
    for (size_t i = 0; i < sizes->count; i++)
        if (sizes->list[i].failing)
            return true;
    return false;
}

static void append_several(struct text *out, const struct advice *advice,
                           const struct advice_settings *settings) {
    static const char *const words[] = {"the cheapest", "the fastest", "the best balance"};
    if (!advice->choice.candidates) {
        text_append_format(out, "none of the %zu sizes %s %s", advice->choice.count, which_sizes(advice),
                           any_failing(&advice->function->sizes) ? "can be chosen" : "satisfies the limits");
        append_left_out(out, advice);
        return;
    }
    if (advice->choice.candidates == 1 && any_failing(&advice->function->sizes))
        text_append_format(out, "%g MB is the only one of the %zu sizes %s that can be chosen",
                           advice->memory_mb, advice->choice.count, which_sizes(advice));
    else
        text_append_format(out, "%g MB is %s of the %zu sizes %s", advice->memory_mb,
                           words[settings->strategy], advice->choice.count, which_sizes(advice));
    append_present(out, advice);
    append_failed(out, advice);
    append_left_out(out, advice);
    for (size_t i = 0; i < advice->function->sizes.count; i++) {
        const struct memory_size *size = &advice->function->sizes.list[i];
        if (!size_is_excluded(size) && size->stat.count < FEW)
            text_append_format(out, "; %g MB has only %llu measurement%s", size->stat.memory_mb,
                               (unsigned long long)size->stat.count, size->stat.count == 1 ? "" : "s");
    }
}

static void append_one(struct text *out, const struct advice *advice) {
    text_append_format(out, "only %g MB %s", advice->present->stat.memory_mb,
                       advice->function->sizes.count > advice->choice.count ? "has successes"
                                                                            : "is in the logs");
    append_memory(out, advice);
    if (advice->memory_mb > 0)
        text_append_format(out, ": %g MB would be enough, but only a run can tell the duration there",
                           advice->memory_mb);
    else
        text_append_string(out, "; only a run can tell whether another size is better");
}

static bool is_mixed(const struct memory_sizes *sizes) {
    struct span value;
    for (size_t i = 0; i < sizes->count; i++)
        if (sizes->list[i].object && json_member(span_of(sizes->list[i].object), "mixedBilling", &value) &&
            json_type(value) == JSON_TRUE)
            return true;
    return false;
}

void advice_sentence(struct text *out, const struct advice *advice, const struct advice_settings *settings) {
    if (advice->present)
        append_failing(out, advice->present);
    if (advice->basis == ADVICE_FAILURES)
        text_append_string(
            out,
            "no advice: the logs have no report of a success (a function with log level WARN writes none)");
    else if (advice->basis == ADVICE_ONE_SIZE)
        append_one(out, advice);
    else
        append_several(out, advice, settings);
    if (is_mixed(&advice->function->sizes))
        text_append_string(out, "; the prices mix cold starts from before and after August 2025");
}

/* ---- as a record ---- */

static void put_if_known(struct text *out, const char *name, double number) {
    if (!isnan(number))
        json_put_number(out, name, number);
}

/* Puts the cost of the other common sizes, assuming the same duration. */
static void put_others(struct text *out, const struct advice *advice) {
    json_put_name(out, "ifTimeStayed");
    text_append_byte(out, '[');
    for (size_t i = 0; i < COMMON_SIZES; i++) {
        if (!is_enough(advice, common_sizes[i]) || common_sizes[i] == advice->present->stat.memory_mb)
            continue;
        json_separate(out);
        text_append_byte(out, '{');
        json_put_number(out, "power", common_sizes[i]);
        json_put_number(out, "cost", cost_at(advice->present, common_sizes[i]));
        text_append_byte(out, '}');
    }
    text_append_byte(out, ']');
}

static void put_present(struct text *out, const struct advice *advice,
                        const struct advice_settings *settings) {
    bool one = advice->basis == ADVICE_ONE_SIZE;
    json_put_number(out, "presentPower", advice->present->stat.memory_mb);
    json_put_number(out, "presentCost", advice->present->cost);
    json_put_number(out, "presentDuration", advice->present->duration);
    if (advice->max_memory_used > 0)
        json_put_number(out, "maxMemoryUsedMB", advice->max_memory_used);
    put_if_known(out, "costPerMonth", advice_monthly_cost(advice, settings));
    if (one && advice->memory_mb > 0)
        json_put_number(out, "smallestThatHolds", advice->memory_mb);
    put_if_known(out, one ? "savingPerMonthAtMost" : "savingPerMonth",
                 advice_monthly_saving(advice, settings));
    if (one)
        put_others(out, advice);
}

void advice_append(struct text *out, const struct advice *advice, const struct advice_settings *settings) {
    static const char *const bases[] = {"failures", "oneSize", "severalSizes"};
    struct text sentence = TEXT_INIT;
    if (advice->basis == ADVICE_SEVERAL_SIZES && advice->choice.candidates) {
        const struct confidence_settings confidence_settings = {
            .goal = {settings->strategy, settings->weight}, .seed = 1};
        struct confidence confidence;
        confidence_open(&confidence, &advice->function->sizes, &advice->choice, &confidence_settings);
        const struct result_settings result = {.confidence = &confidence,
                                               .strategy = settings->strategy,
                                               .weight = settings->weight,
                                               .visualization_url = settings->visualization_url,
                                               .region = settings->region,
                                               .function = advice->function->name};
        result_append(out, &advice->function->sizes, &advice->choice, &result);
        confidence_close(&confidence);
        out->bytes[--out->length] = '\0';
    } else {
        text_append_byte(out, '{');
        if (advice->function->name)
            json_put_value(out, "functionName", span_of(advice->function->name));
        if (any_failing(&advice->function->sizes))
            result_put_excluded(out, &advice->function->sizes);
    }
    json_put_string(out, "basis", bases[advice->basis]);
    advice_sentence(&sentence, advice, settings);
    json_put_string(out, "advice", text_string(&sentence));
    json_put_number(out, "invocations", advice->invocations);
    put_if_known(out, "invocationsPerMonth", advice_monthly(advice, settings));
    if (advice->present)
        put_present(out, advice, settings);
    text_append_byte(out, '}');
    text_release(&sentence);
}
