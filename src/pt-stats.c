/* pt-stats: aggregates measurements. Reads measurement records, writes one stat record for each memory size:
 *
 *     in   {"type":"measurement","power":128,"durationMs":5.2,"billedDurationMs":6,...}
 *     out  {"type":"stat","value":128,"averageDuration":5.2,"averagePrice":1.25e-8,...}
 *
 * Other records pass through unchanged; the stat records come at the end. */
#include "stats/group.h"
#include "stats/partial.h"
#include "stats/stat-table.h"
#include "stats/stat.h"
#include "tune/allowed.h"
#include "tune/plan-record.h"
#include "tune/record.h"
#include "util/diagnostics.h"
#include "util/lines.h"
#include "util/memory.h"
#include "util/options.h"
#include "util/table.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] = "usage: pt-stats [option...] [FILE...]\n"
                            "Aggregates measurement records into one stat record for each memory size.\n";

static const char notes[] =
    "Percentiles and trimmed means are exact for up to 65,536 measurements per row, and within 0.1 %\n"
    "for more.\n"
    "\n"
    "Exit codes: 0 done; 1 failed; 2 bad usage or bad input.\n";

struct settings {
    const char *region, *architecture, *prices; /* NULL: the plan's or the default */
    const char *record;                         /* NULL: none */
    double discard;                             /* negative: the plan's or the default */
    bool only_cold_starts;
    int cold; /* enum cold; -1: not given */
    struct allowed allowed;
    const char *by[MAX_PARTIAL_BY];
    size_t by_count;
    bool by_given, partial, merge;
    enum table_format format;
};

struct run {
    struct settings settings;
    struct output output;
    struct group_table table;
    char *plan; /* owned: the record, or NULL; earlier stages have then judged every measurement */
    struct text key, problem;
    char *merged_by[MAX_PARTIAL_BY]; /* owned: the members in "by" of the first partial record */
    /* Cache of groups by memory size, used when rows differ in size alone. */
    struct {
        double memory_mb;
        struct group *group;
    } recent[64];
    unsigned long bad, invocations; /* invocation records, which pt-logparse should have read */
    bool measured;                  /* the input had a measurement or partial record */
};

/* ---- options ---- */

static void take_by(const struct option_row *row, char *names) {
    struct settings *settings = row->target.any;
    char *save = NULL;
    settings->by_count = 0;
    settings->by_given = true;
    for (char *name = strtok_r(names, ",", &save); name; name = strtok_r(NULL, ",", &save)) {
        if (settings->by_count == MAX_PARTIAL_BY)
            option_refuse(row, "more than %d members", MAX_PARTIAL_BY);
        settings->by[settings->by_count++] = name;
    }
    if (!settings->by_count)
        option_refuse(row, "no member given");
}

static void take_allowed(const struct option_row *row, char *argument) {
    allowed_add(row->target.any, argument);
}

static void parse_options(int argc, char **argv, struct settings *settings) {
    static const struct program program = {"pt-stats", usage, notes, -1};
    const struct option_row rows[] = {
        OPTION_STRING("region", "REGION", &settings->region,
                      "use the prices of this region (default: the plan's region)"),
        OPTION_CHOICE("architecture", ARCHITECTURES, &settings->architecture,
                      "processor architecture, for the prices (default: the plan's, else x86_64)"),
        OPTION_STRING("prices", "FILE", &settings->prices, "read prices from FILE"),
        OPTION_NUMBER("discard-top-bottom", "SHARE", &settings->discard, 0, 0.4,
                      "share to leave out of averages at each end, 0 to 0.4 (default: the plan's, else 0.2)"),
        OPTION_FLAG("only-cold-starts", &settings->only_cold_starts,
                    "leave nothing out of averages: every start was cold"),
        OPTION_CALL("allowed-exceptions", "A,B", take_allowed, &settings->allowed,
                    "count these error types as a normal result"),
        OPTION_WORD("cold", COLD_CHOICES, &settings->cold,
                    "count cold starts, leave them out, or count nothing else (default include)"),
        OPTION_CALL("by", "MEMBER,...", take_by, settings,
                    "write a row for each combination of these members, such as functionName,power (default "
                    "power)"),
        OPTION_FLAG("partial", &settings->partial, "write partial sums, which --merge adds up"),
        OPTION_FLAG("merge", &settings->merge, "add up partial sums"),
        OPTION_WORD("format", TABLE_FORMATS, &settings->format, "format of the output (default ndjson)"),
        OPTION_RECORD(&settings->record),
        OPTION_END,
    };
    *settings = (struct settings){.discard = -1, .cold = -1, .by = {"power"}, .by_count = 1};
    options_parse(&program, argc, argv, rows);
}

/* ---- records ---- */

static bool only_by_memory_mb(const struct settings *settings) {
    return settings->by_count == 1 && strcmp(settings->by[0], "power") == 0;
}

