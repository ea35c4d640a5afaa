#include "stats/partial.h"

#include "tune/duration.h"
#include "tune/record.h"
#include "util/words.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* ---- writing ---- */

static void append_wide(struct text *out, sample_wide number) {
    char digits[40];
    size_t first = sizeof digits;
    do
        digits[--first] = (char)('0' + (int)(number % 10));
    while ((number /= 10) > 0);
    text_append(out, digits + first, sizeof digits - first);
}

/* Writes a number as a string of digits. */
static void put_wide(struct text *out, const char *name, sample_wide number) {
    json_put_name(out, name);
    text_append_byte(out, '"');
    append_wide(out, number);
    text_append_byte(out, '"');
}

static void append_element(struct text *out, uint64_t number) {
    json_separate(out);
    append_wide(out, number);
}

/* Writes the times, or pairs of a bucket and its count. */
static void append_sample(struct text *out, struct sample *sample) {
    json_separate(out);
    text_append_byte(out, '{');
    put_wide(out, "count", sample->count);
    put_wide(out, "sum", sample->sum);
    put_wide(out, "squares", sample->squares);
    put_wide(out, "min", (uint64_t)sample->minimum);
    put_wide(out, "max", (uint64_t)sample->maximum);
    json_put_name(out, sample_is_exact(sample) ? "times" : "buckets");
    text_append_byte(out, '[');
    if (sample_is_exact(sample)) {
        sample_sort(sample);
        for (size_t i = 0; i < sample->count; i++)
            append_element(out, (uint64_t)sample->times[i]);
    } else {
        for (size_t i = 0; i < SAMPLE_BUCKETS; i++)
            if (sample->buckets[i]) {
                append_element(out, i);
                append_element(out, sample->buckets[i]);
            }
    }
    text_append_string(out, "]}");
}

static void put_key(struct text *out, const struct group *group, const char *const *by, size_t by_count) {
    json_put_name(out, "by");
    text_append_byte(out, '[');
    for (size_t i = 0; i < by_count; i++) {
        json_separate(out);
        json_append_string(out, span_of(by[i]));
    }
    text_append_byte(out, ']');
    json_put_name(out, "key");
    text_append_byte(out, '[');
    for (const char *at = text_string(&group->key); *at;) {
        size_t length = strcspn(at, "\n");
        json_separate(out);
        text_append(out, at, length);
        at += length + (at[length] == '\n');
    }
    text_append_byte(out, ']');
}

static void put_group(struct text *out, struct group *group) {
    struct sample *samples[GROUP_SAMPLES];
    json_put_number(out, "power", group->memory_mb);
    json_put_boolean(out, "wanted", group->wanted);
    put_wide(out, "failed", group->failed);
    put_wide(out, "lost", group->lost);
    put_wide(out, "noReport", group->no_report);
    put_wide(out, "notCold", group->not_cold);
    json_put_number(out, "firstTimestamp", (double)group->first_time);
    json_put_number(out, "lastTimestamp", (double)group->last_time);
    put_wide(out, "initBilled", group->init_billed);
    put_wide(out, "initNotBilled", group->init_not_billed);
    put_wide(out, "megabyteMs", group->megabyte_ms);
    put_wide(out, "failedMegabyteMs", group->failed_megabyte_ms);
    json_put_number(out, "maxMemoryUsedMB", group->max_memory_used);
    json_put_number(out, "failedMaxMemoryUsedMB", group->failed_max_memory_used);
    json_put_number(out, "memorySizeMB", group->memory_size);
    frequencies_put(out, "errors", &group->errors, true);
    frequencies_put(out, "lostReasons", &group->lost_reasons, true);
    json_put_name(out, "samples");
    text_append_byte(out, '[');
    group_samples(group, samples);
    for (size_t i = 0; i < GROUP_SAMPLES; i++)
        append_sample(out, samples[i]);
    text_append_byte(out, ']');
}

