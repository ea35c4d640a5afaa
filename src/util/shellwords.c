#include "util/shellwords.h"

#include "util/memory.h"

#include <stdlib.h>
#include <string.h>

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* Appends the text in quotes that begins at `at`, the opening quote. Returns the byte after the closing
 * quote, or NULL when there is none. */
static const char *append_quoted(const char *at, struct text *word) {
    char quote = *at++;
    while (*at && *at != quote) {
        if (quote == '"' && *at == '\\' && (at[1] == '"' || at[1] == '\\'))
            at++;
        text_append_byte(word, *at++);
    }
    return *at ? at + 1 : NULL;
}

/* Appends one word. Returns the byte after it, or NULL when a quote is not closed or a backslash ends the
 * line. */
static const char *append_word(const char *at, struct text *word) {
    while (at && *at && !is_blank(*at)) {
        if (*at == '\'' || *at == '"') {
            at = append_quoted(at, word);
        } else if (*at == '\\' && !at[1]) {
            at = NULL;
        } else {
            at += *at == '\\';
            text_append_byte(word, *at++);
        }
    }
    return at;
}

bool words_split(const char *line, struct words *words) {
    size_t capacity = 0;
    *words = (struct words){NULL, 0};
    while (line) {
        words->words = memory_reserve(words->words, &capacity, words->count + 1, sizeof *words->words);
        words->words[words->count] = NULL;
        line += strspn(line, " \t\r\n");
        if (!*line)
            return true;
        struct text word = TEXT_INIT;
        line = append_word(line, &word);
        if (line)
            words->words[words->count++] = memory_copy(text_string(&word), word.length);
        text_release(&word);
    }
    words_release(words);
    return false;
}

void words_add(struct words *words, const char *word) {
    words->words = memory_resize(words->words, words->count + 2, sizeof *words->words);
    words->words[words->count++] = memory_copy_string(word);
    words->words[words->count] = NULL;
}

static bool is_plain(const char *word) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
    return *word && strspn(word, plain) == strlen(word);
}

static void append_word_quoted(const char *word, struct text *line) {
    if (is_plain(word)) {
        text_append_string(line, word);
        return;
    }
    text_append_byte(line, '\'');
    for (; *word; word++) {
        if (*word == '\'')
            text_append_string(line, "'\\''");
        else
            text_append_byte(line, *word);
    }
    text_append_byte(line, '\'');
}

void words_append(const struct words *words, struct text *line) {
    for (size_t i = 0; i < words->count; i++) {
        if (i)
            text_append_byte(line, ' ');
        append_word_quoted(words->words[i], line);
    }
}

void words_release(struct words *words) {
    for (size_t i = 0; i < words->count; i++)
        free(words->words[i]);
    free(words->words);
    *words = (struct words){NULL, 0};
}
