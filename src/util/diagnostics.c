#include "util/diagnostics.h"

#include "util/utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MAX_PREFIX = 128, MAX_MESSAGE = 4096, ESCAPED = 4 /* bytes of \xHH */ };

/* Global: main sets it once, before anything else. */
static const char *program_name = "power-tune";

void diagnostics_program(const char *name) {
    program_name = name;
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

/* Copies `message` to `out`, which must have room for four bytes per byte; returns where the copy ends. */
static char *append_safe(char *out, const char *message, size_t length) {
    size_t position = 0;
    while (position < length) {
        size_t used = utf8_printable(message + position, length - position);
        if (used)
            memcpy(out, message + position, used);
        else
            snprintf(out, ESCAPED + 1, "\\x%02x", (unsigned char)message[position]);
        out += used ? used : ESCAPED;
        position += used ? used : 1;
    }
    return out;
}

/* The buffers are on the stack, so that "out of memory" can be reported too. */
static void report(const char *severity, const char *format, va_list arguments) {
    int saved_errno = errno;
    char message[MAX_MESSAGE], line[MAX_PREFIX + ESCAPED * MAX_MESSAGE + sizeof "...\n"];
    int needed = vsnprintf(message, sizeof message, format, arguments);
    size_t length = needed < 0 ? 0 : (size_t)needed;
    bool cut = length >= sizeof message;
    if (cut)
        length = sizeof message - 1;
    snprintf(line, MAX_PREFIX, "%s: %s", program_name, severity);
    char *end = append_safe(line + strlen(line), message, length);
    const char *last = cut ? "...\n" : "\n";
    memcpy(end, last, strlen(last));
    write_whole(line, (size_t)(end - line) + strlen(last));
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
