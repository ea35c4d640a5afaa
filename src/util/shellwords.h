/* Command lines: taken apart into words as a POSIX shell would, without expansions: quotes, backslashes,
 * blanks (Python's shlex.split, which is what the aws command reads such lines with); and put together again.
 */
#ifndef UTIL_SHELLWORDS_H
#define UTIL_SHELLWORDS_H

#include "util/span.h"
#include "util/text.h"

struct words {
    char **words; /* NULL-terminated, for execvp; owned */
    size_t count;
};

/* False when a quote is not closed or a backslash ends the line; `words` then holds nothing. */
bool words_split(const char *line, struct words *words);

/* Adds a copy of the string. */
void words_add(struct words *words, const char *word);

/* Appends the words with blanks between them, each quoted where a shell would take it for more than itself.
 */
void words_append(const struct words *words, struct text *line);

void words_release(struct words *words);

#endif
