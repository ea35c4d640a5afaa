#include "util/internal.h"
#include "util/json.h"
#include "util/utf8.h"

#include <stdint.h>

struct checker {
    const char *start, *at, *end;
    const char *reason;
    size_t depth;
    /* one bit per level: 1 for an object, 0 for an array */
    uint8_t in_object[JSON_MAX_DEPTH / 8 + 1];
};

static bool refuse(struct checker *checker, const char *reason) {
    checker->reason = reason;
    return false;
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
        if (json_hex_value(checker->at[i]) < 0)
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
    if (checker->at >= checker->end || !json_is_digit(*checker->at))
        return refuse(checker,
                      checker->at >= checker->end ? "unexpected end inside a number" : "expected a digit");
    while (checker->at < checker->end && json_is_digit(*checker->at))
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
        if (*checker->at == '-' || json_is_digit(*checker->at))
            return check_number(checker);
        return refuse(checker, "expected a value");
    }
}

static bool inside_object(const struct checker *checker) {
    size_t level = checker->depth - 1;
    return checker->in_object[level / 8] >> (level % 8) & 1;
}

static bool open_container(struct checker *checker) {
    if (checker->depth == JSON_MAX_DEPTH)
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

/* Checks a member's name and colon, and steps to its value. */
static bool check_name(struct checker *checker) {
    if (checker->at >= checker->end)
        return refuse(checker, "unexpected end");
    if (*checker->at != '"')
        return refuse(checker, "expected a member name in quotes");
    if (!check_string(checker))
        return false;
    checker->at = json_skip_space(checker->at, checker->end);
    if (checker->at >= checker->end)
        return refuse(checker, "unexpected end");
    if (*checker->at != ':')
        return refuse(checker, "expected ':'");
    checker->at = json_skip_space(checker->at + 1, checker->end);
    return true;
}

/* Runs after a value: closes the containers that end here and steps over a comma. `*more` tells whether
 * another value follows; otherwise the outermost value is complete. */
static bool check_after_value(struct checker *checker, bool *more) {
    while (checker->depth) {
        checker->at = json_skip_space(checker->at, checker->end);
        if (checker->at >= checker->end)
            return refuse(checker, "unexpected end");
        bool object = inside_object(checker);
        if (*checker->at == ',') {
            checker->at = json_skip_space(checker->at + 1, checker->end);
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
            checker->at = json_skip_space(checker->at, checker->end);
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
    const char *first = json_skip_space(text.start, end);
    struct span found;
    if (!json_check_prefix((struct span){first, (size_t)(end - first)}, &found, error)) {
        if (error && utf8_is_utf16(text.start, text.length))
            *error = (struct json_error){0, UTF8_IS_UTF16};
        else if (error)
            error->offset += (size_t)(first - text.start);
        return false;
    }
    const char *after = json_skip_space(found.start + found.length, end);
    if (after != end) {
        if (error)
            *error = (struct json_error){(size_t)(after - text.start), "unexpected text after the value"};
        return false;
    }
    if (value)
        *value = found;
    return true;
}