/* The group that a record belongs to. */
static struct group *find_group(struct run *run, struct span object, double memory_mb) {
    bool by_memory_mb = false;
    text_clear(&run->key);
    for (size_t i = 0; i < run->settings.by_count; i++) {
        struct span value = span_of("null");
        if (strcmp(run->settings.by[i], "power") == 0) {
            json_append_number(&run->key, memory_mb);
            by_memory_mb = true;
        } else {
            json_member(object, run->settings.by[i], &value);
            text_append(&run->key, value.start, value.length);
        }
        text_append_byte(&run->key, '\n');
    }
    struct group *group = group_find(&run->table, (struct span){text_string(&run->key), run->key.length});
    group->memory_mb = by_memory_mb ? memory_mb : 0;
    return group;
}

/* The group of a memory size, when rows differ in size alone. */
static struct group *find_size(struct run *run, double memory_mb) {
    size_t place = (size_t)memory_mb / 64 % (sizeof run->recent / sizeof *run->recent);
    if (run->recent[place].memory_mb != memory_mb || !run->recent[place].group) {
        run->recent[place].group = find_group(run, (struct span){NULL, 0}, memory_mb);
        run->recent[place].memory_mb = memory_mb;
    }
    return run->recent[place].group;
}

static bool has_failed(const struct run *run, const struct measurement *measurement) {
    return !run->plan && measurement_has_failed(measurement) &&
           !allowed_has(&run->settings.allowed, measurement->error_type);
}

static bool is_wanted(const struct run *run, const struct measurement *measurement) {
    return run->settings.cold <= COLD_INCLUDE || measurement->cold == (run->settings.cold == COLD_ONLY);
}

static void add_measurement(struct run *run, struct span object, const struct measurement *measurement) {
    if (!is_wanted(run, measurement))
        return;
    struct group *group = only_by_memory_mb(&run->settings) ? find_size(run, measurement->memory_mb)
                                                            : find_group(run, object, measurement->memory_mb);
    if (has_failed(run, measurement))
        group_add_failed(group, measurement);
    else
        group_add(group, measurement);
}

/* A configuration gets a row even if it has no measurements. Partial records include such rows. */
static bool note_configuration(struct run *run, struct span object) {
    double memory_mb;
    if (!record_memory_mb(object, true, &memory_mb, &run->problem))
        return false;
    if (!run->settings.merge && only_by_memory_mb(&run->settings))
        find_group(run, object, memory_mb)->wanted = true;
    return true;
}

static bool count_failure(struct run *run, struct span object) {
    double memory_mb;
    struct span kind, index;
    long long payload;
    if (!record_memory_mb(object, false, &memory_mb, &run->problem))
        return false;
    if (memory_mb < 1 || !json_member(object, "kind", &kind) || json_type(kind) != JSON_STRING)
        return true;
    struct group *group = find_group(run, object, memory_mb);
    group_add_failure(group, object, kind);
    if (json_member(object, "payloadIndex", &index) && json_whole_number(index, &payload) && payload >= 0)
        group_add_failure(group_payload(group, payload), object, kind);
    return true;
}

/* Takes the members of --by from the first partial record, unless the option gave them. False, with the
 * reason in `problem`, for a record with others. */
static bool check_by(struct run *run, struct span object) {
    struct span by[MAX_PARTIAL_BY];
    size_t count;
    bool same = partial_by(object, by, &count);
    if (same && !run->settings.by_given) {
        for (size_t i = 0; i < count; i++) {
            struct text name = TEXT_INIT;
            json_decode_string(by[i], &name);
            run->settings.by[i] = run->merged_by[i] = memory_copy_string(text_string(&name));
            text_release(&name);
        }
        run->settings.by_count = count;
        run->settings.by_given = true;
    }
    same = same && count == run->settings.by_count;
    for (size_t i = 0; same && i < count; i++)
        same = json_string_is(by[i], run->settings.by[i]);
    if (!same)
        text_append_string(&run->problem, "member 'by' is not the same in all partial records");
    return same;
}

static void take_plan(struct run *run, struct span object) {
    free(run->plan);
    run->plan = memory_copy(object.start, object.length);
}

static void one_record(struct run *run, struct record_reader *reader, const struct record *record) {
    bool good = true;
    struct measurement measurement;
    run->measured = run->measured || record_is(record, "measurement") || record_is(record, "partial");
    if (record_is(record, "measurement")) {
        good = measurement_read(record->object, &measurement, &run->problem);
        if (good)
            add_measurement(run, record->object, &measurement);
    } else if (run->settings.merge && record_is(record, "partial")) {
        good = check_by(run, record->object) &&
               partial_cold(record->object, &run->settings.cold, &run->problem) &&
               partial_merge(record->object, &run->table, &run->problem);
    } else {
        if (record_is(record, "plan"))
            take_plan(run, record->object);
        else if (record_is(record, "configuration"))
            good = note_configuration(run, record->object);
        else if (record_is(record, "failure") && !run->settings.merge)
            good = count_failure(run, record->object); /* partial records include their failures */
        run->invocations += record_is(record, "invocation");
        if (run->settings.format == TABLE_NONE || run->settings.partial)
            output_line(&run->output, record->object.start, record->object.length);
    }
    if (good)
        return;
    record_report(reader, record, text_string(&run->problem));
    text_clear(&run->problem);
}

