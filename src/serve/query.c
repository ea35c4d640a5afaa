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

bool percent_decode(struct span text, struct text *out) {
    for (size_t i = 0; i < text.length; i++) {
        if (text.start[i] != '%') {
            text_append_byte(out, text.start[i]);
            continue;
        }
        if (i + 2 >= text.length)
            return false;
        int high = hexadecimal(text.start[i + 1]), low = hexadecimal(text.start[i + 2]);
        if (high < 0 || low < 0 || (high == 0 && low == 0))
            return false;
        text_append_byte(out, (char)(high * 16 + low));
        i += 2;
    }
    return true;
}

bool query_parameter(struct span query, const char *name, struct text *value) {
    size_t length = strlen(name);
    while (query.length) {
        const char *ampersand = memchr(query.start, '&', query.length);
        size_t pair = ampersand ? (size_t)(ampersand - query.start) : query.length;
        if (pair >= length && memcmp(query.start, name, length) == 0 &&
            (pair == length || query.start[length] == '=')) {
            size_t skip = pair == length ? length : length + 1;
            return percent_decode((struct span){query.start + skip, pair - skip}, value);
        }
        query.start += ampersand ? pair + 1 : pair;
        query.length -= ampersand ? pair + 1 : pair;
    }
    return false;
}
