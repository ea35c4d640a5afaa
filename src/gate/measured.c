#include "gate/measured.h"

#include "pick/result.h"
#include "tune/record.h"
#include "util/diagnostics.h"
#include "util/json.h"
#include "util/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- the result ---- */

static bool take_number(struct span object, const char *name, double *number) {
    struct span value;
    if (!json_member(object, name, &value) || json_type(value) != JSON_NUMBER)
        return false;
    *number = json_number(value);
    return true;
}

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

static bool is_result(struct span line, struct span *object, struct measured *measured) {
    return result_is(line, object) && take_number(*object, "power", &measured->memory_mb) &&
           take_number(*object, "cost", &measured->cost) &&
           take_number(*object, "duration", &measured->duration);
}

static bool add_result(struct measurements *measurements, struct span object, struct measured measured,
                       struct text *problem) {
    struct span name;
    if (!add_stats(&measured, object, problem)) {
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

/* ---- the records ---- */

static void add_plan(struct measurements *measurements, struct span object) {
    struct span token;
    struct text name = TEXT_INIT;
    take_number(object, "memorySizeMB", &measurements->present_memory_mb);
    take_number(object, "presentPower", &measurements->present_memory_mb);
    if (json_member(object, "strategy", &token) && json_type(token) == JSON_STRING) {
        json_decode_string(token, &name);
        strategy_parse(text_string(&name), &measurements->strategy);
    }
    text_release(&name);
}

static void one_line(void *context, struct record_reader *reader, struct span line) {
    struct measurements *measurements = context;
    struct record record;
    struct measured measured = {0};
    struct span object;
    struct text problem = TEXT_INIT;
    if (is_result(line, &object, &measured)) {
        if (!add_result(measurements, object, measured, &problem)) {
            report_error("%s:%lu: result: %s", reader->lines.name, reader->lines.line, text_string(&problem));
            reader->bad++;
        }
    } else if (record_of_line(reader, line, &record) == RECORD_READ) {
        if (record_is(&record, "plan"))
            add_plan(measurements, record.object);
        else if (record_is(&record, "stat") &&
                 !sizes_add_stat(functions_sizes(&measurements->functions, record.object), record.object,
                                 &problem))
            record_report(reader, &record, text_string(&problem));
    }
    text_release(&problem);
}

static bool read_directory(struct measurements *measurements, const char *path) {
    static const char *const names[] = {"stats.ndjson", "result.json"};
    bool good = true;
    for (size_t i = 0; good && i < sizeof names / sizeof *names; i++) {
        struct text file = TEXT_INIT;
        text_append_format(&file, "%s/%s", path, names[i]);
        good = record_read_lines(text_string(&file), one_line, measurements);
        text_release(&file);
    }
    return good;
}

/* ---- all results ---- */

/* Moves the stat records to the result of the same function, unless the result has its own. */
static void hand_over(struct measurements *measurements) {
    for (size_t i = 0; i < measurements->functions.count; i++) {
        struct function *function = &measurements->functions.list[i];
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
    struct stat status;
    bool directory = stat(path, &status) == 0 && S_ISDIR(status.st_mode);
    if (!(directory ? read_directory(measurements, path) : record_read_lines(path, one_line, measurements)))
        return false;
    hand_over(measurements);
    if (!measurements->count)
        report_error("no result in '%s' (pt-pick writes results)", path);
    return measurements->count > 0;
}

void measurements_close(struct measurements *measurements) {
    for (size_t i = 0; i < measurements->count; i++) {
        free(measurements->list[i].result);
        free(measurements->list[i].name);
        sizes_close(&measurements->list[i].sizes);
    }
    free(measurements->list);
    functions_close(&measurements->functions);
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
