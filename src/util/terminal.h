/* The terminal that a person sits at, whatever standard input and output are. */
#ifndef UTIL_TERMINAL_H
#define UTIL_TERMINAL_H

#include "util/text.h"

#include <stdbool.h>

/* True when the locale of the environment (LC_ALL, LC_CTYPE, LANG) is one of UTF-8. */
bool terminal_is_utf8(void);

/* The columns that lines on `fd` have: COLUMNS, else those of the terminal; 0 when there is neither. */
size_t terminal_columns(int fd);

/* True when colours may be written to `fd`: it is a terminal, not a dumb one, and NO_COLOR is not set
 * (https://no-color.org). */
bool terminal_has_colour(int fd);

/* Shows `prompt` on the terminal, reads a line without showing it, and makes it, without its newline, the
 * content of `response`. False
 * when the process has no terminal, or nothing was entered. */
bool terminal_ask(const char *prompt, struct text *response);

#endif
