#include "serve/query.h"

#include <string.h>

static int hexadecimal(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool percent_is_valid(struct span text) {
    for (size_t i = 0; i < text.length; i++) {
        if (text.start[i] != '%')
            continue;
        if (i + 2 >= text.length)
            return false;
        int high = hexadecimal(text.start[i + 1]), low = hexadecimal(text.start[i + 2]);
        if (high < 0 || low < 0 || (high == 0 && low == 0))
            return false;
        i += 2;
    }
    return true;
}

bool percent_decode(struct span text, struct text *out) {
    if (!percent_is_valid(text))
        return false;
    for (size_t i = 0; i < text.length; i++) {
        if (text.start[i] != '%') {
            text_append_byte(out, text.start[i]);
            continue;
        }
        text_append_byte(out, (char)(hexadecimal(text.start[i + 1]) * 16 + hexadecimal(text.start[i + 2])));
        i += 2;
    }
    return true;
}

/* Removes the first "NAME=VALUE" or "NAME" from `query`. False at the end. */
static bool next_parameter(struct span *query, struct span *name, struct span *value) {
    if (!query->length)
        return false;
    const char *ampersand = memchr(query->start, '&', query->length);
    size_t pair = ampersand ? (size_t)(ampersand - query->start) : query->length;
    const char *equals = memchr(query->start, '=', pair);
    size_t length = equals ? (size_t)(equals - query->start) : pair;
    size_t skip = equals ? length + 1 : length, step = ampersand ? pair + 1 : pair;
    *name = (struct span){query->start, length};
    *value = (struct span){query->start + skip, pair - skip};
    *query = (struct span){query->start + step, query->length - step};
    return true;
}

bool query_parameter(struct span query, const char *name, struct text *value) {
    struct span found, encoded;
    while (next_parameter(&query, &found, &encoded))
        if (span_equals(found, name))
            return percent_decode(encoded, value);
    return false;
}

bool query_has_only(struct span query, const char *const *names, size_t count) {
    struct span found, value;
    unsigned long seen = 0;
    while (next_parameter(&query, &found, &value)) {
        size_t i = 0;
        while (i < count && !span_equals(found, names[i]))
            i++;
        if (i == count || seen & 1UL << i)
            return false;
        seen |= 1UL << i;
    }
    return true;
}
