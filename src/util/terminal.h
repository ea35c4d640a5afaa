/* The user's terminal. */
#ifndef UTIL_TERMINAL_H
#define UTIL_TERMINAL_H

#include "util/text.h"

#include <stdbool.h>

/* True when the locale of the environment (LC_ALL, LC_CTYPE, LANG) uses UTF-8. */
bool terminal_is_utf8(void);

/* The width of lines on `fd`, in columns: COLUMNS when it is set, otherwise the terminal's width; 0 when
 * unknown. */
size_t terminal_columns(int fd);

/* True when colours may be written to `fd`: it is a terminal, TERM is not "dumb", and NO_COLOR is not set
 * (https://no-color.org). */
bool terminal_has_colour(int fd);

/* Shows `prompt` on the terminal (also when standard input and output are redirected), reads a line without
 * echo, and stores it in `response` without its newline. False when the process has no terminal, or nothing
 * was entered. */
bool terminal_ask(const char *prompt, struct text *response);

#endif
