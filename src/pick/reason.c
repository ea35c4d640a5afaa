/* Describes why a size cannot be chosen. */
#include "pick/choice.h"
#include "tune/fault.h"
#include "tune/record.h"
#include "util/json.h"

#include <math.h>

/* ---- invocations without a measurement ---- */

static void append_count(struct text *reason, struct span object, const char *member, const char *words) {
    double count = record_number(object, NULL, member, 0);
    if (count > 0)
        text_append_format(reason, "%s%.0f %s", reason->length ? ", " : "", count, words);
}

/* Finds the next member in descending order of its number, after the member with the number `last` at
 * index `at`; equal ones come in the order of the object. Updates both. */
static bool next_largest(struct span object, double *last, size_t *at, struct span *name) {
    struct json_cursor cursor = json_cursor(object);
    struct span candidate, value;
    double largest = -1;
    size_t chosen = 0;
    for (size_t i = 0; json_next_member(&cursor, &candidate, &value); i++) {
        double count = json_number(value);
        bool comes = count < *last || (count == *last && i > *at);
        if (!comes || count <= largest)
            continue;
        largest = count;
        chosen = i;
        *name = candidate;
    }
    *last = largest;
    *at = chosen;
    return largest > 0;
}

/* Appends the reasons after "5 lost": ": 4 connection reset, 1 HTTP 502". */
static void append_reasons(struct text *reason, struct span object) {
    struct span reasons, name;
    double count = 1e18;
    size_t at = 0;
    if (!json_member(object, "lostByReason", &reasons))
        return;
    for (const char *separator = ": "; next_largest(reasons, &count, &at, &name); separator = ", ") {
        text_append_format(reason, "%s%.0f ", separator, count);
        json_decode_string(name, reason);
    }
}

void size_failures(struct text *reason, const struct memory_size *size) {
    struct span errors, name, value, object = span_of(size->object ? size->object : "{}");
    if (json_member(object, "failedByErrorType", &errors)) {
        struct json_cursor cursor = json_cursor(errors);
        while (json_next_member(&cursor, &name, &value)) {
            text_append_format(reason, "%s%.0f failed with ", reason->length ? ", " : "", json_number(value));
            json_decode_string(name, reason);
        }
    } else {
        append_count(reason, object, "failed", "failed");
    }
    append_count(reason, object, "noReport", "without a report");
    append_count(reason, object, "notCold", "not cold");
    /* "lost" is last because its list of reasons may follow. */
    append_count(reason, object, "lost", "lost");
    append_reasons(reason, object);
}

/* ---- an excluded size ---- */

/* Appends a string member of the failure record that excludes the size. */
static void append_failure_member(struct text *out, const struct memory_size *size, const char *name) {
    struct span value;
    if (json_member(span_of(size->failure), name, &value) && json_type(value) == JSON_STRING)
        json_decode_string(value, out);
}

static void append_out_of_memory(struct text *reason, const struct memory_size *size) {
    double used = record_number(span_of(size->failure), NULL, "maxMemoryUsedMB", (double)NAN);
    text_append_string(reason, "out of memory");
    if (!isnan(used))
        text_append_format(reason, " (%.0f of %g MB)", used, size->stat.memory_mb);
}

/* The maximum duration of a measured size, ms; NaN when it is unknown. */
static double maximum_duration(const struct memory_size *size) {
    struct span stat = size_is_excluded(size) ? (struct span){NULL, 0} : span_of(size->object);
    return record_number(stat, "durationMs", "max", (double)NAN);
}

/* The next larger measured size, or else the next smaller one; NULL when no size was measured. */
static const struct memory_size *nearest_measured(const struct memory_sizes *sizes, double memory_mb) {
    const struct memory_size *below = NULL;
    for (size_t i = 0; i < sizes->count; i++) {
        const struct memory_size *size = &sizes->list[i];
        if (isnan(maximum_duration(size)))
            continue;
        if (size->stat.memory_mb > memory_mb)
            return size;
        below = size;
    }
    return below;
}

/* Lambda gives a size CPU in proportion to its memory. At a smaller size the duration therefore grows at
 * most by the ratio of the sizes. */
static void append_enough_time(struct text *reason, const struct memory_sizes *sizes, double memory_mb) {
    enum { MAX_S = 900 };
    const struct memory_size *like = nearest_measured(sizes, memory_mb);
    double longest = like ? maximum_duration(like) : 0;
    double needed = like ? ceil(longest / 1000 * fmax(like->stat.memory_mb / memory_mb, 1)) : 0;
    if (sizes->timeout_s >= MAX_S)
        text_append_format(reason, ", the maximum that Lambda allows");
    else if (needed > MAX_S)
        text_append_format(reason, "; it may take more than the %d s that Lambda allows", MAX_S);
    else if (needed > sizes->timeout_s && sizes->timeout_s > 0)
        text_append_format(reason, "; --timeout %.0f should be enough (estimated from %.3g s at %g MB)",
                           needed, longest / 1000, like->stat.memory_mb);
    else
        text_append_format(reason, "; raise --timeout (at most %d)", MAX_S);
}

static void append_timed_out(struct text *reason, const struct memory_sizes *sizes,
                             const struct memory_size *size) {
    text_append_string(reason, "timed out");
    if (sizes->timeout_s > 0)
        text_append_format(reason, " after %g s", sizes->timeout_s);
    append_enough_time(reason, sizes, size->stat.memory_mb);
}

static void append_failure(struct text *reason, const struct memory_sizes *sizes,
                           const struct memory_size *size) {
    enum fault_cause cause = fault_cause_of_record(span_of(size->failure));
    if (cause == FAULT_OUT_OF_MEMORY) {
        append_out_of_memory(reason, size);
        return;
    }
    if (cause == FAULT_TIMED_OUT) {
        append_timed_out(reason, sizes, size);
        return;
    }
    append_failure_member(reason, size, "errorType");
    if (!reason->length)
        append_failure_member(reason, size, "kind");
    struct text message = TEXT_INIT;
    append_failure_member(&message, size, "message");
    text_append_format(reason, "%s%s", reason->length && message.length ? ": " : "", text_string(&message));
    text_release(&message);
    if (!reason->length)
        text_append_string(reason, "excluded");
}

static void append_reason(struct text *reason, const struct memory_sizes *sizes,
                          const struct memory_size *size) {
    if (size->out || (!size_is_excluded(size) && size->broken))
        text_append_string(reason, size->out ? size->out : size->broken);
    else if (size->failure)
        append_failure(reason, sizes, size);
    else
        size_failures(reason, size);
    if (!reason->length)
        text_append_string(reason, "no measurement");
}

void size_reason(struct text *reason, const struct memory_sizes *sizes, const struct memory_size *size) {
    struct text words = TEXT_INIT;
    append_reason(&words, sizes, size);
    text_append(reason, text_string(&words), words.length);
    text_release(&words);
}

void sizes_reasons(struct text *reasons, const struct memory_sizes *sizes) {
    for (size_t i = 0; i < sizes->count; i++) {
        text_append_format(reasons, "%s%g MB: ", i ? "; " : "", sizes->list[i].stat.memory_mb);
        size_reason(reasons, sizes, &sizes->list[i]);
    }
}

bool size_fails(const struct memory_size *size) {
    struct span value;
    if (size->failure)
        return json_member(span_of(size->failure), "kind", &value) && json_string_is(value, "functionError");
    return !size->stat.count && record_number(span_of(size->object), NULL, "failed", 0) > 0;
}
