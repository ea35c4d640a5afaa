#include "quality/real-function.h"

#include "util/files.h"
#include "util/json.h"
#include "util/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading ---- */

static void read_lines(const char *folder, const char *name, void (*take)(void *context, struct span object),
                       void *context) {
    struct text path = TEXT_INIT, content = TEXT_INIT;
    text_append_format(&path, "%s/%s", folder, name);
    if (!file_read(text_string(&path), (size_t)1 << 24, &content)) {
        perror(text_string(&path));
        exit(1);
    }
    for (const char *at = text_string(&content); *at;) {
        size_t length = strcspn(at, "\n");
        struct span object;
        if (length && !json_check((struct span){at, length}, &object, NULL)) {
            fprintf(stderr, "%s: not JSON: %.*s\n", text_string(&path), (int)length, at);
            exit(1);
        }
        if (length)
            take(context, object);
        at += length + (at[length] == '\n');
    }
    text_release(&path);
    text_release(&content);
}

static double number_of(struct span object, const char *name) {
    struct span value;
    return json_member(object, name, &value) && json_type(value) == JSON_NUMBER ? json_number(value) : 0;
}

static char *string_of(struct span object, const char *name) {
    struct span value;
    struct text text = TEXT_INIT;
    if (json_member(object, name, &value))
        json_decode_string(value, &text);
    char *copy = memory_copy_string(text_string(&text));
    text_release(&text);
    return copy;
}

static size_t place_of(const struct real_function *function, double memory_mb) {
    size_t at = 0;
    while (at < function->subject.count && function->memory_sizes[at] != memory_mb)
        at++;
    return at;
}

static void take_invocation(void *context, struct span object) {
    struct real_function *function = context;
    size_t at = place_of(function, number_of(object, "power"));
    double duration = number_of(object, "durationMs");
    if (at == function->subject.count)
        return;
    struct cell *cell = &function->cells[at];
    struct span cold;
    if (json_member(object, "cold", &cold)) {
        cell->cold =
            memory_reserve(cell->cold, &cell->cold_capacity, cell->cold_count + 1, sizeof *cell->cold);
        cell->cold[cell->cold_count++] =
            (struct invocation){duration, number_of(object, "initDurationMs"), true};
    } else {
        cell->warm =
            memory_reserve(cell->warm, &cell->warm_capacity, cell->warm_count + 1, sizeof *cell->warm);
        cell->warm[cell->warm_count++] = duration;
    }
}

static void read_truth(struct real_function *function, struct span object) {
    struct span truth, pair, number;
    if (!json_member(object, "truth", &truth))
        return;
    struct json_cursor cursor = json_cursor(truth);
    while (json_next_element(&cursor, &pair) && function->subject.count < SUBJECT_SIZES) {
        struct json_cursor inner = json_cursor(pair);
        json_next_element(&inner, &number);
        function->memory_sizes[function->subject.count] = json_number(number);
        json_next_element(&inner, &number);
        function->subject.durations[function->subject.count++] = json_number(number);
    }
}

/* ---- playing ---- */

static double residual_mean(const struct cell *cell, double duration, bool up) {
    double sum = 0;
    for (size_t i = 0; i < cell->warm_count; i++) {
        double value = cell->warm[i] / cell->mean * duration;
        sum += up ? ceil(value) : value;
    }
    return sum / (double)cell->warm_count;
}

/* The cell of the function whose duration is the nearest. */
static const struct cell *nearest_cell(const struct real_function *function, double duration) {
    const struct cell *best = &function->cells[0];
    for (size_t i = 1; i < function->subject.count; i++)
        if (fabs(log(function->cells[i].mean / duration)) < fabs(log(best->mean / duration)))
            best = &function->cells[i];
    return best;
}

/* The raw function whose residuals a curve has: one of the three with the nearest cell. */
static const struct real_function *find_source(const struct real_function *curve, struct random *random) {
    double middle = 0;
    bool taken[64] = {false};
    const struct real_function *nearest[3];
    for (size_t i = 0; i < curve->subject.count; i++)
        middle += log(curve->subject.durations[i]) / (double)curve->subject.count;
    for (int k = 0; k < 3; k++) {
        size_t best = 0;
        double least = INFINITY;
        for (size_t i = 0; i < curve->all->count && i < 64; i++) {
            const struct real_function *other = &curve->all->list[i];
            if (!other->raw || taken[i])
                continue;
            double distance = fabs(log(nearest_cell(other, exp(middle))->mean) - middle);
            if (distance < least) {
                least = distance;
                best = i;
            }
        }
        taken[best] = true;
        nearest[k] = &curve->all->list[best];
    }
    return nearest[(size_t)(random_uniform(random) * 3)];
}

