#include "tune/input.h"

#include "util/diagnostics.h"
#include "util/memory.h"
#include "util/words.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

/* ---- messages ---- */

/* Appends a value for a message: a scalar as it is written, cut when long; the type of a container. */
static void describe(struct span value, struct text *out) {
    enum { MAX_LENGTH = 60 };
    enum json_type type = json_type(value);
    if (type == JSON_OBJECT || type == JSON_ARRAY) {
        text_append_string(out, json_type_name(type));
        return;
    }
    text_append(out, value.start, value.length < MAX_LENGTH ? value.length : MAX_LENGTH);
    if (value.length > MAX_LENGTH)
        text_append_string(out, "...");
}

static void fault(struct text *problems, const char *name, struct span value, const char *expected) {
    text_append_format(problems, "%s: ", name);
    describe(value, problems);
    text_append_format(problems, " is not %s\n", expected);
}

/* ---- parameters ---- */

/* Finds an optional parameter; null counts as absent. */
static bool find(struct span object, const char *name, struct span *value) {
    return json_member(object, name, value) && json_type(*value) != JSON_NULL;
}

static void read_string(struct span object, const char *name, struct span *string, struct text *problems) {
    struct span value;
    if (!find(object, name, &value))
        return;
    if (json_type(value) != JSON_STRING)
        fault(problems, name, value, "a string");
    else if (value.length > 2)
        *string = value;
    else
        text_append_format(problems, "%s: is an empty string\n", name);
}

static void read_boolean(struct span object, const char *name, bool *boolean, struct text *problems) {
    struct span value;
    if (!find(object, name, &value))
        return;
    enum json_type type = json_type(value);
    if (type != JSON_TRUE && type != JSON_FALSE)
        fault(problems, name, value, "true or false");
    *boolean = type == JSON_TRUE;
}

/* The number in a string, as "10": the original takes it as the number. `content` holds what is returned. Any
 * other value is returned as it is. */
static struct span number_in(struct span value, struct text *content) {
    struct span number;
    if (json_type(value) != JSON_STRING)
        return value;
    json_decode_string(value, content);
    bool is_number = json_check((struct span){text_string(content), content->length}, &number, NULL) &&
                     json_type(number) == JSON_NUMBER;
    return is_number ? number : value;
}

static void read_whole(struct span object, const char *name, long long smallest, long long largest,
                       long long *number, struct text *problems) {
    struct span value;
    struct text content = TEXT_INIT;
    long long read = 0;
    char expected[96];
    if (!find(object, name, &value))
        return;
    if (json_whole_number(number_in(value, &content), &read) && read >= smallest && read <= largest) {
        *number = read;
    } else {
        snprintf(expected, sizeof expected, "a whole number from %lld to %lld", smallest, largest);
        fault(problems, name, value, expected);
    }
    text_release(&content);
}

/* A value out of range is clamped, as in the original, with a warning. */
static void read_clamped(struct span object, const char *name, double largest, double *number,
                         struct text *problems, struct text *warnings) {
    struct span value;
    struct text content = TEXT_INIT;
    if (!find(object, name, &value))
        return;
    struct span given = number_in(value, &content);
    double read = json_type(given) == JSON_NUMBER ? json_number(given) : NAN;
    text_release(&content);
    if (isnan(read)) {
        fault(problems, name, value, "a number");
        return;
    }
    *number = read < 0 ? 0 : read > largest ? largest : read;
    if (*number < read || *number > read) {
        text_append_format(warnings, "%s: ", name);
        describe(value, warnings);
        text_append_format(warnings, " is outside 0..%g; using %g\n", largest, *number);
    }
}

static void read_strategy(struct span object, struct tuning_input *input, struct text *problems) {
    read_string(object, "strategy", &input->strategy, problems);
    struct text name = TEXT_INIT, expected = TEXT_INIT;
    if (input->strategy.start)
        json_decode_string(input->strategy, &name);
    if (input->strategy.start && choice_index(text_string(&name), STRATEGIES) < 0) {
        choices_append(&expected, STRATEGIES);
        fault(problems, "strategy", input->strategy, text_string(&expected));
    }
    text_release(&name);
    text_release(&expected);
}

