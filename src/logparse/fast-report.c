#include "logparse/fast-report.h"

#include "tune/reportline.h"
#include "util/swar.h"

/* There are no checks of lengths at each step: an id of ID_LENGTH bytes, the numbers of at most MAX_NUMBER
 * bytes and the words between them are shorter than FAST_REPORT_ROOM together, and their record is shorter
 * than RECORD_ROOM. */
enum { ID_LENGTH = 36, MAX_NUMBER = 16, MAX_SIZE = 6, RECORD_ROOM = 512 };

struct number {
    const char *start;
    unsigned length;
};

struct fast_report {
    const char *id;
    struct number duration, billed, size, used, init; /* init.length 0: absent */
};

/* ---- reading ---- */

/* Moves `*at` by `length`; true when the literal `text` was there. */
static inline bool step_over(const char **at, const char *text, size_t length) {
    const char *start = *at;
    *at += length;
    return swar_same(start, text, length);
}
#define STEP(at, text) step_over(at, text, sizeof text - 1)

/* Reads a whole number of at most seven digits, in JSON's form. */
static inline bool read_whole(const char **at, struct number *number) {
    *number = (struct number){*at, swar_digits(*at)};
    *at += number->length;
    return number->length - 1 < 7 && (*number->start != '0' || number->length == 1);
}

static inline bool read_number(const char **at, struct number *number) {
    if (!read_whole(at, number))
        return false;
    if (**at != '.')
        return true;
    unsigned decimals = swar_digits(*at + 1);
    *at += 1 + decimals;
    number->length += 1 + decimals;
    return decimals - 1 < 7;
}

static inline const char *read_report(const char *at, struct fast_report *report) {
    at += sizeof REPORTLINE_START - 1;
    report->id = at;
    at += ID_LENGTH;
    if (!STEP(&at, "\tDuration: ") || !swar_plain(report->id, ID_LENGTH) ||
        !read_number(&at, &report->duration) || !STEP(&at, " ms\tBilled Duration: ") ||
        !read_number(&at, &report->billed) || !STEP(&at, " ms\tMemory Size: ") ||
        !read_whole(&at, &report->size) || !STEP(&at, " MB\tMax Memory Used: ") ||
        !read_whole(&at, &report->used) || !STEP(&at, " MB"))
        return NULL;
    if (*report->size.start == '0' || report->size.length > MAX_SIZE)
        return NULL;
    report->init.length = 0;
    if (at[0] == '\t' && at[1] == 'I' &&
        (!STEP(&at, "\tInit Duration: ") || !read_number(&at, &report->init) || !STEP(&at, " ms")))
        return NULL;
    at += *at == '\t';
    return *at == '\n' ? at : NULL;
}

/* ---- writing ---- */

static inline char *put(char *to, const char *bytes, size_t length) {
    memcpy(to, bytes, length);
    return to + length;
}
#define PUT(to, text) put(to, text, sizeof text - 1)

/* Always copies MAX_NUMBER bytes, which is one instruction. The next piece overwrites the excess. */
static inline char *put_number(char *to, struct number number) {
    memcpy(to, number.start, MAX_NUMBER);
    return to + number.length;
}

static inline char *put_record(char *to, const struct fast_report *report) {
    to = put_number(PUT(to, "{\"type\":\"measurement\",\"power\":"), report->size);
    to = put(PUT(to, ",\"requestId\":\""), report->id, ID_LENGTH);
    to = put_number(PUT(to, "\",\"durationMs\":"), report->duration);
    to = put_number(PUT(to, ",\"billedDurationMs\":"), report->billed);
    if (report->init.length)
        to = put_number(PUT(to, ",\"initDurationMs\":"), report->init);
    to = put_number(PUT(to, ",\"memorySizeMB\":"), report->size);
    to = put_number(PUT(to, ",\"maxMemoryUsedMB\":"), report->used);
    return PUT(to, "}\n");
}

const char *fast_report_copy(const char *at, struct text *output) {
    struct fast_report report;
    const char *stop = read_report(at, &report);
    if (!stop)
        return NULL;
    char *start = text_extend(output, RECORD_ROOM);
    text_extended(output, (size_t)(put_record(start, &report) - start));
    return stop;
}
