#include "util/internal.h"
#include "util/json.h"

#include "util/memory.h"
#include "util/utf8.h"

#include <math.h>
#include <stdlib.h>

/* ---- walking through checked text ---- */

enum json_type json_type(struct span value) {
    if (!value.start || !value.length)
        return JSON_NONE;
    switch (value.start[0]) {
    case '{':
        return JSON_OBJECT;
    case '[':
        return JSON_ARRAY;
    case '"':
        return JSON_STRING;
    case 't':
        return JSON_TRUE;
    case 'f':
        return JSON_FALSE;
    case 'n':
        return JSON_NULL;
    default:
        return JSON_NUMBER;
    }
}

const char *json_type_name(enum json_type type) {
    static const char *const names[] = {"nothing",  "an object", "an array", "a string",
                                        "a number", "true",      "false",    "null"};
    return names[type];
}

static const char *skip_string(const char *at, const char *end) {
    for (at++; at < end; at++) {
        if (*at == '"')
            return at + 1;
        if (*at == '\\')
            at++;
    }
    return end;
}

static const char *skip_value(const char *at, const char *end) {
    size_t depth = 0;
    while (at < end) {
        char byte = *at;
        if (byte == '"') {
            at = skip_string(at, end);
        } else if (byte == '{' || byte == '[') {
            depth++;
            at++;
            continue;
        } else if (byte == '}' || byte == ']') {
            if (depth)
                depth--;
            at++;
        } else if (depth) {
            at++;
            continue;
        } else {
            while (at < end && !strchr(",]} \n\t\r", *at))
                at++;
        }
        if (!depth)
            return at;
    }
    return end;
}

struct json_cursor json_cursor(struct span container) {
    enum json_type type = json_type(container);
    if (type != JSON_OBJECT && type != JSON_ARRAY)
        return (struct json_cursor){NULL, NULL};
    return (struct json_cursor){container.start + 1, container.start + container.length - 1};
}

/* Steps to the next token inside the container; false at its end. */
static bool cursor_advance(struct json_cursor *cursor) {
    cursor->at = json_skip_space(cursor->at, cursor->end);
    if (cursor->at < cursor->end && *cursor->at == ',')
        cursor->at = json_skip_space(cursor->at + 1, cursor->end);
    return cursor->at < cursor->end;
}

bool json_next_element(struct json_cursor *cursor, struct span *value) {
    if (!cursor->at || !cursor_advance(cursor))
        return false;
    const char *after = skip_value(cursor->at, cursor->end);
    *value = (struct span){cursor->at, (size_t)(after - cursor->at)};
    cursor->at = after;
    return true;
}

bool json_next_member(struct json_cursor *cursor, struct span *name, struct span *value) {
    if (!cursor->at || *cursor->end != '}' || !cursor_advance(cursor) || *cursor->at != '"')
        return false;
    const char *after = skip_string(cursor->at, cursor->end);
    *name = (struct span){cursor->at, (size_t)(after - cursor->at)};
    cursor->at = json_skip_space(after, cursor->end);
    if (cursor->at < cursor->end && *cursor->at == ':')
        cursor->at = json_skip_space(cursor->at + 1, cursor->end);
    return json_next_element(cursor, value);
}

bool json_member(struct span object, const char *name, struct span *value) {
    if (json_type(object) != JSON_OBJECT)
        return false;
    bool found = false;
    struct json_cursor cursor = json_cursor(object);
    struct span member, content;
    while (json_next_member(&cursor, &member, &content))
        if (json_string_is(member, name)) {
            *value = content;
            found = true;
        }
    return found;
}

struct span json_get(struct span object, const char *name) {
    struct span value = {NULL, 0};
    json_member(object, name, &value);
    return value;
}

/* ---- strings ---- */

static unsigned long hex_escape(const char *digits) {
    unsigned long value = 0;
    for (int i = 0; i < 4; i++)
        value = value << 4 | (unsigned long)(json_hex_value(digits[i]) & 0xf);
    return value;
}

/* Returns the code point of the \u escape at `at`, or of two escapes when they are a surrogate pair. `*after`
 * becomes the byte that follows. */
