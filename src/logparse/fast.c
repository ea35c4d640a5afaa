#include "logparse/fast.h"

#include "logparse/packed.h"
#include "logparse/python.h"
#include "tune/measurement.h"
#include "util/swar.h"
#include "util/timestamp.h"

/* There are no checks of lengths at each step: an id of ID_LENGTH bytes, a time, numbers of at most
 * MAX_NUMBER bytes and the words between them are shorter than LOG_FAST_ROOM together, and so is the
 * record. */
enum { ID_LENGTH = 36, TIME_LENGTH = 24, MAX_NUMBER = 16, MAX_SIZE = 6, RECORD_ROOM = LOG_FAST_ROOM };

#define TIME_START "{\"time\":\""
#define TYPE_START "\",\"type\":\""
#define RECORD_START "platform.report\",\"record\":{\"requestId\":\""
#define SUCCESS ",\"status\":\"success\""

/* The place of "platform.report" in its line. */
enum { JSON_ANCHOR = sizeof TIME_START - 1 + TIME_LENGTH + sizeof TYPE_START - 1 };

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

/* The same, but `*at` stays when the text is not there. */
#define MAYBE_STEP(at, text) (swar_same(*(at), text, sizeof text - 1) && STEP(at, text))

static inline bool read_id(const char **at, const char **id) {
    *id = *at;
    *at += ID_LENGTH;
    return swar_plain(*id, ID_LENGTH);
}

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

static inline bool read_size(const char **at, struct number *number) {
    return read_whole(at, number) && *number->start != '0' && number->length <= MAX_SIZE;
}

/* Reads the line at `at` and returns its newline; NULL when it has another form. */
static inline const char *read_text(const char *at, struct fast_report *report) {
    if (!STEP(&at, REPORTLINE_START) || !read_id(&at, &report->id) || !STEP(&at, "\tDuration: ") ||
        !read_number(&at, &report->duration) || !STEP(&at, " ms\tBilled Duration: ") ||
        !read_number(&at, &report->billed) || !STEP(&at, " ms\tMemory Size: ") ||
        !read_size(&at, &report->size) || !STEP(&at, " MB\tMax Memory Used: ") ||
        !read_whole(&at, &report->used) || !STEP(&at, " MB"))
        return NULL;
    report->init.length = 0;
    if (at[0] == '\t' && at[1] == 'I' &&
        (!STEP(&at, "\tInit Duration: ") || !read_number(&at, &report->init) || !STEP(&at, " ms")))
        return NULL;
    at += *at == '\t';
    return *at == '\n' ? at : NULL;
}

