#include "gate/measured.h"

#include "pick/run-records.h"
#include "tune/plan-record.h"
#include "tune/record.h"
#include "util/diagnostics.h"
#include "util/json.h"
#include "util/memory.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* ---- the result ---- */

/* The stats inside a result are stat records without a type. */
static bool add_stats(struct measured *measured, struct span object, struct text *problem) {
    struct span list, element;
    if (!json_member(object, "stats", &list) || json_type(list) != JSON_ARRAY)
        return true;
    struct json_cursor cursor = json_cursor(list);
    while (json_next_element(&cursor, &element))
        if (json_type(element) != JSON_OBJECT || !sizes_add_stat(&measured->sizes, element, problem))
            return false;
    return true;
}

static bool add_result(struct measurements *measurements, struct span object, struct text *problem) {
    static const struct field fields[] = {
        {"power", FIELD_NUMBER, offsetof(struct measured, memory_mb), true, 0, 0},
        {"cost", FIELD_NUMBER, offsetof(struct measured, cost), true, 0, 0},
        {"duration", FIELD_NUMBER, offsetof(struct measured, duration), true, 0, 0}};
    struct measured measured = {0};
    struct span name;
    if (!record_fields(object, fields, sizeof fields / sizeof *fields, &measured, problem) ||
        !add_stats(&measured, object, problem)) {
        sizes_close(&measured.sizes);
        return false;
    }
    measured.result = memory_copy(object.start, object.length);
    if (json_member(object, "functionName", &name) && json_type(name) == JSON_STRING)
        measured.name = memory_copy(name.start, name.length);
    measurements->list = memory_reserve(measurements->list, &measurements->capacity, measurements->count + 1,
                                        sizeof *measurements->list);
    measurements->list[measurements->count++] = measured;
    return true;
}

/* ---- all results ---- */

/* Moves the stat records to the result of the same function, unless the result has its own. */
static void hand_over(struct measurements *measurements, struct functions *functions) {
    for (size_t i = 0; i < functions->count; i++) {
        struct function *function = &functions->list[i];
        for (size_t j = 0; j < measurements->count; j++) {
            struct measured *measured = &measurements->list[j];
            bool same = !function->name || (measured->name && strcmp(function->name, measured->name) == 0);
            if (!same || measured->sizes.count)
                continue;
            measured->sizes = function->sizes;
            function->sizes = (struct memory_sizes){0};
            break;
        }
    }
}

bool measurements_read(struct measurements *measurements, const char *path) {
    struct run_records records = {0};
    struct text problem = TEXT_INIT;
    bool good = run_records_read(&records, path);
    for (size_t i = 0; good && i < records.result_count; i++)
        if (!add_result(measurements, span_of(records.results[i]), &problem)) {
            report_error("%s: result: %s", path, text_string(&problem));
            good = false;
        }
    if (good && !measurements->count) {
        report_error("no result in '%s' (pt-pick writes results)", path);
        good = false;
    }
    hand_over(measurements, &records.functions);
    measurements->present_memory_mb = plan_present_memory(span_of(records.plan));
    run_records_close(&records);
    text_release(&problem);
    return good;
}

void measurements_close(struct measurements *measurements) {
    for (size_t i = 0; i < measurements->count; i++) {
        free(measurements->list[i].result);
        free(measurements->list[i].name);
        sizes_close(&measurements->list[i].sizes);
    }
    free(measurements->list);
    *measurements = (struct measurements){0};
}

const struct measured *measurements_find(const struct measurements *measurements, const char *name) {
    for (size_t i = 0; i < measurements->count; i++) {
        const char *own = measurements->list[i].name;
        if (own && name && strcmp(own, name) == 0)
            return &measurements->list[i];
    }
    bool only = measurements->count == 1 && (!name || !measurements->list[0].name);
    return only ? &measurements->list[0] : NULL;
}

const struct memory_size *measured_size(const struct measured *measured, double memory_mb) {
    for (size_t i = 0; i < measured->sizes.count; i++)
        if (measured->sizes.list[i].stat.memory_mb == memory_mb && measured->sizes.list[i].stat.count)
            return &measured->sizes.list[i];
    return NULL;
}
