#include "logparse/log-event.h"

#include "logparse/message.h"
#include "logparse/scan.h"
#include "util/swar.h"

/* Each take_ function moves `*at` over the thing in its name and the space after it, and returns false when
 * something else is there. None reads at or after `end`. */

static void skip_space(const char **at, const char *end) {
    while (*at < end && (**at == ' ' || **at == '\n')) {
        ++*at;
        *at += log_count_blanks(*at, end);
    }
}

static bool take_byte(const char **at, const char *end, char byte) {
    if (*at == end || **at != byte)
        return false;
    ++*at;
    skip_space(at, end);
    return true;
}

static bool take_string(const char **at, const char *end, struct span *inside) {
    const char *start = *at, *here = start + 1;
    if (start == end || *start != '"')
        return false;
    while ((here = log_find_special(here, end)) < end && *here == '\\')
        here += end - here > 1 ? 2 : 1;
    if (here >= end || *here != '"')
        return false;
    *inside = (struct span){start + 1, (size_t)(here - start - 1)};
    *at = here + 1;
    skip_space(at, end);
    return true;
}

static bool take_digits(const char **at, const char *end) {
    const char *start = *at;
    while (end - *at >= 8 && swar_digits(*at) == 8)
        *at += 8;
    while (*at < end && **at >= '0' && **at <= '9')
        ++*at;
    if (*at == start || (*start == '0' && *at - start > 1))
        return false;
    skip_space(at, end);
    return true;
}

/* A comma (unless it is the first member), a name and its colon. */
static bool take_name(const char **at, const char *end, const char *name, size_t length, bool first) {
    const char *here = *at;
    if ((!first && !take_byte(&here, end, ',')) || (size_t)(end - here) < length ||
        memcmp(here, name, length) != 0)
        return false;
    here += length;
    skip_space(&here, end);
    if (!take_byte(&here, end, ':'))
        return false;
    *at = here;
    return true;
}
#define TAKE_NAME(at, end, name, first) take_name(at, end, "\"" name "\"", sizeof name + 1, first)

const char *log_event_pass(const char *at, const char *end) {
    struct span other, message;
    if (!take_byte(&at, end, '{'))
        return NULL;
    bool stream = TAKE_NAME(&at, end, "logStreamName", true);
    if ((stream && !take_string(&at, end, &other)) || !TAKE_NAME(&at, end, "timestamp", !stream) ||
        !take_digits(&at, end) || !TAKE_NAME(&at, end, "message", false) ||
        !take_string(&at, end, &message) || !TAKE_NAME(&at, end, "ingestionTime", false) ||
        !take_digits(&at, end))
        return NULL;
    if (TAKE_NAME(&at, end, "eventId", false) && !take_string(&at, end, &other))
        return NULL;
    return at < end && *at == '}' && !log_message_may_report(message) ? at + 1 : NULL;
}
