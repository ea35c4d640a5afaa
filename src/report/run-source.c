#include "report/run-source.h"

#include "pick/run-records.h"
#include "pick/visualization.h"
#include "util/diagnostics.h"
#include "util/json.h"
#include "util/memory.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- from the records to runs ---- */

/* Moves the measurements of the function to `groups`, by size; of all functions when the function has no
 * name. */
static void take_groups(struct run_records *records, const struct function *function,
                        struct group_table *groups) {
    struct span name = function->name ? span_of(function->name) : (struct span){NULL, 0};
    for (size_t i = 0; i < records->groups.count; i++) {
        struct group *group = records->groups.groups[i];
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

static char *take_result(const struct run_records *records, const char *name) {
    for (size_t i = records->result_count; i-- > 0;) {
        struct span own;
        bool named = json_member(span_of(records->results[i]), "functionName", &own);
        if (!name || (named && span_equals(own, name)))
            return memory_copy_string(records->results[i]);
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
static struct report_run *add_run(const struct run_records *records, const struct function *function,
                                  const char *label, struct report_runs *runs) {
    struct text name = TEXT_INIT;
    if (function->name)
        json_decode_string(span_of(function->name), &name);
    bool one_of_several = function->name && records->functions.count > 1;
    struct report_run *run = report_runs_add(runs, one_of_several ? text_string(&name) : label);
    if (function->name)
        run->name = memory_copy_string(text_string(&name));
    text_release(&name);
    return run;
}

static size_t add_runs(struct run_records *records, const char *label, struct report_runs *runs) {
    size_t before = runs->count;
    for (size_t i = 0; i < records->functions.count; i++) {
        struct function *function = &records->functions.list[i];
        if (!has_stats(&function->sizes))
            continue;
        struct report_run *run = add_run(records, function, label, runs);
        run->sizes = function->sizes;
        function->sizes = (struct memory_sizes){0};
        run->plan = memory_copy_string(records->plan);
        run->decision = memory_copy_string(records->decision);
        run->result = take_result(records, function->name);
        take_groups(records, function, &run->groups);
    }
    return runs->count - before;
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
    struct run_records records = {.measured = true};
    bool first = runs->count == 0;
    if (is_link(path)) {
        bool read = read_link(path, runs);
        runs->compared = runs->count > 1;
        return read;
    }
    char *label = label_of(path);
    bool good = run_records_read(&records, path);
    if (good && !add_runs(&records, label, runs)) {
        report_error("no stat record in '%s' (pt-stats writes them)", path);
        good = false;
    }
    runs->compared = !first && runs->count > 1;
    free(label);
    run_records_close(&records);
    return good;
}
