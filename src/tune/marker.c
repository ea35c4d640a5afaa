#include "tune/marker.h"

#include "util/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DESCRIPTION_LENGTH = 256 };

static const char whole[] = " (trial) ", cut[] = " (trial, cut) ";

void plan_marker(const char *run_id, long long power, long long index, struct text *out) {
    text_append_format(out, MARKER_PREFIX "%s:%lld", run_id, power);
    if (index >= 0)
        text_append_format(out, ":%lld", index);
}

bool marker_run_id(const char *description, struct text *run_id) {
    size_t prefix = strlen(MARKER_PREFIX);
    if (strncmp(description, MARKER_PREFIX, prefix) != 0)
        return false;
    const char *id = description + prefix;
    size_t length = strspn(id, "0123456789abcdefghijklmnopqrstuvwxyzTZ-");
    if (!length || id[length] != ':' || id[length + 1] < '0' || id[length + 1] > '9')
        return false;
    text_append(run_id, id, length);
    return true;
}

/* As pt-init makes them: "20261123T101112Z-abcdef". */
static bool is_run_id(const char *id) {
    static const char form[] = "00000000T000000Z-xxxxxx";
    size_t i = 0;
    for (; form[i] && id[i]; i++) {
        bool digit = id[i] >= '0' && id[i] <= '9';
        bool fits = form[i] == '0'   ? digit
                    : form[i] == 'x' ? digit || (id[i] >= 'a' && id[i] <= 'f')
                                     : id[i] == form[i];
        if (!fits)
            return false;
    }
    return !form[i] && !id[i];
}

bool is_marker(const char *description, const char *run_id) {
    struct text found = TEXT_INIT;
    bool marker = marker_run_id(description, &found) &&
                  (run_id ? strcmp(found.bytes, run_id) == 0 : is_run_id(found.bytes));
    text_release(&found);
    return marker;
}

bool is_whole_marker(const char *description, const char *run_id) {
    static const char digits[] = "0123456789";
    if (!is_marker(description, run_id))
        return false;
    const char *rest = strchr(description + strlen(MARKER_PREFIX), ':') + 1;
    rest += strspn(rest, digits);
    if (*rest == ':' && rest[1])
        rest += 1 + strspn(rest + 1, digits);
    return !*rest;
}

void marker_age(const char *run_id, time_t now, struct text *out) {
    static const struct {
        const char *unit;
        long long seconds;
    } units[] = {{"day", 86400}, {"hour", 3600}, {"minute", 60}, {"second", 1}};
    struct tm utc = {0};
    if (strptime(run_id, "%Y%m%dT%H%M%SZ", &utc)) {
        long long age = (long long)difftime(now, timegm(&utc));
        size_t i = 0;
        while (i < 3 && age < 2 * units[i].seconds)
            i++;
        age = age < 0 ? 0 : age / units[i].seconds;
        text_append_format(out, "%lld %s%s ago ", age, units[i].unit, age == 1 ? "" : "s");
    }
    text_append_format(out, "(%s)", run_id);
}

/* Where the character ends that byte `length` is in, or before it. */
static size_t whole_characters(const char *bytes, size_t length) {
    while (length && ((unsigned char)bytes[length] & 0xc0) == 0x80)
        length--;
    return length;
}

void marker_describe(const char *marker, const char *description, struct text *out) {
    size_t length = strlen(description);
    bool fits = strlen(marker) + strlen(whole) + length <= DESCRIPTION_LENGTH;
    if (!fits)
        length = whole_characters(description, DESCRIPTION_LENGTH - strlen(marker) - strlen(cut));
    text_append_format(out, "%s%s%.*s", marker, fits ? whole : cut, (int)length, description);
    while (out->bytes[out->length - 1] == ' ')
        out->bytes[--out->length] = '\0';
}

const char *marked_description(const char *description) {
    const char *start = is_marker(description, NULL) ? strchr(description, ' ') : NULL;
    if (!start || strncmp(start, whole, strlen(whole) - 1) != 0)
        return NULL;
    start += strlen(whole) - 1;
    return start + (*start == ' ');
}
