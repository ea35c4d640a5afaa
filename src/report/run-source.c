#include "report/run-source.h"

#include "pick/by-function.h"
#include "pick/result.h"
#include "pick/visualization.h"
#include "tune/measurement.h"
#include "tune/record.h"
#include "util/diagnostics.h"
#include "util/json.h"
#include "util/memory.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* The records of one source so far. */
struct source {
    struct functions functions;
    struct group_table groups; /* by functionName (or null) and memory size */
    char *plan;                /* owned */
    char **results;            /* owned, each of them too */
    size_t result_count, result_capacity;
    struct text key, problem;
    bool measurements_only;
};

static void source_close(struct source *source) {
    functions_close(&source->functions);
    group_table_close(&source->groups);
    free(source->plan);
    for (size_t i = 0; i < source->result_count; i++)
        free(source->results[i]);
    free(source->results);
    text_release(&source->key);
    text_release(&source->problem);
}

/* ---- records ---- */

static bool add_measurement(struct source *source, struct span object) {
    struct measurement measurement;
    struct span name = {NULL, 0};
    if (!measurement_read(object, &measurement, &source->problem))
        return false;
    if (!source->plan && measurement_has_failed(&measurement))
        return true;
    if (!json_member(object, "functionName", &name) || json_type(name) != JSON_STRING)
        name = span_of("null");
    text_clear(&source->key);
    text_append(&source->key, name.start, name.length);
    text_append_byte(&source->key, '\n');
    json_append_number(&source->key, measurement.memory_mb);
    text_append_byte(&source->key, '\n');
    struct span key = {text_string(&source->key), source->key.length};
    struct group *group = group_find(&source->groups, key);
    group->memory_mb = measurement.memory_mb;
    group_add(group, &measurement);
    return true;
}

static bool add_record(struct source *source, const struct record *record) {
    struct span object = record->object;
    if (record_is(record, "measurement"))
        return add_measurement(source, object);
    if (source->measurements_only)
        return true;
    if (record_is(record, "plan")) {
        free(source->plan);
        source->plan = memory_copy(object.start, object.length);
        return true;
    }
    if (record_is(record, "stat"))
        return sizes_add_stat(functions_sizes(&source->functions, object), object, &source->problem);
    if (record_is(record, "failure"))
        return sizes_add_failure(functions_sizes(&source->functions, object), object, &source->problem);
    return true;
}

/* True for the advice of pt-advise on a function with one size, which is not a result. */
static bool is_advice(struct span line) {
    struct span object, member;
    return json_check(line, &object, NULL) && !json_member(object, "type", &member) &&
           json_member(object, "basis", &member);
}

static void add_result(struct source *source, struct span object) {
    source->results = memory_reserve(source->results, &source->result_capacity, source->result_count + 1,
                                     sizeof *source->results);
    source->results[source->result_count++] = memory_copy(object.start, object.length);
}

static void one_line(void *context, struct record_reader *reader, struct span line) {
    struct source *source = context;
    struct record record;
    struct span object;
    if (result_is(line, &object)) {
        add_result(source, object);
        return;
    }
    if (is_advice(line))
        return;
    if (record_of_line(reader, line, &record) != RECORD_READ || add_record(source, &record))
        return;
    record_report(reader, &record, text_string(&source->problem));
    text_clear(&source->problem);
}

/* ---- from the records to runs ---- */

/* Moves the measurements of the function to `groups`, by size; of all functions when the function has no
 * name. */
static void take_groups(struct source *source, const struct function *function, struct group_table *groups) {
    struct span name = function->name ? span_of(function->name) : (struct span){NULL, 0};
    for (size_t i = 0; i < source->groups.count; i++) {
        struct group *group = source->groups.groups[i];
        struct text key = TEXT_INIT;
        if (name.start && (group->key.length < name.length ||
                           memcmp(text_string(&group->key), name.start, name.length) != 0))
            continue;
        json_append_number(&key, group->memory_mb);
        struct group *into = group_find(groups, (struct span){text_string(&key), key.length});
        into->memory_mb = group->memory_mb;
        group_merge(into, group);
        text_release(&key);
    }
}

static char *take_result(const struct source *source, const char *name) {
    for (size_t i = source->result_count; i-- > 0;) {
        struct span own;
        bool named = json_member(span_of(source->results[i]), "functionName", &own);
        if (!name || (named && span_equals(own, name)))
            return memory_copy_string(source->results[i]);
    }
    return NULL;
}

static bool has_stats(const struct memory_sizes *sizes) {
    for (size_t i = 0; i < sizes->count; i++)
        if (sizes->list[i].object)
            return true;
    return false;
}

