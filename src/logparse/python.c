#include "logparse/python.h"

#include <string.h>

static bool is_space(char byte) {
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

static bool is_word(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           byte == '_' || byte == '.' || byte == '-' || byte == '+';
}

static const char *skip_space(const char *at, const char *end) {
    while (at < end && is_space(*at))
        at++;
    return at;
}

bool log_python_begins(const char *at, const char *end) {
    at += at < end && *at == '[';
    return end - at > 1 && at[0] == '{' && at[1] == '\'';
}

/* The opening quote of a string at `at`, after the letter of bytes if there is one; NULL for anything else. */
static const char *opening_quote(const char *at, const char *end) {
    at += end - at > 1 && (*at == 'b' || *at == 'u') && (at[1] == '\'' || at[1] == '"');
    return at < end && (*at == '\'' || *at == '"') ? at : NULL;
}

/* The functions below return the position after what they have read: `end` when it may continue there, NULL
 * when it is not Python's notation. */

/* Appends an escape, of which the backslash is at `at`. */
static const char *put_escape(const char *at, const char *end, struct text *json) {
    if (end - at < 2)
        return end;
    if (at[1] == '\'') {
        text_append_byte(json, '\'');
    } else if (at[1] == 'x') {
        if (end - at < 4)
            return end;
        text_append_string(json, "\\u00");
        text_append(json, at + 2, 2);
        return at + 4;
    } else {
        text_append(json, at, 2);
    }
    return at + 2;
}

/* Appends a string and those that directly follow it, which are its parts. */
static const char *put_string(const char *at, const char *end, struct text *json) {
    const char *quote, *after = NULL;
    text_append_byte(json, '"');
    while ((quote = opening_quote(at, end))) {
        for (at = quote + 1; at && at < end && *at != *quote;) {
            if (*at == '\n')
                return NULL;
            if (*at == '\\') {
                at = put_escape(at, end, json);
                continue;
            }
            if (*at == '"')
                text_append_byte(json, '\\');
            text_append_byte(json, *at++);
        }
        if (!at || at >= end)
            return at;
        after = at + 1;
        at = skip_space(after, end);
    }
    text_append_byte(json, '"');
    return after;
}

/* Steps over a call's arguments, of which the bracket is at `at`. */
static const char *skip_call(const char *at, const char *end) {
    for (int depth = 0; at < end; at++) {
        depth += (*at == '(') - (*at == ')');
        if (!depth)
            return at + 1;
    }
    return end;
}

static const char *put_word(const char *at, const char *end, struct text *json) {
    static const char *const words[][2] = {{"None", "null"}, {"True", "true"}, {"False", "false"}};
    const char *start = at;
    while (at < end && is_word(*at))
        at++;
    size_t length = (size_t)(at - start);
    if (at < end && *at == '(') {
        text_append_string(json, "null");
        return skip_call(at, end);
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i][0]) == length && memcmp(words[i][0], start, length) == 0) {
            text_append_string(json, words[i][1]);
            return at;
        }
    text_append(json, start, length);
    return length ? at : NULL;
}

enum log_python log_python_to_json(const char *at, const char *end, struct text *json, const char **stop) {
    int depth = 0;
    while (at && at < end) {
        if (opening_quote(at, end)) {
            at = put_string(at, end, json);
        } else if (is_space(*at)) {
            at++;
        } else if (strchr("{}[]:,", *at)) {
            depth += (*at == '{' || *at == '[') - (*at == '}' || *at == ']');
            text_append_byte(json, *at++);
            if (!depth) {
                *stop = at;
                return PYTHON_WHOLE;
            }
        } else {
            at = put_word(at, end, json);
        }
    }
    return at ? PYTHON_OPEN : PYTHON_NONE;
}
