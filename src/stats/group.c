#include "stats/group.h"

#include "tune/duration.h"
#include "util/memory.h"

#include <stdio.h>
#include <stdlib.h>

static uint64_t hash_bytes(struct span key) {
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < key.length; i++)
        hash = (hash ^ (unsigned char)key.start[i]) * UINT64_C(1099511628211);
    return hash ^ hash >> 32;
}

static size_t find_slot(const struct group_table *table, struct span key) {
    size_t slot = (size_t)hash_bytes(key) & (table->slot_count - 1);
    while (table->slots[slot]) {
        const struct text *other = &table->groups[table->slots[slot] - 1]->key;
        if (span_same(key, (struct span){text_string(other), other->length}))
            break;
        slot = (slot + 1) & (table->slot_count - 1);
    }
    return slot;
}

static void grow_slots(struct group_table *table) {
    free(table->slots);
    table->slot_count = table->slot_count ? table->slot_count * 2 : 64;
    table->slots = memory_zeroed(table->slot_count, sizeof *table->slots);
    for (size_t i = 0; i < table->count; i++) {
        const struct text *key = &table->groups[i]->key;
        table->slots[find_slot(table, (struct span){text_string(key), key->length})] = i + 1;
    }
}

static struct group *group_new(struct span key) {
    struct group *group = memory_zeroed(1, sizeof *group);
    struct sample *samples[GROUP_SAMPLES];
    text_append(&group->key, key.start, key.length);
    group_samples(group, samples);
    for (size_t i = 0; i < GROUP_SAMPLES; i++) {
        bool billed = samples[i] == &group->warm_billed || samples[i] == &group->cold_billed;
        sample_open(samples[i], billed ? SAMPLE_UNIT_MILLISECOND : SAMPLE_UNIT_MICROSECOND);
    }
    return group;
}

struct group *group_find(struct group_table *table, struct span key) {
    if (table->count * 2 >= table->slot_count)
        grow_slots(table);
    size_t slot = find_slot(table, key);
    if (!table->slots[slot]) {
        table->groups =
            memory_reserve(table->groups, &table->capacity, table->count + 1, sizeof(struct group *));
        table->groups[table->count++] = group_new(key);
        table->slots[slot] = table->count;
    }
    return table->groups[table->slots[slot] - 1];
}

static int compare_groups(const void *a, const void *b) {
    const struct group *x = *(struct group *const *)a, *y = *(struct group *const *)b;
    const char *p = text_string(&x->key), *q = text_string(&y->key);
    while (*p && *q) {
        size_t i = strcspn(p, "\n"), k = strcspn(q, "\n");
        bool numbers = *p != '"' && *q != '"';
        double left = numbers ? strtod(p, NULL) : 0, right = numbers ? strtod(q, NULL) : 0;
        if (left != right)
            return left < right ? -1 : 1;
        int order = memcmp(p, q, i < k ? i : k);
        if (order || i != k)
            return order ? order : i < k ? -1 : 1;
        p += i + (p[i] == '\n');
        q += k + (q[k] == '\n');
    }
    return (*p != 0) - (*q != 0);
}

void group_table_sort(struct group_table *table) {
    if (table->count > 1)
        qsort(table->groups, table->count, sizeof *table->groups, compare_groups);
}

static void group_free(struct group *group) {
    struct sample *samples[GROUP_SAMPLES];
    group_samples(group, samples);
    group_table_close(&group->payloads);
    for (size_t i = 0; i < GROUP_SAMPLES; i++)
        sample_close(samples[i]);
    frequencies_close(&group->errors);
    frequencies_close(&group->lost_reasons);
    text_release(&group->key);
    free(group);
}

void group_table_close(struct group_table *table) {
    for (size_t i = 0; i < table->count; i++)
        group_free(table->groups[i]);
    free(table->groups);
    free(table->slots);
    *table = (struct group_table){0};
}

void group_samples(struct group *group, struct sample *samples[GROUP_SAMPLES]) {
    samples[0] = &group->warm_duration;
    samples[1] = &group->warm_billed;
    samples[2] = &group->cold_duration;
    samples[3] = &group->cold_billed;
    samples[4] = &group->init_duration;
}

uint64_t group_count(const struct group *group) {
    return group->warm_duration.count + group->cold_duration.count;
}

static void spill(struct group *group) {
    struct sample *samples[GROUP_SAMPLES];
    group_samples(group, samples);
    for (size_t i = 0; i < GROUP_SAMPLES; i++)
        sample_spill(samples[i]);
}

static void widen_period(struct group *group, long long first, long long last) {
    if (first > 0 && (!group->first_time || first < group->first_time))
        group->first_time = first;
    if (last > group->last_time)
        group->last_time = last;
}

static bool is_rounded(int64_t billed, int64_t duration, int64_t step) {
    return billed == (duration + step - 1) / step * step;
}

/* Counts a cold start as billed with or without its init. Before August 2025 most functions paid for the
 * duration alone, originally rounded up to 100 ms. A billed duration that fits both rules is not counted. */
