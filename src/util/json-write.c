#include "util/json.h"

#include "util/memory.h"
#include "util/utf8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

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

void json_put_member(struct text *out, struct span name, struct span value) {
    json_separate(out);
    text_append(out, name.start, name.length);
    text_append_byte(out, ':');
    text_append(out, value.start, value.length);
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

/* ---- sorted ---- */

enum { MAX_SORTED_DEPTH = 64 };

struct member {
    struct text name;
    struct span value;
};

static int compare_members(const void *left, const void *right) {
    const struct member *a = left, *b = right;
    size_t shorter = a->name.length < b->name.length ? a->name.length : b->name.length;
    int order = memcmp(text_string(&a->name), text_string(&b->name), shorter);
    if (!order && a->name.length != b->name.length)
        return a->name.length < b->name.length ? -1 : 1;
    return order ? order : a->value.start < b->value.start ? -1 : 1;
}

static bool append_content(struct text *out, const struct text *content) {
    json_append_string(out, (struct span){text_string(content), content->length});
    return !memchr(text_string(content), '\0', content->length);
}

static bool append_sorted(struct text *out, struct span value, int depth);

static bool append_members(struct text *out, struct span object, int depth) {
    struct member *members = NULL;
    size_t count = 0, capacity = 0;
    struct json_cursor cursor = json_cursor(object);
    struct span name, value;
    bool exact = true;
    while (json_next_member(&cursor, &name, &value)) {
        members = memory_reserve(members, &capacity, count + 1, sizeof *members);
        members[count] = (struct member){TEXT_INIT, value};
        exact &= json_decode_string(name, &members[count++].name);
    }
    if (count)
        qsort(members, count, sizeof *members, compare_members);
    for (size_t i = 0; i < count; i++) {
        const struct text *own = &members[i].name, *next = &members[i + 1 < count ? i + 1 : i].name;
        if (own == next || own->length != next->length ||
            memcmp(text_string(own), text_string(next), own->length) != 0) {
            json_separate(out);
            exact &= append_content(out, own);
            text_append_byte(out, ':');
            exact &= append_sorted(out, members[i].value, depth + 1);
        }
    }
    for (size_t i = 0; i < count; i++)
        text_release(&members[i].name);
    free(members);
    return exact;
}

static bool append_sorted(struct text *out, struct span value, int depth) {
    enum json_type type = json_type(value);
    struct text content = TEXT_INIT;
    struct span element;
    bool exact = true;
    if (type == JSON_STRING) {
        exact = json_decode_string(value, &content);
        exact &= append_content(out, &content);
        text_release(&content);
    } else if (type == JSON_OBJECT && depth < MAX_SORTED_DEPTH) {
        text_append_byte(out, '{');
        exact = append_members(out, value, depth);
        text_append_byte(out, '}');
    } else if (type == JSON_ARRAY && depth < MAX_SORTED_DEPTH) {
        text_append_byte(out, '[');
        for (struct json_cursor cursor = json_cursor(value); json_next_element(&cursor, &element);) {
            json_separate(out);
            exact &= append_sorted(out, element, depth + 1);
        }
        text_append_byte(out, ']');
    } else {
        text_append(out, value.start, value.length);
    }
    return exact;
}

bool json_append_sorted(struct text *out, struct span value) {
    return append_sorted(out, value, 0);
}