/* The same for a JSON report, whose "platform.report" is at `at`. */
static inline const char *read_json(const char *at, struct fast_report *report) {
    if (!STEP(&at, RECORD_START) || !read_id(&at, &report->id) || !STEP(&at, "\""))
        return NULL;
    bool status_first = MAYBE_STEP(&at, SUCCESS);
    if (!STEP(&at, ",\"metrics\":{\"durationMs\":") || !read_number(&at, &report->duration) ||
        !STEP(&at, ",\"billedDurationMs\":") || !read_whole(&at, &report->billed) ||
        !STEP(&at, ",\"memorySizeMB\":") || !read_size(&at, &report->size) ||
        !STEP(&at, ",\"maxMemoryUsedMB\":") || !read_whole(&at, &report->used))
        return NULL;
    report->init.length = 0;
    if (MAYBE_STEP(&at, ",\"initDurationMs\":") && !read_number(&at, &report->init))
        return NULL;
    if (!STEP(&at, "}") || (!status_first && !STEP(&at, SUCCESS)) || !STEP(&at, "}}"))
        return NULL;
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

/* Writes the record up to maxMemoryUsedMB. */
static inline char *put_figures(char *to, const struct fast_report *report) {
    to = put_number(PUT(to, "{\"type\":\"measurement\",\"power\":"), report->size);
    to = put(PUT(to, ",\"requestId\":\""), report->id, ID_LENGTH);
    to = put_number(PUT(to, "\",\"durationMs\":"), report->duration);
    to = put_number(PUT(to, ",\"billedDurationMs\":"), report->billed);
    if (report->init.length)
        to = put_number(PUT(to, ",\"initDurationMs\":"), report->init);
    to = put_number(PUT(to, ",\"memorySizeMB\":"), report->size);
    return put_number(PUT(to, ",\"maxMemoryUsedMB\":"), report->used);
}

static inline const char *take_text(const char *line, struct text *output) {
    struct fast_report report;
    const char *newline = read_text(line, &report);
    if (!newline)
        return NULL;
    char *start = text_extend(output, RECORD_ROOM);
    text_extended(output, (size_t)(PUT(put_figures(start, &report), "}\n") - start));
    return newline;
}

static const char *take_json(const char *line, struct text *output) {
    struct fast_report report;
    struct origin origin = {.timestamp = 0};
    const char *time = line + sizeof TIME_START - 1, *newline = read_json(line + JSON_ANCHOR, &report);
    if (!newline || !swar_same(line, TIME_START, sizeof TIME_START - 1) || !swar_plain(time, TIME_LENGTH) ||
        !swar_same(time + TIME_LENGTH, TYPE_START, sizeof TYPE_START - 1))
        return NULL;
    timestamp_parse(time, time + TIME_LENGTH, &origin.timestamp);
    char *start = text_extend(output, RECORD_ROOM);
    text_extended(output, (size_t)(PUT(put_figures(start, &report), SUCCESS) - start));
    measurement_finish(output, &origin);
    text_append_byte(output, '\n');
    return newline;
}

const char *log_fast_report(enum log_anchor anchor, const char *floor, const char *hit, struct text *output) {
    ptrdiff_t before = anchor == ANCHOR_REPORT ? 0 : JSON_ANCHOR;
    if (!LOGPARSE_FAST || hit - floor < before || (hit - floor > before && hit[-before - 1] != '\n'))
        return NULL;
    return anchor == ANCHOR_REPORT ? take_text(hit, output) : take_json(hit - before, output);
}

/* ---- lines ---- */

/* True when a value in Python's notation begins at `line` and continues after the line's end, `newline`. */
static bool opens_python(const char *line, const char *newline, const char *end) {
    const char *stop = end;
    struct text json = TEXT_INIT;
    bool open = log_python_begins(line, end) && log_python_to_json(line, end, &json, &stop) != PYTHON_NONE &&
                stop > newline;
    text_release(&json);
    return open;
}

/* True when a line that begins with a bracket may be a record, the start of a document, or packed events. */
static bool is_more_than_text(const char *line, const char *end) {
    static const char record[] = "{\"type\":";
    const char *newline = memchr(line, '\n', (size_t)(end - line)), *at = line + 1;
    struct span text = {line, (size_t)((newline ? newline : end) - line)};
    const char *stop = line + text.length;
    if (text.length >= sizeof record - 1 && memcmp(line, record, sizeof record - 1) == 0)
        return true;
    while (at < stop && (*at == ' ' || *at == '\t' || *at == '\r'))
        at++;
    return at == stop || log_line_is_opaque(text) || opens_python(line, stop, end);
}

/* The rest of a taken text line has no anchor, but it is scanned all the same: its end is known only when the
 * lengths of the numbers are, and the processor need not wait for these. */
bool log_fast_lines(const char *at, const char *end, struct text *output, unsigned long *reports) {
    const char *start = at, *hit;
    enum log_anchor anchor;
    if (!LOGPARSE_FAST || (at < end && (*at == '{' || *at == '[') && is_more_than_text(at, end)))
        return false;
    while ((hit = log_scan(at, end, &anchor))) {
        const char *newline = NULL;
        at = hit + 1;
        if (anchor == ANCHOR_BRACKET ? is_more_than_text(hit, end)
                                     : !(newline = log_fast_report(anchor, start, hit, output)))
            return false;
        if (anchor == ANCHOR_JSON_REPORT)
            at = newline;
        *reports += anchor != ANCHOR_BRACKET;
    }
    return true;
}
