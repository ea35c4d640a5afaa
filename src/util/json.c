#include "util/json.h"

#include "util/memory.h"
#include "util/utf8.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- the checker ---- */

struct checker {
    const char *start, *at, *end;
    const char *reason;
    size_t depth;
    /* One bit a level: 1 for an object, 0 for an array. */
    uint8_t in_object[JSON_DEEPEST / 8 + 1];
};

static bool refuse(struct checker *checker, const char *reason) {
    checker->reason = reason;
    return false;
}

static const char *skip_space(const char *at, const char *end) {
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r'))
        at++;
    return at;
}

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

static int hex_value(char byte) {
    if (is_digit(byte))
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    if (byte >= 'A' && byte <= 'F')
        return byte - 'A' + 10;
    return -1;
}

static bool check_escape(struct checker *checker) {
    if (checker->end - checker->at < 2)
        return refuse(checker, "unexpected end inside a string");
    char kind = checker->at[1];
    if (kind != 'u') {
        if (!kind || !strchr("\"\\/bfnrt", kind))
            return refuse(checker, "invalid escape");
        checker->at += 2;
        return true;
    }
    for (int i = 2; i < 6; i++) {
        if (checker->at + i >= checker->end)
            return refuse(checker, "unexpected end inside a string");
        if (hex_value(checker->at[i]) < 0)
            return refuse(checker, "invalid \\u escape");
    }
    checker->at += 6;
    return true;
}

static bool check_string(struct checker *checker) {
    checker->at++;
    while (checker->at < checker->end) {
        unsigned char byte = (unsigned char)*checker->at;
        if (byte == '"') {
            checker->at++;
            return true;
        }
        if (byte == '\\') {
            if (!check_escape(checker))
                return false;
        } else if (byte < 0x20) {
            return refuse(checker, "control character inside a string");
        } else if (byte < 0x80) {
            checker->at++;
        } else {
            unsigned long code_point;
            size_t used = utf8_decode(checker->at, (size_t)(checker->end - checker->at), &code_point);
            if (!used)
                return refuse(checker, "invalid UTF-8");
            checker->at += used;
        }
    }
    return refuse(checker, "unexpected end inside a string");
}

static bool check_digits(struct checker *checker) {
    if (checker->at >= checker->end || !is_digit(*checker->at))
        return refuse(checker,
                      checker->at >= checker->end ? "unexpected end inside a number" : "expected a digit");
    while (checker->at < checker->end && is_digit(*checker->at))
        checker->at++;
    return true;
}

static bool check_number(struct checker *checker) {
    if (*checker->at == '-')
        checker->at++;
    if (checker->at < checker->end && *checker->at == '0')
        checker->at++;
    else if (!check_digits(checker))
        return false;
    if (checker->at < checker->end && *checker->at == '.') {
        checker->at++;
        if (!check_digits(checker))
            return false;
    }
    if (checker->at < checker->end && (*checker->at == 'e' || *checker->at == 'E')) {
        checker->at++;
        if (checker->at < checker->end && (*checker->at == '+' || *checker->at == '-'))
            checker->at++;
        if (!check_digits(checker))
            return false;
    }
    return true;
}

static bool check_word(struct checker *checker, const char *word) {
    size_t length = strlen(word);
    if ((size_t)(checker->end - checker->at) < length || memcmp(checker->at, word, length) != 0)
        return refuse(checker, "expected a value");
    checker->at += length;
    return true;
}

static bool check_scalar(struct checker *checker) {
    switch (*checker->at) {
    case '"':
        return check_string(checker);
    case 't':
        return check_word(checker, "true");
    case 'f':
        return check_word(checker, "false");
    case 'n':
        return check_word(checker, "null");
    default:
        if (*checker->at == '-' || is_digit(*checker->at))
            return check_number(checker);
        return refuse(checker, "expected a value");
    }
}

static bool inside_object(const struct checker *checker) {
    size_t level = checker->depth - 1;
    return checker->in_object[level / 8] >> (level % 8) & 1;
}

static bool open_container(struct checker *checker) {
    if (checker->depth == JSON_DEEPEST)
        return refuse(checker, "nested too deeply");
    size_t level = checker->depth++;
    uint8_t bit = (uint8_t)(1u << (level % 8));
    if (*checker->at == '{')
        checker->in_object[level / 8] |= bit;
    else
        checker->in_object[level / 8] &= (uint8_t)~bit;
    checker->at++;
    return true;
}

