#include "pick/failures.h"

#include "stats/beta.h"
#include "tune/fault.h"
#include "util/json.h"

static double number_member(struct span object, const char *name) {
    struct span value;
    return json_member(object, name, &value) && json_type(value) == JSON_NUMBER ? json_number(value) : 0;
}

/* Reports of time-outs have a status instead of an error type. */
static enum fault_cause cause_of(const struct memory_size *size, struct span error_type) {
    struct text type = TEXT_INIT;
    json_decode_string(error_type, &type);
    enum fault_cause cause =
        fault_cause(text_string(&type), "", number_member(span_of(size->object), "failedMaxMemoryUsedMB"),
                    size->stat.memory_mb);
    text_release(&type);
    return json_string_is(error_type, "timeout") ? FAULT_TIMED_OUT : cause;
}

struct failures failures_of(const struct memory_size *size) {
    struct failures failures = {0};
    struct span object = span_of(size->object ? size->object : "{}"), errors, name, value;
    failures.failed = number_member(object, "failed");
    failures.total = (double)size->stat.count + failures.failed;
    if (!json_member(object, "failedByErrorType", &errors) || json_type(errors) != JSON_OBJECT)
        return failures;
    struct json_cursor cursor = json_cursor(errors);
    while (json_next_member(&cursor, &name, &value)) {
        enum fault_cause cause = cause_of(size, name);
        failures.out_of_memory += cause == FAULT_OUT_OF_MEMORY ? json_number(value) : 0;
        failures.timed_out += cause == FAULT_TIMED_OUT ? json_number(value) : 0;
    }
    return failures;
}

bool failures_exclude(const struct failures *failures, double allowed) {
    const double tail = 0.05;
    if (!(failures->failed > 0))
        return false;
    return failures->out_of_memory > 0 ||
           1 - binomial_at_most(failures->failed - 1, failures->total, allowed) < tail;
}

void failures_append(struct text *out, const struct failures *failures, double allowed) {
    if (failures->out_of_memory > 0) {
        text_append_format(out, "%.0f of %.0f invocations ran out of memory", failures->out_of_memory,
                           failures->total);
        return;
    }
    text_append_format(out, "%.0f of %.0f invocations %s (limit: %g %%)", failures->failed, failures->total,
                       failures->timed_out < failures->failed ? "failed" : "timed out", allowed * 100);
}
