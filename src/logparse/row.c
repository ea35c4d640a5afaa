#include "logparse/row.h"

#include "logparse/prefix.h"
#include "tune/duration.h"
#include "util/timestamp.h"

#include <string.h>

void log_row_open(struct log_row *row) {
    row->text = (struct text)TEXT_INIT;
    log_row_clear(row);
}

void log_row_clear(struct log_row *row) {
    text_clear(&row->text);
    memset(row->set, 0, sizeof row->set);
    row->figures = false;
}

void log_row_release(struct log_row *row) {
    text_release(&row->text);
    *row = (struct log_row){0};
}

void log_row_set(struct log_row *row, enum log_member member, struct span value) {
    if (row->set[member] || !value.length)
        return;
    row->set[member] = true;
    row->figures = row->figures || member >= MEMBER_DURATION;
    row->values[member].start = row->text.length;
    row->values[member].length = value.length;
    text_append(&row->text, value.start, value.length);
}

struct span log_row_value(const struct log_row *row, enum log_member member) {
    if (!row->set[member])
        return (struct span){NULL, 0};
    return (struct span){text_string(&row->text) + row->values[member].start, row->values[member].length};
}

/* ---- numbers ---- */

enum { MAX_DIGITS = 24, MAX_EXPONENT = 30, MAX_WHOLE = 9, BYTES_TO_MB = -6 };

struct decimal {
    char digits[MAX_DIGITS];
    int count, point; /* the decimal point is after `point` digits, which may be less than 0 */
    bool exact;       /* the number was written without an exponent */
};

static bool read_exponent(const char *at, const char *end, int *exponent) {
    bool negative = at < end && *at == '-';
    at += at < end && (*at == '-' || *at == '+');
    *exponent = 0;
    if (at == end)
        return false;
    for (; at < end && timestamp_is_digit(*at) && *exponent <= MAX_EXPONENT; at++)
        *exponent = *exponent * 10 + (*at - '0');
    *exponent = negative ? -*exponent : *exponent;
    return at == end;
}

static bool read_decimal(struct span text, struct decimal *number) {
    const char *at = text.start, *end = at + text.length;
    bool point = false, any = false;
    *number = (struct decimal){.exact = true};
    for (; at < end && (timestamp_is_digit(*at) || (*at == '.' && !point)); at++) {
        if (*at == '.') {
            point = true;
            continue;
        }
        any = true;
        if (*at == '0' && !number->count && !point)
            continue;
        if (number->count == MAX_DIGITS)
            return false;
        number->digits[number->count++] = *at;
        number->point += !point;
    }
    int exponent = 0;
    if (at < end && (*at | 0x20) == 'e') {
        if (!read_exponent(at + 1, end, &exponent))
            return false;
        number->exact = false;
        at = end;
    }
    number->point += exponent;
    return any && at == end;
}

/* Writes the number as JSON without an exponent. Digits after the point are kept as they were printed, unless
 * all of them are 0. */
static struct span put_decimal(const struct decimal *number, char *out) {
    int count = number->count, point = number->point, length = 0, last = count;
    if (point > MAX_WHOLE || point < -MAX_WHOLE)
        return (struct span){NULL, 0};
    while (last > 0 && last > point && number->digits[last - 1] == '0')
        last--;
    if (!number->exact || last <= point)
        count = last;
    for (int i = 0; i < point; i++)
        out[length++] = (char)(i < count ? number->digits[i] : '0');
    if (point <= 0)
        out[length++] = '0';
    if (count > point && count > 0)
        out[length++] = '.';
    for (int i = point; i < count && count > 0; i++)
        out[length++] = (char)(i < 0 ? '0' : number->digits[i]);
    return (struct span){out, (size_t)length};
}

/* Reads a value as a number, multiplied by 10 to the power of `scale`. `start` is NULL when it is not one. */
static struct span read_number(struct span value, int scale, char *out) {
    struct decimal number;
    if (!value.start || !read_decimal(value, &number))
        return (struct span){NULL, 0};
    number.point += scale;
    number.exact = number.exact && !scale;
    return put_decimal(&number, out);
}