static void read_alias_name(struct span object, struct tuning_input *input, struct text *problems) {
    static const char name[] = "autoOptimizeAlias";
    read_string(object, name, &input->auto_optimize_alias, problems);
    if (!input->auto_optimize_alias.start)
        return;
    struct text alias = TEXT_INIT;
    json_decode_string(input->auto_optimize_alias, &alias);
    bool only_digits = strspn(alias.bytes, "0123456789") == alias.length;
    size_t allowed = strspn(alias.bytes, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");
    if (only_digits || allowed != alias.length || alias.length > 128)
        fault(problems, name, input->auto_optimize_alias,
              "the name of an alias (letters, digits, - and _, not only digits, at most 128)");
    text_release(&alias);
}

static void read_strings(struct span object, const char *name, struct span *strings, struct text *problems) {
    struct span value, element;
    if (!find(object, name, &value))
        return;
    if (json_type(value) != JSON_ARRAY) {
        fault(problems, name, value, "a list of strings");
        return;
    }
    *strings = value;
    struct json_cursor cursor = json_cursor(value);
    while (json_next_element(&cursor, &element))
        if (json_type(element) != JSON_STRING)
            fault(problems, name, element, "a string");
}

static void read_url(struct span object, struct tuning_input *input, struct text *problems) {
    read_string(object, "visualizationURL", &input->visualization_url, problems);
    struct span url = input->visualization_url;
    if (url.start && strncmp(url.start + 1, "https://", 8) != 0 && strncmp(url.start + 1, "http://", 7) != 0)
        fault(problems, "visualizationURL", url, "a URL that begins with https:// or http://");
}

static void read_payload(struct span object, struct tuning_input *input, struct text *warnings) {
    struct text content = TEXT_INIT;
    if (!json_member(object, "payload", &input->payload))
        return;
    if (json_type(input->payload) == JSON_STRING && !input->payload_s3.start) {
        json_decode_string(input->payload, &content);
        payload_warn("payload", (struct span){text_string(&content), content.length}, warnings);
    }
    text_release(&content);
}

static void read_events(struct span object, struct tuning_input *input, struct text *problems) {
    struct span use = {NULL, 0};
    read_string(object, "payloadFile", &input->payload_file, problems);
    read_string(object, "payloadMember", &input->payload_member, problems);
    read_string(object, "payloads", &use, problems);
    if (use.start && !payload_use_parse(use, &input->payload_use))
        fault(problems, "payloads", use, "\"inTurn\", \"weighted\" or \"once\"");
    if (input->payload_file.start && (input->payload_s3.start || json_type(input->payload) > JSON_NONE))
        text_append_string(problems, "payloadFile: cannot be given together with another payload\n");
    if (input->payload_member.start && !input->payload_file.start)
        text_append_string(problems, "payloadMember: has no effect without payloadFile\n");
}

/* ---- memory sizes ---- */

static void add_memory_mb(struct tuning_input *input, size_t *capacity, long long memory_mb) {
    size_t place = input->memory_size_count;
    while (place && input->memory_sizes[place - 1] >= memory_mb)
        place--;
    if (place < input->memory_size_count && input->memory_sizes[place] == memory_mb)
        return;
    input->memory_sizes = memory_reserve(input->memory_sizes, capacity, input->memory_size_count + 1,
                                         sizeof *input->memory_sizes);
    memmove(input->memory_sizes + place + 1, input->memory_sizes + place,
            (input->memory_size_count - place) * sizeof *input->memory_sizes);
    input->memory_sizes[place] = memory_mb;
    input->memory_size_count++;
}

static void add_all_memory_sizes(struct tuning_input *input, size_t *capacity) {
    for (long long memory_mb = 128; memory_mb <= 3008; memory_mb += 64)
        add_memory_mb(input, capacity, memory_mb);
}

static void add_default_memory_sizes(struct tuning_input *input, size_t *capacity) {
    static const long long memory_sizes[] = {128, 256, 512, 1024, 1536, 3008};
    for (size_t i = 0; i < sizeof memory_sizes / sizeof *memory_sizes; i++)
        add_memory_mb(input, capacity, memory_sizes[i]);
}

static bool read_memory_mb(struct span value, long long *memory_mb) {
    struct text content = TEXT_INIT;
    bool read = json_whole_number(number_in(value, &content), memory_mb) && *memory_mb >= MIN_MEMORY_MB &&
                *memory_mb <= MAX_MEMORY_MB;
    text_release(&content);
    return read;
}

static void read_memory_sizes(struct span object, struct tuning_input *input, struct text *problems) {
    static const char name[] = "powerValues";
    struct span value, element;
    size_t capacity = 0, seen = 0;
    if (!find(object, name, &value)) {
        add_default_memory_sizes(input, &capacity);
        return;
    }
    if (json_string_is(value, "ALL")) {
        add_all_memory_sizes(input, &capacity);
        return;
    }
    if (json_type(value) != JSON_ARRAY) {
        fault(problems, name, value, "a list of memory sizes in MB, or \"ALL\"");
        return;
    }
    struct json_cursor cursor = json_cursor(value);
    for (; json_next_element(&cursor, &element); seen++) {
        long long memory_mb;
        if (read_memory_mb(element, &memory_mb))
            add_memory_mb(input, &capacity, memory_mb);
        else
            fault(problems, name, element, "a whole number of MB from 128 to 10240");
    }
    if (!seen)
        add_default_memory_sizes(input, &capacity);
}

/* ---- names ---- */

/* Earlier names of the original, and names from other tools and documents, with the parameter they mean. */
static const char *other_name(const char *name) {
    static const char *const names[][2] = {
        {"enableParallel", "parallelInvocation"},
        {"parallel", "parallelInvocation"},
        {"parallelInvocations", "parallelInvocation"},
        {"functionName", "lambdaARN"},
        {"functionArn", "lambdaARN"},
        {"function", "lambdaARN"},
        {"lambdaFunction", "lambdaARN"},
        {"resourceArn", "lambdaARN"},
        {"powers", "powerValues"},
        {"memorySizes", "powerValues"},
        {"memoryValues", "powerValues"},
        {"memory", "powerValues"},
        {"invocations", "num"},
        {"iterations", "num"},
        {"numInvocations", "num"},
        {"event", "payload"},
        {"payloadS3Bucket", "payloadS3"},
        {"payloadS3Key", "payloadS3"},
        {"alias", "autoOptimizeAlias"},
        {"optimizeAlias", "autoOptimizeAlias"},
        {"optimize", "autoOptimize"},
        {"weight", "balancedWeight"},
        {"preProcessor", "preProcessorARN"},
        {"postProcessor", "postProcessorARN"},
        {"sleepBetweenRuns", "sleepBetweenRunsMs"},
        {"sleepMs", "sleepBetweenRunsMs"},
        {"discard", "discardTopBottom"},
        {"includeResults", "includeOutputResults"},
        {"includeOutput", "includeOutputResults"},
        {"coldStarts", "onlyColdStarts"},
        {"coldStartsOnly", "onlyColdStarts"},
        {"exceptions", "allowedExceptions"},
        {"disableLogs", "disablePayloadLogs"},
        {"disablePayloadLog", "disablePayloadLogs"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(name, names[i][0]) == 0)
            return names[i][1];
    return NULL;
}

/* The known parameter that `name` probably means, or NULL. */
static const char *near_name(const char *name) {
    enum { NEAR = 2 };
    const char *other = other_name(name);
    if (other)
        return other;
    size_t best = NEAR + 1;
    const char *nearest = NULL;
    for (const struct parameter *known = tuning_parameters; known->name; known++) {
        size_t limit = strlen(known->name) <= 4 ? 1 : NEAR;
        size_t distance = word_distance(name, known->name, NEAR);
        if (distance <= limit && distance < best) {
            best = distance;
            nearest = known->name;
        }
    }
    return nearest;
}

static void check_names(struct span object, struct text *problems, struct text *warnings) {
    unsigned long seen = 0;
    struct json_cursor cursor = json_cursor(object);
    struct span member, value;
    struct text name = TEXT_INIT;
    while (json_next_member(&cursor, &member, &value)) {
        text_clear(&name);
        json_decode_string(member, &name);
        const struct parameter *known = tuning_parameters;
        while (known->name && strcmp(known->name, text_string(&name)) != 0)
            known++;
        unsigned long bit = 1UL << (known - tuning_parameters);
        const char *meant = known->name ? NULL : near_name(text_string(&name));
        if (known->name && seen & bit)
            text_append_format(problems, "%s: is given twice\n", known->name);
        else if (meant)
            text_append_format(problems, "%s: unknown parameter; did you mean %s?\n", text_string(&name),
                               meant);
        else if (!known->name)
            text_append_format(warnings, "%s: unknown parameter, ignored\n", text_string(&name));
        seen |= bit;
    }
    text_release(&name);
}

/* A percentage; true means the default, false means off. */
static void read_until_sure(struct span object, struct tuning_input *input, struct text *problems) {
    struct span value;
    if (!find(object, "untilSure", &value) || json_type(value) == JSON_FALSE)
        return;
    double percent = json_type(value) == JSON_TRUE     ? UNTIL_SURE_DEFAULT
                     : json_type(value) == JSON_NUMBER ? json_number(value)
                                                       : -1;
    if (percent >= MIN_UNTIL_SURE && percent <= MAX_UNTIL_SURE)
        input->until_sure = percent;
    else
        fault(problems, "untilSure", value, "a percentage from 0.001 to 100");
}

/* ---- the whole input ---- */

static void check_combinations(struct tuning_input *input, struct text *warnings) {
    if (input->only_cold_starts)
        input->discard_top_bottom = 0;
    if (input->auto_optimize_alias.start && !input->auto_optimize)
        text_append_string(warnings, "autoOptimizeAlias: has no effect without autoOptimize\n");
}

bool tuning_input_read(struct span object, struct tuning_input *input, struct text *problems,
                       struct text *warnings) {
    size_t before = problems->length;
    struct span value;
    *input = (struct tuning_input){.balanced_weight = 0.5, .discard_top_bottom = 0.2};
    if (json_type(object) != JSON_OBJECT) {
        text_append_format(problems, "the input is %s, not an object\n", json_type_name(json_type(object)));
        return false;
    }
    check_names(object, problems, warnings);
    read_string(object, "lambdaARN", &input->lambda_arn, problems);
    if (!find(object, "lambdaARN", &value))
        text_append_string(problems, "lambdaARN: is missing\n");
    read_whole(object, "num", MIN_NUM, MAX_NUM, &input->num, problems);
    if (!find(object, "num", &value))
        text_append_string(problems, "num: is missing\n");
    read_memory_sizes(object, input, problems);
    read_string(object, "payloadS3", &input->payload_s3, problems);
    read_payload(object, input, warnings);
    read_events(object, input, problems);
    read_boolean(object, "parallelInvocation", &input->parallel_invocation, problems);
    read_strategy(object, input, problems);
    read_clamped(object, "balancedWeight", 1, &input->balanced_weight, problems, warnings);
    read_boolean(object, "autoOptimize", &input->auto_optimize, problems);
    read_alias_name(object, input, problems);
    read_boolean(object, "dryRun", &input->dry_run, problems);
    read_string(object, "preProcessorARN", &input->pre_processor_arn, problems);
    read_string(object, "postProcessorARN", &input->post_processor_arn, problems);
    read_clamped(object, "discardTopBottom", 0.4, &input->discard_top_bottom, problems, warnings);
    read_whole(object, "sleepBetweenRunsMs", 0, MAX_SLEEP_MS, &input->sleep_between_runs_ms, problems);
    read_boolean(object, "disablePayloadLogs", &input->disable_payload_logs, problems);
    read_boolean(object, "includeOutputResults", &input->include_output_results, problems);
    read_boolean(object, "onlyColdStarts", &input->only_cold_starts, problems);
    read_strings(object, "allowedExceptions", &input->allowed_exceptions, problems);
    read_url(object, input, problems);
    read_until_sure(object, input, problems);
    check_combinations(input, warnings);
    return problems->length == before;
}

void tuning_input_release(struct tuning_input *input) {
    free(input->memory_sizes);
    *input = (struct tuning_input){0};
}
