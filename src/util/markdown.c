#include "util/markdown.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* Whether the word at `at` could be the hash of a commit. */
static bool is_hash(const char *at, size_t length) {
    enum { MIN_HASH = 7 };
    size_t digits = strspn(at, "0123456789"), all = strspn(at, "0123456789abcdefABCDEF");
    return length >= MIN_HASH && all == length && digits < length;
}

static bool is_plain_word(const char *at, size_t length) {
    bool issue = strncasecmp(at, "GH-", 3) == 0 && isdigit((unsigned char)at[3]);
    return !issue && strncasecmp(at, "www.", 4) != 0 && !is_hash(at, length);
}

/* Whether the byte at `at`, which is not part of a word, has no special meaning in Markdown. */
static bool is_plain_mark(const char *at) {
    switch (*at) {
    case ':': /* not a URL or an emoji */
    case '%': /* not a milestone */
        return !at[1] || strchr(" ,;)", at[1]);
    case '<': /* not a tag */
        return at[1] == '-';
    default:
        return (unsigned char)*at >= 0x80 || strchr(" .,;?'\"()+=/-", *at);
    }
}

static bool is_plain(const char *words) {
    if (*words == '/') /* not a command to a bot */
        return false;
    while (*words) {
        size_t length = 0;
        while (isalnum((unsigned char)words[length]))
            length++;
        if (length ? !is_plain_word(words, length) : !is_plain_mark(words))
            return false;
        words += length ? length : 1;
    }
    return true;
}

/* The length of the longest run of backticks. */
static size_t longest_run(const char *words) {
    size_t longest = 0, run = 0;
    for (; *words; words++) {
        run = *words == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

void text_append_markdown(struct text *text, const char *words) {
    if (is_plain(words)) {
        text_append_string(text, words);
        return;
    }
    size_t fence = longest_run(words) + 1, length = strlen(words);
    bool padded =
        words[0] == '`' || words[length - 1] == '`' || (words[0] == ' ' && words[length - 1] == ' ');
    for (size_t i = 0; i < fence; i++)
        text_append_byte(text, '`');
    text_append_string(text, padded ? " " : "");
    for (; *words; words++) {
        if (*words == '|') /* a bar ends the cell, even inside a code span */
            text_append_byte(text, '\\');
        text_append_byte(text, *words);
    }
    text_append_string(text, padded ? " " : "");
    for (size_t i = 0; i < fence; i++)
        text_append_byte(text, '`');
}
