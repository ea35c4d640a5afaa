/* A command line taken apart into words as a POSIX shell would, without expansions: quotes, backslashes,
 * blanks. (Python's shlex.split, which is what the aws command reads such lines with.) */
#ifndef UTIL_SHELLWORDS_H
#define UTIL_SHELLWORDS_H

#include <stdbool.h>
#include <stddef.h>

struct words {
    char **words; /* NULL-terminated, for execvp; owned */
    size_t count;
};

/* False when a quote is not closed or a backslash ends the line; `words` then holds nothing. */
bool words_split(const char *line, struct words *words);

void words_release(struct words *words);

#endif
