#include "util/words.h"

#include <string.h>
#include <strings.h>

int word_index(const char *word, const char *const *words, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, words[i]) == 0)
            return (int)i;
    return -1;
}

int choice_index(const char *word, const char *choices) {
    size_t wanted = strlen(word);
    for (int index = 0;; index++) {
        size_t length = strcspn(choices, "|");
        if (length == wanted && strncmp(choices, word, length) == 0)
            return index;
        if (!choices[length])
            return -1;
        choices += length + 1;
    }
}

void choices_append(struct text *text, const char *choices) {
    for (bool first = true; *choices; first = false) {
        size_t length = strcspn(choices, "|");
        if (!first)
            text_append_string(text, choices[length] ? ", " : " or ");
        text_append(text, choices, length);
        choices += length + (choices[length] == '|');
    }
}

struct span choice_word(const char *choices, int index) {
    for (; index > 0; index--)
        choices += strcspn(choices, "|") + 1;
    return (struct span){choices, strcspn(choices, "|")};
}

size_t word_distance(const char *a, const char *b, size_t max) {
    enum { MAX_LENGTH = 32 };
    size_t a_length = strlen(a), b_length = strlen(b);
    size_t row[MAX_LENGTH + 1];
    if (a_length > MAX_LENGTH || b_length > MAX_LENGTH || a_length > b_length + max ||
        b_length > a_length + max)
        return max + 1;
    for (size_t j = 0; j <= b_length; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t above = row[j];
            size_t best = diagonal + (strncasecmp(a + i - 1, b + j - 1, 1) != 0);
            if (above + 1 < best)
                best = above + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
            diagonal = above;
        }
    }
    return row[b_length] <= max ? row[b_length] : max + 1;
}