static void begin(struct subject *subject, struct random *random) {
    struct real_function *function = (struct real_function *)subject;
    const struct real_function *source = function->raw ? function : find_source(function, random);
    for (size_t i = 0; i < subject->count; i++) {
        const struct cell *cell =
            function->raw ? &function->cells[i] : nearest_cell(source, subject->durations[i]);
        function->sources[i] = cell;
        function->places[i] = (size_t)(random_uniform(random) * (double)cell->warm_count);
        subject->costs[i] = subject->memory_sizes[i] * residual_mean(cell, subject->durations[i], true);
    }
}

static struct invocation run(struct subject *subject, size_t size, struct random *random) {
    struct real_function *function = (struct real_function *)subject;
    const struct cell *cell = function->sources[size];
    bool first = !subject->made[size];
    if (first && function->raw && cell->cold_count)
        return cell->cold[(size_t)(random_uniform(random) * (double)cell->cold_count)];
    double duration = cell->warm[function->places[size]++ % cell->warm_count];
    return (struct invocation){duration / cell->mean * subject->durations[size], 0, first};
}

static void read_cells(struct real_function *function, const char *folder) {
    struct text path = TEXT_INIT;
    function->cells = memory_zeroed(function->subject.count, sizeof *function->cells);
    text_append_format(&path, "raw/%s.ndjson", function->name);
    read_lines(folder, text_string(&path), take_invocation, function);
    size_t length = strlen(function->name);
    if (length > 5 && strcmp(function->name + length - 5, "-warm") == 0) {
        text_clear(&path);
        text_append_format(&path, "raw/%.*s-cold.ndjson", (int)length - 5, function->name);
        read_lines(folder, text_string(&path), take_invocation, function);
    }
    for (size_t i = 0; i < function->subject.count; i++) {
        struct cell *cell = &function->cells[i];
        cell->memory_mb = function->memory_sizes[i];
        for (size_t k = 0; k < cell->warm_count; k++)
            cell->mean += cell->warm[k] / (double)cell->warm_count;
        function->subject.durations[i] = cell->mean;
    }
    text_release(&path);
}

struct reading {
    struct real_functions *functions;
    const char *folder;
};

/* A third of the curves is kept apart, by source: the name up to the first separator. */
static bool is_apart(const char *name) {
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; name[i] && !strchr("|(", name[i]) && !(i > 3 && name[i] == '-'); i++)
        hash = (hash ^ (unsigned char)name[i]) * UINT64_C(1099511628211);
    struct random random;
    random_seed(&random, hash);
    return random_uniform(&random) < 1 / 3.0;
}

static void take_function(void *context, struct span object) {
    struct reading *reading = context;
    struct real_functions *functions = reading->functions;
    struct span set;
    functions->list =
        memory_reserve(functions->list, &functions->capacity, functions->count + 1, sizeof *functions->list);
    struct real_function *function = &functions->list[functions->count++];
    *function = (struct real_function){.name = string_of(object, "name"),
                                       .weight = number_of(object, "weight"),
                                       .raw = json_member(object, "set", &set) && json_string_is(set, "raw"),
                                       .all = functions};
    function->apart = function->raw ? functions->count % 3 == 2 : is_apart(function->name);
    function->subject.begin = begin;
    function->subject.run = run;
    read_truth(function, object);
    if (function->raw)
        read_cells(function, reading->folder);
}

void real_functions_open(struct real_functions *functions, const char *folder) {
    struct reading reading = {functions, folder};
    *functions = (struct real_functions){0};
    read_lines(folder, "functions.ndjson", take_function, &reading);
    for (size_t i = 0; i < functions->count; i++)
        functions->list[i].subject.memory_sizes = functions->list[i].memory_sizes;
}

void real_functions_close(struct real_functions *functions) {
    for (size_t i = 0; i < functions->count; i++) {
        struct real_function *function = &functions->list[i];
        for (size_t k = 0; function->cells && k < function->subject.count; k++) {
            free(function->cells[k].warm);
            free(function->cells[k].cold);
        }
        free(function->cells);
        free(function->name);
    }
    free(functions->list);
    *functions = (struct real_functions){0};
}
