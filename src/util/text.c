#include "util/text.h"

#include "util/memory.h"
#include "util/utf8.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *text_extend(struct text *text, size_t more) {
    if (more > (size_t)-1 - text->length - 1)
        more = (size_t)-1 - text->length - 1;
    text->bytes = memory_reserve(text->bytes, &text->capacity, text->length + more + 1, 1);
    text->bytes[text->length] = '\0';
    return text->bytes + text->length;
}

void text_extended(struct text *text, size_t written) {
    text->length += written;
    text->bytes[text->length] = '\0';
}

void text_append(struct text *text, const char *bytes, size_t length) {
    char *end = text_extend(text, length);
    if (length)
        memcpy(end, bytes, length);
    text_extended(text, length);
}

void text_append_string(struct text *text, const char *string) {
    text_append(text, string, strlen(string));
}

void text_append_byte(struct text *text, char byte) {
    *text_extend(text, 1) = byte;
    text_extended(text, 1);
}

void text_append_format(struct text *text, const char *format, ...) {
    enum { COMMON = 120 }; /* lets most texts be formatted once, without measuring first */
    va_list arguments;
    char *end = text_extend(text, COMMON);
    va_start(arguments, format);
    int needed = vsnprintf(end, COMMON + 1, format, arguments);
    va_end(arguments);
    if (needed > COMMON) {
        end = text_extend(text, (size_t)needed);
        va_start(arguments, format);
        vsnprintf(end, (size_t)needed + 1, format, arguments);
        va_end(arguments);
    }
    text_extended(text, needed > 0 ? (size_t)needed : 0);
}

void text_append_safe(struct text *text, const char *bytes, size_t length) {
    for (size_t position = 0; position < length;) {
        size_t used = utf8_printable(bytes + position, length - position);
        if (used)
            text_append(text, bytes + position, used);
        else
            text_append_format(text, "\\x%02x", (unsigned char)bytes[position]);
        position += used ? used : 1;
    }
}

void text_clear(struct text *text) {
    text->length = 0;
    if (text->bytes)
        text->bytes[0] = '\0';
}

const char *text_string(const struct text *text) {
    return text->bytes ? text->bytes : "";
}

bool has_control(const char *string) {
    for (; string && *string; string++)
        if (iscntrl((unsigned char)*string))
            return true;
    return false;
}

void text_release(struct text *text) {
    free(text->bytes);
    *text = (struct text)TEXT_INIT;
}