static unsigned long escaped_code_point(const char *at, const char *end, const char **after) {
    unsigned long unit = hex_escape(at + 2);
    *after = at + 6;
    if (unit >= 0xd800 && unit <= 0xdbff && end - at >= 12 && at[6] == '\\' && at[7] == 'u') {
        unsigned long low = hex_escape(at + 8);
        if (low >= 0xdc00 && low <= 0xdfff) {
            *after = at + 12;
            return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
        }
    }
    return unit;
}

static char unescaped(char kind) {
    switch (kind) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return kind;
    }
}

bool json_decode_string(struct span token, struct text *out) {
    if (token.length < 2)
        return false;
    bool exact = true;
    const char *at = token.start + 1, *end = token.start + token.length - 1;
    while (at < end) {
        const char *backslash = memchr(at, '\\', (size_t)(end - at));
        const char *plain_end = backslash ? backslash : end;
        text_append(out, at, (size_t)(plain_end - at));
        at = plain_end;
        if (end - at < 2)
            break;
        if (at[1] != 'u') {
            text_append_byte(out, unescaped(at[1]));
            at += 2;
            continue;
        }
        if (end - at < 6)
            return false;
        unsigned long code_point = escaped_code_point(at, end, &at);
        if (code_point >= 0xd800 && code_point <= 0xdfff) {
            code_point = 0xfffd;
            exact = false;
        }
        char bytes[4];
        text_append(out, bytes, utf8_encode(code_point, bytes));
    }
    return exact;
}

bool json_get_string(struct span object, const char *name, struct text *out) {
    struct span value = json_get(object, name);
    size_t before = out->length;
    if (json_type(value) != JSON_STRING)
        return false;
    if (json_decode_string(value, out) && !memchr(text_string(out) + before, '\0', out->length - before))
        return true;
    out->length = before;
    out->bytes[before] = '\0';
    return false;
}

bool json_string_is(struct span token, const char *string) {
    if (token.length < 2 || token.start[0] != '"')
        return false;
    struct span content = {token.start + 1, token.length - 2};
    if (!memchr(content.start, '\\', content.length))
        return span_equals(content, string);
    struct text decoded = TEXT_INIT;
    bool same = json_decode_string(token, &decoded) && decoded.length == strlen(string) &&
                memcmp(text_string(&decoded), string, decoded.length) == 0;
    text_release(&decoded);
    return same;
}

/* ---- numbers ---- */

double json_number(struct span token) {
    char buffer[64];
    if (token.length < sizeof buffer) {
        memcpy(buffer, token.start, token.length);
        buffer[token.length] = '\0';
        return strtod(buffer, NULL);
    }
    char *copy = memory_copy(token.start, token.length);
    double number = strtod(copy, NULL);
    free(copy);
    return number;
}

/* The number of bytes of `token` before the first of `stops`. */
static size_t length_without(struct span token, const char *stops) {
    size_t length = 0;
    while (length < token.length && !strchr(stops, token.start[length]))
        length++;
    return length;
}

/* The exponent of a number token; 0 when it has none. Stops counting at 10^9: a larger one makes no
 * difference. */
static long exponent_of(struct span token) {
    size_t i = length_without(token, "eE");
    bool negative = i + 1 < token.length && token.start[i + 1] == '-';
    long exponent = 0;
    for (i++; i < token.length; i++)
        if (json_is_digit(token.start[i]) && exponent < 1000000000)
            exponent = exponent * 10 + (token.start[i] - '0');
    return negative ? -exponent : exponent;
}

/* Works on the digits, not on a double: a double would round 127.99999999999999999 to a whole number. */
bool json_whole_number(struct span token, long long *number) {
    static const long long limit = 9007199254740992; /* 2^53: up to it, doubles are exact */
    if (json_type(token) != JSON_NUMBER)
        return false;
    size_t digits = length_without(token, "eE"), point = length_without(token, ".eE");
    size_t first = token.start[0] == '-';
    long place = exponent_of(token) + (long)(point - first); /* decimal place of the next digit, plus 1 */
    long long magnitude = 0;
    for (size_t i = first; i < digits; i++) {
        if (i == point)
            continue;
        int digit = token.start[i] - '0';
        place--;
        if (place < 0 && digit)
            return false;
        if (place >= 0)
            magnitude = magnitude * 10 + digit;
        if (magnitude > limit)
            return false;
    }
    for (; magnitude && place > 0; place--)
        if ((magnitude *= 10) > limit)
            return false;
    *number = first ? -magnitude : magnitude;
    return true;
}
