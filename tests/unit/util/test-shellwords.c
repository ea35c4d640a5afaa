/* util/shellwords: joining and splitting words. */
#include "unit/unit.h"
#include "util/shellwords.h"

int main(void) {
    static const char *const given[] = {"power-tune", "--local", "a b", "it's",         "",
                                        "$HOME",      "x\ny",    "'",   "--profile=a;b"};
    enum { COUNT = sizeof given / sizeof *given };
    struct words words = {NULL, 0}, split;
    struct text line = TEXT_INIT;
    for (size_t i = 0; i < COUNT; i++)
        words_add(&words, given[i]);
    words_append(&words, &line);
    TEST("only words with a special meaning for a shell are quoted") {
        CHECK_TEXT(text_string(&line),
                   "power-tune --local 'a b' 'it'\\''s' '' '$HOME' 'x\ny' ''\\''' '--profile=a;b'");
    }
    TEST("joined words are split into the same words") {
        CHECK(words_split(line.bytes, &split) && split.count == COUNT);
        for (size_t i = 0; i < COUNT && i < split.count; i++)
            CHECK_TEXT(split.words[i], given[i]);
        words_release(&split);
    }
    words_release(&words);
    text_release(&line);
    return unit_end();
}
