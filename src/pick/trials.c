#include "pick/trials.h"

#include "tune/duration.h"
#include "tune/fault.h"
#include "tune/measurement.h"
#include "tune/plan-record.h"
#include "util/json.h"
#include "util/memory.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

enum { NUM_WITHOUT_PLAN = 100, MAX_LOSSES = 3 };

void trials_close(struct trials *trials) {
    sizes_close(&trials->sizes);
    group_table_close(&trials->groups);
    *trials = (struct trials){0};
}

/* ---- records ---- */

static bool add_plan(struct trials *trials, struct span plan) {
    size_t count;
    double *memory_sizes = plan_memory_sizes(plan, &count);
    trials->planned = true;
    trials->num = (long long)fmin(fmax(plan_number(plan, "num", 0), 0), 1e6);
    trials->cold_starts = plan_member(plan, "onlyColdStarts", JSON_TRUE).start != NULL;
    for (size_t i = 0; i < count; i++)
        sizes_find(&trials->sizes, memory_sizes[i])->asked = true;
    free(memory_sizes);
    return true;
}

static bool add_configuration(struct trials *trials, struct span object, struct text *problem) {
    double memory_mb;
    long long num;
    struct span value;
    if (!record_memory_mb(object, true, &memory_mb, problem))
        return false;
    struct memory_size *size = sizes_find(&trials->sizes, memory_mb);
    size->asked = true;
    if (json_member(object, "num", &value) && json_whole_number(value, &num) && num > size->num)
        size->num = num;
    bool published = json_member(object, "version", &value) && json_type(value) == JSON_STRING;
    if (size->published && !published)
        return true;
    size->published = published;
    free(size->configuration);
    size->configuration = memory_copy(object.start, object.length);
    return true;
}

static void note_index(struct memory_size *size, struct span object) {
    struct span value;
    long long index;
    if (json_member(object, "index", &value) && json_whole_number(value, &index) &&
        index >= size->next_index && index < 1000000)
        size->next_index = index + 1;
}

static bool is_about_memory(struct span object) {
    return fault_cause_of_record(object) == FAULT_OUT_OF_MEMORY;
}

/* Counts an invocation without a measurement. The size counts as unable to run after an error of the
 * function, unless it ran before; after lost invocations only when there are MAX_LOSSES failures and no
 * measurement. */
static void count_failure(struct memory_size *size, struct span object, bool of_function) {
    size->failures++;
    bool memory = is_about_memory(object);
    if (memory || (of_function && !size->observed.count) ||
        (size->failures >= MAX_LOSSES && !size->observed.count))
        size->failed = true;
    size->out_of_memory = size->out_of_memory || memory;
}

static bool add_failure(struct trials *trials, struct span object, struct text *problem) {
    double memory_mb;
    struct span value;
    if (!record_memory_mb(object, false, &memory_mb, problem))
        return false;
    if (memory_mb < 1)
        return true;
    struct memory_size *size = sizes_find(&trials->sizes, memory_mb);
    note_index(size, object);
    bool of_function = json_member(object, "kind", &value) && json_string_is(value, "functionError");
    count_failure(size, object, of_function);
    if (json_member(object, "excluded", &value) && json_type(value) == JSON_TRUE)
        size->failed = true;
    return true;
}

static double duration_member(struct span object, const char *name) {
    struct span value;
    int64_t duration;
    return json_member(object, name, &value) && duration_parse(value, &duration) ? duration_ms(duration) : 0;
}

static void group_measurement(struct trials *trials, const struct measurement *measurement) {
    struct text key = TEXT_INIT;
    text_append_format(&key, "%.17g\n", measurement->memory_mb);
    struct group *group = group_find(&trials->groups, (struct span){key.bytes, key.length});
    group->memory_mb = measurement->memory_mb;
    group_add(group, measurement);
    text_release(&key);
}

static bool add_measurement(struct trials *trials, struct span object, struct text *problem) {
    struct measurement measurement;
    if (!measurement_read(object, &measurement, problem))
        return false;
    struct memory_size *size = sizes_find(&trials->sizes, measurement.memory_mb);
    note_index(size, object);
    struct span status = measurement.status;
    if (!trials->planned && (json_string_is(status, "timeout") || json_string_is(status, "error") ||
                             json_string_is(status, "failure"))) {
        count_failure(size, object, true);
        return true;
    }
    /* The init happens once per environment, so the duration leaves it out, unless only cold starts are
     * measured. */
    double whole = duration_ms(measurement.duration), billed = duration_ms(measurement.billed_duration);
    double duration = trials->cold_starts ? whole : duration_member(object, "durationMs");
    observations_add(&size->observed, duration, measurement.cold && !trials->cold_starts);
    size->measurements++;
    size->max_memory_used = fmax(size->max_memory_used, measurement.max_memory_used);
    if (trials->grouped)
        group_measurement(trials, &measurement);
    if (!measurement.cold || trials->cold_starts) {
        size->offset_sum += billed - duration;
        size->offsets++;
    }
    return true;
}

static bool add_stat(struct trials *trials, struct span object, struct text *problem) {
    struct size_stat stat;
    if (!stat_read(object, &stat, problem))
        return false;
    struct memory_size *size = sizes_find(&trials->sizes, stat.memory_mb);
    free(size->object);
    size->object = memory_copy(object.start, object.length);
    size->max_memory_used = fmax(size->max_memory_used, record_number(object, NULL, "maxMemoryUsedMB", 0));
    size->stat = stat;
    return true;
}

