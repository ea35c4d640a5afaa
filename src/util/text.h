/* A growable string of bytes.
 *
 * Invariants: `bytes` is NULL only when nothing was ever appended; otherwise bytes[length] is a NUL that is
 * not counted, so that a text without NULs inside can be used as a C string. The struct owns `bytes`; free it
 * with text_release. When memory runs out the program ends (util/memory.h). */
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

/* Appends `length` bytes of any kind. `bytes` must not point into `text`. */
void text_append(struct text *text, const char *bytes, size_t length);

/* Appends a NUL-terminated string. */
void text_append_string(struct text *text, const char *string);

/* Appends one byte. */
void text_append_byte(struct text *text, char byte);

/* Appends text formatted as printf does. */
void text_append_format(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Appends `bytes` made safe for a terminal: each byte of a control character, of a character that reorders
 * text, and of invalid UTF-8 becomes \xHH. */
void text_append_safe(struct text *text, const char *bytes, size_t length);

/* text_extend makes room for `more` bytes and returns where to write them; text_extended then adds `written`
 * of them to the length. */
char *text_extend(struct text *text, size_t more);
void text_extended(struct text *text, size_t written);

/* Empties the text, but keeps its memory for the next use. */
void text_clear(struct text *text);

/* The text as a C string; "" when nothing was appended. Valid until the text changes. */
const char *text_string(const struct text *text);

/* True when the string contains a control character, such as a line break, which must not get into a header
 * field. False for NULL. */
bool has_control(const char *string);

/* Frees the memory; the text is then empty and can be used again. */
void text_release(struct text *text);

#endif
