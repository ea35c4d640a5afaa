#include "logparse/block.h"

#include "logparse/packed.h"
#include "logparse/prefix.h"
#include "logparse/scan.h"
#include "tune/measurement.h"
#include "util/timestamp.h"

#include <string.h>

static const char *line_end(const char *at, const char *end) {
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    return newline ? newline : end;
}

/* True when a line that begins with a bracket may be a record, the start of a document, or packed events. */
static bool is_more_than_text(const char *line, const char *end) {
    static const char record[] = "{\"type\":";
    const char *stop = line_end(line, end), *at = line + 1;
    struct span text = {line, (size_t)(stop - line)};
    if (text.length >= sizeof record - 1 && memcmp(line, record, sizeof record - 1) == 0)
        return true;
    while (at < stop && (*at == ' ' || *at == '\t' || *at == '\r'))
        at++;
    return at == stop || log_line_is_opaque(text);
}

/* Takes the text report at `hit`. Returns where to continue to scan; NULL when the line is not fast. The rest
 * of the line has no anchor, but it is scanned all the same: its end is known only when the lengths of the
 * numbers are, and the processor need not wait for these. */
static const char *take_report(const char *start, const char *hit, struct text *output) {
    bool whole = hit == start || hit[-1] == '\n';
    return whole && fast_report_copy(hit, output) ? hit + sizeof REPORTLINE_START - 1 : NULL;
}

/* Takes the line of the JSON report at `hit`. Returns its end; NULL when the line is not fast. */
static const char *take_json(const char *start, const char *hit, const char *end, struct text *output) {
    struct report report;
    struct origin origin = {{NULL, 0}, {NULL, 0}, 0};
    struct span time;
    const char *newline = hit > start ? memrchr(start, '\n', (size_t)(hit - start)) : NULL;
    const char *line = newline ? newline + 1 : start, *stop = line_end(hit, end);
    if (!reportline_parse_json_fast((struct span){line, (size_t)(stop - line)}, &report, &time))
        return NULL;
    timestamp_parse(time.start, time.start + time.length, &origin.timestamp);
    measurement_append(output, &report, &origin);
    text_append_byte(output, '\n');
    return stop;
}

bool log_fast_lines(const char *at, const char *end, struct text *output, unsigned long *reports) {
    const char *start = at, *hit;
    enum log_anchor anchor;
    if (at < end && (*at == '{' || *at == '[') && is_more_than_text(at, end))
        return false;
    while (at && (hit = log_scan(at, end, &anchor))) {
        if (anchor == ANCHOR_BRACKET) {
            at = is_more_than_text(hit, end) ? NULL : hit + 1;
            continue;
        }
        if (anchor == ANCHOR_REPORT)
            at = take_report(start, hit, output);
        else
            at = take_json(start, hit, end, output);
        ++*reports;
    }
    return at != NULL;
}
