#include "pick/result.h"

#include "pick/visualization.h"
#include "util/json.h"

#include <math.h>
#include <string.h>

void result_put_excluded(struct text *out, const struct memory_sizes *sizes) {
    struct text reason = TEXT_INIT;
    bool any = false;
    for (size_t i = 0; i < sizes->count; i++) {
        if (!size_is_excluded(&sizes->list[i]) && !sizes->list[i].broken)
            continue;
        if (!any) {
            json_put_name(out, "excluded");
            text_append_byte(out, '[');
        }
        any = true;
        json_separate(out);
        text_append_byte(out, '{');
        json_put_number(out, "power", sizes->list[i].stat.memory_mb);
        text_clear(&reason);
        size_reason(&reason, sizes, &sizes->list[i]);
        json_put_string(out, "reason", text_string(&reason));
        text_append_byte(out, '}');
    }
    if (any)
        text_append_byte(out, ']');
    text_release(&reason);
}

static void put_interval(struct text *out, const char *name, double low, double high) {
    json_put_name(out, name);
    text_append_byte(out, '[');
    json_append_number(out, low);
    text_append_byte(out, ',');
    json_append_number(out, high);
    text_append_byte(out, ']');
}

/* Appends a stat record without its type but with its confidence; `at` is its index in the choice. */
static void append_stat(struct text *out, struct span object, const struct confidence *confidence,
                        size_t at) {
    struct json_cursor cursor = json_cursor(object);
    struct span name, value;
    json_separate(out);
    text_append_byte(out, '{');
    while (json_next_member(&cursor, &name, &value)) {
        if (json_string_is(name, "type"))
            continue;
        json_put_member(out, name, value);
    }
    if (confidence && confidence->known) {
        json_put_number(out, "probability", confidence->probabilities[at]);
        put_interval(out, "averageDurationInterval", confidence->lows[at], confidence->highs[at]);
        put_interval(out, "averagePriceInterval", confidence->cost_lows[at], confidence->cost_highs[at]);
    }
    text_append_byte(out, '}');
}

static void put_stats(struct text *out, const struct memory_sizes *sizes,
                      const struct confidence *confidence) {
    size_t at = 0;
    json_put_name(out, "stats");
    text_append_byte(out, '[');
    for (size_t i = 0; i < sizes->count; i++)
        if (!size_is_excluded(&sizes->list[i]))
            append_stat(out, span_of(sizes->list[i].object), confidence, at++);
    text_append_byte(out, ']');
}

static void put_visualization(struct text *out, const struct choice *choice,
                              const struct result_settings *settings) {
    struct text base = TEXT_INIT, url = TEXT_INIT;
    text_append_string(&base, settings->visualization_url);
    if (strncmp(settings->region, "cn-", 3) == 0)
        text_append_string(&base, "?currency=CNY");
    visualization_append(&url, text_string(&base), choice->memory_sizes, choice->durations, choice->costs,
                         choice->count);
    json_put_string(out, "visualization", text_string(&url));
    text_release(&base);
    text_release(&url);
}

void result_append(struct text *out, const struct memory_sizes *sizes, const struct choice *choice,
                   const struct result_settings *settings) {
    text_append_byte(out, '{');
    if (settings->function)
        json_put_value(out, "functionName", span_of(settings->function));
    json_put_number(out, "power", choice->memory_sizes[choice->best]);
    json_put_number(out, "cost", choice->costs[choice->best]);
    json_put_number(out, "duration", choice->durations[choice->best]);
    json_put_name(out, "stateMachine");
    text_append_byte(out, '{');
    json_put_number(out, "executionCost", 0);
    json_put_number(out, "lambdaCost", choice->total_cost);
    put_visualization(out, choice, settings);
    text_append_byte(out, '}');
    if (settings->confidence && settings->confidence->known) {
        json_put_number(out, "confidence", settings->confidence->probability);
        json_put_number(out, "expectedRegret", round(settings->confidence->expected_regret * 1e6) / 1e6);
    }
    if (settings->memory_floor > 0)
        json_put_number(out, "memoryFloorMB", settings->memory_floor);
    if (settings->provisional)
        json_put_boolean(out, "provisional", true);
    if (settings->include_stats)
        put_stats(out, sizes, settings->confidence);
    result_put_excluded(out, sizes);
    text_append_byte(out, '}');
}

bool result_is(struct span line, struct span *object) {
    struct span member;
    return json_check(line, object, NULL) && json_type(*object) == JSON_OBJECT &&
           !json_member(*object, "type", &member) && json_member(*object, "stateMachine", &member) &&
           json_member(*object, "power", &member) && json_type(member) == JSON_NUMBER;
}