/* Adds a run, labelled with its source, or with the function's name when the source has several functions. */
static struct report_run *add_run(const struct source *source, const struct function *function,
                                  const char *label, struct report_runs *runs) {
    struct text name = TEXT_INIT;
    if (function->name)
        json_decode_string(span_of(function->name), &name);
    bool one_of_several = function->name && source->functions.count > 1;
    struct report_run *run = report_runs_add(runs, one_of_several ? text_string(&name) : label);
    if (function->name)
        run->name = memory_copy_string(text_string(&name));
    text_release(&name);
    return run;
}

static size_t add_runs(struct source *source, const char *label, struct report_runs *runs) {
    size_t before = runs->count;
    for (size_t i = 0; i < source->functions.count; i++) {
        struct function *function = &source->functions.list[i];
        if (!has_stats(&function->sizes))
            continue;
        struct report_run *run = add_run(source, function, label, runs);
        run->sizes = function->sizes;
        function->sizes = (struct memory_sizes){0};
        run->plan = memory_copy_string(source->plan);
        run->result = take_result(source, function->name);
        take_groups(source, function, &run->groups);
    }
    return runs->count - before;
}

/* ---- run directories ---- */

static bool exists(const char *path) {
    struct stat status;
    return stat(path, &status) == 0;
}

static bool is_directory(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool read_member(struct source *source, const char *directory, const char *name, bool required) {
    struct text path = TEXT_INIT;
    text_append_format(&path, "%s/%s", directory, name);
    bool good =
        (!required && !exists(text_string(&path))) || record_read_lines(text_string(&path), one_line, source);
    text_release(&path);
    return good;
}

static bool read_directory(struct source *source, const char *path) {
    bool good =
        read_member(source, path, "stats.ndjson", true) && read_member(source, path, "result.json", false);
    source->measurements_only = true;
    return good && read_member(source, path, "logparse.ndjson", false);
}

/* ---- links ---- */

static bool is_link(const char *path) {
    return strncasecmp(path, "http://", 7) == 0 || strncasecmp(path, "https://", 8) == 0;
}

static bool add_linked_run(const struct visualization *figures, const char *label, const char *link,
                           bool yuan, struct report_runs *runs) {
    struct report_run *run = report_runs_add(runs, label);
    struct text stat = TEXT_INIT, problem = TEXT_INIT;
    bool good = true;
    run->link = memory_copy_string(link);
    for (size_t i = 0; i < figures->count && good; i++) {
        text_clear(&stat);
        text_append_string(&stat, "{");
        json_put_number(&stat, "value", figures->memory_sizes[i]);
        json_put_number(&stat, "averageDuration", figures->durations[i]);
        json_put_number(&stat, "averagePrice", figures->costs[i]);
        json_put_string(&stat, "currency", yuan ? "CNY" : "USD");
        text_append_string(&stat, "}");
        good = sizes_add_stat(&run->sizes, (struct span){stat.bytes, stat.length}, &problem);
    }
    if (!good)
        report_error("cannot read the link '%s': %s", link, text_string(&problem));
    text_release(&stat);
    text_release(&problem);
    return good;
}

static bool read_link(const char *link, struct report_runs *runs) {
    struct visualization_link parsed;
    struct text problem = TEXT_INIT;
    bool yuan = strstr(link, "currency=CNY") != NULL, good = visualization_read(link, &parsed, &problem);
    if (!good)
        report_error("cannot read the link '%s': %s", link, text_string(&problem));
    for (size_t i = 0; good && i < parsed.count; i++) {
        struct text label = TEXT_INIT;
        if (parsed.results[i].legend.length)
            text_append(&label, text_string(&parsed.results[i].legend), parsed.results[i].legend.length);
        else
            text_append_format(&label, "link %zu", runs->count + 1);
        good = add_linked_run(&parsed.results[i], text_string(&label), link, yuan, runs);
        text_release(&label);
    }
    visualization_release(&parsed);
    text_release(&problem);
    return good;
}

/* ---- all sources ---- */

/* The last component of a path, or "standard input". The caller frees it. */
static char *label_of(const char *path) {
    size_t end = strlen(path);
    while (end > 1 && path[end - 1] == '/')
        end--;
    size_t start = end;
    while (start > 0 && path[start - 1] != '/')
        start--;
    if (end - start == 1 && path[start] == '-')
        return memory_copy_string("standard input");
    return memory_copy(path + start, end - start);
}

bool source_read(const char *path, struct report_runs *runs) {
    struct source source = {0};
    bool first = runs->count == 0;
    if (is_link(path)) {
        bool read = read_link(path, runs);
        runs->compared = runs->count > 1;
        return read;
    }
    char *label = label_of(path);
    bool good =
        is_directory(path) ? read_directory(&source, path) : record_read_lines(path, one_line, &source);
    if (good && !add_runs(&source, label, runs)) {
        report_error("no stat record in '%s' (pt-stats writes them)", path);
        good = false;
    }
    runs->compared = !first && runs->count > 1;
    free(label);
    source_close(&source);
    return good;
}