bool trials_add(struct trials *trials, const struct record *record, struct text *problem) {
    if (record_is(record, "plan"))
        return add_plan(trials, record->object);
    if (record_is(record, "configuration"))
        return add_configuration(trials, record->object, problem);
    if (record_is(record, "measurement"))
        return add_measurement(trials, record->object, problem);
    if (record_is(record, "failure"))
        return add_failure(trials, record->object, problem);
    if (record_is(record, "stat"))
        return add_stat(trials, record->object, problem);
    return true;
}

/* ---- sizes for the chooser ---- */

static double stat_member(const struct memory_size *size, const char *part, const char *name) {
    return record_number(span_of(size->object), part, name, 0);
}

/* Adds artificial durations with the average and spread of the stat record: as many as it counts, at most
 * MAX_ADDED. */
static void add_from_stat(struct memory_size *size) {
    enum { MAX_ADDED = 200 };
    double average = fmax(size->stat.average_duration, 0.01);
    double degrees = stat_member(size, "durationMs", "degreesOfFreedom");
    double error = stat_member(size, "durationMs", "trimmedMeanError") / average;
    size_t count = size->stat.count < MAX_ADDED ? (size_t)size->stat.count : MAX_ADDED;
    double spread = degrees > 0 ? error * sqrt((double)count) : 0.15;
    for (size_t i = 0; i < count; i++) {
        double side = i + 1 == count && count % 2 ? 0 : i % 2 ? 1 : -1;
        observations_add(&size->observed, average * exp(side * spread), false);
    }
    size->offset_sum = stat_member(size, "billedDurationMs", "trimmedMean") - size->stat.average_duration;
    size->offsets = size->offset_sum > 0;
}

/* Uses the stat record of a size without measurement records; one without successes marks the size as
 * failed. */
static void take_stat(struct memory_size *size) {
    struct span errors;
    if (!size->object || size->measurements)
        return;
    if (size->stat.count) {
        if (!size->observed.count)
            add_from_stat(size);
        return;
    }
    if (!json_member(span_of(size->object), "failedByErrorType", &errors))
        return;
    size->failed = true;
    struct json_cursor cursor = json_cursor(errors);
    struct span name, value;
    while (json_next_member(&cursor, &name, &value)) {
        struct text object = TEXT_INIT;
        text_append_byte(&object, '{');
        json_put_value(&object, "errorType", name);
        text_append_byte(&object, '}');
        size->out_of_memory =
            size->out_of_memory || is_about_memory((struct span){object.bytes, object.length});
        text_release(&object);
    }
}

double trials_out_of_memory(const struct trials *trials) {
    double highest = 0;
    for (size_t i = 0; i < trials->sizes.count; i++)
        if (trials->sizes.list[i].out_of_memory && !trials->sizes.list[i].observed.count)
            highest = trials->sizes.list[i].stat.memory_mb;
    return highest;
}

size_t trials_not_measured(const struct trials *trials, double *memory_sizes) {
    double failed = trials_out_of_memory(trials);
    size_t count = 0;
    for (size_t i = 0; i < trials->sizes.count; i++) {
        const struct memory_size *size = &trials->sizes.list[i];
        if (size->asked && !size->failed && !size->observed.count && !size->object &&
            size->stat.memory_mb > failed)
            memory_sizes[count++] = size->stat.memory_mb;
    }
    return count;
}

double trials_floor(const struct trials *trials) {
    double failed = trials_out_of_memory(trials);
    for (size_t i = 0; failed > 0 && i < trials->sizes.count; i++)
        if (trials->sizes.list[i].stat.memory_mb > failed && trials->sizes.list[i].asked)
            return trials->sizes.list[i].stat.memory_mb;
    return 0;
}

/* Mean of billed duration minus duration over all sizes, ms; 0.5 ms counts as one more measurement.
 * trials_sizes shrinks the mean of each size towards it. */
static double pooled_offset(const struct trials *trials) {
    double sum = 0.5, count = 1;
    for (size_t i = 0; i < trials->sizes.count; i++) {
        sum += trials->sizes.list[i].offset_sum;
        count += (double)trials->sizes.list[i].offsets;
    }
    return sum / count;
}

static bool any_asked(const struct trials *trials) {
    for (size_t i = 0; i < trials->sizes.count; i++)
        if (trials->sizes.list[i].asked)
            return true;
    return false;
}

struct model_size *trials_sizes(struct trials *trials, double floor) {
    struct model_size *sizes = memory_zeroed(trials->sizes.count, sizeof *sizes);
    for (size_t i = 0; i < trials->sizes.count; i++)
        take_stat(&trials->sizes.list[i]);
    double pooled = pooled_offset(trials), failed = trials_out_of_memory(trials);
    bool asked = any_asked(trials);
    for (size_t i = 0; i < trials->sizes.count; i++) {
        const struct memory_size *size = &trials->sizes.list[i];
        long long num = trials->num ? trials->num : size->num ? size->num : NUM_WITHOUT_PLAN;
        size_t spent = size->observed.count + size->failures;
        sizes[i].memory_mb = size->stat.memory_mb;
        sizes[i].observed = size->observed;
        sizes[i].offset = (size->offset_sum + 2 * pooled) / ((double)size->offsets + 2);
        sizes[i].left = spent < (size_t)num ? (size_t)num - spent : 0;
        sizes[i].open = size->published || spent > 0;
        sizes[i].out =
            size->failed || (asked && !size->asked) ||
            (!size->observed.count && (size->stat.memory_mb < failed || size->stat.memory_mb < floor));
    }
    return sizes;
}