/* A member's name and colon; the value comes next. */
static bool check_name(struct checker *checker) {
    if (checker->at >= checker->end)
        return refuse(checker, "unexpected end");
    if (*checker->at != '"')
        return refuse(checker, "expected a member name in quotes");
    if (!check_string(checker))
        return false;
    checker->at = skip_space(checker->at, checker->end);
    if (checker->at >= checker->end)
        return refuse(checker, "unexpected end");
    if (*checker->at != ':')
        return refuse(checker, "expected ':'");
    checker->at = skip_space(checker->at + 1, checker->end);
    return true;
}

/* Behind a value: closes what ends here and steps over a comma, until the next value (`*more`) or the end of
 * the whole. */
static bool check_after_value(struct checker *checker, bool *more) {
    while (checker->depth) {
        checker->at = skip_space(checker->at, checker->end);
        if (checker->at >= checker->end)
            return refuse(checker, "unexpected end");
        bool object = inside_object(checker);
        if (*checker->at == ',') {
            checker->at = skip_space(checker->at + 1, checker->end);
            *more = true;
            return object ? check_name(checker) : true;
        }
        if (*checker->at != (object ? '}' : ']'))
            return refuse(checker, object ? "expected ',' or '}'" : "expected ',' or ']'");
        checker->at++;
        checker->depth--;
    }
    *more = false;
    return true;
}

static bool check_value(struct checker *checker) {
    for (bool more = true; more;) {
        if (checker->at >= checker->end)
            return refuse(checker, "unexpected end");
        if (*checker->at == '{' || *checker->at == '[') {
            char closing = *checker->at == '{' ? '}' : ']';
            if (!open_container(checker))
                return false;
            checker->at = skip_space(checker->at, checker->end);
            if (checker->at >= checker->end || *checker->at != closing) {
                if (closing == '}' && !check_name(checker))
                    return false;
                continue;
            }
        } else if (!check_scalar(checker)) {
            return false;
        }
        if (!check_after_value(checker, &more))
            return false;
    }
    return true;
}

static void set_error(struct json_error *error, const struct checker *checker) {
    if (error)
        *error = (struct json_error){(size_t)(checker->at - checker->start), checker->reason};
}

bool json_check_prefix(struct span text, struct span *value, struct json_error *error) {
    struct checker checker;
    checker.start = checker.at = text.start;
    checker.end = text.start + text.length;
    checker.depth = 0;
    if (!check_value(&checker)) {
        set_error(error, &checker);
        return false;
    }
    if (value)
        *value = (struct span){text.start, (size_t)(checker.at - text.start)};
    return true;
}

bool json_check(struct span text, struct span *value, struct json_error *error) {
    const char *end = text.start + text.length;
    const char *first = skip_space(text.start, end);
    struct span found;
    if (!json_check_prefix((struct span){first, (size_t)(end - first)}, &found, error)) {
        if (error)
            error->offset += (size_t)(first - text.start);
        return false;
    }
    const char *behind = skip_space(found.start + found.length, end);
    if (behind != end) {
        if (error)
            *error = (struct json_error){(size_t)(behind - text.start), "unexpected text after the value"};
        return false;
    }
    if (value)
        *value = found;
    return true;
}

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
    cursor->at = skip_space(cursor->at, cursor->end);
    if (cursor->at < cursor->end && *cursor->at == ',')
        cursor->at = skip_space(cursor->at + 1, cursor->end);
    return cursor->at < cursor->end;
}

bool json_next_element(struct json_cursor *cursor, struct span *value) {
    if (!cursor->at || !cursor_advance(cursor))
        return false;
    const char *behind = skip_value(cursor->at, cursor->end);
    *value = (struct span){cursor->at, (size_t)(behind - cursor->at)};
    cursor->at = behind;
    return true;
}