static void count_init(struct group *group, const struct measurement *measurement) {
    int64_t billed = measurement->billed_duration, own = measurement->duration - measurement->init_duration;
    if (billed < measurement->duration)
        group->init_not_billed++;
    else if (!is_rounded(billed, own, DURATION_MS) && !is_rounded(billed, own, 100 * DURATION_MS))
        group->init_billed++;
}

static sample_wide billed_megabyte_ms(const struct measurement *measurement) {
    int64_t billed = duration_ceil_ms(measurement->billed_duration);
    return (sample_wide)(uint64_t)billed * (uint64_t)measurement->memory_mb;
}

static void add_one(struct group *group, const struct measurement *measurement) {
    if (group_count(group) == SAMPLE_EXACT)
        spill(group);
    sample_add(measurement->cold ? &group->cold_duration : &group->warm_duration, measurement->duration);
    sample_add(measurement->cold ? &group->cold_billed : &group->warm_billed, measurement->billed_duration);
    if (measurement->init_duration) {
        sample_add(&group->init_duration, measurement->init_duration);
        count_init(group, measurement);
    }
    group->megabyte_ms += billed_megabyte_ms(measurement);
    if (measurement->max_memory_used > group->max_memory_used)
        group->max_memory_used = measurement->max_memory_used;
    if (measurement->memory_mb > group->memory_size)
        group->memory_size = measurement->memory_mb;
    widen_period(group, measurement->timestamp, measurement->timestamp);
    group->wanted = true;
}

void group_add(struct group *group, const struct measurement *measurement) {
    add_one(group, measurement);
    if (measurement->payload_index >= 0)
        add_one(group_payload(group, measurement->payload_index), measurement);
}

struct group *group_payload(struct group *group, long long index) {
    char key[32];
    int length = snprintf(key, sizeof key, "%lld\n", index);
    struct group *payload = group_find(&group->payloads, (struct span){key, (size_t)length});
    payload->memory_mb = group->memory_mb;
    return payload;
}

static void add_error(struct group *group, struct span error_type) {
    static const char unknown[] = "\"unknown\"";
    frequencies_add(&group->errors, error_type.start ? error_type : span_of(unknown), 1);
}

void group_add_failed(struct group *group, const struct measurement *measurement) {
    group->failed++;
    group->failed_megabyte_ms += billed_megabyte_ms(measurement);
    group->wanted = true;
    if (measurement->max_memory_used > group->failed_max_memory_used)
        group->failed_max_memory_used = measurement->max_memory_used;
    add_error(group, measurement->error_type.start ? measurement->error_type : measurement->status);
}

static struct span string_member(struct span object, const char *name) {
    struct span value;
    return json_member(object, name, &value) && json_type(value) == JSON_STRING ? value
                                                                                : (struct span){NULL, 0};
}

void group_add_failure(struct group *group, struct span object, struct span kind) {
    if (json_string_is(kind, "lost")) {
        struct span reason = string_member(object, "reason");
        group->lost++;
        if (reason.start)
            frequencies_add(&group->lost_reasons, reason, 1);
    } else if (json_string_is(kind, "noReport")) {
        group->no_report++;
    } else if (json_string_is(kind, "notCold")) {
        group->not_cold++;
    } else if (json_string_is(kind, "functionError")) {
        group->failed++;
        add_error(group, string_member(object, "errorType"));
    }
}

void group_merge(struct group *group, struct group *from) {
    struct sample *into[GROUP_SAMPLES], *samples[GROUP_SAMPLES];
    if (group_count(group) + group_count(from) > SAMPLE_EXACT || !sample_is_exact(&from->warm_duration))
        spill(group);
    group_samples(group, into);
    group_samples(from, samples);
    for (size_t i = 0; i < GROUP_SAMPLES; i++)
        sample_merge(into[i], samples[i]);
    frequencies_merge(&group->errors, &from->errors);
    frequencies_merge(&group->lost_reasons, &from->lost_reasons);
    group->failed += from->failed;
    group->lost += from->lost;
    group->no_report += from->no_report;
    group->not_cold += from->not_cold;
    group->megabyte_ms += from->megabyte_ms;
    group->failed_megabyte_ms += from->failed_megabyte_ms;
    widen_period(group, from->first_time, from->last_time);
    group->init_billed += from->init_billed;
    group->init_not_billed += from->init_not_billed;
    if (from->max_memory_used > group->max_memory_used)
        group->max_memory_used = from->max_memory_used;
    if (from->failed_max_memory_used > group->failed_max_memory_used)
        group->failed_max_memory_used = from->failed_max_memory_used;
    if (from->memory_size > group->memory_size)
        group->memory_size = from->memory_size;
    group->wanted = group->wanted || from->wanted;
    for (size_t i = 0; i < from->payloads.count; i++) {
        struct group *part = from->payloads.groups[i];
        struct group *into_part =
            group_find(&group->payloads, (struct span){text_string(&part->key), part->key.length});
        into_part->memory_mb = part->memory_mb;
        group_merge(into_part, part);
    }
}
