#include "local/store/names.h"

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

/* Splits at colons; false when there are more than `most` parts. */
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