static void put_payloads(struct text *out, struct group *group) {
    if (!group->payloads.count)
        return;
    json_put_name(out, "payloads");
    text_append_byte(out, '[');
    group_table_sort(&group->payloads);
    for (size_t i = 0; i < group->payloads.count; i++) {
        struct group *payload = group->payloads.groups[i];
        json_separate(out);
        text_append_byte(out, '{');
        json_put_value(out, "payloadIndex",
                       (struct span){text_string(&payload->key), payload->key.length - 1});
        put_group(out, payload);
        text_append_byte(out, '}');
    }
    text_append_byte(out, ']');
}

void partial_append(struct text *out, struct group *group, const char *const *by, size_t by_count,
                    enum cold cold) {
    text_append_string(out, "{\"type\":\"partial\",\"schema\":2");
    put_key(out, group, by, by_count);
    json_put_name(out, "cold");
    json_append_string(out, choice_word(COLD_CHOICES, (int)cold));
    put_group(out, group);
    put_payloads(out, group);
    text_append_byte(out, '}');
}

/* ---- reading ---- */

/* Reads decimal digits, quoted or not, of a number of at most `most`. */
static bool parse_wide(struct span token, sample_wide most, sample_wide *number) {
    if (json_type(token) == JSON_STRING)
        token = (struct span){token.start + 1, token.length - 2};
    sample_wide value = 0;
    if (!token.start || !token.length || token.length > 39)
        return false;
    for (size_t i = 0; i < token.length; i++) {
        unsigned digit = (unsigned char)token.start[i] - (unsigned)'0';
        if (digit > 9 || value > (most - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *number = value;
    return true;
}

static const sample_wide max_time = (uint64_t)SAMPLE_MAX_TIME;
static const sample_wide widest = ~(sample_wide)0;

static bool read_wide(struct span object, const char *name, sample_wide most, sample_wide *number) {
    struct span token;
    return json_member(object, name, &token) && parse_wide(token, most, number);
}

static bool read_count(struct span object, const char *name, uint64_t *count) {
    sample_wide number;
    if (!read_wide(object, name, UINT64_MAX, &number))
        return false;
    *count = (uint64_t)number;
    return true;
}

static bool read_times(struct span times, struct sample *sample) {
    struct json_cursor cursor = json_cursor(times);
    struct span element;
    sample_wide time;
    while (json_next_element(&cursor, &element)) {
        if (sample->count == SAMPLE_EXACT || !parse_wide(element, max_time, &time))
            return false;
        sample_add(sample, (int64_t)time);
    }
    return true;
}

static bool read_buckets(struct span buckets, struct sample *sample) {
    struct json_cursor cursor = json_cursor(buckets);
    struct span element;
    sample_wide bucket, count;
    sample_spill(sample);
    while (json_next_element(&cursor, &element)) {
        if (!parse_wide(element, SAMPLE_BUCKETS - 1, &bucket) || !json_next_element(&cursor, &element) ||
            !parse_wide(element, SAMPLE_MAX_COUNT - sample->count, &count))
            return false;
        sample->buckets[bucket] += (uint64_t)count;
        sample->count += (uint64_t)count;
    }
    return true;
}

/* False when no times have these totals. */
static bool are_totals(uint64_t count, sample_wide sum, sample_wide squares, sample_wide minimum,
                       sample_wide maximum) {
    if (!sum)
        return !squares;
    return sum >= minimum * count && sum <= maximum * count && squares / sum >= sum / count &&
           squares / sum <= maximum;
}

/* Reads a sample, and checks its totals against its times. */
static bool read_sample(struct span object, struct sample *sample) {
    uint64_t count;
    sample_wide sum, squares, minimum, maximum;
    struct span values;
    if (!read_count(object, "count", &count) || !read_wide(object, "sum", widest, &sum) ||
        !read_wide(object, "squares", SAMPLE_MAX_SQUARES, &squares) ||
        !read_wide(object, "min", max_time, &minimum) || !read_wide(object, "max", max_time, &maximum))
        return false;
    if (json_member(object, "times", &values) && json_type(values) == JSON_ARRAY)
        return read_times(values, sample) && sample->count == count && sample->sum == sum;
    if (!json_member(object, "buckets", &values) || json_type(values) != JSON_ARRAY ||
        !read_buckets(values, sample) || sample->count != count ||
        !are_totals(count, sum, squares, minimum, maximum))
        return false;
    sample->sum = sum;
    sample->squares = squares;
    sample->minimum = (int64_t)minimum;
    sample->maximum = (int64_t)maximum;
    return true;
}

static bool read_samples(struct span object, struct group *group) {
    struct sample *samples[GROUP_SAMPLES];
    struct span list, element;
    if (!json_member(object, "samples", &list) || json_type(list) != JSON_ARRAY)
        return false;
    struct json_cursor cursor = json_cursor(list);
    group_samples(group, samples);
    for (size_t i = 0; i < GROUP_SAMPLES; i++)
        if (!json_next_element(&cursor, &element) || !read_sample(element, samples[i]) ||
            sample_is_exact(samples[i]) != sample_is_exact(samples[0]))
            return false;
    return !json_next_element(&cursor, &element) && group->warm_billed.count == group->warm_duration.count &&
           group->cold_billed.count == group->cold_duration.count;
}

static bool read_frequencies(struct span object, const char *member, struct frequencies *frequencies) {
    struct span names, name, value;
    sample_wide count;
    if (!json_member(object, member, &names) || json_type(names) != JSON_OBJECT)
        return false;
    struct json_cursor cursor = json_cursor(names);
    while (json_next_member(&cursor, &name, &value)) {
        if (!parse_wide(value, UINT64_MAX, &count))
            return false;
        frequencies_add(frequencies, name, (uint64_t)count);
    }
    return true;
}

/* Early records of this schema do not have it. */
static bool read_failed_megabyte_ms(struct span object, struct group *group) {
    struct span value;
    return !json_member(object, "failedMegabyteMs", &value) ||
           read_wide(object, "failedMegabyteMs", widest, &group->failed_megabyte_ms);
}

/* Early records of this schema have no reasons. */
static bool read_all_frequencies(struct span object, struct group *group) {
    struct span reasons;
    return read_frequencies(object, "errors", &group->errors) &&
           (!json_member(object, "lostReasons", &reasons) ||
            read_frequencies(object, "lostReasons", &group->lost_reasons));
}

bool partial_by(struct span object, struct span by[MAX_PARTIAL_BY], size_t *count) {
    struct span list, element;
    *count = 0;
    if (!json_member(object, "by", &list) || json_type(list) != JSON_ARRAY)
        return false;
    struct json_cursor cursor = json_cursor(list);
    while (json_next_element(&cursor, &element)) {
        if (json_type(element) != JSON_STRING || *count == MAX_PARTIAL_BY)
            return false;
        by[(*count)++] = element;
    }
    return *count > 0;
}

bool partial_cold(struct span object, int *cold, struct text *problem) {
    struct span value;
    struct text name = TEXT_INIT;
    int own = COLD_INCLUDE;
    if (json_member(object, "cold", &value))
        own = json_type(value) == JSON_STRING && json_decode_string(value, &name)
                  ? choice_index(text_string(&name), COLD_CHOICES)
                  : -1;
    text_release(&name);
    if (own < 0) {
        text_append_string(problem, "member 'cold' is not ");
        choices_append(problem, COLD_CHOICES);
        return false;
    }
    if (*cold < 0)
        *cold = own;
    if (own == *cold)
        return true;
    struct span mine = choice_word(COLD_CHOICES, own), others = choice_word(COLD_CHOICES, *cold);
    text_append_format(problem, "made with --cold %.*s, others with --cold %.*s", (int)mine.length,
                       mine.start, (int)others.length, others.start);
    return false;
}

/* Reads the member "key": a value for each name in "by". */
static bool read_key(struct span object, struct text *key) {
    struct span list, element, by[MAX_PARTIAL_BY];
    size_t count, length = 0;
    if (!partial_by(object, by, &count) || !json_member(object, "key", &list) ||
        json_type(list) != JSON_ARRAY)
        return false;
    struct json_cursor cursor = json_cursor(list);
    for (; json_next_element(&cursor, &element); length++) {
        text_append(key, element.start, element.length);
        text_append_byte(key, '\n');
    }
    return length == count;
}

struct members {
    double memory_mb, max_memory_used, failed_max_memory_used, memory_size;
    long long first_time, last_time;
    bool wanted;
};

static bool read_group(struct span object, struct group *group, struct text *problem) {
    static const struct field fields[] = {
        {"power", FIELD_NUMBER, offsetof(struct members, memory_mb), true, 0, MAX_REPORT_MB},
        {"maxMemoryUsedMB", FIELD_NUMBER, offsetof(struct members, max_memory_used), true, 0, 1e9},
        {"failedMaxMemoryUsedMB", FIELD_NUMBER, offsetof(struct members, failed_max_memory_used), false, 0,
         1e9},
        {"memorySizeMB", FIELD_NUMBER, offsetof(struct members, memory_size), true, 0, MAX_REPORT_MB},
        {"firstTimestamp", FIELD_WHOLE, offsetof(struct members, first_time), true, 0, 1e15},
        {"lastTimestamp", FIELD_WHOLE, offsetof(struct members, last_time), true, 0, 1e15},
        {"wanted", FIELD_BOOLEAN, offsetof(struct members, wanted), true, 0, 0}};
    struct members members = {0};
    if (!record_fields(object, fields, sizeof fields / sizeof *fields, &members, problem))
        return false;
    group->memory_mb = members.memory_mb;
    group->max_memory_used = members.max_memory_used;
    group->failed_max_memory_used = members.failed_max_memory_used;
    group->memory_size = members.memory_size;
    group->first_time = members.first_time;
    group->last_time = members.last_time;
    group->wanted = members.wanted;
    if (read_count(object, "failed", &group->failed) && read_count(object, "lost", &group->lost) &&
        read_count(object, "noReport", &group->no_report) &&
        read_count(object, "notCold", &group->not_cold) &&
        read_count(object, "initBilled", &group->init_billed) &&
        read_count(object, "initNotBilled", &group->init_not_billed) &&
        read_wide(object, "megabyteMs", widest, &group->megabyte_ms) &&
        read_failed_megabyte_ms(object, group) && read_all_frequencies(object, group) &&
        read_samples(object, group))
        return true;
    text_append_string(problem, "invalid or inconsistent figures");
    return false;
}

static bool read_payloads(struct span object, struct group *group, struct text *problem) {
    struct span list, element, index;
    long long number;
    if (!json_member(object, "payloads", &list))
        return true;
    struct json_cursor cursor = json_cursor(list);
    while (json_next_element(&cursor, &element)) {
        if (!json_member(element, "payloadIndex", &index) || !json_whole_number(index, &number) ||
            number < 0) {
            text_append_string(problem, "an element of member 'payloads' has no 'payloadIndex'");
            return false;
        }
        if (!read_group(element, group_payload(group, number), problem))
            return false;
    }
    return true;
}

bool partial_merge(struct span object, struct group_table *table, struct text *problem) {
    struct group_table single = {0};
    struct text key = TEXT_INIT;
    long long schema = 0;
    struct span value;
    bool good = json_member(object, "schema", &value) && json_whole_number(value, &schema) && schema == 2;
    if (!good)
        text_append_string(problem, "member 'schema' is not 2");
    else if (!(good = read_key(object, &key)))
        text_append_string(problem, "member 'key' does not have one value for each name in 'by'");
    struct span bytes = {text_string(&key), key.length};
    if (good && (good = read_group(object, group_find(&single, bytes), problem)) &&
        (good = read_payloads(object, single.groups[0], problem))) {
        struct group *from = single.groups[0], *into = group_find(table, bytes);
        into->memory_mb = from->memory_mb;
        group_merge(into, from);
    }
    group_table_close(&single);
    text_release(&key);
    return good;
}
