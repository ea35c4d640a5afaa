#include "util/diagnostics.h"

#include "util/text.h"
#include "util/utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The one piece of state that is the process's own: set once, first thing in main. */
static const char *program_name = "power-tune";

void diagnostics_program(const char *name) {
    program_name = name;
}

/* C0 and C1 controls and DEL drive terminals; U+202A..U+202E and U+2066..U+2069 reorder what is shown. */
static bool acts_on_terminals(unsigned long code_point) {
    return code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0) ||
           (code_point >= 0x202a && code_point <= 0x202e) || (code_point >= 0x2066 && code_point <= 0x2069);
}

void text_append_safe(struct text *text, const char *bytes, unsigned long length) {
    size_t position = 0;
    while (position < length) {
        unsigned long code_point = 0;
        size_t used = utf8_decode(bytes + position, length - position, &code_point);
        if (used && !acts_on_terminals(code_point)) {
            text_append(text, bytes + position, used);
            position += used;
            continue;
        }
        for (size_t end = position + (used ? used : 1); position < end; position++)
            text_append_format(text, "\\x%02x", (unsigned char)bytes[position]);
    }
}

static void write_whole(const char *bytes, size_t length) {
    while (length) {
        ssize_t written = write(STDERR_FILENO, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return;
        bytes += written;
        length -= (size_t)written;
    }
}

static void report(const char *severity, const char *format, va_list arguments) {
    int saved_errno = errno;
    char message[4096];
    int needed = vsnprintf(message, sizeof message, format, arguments);
    size_t length = needed < 0 ? 0 : (size_t)needed;
    bool cut = length >= sizeof message;
    if (cut)
        length = sizeof message - 1;
    struct text line = TEXT_INIT;
    text_append_format(&line, "%s: %s", program_name, severity);
    text_append_safe(&line, message, length);
    text_append_string(&line, cut ? "...\n" : "\n");
    write_whole(line.bytes, line.length);
    text_release(&line);
    errno = saved_errno;
}

void report_error(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    report("", format, arguments);
    va_end(arguments);
}

void report_warning(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    report("warning: ", format, arguments);
    va_end(arguments);
}

void report_notice(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    report("", format, arguments);
    va_end(arguments);
}