bool json_next_member(struct json_cursor *cursor, struct span *name, struct span *value) {
    if (!cursor->at || !cursor_advance(cursor) || *cursor->at != '"')
        return false;
    const char *behind = skip_string(cursor->at, cursor->end);
    *name = (struct span){cursor->at, (size_t)(behind - cursor->at)};
    cursor->at = skip_space(behind, cursor->end);
    if (cursor->at < cursor->end && *cursor->at == ':')
        cursor->at = skip_space(cursor->at + 1, cursor->end);
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

/* ---- strings ---- */

static unsigned long hex_escape(const char *digits) {
    unsigned long value = 0;
    for (int i = 0; i < 4; i++)
        value = value << 4 | (unsigned long)(hex_value(digits[i]) & 0xf);
    return value;
}

/* The code point of the \u escape at `at`, two of them when they are a pair; `*behind` is where the next byte
 * stands. */
static unsigned long escaped_code_point(const char *at, const char *end, const char **behind) {
    unsigned long unit = hex_escape(at + 2);
    *behind = at + 6;
    if (unit >= 0xd800 && unit <= 0xdbff && end - at >= 12 && at[6] == '\\' && at[7] == 'u') {
        unsigned long low = hex_escape(at + 8);
        if (low >= 0xdc00 && low <= 0xdfff) {
            *behind = at + 12;
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

/* How many bytes of a token come before the first of `stops`. */
static size_t length_without(struct span token, const char *stops) {
    size_t length = 0;
    while (length < token.length && !strchr(stops, token.start[length]))
        length++;
    return length;
}

/* The exponent of a number token, 0 when it has none. Beyond a thousand million it makes no difference. */
static long exponent_of(struct span token) {
    size_t i = length_without(token, "eE");
    bool negative = i + 1 < token.length && token.start[i + 1] == '-';
    long exponent = 0;
    for (i++; i < token.length; i++)
        if (is_digit(token.start[i]) && exponent < 1000000000)
            exponent = exponent * 10 + (token.start[i] - '0');
    return negative ? -exponent : exponent;
}

/* By the digits and not by way of a double, which would make whole what is not: 127.99999999999999999. */
bool json_whole_number(struct span token, long long *number) {
    static const long long limit = 9007199254740992; /* 2^53: up to it every whole number is a double */
    if (json_type(token) != JSON_NUMBER)
        return false;
    size_t digits = length_without(token, "eE"), point = length_without(token, ".eE");
    size_t first = token.start[0] == '-';
    long place = exponent_of(token) + (long)(point - first); /* of the digit that comes next, plus 1 */
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

/* ---- writing ---- */

void json_separate(struct text *out) {
    if (out->length && !strchr("{[:,", out->bytes[out->length - 1]))
        text_append_byte(out, ',');
}

static void append_escape(struct text *out, unsigned char byte) {
    static const char letters[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
    if (byte == '"' || byte == '\\')
        text_append_format(out, "\\%c", byte);
    else if (byte < sizeof letters && letters[byte])
        text_append_format(out, "\\%c", letters[byte]);
    else
        text_append_format(out, "\\u%04x", byte);
}

void json_append_string(struct text *out, struct span content) {
    text_append_byte(out, '"');
    const char *at = content.start, *end = content.start ? content.start + content.length : NULL;
    const char *plain = at;
    while (at < end) {
        unsigned char byte = (unsigned char)*at;
        size_t used = 1;
        if (byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\') {
            at++;
            continue;
        }
        unsigned long code_point;
        if (byte >= 0x80 && (used = utf8_decode(at, (size_t)(end - at), &code_point)) > 0) {
            at += used;
            continue;
        }
        text_append(out, plain, (size_t)(at - plain));
        if (byte >= 0x80)
            text_append_string(out, "\xef\xbf\xbd");
        else
            append_escape(out, byte);
        plain = ++at;
    }
    text_append(out, plain, (size_t)(at - plain));
    text_append_byte(out, '"');
}

void json_append_number(struct text *out, double number) {
    if (!isfinite(number)) {
        text_append_string(out, "null");
        return;
    }
    char digits[40];
    if (fabs(number) < 1e15 && floor(number) == number) {
        snprintf(digits, sizeof digits, "%lld", (long long)number);
    } else {
        for (int precision = 15; precision <= 17; precision++) {
            snprintf(digits, sizeof digits, "%.*g", precision, number);
            if (strtod(digits, NULL) == number)
                break;
        }
    }
    text_append_string(out, digits);
}

void json_put_name(struct text *out, const char *name) {
    json_separate(out);
    text_append_byte(out, '"');
    text_append_string(out, name);
    text_append(out, "\":", 2);
}

void json_put_value(struct text *out, const char *name, struct span value) {
    if (!value.start)
        return;
    json_put_name(out, name);
    text_append(out, value.start, value.length);
}

void json_put_span(struct text *out, const char *name, struct span content) {
    if (!content.start)
        return;
    json_put_name(out, name);
    json_append_string(out, content);
}

void json_put_string(struct text *out, const char *name, const char *content) {
    json_put_span(out, name, span_of(content));
}

void json_put_number(struct text *out, const char *name, double number) {
    json_put_name(out, name);
    json_append_number(out, number);
}

void json_put_boolean(struct text *out, const char *name, bool value) {
    json_put_name(out, name);
    text_append_string(out, value ? "true" : "false");
}
