#include "util/json.h"
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