/* ---- reports ---- */

/* True when the value is in the row but not a number; an absent one is left out of the report. */
static bool take_number(struct log_row *row, enum log_member member, int scale, int place,
                        struct span *number) {
    *number = read_number(log_row_value(row, member), scale, row->numbers[place]);
    return !row->set[member] || number->start;
}

static bool take_size(struct log_row *row, enum log_member member, int scale, int place, long *size) {
    struct span number;
    if (!take_number(row, member, scale, place, &number) || !number.start)
        return number.start || !row->set[member];
    *size = 0;
    for (size_t i = 0; i < number.length; i++) {
        if (!timestamp_is_digit(number.start[i]))
            return false;
        *size = *size * 10 + (number.start[i] - '0');
    }
    return *size >= 1 && *size <= MAX_REPORT_MB;
}

static bool is_zero(struct span number) {
    int64_t value;
    return number.start && duration_parse(number, &value) && value == 0;
}

static enum report_result read_report(struct log_row *row, bool event, struct report *report) {
    enum log_member first = event ? MEMBER_EVENT_DURATION : MEMBER_DURATION;
    int memory_scale = event ? 0 : BYTES_TO_MB;
    *report = (struct report){.request_id = log_row_value(row, MEMBER_REQUEST_ID)};
    bool good = take_number(row, first, 0, 0, &report->duration) &&
                take_number(row, first + 1, 0, 1, &report->billed_duration) &&
                take_number(row, first + 2, 0, 2, &report->init_duration) &&
                take_size(row, first + 3, memory_scale, 3, &report->memory_size) &&
                take_number(row, first + 4, memory_scale, 4, &report->max_memory_used);
    /* Lambda Insights writes 0 for a warm start. */
    if (is_zero(report->init_duration))
        report->init_duration = (struct span){NULL, 0};
    if (event && span_equals(log_row_value(row, MEMBER_EVENT_TIMEOUT), "true"))
        report->status = (struct span){"timeout", sizeof "timeout" - 1};
    bool complete = report->request_id.start && report->duration.start && report->billed_duration.start &&
                    report->memory_size && report->max_memory_used.start;
    return !good ? REPORT_BAD : complete ? REPORT_READ : REPORT_OPEN;
}

void log_row_defer(struct log_row *row, struct log_deferred *deferred, struct log_sink *sink) {
    bool event = span_equals(log_row_value(row, MEMBER_EVENT_TYPE), "performance");
    enum log_member first = event ? MEMBER_EVENT_DURATION : MEMBER_DURATION;
    if (!row->set[first] && !row->set[first + 1])
        return;
    struct report report;
    enum report_result result = read_report(row, event, &report);
    log_deferred_take(deferred, sink, result, &report, &(struct origin){0});
    if (event && result == REPORT_READ)
        log_deferred_mark_event(deferred, report.request_id);
}

static int64_t time_of(struct span text) {
    int64_t time = 0;
    if (!text.start || timestamp_parse(text.start, text.start + text.length, &time))
        return time;
    for (size_t i = 0; i < text.length; i++) {
        if (text.length != 13 || !timestamp_is_digit(text.start[i]))
            return 0;
        time = time * 10 + (text.start[i] - '0');
    }
    return time;
}

struct origin log_row_origin(const struct log_row *row) {
    struct span stream = log_row_value(row, MEMBER_STREAM);
    struct origin origin = {.function_name = log_group_function(log_row_value(row, MEMBER_GROUP)),
                            .log_stream = stream,
                            .timestamp = time_of(log_row_value(row, MEMBER_TIME))};
    if (!origin.function_name.start)
        origin.function_name = log_row_value(row, MEMBER_FUNCTION);
    if (!origin.function_name.start && stream.start)
        origin.function_name = log_stream_function(stream);
    return origin;
}
