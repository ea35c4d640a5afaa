/* Looking up a word in a list, and words that are nearly the same. */
#ifndef UTIL_WORDS_H
#define UTIL_WORDS_H

#include "util/span.h"
#include "util/text.h"

#include <stddef.h>

/* The index of `word` among `count` `words`; -1 when it is not among them. */
int word_index(const char *word, const char *const *words, size_t count);

/* The same for an array of words. */
#define WORD_INDEX(word, words) word_index(word, words, sizeof(words) / sizeof *(words))

/* The same for choices as --help shows them: "cost|speed|balanced". */
int choice_index(const char *word, const char *choices);

/* The choice at `index`. */
struct span choice_word(const char *choices, int index);

/* Appends the choices for a sentence: "cost, speed or balanced". */
void choices_append(struct text *text, const char *choices);

/* The edit distance of two words (Levenshtein: insertions, deletions and replacements), ignoring case;
 * `max` + 1 when it is larger than that or a word is longer than 32 bytes. */
size_t word_distance(const char *a, const char *b, size_t max);

#endif
