#include "local/names.h"

#include <string.h>

static bool is_name_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

bool is_plain_name(struct span text, size_t longest) {
    if (text.length == 0 || text.length > longest)
        return false;
    for (size_t i = 0; i < text.length; i++)
        if (!is_name_byte(text.start[i]))
            return false;
    return true;
}

static bool is_digits(struct span text, size_t length) {
    if (text.length != length)
        return false;
    for (size_t i = 0; i < length; i++)
        if (text.start[i] < '0' || text.start[i] > '9')
            return false;
    return true;
}

static bool keep(struct span text, char *out, size_t size) {
    if (text.length >= size)
        return false;
    memcpy(out, text.start, text.length);
    out[text.length] = '\0';
    return true;
}

/* Cuts at colons; false when there are more than `most` parts. */
static bool cut(struct span text, struct span *parts, size_t most, size_t *count) {
    *count = 0;
    for (;;) {
        const char *colon = text.length ? memchr(text.start, ':', text.length) : NULL;
        if (*count == most)
            return false;
        size_t length = colon ? (size_t)(colon - text.start) : text.length;
        parts[(*count)++] = (struct span){text.start, length};
        if (!colon)
            return true;
        text.start += length + 1;
        text.length -= length + 1;
    }
}

bool function_reference_parse(struct span text, struct function_reference *reference) {
    struct span parts[8];
    size_t count, at = 0;
    memset(reference, 0, sizeof *reference);
    if (!cut(text, parts, 8, &count))
        return false;
    if (count >= 7 && span_equals(parts[0], "arn")) {
        if (!span_equals(parts[2], "lambda") || !is_plain_name(parts[3], REGION_SIZE - 1) ||
            !keep(parts[3], reference->region, REGION_SIZE))
            return false;
        at = 4;
    }
    if (count - at >= 3 && is_digits(parts[at], 12) && span_equals(parts[at + 1], "function")) {
        keep(parts[at], reference->account, ACCOUNT_SIZE);
        at += 2;
    } else if (at) {
        return false;
    }
    size_t left = count - at;
    if (left < 1 || left > 2 || !is_plain_name(parts[at], FUNCTION_NAME_SIZE - 1) ||
        !keep(parts[at], reference->name, FUNCTION_NAME_SIZE))
        return false;
    if (left == 1)
        return true;
    struct span qualifier = parts[at + 1];
    return (is_plain_name(qualifier, QUALIFIER_SIZE - 1) || span_equals(qualifier, "$LATEST")) &&
           keep(qualifier, reference->qualifier, QUALIFIER_SIZE);
}

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
