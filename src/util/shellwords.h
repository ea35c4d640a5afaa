/* Command lines split into words as a POSIX shell does, without expansions (like Python's shlex.split, with
 * which the aws command reads such lines), and joined again. */
#ifndef UTIL_SHELLWORDS_H
#define UTIL_SHELLWORDS_H

#include "util/span.h"
#include "util/text.h"

struct words {
    char **words; /* NULL-terminated, for execvp; owned */
    size_t count;
};

/* Splits `line` at blanks outside quotes. False when a quote is not closed or a backslash ends the line;
 * `words` is then empty. */
bool words_split(const char *line, struct words *words);

/* Adds a copy of `word`. */
void words_add(struct words *words, const char *word);

/* Appends the words with blanks between them, quoted where a shell would not take them literally. */
void words_append(const struct words *words, struct text *line);

void words_release(struct words *words);

#endif
