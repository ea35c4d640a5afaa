#include "tune/plan-record.h"

#include "tune/measurement.h"
#include "tune/record.h"
#include "util/memory.h"

#include <math.h>

struct span plan_member(struct span plan, const char *name, enum json_type type) {
    struct span value;
    bool found = plan.start && json_member(plan, name, &value) && json_type(value) == type;
    return found ? value : (struct span){NULL, 0};
}

double plan_number(struct span plan, const char *name, double fallback) {
    return record_number(plan, NULL, name, fallback);
}

void plan_string(struct span plan, const char *name, const char *option, const char *fallback,
                 struct text *out) {
    struct span value = plan_member(plan, name, JSON_STRING);
    if (option || !value.start)
        text_append_string(out, option ? option : fallback);
    else
        json_decode_string(value, out);
}

double plan_discard(struct span plan) {
    /* A cold start is as slow as it is: none of them is an outlier. */
    if (plan_member(plan, "onlyColdStarts", JSON_TRUE).start)
        return 0;
    return fmin(fmax(plan_number(plan, "discardTopBottom", 0.2), 0), 0.4);
}

double plan_time_limit(struct span plan) {
    return plan_number(plan, "trialTimeout", plan_number(plan, "timeout", 0));
}

double plan_present_memory(struct span plan) {
    return plan_number(plan, "presentPower", plan_number(plan, "memorySizeMB", 0));
}

double *plan_memory_sizes(struct span plan, size_t *count) {
    struct json_cursor cursor = json_cursor(plan_member(plan, "powerValues", JSON_ARRAY));
    struct span element;
    double *memory_sizes = NULL;
    size_t capacity = 0;
    *count = 0;
    while (json_next_element(&cursor, &element)) {
        double memory_mb = json_type(element) == JSON_NUMBER ? json_number(element) : 0;
        if (!(memory_mb >= 1 && memory_mb <= MAX_REPORT_MB))
            continue;
        memory_sizes = memory_reserve(memory_sizes, &capacity, *count + 1, sizeof *memory_sizes);
        memory_sizes[(*count)++] = memory_mb;
    }
    return memory_sizes;
}
