#include "pick/run-records.h"

#include "pick/result.h"
#include "tune/input.h"
#include "tune/measurement.h"
#include "tune/plan-record.h"
#include "util/files.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/words.h"

#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- one record ---- */

/* The record is used by pick/confidence.h. */
static bool add_decision(struct run_records *records, struct span object, struct text *problem) {
    struct {
        double memory_mb, confidence, expected_regret;
    } decision;
    static const struct field fields[] = {{"power", FIELD_NUMBER, 0, true, 1, MAX_REPORT_MB},
                                          {"confidence", FIELD_NUMBER, sizeof(double), true, 0, 1},
                                          {"expectedRegret", FIELD_NUMBER, 2 * sizeof(double), true, 0, 1e9}};
    if (!record_fields(object, fields, sizeof fields / sizeof *fields, &decision, problem))
        return false;
    free(records->decision);
    records->decision = memory_copy(object.start, object.length);
    return true;
}

static bool add_measurement(struct run_records *records, struct span object, struct text *problem) {
    struct measurement measurement;
    struct span name = {NULL, 0};
    struct text key = TEXT_INIT;
    if (!measurement_read(object, &measurement, problem))
        return false;
    /* With a plan, the earlier stages have judged every measurement. */
    if (!records->plan && measurement_has_failed(&measurement))
        return true;
    if (!json_member(object, "functionName", &name) || json_type(name) != JSON_STRING)
        name = span_of("null");
    text_append(&key, name.start, name.length);
    text_append_byte(&key, '\n');
    json_append_number(&key, measurement.memory_mb);
    text_append_byte(&key, '\n');
    struct group *group = group_find(&records->groups, (struct span){key.bytes, key.length});
    group->memory_mb = measurement.memory_mb;
    group_add(group, &measurement);
    text_release(&key);
    return true;
}

bool run_records_add(struct run_records *records, const struct record *record, struct text *problem) {
    struct span object = record->object;
    if (records->measured && record_is(record, "measurement"))
        return add_measurement(records, object, problem);
    if (records->only_measurements)
        return true;
    if (record_is(record, "plan")) {
        free(records->plan);
        records->plan = memory_copy(object.start, object.length);
    } else if (record_is(record, "stopped")) {
        records->stopped = true;
    } else if (record_is(record, "decision")) {
        return add_decision(records, object, problem);
    } else if (record_is(record, "stat")) {
        return sizes_add_stat(functions_sizes(&records->functions, object), object, problem);
    } else if (record_is(record, "failure")) {
        return sizes_add_failure(functions_sizes(&records->functions, object), object, problem);
    }
    return true;
}

/* ---- files ---- */

/* True for the advice of pt-advise on a function with one size, which is not a result. */
static bool is_advice(struct span line) {
    struct span object, member;
    return json_check(line, &object, NULL) && !json_member(object, "type", &member) &&
           json_member(object, "basis", &member);
}

static void add_line(void *context, struct record_reader *reader, struct span line) {
    struct run_records *records = context;
    struct record record;
    struct span object;
    struct text problem = TEXT_INIT;
    if (result_is(line, &object)) {
        records->results = memory_reserve(records->results, &records->result_capacity,
                                          records->result_count + 1, sizeof *records->results);
        records->results[records->result_count++] = memory_copy(object.start, object.length);
    } else if (!is_advice(line) && record_of_line(reader, line, &record) == RECORD_READ &&
               !run_records_add(records, &record, &problem)) {
        record_report(reader, &record, text_string(&problem));
    }
    text_release(&problem);
}

static bool read_member(struct run_records *records, const char *directory, const char *name, bool required) {
    struct text path = TEXT_INIT;
    text_append_format(&path, "%s/%s", directory, name);
    bool good = (!required && access(text_string(&path), F_OK) != 0) ||
                record_read_lines(text_string(&path), add_line, records);
    text_release(&path);
    return good;
}

bool run_records_read(struct run_records *records, const char *path) {
    if (!is_directory(path))
        return record_read_lines(path, add_line, records);
    bool good =
        read_member(records, path, "stats.ndjson", true) && read_member(records, path, "result.json", false);
    records->only_measurements = true;
    return good && (!records->measured || read_member(records, path, "logparse.ndjson", false));
}

void run_records_close(struct run_records *records) {
    functions_close(&records->functions);
    group_table_close(&records->groups);
    free(records->plan);
    free(records->decision);
    for (size_t i = 0; i < records->result_count; i++)
        free(records->results[i]);
    free(records->results);
    *records = (struct run_records){0};
}

/* ---- settings ---- */

enum strategy plan_strategy(struct span plan, int option) {
    struct text name = TEXT_INIT;
    if (option < 0) {
        plan_string(plan, "strategy", NULL, "", &name);
        option = choice_index(text_string(&name), STRATEGIES);
    }
    text_release(&name);
    return option < 0 ? STRATEGY_COST : (enum strategy)option;
}

double plan_weight(struct span plan, double option) {
    return option >= 0 ? option : plan_number(plan, "balancedWeight", 0.5);
}