/* Fast path: takes consecutive lines as pt-logparse writes them, which are almost all of a large input. */
static void fast_lines(struct run *run, struct line_reader *lines) {
    struct span rest = line_reader_rest(lines);
    const char *at = rest.start, *end = rest.start + rest.length, *next;
    struct measurement measurement;
    while ((next = measurement_read_fast(at, end, &measurement)) != NULL) {
        if (is_wanted(run, &measurement))
            group_add(find_size(run, measurement.memory_mb), &measurement);
        line_reader_take(lines, (size_t)(next - at));
        run->measured = true;
        at = next;
    }
}

/* Processes every line that can be read without waiting. */
static void buffered_lines(struct run *run, struct record_reader *reader) {
    struct record record;
    struct span line;
    for (;;) {
        if (only_by_memory_mb(&run->settings))
            fast_lines(run, &reader->lines);
        if (!line_reader_buffered(&reader->lines, &line))
            return;
        if (record_of_line(reader, line, &record) == RECORD_READ)
            one_record(run, reader, &record);
    }
}

static void read_file(struct run *run, const char *path) {
    struct record_reader reader;
    if (!record_reader_open(&reader, path)) {
        run->bad++;
        return;
    }
    do {
        buffered_lines(run, &reader);
        output_flush(&run->output);
    } while (line_reader_fill(&reader.lines) || line_reader_ready(&reader.lines));
    if (reader.lines.error) {
        line_reader_report(&reader.lines);
        reader.bad++;
    }
    run->bad += reader.bad;
    record_reader_close(&reader);
}

/* ---- the end ---- */

static bool find_price(const struct run *run, struct price *price) {
    struct text region = TEXT_INIT, architecture = TEXT_INIT;
    plan_string(span_of(run->plan), "region", run->settings.region, "", &region);
    plan_string(span_of(run->plan), "architecture", run->settings.architecture, "x86_64", &architecture);
    bool found = price_choose(run->settings.prices, text_string(&region), text_string(&architecture), price);
    text_release(&region);
    text_release(&architecture);
    return found;
}

static double choose_discard(const struct run *run) {
    if (run->settings.only_cold_starts)
        return 0;
    return run->settings.discard >= 0 ? run->settings.discard : plan_discard(span_of(run->plan));
}

static bool write_partials(struct run *run) {
    struct text line = TEXT_INIT;
    group_table_sort(&run->table);
    for (size_t i = 0; i < run->table.count; i++) {
        text_clear(&line);
        partial_append(&line, run->table.groups[i], run->settings.by, run->settings.by_count,
                       run->settings.cold < 0 ? COLD_INCLUDE : (enum cold)run->settings.cold);
        output_line(&run->output, line.bytes, line.length);
    }
    text_release(&line);
    return true;
}

static bool write_stats(struct run *run) {
    struct stat_settings settings = {
        .discard = choose_discard(run), .by = run->settings.by, .by_count = run->settings.by_count};
    struct text line = TEXT_INIT;
    struct table table;
    if (!find_price(run, &settings.price))
        return false;
    stat_find_mixed_billing(&run->table, settings.by, settings.by_count);
    stat_table_open(&table, run->settings.format, settings.by, settings.by_count);
    group_table_sort(&run->table);
    for (size_t i = 0; i < run->table.count; i++) {
        if (!run->table.groups[i]->wanted)
            continue;
        text_clear(&line);
        stat_append(&line, run->table.groups[i], &settings);
        if (run->settings.format == TABLE_NONE)
            output_line(&run->output, line.bytes, line.length);
        else
            stat_table_row(&table, (struct span){line.bytes, line.length}, settings.by, settings.by_count);
    }
    text_clear(&line);
    if (run->settings.format != TABLE_NONE)
        table_append(&line, &table);
    if (line.length)
        output_line(&run->output, line.bytes, line.length - 1);
    table_close(&table);
    text_release(&line);
    return true;
}

static void release(struct run *run) {
    group_table_close(&run->table);
    free(run->plan);
    allowed_close(&run->settings.allowed);
    text_release(&run->key);
    text_release(&run->problem);
    for (size_t i = 0; i < MAX_PARTIAL_BY; i++)
        free(run->merged_by[i]);
}

int main(int argc, char **argv) {
    struct run run = {0};
    int status = STATUS_USAGE;
    diagnostics_program("pt-stats");
    parse_options(argc, argv, &run.settings);
    output_open(&run.output, STDOUT_FILENO);
    output_record(&run.output, run.settings.record);
    pipe_enlarge(STDIN_FILENO);
    if (optind == argc)
        read_file(&run, "-");
    for (int i = optind; i < argc; i++)
        read_file(&run, argv[i]);
    if (!run.bad && run.invocations && !run.measured)
        record_report_unread(run.invocations, "invocation", "pt-logparse");
    else if (!run.bad && (run.settings.partial ? write_partials(&run) : write_stats(&run)))
        status = STATUS_DONE;
    release(&run);
    return output_finish(&run.output, status);
}
