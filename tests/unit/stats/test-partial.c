/* Partial records: written, read and added up. */
#include "stats/partial.h"
#include "unit/unit.h"

static const char *const by[] = {"power"};

static void add(struct group_table *table, const char *measurement_record) {
    struct measurement measurement;
    struct text problem = TEXT_INIT;
    CHECK(measurement_read(span_of(measurement_record), &measurement, &problem));
    struct group *group = group_find(table, span_of("128\n"));
    group->memory_mb = 128;
    group_add(group, &measurement);
    text_release(&problem);
}

#define MEASUREMENT(duration, billed)                                                                        \
    "{\"type\":\"measurement\",\"power\":128,\"durationMs\":" duration ",\"billedDurationMs\":" billed       \
    ",\"memorySizeMB\":128,\"maxMemoryUsedMB\":30}"

/* As when a group has more than SAMPLE_EXACT measurements. */
static void spill(struct group *group) {
    struct sample *samples[GROUP_SAMPLES];
    group_samples(group, samples);
    for (size_t i = 0; i < GROUP_SAMPLES; i++)
        sample_spill(samples[i]);
}

static void check_round(bool spilled) {
    struct group_table first = {0}, second = {0}, whole = {0}, merged = {0};
    struct text one = TEXT_INIT, other = TEXT_INIT, all = TEXT_INIT, again = TEXT_INIT, problem = TEXT_INIT;
    add(&first, MEASUREMENT("1.25", "2"));
    add(&first, MEASUREMENT("900000.01", "900001"));
    add(&second, MEASUREMENT("0.5", "1"));
    add(&whole, MEASUREMENT("0.5", "1"));
    add(&whole, MEASUREMENT("900000.01", "900001"));
    add(&whole, MEASUREMENT("1.25", "2"));
    if (spilled) {
        spill(first.groups[0]);
        spill(whole.groups[0]);
    }
    partial_append(&one, first.groups[0], by, 1, COLD_INCLUDE);
    partial_append(&other, second.groups[0], by, 1, COLD_INCLUDE);
    CHECK(partial_merge((struct span){other.bytes, other.length}, &merged, &problem));
    CHECK(partial_merge((struct span){one.bytes, one.length}, &merged, &problem));
    CHECK_TEXT(text_string(&problem), "");
    CHECK(merged.count == 1 && group_count(merged.groups[0]) == 3);
    partial_append(&all, whole.groups[0], by, 1, COLD_INCLUDE);
    partial_append(&again, merged.groups[0], by, 1, COLD_INCLUDE);
    CHECK_TEXT(text_string(&again), text_string(&all));
    struct text *const texts[] = {&one, &other, &all, &again, &problem};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        text_release(texts[i]);
    struct group_table *const tables[] = {&first, &second, &whole, &merged};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        group_table_close(tables[i]);
}

static void check_cold(const char *record, int before, int after, const char *wanted) {
    struct text problem = TEXT_INIT;
    int cold = before;
    CHECK(partial_cold(span_of(record), &cold, &problem) == !*wanted);
    CHECK(cold == after);
    CHECK_TEXT(text_string(&problem), wanted);
    text_release(&problem);
}

static void check_bad(const char *record) {
    struct group_table table = {0};
    struct text problem = TEXT_INIT;
    CHECK(!partial_merge(span_of(record), &table, &problem) && problem.length > 0 && table.count == 0);
    text_release(&problem);
    group_table_close(&table);
}

static void check_by(void) {
    struct span names[MAX_PARTIAL_BY];
    size_t count = 0;
    CHECK(partial_by(span_of("{\"by\":[\"functionName\",\"power\"]}"), names, &count) && count == 2);
    CHECK(json_string_is(names[0], "functionName") && json_string_is(names[1], "power"));
    CHECK(!partial_by(span_of("{}"), names, &count) && !partial_by(span_of("{\"by\":[7]}"), names, &count));
    CHECK(!partial_by(span_of("{\"by\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]}"), names,
                      &count));
}

int main(void) {
    TEST("parts that were written, read and added up are the same to the byte as the whole") {
        check_round(false);
    }
    TEST("an exact part and one with a histogram are added up too") {
        check_round(true);
    }
    TEST("all parts include the same starts; without the member, all of them") {
        check_cold("{\"cold\":\"only\"}", -1, COLD_ONLY, "");
        check_cold("{}", -1, COLD_INCLUDE, "");
        check_cold("{\"cold\":\"exclude\"}", COLD_EXCLUDE, COLD_EXCLUDE, "");
        check_cold("{\"cold\":\"only\"}", COLD_INCLUDE, COLD_INCLUDE,
                   "made with --cold only, others with --cold include");
        check_cold("{\"cold\":\"some\"}", -1, -1, "member 'cold' is not include, exclude or only");
        check_cold("{\"cold\":7}", -1, -1, "member 'cold' is not include, exclude or only");
    }
    TEST("the names of the members are read, at most eight") {
        check_by();
    }
    TEST("an invalid part changes nothing") {
        check_bad("{\"type\":\"partial\"}");
        check_bad(
            "{\"type\":\"partial\",\"schema\":9,\"by\":[\"power\"],\"key\":[128],\"cold\":\"include\"}");
        check_bad("{\"type\":\"partial\",\"schema\":2,\"by\":[\"power\"],\"key\":[],\"cold\":\"include\"}");
    }
    return unit_end();
}
