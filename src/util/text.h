/* A growable run of bytes.
 *
 * Invariants: `bytes` is NULL only when nothing was ever appended; otherwise bytes[length] is a NUL that is
 * not counted, so a text without NULs inside can be used as a C string. The struct owns `bytes`; text_release
 * gives it back. Out of memory ends the program (util/memory.h). */
#ifndef UTIL_TEXT_H
#define UTIL_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct text {
    char *bytes;
    size_t length;
    size_t capacity;
};

#define TEXT_INIT                                                                                            \
    { NULL, 0, 0 }

/* Appends `length` bytes; `bytes` may hold anything but must not lie inside `text`. */
void text_append(struct text *text, const char *bytes, size_t length);

/* Appends a NUL-terminated string. */
void text_append_string(struct text *text, const char *string);

/* Appends one byte. */
void text_append_byte(struct text *text, char byte);

/* Appends as printf formats. */
void text_append_format(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Appends `bytes` made safe for a terminal: each byte of a control character, of a character that reorders text
 * and of broken UTF-8 becomes \xHH. */
void text_append_safe(struct text *text, const char *bytes, size_t length);

/* Makes room for `more` further bytes and returns where they may be written; text_extended then counts those
 * that were written. */
char *text_extend(struct text *text, size_t more);
void text_extended(struct text *text, size_t written);

/* Empties the text, keeping its memory for the next use. */
void text_clear(struct text *text);

/* The text as a C string: "" when nothing was appended. Valid until the text changes. */
const char *text_string(const struct text *text);

/* True when the string has a control character, such as a line break, which must be in no header field. NULL
 * has none. */
bool has_control(const char *string);

/* Frees the memory and leaves an empty text. */
void text_release(struct text *text);

#endif
