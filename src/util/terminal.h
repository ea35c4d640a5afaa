/* The terminal that a person sits at, whatever standard input and output are. */
#ifndef UTIL_TERMINAL_H
#define UTIL_TERMINAL_H

#include "util/text.h"

#include <stdbool.h>

/* Shows `prompt` on the terminal, reads a line without showing it, and makes it, without its newline, the
 * content of `answer`. False
 * when the process has no terminal, or nothing was entered. */
bool terminal_ask(const char *prompt, struct text *answer);

#endif
